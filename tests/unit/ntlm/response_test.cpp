// SPDX-License-Identifier: Apache-2.0
// The server's challenge, and the LM response beside NTLMv2's.
#include <set>

#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

class NtlmResponse : public NtlmTest {};

// ---- The challenge. ----
TEST_F(NtlmResponse, Acceptor_ChallengeIsWhatTheRandomSourceGave) {
  Server server;
  scripted_port::QueueRandom({1, 2, 3, 4, 5, 6, 7, 8});
  const Octets token = server.Accept(MakeNegotiate(kUsual)).token;
  EXPECT_EQ(Hex(ReadChallenge(token).challenge), "0102030405060708");
}

TEST_F(NtlmResponse, Acceptor_ChallengeIsAnotherOneForEachContext) {
  std::set<Octets> seen;
  for (int i = 0; i < 50; ++i) {
    Server server;
    seen.insert(ReadChallenge(server.Accept(MakeNegotiate(kUsual)).token).challenge);
  }
  EXPECT_EQ(seen.size(), 50u);
}

TEST_F(NtlmResponse, Acceptor_SendsNoChallengeWhenTheRandomSourceFails) {
  Server server;
  scripted_port::FailRandomAfter(0);
  EXPECT_EQ(server.Accept(MakeNegotiate(kUsual)).status, SEC_E_INTERNAL_ERROR);
  // And does once it has recovered.
  scripted_port::Reset();
  EXPECT_EQ(server.Accept(MakeNegotiate(kUsual)).status, SEC_I_CONTINUE_NEEDED);
}

TEST_F(NtlmResponse, Acceptor_ChallengeServesOneAttempt) {
  PeerClient client;
  Server server;
  const Octets challenge = server.Accept(client.Negotiate()).token;
  const Octets right = client.Answer(client.Negotiate(), challenge);
  client.password = u"guess";
  EXPECT_EQ(server.Accept(client.Answer(client.Negotiate(), challenge)).status, SEC_E_LOGON_DENIED);
  EXPECT_EQ(server.Accept(right).status, SEC_E_LOGON_DENIED);
  EXPECT_EQ(server.SessionKey(), Octets());
}

TEST_F(NtlmResponse, Acceptor_ChallengeServesOneLogin) {
  PeerClient client;
  Server server;
  const Tokens tokens = LogIn(&client, &server);
  ASSERT_EQ(tokens.server, SEC_E_OK);
  const Octets key = server.SessionKey();
  EXPECT_EQ(server.Accept(tokens.authenticate).status, SEC_E_INVALID_TOKEN);
  EXPECT_EQ(server.SessionKey(), key);  // what was established stays so
}

TEST_F(NtlmResponse, Acceptor_RecordedLoginIsNoLogin) {
  PeerClient client;
  Server first;
  const Tokens recorded = LogIn(&client, &first);
  ASSERT_EQ(recorded.server, SEC_E_OK);
  Server second;
  ASSERT_EQ(second.Accept(recorded.negotiate).status, SEC_I_CONTINUE_NEEDED);
  EXPECT_EQ(second.Accept(recorded.authenticate).status, SEC_E_LOGON_DENIED);
}

TEST_F(NtlmResponse, Initiator_SendsNoTokenWhenTheRandomSourceFails) {
  Client client;
  client.Start();
  scripted_port::FailRandomAfter(0);
  const Octets challenge = PeerServer().MakeChallenge();
  EXPECT_EQ(client.Continue(challenge).status, SEC_E_INTERNAL_ERROR);
  scripted_port::Reset();
  EXPECT_EQ(client.Continue(challenge).status, SEC_E_OK);
}

TEST_F(NtlmResponse, Initiator_FailedRandomSourceLeavesNothingInTheOutput) {
  Client client;
  client.Start();
  scripted_port::FailRandomAfter(0);
  Octets challenge = PeerServer().MakeChallenge();
  SecBuffer in = {static_cast<ULONG>(challenge.size()), SECBUFFER_TOKEN, challenge.data()};
  SecBufferDesc in_description = {SECBUFFER_VERSION, 1, &in};
  Octets output(2888, 0xEE);
  SecBuffer out = {static_cast<ULONG>(output.size()), SECBUFFER_TOKEN, output.data()};
  SecBufferDesc out_description = {SECBUFFER_VERSION, 1, &out};
  ULONG attributes = 0;
  ASSERT_EQ(InitializeSecurityContextA(client.credential(), client.context(), nullptr, 0, 0, 0,
                                       &in_description, 0, nullptr, &out_description, &attributes, nullptr),
            SEC_E_INTERNAL_ERROR);
  EXPECT_EQ(output, Octets(2888, 0xEE));
}

