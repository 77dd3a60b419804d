// SPDX-License-Identifier: Apache-2.0
// What stands on baresspi-http-get's command line.
#pragma once

#include "boards/http/client.h"

namespace http {

constexpr size_t kMostRequests = 16;

struct GetOptions {
  ClientSettings settings;
  ClientRequest requests[kMostRequests];
  size_t request_count = 0;
  // Files (board::ReadFile); nullptr: none.
  const char* trust = nullptr;
  const char* certificate = nullptr;
  const char* key = nullptr;
  bool no_dates = false;
  bool apart = false;       // each request over a connection of its own
  bool any_secure = false;  // a URL is https,
  bool any_plain = false;   // or http
};

extern const char kGetUsage[];

// False: print the usage. The options point into the arguments.
bool ParseGetOptions(int count, char** arguments, GetOptions* options);

}  // namespace http
