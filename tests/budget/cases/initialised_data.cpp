// SPDX-License-Identifier: Apache-2.0
// One member that does not start as zero moves a whole pool into flash.
// expect: no initialised data: core/case/initialised_data.cpp: pool_with_a_default in \.data
#include <stdint.h>

namespace baresspi {

struct PoolWithADefault {
  uint8_t bytes[64] = {};
  uint32_t generation = 1;
};

constinit PoolWithADefault pool_with_a_default;

}  // namespace baresspi
