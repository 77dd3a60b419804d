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
  const ULONG* word = words;
  for (int part = 0; part < 3; ++part) {
    // What is hashed has the offsets left out, and its numbers little-endian.
    const int numbers = part < 2 ? 2 : 1;
    uint8_t octets[4];
    for (int i = 0; i < numbers; ++i) {
      StoreU32le(octets, *word++);
      md5.Update(octets, sizeof octets);
    }
    const size_t length = word[-1];
    const size_t offset = *word++;
    const Bytes value = bindings.Sub(offset, length);
    if (value.size() != length) return false;
    md5.Update(value);
  }
  md5.Finish(hash);
  return true;
}

}  // namespace baresspi
