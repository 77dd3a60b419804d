// SPDX-License-Identifier: Apache-2.0
// expect: no recursion: Recursive.* -> .*Recursive
#include <stdint.h>

namespace baresspi {

// Not a tail call, which the compiler would make a loop of.
uint32_t Recursive(volatile uint8_t* der, uint32_t depth) {
  if (depth == 0) return der[0];
  const uint32_t inner = Recursive(der + 1, depth - 1);
  der[0] = static_cast<uint8_t>(inner);
  return inner + der[1] + Recursive(der + 2, depth - 1);
}

}  // namespace baresspi
