// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/keys.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/base/upcase.h"
#include "core/crypto/hmac_md5.h"
#include "core/ntlm/message_writer.h"

namespace baresspi::ntlm {
namespace {

// The constants of 3.4.5.2 and 3.4.5.3: "session key to <direction> <purpose> key magic constant" and its
// zero. Sealing in use's second bit, the direction in its first.
constexpr uint32_t kSealing = 2;

#if BARESSPI_CRYPTO_FAST

void DeriveKey(const uint8_t* key, size_t size, uint32_t use, uint8_t derived[kKeySize]) {
  constexpr size_t kMagicSize = sizeof "session key to client-to-server signing key magic constant";
  static constexpr char kMagic[][kMagicSize] = {"session key to client-to-server signing key magic constant",
                                                "session key to server-to-client signing key magic constant",
                                                "session key to client-to-server sealing key magic constant",
                                                "session key to server-to-client sealing key magic constant"};
  Md5 md5;
  md5.Update(key, size);
  md5.Update(kMagic[use], kMagicSize);
  md5.Finish(derived);
}

#else

void DeriveKey(const uint8_t* key, size_t size, uint32_t use, uint8_t derived[kKeySize]) {
  static constexpr char kStart[] = "session key to ";
  static constexpr char kDirections[] = "client-to-server-to-client";
  constexpr size_t kDirectionSize = sizeof "client-to-server" - 1;
  constexpr size_t kServer = sizeof "client-to-" - 1;
  static constexpr char kPurposes[] = " signing sealing";
  constexpr size_t kPurposeSize = sizeof " signing" - 1;
  Md5 md5;
  md5.Update(key, size);
  md5.Update(kStart, sizeof kStart - 1);
  md5.Update(kDirections + (use & 1) * kServer, kDirectionSize);
  md5.Update(kPurposes + (use & kSealing) * (kPurposeSize / kSealing), kPurposeSize);
  md5.Update(" key magic constant", sizeof " key magic constant");
  md5.Finish(derived);
}

#endif

}  // namespace

bool NtHash(const Text& password, uint8_t hash[kKeySize]) {
  Md4 md4;
  MessageWriter writer(&md4);
  writer.Utf16le(password);
  md4.Finish(hash);
  return !writer.malformed();
}

void NtOwfV2(const uint8_t nt_hash[kKeySize], const Bytes& user_utf16le, const Bytes& domain_utf16le,
             uint8_t ntowfv2[kKeySize]) {
  HmacMd5 hmac(nt_hash);
  MessageWriter writer(&hmac);
  for (size_t i = 0; i + 1 < user_utf16le.size(); i += 2) {
    writer.U16(UpCase(static_cast<char16_t>(LoadU16le(&user_utf16le[i]))));
  }
  hmac.Update(domain_utf16le);
  hmac.Finish(ntowfv2);
}

void Proof(const uint8_t ntowfv2[kKeySize], const uint8_t server_challenge[kChallengeSize], const Bytes& temp,
           uint8_t proof[kKeySize]) {
  HmacMd5 hmac(ntowfv2);
  hmac.Update(server_challenge, kChallengeSize);
  hmac.Update(temp);
  hmac.Finish(proof);
}

void SessionBaseKey(const uint8_t ntowfv2[kKeySize], const uint8_t nt_proof[kKeySize],
                    uint8_t key[kKeySize]) {
  // The same as a proof, of its first half and its second.
  Proof(ntowfv2, nt_proof, {nt_proof + kChallengeSize, kKeySize - kChallengeSize}, key);
}

void SignKey(const uint8_t exported_session_key[kKeySize], Direction direction, uint8_t key[kKeySize]) {
  DeriveKey(exported_session_key, kKeySize, static_cast<uint32_t>(direction), key);
}

void SealKey(const uint8_t exported_session_key[kKeySize], uint32_t flags, Direction direction,
             uint8_t key[kKeySize]) {
  DeriveKey(exported_session_key, KeyBits(flags) / 8, static_cast<uint32_t>(direction) | kSealing, key);
}

}  // namespace baresspi::ntlm
