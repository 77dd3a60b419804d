// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_port.h"

#include <stdlib.h>

#include <deque>
#include <utility>

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
  unsigned calls[kFunctions] = {};
  Function fails = kFunctions;
  unsigned first_failure = 0;
  unsigned last_failure = 0;
  unsigned failed_calls = 0;
  Function hooked = kFunctions;
  unsigned hooked_call = 0;
  std::function<void()> hook;
  bool in_hook = false;
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

// Another task's turn: it has a pointer of its own wherever the port has one per task.
void RunHook(State& state) {
  const std::function<void()> hook = std::move(state.hook);
  void* const token = state.token;
  void* const arena = state.arena;
  state.token = state.arena = nullptr;
  state.in_hook = true;
  hook();
  state.in_hook = false;
  if (state.arena != nullptr) abort();  // outside of BareSSPI's calls a task has none
  state.token = token;
  state.arena = arena;
}

// Counts a call; false: it is to fail.
bool Counts(Function function) {
  State& state = Current();
  if (state.in_hook) return true;
  const unsigned n = ++state.calls[function];
  if (function == state.hooked && n == state.hooked_call && state.hook) RunHook(state);
  if (function != state.fails || n < state.first_failure || n > state.last_failure) return true;
  ++state.failed_calls;
  return false;
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

uint64_t SwapSequence(uint64_t sequence) {
  return std::exchange(Current().sequence, sequence);
}

void FailRandomAfter(unsigned calls) {
  Current().random_may_fail = true;
  Current().random_calls_left = calls;
}

const char* NameOf(Function function) {
  static constexpr const char* kNames[kFunctions] = {
      "clock",      "random",     "device",         "lock",       "unlock",         "tls_lock",
      "tls_unlock", "task_arena", "set_task_arena", "task_token", "set_task_token", "log"};
  return kNames[function];
}

unsigned Calls(Function function) {
  return Current().calls[function];
}

void FailCalls(Function function, unsigned first, unsigned last) {
  Current().fails = function;
  Current().first_failure = first;
  Current().last_failure = last;
}

unsigned FailedCalls() {
  return Current().failed_calls;
}

void AtCall(Function function, unsigned n, std::function<void()> hook) {
  Current().hooked = function;
  Current().hooked_call = n;
  Current().hook = std::move(hook);
}

int TlsLockDepth() {
  return Current().tls_lock_depth;
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
  if (!scripted_port::Counts(scripted_port::kClock) || !Current().clock_known) return 0;
  *filetime = Current().clock;
  return 1;
}

int baresspi_port_random(void* out, size_t size) {
  scripted_port::State& state = Current();
  if (size > 64) abort();  // more than the contract lets the library ask for
  if (!scripted_port::Counts(scripted_port::kRandom)) return 0;
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
  (void)scripted_port::Counts(scripted_port::kLock);
  scripted_port::State& state = Current();
  if (state.lock_depth != 0) abort();  // a real lock would wait for ever
  ++state.lock_depth;
  ++state.locks_taken;
}

void baresspi_port_unlock(void) {
  if (Current().lock_depth != 1) abort();
  --Current().lock_depth;
  (void)scripted_port::Counts(scripted_port::kUnlock);
}

void baresspi_port_tls_lock(void) {
  (void)scripted_port::Counts(scripted_port::kTlsLock);
  scripted_port::State& state = Current();
  if (state.tls_lock_depth != 0 || state.lock_depth != 0) abort();  // real locks could wait for ever
  ++state.tls_lock_depth;
}

void baresspi_port_tls_unlock(void) {
  if (Current().tls_lock_depth != 1) abort();
  --Current().tls_lock_depth;
  (void)scripted_port::Counts(scripted_port::kTlsUnlock);
}

void baresspi_port_set_task_arena(void* arena) {
  (void)scripted_port::Counts(scripted_port::kSetTaskArena);
  Current().arena = arena;
}
void* baresspi_port_task_arena(void) {
  (void)scripted_port::Counts(scripted_port::kTaskArena);
  return Current().arena;
}

void baresspi_port_set_task_token(void* token) {
  (void)scripted_port::Counts(scripted_port::kSetTaskToken);
  Current().token = token;
}
void* baresspi_port_task_token(void) {
  (void)scripted_port::Counts(scripted_port::kTaskToken);
  return Current().token;
}
const BARESSPI_DEVICE* baresspi_port_device(void) {
  return scripted_port::Counts(scripted_port::kDevice) ? Current().device : nullptr;
}

void baresspi_port_log(baresspi_event event, uint32_t detail) {
  if (Current().lock_depth != 0) abort();  // the contract: called without the lock
  (void)scripted_port::Counts(scripted_port::kLog);
  Current().log.push_back({event, detail});
}

}  // extern "C"
