// SPDX-License-Identifier: Apache-2.0
// A cycle that only the annotation of the indirect call shows.
// expect: no recursion: Inner.* -> .*Outer.* -> .*Inner|Outer.* -> .*Inner.* -> .*Outer
#include <stdint.h>

namespace baresspi {

uint32_t Outer(uint32_t value);

namespace {

uint32_t Inner(uint32_t value) {
  return Outer(value - 1) + 1;
}

using Step = uint32_t (*)(uint32_t);
constexpr Step kCycleSteps[] = {Inner, Inner};

}  // namespace

uint32_t Outer(uint32_t value) {
  return value == 0 ? 0 : kCycleSteps[value & 1](value) + 3;
}

}  // namespace baresspi
