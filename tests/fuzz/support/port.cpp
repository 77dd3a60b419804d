// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/support/port.h"

#include <stdlib.h>

namespace fuzz::port {
namespace {

constexpr uint64_t kSeed = 0x9E3779B97F4A7C15u;

struct State {
  uint64_t clock = kResetTime;
  uint64_t sequence = kSeed;
  int lock_depth = 0;
  int tls_lock_depth = 0;
  void* token = nullptr;
  void* arena = nullptr;
  const BARESSPI_DEVICE* device = nullptr;
};

constinit State state;

}  // namespace

void Reset() {
  state = State();
}
void SetClock(uint64_t filetime) {
  state.clock = filetime;
}
void SeedRandom(uint64_t seed) {
  state.sequence = kSeed ^ (seed << 1);  // which is odd, and so never 0
}
void SetDevice(const BARESSPI_DEVICE* device) {
  state.device = device;
}
bool IsAtRest() {
  return state.lock_depth == 0 && state.tls_lock_depth == 0 && state.arena == nullptr;
}

}  // namespace fuzz::port

using fuzz::port::state;

extern "C" {

int baresspi_port_clock(uint64_t* filetime) {
  if (state.clock == 0) return 0;
  *filetime = state.clock;
  return 1;
}

// A xorshift generator ("Xorshift RNGs", G. Marsaglia, 2003; shifts 13, 7, 17): no secret, only never all
// alike.
int baresspi_port_random(void* out, size_t size) {
  if (size > 64) abort();  // more than the contract lets the library ask for
  auto* octets = static_cast<uint8_t*>(out);
  for (size_t i = 0; i < size; ++i) {
    state.sequence ^= state.sequence << 13;
    state.sequence ^= state.sequence >> 7;
    state.sequence ^= state.sequence << 17;
    octets[i] = static_cast<uint8_t>(state.sequence >> 32);
  }
  return 1;
}

void baresspi_port_lock(void) {
  if (state.lock_depth++ != 0) abort();  // a real lock would wait for ever
}
void baresspi_port_unlock(void) {
  if (state.lock_depth-- != 1) abort();
}
void baresspi_port_tls_lock(void) {
  if (state.tls_lock_depth++ != 0 || state.lock_depth != 0) abort();
}
void baresspi_port_tls_unlock(void) {
  if (state.tls_lock_depth-- != 1) abort();
}

void baresspi_port_set_task_arena(void* arena) {
  state.arena = arena;
}
void* baresspi_port_task_arena(void) {
  return state.arena;
}
void baresspi_port_set_task_token(void* token) {
  state.token = token;
}
void* baresspi_port_task_token(void) {
  return state.token;
}
const BARESSPI_DEVICE* baresspi_port_device(void) {
  return state.device;
}
void baresspi_port_log(baresspi_event, uint32_t) {
  if (state.lock_depth != 0) abort();  // the contract: called without the lock
}

}  // extern "C"
