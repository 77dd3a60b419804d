// SPDX-License-Identifier: Apache-2.0
// lwIP's clock is the board's.
#include "boards/common/network.h"

#include "lwip/sys.h"

u32_t sys_now(void) {
  return board::Milliseconds();
}
