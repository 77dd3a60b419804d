// SPDX-License-Identifier: Apache-2.0
// What mbed TLS asks of snprintf, for names of certificates and numbers of OIDs. A C library's would bring
// kilobytes along and, with newlib, a heap.
#pragma once

#include <stdarg.h>
#include <stddef.h>

namespace baresspi::schannel {

// As vsnprintf. Knows %s, %c, %u and %02X; what it does not know is an error, -1.
int Format(char* out, size_t room, const char* format, va_list arguments);

}  // namespace baresspi::schannel
