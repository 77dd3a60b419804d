// SPDX-License-Identifier: Apache-2.0
// expect: bounded frames: VariableFrame.*variable_frame.cpp
#include <stddef.h>
#include <stdint.h>

extern "C" int baresspi_port_random(void* out, size_t size);

namespace baresspi {

int VariableFrame(size_t size) {
  auto* bytes = static_cast<uint8_t*>(__builtin_alloca(size));
  return baresspi_port_random(bytes, size) + bytes[0];
}

}  // namespace baresspi