TEST_F(NtlmResponse, Initiator_ChallengeAndSessionKeyAreAnotherOneEachTime) {
  std::set<Octets> challenges;
  std::set<Octets> keys;
  for (int i = 0; i < 20; ++i) {
    Client client;
    const Tokens tokens = LogIn(&client, PeerServer());
    challenges.insert(TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate).client_challenge);
    keys.insert(client.SessionKey());
  }
  EXPECT_EQ(challenges.size(), 20u);
  EXPECT_EQ(keys.size(), 20u);
}

TEST_F(NtlmResponse, BothOurs_EveryOctetOfTheChallengeCounts) {
  for (size_t i = 0; i < 8; ++i) {
    Client client;
    Server server;
    Octets challenge = server.Accept(client.Start().token).token;
    challenge[24 + i] ^= 0x10;
    const Step step = client.Continue(challenge);
    ASSERT_EQ(step.status, SEC_E_OK);
    EXPECT_EQ(server.Accept(step.token).status, SEC_E_LOGON_DENIED) << i;
  }
}

// ---- The LM response. ----
TEST_F(NtlmResponse, Initiator_LmResponseIsZeroWhenThereIsATimestamp) {
  Client client;
  const Tokens tokens = LogIn(&client, PeerServer());
  EXPECT_EQ(Hex(ReadAuthenticate(tokens.authenticate).lm), Hex(Octets(24)));
}

// An LMv2 response covers neither MsvAvFlags nor bindings nor SPN. Sent when there is no timestamp, it would
// be what whoever takes the timestamp out of the CHALLENGE logs in with.
TEST_F(NtlmResponse, Initiator_LmResponseIsZeroWithoutATimestampToo) {
  PeerServer server;
  server.time.reset();
  Client client;
  const Tokens tokens = LogIn(&client, server);
  const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
  EXPECT_EQ(Hex(login.message.lm), Hex(Octets(24)));
}

TEST_F(NtlmResponse, Acceptor_TakesLmResponsesOfZeroesOfLmV2AndNone) {
  const Octets key = ResponseKey(NtHash(u"Password"), u"USER", u"DOMAIN");
  for (int kind = 0; kind < 3; ++kind) {
    PeerClient client;
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    if (kind == 0) client.lm = Octets(24);
    if (kind == 1) client.lm = LmV2Response(key, ReadChallenge(challenge).challenge, client.client_challenge);
    if (kind == 2) client.lm = Octets();
    EXPECT_EQ(server.Accept(client.Answer(client.Negotiate(), challenge)).status, SEC_E_OK) << kind;
  }
}

TEST_F(NtlmResponse, Acceptor_LmResponseAloneIsNoLogin) {
  // A right LMv2 response without an NTLMv2 one; and with one that is wrong.
  const Octets key = ResponseKey(NtHash(u"Password"), u"USER", u"DOMAIN");
  for (const bool with_nt : {false, true}) {
    PeerClient client;
    client.announces_mic = client.writes_mic = false;
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    client.lm = LmV2Response(key, ReadChallenge(challenge).challenge, client.client_challenge);
    if (with_nt) {
      client.password = u"wrong";
    } else {
      client.nt = Octets();
    }
    EXPECT_EQ(server.Accept(client.Answer(client.Negotiate(), challenge)).status, SEC_E_LOGON_DENIED)
        << with_nt;
  }
}

TEST_F(NtlmResponse, Acceptor_RefusesLmResponsesOfOtherSizes) {
  for (const size_t size : {1, 8, 16, 23, 25, 48}) {
    PeerClient client;
    client.lm = Octets(size);
    Server server;
    EXPECT_LT(LogIn(&client, &server).server, 0) << size;
  }
}

TEST_F(NtlmResponse, Acceptor_RefusesNtlmV1) {
  // 24 octets: NTLMv1, also with a client challenge in the LM response (NTLM2 session response).
  for (const bool session : {false, true}) {
    PeerClient client;
    client.announces_mic = client.writes_mic = false;
    client.nt = Octets(24, 0x11);
    if (session) client.lm = Join({client.client_challenge, Octets(16)});
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED) << session;
  }
}

TEST_F(NtlmResponse, Acceptor_RefusesOtherVersionsOfTheResponse) {
  // Their proofs are right.
  for (const Octets& version : {Octets{0, 0}, Octets{1, 2}, Octets{2, 1}, Octets{1, 0}}) {
    PeerClient client;
    client.response_version = version;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_INVALID_TOKEN) << Hex(version);
  }
}

}  // namespace
}  // namespace ntlm_test
