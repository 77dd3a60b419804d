// SPDX-License-Identifier: Apache-2.0
// TLS records as the caller's buffers hold them (RFC 8446 5.1): where they end.
#pragma once

#include "core/base/span.h"

namespace baresspi::schannel {

constexpr size_t kRecordHead = 5;
// What a record of TLS 1.2 may have at most (RFC 5246 6.2.3).
constexpr size_t kMostRecord = kRecordHead + 16384 + 2048;

// How many octets the whole records have that stand at the begin of these; of more than one, only_one looks
// at the first alone. 0: *missing is how many octets more make the first one whole, or its head; 0: it is no
// record of TLS.
size_t WholeRecords(const Bytes& octets, bool only_one, size_t* missing);

}  // namespace baresspi::schannel
