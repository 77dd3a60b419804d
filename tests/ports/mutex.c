/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ports/mutex.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

void tests_assert(int holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "the kernel was asked for what it forbids: %s\n", what);
  abort();
}

void tests_mutex_create(void* room, size_t size) {
  pthread_mutexattr_t checked;
  tests_assert(room != NULL && size >= sizeof(pthread_mutex_t), "room for a mutex");
  pthread_mutexattr_init(&checked);
  pthread_mutexattr_settype(&checked, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(room, &checked);
  pthread_mutexattr_destroy(&checked);
}

void tests_mutex_lock(void* mutex) {
  tests_assert(pthread_mutex_lock(mutex) == 0, "a mutex is taken once by a task");
}

void tests_mutex_unlock(void* mutex) {
  tests_assert(pthread_mutex_unlock(mutex) == 0, "who took a mutex gives it back");
}
