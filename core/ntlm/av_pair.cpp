// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/av_pair.h"

#include "core/base/byte_reader.h"
#include "core/ntlm/protocol.h"

namespace baresspi::ntlm {
namespace {

void WritePair(uint16_t id, Bytes value, MessageWriter* writer) {
  if (value.empty()) return;
  writer->U16(id);
  writer->U16(static_cast<uint32_t>(value.size()));
  writer->Put(value);
}

// The view that keeps this id's value, and the size that it must have (0: any); nullptr when nobody asks for
// it.
Bytes* PlaceOf(uint16_t id, AvPairs* parsed, size_t* size) {
  *size = 0;
  switch (id) {
    case kMsvAvFlags:
      *size = 4;
      return &parsed->flags;
    case kMsvAvTimestamp:
      *size = 8;
      return &parsed->timestamp;
    case kMsvAvTargetName:
      return &parsed->target_name;
    case kMsvAvChannelBindings:
      *size = kKeySize;
      return &parsed->channel_bindings;
    default:
      return nullptr;
  }
}

}  // namespace

bool ParseAvPairs(Bytes list, AvPairs* parsed) {
  *parsed = {};
  uint32_t seen = 0;
  ByteReader reader(list);
  for (;;) {
    const size_t before = reader.rest().size();
    const uint16_t id = reader.U16le();
    const uint16_t size = reader.U16le();
    const Bytes value = reader.Take(size);
    if (!reader.ok() || (size & 1) != 0) return false;
    if (id == kMsvAvEol) {
      parsed->pairs = list.Sub(0, list.size() - before);
      return size == 0;
    }
    // Ids beyond the mask are unknown to everybody; a second one of them is the peer's own affair.
    const uint32_t bit = id < 32 ? 1U << id : 0;
    if ((seen & bit) != 0) return false;
    seen |= bit;
    size_t wanted = 0;
    Bytes* place = PlaceOf(id, parsed, &wanted);
    if (place == nullptr) continue;
    if (wanted != 0 && size != wanted) return false;
    *place = value;
  }
}

void WriteClientAvPairs(const AvPairs& server, const ClientAvPairs& client, MessageWriter* writer) {
  uint32_t flags = client.flags;
  if (!server.flags.empty()) flags |= LoadU32le(server.flags.data());
  ByteReader reader(server.pairs);
  while (!reader.rest().empty()) {
    const uint16_t id = reader.U16le();
    const Bytes value = reader.Take(reader.U16le());
    // These three are the client's. A server that sends them wants its own words back under the client's
    // signature.
    if (id == kMsvAvFlags || id == kMsvAvTargetName || id == kMsvAvChannelBindings) continue;
    writer->U16(id);
    writer->U16(static_cast<uint32_t>(value.size()));
    writer->Put(value);
  }
  if (flags != 0) {
    uint8_t octets[4];
    StoreU32le(octets, flags);
    WritePair(kMsvAvFlags, octets, writer);
  }
  WritePair(kMsvAvChannelBindings, client.channel_bindings, writer);
  WritePair(kMsvAvTargetName, client.target_name, writer);
  writer->U32(kMsvAvEol);
}

}  // namespace baresspi::ntlm
