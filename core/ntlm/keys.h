// SPDX-License-Identifier: Apache-2.0
// Keys and proofs of NTLMv2 with extended session security, [MS-NLMP] 3.3.2 and 3.4.5. Every key is 16
// octets.
#pragma once

#include "core/base/utf.h"
#include "core/ntlm/protocol.h"

namespace baresspi::ntlm {

// NTOWFv1: MD4 of the password in UTF-16LE. False when the text is not well-formed.
[[nodiscard]] bool NtHash(const Text& password, uint8_t hash[kKeySize]);

// NTOWFv2: HMAC-MD5 under the NT hash over the user's name in upper case and the domain as it is, both
// UTF-16LE. The result may lie where the hash does.
void NtOwfV2(const uint8_t nt_hash[kKeySize], const Bytes& user_utf16le, const Bytes& domain_utf16le,
             uint8_t ntowfv2[kKeySize]);

// NTProofStr, and with the ClientChallenge alone as temp, the proof of the LMv2 response (3.3.2): HMAC-MD5
// under NTOWFv2 over ServerChallenge and temp.
void Proof(const uint8_t ntowfv2[kKeySize], const uint8_t server_challenge[kChallengeSize], const Bytes& temp,
           uint8_t proof[kKeySize]);

// SessionBaseKey, which is NTLMv2's KeyExchangeKey too (3.3.2, 3.4.5.1).
void SessionBaseKey(const uint8_t ntowfv2[kKeySize], const uint8_t nt_proof[kKeySize], uint8_t key[kKeySize]);

enum class Direction : uint8_t { kClientToServer = 0, kServerToClient = 1 };

// The strength of what seals messages, by the flags agreed: 128, 56 or 40.
constexpr uint32_t KeyBits(uint32_t flags) {
  if ((flags & kNegotiate128) != 0) return 128;
  return (flags & kNegotiate56) != 0 ? 56 : 40;
}

// SIGNKEY, 3.4.5.2.
void SignKey(const uint8_t exported_session_key[kKeySize], Direction direction, uint8_t key[kKeySize]);

// SEALKEY, 3.4.5.3: of the whole key, or of its first 7 or 5 octets, by the flags agreed.
void SealKey(const uint8_t exported_session_key[kKeySize], uint32_t flags, Direction direction,
             uint8_t key[kKeySize]);

}  // namespace baresspi::ntlm
