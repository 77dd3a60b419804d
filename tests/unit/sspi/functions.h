// SPDX-License-Identifier: Apache-2.0
// Every function of the interface that takes a handle, called with arguments that are good but for it.
#pragma once

#include "tests/support/two_sides.h"

namespace two_sides {

struct Function {
  const char* name;
  SECURITY_STATUS (*call)(SecHandle* handle);
  bool wants_established;
  bool null_is_first_call;
};

const std::vector<Function>& ContextFunctions();
const std::vector<Function>& CredentialFunctions();

}  // namespace two_sides
