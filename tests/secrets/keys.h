// SPDX-License-Identifier: Apache-2.0
// The secrets of a login by NTLM, made of what is known outside of the library.
#pragma once

#include <baresspi/sspi.h>

#include "core/base/span.h"

namespace secrets {

using baresspi::Bytes;

inline constexpr size_t kKeySize = 16;
inline constexpr size_t kMicAt = 72;  // of an AUTHENTICATE, [MS-NLMP] 2.2.1.3
// What the programs keep of secrets themselves they keep XOR this, since their memory is searched.
inline constexpr uint8_t kMask = 0xC6;

void HashOf(const char* password, size_t octets, uint8_t hash[kKeySize]);
// A token's message of this type (2: CHALLENGE, 3: AUTHENTICATE), be it in Negotiate's token; nullptr: none.
const uint8_t* FindMessage(Bytes token, uint8_t type);

// password16 may be nullptr.
void NotePassword(const char* password, const char16_t* password16, size_t length);
// Of EXAMPLE\alice, and what the server tries with no domain.
void NoteAccount(const uint8_t hash[kKeySize]);

// What follows from the messages of a login under an NT hash: the client's or, where that differs, the
// server's.
struct Session {
  uint8_t base_key[kKeySize];  // SessionBaseKey, which is the KeyExchangeKey too
  uint8_t key[kKeySize];       // ExportedSessionKey
};
void MakeSession(Bytes challenge, Bytes authenticate, const uint8_t hash[kKeySize], Session* session);
void NoteSession(Bytes challenge, Bytes authenticate, const uint8_t hash[kKeySize], bool datagrams);

}  // namespace secrets
