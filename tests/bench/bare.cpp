// SPDX-License-Identifier: Apache-2.0
// The cryptography of an NTLM login and of its messages, with no message code: the digests, MACs and ciphers
// of [MS-NLMP] 3.3.2, 3.4.4.2 and 3.4.5, each once, by BareSSPI's own functions. What goes into them is as
// long as BareSSPI's messages are, and made so that both sides come to the same keys. No heap, no C library.
#include "tests/bench/bare.h"

#include "core/crypto/hmac_md5.h"
#include "core/crypto/rc4.h"
#include "tests/bench/subject.h"

namespace bench {
namespace {

using baresspi::HmacMd5;
using baresspi::Md4;
using baresspi::Md5;
using baresspi::Rc4;

constexpr size_t kKey = 16;
constexpr size_t kChallenge = 8;

// UTF-16LE.
template <size_t kSize>
struct Wide {
  uint8_t octets[2 * (kSize - 1)];
};
template <size_t kSize>
constexpr Wide<kSize> WideOf(const char (&text)[kSize], bool upper) {
  Wide<kSize> wide = {};
  for (size_t i = 0; i + 1 < kSize; ++i) {
    const bool small = text[i] >= 'a' && text[i] <= 'z';
    wide.octets[2 * i] = static_cast<uint8_t>(upper && small ? text[i] - 'a' + 'A' : text[i]);
  }
  return wide;
}
constexpr auto kWidePassword = WideOf(kPassword, false);
constexpr auto kWideUser = WideOf(kUser, true);
constexpr auto kWideDomain = WideOf(kDomain, false);

// What protects the messages that the client sends to the server; the other direction's keys are made and not
// used.
struct Keys {
  uint8_t sign[2][kKey];
  Rc4 seal[2];
  uint32_t sequence;
};
struct Side {
  uint8_t ntowfv2[kKey];
  uint8_t session_key[kKey];
  Keys keys;
};
constinit Side sides[2];
constinit uint8_t nt_hash[kKey];  // as the server keeps it
constinit bool has_negotiated[2];

void NtOwfV2(uint8_t out[kKey]) {
  HmacMd5 hmac(nt_hash);
  hmac.Update(kWideUser.octets, sizeof kWideUser.octets);
  hmac.Update(kWideDomain.octets, sizeof kWideDomain.octets);
  hmac.Finish(out);
}

// NTProofStr over ServerChallenge and temp, then SessionBaseKey (3.3.2).
void Prove(const uint8_t ntowfv2[kKey], const Token& challenge, const uint8_t* temp, uint8_t proof[kKey],
           uint8_t session_base_key[kKey]) {
  HmacMd5 hmac(ntowfv2);
  hmac.Update(challenge.octets + kServerChallengeAt, kChallenge);
  hmac.Update(temp, kTempSize);
  hmac.Finish(proof);
  HmacMd5 base(ntowfv2);
  base.Update(proof, kKey);
  base.Finish(session_base_key);
}

// The MIC over the three messages (3.1.5.1.2).
void Mic(const uint8_t key[kKey], const Token& authenticate, uint8_t out[kKey]) {
  static constexpr uint8_t kMessages[kNegotiateSize + kChallengeSize] = {};
  HmacMd5 hmac(key);
  hmac.Update(kMessages, sizeof kMessages);
  hmac.Update(authenticate.octets, authenticate.size);
  hmac.Finish(out);
}

// SIGNKEY and SEALKEY (3.4.5.2, 3.4.5.3) of both directions, and their ciphers.
void DeriveKeys(const uint8_t session_key[kKey], Keys* keys) {
  static constexpr char kSign[2][60] = {"session key to client-to-server signing key magic constant",
                                        "session key to server-to-client signing key magic constant"};
  static constexpr char kSeal[2][60] = {"session key to client-to-server sealing key magic constant",
                                        "session key to server-to-client sealing key magic constant"};
  constexpr size_t kMagic = sizeof "session key to client-to-server signing key magic constant";
  for (int direction = 0; direction < 2; ++direction) {
    Md5 md5;
    md5.Update(session_key, kKey);
    md5.Update(kSign[direction], kMagic);
    md5.Finish(keys->sign[direction]);
    uint8_t seal_key[kKey];
    md5.Start();
    md5.Update(session_key, kKey);
    md5.Update(kSeal[direction], kMagic);
    md5.Finish(seal_key);
    keys->seal[direction].Key(seal_key, kKey);
  }
  keys->sequence = 0;
}

bool Start() {
  Md4 md4;
  md4.Update(kWidePassword.octets, sizeof kWidePassword.octets);
  md4.Finish(nt_hash);
  return true;
}

bool Acquire(Who who, Package) {
  if (who == kServer) return true;
  Md4 md4;
  md4.Update(kWidePassword.octets, sizeof kWidePassword.octets);
  md4.Finish(nt_hash);
  NtOwfV2(sides[kClient].ntowfv2);
  return true;
}

bool Release(Who) {
  return true;
}

// The second call of each side. The first has no cryptography.
void Authenticate(const Token& challenge, Token* out) {
  Side& side = sides[kClient];
  uint8_t key_exchange_key[kKey];
  Prove(side.ntowfv2, challenge, out->octets + kTempAt, out->octets + kProofAt, key_exchange_key);
  for (size_t i = 0; i < kKey; ++i)
    side.session_key[i] = out->octets[kSessionKeyAt + i] = static_cast<uint8_t>(i);
  side.keys.seal[0].Key(key_exchange_key, kKey);
  side.keys.seal[0].Apply(out->octets + kSessionKeyAt, kKey);
  out->size = kAuthenticateSize;
  for (size_t i = 0; i < kKey; ++i) out->octets[kMicAt + i] = 0;
  Mic(side.session_key, *out, out->octets + kMicAt);
  DeriveKeys(side.session_key, &side.keys);
}

bool Admit(const Token& challenge, Token* authenticate) {
  Side& side = sides[kServer];
  uint8_t proof[kKey];
  uint8_t key_exchange_key[kKey];
  NtOwfV2(side.ntowfv2);
  Prove(side.ntowfv2, challenge, authenticate->octets + kTempAt, proof, key_exchange_key);
  bool right = true;
  for (size_t i = 0; i < kKey; ++i) {
    right = right && proof[i] == authenticate->octets[kProofAt + i];
    side.session_key[i] = authenticate->octets[kSessionKeyAt + i];
  }
  side.keys.seal[0].Key(key_exchange_key, kKey);
  side.keys.seal[0].Apply(side.session_key, kKey);
  uint8_t said[kKey];
  for (size_t i = 0; i < kKey; ++i) {
    said[i] = authenticate->octets[kMicAt + i];
    authenticate->octets[kMicAt + i] = 0;
  }
  uint8_t mic[kKey];
  Mic(side.session_key, *authenticate, mic);
  for (size_t i = 0; i < kKey; ++i) right = right && mic[i] == said[i];
  DeriveKeys(side.session_key, &side.keys);
  return right;
}

constinit const Token* the_challenge;

Progress Step(Who who, const Token* in, Token* out) {
  if (!has_negotiated[who]) {
    has_negotiated[who] = true;
    out->size = who == kClient ? kNegotiateSize : kChallengeSize;
    if (who == kServer) the_challenge = out;
    return Progress::kGoesOn;
  }
  if (who == kClient) {
    Authenticate(*in, out);
    return Progress::kDone;
  }
  const bool right = Admit(*the_challenge, const_cast<Token*>(in));
  out->size = 0;
  return right ? Progress::kDone : Progress::kFailed;
}

bool End(Who who) {
  has_negotiated[who] = false;
  return true;
}

// Checksum and SeqNum of a signature (3.4.4.2).
void Sign(Keys* keys, const Message& message, uint8_t checksum[kKey]) {
  HmacMd5 hmac(keys->sign[0]);
  hmac.Update(&keys->sequence, sizeof keys->sequence);
  hmac.Update(message.text, message.size);
  hmac.Finish(checksum);
  ++keys->sequence;
}

bool Protect(Protection protection, Message* message) {
  Keys& keys = sides[kClient].keys;
  Sign(&keys, *message, message->signature);
  if (protection == Protection::kSealed) keys.seal[0].Apply(message->text, message->size);
  keys.seal[0].Apply(message->signature, kChallenge);
  return true;
}

bool Unprotect(Protection protection, Message* message) {
  Keys& keys = sides[kServer].keys;
  if (protection == Protection::kSealed) keys.seal[0].Apply(message->text, message->size);
  uint8_t checksum[kKey];
  Sign(&keys, *message, checksum);
  keys.seal[0].Apply(checksum, kChallenge);
  bool right = true;
  for (size_t i = 0; i < kChallenge; ++i) right = right && checksum[i] == message->signature[i];
  return right;
}

}  // namespace

constexpr Subject kBare = {"bare crypto", false, true, Start,   Acquire,
                           Release,       Step,  End,  Protect, Unprotect};

}  // namespace bench
