// SPDX-License-Identifier: Apache-2.0
// Tokens without SPNEGO around them, in both roles.
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

class NegotiateRaw : public NegotiateTest {};

TEST_F(NegotiateRaw, AcceptorTakesANtlmClientAsItIs) {
  ntlm_test::PeerClient peer;
  Server server;
  const Result challenge = server.Step(peer.Negotiate());
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, challenge.status);
  EXPECT_EQ(Hex(Part(challenge.token, 0, 12)), "4e544c4d5353500002000000") << "answered in kind";
  const Result last = server.Step(peer.Answer(peer.Negotiate(), challenge.token));
  EXPECT_STATUS(SEC_E_OK, last.status);
  EXPECT_TRUE(last.token.empty());
  EXPECT_EQ(Hex(server.SessionKey()), Hex(peer.session_key));
  EXPECT_EQ(ntlm_test::GetU32(server.Sign({1}).signature, 12), 0u) << "there was no mechListMIC";
}

TEST_F(NegotiateRaw, OurNtlmPackageAtOurNegotiate) {
  Client client(ISC_REQ_CONFIDENTIALITY, "Password", "NTLM");
  Server server;
  const Login login = LogIn(&client, &server);
  EXPECT_TRUE(login.established());
  EXPECT_EQ(login.legs.size(), 3u);
  ExpectWorking(&client, &server);
}

TEST_F(NegotiateRaw, AcceptorTakesARawClientAfterItsHintToo) {
  ntlm_test::PeerClient peer;
  Server server;
  server.Step({});
  const Octets challenge = server.Step(peer.Negotiate()).token;
  EXPECT_STATUS(SEC_E_OK, server.Step(peer.Answer(peer.Negotiate(), challenge)).status);
}

TEST_F(NegotiateRaw, AcceptorRefusesAWrongPasswordAndAWrongMic) {
  for (const bool wrong_password : {true, false}) {
    ntlm_test::PeerClient peer;
    if (wrong_password) peer.password = u"password";
    Server server;
    const Octets challenge = server.Step(peer.Negotiate()).token;
    Octets last = peer.Answer(peer.Negotiate(), challenge);
    if (!wrong_password) last[72] ^= 1;
    EXPECT_STATUS(wrong_password ? SEC_E_LOGON_DENIED : SEC_E_MESSAGE_ALTERED, server.Step(last).status);
    EXPECT_STATUS(wrong_password ? SEC_E_LOGON_DENIED : SEC_E_MESSAGE_ALTERED, server.Status());
  }
}

// What came with the failed call is not to be remembered: the caller may have another answer now.
TEST_F(NegotiateRaw, ACallThatTheCallerCanMendHasNotGoneRaw) {
  Client client;
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, client.Step({}).status);
  ntlm_test::PeerClient peer;
  Server raw;
  const Octets raw_answer = raw.Step(peer.Negotiate()).token;
  ASSERT_STATUS(SEC_E_BUFFER_TOO_SMALL, client.StepInto(8, raw_answer).status);
  Client another;
  Server server;
  const Octets wrapped_answer = server.Step(another.Step({}).token).token;
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, client.Step(wrapped_answer).status);
}

TEST_F(NegotiateRaw, AnAcceptorsCallThatTheCallerCanMendHasNotGoneRaw) {
  Server server;
  server.Step({});  // its hint
  ntlm_test::PeerClient peer;
  ASSERT_STATUS(SEC_E_BUFFER_TOO_SMALL, server.StepInto(8, peer.Negotiate()).status);
  Client client;
  const Login login = LogIn(&client, &server);
  EXPECT_TRUE(login.established());
}

TEST_F(NegotiateRaw, RawStaysRaw) {
  ntlm_test::PeerClient ntlm;
  Server server;
  const Octets challenge = server.Step(ntlm.Negotiate()).token;
  PeerInitiator peer;
  peer.sends_mic = false;
  const Octets wrapped = Make(Resp{kIncomplete, {}, ntlm.Answer(ntlm.Negotiate(), challenge), {}, {}});
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, server.Step(wrapped).status);
}

TEST_F(NegotiateRaw, WrappedStaysWrapped) {
  PeerInitiator peer;
  Server server;
  const Octets reply = server.Step(peer.First()).token;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, server.Step(*ReadResp(peer.Last(reply)).token).status)
      << "else the mechListMIC could be left out";
}

TEST_F(NegotiateRaw, InitiatorFollowsAServerThatAnswersRaw) {
  ntlm_test::PeerServer peer;
  Client client;
  const Octets negotiate = *ReadInit(client.Step({}).token).token;
  const Octets challenge = peer.MakeChallenge();
  const Result last = client.Step(challenge);
  ASSERT_STATUS(SEC_E_OK, last.status);
  const ntlm_test::Login login = ntlm_test::TakeLogin(negotiate, challenge, last.token);
  EXPECT_TRUE(login.proof_is_right);
  EXPECT_TRUE(login.mic_is_right);
  EXPECT_EQ(Hex(client.SessionKey()), Hex(login.session_key));
}

TEST_F(NegotiateRaw, InitiatorTakesNoRawTokenLaterOn) {
  PeerAcceptor peer;
  Client client;
  client.Step(peer.Reply(client.Step({}).token));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step(peer.challenge).status);
}

TEST_F(NegotiateRaw, AcceptorKnowsARawKerberosTokenAndSaysThatItHasNoSuchPackage) {
  for (const Octets& oid : {kKerberos, kMsKerberos}) {
    Server server;
    const Octets ticket = Framed(oid, Join({{1, 0}, Scrambled(200, 3)}));
    EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, server.Step(ticket).status);
    EXPECT_FALSE(server.has_context());
    server.Step({});
    EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, server.Step(ticket).status) << "after a hint";
    EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, server.Status());
  }
}

TEST_F(NegotiateRaw, InitiatorRefusesARawKerberosToken) {
  Client client;
  client.Step({});
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step(Framed(kKerberos, Join({{2, 0}, Scrambled(80, 3)}))).status);
}

TEST_F(NegotiateRaw, AcceptorRefusesWhatNobodyKnows) {
  for (const Octets& token :
       {Octets{0}, ntlm_test::Ascii("NTLMSSP"), ntlm_test::Ascii("NTLMSSX!"), Octets(100), Der(0x30, {1, 2}),
        Der(0x60, {}), Make(Resp{kIncomplete, {}, Octets{1}, {}, {}})}) {
    Server server;
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, server.Step(token).status) << Hex(token);
    EXPECT_FALSE(server.has_context());
  }
}

}  // namespace
}  // namespace negotiate_test
