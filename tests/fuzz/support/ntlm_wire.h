// SPDX-License-Identifier: Apache-2.0
// NTLM's messages as a hostile peer makes them ([MS-NLMP] 2.2): in parts that an input edits one by one, and
// put together again with lengths, offsets, proof and MIC that fit, or not.
#pragma once

#include <array>

#include "core/ntlm/protocol.h"
#include "tests/fuzz/support/octets.h"

namespace fuzz {

using Key = std::array<uint8_t, 16>;

// ---- Edits that know nothing of what they edit. ----

// So many as the input says: octets and numbers set, bits turned, parts put in, left out, doubled; the end
// cut off.
void EditOctets(Input* input, Octets* octets);

// ---- AV_PAIRs. ----

struct Pair {
  uint16_t id;
  Octets value;
};
using Pairs = std::vector<Pair>;

// As far as they can be read; without MsvAvEOL.
Pairs SplitPairs(const baresspi::Bytes& list);
// With MsvAvEOL.
Octets JoinPairs(const Pairs& pairs);
void EditPairs(Input* input, Pairs* pairs);
// The first one of an id; nullptr: none.
const Octets* FindPair(const Pairs& pairs, uint16_t id);

// ---- CHALLENGE and AUTHENTICATE. ----

// A CHALLENGE, with edits: its flags, challenge, target name and AV_PAIRs, then its octets.
Octets EditChallenge(Input* input, const Octets& challenge);

struct Authenticate {
  Octets lm = Octets(24);
  Octets nt;                         // NTLMv2_RESPONSE; its first 16 octets are the proof
  Octets domain, user, workstation;  // UTF-16LE
  Octets session_key;
  uint32_t flags = 0;
  size_t head = baresspi::ntlm::kAuthenticateHeader;  // 64: no Version, no MIC; 72; 80; 88: both
};
Octets Join(const Authenticate& message);

Octets Utf16le(const char* ascii);
void PutU32(Octets* octets, size_t at, uint32_t value);
uint32_t GetU32(const Octets& octets, size_t at);

// Of the account that everybody here knows.
Key NtOwf(const Octets& user, const Octets& domain);
// NTProofStr over the server's challenge and the response behind its first 16 octets.
Key ProofOf(const Key& ntowf, const uint8_t* server_challenge, const Octets& nt);
// The key that a session key is encrypted under.
Key BaseKey(const Key& ntowf, const Key& proof);
Octets Encrypted(const Key& key, const Octets& text);
// Over the three messages, the third with zeroes in place of its MIC (3.1.5.1.2).
Key Mic(const Key& session_key, const Octets& negotiate, const Octets& challenge, Octets authenticate,
        size_t mic_offset);

}  // namespace fuzz
