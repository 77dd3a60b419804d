// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/keys.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/base/upcase.h"
#include "core/crypto/hmac_md5.h"

namespace baresspi::ntlm {
namespace {

void UpdateUnit(MdStream* digest, char16_t unit) {
  const uint8_t octets[2] = {static_cast<uint8_t>(unit), static_cast<uint8_t>(unit >> 8)};
  digest->Update(octets, sizeof octets);
}

// The constants of 3.4.5.2 and 3.4.5.3 differ in two words: "session key to <direction> <purpose> key magic
// constant".
void DeriveKey(const uint8_t* key, size_t size, bool seal, Direction direction, uint8_t derived[kKeySize]) {
  static constexpr char kStart[] = "session key to ";
  static constexpr char kClient[] = "client-to-server ";
  static constexpr char kServer[] = "server-to-client ";
  static constexpr char kSign[] = "signing";
  static constexpr char kSeal[] = "sealing";
  static constexpr char kEnd[] = " key magic constant";  // hashed with its zero
  Md5 md5;
  md5.Update(key, size);
  md5.Update(kStart, sizeof kStart - 1);
  md5.Update(direction == Direction::kClientToServer ? kClient : kServer, sizeof kClient - 1);
  md5.Update(seal ? kSeal : kSign, sizeof kSign - 1);
  md5.Update(kEnd, sizeof kEnd);
  md5.Finish(derived);
}

}  // namespace

bool NtHash(const Text& password, uint8_t hash[kKeySize]) {
  TextReader reader(password);
  Md4 md4;
  char16_t unit = 0;
  while (reader.Next(&unit)) UpdateUnit(&md4, unit);
  md4.Finish(hash);
  return reader.ok();
}

void NtOwfV2(const uint8_t nt_hash[kKeySize], Bytes user_utf16le, Bytes domain_utf16le,
             uint8_t ntowfv2[kKeySize]) {
  HmacMd5 hmac(nt_hash);
  for (size_t i = 0; i + 1 < user_utf16le.size(); i += 2) {
    const char16_t upper = UpCase(static_cast<char16_t>(LoadU16le(&user_utf16le[i])));
    const uint8_t octets[2] = {static_cast<uint8_t>(upper), static_cast<uint8_t>(upper >> 8)};
    hmac.Update(octets, sizeof octets);
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
