// SPDX-License-Identifier: Apache-2.0
#include "port/lwip/uptime.h"

#include "port/sockets.h"

namespace lwip_port {
namespace {

constinit uint64_t uptime = 0;
constinit uint32_t last = 0;

}  // namespace

uint64_t Uptime() {
  const uint32_t now = baresspi_milliseconds();
  uptime += static_cast<uint32_t>(now - last);
  last = now;
  return uptime;
}

}  // namespace lwip_port
