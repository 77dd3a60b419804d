/* SPDX-License-Identifier: Apache-2.0 */
/* What port/zephyr uses of Zephyr's kernel, declared as its documentation has it (3.5 and later). The tests'
 * kernel is kernel.c, made of pthreads: Zephyr itself was not there. */
#ifndef TESTS_PORTS_ZEPHYR_KERNEL_H
#define TESTS_PORTS_ZEPHYR_KERNEL_H

#include <stddef.h>
#include <stdint.h>

struct k_mutex {
  uint64_t room[10];
};
typedef struct {
  int64_t ticks;
} k_timeout_t;

/* There the linker gathers those that are defined so; here the first who locks one makes it. */
#define K_MUTEX_DEFINE(name) struct k_mutex name
#define K_FOREVER ((k_timeout_t){-1})
#ifdef __STDC_NO_THREADS__ /* the compiler for bare metal has them, its C library says that it has not */
#define Z_THREAD_LOCAL __thread
#else
#define Z_THREAD_LOCAL _Thread_local
#endif

int k_mutex_lock(struct k_mutex* mutex, k_timeout_t timeout);
int k_mutex_unlock(struct k_mutex* mutex);
void k_thread_custom_data_set(void* value);
void* k_thread_custom_data_get(void);

#endif
