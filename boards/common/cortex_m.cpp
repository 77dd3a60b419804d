// SPDX-License-Identifier: Apache-2.0
// Cortex-M, any of them: the vector table, reset and faults. Interrupts are never enabled here.
#include "boards/common/board.h"

extern "C" {

[[noreturn]] void Reset() {
  board_start();
}

// The frame that the processor stacked is looked at only when it lies within the stack: after an overflow it
// does not. ICSR.VECTACTIVE says which exception this is.
[[noreturn, gnu::used]] void cortex_m_fault(const uint32_t* frame) {
  const volatile uint32_t* const icsr = reinterpret_cast<const volatile uint32_t*>(0xe000ed04);
  const bool known = frame >= __stack_bottom && frame + 8 <= __stack_top;
  board_fault(*icsr & 0x1ff, known ? frame[6] : 0, reinterpret_cast<uintptr_t>(frame));
}

[[gnu::naked]] void Fault() {
  asm volatile(
      "mrs r0, msp\n"
      "ldr r1, =__stack_top\n"
      "mov sp, r1\n"
      "ldr r1, =cortex_m_fault\n"
      "bx r1\n");
}

}  // extern "C"

namespace {

union Vector {
  const void* stack;
  void (*handler)();
};

[[gnu::section(".vectors"), gnu::used]] constinit const Vector vectors[16] = {
    {.stack = __stack_top}, {.handler = Reset}, {.handler = Fault}, {.handler = Fault},
    {.handler = Fault},     {.handler = Fault}, {.handler = Fault}, {.handler = Fault},
    {.handler = Fault},     {.handler = Fault}, {.handler = Fault}, {.handler = Fault},
    {.handler = Fault},     {.handler = Fault}, {.handler = Fault}, {.handler = Fault},
};

}  // namespace
