// SPDX-License-Identifier: Apache-2.0
// Looks what is left of keys and passwords: on the stack below each call of the API when it has returned, and
// in the program's memory (.data and .bss, where the pools and TLS's arenas lie) when their time is over.
//
// Each login is run twice on a port that does the same in each run, so that all of its secrets are known when
// the second begins. They are kept as the set of their windows of four octets, masked: the program's own
// memory is searched, too. Its stack is not; there the plain ones are.
//
// A line `LEFT login: step: secret: where` for each that is found; the last line: `N steps, M secrets left`.
#include <string.h>

#include "config/baresspi_config.h"
#include "tests/secrets/keys.h"
#include "tests/secrets/output.h"
#include "tests/secrets/own_stack.h"
#include "tests/secrets/port.h"
#include "tests/secrets/program.h"

namespace secrets {
namespace {

constexpr size_t kMostWindows = 24576;
constexpr size_t kMostNames = 512;
constexpr uint32_t kMaskWord = 0x01010101u * kMask;
constexpr size_t kWindow = sizeof(uint32_t);
constexpr size_t kSlots = 65536;  // of the hash table: more than twice the windows

struct Secret {
  const char* name;
  Life life;
};
struct Window {
  uint32_t masked;
  uint16_t secret;  // from 1; 0: none
};
constinit Secret known[kMostNames] = {};
constinit Window windows[kSlots] = {};
constinit size_t names = 0;
constinit size_t window_count = 0;
constinit bool learning = false;
constinit const char* login_name = "";
constinit unsigned steps = 0;
constinit unsigned left = 0;
constinit unsigned failures = 0;

size_t SlotOf(uint32_t masked) {
  return (masked * 0x9E3779B1u) >> 16;
}

Window* FindWindow(uint32_t masked) {
  size_t slot = SlotOf(masked);
  while (windows[slot].secret != 0 && windows[slot].masked != masked) slot = (slot + 1) % kSlots;
  return &windows[slot];
}

// Windows that anything may have: too few different octets.
bool Telling(uint32_t word) {
  const uint8_t first = static_cast<uint8_t>(word);
  return word != 0x01010101u * first && word != 0;
}

bool IsZero(const uint8_t* at) {
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return word == 0;
}

// What the first search of a login has found. Four octets may be a secret's by chance: what counts is what a
// second one, whose random octets are others, finds as well, after the same call.
struct Find {
  const char* step;
  const char* name;
};
constexpr size_t kMostFinds = 1024;
constinit Find finds[kMostFinds] = {};
constinit size_t find_count = 0;
constinit bool again = false;

bool FoundBefore(const char* step, const char* name) {
  for (size_t i = 0; i < find_count; ++i) {
    if (finds[i].step == step && finds[i].name == name) return true;
  }
  return false;
}

void Report(const char* step, const char* name, const char* where, size_t offset, size_t count) {
  if (!again) {
    if (find_count == kMostFinds || FoundBefore(step, name)) return;
    finds[find_count++] = {step, name};
    return;
  }
  if (!FoundBefore(step, name)) return;
  Print("LEFT ");
  Print(login_name);
  Print(": ");
  Print(step);
  Print(": ");
  Print(name);
  Print(where);
  Print(static_cast<unsigned>(offset));
  Print(", windows ");
  Print(static_cast<unsigned>(count));
  Print("\n");
  ++left;
}

// Finds every secret of at most this life in the memory; `offset` is told as (end - address) or from begin.
void Search(const char* step, const char* where, const uint8_t* begin, const uint8_t* end, Life most,
            bool from_end) {
  static constinit uint16_t counts[kMostNames];
  static constinit const uint8_t* firsts[kMostNames];
  memset(counts, 0, sizeof counts);
  for (const uint8_t* at = begin; at + kWindow <= end; ++at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    if (word == 0) {
      // Most of the arenas: octets of zeroes hold no window that begins in the first half of them.
      while (at + 3 * kWindow <= end && IsZero(at + kWindow)) at += kWindow;
      continue;
    }
    const Window* const window = FindWindow(word ^ kMaskWord);
    if (window->secret == 0) continue;
    const Secret& secret = known[window->secret - 1];
    if (secret.life > most) continue;
    if (counts[window->secret - 1]++ == 0) firsts[window->secret - 1] = at;
  }
  for (size_t i = 0; i < names; ++i) {
    if (counts[i] == 0) continue;
    Report(step, known[i].name, where, static_cast<size_t>(from_end ? end - firsts[i] : firsts[i] - begin),
           counts[i]);
  }
}

void SearchPools(const char* step, Life most) {
  const Memory memory = ProgramMemory();
  Search(step, ", in the program's memory at ", memory.begin, memory.end, most, false);
}

}  // namespace

bool Learning() {
  return learning;
}

void Note(const char* name, const void* octets, size_t size, Life life) {
  if (!learning) return;
  const auto* from = static_cast<const uint8_t*>(octets);
  if (names == kMostNames || window_count + size > kMostWindows) return Expect("room for all secrets", false);
  known[names++] = {name, life};
  for (size_t i = 0; i + kWindow <= size; ++i) {
    uint32_t word;
    memcpy(&word, from + i, sizeof word);
    if (!Telling(word)) continue;
    Window* const window = FindWindow(word ^ kMaskWord);
    if (window->secret == 0) ++window_count;
    // What is the same counts as the one that lives longest.
    if (window->secret == 0 || known[window->secret - 1].life < life)
      *window = {word ^ kMaskWord, static_cast<uint16_t>(names)};
  }
}

void Run(const char* step, void (*call)(void*), void* argument) {
  RunOnOwnStack(call, argument);
  ++steps;
  if (learning) return;
  const Memory stack = TouchedStack();
  Search(step, ", below the caller by ", stack.begin, stack.end, Life::kCredential, true);
  SearchPools(step, Life::kCall);
}

void Ended(const char* step, Life life) {
  if (!learning) SearchPools(step, life);
}

void Held(const char* step, const char* name) {
  if (learning) return;
  const Memory memory = ProgramMemory();
  for (const uint8_t* at = memory.begin; at + kWindow <= memory.end; ++at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    const Window* const window = FindWindow(word ^ kMaskWord);
    if (window->secret != 0 && strcmp(known[window->secret - 1].name, name) == 0) return;
  }
  Expect(step, false);
}

void Hide(void*, size_t) {}
void Tell(void*, size_t) {}

void Expect(const char* what, bool holds) {
  if (holds) return;
  Print("FAIL ");
  Print(login_name);
  Print(": ");
  Print(what);
  Print("\n");
  ++failures;
}

namespace {

// Twice: so that the secrets are known when they are searched for.
void LearnAndSearch(void (*login)(const void*), const void* argument, unsigned sequence) {
  memset(known, 0, sizeof known);
  memset(windows, 0, sizeof windows);
  names = window_count = 0;
  learning = true;
  StartPortAnew(nullptr, sequence);
  login(argument);
  learning = false;
  StartPortAnew(nullptr, sequence);
  login(argument);
}

}  // namespace

void Repeat(const char* name, void (*login)(const void*), const void* argument, Random) {
  login_name = name;
  find_count = 0;
  again = false;
  LearnAndSearch(login, argument, 0);
  again = true;
  if (find_count != 0) LearnAndSearch(login, argument, 1);
}

namespace {

// What the search must find: a secret left on the stack, and one in the program's memory.
constexpr size_t kCareless = 16;
constinit volatile uint8_t careless_copy[kCareless] = {};
uint8_t CarelessOctet(size_t i) {
  return static_cast<uint8_t>(0x51 + 7 * i);
}
[[gnu::noinline]] void Careless(void*) {
  uint8_t local[64];
  for (size_t i = 0; i < kCareless; ++i) {
    local[i + 24] = CarelessOctet(i);
    careless_copy[i] = CarelessOctet(i);
  }
  asm volatile("" : : "r"(local) : "memory");  // or the array is optimised away
}

bool SearchFinds() {
  uint8_t secret[kCareless];
  for (size_t i = 0; i < kCareless; ++i) secret[i] = CarelessOctet(i);
  login_name = "(on purpose)";
  learning = true;
  Note("what is left on purpose", secret, sizeof secret, Life::kCall);
  learning = false;
  const char* const step = "a careless call";
  Run(step, Careless, nullptr);
  again = true;
  Run(step, Careless, nullptr);
  const bool both = left == 2;
  for (volatile uint8_t& octet : careless_copy) octet = 0;
  left = steps = 0;
  return both;
}

}  // namespace
}  // namespace secrets

int main() {
  using namespace secrets;  // NOLINT(google-build-using-namespace)
  if (!SearchFinds()) {
    Print("FAIL the search finds nothing\n");
    return 1;
  }
  RunNtlm();
#if BARESSPI_SCHANNEL
  RunTls();
#endif
  Print("deepest ");
  Print(static_cast<unsigned>(DeepestCall()));
  Print(" octets of stack\n");
  Print(steps);
  Print(" steps, ");
  Print(left);
  Print(" secrets left, ");
  Print(failures);
  Print(" failures\n");
  return failures != 0 ? 2 : left != 0;
}
