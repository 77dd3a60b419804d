// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ntlm/peer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/crypto/hmac_md5.h"
#include "core/crypto/md.h"

namespace ntlm_test {
namespace {

const Octets kNoMic(16);

size_t KeySize(uint32_t flags) {
  if ((flags & k128) != 0) return 16;
  return (flags & k56) != 0 ? 7 : 5;
}

const char* Direction(From from) {
  return from == From::kClient ? "client-to-server" : "server-to-client";
}

Octets MagicKey(const Octets& key, From from, const std::string& purpose) {
  const std::string magic =
      std::string("session key to ") + Direction(from) + " " + purpose + " key magic constant";
  return HashMd5(Join({key, Ascii(magic), {0}}));
}

}  // namespace

Octets HashMd5(const Octets& message) {
  baresspi::Md5 md5;
  md5.Update(message.data(), message.size());
  Octets digest(16);
  md5.Finish(digest.data());
  return digest;
}

Octets Mac(const Octets& key, const Octets& message) {
  baresspi::HmacMd5 hmac(key.data());
  hmac.Update(message.data(), message.size());
  Octets mac(16);
  hmac.Finish(mac.data());
  return mac;
}

Octets Rc4(const Octets& key, const Octets& data) {
  baresspi::Rc4 cipher;
  cipher.Key(key.data(), key.size());
  Octets out = data;
  cipher.Apply(out.data(), out.size());
  return out;
}

Octets NtHash(std::u16string_view password) {
  const Octets octets = Utf16(password);
  baresspi::Md4 md4;
  md4.Update(octets.data(), octets.size());
  Octets hash(16);
  md4.Finish(hash.data());
  return hash;
}

Octets ResponseKey(const Octets& nt_hash, std::u16string_view upper_user, std::u16string_view domain) {
  return Mac(nt_hash, Join({Utf16(upper_user), Utf16(domain)}));
}

Octets SignKey(const Octets& session_key, From from) {
  return MagicKey(session_key, from, "signing");
}

Octets SealKey(const Octets& session_key, uint32_t flags, From from) {
  return MagicKey(Part(session_key, 0, KeySize(flags)), from, "sealing");
}

PeerChannel::PeerChannel(const Octets& session_key, uint32_t flags, From from)
    : flags_(flags), sign_key_(SignKey(session_key, from)) {
  const Octets key = SealKey(session_key, flags, from);
  cipher_.Key(key.data(), key.size());
}

Octets PeerChannel::Finish(const Octets& mac) {
  Octets checksum = Part(mac, 0, 8);
  if ((flags_ & kKeyExch) != 0) cipher_.Apply(checksum.data(), checksum.size());
  return Join({U32(1), checksum, U32(sequence++)});
}

Octets PeerChannel::Seal(Octets* message) {
  const Octets mac = Mac(sign_key_, Join({U32(sequence), *message}));
  cipher_.Apply(message->data(), message->size());
  return Finish(mac);
}

Octets PeerChannel::Sign(const Octets& message) {
  return Finish(Mac(sign_key_, Join({U32(sequence), message})));
}

Octets LmV2Response(const Octets& response_key, const Octets& server_challenge,
                    const Octets& client_challenge) {
  return Join({Mac(response_key, Join({server_challenge, client_challenge})), client_challenge});
}

Octets PeerClient::Answer(const Octets& negotiate, const Octets& challenge_token) {
  const Challenge challenge = ReadChallenge(challenge_token);
  AvPairs answer_pairs = ReadPairs(challenge.target_info);
  const Octets server_time = ValueOf(answer_pairs, kAvTimestamp);
  const uint32_t mic_flag = announces_mic ? kAvFlagMic : 0;
  if (av_flags.value_or(mic_flag) != 0) answer_pairs.push_back({kAvFlags, U32(av_flags.value_or(mic_flag))});
  answer_pairs.insert(answer_pairs.end(), more_pairs.begin(), more_pairs.end());

  const Octets response_key =
      ResponseKey(nt_hash.value_or(NtHash(password)), upper_user, hashed_domain.value_or(domain));
  Octets stamp(8);
  if (!server_time.empty()) stamp = server_time;
  if (time) stamp = U64(*time);
  const Octets temp = Join({response_version, Octets(6), stamp, client_challenge, U32(0),
                            pairs.value_or(MakePairs(answer_pairs)), after_pairs});
  const Octets proof = Mac(response_key, Join({challenge.challenge, temp}));
  const Octets base_key = Mac(response_key, proof);

  // The dialect's own flags stay, the rest is what the server granted too.
  constexpr uint32_t kAlways = kUnicode | kNtlm | kExtendedSecurity | kVersion;
  agreed_flags = (flags & (challenge.flags | kAlways)) | kTargetInfo | extra_flags;
  Authenticate a;
  a.flags = agreed_flags;
  a.header = header;
  a.user = Utf16(user);
  a.domain = Utf16(domain);
  a.workstation = Utf16(workstation);
  a.lm = lm.value_or(Octets(24));
  a.nt = nt.value_or(Join({proof, temp}));
  session_key = base_key;
  if ((agreed_flags & kKeyExch) != 0) {
    session_key = random_session_key;
    a.key = Rc4(base_key, random_session_key);
  }
  if (key) a.key = *key;
  if (!writes_mic || header < 80) return Make(a);
  a.mic = kNoMic;
  a.mic = Mac(session_key, Join({negotiate, challenge_token, Make(a)}));
  return Make(a);
}

Octets PeerServer::MakeChallenge() const {
  ntlm_test::Challenge message;
  message.flags = flags;
  message.challenge = challenge;
  message.target_name = Utf16(target_name);
  message.header = header;
  AvPairs all = pairs;
  if (time) all.push_back({kAvTimestamp, U64(*time)});
  message.target_info = target_info.value_or(MakePairs(all));
  return Make(message);
}

Login TakeLogin(const Octets& negotiate, const Octets& challenge_token, const Octets& authenticate,
                const Account& account) {
  Login login;
  login.message = ReadAuthenticate(authenticate);
  const Octets& nt = login.message.nt;
  EXPECT_GE(nt.size(), 48u);
  if (nt.size() < 48) return login;
  EXPECT_EQ(Hex(Part(nt, 16, 8)), "0101000000000000");  // RespType, HiRespType, reserved
  login.time = GetU64(nt, 24);
  login.client_challenge = Part(nt, 32, 8);
  EXPECT_EQ(GetU32(nt, 40), 0u);
  login.pairs = ReadPairs(Part(nt, 44));
  const Octets server_challenge = ReadChallenge(challenge_token).challenge;
  const Octets response_key = ResponseKey(NtHash(account.password), account.upper_user, account.domain);
  const Octets proof = Mac(response_key, Join({server_challenge, Part(nt, 16)}));
  login.proof_is_right = proof == Part(nt, 0, 16);
  login.session_key = Mac(response_key, proof);
  if ((login.message.flags & kKeyExch) != 0) {
    EXPECT_EQ(login.message.key.size(), 16u);
    login.session_key = Rc4(login.session_key, login.message.key);
  }
  if (login.message.mic.empty()) return login;
  Octets without = authenticate;
  const auto at = static_cast<ptrdiff_t>(MicOffset(login.message.header));
  std::fill_n(without.begin() + at, 16, uint8_t{0});
  login.mic_is_right =
      Mac(login.session_key, Join({negotiate, challenge_token, without})) == login.message.mic;
  return login;
}

}  // namespace ntlm_test
