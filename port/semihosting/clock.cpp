// SPDX-License-Identifier: Apache-2.0
// The host's clock. In a file of its own: an image that brings another clock (port/lwip/clock.cpp) is linked
// without this one.
#include "port/port.h"
#include "port/semihosting/semihosting.h"

namespace {

constexpr uint64_t kSecondsFrom1601To1970 = 11644473600;
constexpr uint64_t kUnitsPerSecond = 10000000;

}  // namespace

int baresspi_port_clock(uint64_t* filetime) {
  const uint32_t seconds = semihosting::Time();
  if (seconds == 0) return 0;
  *filetime = (kSecondsFrom1601To1970 + seconds) * kUnitsPerSecond;
  return 1;
}
