// SPDX-License-Identifier: Apache-2.0
// A console that a test feeds and reads (boards/common/console.h).
#pragma once

#include <string>

namespace console {

extern std::string input;  // what is still to be read
extern std::string output;

}  // namespace console
