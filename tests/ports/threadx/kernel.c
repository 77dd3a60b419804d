/* SPDX-License-Identifier: Apache-2.0 */
/* As much of ThreadX as its port asks for: a thread is one of the host. */
#include "tests/ports/mutex.h"
#include "tx_api.h"

static _Thread_local TX_THREAD thread; /* zero at its start, as tx_thread_create makes it */

UINT tx_mutex_create(TX_MUTEX* mutex, CHAR* name, UINT inherit) {
  tests_assert(name != 0 && inherit == TX_INHERIT, "a mutex that inherits priority");
  tests_mutex_create(mutex, sizeof *mutex);
  return TX_SUCCESS;
}

UINT tx_mutex_get(TX_MUTEX* mutex, ULONG ticks) {
  tests_assert(ticks == TX_WAIT_FOREVER, "a lock must not time out");
  tests_mutex_lock(mutex);
  return TX_SUCCESS;
}

UINT tx_mutex_put(TX_MUTEX* mutex) {
  tests_mutex_unlock(mutex);
  return TX_SUCCESS;
}

TX_THREAD* tx_thread_identify(void) {
  return &thread;
}
