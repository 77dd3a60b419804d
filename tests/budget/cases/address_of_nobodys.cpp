// SPDX-License-Identifier: Apache-2.0
// Like untargeted_address.cpp, but a line NOBODY says that it is meant: nothing is wrong.
#include <stdint.h>

namespace {

uint32_t Nobodys(uint32_t value) {
  return value + 1;
}

}  // namespace

extern "C" {

extern uint32_t (*const kNobodysTable[])(uint32_t);
uint32_t (*const kNobodysTable[])(uint32_t) = {Nobodys};
}
