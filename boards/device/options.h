// SPDX-License-Identifier: Apache-2.0
// What stands on baresspi-device's command line.
#pragma once

#include <stdint.h>

namespace device {

enum class TimeFrom : uint8_t { kMachine, kNowhere, kGiven, kSntp };

struct Options {
  // "dhcp", or IP/BITS[,GATEWAY[,DNS]] cut into its parts, as text; nullptr: not given.
  bool dhcp = true;
  const char* address = nullptr;
  const char* gateway = nullptr;
  const char* name_server = nullptr;
  char netmask[16] = {};

  TimeFrom time = TimeFrom::kMachine;
  uint32_t unix_seconds = 0;          // kGiven
  uint16_t time_port = 0;             // kSntp; 0: its own
  const char* time_server = nullptr;  // kSntp
};

extern const char kUsage[];

// False: print the usage. The arguments are cut in place, and the options point into them.
bool ParseOptions(int count, char** arguments, Options* options);

}  // namespace device
