// SPDX-License-Identifier: Apache-2.0
// What is negotiated: signing and sealing, key lengths, old servers, and flags that are never honoured.
#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

class NtlmFlags : public NtlmTest {
 protected:
  // Our client at a server that grants no more than these flags.
  struct Outcome {
    SECURITY_STATUS status;
    uint32_t flags;  // of the AUTHENTICATE
  };
  static Outcome LogInAt(uint32_t server_flags, Client* client) {
    PeerServer server;
    server.flags = server_flags | kTargetInfo;
    const Tokens tokens = LogIn(client, server);
    if (tokens.client != SEC_E_OK) return {tokens.client, 0};
    const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
    EXPECT_TRUE(login.proof_is_right);
    EXPECT_EQ(login.session_key, client->SessionKey());
    return {tokens.client, login.message.flags};
  }
  static uint32_t ChallengeFlags(uint32_t negotiate_flags) {
    Server server;
    const Step step = server.Accept(MakeNegotiate(negotiate_flags));
    EXPECT_EQ(step.status, SEC_I_CONTINUE_NEEDED);
    return ReadChallenge(step.token).flags;
  }
};

constexpr uint32_t kBare =
    kUnicode | kRequestTarget | kNtlm | kAlwaysSign | kExtendedSecurity | kVersion | k128 | k56;

uint32_t NegotiateFlagsFor(ULONG request) {
  Client client({}, request);
  return GetU32(client.Start().token, 12);
}

// ---- Signing. ----
TEST_F(NtlmFlags, Initiator_AsksForWhatTheApplicationAsksFor) {
  EXPECT_EQ(NegotiateFlagsFor(0) & (kSign | kSeal | kKeyExch), 0u);
  EXPECT_EQ(NegotiateFlagsFor(0) & kAlwaysSign, kAlwaysSign);
  for (const ULONG request : {ISC_REQ_INTEGRITY, ISC_REQ_REPLAY_DETECT, ISC_REQ_SEQUENCE_DETECT}) {
    EXPECT_EQ(NegotiateFlagsFor(request) & (kSign | kSeal | kKeyExch), kSign | kKeyExch) << request;
  }
  EXPECT_EQ(NegotiateFlagsFor(ISC_REQ_IDENTIFY) & kIdentify, kIdentify);
  EXPECT_EQ(NegotiateFlagsFor(0) & kIdentify, 0u);
}

TEST_F(NtlmFlags, Initiator_SealImpliesSign) {
  EXPECT_EQ(NegotiateFlagsFor(ISC_REQ_CONFIDENTIALITY) & (kSign | kSeal), kSign | kSeal);
  // A server that grants SEAL alone.
  Client client({}, ISC_REQ_CONFIDENTIALITY);
  const Outcome outcome = LogInAt(kUsual & ~kSign, &client);
  ASSERT_EQ(outcome.status, SEC_E_OK);
  EXPECT_EQ(outcome.flags & (kSign | kSeal), kSign | kSeal);
}

TEST_F(NtlmFlags, Acceptor_SealImpliesSign) {
  EXPECT_EQ(ChallengeFlags(kUsual & ~kSign) & (kSign | kSeal), kSign | kSeal);
  PeerClient client;
  client.flags = kUsual & ~kSign;
  Server server;
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  EXPECT_EQ(server.Sign(Octets(3)).status, SEC_E_OK);
  EXPECT_NE(server.Sign(Octets(3)).signature, Join({{1}, Octets(15)}));
}

TEST_F(NtlmFlags, Acceptor_EchoesSignWhenTheClientAskedForIt) {
  EXPECT_EQ(ChallengeFlags(kBare | kSign) & kSign, kSign);
  EXPECT_EQ(ChallengeFlags(kBare | kSign | kSeal) & (kSign | kSeal), kSign | kSeal);
  EXPECT_EQ(ChallengeFlags(kBare) & (kSign | kSeal), 0u);
}

