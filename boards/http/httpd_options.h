// SPDX-License-Identifier: Apache-2.0
// What stands on baresspi-httpd's command line.
#pragma once

#include "boards/http/server.h"

namespace http {

constexpr size_t kMostAccounts = 8;

struct ServerOptions {
  const char* address = "127.0.0.1";
  uint16_t port = 8080;
  const char* computer = "BARESSPI";
  const char* domain = nullptr;  // the device's own
  Account accounts[kMostAccounts];
  size_t account_count = 0;
  ServerSettings settings;
};

extern const char kServerUsage[];

// False: print the usage. The options point into the arguments.
bool ParseServerOptions(int count, char** arguments, ServerOptions* options);

}  // namespace http
