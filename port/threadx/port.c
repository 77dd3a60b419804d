/* SPDX-License-Identifier: Apache-2.0 */
/* The port for ThreadX (Eclipse, Azure RTOS): locks and a thread's pointers. Clock, random, device and log
 * are the device's, in a file of yours (port/GUIDE.md). In tx_user.h, which TX_INCLUDE_USER_DEFINE_FILE has
 * read:
 *
 *   #define TX_THREAD_USER_EXTENSION VOID* baresspi_token; VOID* baresspi_arena;
 *
 * tx_thread_create sets both to zero. ThreadX has types named like Windows' (ULONG, LONG, USHORT, UCHAR);
 * they are BareSSPI's too where int32_t is a long (newlib) and in ThreadX's ports with 32-bit int for them.
 */
#include "port/port.h"
#include "port/threadx/threadx.h"
#include "tx_api.h"

static TX_MUTEX pools;
static TX_MUTEX tls;

int baresspi_threadx_begin(void) {
  return tx_mutex_create(&pools, (CHAR*)"baresspi", TX_INHERIT) == TX_SUCCESS &&
         tx_mutex_create(&tls, (CHAR*)"baresspi tls", TX_INHERIT) == TX_SUCCESS;
}

void baresspi_port_lock(void) {
  (void)tx_mutex_get(&pools, TX_WAIT_FOREVER);
}
void baresspi_port_unlock(void) {
  (void)tx_mutex_put(&pools);
}

void baresspi_port_set_task_token(void* token) {
  tx_thread_identify()->baresspi_token = token;
}
void* baresspi_port_task_token(void) {
  return tx_thread_identify()->baresspi_token;
}

/* ---- For TLS alone. ---- */
void baresspi_port_tls_lock(void) {
  (void)tx_mutex_get(&tls, TX_WAIT_FOREVER);
}
void baresspi_port_tls_unlock(void) {
  (void)tx_mutex_put(&tls);
}

void baresspi_port_set_task_arena(void* arena) {
  tx_thread_identify()->baresspi_arena = arena;
}
void* baresspi_port_task_arena(void) {
  return tx_thread_identify()->baresspi_arena;
}
