// SPDX-License-Identifier: Apache-2.0
// What stands on baresspi-ldap-search's command line.
#pragma once

#include "boards/ldap/client.h"

namespace ldap {

extern const char kSearchUsage[];

// A host and a port out of a text. Its defaults are zero.
struct Place {
  char host[256] = {};
  uint16_t port = 0;
};

struct SearchOptions {
  static constexpr size_t kMostAttributes = 16;

  Place server;
  Place connect;  // where the server is; host empty: by its name
  bool secure = false;
  bool protection_given = false;
  Settings settings;  // its host and address point into the places: do not copy the options
  const char* trust = nullptr;
  bool no_dates = false;
  const char* base = nullptr;  // nullptr: what the server says that it has
  Text filter;                 // empty: the account's own entry
  Text attributes[kMostAttributes];
  size_t attribute_count = 0;
};

// False: print the usage. The options point into the arguments.
bool ParseSearchOptions(int count, char** arguments, SearchOptions* options);

}  // namespace ldap
