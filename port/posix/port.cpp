// SPDX-License-Identifier: Apache-2.0
// The port for POSIX systems with threads: Linux, the BSDs, macOS, NuttX, QNX.
// The log goes to standard error when the environment has BARESSPI_LOG.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

#include "port/port.h"
#include "port/posix/posix.h"

namespace {

constinit const BARESSPI_DEVICE* the_device = nullptr;
constinit thread_local void* task_token = nullptr;
constinit thread_local void* task_arena = nullptr;
pthread_mutex_t the_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t tls_lock = PTHREAD_MUTEX_INITIALIZER;

// A clock that shows an earlier time was never set: 2020-01-01T00:00:00Z.
constexpr time_t kEarliestPlausible = 1577836800;
constexpr uint64_t kSecondsFrom1601To1970 = 11644473600;
constexpr uint64_t kUnitsPerSecond = 10000000;

const char* EventName(baresspi_event event) {
  switch (event) {
    case BARESSPI_EVENT_CLOCK_SKEW:
      return "clock skew, minutes";
    case BARESSPI_EVENT_LOGON:
      return "logon, user id";
    case BARESSPI_EVENT_LOGON_DENIED:
      return "logon denied, status";
    case BARESSPI_EVENT_PEER_REFUSED:
      return "peer refused, status";
  }
  return "unknown event";
}

}  // namespace

void baresspi_posix_set_device(const BARESSPI_DEVICE* device) {
  the_device = device;
}

int baresspi_port_clock(uint64_t* filetime) {
  timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < kEarliestPlausible) return 0;
  *filetime = (kSecondsFrom1601To1970 + static_cast<uint64_t>(now.tv_sec)) * kUnitsPerSecond +
              static_cast<uint64_t>(now.tv_nsec) / 100;
  return 1;
}

int baresspi_port_random(void* out, size_t size) {
  return getentropy(out, size) == 0;
}

// The only errors of a plain mutex are a task's second lock and a foreign unlock: BareSSPI does neither.
void baresspi_port_lock(void) {
  (void)pthread_mutex_lock(&the_lock);
}
void baresspi_port_unlock(void) {
  (void)pthread_mutex_unlock(&the_lock);
}

void baresspi_port_set_task_token(void* token) {
  task_token = token;
}
void* baresspi_port_task_token(void) {
  return task_token;
}

void baresspi_port_tls_lock(void) {
  (void)pthread_mutex_lock(&tls_lock);
}
void baresspi_port_tls_unlock(void) {
  (void)pthread_mutex_unlock(&tls_lock);
}

void baresspi_port_set_task_arena(void* arena) {
  task_arena = arena;
}
void* baresspi_port_task_arena(void) {
  return task_arena;
}

const BARESSPI_DEVICE* baresspi_port_device(void) {
  return the_device;
}

void baresspi_port_log(baresspi_event event, uint32_t detail) {
  if (getenv("BARESSPI_LOG") == nullptr) return;
  (void)fprintf(stderr, "baresspi: %s 0x%08lx\n", EventName(event), static_cast<unsigned long>(detail));
}
