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

// What protects messages: of those from the client, then of those from the server.
struct Keys {
  uint8_t sign[2][kKey];
  uint8_t seal_key[2][kKey];
  Rc4 seal[2];
  uint32_t sequence[2];
};
struct Side {
  uint8_t ntowfv2[kKey];
  uint8_t session_key[kKey];
  Keys keys;
  Package package;
};
constinit Side sides[2] = {};
constinit uint8_t nt_hash[kKey] = {};  // as the server keeps it

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

void StartCiphers(Keys* keys) {
  for (const Who from : kBoth) keys->seal[from].Key(keys->seal_key[from], kKey);
}

// SIGNKEY and SEALKEY (3.4.5.2, 3.4.5.3) of both directions, and their ciphers.
void DeriveKeys(const uint8_t session_key[kKey], Keys* keys) {
  static constexpr char kSign[2][60] = {"session key to client-to-server signing key magic constant",
                                        "session key to server-to-client signing key magic constant"};
  static constexpr char kSeal[2][60] = {"session key to client-to-server sealing key magic constant",
                                        "session key to server-to-client sealing key magic constant"};
  constexpr size_t kMagic = sizeof "session key to client-to-server signing key magic constant";
  for (const Who from : kBoth) {
    Md5 md5;
    md5.Update(session_key, kKey);
    md5.Update(kSign[from], kMagic);
    md5.Finish(keys->sign[from]);
    md5.Start();
    md5.Update(session_key, kKey);
    md5.Update(kSeal[from], kMagic);
    md5.Finish(keys->seal_key[from]);
    keys->sequence[from] = 0;
  }
  StartCiphers(keys);
}

// Checksum of a signature (3.4.4.2).
void Sign(Keys* keys, Who from, const uint8_t* text, size_t size, uint8_t checksum[kKey]) {
  HmacMd5 hmac(keys->sign[from]);
  hmac.Update(&keys->sequence[from], sizeof keys->sequence[from]);
  hmac.Update(text, size);
  hmac.Finish(checksum);
  ++keys->sequence[from];
}

bool Same(const uint8_t* a, const uint8_t* b, size_t size) {
  bool same = true;
  for (size_t i = 0; i < size; ++i) same = same && a[i] == b[i];
  return same;
}

// SPNEGO's mechListMIC (RFC 4178 5): made by one side, checked by the other. After both the ciphers start
// anew.
constexpr uint8_t kMechTypeList[14] = {};

void MakeListMic(Who who, uint8_t mic[kKey]) {
  Keys& keys = sides[who].keys;
  Sign(&keys, who, kMechTypeList, sizeof kMechTypeList, mic);
  keys.seal[who].Apply(mic, kChallenge);
}

bool CheckListMic(Who who, const uint8_t* mic) {
  Keys& keys = sides[who].keys;
  const Who from = who == kClient ? kServer : kClient;
  uint8_t checksum[kKey];
  Sign(&keys, from, kMechTypeList, sizeof kMechTypeList, checksum);
  keys.seal[from].Apply(checksum, kChallenge);
  return Same(checksum, mic, kChallenge);
}

bool Start() {
  Md4 md4;
  md4.Update(kWidePassword.octets, sizeof kWidePassword.octets);
  md4.Finish(nt_hash);
  return true;
}

bool Acquire(Who who, Package package) {
  sides[who].package = package;
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
  Rc4& cipher = side.keys.seal[0];
  cipher.Key(key_exchange_key, kKey);
  cipher.Apply(out->octets + kSessionKeyAt, kKey);
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
  Rc4& cipher = side.keys.seal[0];
  cipher.Key(key_exchange_key, kKey);
  cipher.Apply(side.session_key, kKey);
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
constinit int turns[2] = {};

// With Negotiate the client's second token and the server's have a mechListMIC.
Progress ClientStep(const Token& in, Token* out) {
  const bool negotiates = sides[kClient].package == Package::kNegotiate;
  if (turns[kClient] == 2) {
    Authenticate(in, out);
    if (!negotiates) return Progress::kDone;
    MakeListMic(kClient, out->octets + out->size);
    out->size += kKey;
    return Progress::kGoesOn;
  }
  out->size = 0;
  if (!CheckListMic(kClient, in.octets)) return Progress::kFailed;
  StartCiphers(&sides[kClient].keys);
  return Progress::kDone;
}

Progress ServerStep(Token* in, Token* out) {
  const bool negotiates = sides[kServer].package == Package::kNegotiate;
  if (negotiates) in->size -= kKey;
  if (!Admit(*the_challenge, in)) return Progress::kFailed;
  out->size = 0;
  if (!negotiates) return Progress::kDone;
  if (!CheckListMic(kServer, in->octets + in->size)) return Progress::kFailed;
  MakeListMic(kServer, out->octets);
  out->size = kKey;
  StartCiphers(&sides[kServer].keys);
  return Progress::kDone;
}

Progress Step(Who who, const Token* in, Token* out) {
  if (++turns[who] == 1) {
    out->size = who == kClient ? kNegotiateSize : kChallengeSize;
    if (who == kServer) the_challenge = out;
    return Progress::kGoesOn;
  }
  return who == kClient ? ClientStep(*in, out) : ServerStep(const_cast<Token*>(in), out);
}

bool End(Who who) {
  turns[who] = 0;
  return true;
}

bool Protect(Protection protection, Message* message) {
  Keys& keys = sides[kClient].keys;
  Sign(&keys, kClient, message->text, message->size, message->signature);
  if (protection == Protection::kSealed) keys.seal[kClient].Apply(message->text, message->size);
  keys.seal[kClient].Apply(message->signature, kChallenge);
  return true;
}

bool Unprotect(Protection protection, Message* message) {
  Keys& keys = sides[kServer].keys;
  if (protection == Protection::kSealed) keys.seal[kClient].Apply(message->text, message->size);
  uint8_t checksum[kKey];
  Sign(&keys, kClient, message->text, message->size, checksum);
  keys.seal[kClient].Apply(checksum, kChallenge);
  return Same(checksum, message->signature, kChallenge);
}

}  // namespace

constexpr Subject kBare = {"bare crypto", true, true, Start, Acquire, Release, Step, End, Protect, Unprotect};

}  // namespace bench
