// SPDX-License-Identifier: Apache-2.0
// What is asked of kOurs (subject.h) beyond what others can do.
#pragma once

#include <baresspi/sspi.h>

#include "tests/bench/who.h"

namespace bench {

PCtxtHandle OurContext(Who who);

}  // namespace bench