TEST_F(NtlmFlags, BothOurs_AttributesSayWhatWasAgreed) {
  struct {
    ULONG request;
    ULONG granted;
  } const cases[] = {
      {0, 0},
      {ISC_REQ_INTEGRITY, ISC_RET_INTEGRITY | ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT},
      {ISC_REQ_CONFIDENTIALITY,
       ISC_RET_CONFIDENTIALITY | ISC_RET_INTEGRITY | ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT},
  };
  for (const auto& c : cases) {
    Client client({}, c.request);
    Server server;
    const Octets challenge = server.Accept(client.Start().token).token;
    const Step step = client.Continue(challenge);
    EXPECT_EQ(step.attributes, c.granted);
    const ULONG at_server = server.Accept(step.token).attributes;
    EXPECT_EQ((at_server & ASC_RET_INTEGRITY) != 0, (c.granted & ISC_RET_INTEGRITY) != 0);
    EXPECT_EQ((at_server & ASC_RET_CONFIDENTIALITY) != 0, (c.granted & ISC_RET_CONFIDENTIALITY) != 0);
  }
}

TEST_F(NtlmFlags, Initiator_TellsTheApplicationWhatTheServerRefused) {
  PeerServer server;
  server.flags = (kUsual | kTargetInfo) & ~kSeal;
  Client client;
  client.Start();
  const Step step = client.Continue(server.MakeChallenge());
  ASSERT_EQ(step.status, SEC_E_OK);
  EXPECT_EQ(step.attributes & (ISC_RET_INTEGRITY | ISC_RET_CONFIDENTIALITY), ISC_RET_INTEGRITY);
  EXPECT_EQ(client.Seal(Octets(3)).status, SEC_E_UNSUPPORTED_FUNCTION);
}

TEST_F(NtlmFlags, Acceptor_RefusesAClientThatCannotGiveWhatItRequires) {
  struct {
    ULONG required;
    uint32_t missing;
  } const cases[] = {
      {ASC_REQ_CONFIDENTIALITY, kSeal},
      {ASC_REQ_INTEGRITY, kSign | kSeal},
      {ASC_REQ_REPLAY_DETECT, kSign | kSeal},
      {ASC_REQ_SEQUENCE_DETECT, kSign | kSeal},
  };
  for (const auto& c : cases) {
    Server server;
    server.requested = c.required;
    EXPECT_EQ(server.Accept(MakeNegotiate(kUsual & ~c.missing)).status, SEC_E_UNSUPPORTED_FUNCTION)
        << c.required;
    // Or takes it back in the AUTHENTICATE.
    PeerClient client;
    Server other;
    other.requested = c.required;
    const Octets challenge = other.Accept(client.Negotiate()).token;
    client.flags &= ~c.missing;
    EXPECT_EQ(other.Accept(client.Answer(MakeNegotiate(kUsual), challenge)).status,
              SEC_E_UNSUPPORTED_FUNCTION)
        << c.required;
  }
}

// ---- KEY_EXCH is the server's to drop. ----
TEST_F(NtlmFlags, Initiator_DropsKeyExchangeWithTheServer) {
  Client client;
  const Outcome outcome = LogInAt(kUsual & ~kKeyExch, &client);
  ASSERT_EQ(outcome.status, SEC_E_OK);
  EXPECT_EQ(outcome.flags & kKeyExch, 0u);
}

TEST_F(NtlmFlags, Acceptor_WantsKeyExchangeOnlyWhereTheClientOffersIt) {
  EXPECT_EQ(ChallengeFlags(kUsual) & kKeyExch, kKeyExch);
  EXPECT_EQ(ChallengeFlags(kUsual & ~kKeyExch) & kKeyExch, 0u);
}

TEST_F(NtlmFlags, Acceptor_RefusesAnAgreedKeyThatIsNotSixteenOctets) {
  for (const size_t size : {0, 1, 8, 15, 17, 32}) {
    PeerClient client;
    client.announces_mic = client.writes_mic = false;
    client.key = Octets(size);
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_INVALID_TOKEN) << size;
  }
}

// ---- Key lengths. ----
TEST_F(NtlmFlags, Initiator_RefusesLessThan128BitsUnlessThePolicyAllowsIt) {
  for (const uint32_t missing : {k128, k128 | k56}) {
    Client strict;
    EXPECT_EQ(LogInAt(kUsual & ~missing, &strict).status, SEC_E_UNSUPPORTED_FUNCTION);
    Client lax;
    lax.SetPolicy(BARESSPI_POLICY_ALLOW_WEAK_KEYS);
    EXPECT_EQ(LogInAt(kUsual & ~missing, &lax).status, SEC_E_OK);
    EXPECT_EQ(lax.KeyBits(), missing == k128 ? 56u : 40u);
  }
}

