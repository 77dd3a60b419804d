// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/buffers.h"

#include "core/base/byte_reader.h"
#include "core/crypto/md.h"

namespace baresspi {

bool IsUsable(const SecBufferDesc* description) {
  if (description == nullptr) return true;
  if (description->ulVersion != SECBUFFER_VERSION) return false;
  const SecBuffer* buffer = description->pBuffers;
  for (ULONG left = description->cBuffers; left != 0; --left, ++buffer) {
    if (description->pBuffers == nullptr) return false;
    if (buffer->pvBuffer == nullptr && buffer->cbBuffer != 0 && TypeOf(*buffer) != SECBUFFER_EMPTY)
      return false;
  }
  return true;
}

SecBuffer* FindBuffer(const SecBufferDesc* description, ULONG type) {
  if (description == nullptr) return nullptr;
  SecBuffer* buffer = description->pBuffers;
  for (ULONG left = description->cBuffers; left != 0; --left, ++buffer) {
    if (TypeOf(*buffer) == type) return buffer;
  }
  return nullptr;
}

bool HashBindings(const SecBuffer& bindings, uint8_t hash[16]) {
  // Address type, length and offset of the initiator and of the acceptor, length and offset of the
  // application data, in the machine's order.
  constexpr uint32_t kOffsets = 1U << 2 | 1U << 5 | 1U << 7;
  const auto* octets = static_cast<const uint8_t*>(bindings.pvBuffer);
  const ULONG size = bindings.cbBuffer;
  if (size < sizeof(SEC_CHANNEL_BINDINGS)) return false;
  Md5 md5;
  ULONG length = 0;
  // What is hashed has the numbers little-endian, and what lies at an offset in the offset's place.
  for (uint32_t i = 0; i < sizeof(SEC_CHANNEL_BINDINGS) / sizeof(ULONG); ++i) {
    ULONG word;
    __builtin_memcpy(&word, octets + i * sizeof word, sizeof word);
    if ((kOffsets >> i & 1) == 0) {
      length = word;
      uint8_t number[4];
      StoreU32le(number, word);
      md5.Update(number);
    } else if (length != 0) {  // else the offset means nothing
      if (word > size || length > size - word) return false;
      md5.Update(octets + word, length);
    }
  }
  md5.Finish(hash);
  return true;
}

}  // namespace baresspi
