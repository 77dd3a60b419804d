// SPDX-License-Identifier: Apache-2.0
// TLS records as the caller's buffers hold them (RFC 8446 5.1): where one ends, and how the caller learns
// what is left over or missing.
#pragma once

#include <baresspi/sspi.h>

#include "core/base/span.h"

namespace baresspi::schannel {

constexpr size_t kRecordHead = 5;
// What a record of TLS 1.2 may have at most (RFC 5246 6.2.3).
constexpr size_t kMostRecord = kRecordHead + 16384 + 2048;

// The size of the record at the begin of these octets, head included; it may be more than there are. 0: the
// head is not whole yet. kNoRecord: it is none of a record of TLS.
constexpr size_t kNoRecord = SIZE_MAX;
size_t RecordSize(Bytes octets);

// Makes the first EMPTY buffer one that tells how many octets were not used (EXTRA; they are the last of the
// input), unless there are none.
void StoreRest(const SecBufferDesc* buffers, ULONG type, Bytes rest);
// The same for how many are missing until a record is whole (MISSING).
void StoreMissing(const SecBufferDesc* buffers, size_t missing);

}  // namespace baresspi::schannel
