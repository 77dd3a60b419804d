// SPDX-License-Identifier: Apache-2.0
// What the context of a package begins with that Negotiate may drive as its mechanism.
#pragma once

#include "core/sspi/package.h"
#if BARESSPI_NEGOTIATE
#include "core/negotiate/state.h"
#endif

namespace baresspi {

#if BARESSPI_NEGOTIATE
using MechanismBase = negotiate::NegotiationState;
#else
using MechanismBase = Context;
#endif

}  // namespace baresspi
