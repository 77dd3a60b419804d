// SPDX-License-Identifier: Apache-2.0
// The port that is measured on: the same time and the same octets in every run, so that a run takes as many
// instructions as the one before it. Locks cost nothing, as on a device with a single task.
#include "port/port.h"

#include "tests/bench/port.h"

#include "port/posix/posix.h"
#include "port/semihosting/port.h"

namespace {

constexpr uint64_t kTime = 134117966450000000;  // 2026-01-02 03:04:05 UTC
constexpr uint64_t kSeed = 0x9E3779B97F4A7C15;

constinit uint64_t sequence = kSeed;
constinit void* task_arena = nullptr;
constinit void* task_token = nullptr;

}  // namespace

namespace bench {

void StartRandomAnew() {
  sequence = kSeed;
}

}  // namespace bench

int baresspi_port_clock(uint64_t* filetime) {
  *filetime = kTime;
  return 1;
}

// A xorshift generator ("Xorshift RNGs", G. Marsaglia, 2003; shifts 13, 7, 17): no secret, only never alike.
int baresspi_port_random(void* out, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    sequence ^= sequence << 13;
    sequence ^= sequence >> 7;
    sequence ^= sequence << 17;
    static_cast<uint8_t*>(out)[i] = static_cast<uint8_t>(sequence >> 32);
  }
  return 1;
}

void baresspi_port_lock(void) {}
void baresspi_port_unlock(void) {}
void baresspi_port_tls_lock(void) {}
void baresspi_port_tls_unlock(void) {}

void baresspi_port_set_task_arena(void* arena) {
  task_arena = arena;
}
void* baresspi_port_task_arena(void) {
  return task_arena;
}
void baresspi_port_set_task_token(void* token) {
  task_token = token;
}
void* baresspi_port_task_token(void) {
  return task_token;
}

const BARESSPI_DEVICE* baresspi_port_device(void) {
  return nullptr;
}
void baresspi_port_log(baresspi_event, uint32_t) {}

// What a board's console calls, which belongs to the ports in whose place this one is linked.
void baresspi_semihosting_set_device(const BARESSPI_DEVICE*) {}
void baresspi_posix_set_device(const BARESSPI_DEVICE*) {}
