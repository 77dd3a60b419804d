// SPDX-License-Identifier: Apache-2.0
// expect: undefined symbols: core/case/operator_new.cpp needs operator new
#include <stdint.h>

namespace baresspi {

uint32_t* Created() {
  return new uint32_t[4];
}

}  // namespace baresspi
