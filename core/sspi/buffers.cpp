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

bool HashBindings(Bytes bindings, uint8_t hash[16]) {
  // Address type, length and offset of the initiator and of the acceptor, length and offset of the
  // application data.
  ULONG words[8];
  static_assert(sizeof words == sizeof(SEC_CHANNEL_BINDINGS));
  if (bindings.size() < sizeof words) return false;
  Copy(words, bindings.data(), sizeof words);
  Md5 md5;
  // What is hashed has the offsets left out, and its numbers little-endian: a number, or two with the last
  // one a length.
  for (size_t i = 0; i < 8; i += 3) {
    const bool last = i == 6;
    uint8_t octets[8];
    StoreU32le(octets, words[i]);
    StoreU32le(octets + 4, words[i + 1]);
    md5.Update(octets, last ? 4 : 8);
    const ULONG length = words[last ? 6 : i + 1];
    const Bytes value = bindings.Sub(words[last ? 7 : i + 2], length);
    if (value.size() != length) return false;
    md5.Update(value);
  }
  md5.Finish(hash);
  return true;
}

}  // namespace baresspi
