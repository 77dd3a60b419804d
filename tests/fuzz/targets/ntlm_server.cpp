// SPDX-License-Identifier: Apache-2.0
// NTLM's server against a hostile client, who knows the password or not: an AUTHENTICATE in parts that are
// edited, with a proof and a MIC that fit what it became, or not; then edits to its octets. What the server
// lets in must be what [MS-NLMP] 3.2.5.1.2 lets in, as it is worked out here once more.
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
                               ASC_REQ_INTEGRITY,
                               ASC_REQ_CONFIDENTIALITY,
                               ASC_REQ_DATAGRAM,
                               ASC_REQ_ALLOW_NULL_SESSION,
                               ASC_REQ_ALLOW_MISSING_BINDINGS,
                               ASC_REQ_IDENTIFY,
                               ASC_REQ_REPLAY_DETECT};
constexpr size_t kChannelSize = 4;

struct Options {
  explicit Options(Input* input)
      : first(input->U8()), policy(input->U8()), call{kRequests[first % 8], nullptr, nullptr} {
    if ((first & 8) == 0) return;
    bindings = fuzz::Bindings(input->Take(kChannelSize));
    call.bindings = &bindings;
  }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  bool datagram() const { return (call.requested & ASC_REQ_DATAGRAM) != 0; }

  unsigned first;
  ULONG policy;
  Octets bindings;
  Call call;
};

// A NEGOTIATE with the flags that an input says, beside those without which there is no NTLMv2.
Octets Negotiate(Input* input) {
  Octets message = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 1, 0, 0, 0};
  message.resize(kNegotiateSize);
  constexpr uint32_t kUsual = kBasicFlags | kRequestTarget | kNegotiateAlwaysSign | kNegotiate128 |
                              kNegotiateKeyExch | kNegotiateSign;
  fuzz::PutU32(&message, 12, kUsual ^ input->U32());
  fuzz::EditOctets(input, &message);
  return message;
}

Octets ToOctets(const baresspi::Bytes& bytes) {
  return Octets(bytes.begin(), bytes.end());
}

// The hash of channel bindings (2.2.2.1): the structure, with what lies at the offset in the offset's place.
Key HashOf(const Octets& bindings) {
  Octets hashed(20);
  fuzz::PutU32(&hashed, 16, fuzz::GetU32(bindings, 24));
  hashed.insert(hashed.end(), bindings.begin() + sizeof(SEC_CHANNEL_BINDINGS), bindings.end());
  baresspi::Md5 md5;
  md5.Update(hashed.data(), hashed.size());
  Key hash;
  md5.Finish(hash.data());
  return hash;
}

// The client's last message, as an input describes it.
class Forger {
 public:
  Forger(Input* input, const Octets& negotiate, const Octets& challenge)
      : input_(input), negotiate_(negotiate), challenge_(challenge) {}

  Octets Message(const Options& options) {
    how_ = input_->U8();
    const unsigned who = input_->U8();
    lapse_ = who % 8;
    static constexpr const char* kUsers[] = {fuzz::kUser, "ALICE", "bob", "", "alice@example"};
    static constexpr const char* kDomains[] = {fuzz::kDomain, "", "example", "OTHER"};
    message_.user = fuzz::Utf16le(kUsers[who % 8 < 5 ? who % 8 : 0]);
    message_.domain = fuzz::Utf16le(kDomains[who / 8 % 4]);
    message_.workstation = fuzz::Utf16le("PC");
    static constexpr size_t kHeads[] = {kAuthenticateHeader, 64, 72, 80};
    message_.head = kHeads[who / 32 % 4];
    if ((who & 128) != 0) fuzz::EditOctets(input_, &message_.user);
    message_.flags =
        fuzz::GetU32(challenge_, 20) & ~static_cast<uint32_t>(kTargetTypeDomain | kTargetTypeServer);
    if ((how_ & 1) != 0) message_.flags ^= input_->U32();
    MakeResponse(options);
    MakeKey();
    Octets out = fuzz::Join(message_);
    if ((how_ & 16) != 0) fuzz::EditOctets(input_, &out);
    if ((how_ & 32) == 0) SignIt(&out);
    if ((how_ & 64) != 0) fuzz::EditOctets(input_, &out);
    return out;
  }

