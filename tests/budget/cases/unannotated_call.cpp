// SPDX-License-Identifier: Apache-2.0
// expect: indirect calls: in .*Dispatch.*core/case/unannotated_call.cpp:\d+: return function\(1\)
#include <stdint.h>

namespace baresspi {

uint32_t Dispatch(uint32_t (*function)(uint32_t)) {
  return function(1) + 1;
}

}  // namespace baresspi
