// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/board_meter.h"

#include "boards/common/board.h"
#include "boards/common/console.h"

namespace bench {
namespace {

// QEMU runs with -icount shift=0, so that an instruction takes a nanosecond of the board's time. Timer 0 of
// the board (Arm CMSDK APB timer) counts down at 25 MHz.
constexpr uint32_t kInstructionsPerTick = 40;
struct Timer {
  uint32_t control, value, reload, status;
};
volatile Timer& TheTimer() {
  return *reinterpret_cast<volatile Timer*>(0x40000000);
}

constexpr uint32_t kPaint = 0x5a5aa5a5;

constinit uintptr_t call_stack = 0;
constinit uint32_t call_began = 0;

}  // namespace

void StartTimer() {
  TheTimer().reload = 0xffffffff;
  TheTimer().value = 0xffffffff;
  TheTimer().control = 1;
}

void CallStarts(uintptr_t stack_pointer) {
  call_stack = stack_pointer;
  const uintptr_t end = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - 64;
  for (volatile uint32_t* at = __stack_bottom; reinterpret_cast<uintptr_t>(at) < end; ++at) *at = kPaint;
  call_began = TheTimer().value;
}

CallCost CallStops() {
  const uint64_t instructions = uint64_t{call_began - TheTimer().value} * kInstructionsPerTick;
  const volatile uint32_t* at = __stack_bottom;
  while (*at == kPaint) ++at;
  return {instructions, call_stack - reinterpret_cast<uintptr_t>(at)};
}

void Say(const char* text) {
  size_t size = 0;
  while (text[size] != 0) ++size;
  board::Write(text, size);
}

void Say(const char* label, uint64_t value) {
  char digits[21];
  size_t at = sizeof digits;
  digits[--at] = 0;
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  Say(label);
  Say(digits + at);
}

}  // namespace bench