 private:
  void MakeResponse(const Options& options) {
    ChallengeMessage challenge = {};
    FUZZ_CHECK(ParseChallenge({challenge_.data(), challenge_.size()}, &challenge));
    fuzz::Pairs pairs = fuzz::SplitPairs(challenge.target_info);
    const Octets* timestamp = fuzz::FindPair(pairs, kMsvAvTimestamp);
    Octets& nt = message_.nt;
    nt.resize(kNtResponseHeader);
    nt[16] = nt[17] = 1;
    if (timestamp != nullptr) std::copy(timestamp->begin(), timestamp->end(), nt.begin() + 24);
    if (lapse_ != kNoMic) pairs.push_back({kMsvAvFlags, {kAvFlagMic, 0, 0, 0}});
    if (options.call.bindings != nullptr && lapse_ != kNoBindings) {
      Key hash = HashOf(options.bindings);
      if (lapse_ == kOtherBindings) ++hash[7];
      pairs.push_back({kMsvAvChannelBindings, Octets(hash.begin(), hash.end())});
    }
    if ((how_ & 2) != 0) fuzz::EditPairs(input_, &pairs);
    const Octets list = fuzz::JoinPairs(pairs);
    nt.insert(nt.end(), list.begin(), list.end());
    if ((how_ & 4) != 0) fuzz::EditOctets(input_, &nt);
    if ((how_ & 128) != 0) {  // nobody
      message_.user.clear();
      message_.domain.clear();
      nt.clear();
      message_.lm.assign(1, 0);
    }
    const Key ntowf = fuzz::NtOwf(fuzz::Utf16le(fuzz::kUser), message_.domain);
    const Key proof = fuzz::ProofOf(ntowf, challenge.server_challenge, nt);
    if (nt.size() >= proof.size()) std::copy(proof.begin(), proof.end(), nt.begin());
    key_ = fuzz::BaseKey(ntowf, proof);
  }

  void MakeKey() {
    if ((message_.flags & kNegotiateKeyExch) == 0) return;
    const Key exported = {1, 2, 3, 4, 5, 6, 7, 8};
    message_.session_key = fuzz::Encrypted(key_, Octets(exported.begin(), exported.end()));
    key_ = exported;
    if ((how_ & 8) != 0) fuzz::EditOctets(input_, &message_.session_key);
  }

  // Where a receiver will look for it.
  void SignIt(Octets* out) const {
    AuthenticateMessage parsed = {};
    if (!ParseAuthenticate({out->data(), out->size()}, &parsed) || parsed.mic_offset == 0) return;
    const Key mic = fuzz::Mic(key_, negotiate_, challenge_, *out, parsed.mic_offset);
    std::copy(mic.begin(), mic.end(), out->begin() + static_cast<ptrdiff_t>(parsed.mic_offset));
  }

  // What a client leaves out or gets wrong; up to 4 is which user it says to be.
  static constexpr unsigned kOtherBindings = 5, kNoBindings = 6, kNoMic = 7;

  Input* input_;
  const Octets& negotiate_;
  const Octets& challenge_;
  unsigned how_ = 0;
  unsigned lapse_ = 0;
  fuzz::Authenticate message_;
  Key key_ = {};
};

