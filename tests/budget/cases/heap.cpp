// SPDX-License-Identifier: Apache-2.0
// expect: undefined symbols: core/case/heap.cpp needs malloc
#include <stddef.h>

extern "C" void* malloc(size_t size);

namespace baresspi {

void* Allocated(size_t size) {
  return malloc(size);
}

}  // namespace baresspi
