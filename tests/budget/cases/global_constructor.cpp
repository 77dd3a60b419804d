// SPDX-License-Identifier: Apache-2.0
// expect: no global constructors: core/case/global_constructor.cpp has \.init_array
#include <stdint.h>

extern "C" void baresspi_port_lock(void);

namespace baresspi {

struct Locked {
  Locked() { baresspi_port_lock(); }
  uint32_t value = 0;
};

Locked constructed_before_main;

}  // namespace baresspi