// The server has let somebody in: it had to be right.
void CheckAdmitted(const Options& options, const Octets& negotiate, const Octets& challenge,
                   const Octets& last) {
  AuthenticateMessage message = {};
  FUZZ_CHECK(ParseAuthenticate({last.data(), last.size()}, &message));
  const Octets nt = ToOctets(message.nt_response);
  const Octets user = ToOctets(message.user);
  if (user.empty()) {
    FUZZ_CHECK(nt.empty() && ((options.policy & BARESSPI_POLICY_ALLOW_ANONYMOUS) != 0 ||
                              (options.call.requested & ASC_REQ_ALLOW_NULL_SESSION) != 0));
    return;
  }
  FUZZ_CHECK(nt.size() >= kNtResponseHeader);
  const uint8_t* const server_challenge = &challenge[24];
  Key ntowf = fuzz::NtOwf(user, ToOctets(message.domain));
  Key proof = fuzz::ProofOf(ntowf, server_challenge, nt);
  if (!std::equal(proof.begin(), proof.end(), nt.begin())) {
    ntowf = fuzz::NtOwf(user, {});
    proof = fuzz::ProofOf(ntowf, server_challenge, nt);
  }
  FUZZ_CHECK(std::equal(proof.begin(), proof.end(), nt.begin()));
  Key key = fuzz::BaseKey(ntowf, proof);
  if (!message.session_key.empty()) {
    const Octets exported = fuzz::Encrypted(key, ToOctets(message.session_key));
    if ((message.flags & fuzz::GetU32(challenge, 20) & kNegotiateKeyExch) != 0)
      std::copy(exported.begin(), exported.end(), key.begin());
  }
  const fuzz::Pairs pairs = fuzz::SplitPairs({nt.data() + kNtResponseHeader, nt.size() - kNtResponseHeader});
  const Octets* flags = fuzz::FindPair(pairs, kMsvAvFlags);
  const bool announced = flags != nullptr && (fuzz::GetU32(*flags, 0) & kAvFlagMic) != 0;
  FUZZ_CHECK(announced || (options.policy & BARESSPI_POLICY_REQUIRE_MIC) == 0);
  if (announced) {
    FUZZ_CHECK(message.mic_offset != 0);
    const Key mic = fuzz::Mic(key, negotiate, challenge, last, message.mic_offset);
    FUZZ_CHECK(std::equal(mic.begin(), mic.end(), last.begin() + static_cast<ptrdiff_t>(message.mic_offset)));
  }
  FUZZ_CHECK(fuzz::FindPair(pairs, kMsvAvTimestamp) != nullptr);  // ours, given back
  const Octets* bindings = fuzz::FindPair(pairs, kMsvAvChannelBindings);
  if (options.call.bindings != nullptr && bindings == nullptr)
    FUZZ_CHECK((options.call.requested & ASC_REQ_ALLOW_MISSING_BINDINGS) != 0);
  if (options.call.bindings != nullptr && bindings != nullptr) {
    const Key hash = HashOf(options.bindings);
    FUZZ_CHECK(std::equal(hash.begin(), hash.end(), bindings->begin(), bindings->end()));
  }
}

void CheckAttributes(const Options& options, ULONG attributes) {
  constexpr ULONG kProtection = ASC_REQ_CONFIDENTIALITY | ASC_REQ_INTEGRITY;
  FUZZ_CHECK((options.call.requested & kProtection & ~attributes) == 0);  // what was demanded is there
}

std::vector<Result> Run(const uint8_t* data, size_t size, bool tight) {
  Input input(data, size);
  const Options options(&input);
  BARESSPI_DEVICE device = fuzz::Device();
  fuzz::Side server("NTLM", SECPKG_CRED_INBOUND, &device, tight);
  server.SetPolicy(options.policy);
  std::vector<Result> results;
  const Octets negotiate = options.datagram() ? Octets() : Negotiate(&input);
  results.push_back(server.Step(negotiate, options.call));
  if (!results.back().goes_on()) return results;
  const Octets challenge = results.back().token;
  const Octets last =
      (options.first & 64) != 0 ? input.Rest() : Forger(&input, negotiate, challenge).Message(options);
  results.push_back(server.Step(last, options.call));
  server.Query();
  if (results.back().done()) {
    CheckAdmitted(options, negotiate, challenge, last);
    CheckAttributes(options, results.back().attributes);
    results.push_back(server.Step(last, options.call));
  }
  return results;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::PlayBothWays(data, size, Run);
  return 0;
}
