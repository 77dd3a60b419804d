// SPDX-License-Identifier: Apache-2.0
// NTLM's client against a hostile server: a right CHALLENGE with edits, or octets in its place. Whoever gets
// the answer here knows the password, and looks whether proof, MIC, AV_PAIRs and flags are what [MS-NLMP]
// 3.1.5.1.2 says of that CHALLENGE.
#include <array>

#include "core/base/byte_reader.h"
#include "core/crypto/md.h"
#include "core/ntlm/messages.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/ntlm_wire.h"
#include "tests/fuzz/support/sides.h"

namespace {

using fuzz::Call;
using fuzz::Input;
using fuzz::Key;
using fuzz::Octets;
using fuzz::Result;
using namespace baresspi::ntlm;  // NOLINT(google-build-using-namespace)

constexpr ULONG kRequests[] = {0,
                               ISC_REQ_INTEGRITY,
                               ISC_REQ_CONFIDENTIALITY,
                               ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT,
                               ISC_REQ_DATAGRAM | ISC_REQ_CONFIDENTIALITY,
                               ISC_REQ_NULL_SESSION,
                               ISC_REQ_IDENTIFY | ISC_REQ_INTEGRITY,
                               ISC_REQ_NULL_SESSION | ISC_REQ_CONFIDENTIALITY};
constexpr const char* kTargets[] = {nullptr, "cifs/device.example.test", "", "HTTP/\xC3\xBC"};

// The input's first octets.
struct Options {
  explicit Options(Input* input)
      : first(input->U8()),
        policy(input->U8()),
        call{kRequests[first % 8], kTargets[first / 8 % 4], nullptr} {
    if ((first & 32) != 0) {
      bindings = fuzz::Bindings(input->Take(4));
      call.bindings = &bindings;
    }
  }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  bool anonymous() const { return (call.requested & ISC_REQ_NULL_SESSION) != 0; }
  bool has_mic() const { return (policy & BARESSPI_POLICY_NO_MIC) == 0; }

