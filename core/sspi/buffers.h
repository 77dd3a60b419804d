// SPDX-License-Identifier: Apache-2.0
// SecBufferDesc as the caller gave it: checked before anything looks into it.
#pragma once

#include <baresspi/sspi.h>

#include "core/base/span.h"

namespace baresspi {

// True when the description is one that can be walked: version 0, no missing array, no missing octets. NULL
// is none.
[[nodiscard]] bool IsUsable(const SecBufferDesc* description);

// The first buffer of a type (attributes aside); nullptr: none, or no description.
SecBuffer* FindBuffer(const SecBufferDesc* description, ULONG type);

inline ULONG TypeOf(const SecBuffer& buffer) {
  return buffer.BufferType & ~SECBUFFER_ATTRMASK;
}
inline Bytes BytesOf(const SecBuffer* buffer) {
  return buffer == nullptr ? Bytes() : Bytes(static_cast<const uint8_t*>(buffer->pvBuffer), buffer->cbBuffer);
}

// MD5 of the gss_channel_bindings_struct that a SEC_CHANNEL_BINDINGS describes ([MS-NLMP] 2.2.2.1
// MsvAvChannelBindings, RFC 4121 4.1.1.2). False when an offset or a length leaves the buffer.
[[nodiscard]] bool HashBindings(const SecBuffer& bindings, uint8_t hash[16]);

}  // namespace baresspi
