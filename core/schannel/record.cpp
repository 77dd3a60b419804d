// SPDX-License-Identifier: Apache-2.0
#include "core/schannel/record.h"

#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/sspi/buffers.h"

namespace baresspi::schannel {

size_t RecordSize(Bytes octets) {
  if (octets.size() < kRecordHead) return 0;
  // change_cipher_spec, alert, handshake, application_data
  const bool is_record = octets[0] >= 20 && octets[0] <= 23 && octets[1] == 3;
  const size_t size = kRecordHead + (static_cast<size_t>(octets[3]) << 8 | octets[4]);
  return is_record && size <= kMostRecord ? size : kNoRecord;
}

void StoreRest(const SecBufferDesc* buffers, ULONG type, Bytes rest) {
  if (rest.empty()) return;
  SecBuffer* buffer = FindBuffer(buffers, SECBUFFER_EMPTY);
  if (buffer == nullptr) return;
  buffer->BufferType = type;
  buffer->cbBuffer = static_cast<ULONG>(rest.size());
  // The application's own octets, which it may write to.
  buffer->pvBuffer = const_cast<uint8_t*>(rest.data());
}

void StoreMissing(const SecBufferDesc* buffers, size_t missing) {
  StoreRest(buffers, SECBUFFER_MISSING, Bytes(nullptr, missing));
}

}  // namespace baresspi::schannel

#endif