  unsigned first;
  ULONG policy;
  Octets bindings;
  Call call;
};

Octets ToOctets(const baresspi::Bytes& bytes) {
  return Octets(bytes.begin(), bytes.end());
}

// The AV_PAIRs of the answer: the server's own, and ours.
void CheckPairs(const Options& options, const ChallengeMessage& challenge, const Octets& nt) {
  const fuzz::Pairs theirs = fuzz::SplitPairs(challenge.target_info);
  const fuzz::Pairs pairs = fuzz::SplitPairs({nt.data() + kNtResponseHeader, nt.size() - kNtResponseHeader});
  for (const fuzz::Pair& pair : theirs) {
    if (pair.id == kMsvAvFlags || pair.id == kMsvAvChannelBindings || pair.id == kMsvAvTargetName) continue;
    const Octets* echoed = fuzz::FindPair(pairs, pair.id);
    FUZZ_CHECK(echoed != nullptr && (pair.id > 31 || *echoed == pair.value));
  }
  const Octets* flags = fuzz::FindPair(pairs, kMsvAvFlags);
  const uint32_t value = flags == nullptr ? 0 : fuzz::GetU32(*flags, 0);
  const bool has_info = !challenge.target_info.empty();
  FUZZ_CHECK(!options.has_mic() || !has_info || (value & kAvFlagMic) != 0);
  const Octets* target = fuzz::FindPair(pairs, kMsvAvTargetName);
  const bool named = has_info && options.call.target != nullptr && *options.call.target != 0;
  FUZZ_CHECK(named == (target != nullptr));
  const Octets* bindings = fuzz::FindPair(pairs, kMsvAvChannelBindings);
  FUZZ_CHECK((has_info && options.call.bindings != nullptr) == (bindings != nullptr));
  if (bindings != nullptr) {
    // The structure as it is hashed: the offset gives way to what lies there.
    Octets hashed(options.bindings.begin(), options.bindings.begin() + 28);
    hashed.insert(hashed.end(), options.bindings.begin() + 32, options.bindings.end());
    hashed.erase(hashed.begin() + 20, hashed.begin() + 24);
    hashed.erase(hashed.begin() + 8, hashed.begin() + 12);
    baresspi::Md5 md5;
    md5.Update(hashed.data(), hashed.size());
    Key hash;
    md5.Finish(hash.data());
    FUZZ_CHECK(std::equal(hash.begin(), hash.end(), bindings->begin(), bindings->end()));
  }
  const Octets* timestamp = fuzz::FindPair(theirs, kMsvAvTimestamp);
  if (timestamp != nullptr) FUZZ_CHECK(std::equal(timestamp->begin(), timestamp->end(), nt.begin() + 24));
}

// The answer is right for this CHALLENGE.
void CheckAnswer(const Options& options, const Octets& negotiate, const Octets& sent, const Octets& answer) {
  ChallengeMessage challenge = {};
  FUZZ_CHECK(ParseChallenge({sent.data(), sent.size()}, &challenge));
  AuthenticateMessage message = {};
  FUZZ_CHECK(ParseAuthenticate({answer.data(), answer.size()}, &message));
  FUZZ_CHECK(message.mic_offset == kAuthenticateMic);
  // Nothing holds that the server did not grant.
  FUZZ_CHECK((message.flags & kAgreedFlags & ~challenge.flags) == 0 || options.anonymous() ||
             (challenge.flags & kNegotiateSeal) != 0 || (challenge.flags & kNegotiateDatagram) != 0);
  const bool has_key = (message.flags & kNegotiateKeyExch) != 0;
  FUZZ_CHECK(message.session_key.size() == (has_key ? kKeySize : 0));
  const Octets nt = ToOctets(message.nt_response);
  if (options.anonymous()) {
    FUZZ_CHECK(nt.empty() && message.user.empty() && message.domain.empty() && !has_key);
    FUZZ_CHECK((message.flags & (kNegotiateSign | kNegotiateSeal)) == 0);
    return;
  }
  FUZZ_CHECK(ToOctets(message.user) == fuzz::Utf16le(fuzz::kUser));
  FUZZ_CHECK(ToOctets(message.domain) == fuzz::Utf16le(fuzz::kDomain));
  // 56 or 40 bits protect nothing that the policy would not allow.
  FUZZ_CHECK((message.flags & kNegotiateSign) == 0 || (message.flags & kNegotiate128) != 0 ||
             (options.policy & BARESSPI_POLICY_ALLOW_WEAK_KEYS) != 0);
  FUZZ_CHECK(nt.size() > kNtResponseHeader);
  const Key ntowf = fuzz::NtOwf(ToOctets(message.user), ToOctets(message.domain));
  const Key proof = fuzz::ProofOf(ntowf, challenge.server_challenge, nt);
  FUZZ_CHECK(std::equal(proof.begin(), proof.end(), nt.begin()));
  for (const uint8_t octet : message.lm_response) FUZZ_CHECK(octet == 0);
  CheckPairs(options, challenge, nt);
  Key key = fuzz::BaseKey(ntowf, proof);
  if (has_key) {
    const Octets exported = fuzz::Encrypted(key, ToOctets(message.session_key));
    std::copy(exported.begin(), exported.end(), key.begin());
  }
  Key mic = {};
  if (options.has_mic() && !challenge.target_info.empty())
    mic = fuzz::Mic(key, negotiate, sent, answer, message.mic_offset);
  FUZZ_CHECK(std::equal(mic.begin(), mic.end(), answer.begin() + kAuthenticateMic));
}

// All that comes out of it.
std::vector<Result> Run(const uint8_t* data, size_t size, bool tight) {
  Input input(data, size);
  const Options options(&input);
  SEC_WINNT_AUTH_IDENTITY_A alice = fuzz::Alice();
  BARESSPI_DEVICE device = fuzz::Device();
  fuzz::Side client("NTLM", SECPKG_CRED_OUTBOUND, &alice, tight);
  client.SetPolicy(options.policy);
  std::vector<Result> results;
  results.push_back(client.Step({}, options.call));
  if (!results.back().goes_on()) return results;
  const Octets negotiate = results.back().token;
  Octets challenge;
  if ((options.first & 64) != 0) {
    challenge = input.Rest();
  } else {
    fuzz::Side server("NTLM", SECPKG_CRED_INBOUND, &device, false);
    Call call;
    if (negotiate.empty()) call.requested = ASC_REQ_DATAGRAM;
    challenge = fuzz::EditChallenge(&input, server.Step(negotiate, call).token);
  }
  results.push_back(client.Step(challenge, options.call));
  client.Query();
  if (results.back().done()) {
    CheckAnswer(options, negotiate, challenge, results.back().token);
    results.push_back(client.Step(challenge, options.call));
  }
  return results;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::PlayBothWays(data, size, Run);
  return 0;
}
