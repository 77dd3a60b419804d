// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/buffers.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/crypto/md.h"

namespace baresspi {
namespace {

constexpr size_t kNames = 3;  // initiator's address, acceptor's address, application data

// Offset and length of one of the three in SEC_CHANNEL_BINDINGS.
struct BindingsPart {
  ULONG address_type;
  ULONG length;
  ULONG offset;
};

BindingsPart PartOf(Bytes bindings, size_t which) {
  SEC_CHANNEL_BINDINGS head;
  Copy(&head, bindings.data(), sizeof head);
  if (which == 0) return {head.dwInitiatorAddrType, head.cbInitiatorLength, head.dwInitiatorOffset};
  if (which == 1) return {head.dwAcceptorAddrType, head.cbAcceptorLength, head.dwAcceptorOffset};
  return {0, head.cbApplicationDataLength, head.dwApplicationDataOffset};
}

}  // namespace

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
  for (ULONG i = 0; i < description->cBuffers; ++i) {
    if (TypeOf(description->pBuffers[i]) == type) return &description->pBuffers[i];
  }
  return nullptr;
}

bool AreUsableBindings(Bytes bindings) {
  if (bindings.size() < sizeof(SEC_CHANNEL_BINDINGS)) return false;
  for (size_t i = 0; i < kNames; ++i) {
    const BindingsPart part = PartOf(bindings, i);
    if (part.length == 0) continue;
    if (part.offset > bindings.size() || part.length > bindings.size() - part.offset) return false;
  }
  return true;
}

void HashBindings(Bytes bindings, uint8_t hash[16]) {
  Md5 md5;
  for (size_t i = 0; i < kNames; ++i) {
    const BindingsPart part = PartOf(bindings, i);
    uint8_t words[8];
    StoreU32le(words, part.address_type);
    StoreU32le(words + 4, part.length);
    // The application data has a length but no address type.
    const size_t skip = i < 2 ? 0 : 4;
    md5.Update(words + skip, sizeof words - skip);
    md5.Update(bindings.Sub(part.offset, part.length));
  }
  md5.Finish(hash);
}

}  // namespace baresspi
