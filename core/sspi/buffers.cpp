// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/buffers.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/crypto/md.h"

namespace baresspi {

bool IsUsable(const SecBufferDesc* description) {
  if (description == nullptr) return true;
  if (description->ulVersion != SECBUFFER_VERSION) return false;
  if (description->cBuffers != 0 && description->pBuffers == nullptr) return false;
  for (ULONG i = 0; i < description->cBuffers; ++i) {
    const SecBuffer& buffer = description->pBuffers[i];
    if (buffer.pvBuffer == nullptr && buffer.cbBuffer != 0 && TypeOf(buffer) != SECBUFFER_EMPTY) return false;
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
  // application data.
  ULONG words[8];
  static_assert(sizeof words == sizeof(SEC_CHANNEL_BINDINGS));
  constexpr uint32_t kOffsets = 1U << 2 | 1U << 5 | 1U << 7;
  const Bytes bytes = BytesOf(&bindings);
  if (bytes.size() < sizeof words) return false;
  Copy(words, bytes.data(), sizeof words);
  Md5 md5;
  // What is hashed has the numbers little-endian, and what lies at an offset in the offset's place.
  for (uint32_t i = 0; i < 8; ++i) {
    uint8_t octets[4];
    Bytes value = octets;
    if ((kOffsets >> i & 1) == 0) {
      StoreU32le(octets, words[i]);
    } else {
      const ULONG length = words[i - 1];
      value = bytes.Sub(words[i], length);
      if (value.size() != length) return false;
    }
    md5.Update(value);
  }
  md5.Finish(hash);
  return true;
}

}  // namespace baresspi
