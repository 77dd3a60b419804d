// SPDX-License-Identifier: Apache-2.0
// A stack that nothing but one call runs on, so that all that is found on it is what that call has left.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace secrets {

struct Memory {
  const uint8_t* begin;
  const uint8_t* end;
};

// Paints the stack and makes the call on it.
void RunOnOwnStack(void (*call)(void*), void* argument);
// As far as the last call has changed the paint.
Memory TouchedStack();
// Of all calls so far, in octets.
size_t DeepestCall();
// .data and .bss of this program but for that stack.
Memory ProgramMemory();

}  // namespace secrets
