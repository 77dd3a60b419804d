// SPDX-License-Identifier: Apache-2.0
// A function in a table whose caller no annotation names: somewhere a call is not accounted for.
// expect: indirect calls: the address of .*Forgotten
#include <stdint.h>

namespace baresspi {
namespace {

uint32_t Forgotten(uint32_t value) {
  return value + 1;
}

}  // namespace

using Step = uint32_t (*)(uint32_t);
extern const Step kForgottenSteps[];
constinit const Step kForgottenSteps[] = {Forgotten};

}  // namespace baresspi
