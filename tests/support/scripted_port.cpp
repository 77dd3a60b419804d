// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_port.h"

#include <stdlib.h>

#include <deque>

namespace scripted_port {
namespace {

struct State {
  bool clock_known = true;
  uint64_t clock = kResetTime;
  std::deque<uint8_t> queued;
  uint64_t sequence = 0x9E3779B97F4A7C15u;
  bool random_may_fail = false;
  unsigned random_calls_left = 0;
  size_t random_handed_out = 0;
  int lock_depth = 0;
  unsigned locks_taken = 0;
  int tls_lock_depth = 0;
  void* token = nullptr;
  void* arena = nullptr;
  const BARESSPI_DEVICE* device = nullptr;
  std::vector<LogEntry> log;
};

State& Current() {
  static State state;
  return state;
}

// One octet of a xorshift generator ("Xorshift RNGs", G. Marsaglia, 2003; shifts 13, 7, 17): no secret, only
// never all alike.
uint8_t NextOfSequence(uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return static_cast<uint8_t>(state >> 32);
}

}  // namespace

void Reset() {
  Current() = State();
}

void SetClock(uint64_t filetime) {
  Current().clock_known = true;
  Current().clock = filetime;
}

void SetClockUnknown() {
  Current().clock_known = false;
}

void QueueRandom(const void* octets, size_t size) {
  const auto* bytes = static_cast<const uint8_t*>(octets);
  Current().queued.insert(Current().queued.end(), bytes, bytes + size);
}

void QueueRandom(std::initializer_list<uint8_t> octets) {
  QueueRandom(octets.begin(), octets.size());
}

void FailRandomAfter(unsigned calls) {
  Current().random_may_fail = true;
  Current().random_calls_left = calls;
}

void SetDevice(const BARESSPI_DEVICE* device) {
  Current().device = device;
}
size_t RandomHandedOut() {
  return Current().random_handed_out;
}
int LockDepth() {
  return Current().lock_depth;
}
unsigned LocksTaken() {
  return Current().locks_taken;
}
const std::vector<LogEntry>& Log() {
  return Current().log;
}

}  // namespace scripted_port

extern "C" {

using scripted_port::Current;

int baresspi_port_clock(uint64_t* filetime) {
  if (!Current().clock_known) return 0;
  *filetime = Current().clock;
  return 1;
}

int baresspi_port_random(void* out, size_t size) {
  scripted_port::State& state = Current();
  if (size > 64) abort();  // more than the contract lets the library ask for
  if (state.random_may_fail) {
    if (state.random_calls_left == 0) return 0;
    --state.random_calls_left;
  }
  auto* octets = static_cast<uint8_t*>(out);
  for (size_t i = 0; i < size; ++i) {
    if (state.queued.empty()) {
      octets[i] = scripted_port::NextOfSequence(state.sequence);
    } else {
      octets[i] = state.queued.front();
      state.queued.pop_front();
    }
  }
  state.random_handed_out += size;
  return 1;
}

void baresspi_port_lock(void) {
  scripted_port::State& state = Current();
  if (state.lock_depth != 0) abort();  // a real lock would wait for ever
  ++state.lock_depth;
  ++state.locks_taken;
}

void baresspi_port_unlock(void) {
  if (Current().lock_depth != 1) abort();
  --Current().lock_depth;
}

void baresspi_port_tls_lock(void) {
  scripted_port::State& state = Current();
  if (state.tls_lock_depth != 0 || state.lock_depth != 0) abort();  // real locks could wait for ever
  ++state.tls_lock_depth;
}

void baresspi_port_tls_unlock(void) {
  if (Current().tls_lock_depth != 1) abort();
  --Current().tls_lock_depth;
}

void baresspi_port_set_task_arena(void* arena) {
  Current().arena = arena;
}
void* baresspi_port_task_arena(void) {
  return Current().arena;
}

void baresspi_port_set_task_token(void* token) {
  Current().token = token;
}
void* baresspi_port_task_token(void) {
  return Current().token;
}
const BARESSPI_DEVICE* baresspi_port_device(void) {
  return Current().device;
}

void baresspi_port_log(baresspi_event event, uint32_t detail) {
  if (Current().lock_depth != 0) abort();  // the contract: called without the lock
  Current().log.push_back({event, detail});
}

}  // extern "C"
