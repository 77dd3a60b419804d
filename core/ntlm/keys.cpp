// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/keys.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/base/upcase.h"
#include "core/crypto/hmac_md5.h"
#include "core/ntlm/message_writer.h"

namespace baresspi::ntlm {
namespace {

// The four constants of 3.4.5.2 and 3.4.5.3 are one text with two words that differ.
void DeriveKey(const uint8_t* key, size_t size, bool seal, Direction direction, uint8_t derived[kKeySize]) {
  char text[] = "session key to client-to-server signing key magic constant";  // hashed with its zero
  constexpr size_t kFrom = sizeof "session key to " - 1;
  constexpr size_t kTo = kFrom + sizeof "client-to-" - 1;
  constexpr size_t kWord = kTo + sizeof "server " - 1;
  if (direction == Direction::kServerToClient) {
    Copy(text + kFrom, "server", 6);
    Copy(text + kTo, "client", 6);
  }
  if (seal) Copy(text + kWord, "seal", 4);
  Md5 md5;
  md5.Update(key, size);
  md5.Update(text, sizeof text);
  md5.Finish(derived);
}

}  // namespace

bool NtHash(const Text& password, uint8_t hash[kKeySize]) {
  Md4 md4;
  MessageWriter writer(&md4);
  writer.Utf16le(password);
  md4.Finish(hash);
  return writer.size() < SIZE_MAX / 4;  // else the text is not well-formed
}

void NtOwfV2(const uint8_t nt_hash[kKeySize], Bytes user_utf16le, Bytes domain_utf16le,
             uint8_t ntowfv2[kKeySize]) {
  HmacMd5 hmac(nt_hash);
  MessageWriter writer(&hmac);
  for (size_t i = 0; i + 1 < user_utf16le.size(); i += 2) {
    writer.U16(UpCase(static_cast<char16_t>(LoadU16le(&user_utf16le[i]))));
  }
  hmac.Update(domain_utf16le);
  hmac.Finish(ntowfv2);
}

void Proof(const uint8_t ntowfv2[kKeySize], const uint8_t server_challenge[kChallengeSize], Bytes temp,
           uint8_t proof[kKeySize]) {
  HmacMd5 hmac(ntowfv2);
  hmac.Update(server_challenge, kChallengeSize);
  hmac.Update(temp);
  hmac.Finish(proof);
}

void SessionBaseKey(const uint8_t ntowfv2[kKeySize], const uint8_t nt_proof[kKeySize],
                    uint8_t key[kKeySize]) {
  HmacMd5 hmac(ntowfv2);
  hmac.Update(nt_proof, kKeySize);
  hmac.Finish(key);
}

void SignKey(const uint8_t exported_session_key[kKeySize], Direction direction, uint8_t key[kKeySize]) {
  DeriveKey(exported_session_key, kKeySize, false, direction, key);
}

void SealKey(const uint8_t exported_session_key[kKeySize], uint32_t flags, Direction direction,
             uint8_t key[kKeySize]) {
  size_t size = 5;
  if ((flags & kNegotiate56) != 0) size = 7;
  if ((flags & kNegotiate128) != 0) size = kKeySize;
  DeriveKey(exported_session_key, size, true, direction, key);
}

}  // namespace baresspi::ntlm
