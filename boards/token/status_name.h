// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <baresspi/sspi.h>

namespace token {

// The name of a status in winerror.h's words, or "status" for one that no package here returns.
const char* StatusName(SECURITY_STATUS status);

}  // namespace token
