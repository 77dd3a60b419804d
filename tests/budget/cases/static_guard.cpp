// SPDX-License-Identifier: Apache-2.0
// expect: no guards of statics: core/case/static_guard.cpp: guard variable for .*Seeded.*::seed
#include <stdint.h>

extern "C" int baresspi_port_random(void* out, unsigned size);

namespace baresspi {

int Seeded() {
  static const int seed = baresspi_port_random(nullptr, 0);
  return seed;
}

}  // namespace baresspi
