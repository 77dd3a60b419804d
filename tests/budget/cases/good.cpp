// SPDX-License-Identifier: Apache-2.0
// Nothing is wrong here: tables in flash, state of zeroes, an annotated call through a table, a division by
// the compiler's runtime. GROWN: the same with more code, a table, state, a deeper stack, a larger slot and a
// further function of the C library.
//
// stack: Good 64 to 240
#include <stddef.h>
#include <stdint.h>

extern "C" void baresspi_port_lock(void);

namespace baresspi {
namespace {

uint32_t Twice(uint32_t value) {
  return value * 2;
}
#ifdef GROWN
constexpr size_t kRoom = 512, kState = 24;
constexpr uint8_t kTable[200] = {1, 2, 3};
#else
constexpr size_t kRoom = 64, kState = 4;
#endif

uint32_t Buffered(uint32_t value) {
  volatile uint8_t buffer[kRoom];
  buffer[value % sizeof buffer] = 1;
  return buffer[0];
}

using Step = uint32_t (*)(uint32_t);
constexpr Step kSteps[] = {Twice, Buffered};

}  // namespace

constinit uint32_t good_state[kState];

uint64_t Divided(uint64_t a, uint64_t b) {
  return a / b;
}

extern "C" uint32_t Good(uint32_t value) {
  baresspi_port_lock();
  const uint32_t stepped = kSteps[value & 1](value);
  good_state[0] = static_cast<uint32_t>(Divided(value, stepped));
  __builtin_memcpy(&good_state[1], &good_state[0], value);
#ifdef GROWN
  __builtin_memmove(&good_state[2], &good_state[kTable[value]], value);
#endif
  return stepped;
}

}  // namespace baresspi
