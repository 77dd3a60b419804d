// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

namespace lwip_port {

// Milliseconds that do not wrap around. baresspi_lwip_poll asks often enough (once in 49 days).
uint64_t Uptime();

}  // namespace lwip_port
