// SPDX-License-Identifier: Apache-2.0
// UTF-16LE octets to UTF-8.
#pragma once

#include "core/base/span.h"

namespace baresspi {

// Writes what fits into out and returns the octets that all of it needs. A lone surrogate becomes U+FFFD.
size_t Utf16leToUtf8(Bytes utf16le, MutableBytes out);

}  // namespace baresspi
