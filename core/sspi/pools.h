// SPDX-License-Identifier: Apache-2.0
// The pools of NTLM and of Negotiate. A credential of Negotiate is its mechanism's, and a context of
// Negotiate is its mechanism's with more behind it: they lie in the same slots.
#pragma once

#include "core/base/pool.h"

namespace baresspi {

extern const Pool kSharedCredentials;
extern const Pool kSharedContexts;

}  // namespace baresspi
