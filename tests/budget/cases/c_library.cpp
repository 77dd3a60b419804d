// SPDX-License-Identifier: Apache-2.0
// expect: undefined symbols: core/case/c_library.cpp needs strlen
#include <stddef.h>

extern "C" size_t strlen(const char* text);

namespace baresspi {

size_t Length(const char* text) {
  return strlen(text);
}

}  // namespace baresspi
