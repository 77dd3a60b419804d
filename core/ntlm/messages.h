// SPDX-License-Identifier: Apache-2.0
// The three messages of NTLM as their receiver sees them ([MS-NLMP] 2.2.1): views into the token, every field
// within it.
#pragma once

#include "core/base/span.h"
#include "core/ntlm/protocol.h"

namespace baresspi::ntlm {

struct NegotiateMessage {
  uint32_t flags;
};

struct ChallengeMessage {
  uint32_t flags;
  const uint8_t* server_challenge;  // 8 octets
  Bytes target_info;                // empty: the server is too old to have one
};

struct AuthenticateMessage {
  Bytes lm_response;  // 0, 1 (anonymous) or 24
  Bytes nt_response;
  Bytes domain;  // UTF-16LE, as the next two
  Bytes user;
  Bytes workstation;
  Bytes session_key;  // EncryptedRandomSessionKey
  uint32_t flags;
  size_t mic_offset;  // 0: the message has no room for one
};

// Each fills a fresh one, and is false when the token is not a message of its kind. NEGOTIATE: of 16 octets
// and more; its names (OEM) are not looked at. AUTHENTICATE: whether it holds Version and MIC follows from
// where its payload begins, for senders differ.
[[nodiscard]] bool ParseNegotiate(const Bytes& token, NegotiateMessage* message);
[[nodiscard]] bool ParseChallenge(const Bytes& token, ChallengeMessage* message);
[[nodiscard]] bool ParseAuthenticate(const Bytes& token, AuthenticateMessage* message);

}  // namespace baresspi::ntlm
