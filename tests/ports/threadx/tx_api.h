/* SPDX-License-Identifier: Apache-2.0 */
/* What port/threadx uses of ThreadX, declared as its documentation has it (6.x), with the types of its ports
 * for 32-bit processors and for Linux. The tests' kernel is kernel.c, made of pthreads: ThreadX itself was
 * not there. */
#ifndef TESTS_PORTS_TX_API_H
#define TESTS_PORTS_TX_API_H

#include <stdint.h>

typedef void VOID;
typedef char CHAR;
typedef unsigned char UCHAR;
typedef int INT;
typedef unsigned int UINT;
#ifdef __LP64__
typedef int LONG;
typedef unsigned int ULONG;
#else
typedef long LONG;
typedef unsigned long ULONG;
#endif
typedef short SHORT;
typedef unsigned short USHORT;

#include "tx_user.h"

#define TX_SUCCESS ((UINT)0)
#define TX_INHERIT ((UINT)1)
#define TX_WAIT_FOREVER ((ULONG)0xffffffffUL)

typedef struct {
  uint64_t room[10];
} TX_MUTEX;
typedef struct {
  TX_THREAD_USER_EXTENSION
} TX_THREAD;

UINT tx_mutex_create(TX_MUTEX* mutex, CHAR* name, UINT inherit);
UINT tx_mutex_get(TX_MUTEX* mutex, ULONG ticks);
UINT tx_mutex_put(TX_MUTEX* mutex);
TX_THREAD* tx_thread_identify(void);

#endif
