/* SPDX-License-Identifier: Apache-2.0 */
/* As much of Zephyr as its port asks for: a thread is one of the host. */
#include <pthread.h>
#include <unistd.h>
#include <zephyr/kernel.h>
#include <zephyr/random/random.h>

#include "tests/ports/mutex.h"

static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;
static struct k_mutex* made[4];
static _Thread_local void* custom_data;

static void make_once(struct k_mutex* mutex) {
  size_t i = 0;
  pthread_mutex_lock(&making);
  while (made[i] != NULL && made[i] != mutex) ++i;
  tests_assert(i + 1 < sizeof made / sizeof made[0], "so many mutexes");
  if (made[i] == NULL) tests_mutex_create(made[i] = mutex, sizeof *mutex);
  pthread_mutex_unlock(&making);
}

int k_mutex_lock(struct k_mutex* mutex, k_timeout_t timeout) {
  tests_assert(timeout.ticks == -1, "a lock must not time out");
  make_once(mutex);
  tests_mutex_lock(mutex);
  return 0;
}

int k_mutex_unlock(struct k_mutex* mutex) {
  tests_mutex_unlock(mutex);
  return 0;
}

void k_thread_custom_data_set(void* value) {
  custom_data = value;
}

void* k_thread_custom_data_get(void) {
  return custom_data;
}

int sys_csrand_get(void* to, size_t size) {
  return getentropy(to, size);
}
