// SPDX-License-Identifier: Apache-2.0
#include "core/base/memory.h"

namespace baresspi {

// string.h is not freestanding; compilers know these anyway.
void Copy(void* to, const void* from, size_t size) {
  if (size != 0) __builtin_memcpy(to, from, size);
}

void Fill(void* to, uint8_t value, size_t size) {
  if (size != 0) __builtin_memset(to, value, size);
}

void Wipe(void* memory, size_t size) {
  Fill(memory, 0, size);
  // The compiler must believe that somebody reads the zeroes.
  __asm__ volatile("" : : "r"(memory) : "memory");
}

#if BARESSPI_STACK_SCRUB_BYTES
// The frame lies where theirs were. Of each depth one, since a task that only signs may have little stack.
template <size_t octets>
[[gnu::noinline]] void ScrubStackBelow() {
  uint8_t area[octets];
  // In two, since memset of more than 2 KiB may be done octet by octet (glibc's, by the processor's string
  // instruction).
  Wipe(area, octets / 2);
  Wipe(area + octets / 2, octets - octets / 2);
}
template void ScrubStackBelow<kScrubHandshake>();
template void ScrubStackBelow<kScrubOther>();
#endif

bool EqualConstantTime(const void* a, const void* b, size_t size) {
  const auto* x = static_cast<const volatile uint8_t*>(a);
  const auto* y = static_cast<const volatile uint8_t*>(b);
  uint8_t difference = 0;
  for (size_t i = 0; i < size; ++i) difference = static_cast<uint8_t>(difference | (x[i] ^ y[i]));
  return difference == 0;
}

}  // namespace baresspi
