// SPDX-License-Identifier: Apache-2.0
// What stands on baresspi-http-get's command line.
#pragma once

#include "boards/http/client.h"

namespace http {

extern const char kGetUsage[];

// False: print the usage. The settings point into the arguments.
bool ParseGetOptions(int count, char** arguments, ClientSettings* settings);

}  // namespace http