TEST_F(NtlmFlags, Acceptor_RefusesLessThan128BitsUnlessThePolicyAllowsIt) {
  for (const uint32_t missing : {k128, k128 | k56}) {
    PeerClient client;
    client.flags &= ~missing;
    Server lax(BARESSPI_POLICY_ALLOW_WEAK_KEYS);
    ASSERT_EQ(LogIn(&client, &lax).server, SEC_E_OK);
    EXPECT_EQ(lax.KeyBits(), missing == k128 ? 56u : 40u);
    Server strict;
    const Octets challenge = strict.Accept(client.Negotiate()).token;
    if (challenge.empty()) continue;  // refused with the NEGOTIATE: as good
    EXPECT_EQ(strict.Accept(client.Answer(client.Negotiate(), challenge)).status, SEC_E_UNSUPPORTED_FUNCTION);
  }
}

TEST_F(NtlmFlags, Initiator_KeyLengthIsWhatBothAgreedNotWhatItAskedFor) {
  Client client;
  ASSERT_EQ(NegotiateFlagsFor(client.requested) & (k128 | k56), k128 | k56);
  client.SetPolicy(BARESSPI_POLICY_ALLOW_WEAK_KEYS);
  ASSERT_EQ(LogInAt(kUsual & ~k128, &client).status, SEC_E_OK);
  PeerChannel peer(client.SessionKey(), (kUsual & ~k128), From::kClient);
  Octets expected = Octets(20, 0x33);
  const Protected sealed = client.Seal(expected);
  EXPECT_EQ(Hex(sealed.signature), Hex(peer.Seal(&expected)));
  EXPECT_EQ(Hex(sealed.data), Hex(expected));
}

TEST_F(NtlmFlags, Acceptor_KeyLengthIsTheAuthenticatesNotTheNegotiates) {
  PeerClient client;
  Server server(BARESSPI_POLICY_ALLOW_WEAK_KEYS);
  const Octets negotiate = client.Negotiate();
  const Octets challenge = server.Accept(negotiate).token;
  client.flags &= ~(k128 | k56);
  ASSERT_EQ(server.Accept(client.Answer(negotiate, challenge)).status, SEC_E_OK);
  PeerChannel peer(client.session_key, client.agreed_flags, From::kServer);
  Octets expected = Octets(20, 0x33);
  const Protected sealed = server.Seal(expected);
  EXPECT_EQ(Hex(sealed.signature), Hex(peer.Seal(&expected)));
  EXPECT_EQ(Hex(sealed.data), Hex(expected));
}

TEST_F(NtlmFlags, Acceptor_ClientCannotTakeMoreThanItWasOffered) {
  // It asks for SEAL and 128 bits in its AUTHENTICATE alone.
  PeerClient client;
  client.flags = kUsual & ~(kSeal | k128);
  client.extra_flags = kSeal | k128;
  Server server(BARESSPI_POLICY_ALLOW_WEAK_KEYS);
  const Tokens tokens = LogIn(&client, &server);
  ASSERT_EQ(tokens.server, SEC_E_OK);
  EXPECT_EQ(server.KeyBits(), 56u);
  EXPECT_EQ(server.Seal(Octets(3)).status, SEC_E_UNSUPPORTED_FUNCTION);
}

TEST_F(NtlmFlags, Initiator_ServerCannotGrantMoreThanWasAsked) {
  Client client({}, ISC_REQ_INTEGRITY);
  const Outcome outcome = LogInAt(kUsual | kIdentify, &client);
  ASSERT_EQ(outcome.status, SEC_E_OK);
  EXPECT_EQ(outcome.flags & (kSign | kSeal | kIdentify), kSign);
  EXPECT_EQ(client.Seal(Octets(3)).status, SEC_E_UNSUPPORTED_FUNCTION);
}

