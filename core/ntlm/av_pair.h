// SPDX-License-Identifier: Apache-2.0
// AV_PAIR lists, [MS-NLMP] 2.2.2.1: the TargetInfo of a CHALLENGE and the AvPairs of an NTLMv2_RESPONSE.
#pragma once

#include "core/base/span.h"
#include "core/ntlm/message_writer.h"

namespace baresspi::ntlm {

// What a list says, as views into it; an absent pair is an empty view.
struct AvPairs {
  Bytes pairs;             // all of them, MsvAvEOL excluded
  Bytes flags;             // 4
  Bytes timestamp;         // 8
  Bytes target_name;       // UTF-16LE
  Bytes channel_bindings;  // 16
};

// False for a list without MsvAvEOL, a pair that runs over the end, an odd length, an id twice, or a wrong
// size of one that has a fixed one. What follows MsvAvEOL is skipped: clients put four zeroes there.
[[nodiscard]] bool ParseAvPairs(Bytes list, AvPairs* parsed);

// What the client adds to the server's pairs ([MS-NLMP] 3.1.5.1.2).
struct ClientAvPairs {
  uint32_t flags;          // MsvAvFlags to be set, or'ed to the server's; 0: the server's stay as they are
  Bytes channel_bindings;  // empty: no pair
  Bytes target_name;       // UTF-16LE; empty: no pair
};

// The server's pairs, those that we do not know included, with the client's in place of what is the client's
// to say; MsvAvEOL.
void WriteClientAvPairs(const AvPairs& server, const ClientAvPairs& client, MessageWriter* writer);

}  // namespace baresspi::ntlm
