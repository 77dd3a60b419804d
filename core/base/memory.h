// SPDX-License-Identifier: Apache-2.0
// The four functions that a compiler asks of every C library, and two for secrets: wiping that is not
// optimised away, comparing that takes the same time wherever the difference is.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "config/baresspi_config.h"
#include "core/base/span.h"

namespace baresspi {

// Out of line on purpose: expanded in place, each short copy would take three times the flash of a call. size
// may be 0, and the pointers anything then.
void Copy(void* to, const void* from, size_t size);
void Fill(void* to, uint8_t value, size_t size);

// Zeroes memory that held a secret. Defined out of line, so that no compiler sees it as a dead store.
void Wipe(void* memory, size_t size);

// What functions that have returned left on the stack below the caller is zeroed, as deep as this: whatever a
// compiler spilled there. It takes no more stack than that.
constexpr size_t kScrubHandshake = BARESSPI_STACK_SCRUB_BYTES;
constexpr size_t kScrubOther = BARESSPI_STACK_SCRUB_BYTES / 2;  // one message, one key
template <size_t octets>
void ScrubStackBelow();
template <size_t octets>
inline void ScrubStack() {
  if constexpr (octets != 0) ScrubStackBelow<octets>();
}

// For secrets and what is compared with them: true when equal; its time depends on size alone.
[[nodiscard]] bool EqualConstantTime(const void* a, const void* b, size_t size);

// Sizes are public.
[[nodiscard]] inline bool Equal(Bytes a, Bytes b) {
  return a.size() == b.size() && EqualConstantTime(a.data(), b.data(), a.size());
}

// Wipes an object at the end of its scope, on every way out.
template <typename T>
class WipeAtExit {
 public:
  explicit WipeAtExit(T& object) : object_(object) {}
  ~WipeAtExit() { Wipe(&object_, sizeof(T)); }
  WipeAtExit(const WipeAtExit&) = delete;
  WipeAtExit& operator=(const WipeAtExit&) = delete;

 private:
  T& object_;
};

}  // namespace baresspi
