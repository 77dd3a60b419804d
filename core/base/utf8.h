// SPDX-License-Identifier: Apache-2.0
// UTF-16LE octets to UTF-8.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace baresspi {

// Writes what fits into out and returns the octets that all of it needs. A lone surrogate becomes U+FFFD.
size_t Utf16leToUtf8(const uint8_t* utf16le, size_t size, uint8_t* out, size_t room);

}  // namespace baresspi
