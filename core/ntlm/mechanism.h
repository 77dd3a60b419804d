// SPDX-License-Identifier: Apache-2.0
// NTLM as a mechanism of Negotiate.
#pragma once

#include "core/sspi/mechanism.h"

namespace baresspi::ntlm {

extern const Mechanism kMechanism;

}  // namespace baresspi::ntlm