TEST_F(NtlmFlags, BothRefuseAPeerWithoutUnicodeOrExtendedSessionSecurity) {
  Client no_unicode;
  EXPECT_LT(LogInAt(kUsual & ~kUnicode, &no_unicode).status, 0);
  Client no_extended;
  EXPECT_EQ(LogInAt(kUsual & ~kExtendedSecurity, &no_extended).status, SEC_E_UNSUPPORTED_FUNCTION);
  for (const uint32_t missing : {kUnicode, kExtendedSecurity}) {
    PeerClient client;
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    client.flags &= ~missing;
    EXPECT_LT(server.Accept(client.Answer(MakeNegotiate(kUsual), challenge)).status, 0) << missing;
  }
}

// ---- Servers of old: a CHALLENGE without TargetInfo. ----
TEST_F(NtlmFlags, Initiator_RefusesAChallengeWithoutTargetInfoByDefault) {
  for (const size_t header : {size_t{32}, size_t{48}, size_t{56}}) {
    PeerServer server;
    server.flags = kUsual;
    server.target_info = Octets();
    server.target_name = u"";
    server.header = header;
    Client client;
    EXPECT_EQ(LogIn(&client, server).client, SEC_E_UNSUPPORTED_FUNCTION) << header;
    EXPECT_EQ(client.SessionKey(), Octets());
  }
}

TEST_F(NtlmFlags, Initiator_PolicyLetsAChallengeOf32OctetsPass) {
  PeerServer server;
  server.flags = kUsual;
  server.header = 32;
  server.target_info = Octets();
  server.target_name = u"";
  Client client;
  client.SetPolicy(BARESSPI_POLICY_ALLOW_NO_TARGET_INFO);
  const Octets negotiate = client.Start().token;
  const Octets challenge = server.MakeChallenge();
  ASSERT_EQ(challenge.size(), 32u);
  const Step step = client.Continue(challenge);
  ASSERT_EQ(step.status, SEC_E_OK);
  // No MIC and no pairs.
  const Authenticate message = ReadAuthenticate(step.token);
  const Octets key = ResponseKey(NtHash(u"Password"), u"USER", u"DOMAIN");
  EXPECT_EQ(Hex(Part(message.nt, 0, 16)), Hex(Mac(key, Join({server.challenge, Part(message.nt, 16)}))));
  EXPECT_TRUE(ReadPairs(Part(message.nt, 44)).empty());
  EXPECT_EQ(Hex(message.lm), Hex(Octets(24)));
  EXPECT_EQ(Hex(message.mic), Hex(Octets(16)));
}

TEST_F(NtlmFlags, Initiator_RefusesAChallengeShorterThan32) {
  const Octets challenge = PeerServer().MakeChallenge();
  Client client;
  client.SetPolicy(BARESSPI_POLICY_ALLOW_NO_TARGET_INFO);
  client.Start();
  EXPECT_EQ(client.Continue(Part(challenge, 0, 31)).status, SEC_E_INVALID_TOKEN);
}

// ---- Local authentication. ----
TEST_F(NtlmFlags, Initiator_NeverHonoursTheLocalCallFlagAndItsContext) {
  PeerServer server;
  Octets challenge = server.MakeChallenge();
  PutU32(&challenge, 20, GetU32(challenge, 20) | kLocalCall);
  PutU32(&challenge, 32, 0x11223344);  // Reserved: a local context's handle
  PutU32(&challenge, 36, 0x55667788);
  Client client;
  const Octets negotiate = client.Start().token;
  EXPECT_EQ(GetU32(negotiate, 12) & kLocalCall, 0u);
  const Step step = client.Continue(challenge);
  ASSERT_EQ(step.status, SEC_E_OK);
  const Login login = TakeLogin(negotiate, challenge, step.token);
  EXPECT_EQ(login.message.flags & kLocalCall, 0u);
  EXPECT_TRUE(login.proof_is_right);  // a whole response, with the account's own names, as for any server
  EXPECT_EQ(login.message.user, Utf16(u"User"));
  EXPECT_TRUE(login.mic_is_right);
}

TEST_F(NtlmFlags, Acceptor_NeverHonoursTheLocalCallFlag) {
  EXPECT_EQ(ChallengeFlags(kUsual | kLocalCall) & kLocalCall, 0u);
  // And the empty response that goes with it is no login.
  PeerClient client;
  client.extra_flags = kLocalCall;
  client.nt = Octets();
  client.lm = Octets();
  client.announces_mic = client.writes_mic = false;
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED);
}

}  // namespace
}  // namespace ntlm_test
