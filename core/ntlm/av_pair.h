// SPDX-License-Identifier: Apache-2.0
// AV_PAIR lists, [MS-NLMP] 2.2.2.1: the TargetInfo of a CHALLENGE and the AvPairs of an NTLMv2_RESPONSE.
#pragma once

#include "core/base/span.h"
#include "core/ntlm/message_writer.h"

namespace baresspi::ntlm {

// What a list says. An absent pair is an empty view, or nullptr where its size is fixed.
struct AvPairs {
  uint32_t flags;                   // 0: absent
  const uint8_t* timestamp;         // 8 octets
  const uint8_t* channel_bindings;  // 16 octets
  Bytes target_name;                // UTF-16LE
};

// False for a list without MsvAvEOL, a pair that runs over the end, an odd length, an id twice, or a wrong
// size of one that has a fixed one. What follows MsvAvEOL is skipped: clients put four zeroes there.
//
// The pairs that are the server's to say, those that we do not know included, are echoed to the writer;
// flags, bindings and target name are not: a server that sends them wants its own words back under the
// client's signature.
[[nodiscard]] bool ParseAvPairs(const Bytes& list, AvPairs* parsed, MessageWriter* echo);

// A pair, when it has a value; a name in UTF-16LE.
void WriteAvPair(uint32_t id, const void* value, size_t size, MessageWriter* writer);
void WriteNamePair(uint32_t id, const Text& name_utf8, MessageWriter* writer);

}  // namespace baresspi::ntlm
