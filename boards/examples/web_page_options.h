// SPDX-License-Identifier: Apache-2.0
// What stands on the web page's command line.
#pragma once

#include "boards/examples/accounts.h"
#include "boards/http/server.h"

namespace examples {

struct WebPageOptions {
  const char* address = "127.0.0.1";
  uint16_t port = 0;
  bool has_port = false;
  const char* computer = "BARESSPI";
  const char* domain = nullptr;       // the device's own
  const char* certificate = nullptr;  // files
  const char* key = nullptr;
  const char* trust = nullptr;
  bool no_dates = false;
  http::ServerSettings settings;
};

extern const char kWebPageUsage[];

// False: print the usage. The options and the accounts point into the arguments.
bool ParseWebPageOptions(int count, char** arguments, WebPageOptions* options, Accounts* accounts);

}  // namespace examples
