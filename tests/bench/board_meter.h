// SPDX-License-Identifier: Apache-2.0
// What a call takes on the board: instructions by its timer, stack by paint. And words for the UART.
#pragma once

#include <stdint.h>

namespace bench {

struct CallCost {
  uint64_t instructions;  // to 40
  uintptr_t stack;        // octets below stack_pointer
};

void StartTimer();
// Paints what lies below its own frame. stack_pointer: where the call's stack begins.
void CallStarts(uintptr_t stack_pointer);
CallCost CallStops();

void Say(const char* text);
void Say(const char* label, uint64_t value);

}  // namespace bench
