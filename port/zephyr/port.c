/* SPDX-License-Identifier: Apache-2.0 */
/* The port for Zephyr: locks, a thread's pointers and random. Clock, device and log are the device's, in a
 * file of yours (port/GUIDE.md). prj.conf: CONFIG_THREAD_CUSTOM_DATA=y, CONFIG_THREAD_LOCAL_STORAGE=y and a
 * cryptographic source (CONFIG_CSPRNG_ENABLED, which a driver of entropy brings). The thread's custom data is
 * the token's: nothing else of the firmware may use it. */
#include <zephyr/kernel.h>
#include <zephyr/random/random.h>

#include "port/port.h"

/* k_mutex inherits priority, and these are ready before main and every thread. */
static K_MUTEX_DEFINE(pools);
static K_MUTEX_DEFINE(tls);
static Z_THREAD_LOCAL void* task_arena;

int baresspi_port_random(void* out, size_t size) {
  return sys_csrand_get(out, size) == 0;
}

void baresspi_port_lock(void) {
  (void)k_mutex_lock(&pools, K_FOREVER);
}
void baresspi_port_unlock(void) {
  (void)k_mutex_unlock(&pools);
}

void baresspi_port_set_task_token(void* token) {
  k_thread_custom_data_set(token);
}
void* baresspi_port_task_token(void) {
  return k_thread_custom_data_get();
}

/* ---- For TLS alone. ---- */
void baresspi_port_tls_lock(void) {
  (void)k_mutex_lock(&tls, K_FOREVER);
}
void baresspi_port_tls_unlock(void) {
  (void)k_mutex_unlock(&tls);
}

void baresspi_port_set_task_arena(void* arena) {
  task_arena = arena;
}
void* baresspi_port_task_arena(void) {
  return task_arena;
}
