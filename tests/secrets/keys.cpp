// SPDX-License-Identifier: Apache-2.0
#include "tests/secrets/keys.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/crypto/md.h"
#include "core/crypto/md_tables.h"
#include "core/crypto/rc4.h"
#include "core/ntlm/keys.h"
#include "tests/secrets/program.h"

namespace secrets {
namespace {

using namespace baresspi;  // NOLINT(google-build-using-namespace)
using ntlm::Direction;

constexpr uint8_t kUser[] = {'a', 0, 'l', 0, 'i', 0, 'c', 0, 'e', 0};
constexpr uint8_t kDomain[] = {'E', 0, 'X', 0, 'A', 0, 'M', 0, 'P', 0, 'L', 0, 'E', 0};

// Where MD5 stands after one block (RFC 1321 3.4): HMAC's inner and outer hash once they have taken the key
// (RFC 2104 4), which is as good as the key.
void AfterBlock(const uint8_t block[64], uint32_t state[4]) {
  static constexpr uint8_t kShifts[4][4] = {
      {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  static constexpr uint8_t kSteps[4] = {1, 5, 3, 7};
  static constexpr uint8_t kFirst[4] = {0, 1, 5, 0};
  constexpr uint32_t kStart[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  uint32_t a = kStart[0], b = kStart[1], c = kStart[2], d = kStart[3];
  for (uint32_t i = 0; i < 64; ++i) {
    const uint32_t round = i / 16;
    const uint32_t mixes[4] = {(b & c) | (~b & d), (b & d) | (c & ~d), b ^ c ^ d, c ^ (b | ~d)};
    const uint32_t word = LoadU32le(block + (kFirst[round] + i * kSteps[round]) % 16 * 4);
    const uint32_t sum = a + mixes[round] + word + kMdAddends[3 + i];
    const uint32_t shift = kShifts[round][i % 4];
    a = d;
    d = c;
    c = b;
    b += (sum << shift) | (sum >> (32 - shift));
  }
  const uint32_t end[4] = {a, b, c, d};
  for (size_t i = 0; i < 4; ++i) state[i] = kStart[i] + end[i];
}

void NoteMacKey(const char* name, const uint8_t key[kKeySize], Life life) {
  Note(name, key, kKeySize, life);
  static constexpr uint8_t kPads[] = {0x36, 0x5c};
  for (const uint8_t pad : kPads) {
    uint8_t padded[64];
    uint32_t state[4];
    for (size_t i = 0; i < sizeof padded; ++i)
      padded[i] = static_cast<uint8_t>(i < kKeySize ? key[i] ^ pad : pad);
    Note(pad == 0x36 ? "ipad of a MAC's key" : "opad of a MAC's key", padded, kKeySize, Life::kCall);
    AfterBlock(padded, state);
    Note("keyed state of a MAC", state, sizeof state, Life::kCall);
  }
}

void NoteCipher(const uint8_t key[kKeySize], Life life) {
  Note("cipher's key", key, kKeySize, Life::kCall);
  Rc4 cipher;
  cipher.Key(key, kKeySize);
  Note("RC4's table", cipher.s, sizeof cipher.s, life);
}

// A field of an AUTHENTICATE ([MS-NLMP] 2.2.1.3) that is described at an offset.
Bytes Field(Bytes token, size_t at) {
  const uint8_t* const message = FindMessage(token, 3);
  const Bytes whole(message, static_cast<size_t>(token.end() - message));
  return whole.Sub(LoadU32le(message + at + 4), LoadU16le(message + at));
}

// The proof that is right under the hash, with a domain's name in it or none.
void ProofOf(Bytes challenge, Bytes authenticate, const uint8_t hash[kKeySize], Bytes domain,
             uint8_t ntowfv2[kKeySize], uint8_t proof[kKeySize]) {
  ntlm::NtOwfV2(hash, kUser, domain, ntowfv2);
  ntlm::Proof(ntowfv2, FindMessage(challenge, 2) + 24, Field(authenticate, 20).Sub(kKeySize), proof);
}

void NoteSessionKey(const uint8_t key[kKeySize], bool datagrams) {
  constexpr uint32_t kFlags = 0x20000000 | 0x80000000;  // 128 bits, 56 bits
  NoteMacKey("ExportedSessionKey", key, Life::kContext);
  static constexpr Direction kBoth[] = {Direction::kClientToServer, Direction::kServerToClient};
  for (const Direction direction : kBoth) {
    uint8_t derived[kKeySize];
    ntlm::SignKey(key, direction, derived);
    NoteMacKey("SignKey", derived, Life::kContext);
    ntlm::SealKey(key, kFlags, direction, derived);
    NoteCipher(derived, Life::kContext);
    for (uint32_t sequence = 0; sequence < 4 && datagrams; ++sequence) {
      uint8_t octets[4];
      uint8_t message_key[kKeySize];
      StoreU32le(octets, sequence);
      Md5 md5;
      md5.Update(derived, sizeof derived);
      md5.Update(octets);
      md5.Finish(message_key);
      NoteCipher(message_key, Life::kContext);
    }
  }
}

}  // namespace

void HashOf(const char* password, size_t octets, uint8_t hash[kKeySize]) {
  (void)ntlm::NtHash(Text::Utf8(password, octets), hash);
}

const uint8_t* FindMessage(Bytes token, uint8_t type) {
  const uint8_t head[] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, type, 0, 0, 0};
  for (size_t at = 0; at + sizeof head <= token.size(); ++at) {
    if (Equal(token.Sub(at, sizeof head), head)) return &token[at];
  }
  return nullptr;
}

void NotePassword(const char* password, const char16_t* password16, size_t length) {
  Note("password in UTF-8", password, length, Life::kCall);
  if (password16 != nullptr) Note("password in UTF-16", password16, 2 * length, Life::kCall);
}

void NoteAccount(const uint8_t hash[kKeySize]) {
  uint8_t ntowfv2[kKeySize];
  NoteMacKey("NT hash", hash, Life::kCall);
  ntlm::NtOwfV2(hash, kUser, kDomain, ntowfv2);
  NoteMacKey("NTOWFv2", ntowfv2, Life::kCredential);
  ntlm::NtOwfV2(hash, kUser, Bytes(), ntowfv2);
  NoteMacKey("NTOWFv2 without domain", ntowfv2, Life::kCall);
}

void MakeSession(Bytes challenge, Bytes authenticate, const uint8_t hash[kKeySize], Session* session) {
  uint8_t ntowfv2[kKeySize];
  uint8_t proof[kKeySize];
  ProofOf(challenge, authenticate, hash, kDomain, ntowfv2, proof);
  ntlm::SessionBaseKey(ntowfv2, proof, session->base_key);
  Copy(session->key, session->base_key, kKeySize);
  const Bytes encrypted = Field(authenticate, 52);
  if (encrypted.size() != kKeySize) return;
  Rc4 cipher;
  cipher.Key(session->base_key, kKeySize);
  Copy(session->key, encrypted.data(), kKeySize);
  cipher.Apply(session->key, kKeySize);
}

void NoteSession(Bytes challenge, Bytes authenticate, const uint8_t hash[kKeySize], bool datagrams) {
  const Bytes domains[] = {kDomain, Bytes()};
  for (const Bytes& domain : domains) {
    uint8_t ntowfv2[kKeySize];
    uint8_t proof[kKeySize];
    uint8_t base_key[kKeySize];
    ProofOf(challenge, authenticate, hash, domain, ntowfv2, proof);
    // One that did not go over would let its owner in.
    if (!Equal(proof, Field(authenticate, 20).Sub(0, kKeySize)))
      Note("right NTProofStr", proof, kKeySize, Life::kCall);
    ntlm::SessionBaseKey(ntowfv2, proof, base_key);
    NoteMacKey("SessionBaseKey", base_key, Life::kCall);
    NoteCipher(base_key, Life::kCall);
  }
  Session session;
  MakeSession(challenge, authenticate, hash, &session);
  NoteSessionKey(session.key, datagrams);
}

}  // namespace secrets
