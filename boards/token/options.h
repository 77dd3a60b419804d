// SPDX-License-Identifier: Apache-2.0
// What stands on the command line.
#pragma once

#include <baresspi/sspi.h>

#include "boards/token/text.h"

// Octets of channel bindings at most.
#ifndef BARESSPI_TOKEN_BINDINGS
#define BARESSPI_TOKEN_BINDINGS 128
#endif

namespace token {

struct Options {
  bool client = false;
  const char* package = nullptr;
  const char* user = nullptr;  // nullptr: not given
  const char* domain = nullptr;
  const char* password = nullptr;
  Octets nt_hash;  // instead of a password
  const char* target = nullptr;
  const char* workstation = nullptr;
  Octets bindings;  // application data
  bool has_bindings = false;
  ULONG request = 0;  // ISC_REQ_* or ASC_REQ_*
  ULONG policy = 0;   // BARESSPI_POLICY_*
};

extern const char kUsage[];

// False: print the usage. The options point into the arguments.
bool ParseOptions(int count, char** arguments, Options* options);

}  // namespace token
