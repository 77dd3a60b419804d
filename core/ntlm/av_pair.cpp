// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/av_pair.h"

#include "core/base/byte_reader.h"
#include "core/ntlm/protocol.h"

namespace baresspi::ntlm {
namespace {

// AvId and AvLen.
void WriteAvHead(uint32_t id, size_t size, MessageWriter* writer) {
  writer->U32(id | static_cast<uint32_t>(size) << 16);
}

}  // namespace

void WriteAvPair(uint32_t id, const void* value, size_t size, MessageWriter* writer) {
  if (size == 0) return;
  WriteAvHead(id, size, writer);
  writer->Put(value, size);
}

void WriteNamePair(uint32_t id, const Text& name_utf8, MessageWriter* writer) {
  if (name_utf8.empty()) return;
  // Every octet but those that follow another's lead makes a unit, and a lead of four makes two. Where that
  // is not so, the writer fails.
  size_t units = 0;
  const auto* octets = static_cast<const uint8_t*>(name_utf8.data());
  for (size_t n = 0; n != name_utf8.length(); ++n) {
    const uint32_t octet = octets[n];
    if ((octet ^ 0x80) >= 0x40) ++units;
    if (octet >= 0xf0) ++units;
  }
  WriteAvHead(id, 2 * units, writer);
  writer->Utf16le(name_utf8);
}

bool ParseAvPairs(const Bytes& list, AvPairs* parsed, MessageWriter* echo) {
  *parsed = {};
  uint32_t seen = 0;
  const uint8_t* at = list.data();
  size_t left = list.size();
  for (;;) {
    if (left < 4) return false;
    const uint32_t id = LoadU16le(at);
    const size_t size = LoadU16le(at + 2);
    at += 4;
    left -= 4;
    if (size > left || (size & 1) != 0) return false;
    if (id == kMsvAvEol) return size == 0;
    // Ids beyond the mask are unknown to everybody; a second one of them is the peer's own affair.
    const uint32_t bit = id < 32 ? 1U << id : 0;
    if ((seen & bit) != 0) return false;
    seen |= bit;
    size_t wanted = size;
    switch (id) {
      case kMsvAvFlags:
        wanted = 4;
        if (size == wanted) parsed->flags = LoadU32le(at);
        break;
      case kMsvAvTargetName:
        parsed->target_name = {at, size};
        break;
      case kMsvAvChannelBindings:
        wanted = kKeySize;
        parsed->channel_bindings = at;
        break;
      case kMsvAvTimestamp:
        wanted = 8;
        parsed->timestamp = at;
        [[fallthrough]];
      default:
        echo->Put(at - 4, size + 4);
    }
    if (size != wanted) return false;
    at += size;
    left -= size;
  }
}

}  // namespace baresspi::ntlm
