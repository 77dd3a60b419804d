// SPDX-License-Identifier: Apache-2.0
// Time since the start, of the MPS2's CMSDK timer 0: 25 MHz, counting down and around. It has to be looked at
// once in its 171 seconds. Under QEMU with -icount shift=0, where an instruction takes a nanosecond, one tick
// is 40 instructions.
#include "boards/common/network.h"

namespace board {
namespace {

struct Registers {
  uint32_t control;  // bit 0: enable
  uint32_t value;
  uint32_t reload;
  uint32_t interrupt;
};
constexpr uint32_t kEnable = 1;
constexpr uint32_t kTicksPerMillisecond = 25000;
constexpr uint32_t kInstructionsPerTick = 40;

volatile Registers& Timer() {
  return *reinterpret_cast<volatile Registers*>(0x40000000);
}

constinit uint32_t last_count = 0;  // ticks, of 32 bits
constinit uint64_t ticks = 0;
constinit uint32_t milliseconds = 0;
constinit uint32_t remainder = 0;  // ticks that make no millisecond yet

void Start() {
  Timer().reload = UINT32_MAX;
  Timer().value = UINT32_MAX;
  Timer().control = kEnable;
}

// Divides 32 bits at a time: a 64-bit division would cost its own code.
void Update() {
  if ((Timer().control & kEnable) == 0) Start();
  const uint32_t count = UINT32_MAX - Timer().value;
  const uint32_t elapsed = count - last_count;
  last_count = count;
  ticks += elapsed;
  milliseconds += elapsed / kTicksPerMillisecond;
  remainder += elapsed % kTicksPerMillisecond;
  if (remainder >= kTicksPerMillisecond) {
    remainder -= kTicksPerMillisecond;
    ++milliseconds;
  }
}

}  // namespace

uint32_t Milliseconds() {
  Update();
  return milliseconds;
}

uint64_t Ticks() {
  Update();
  return ticks * kInstructionsPerTick;
}

}  // namespace board
