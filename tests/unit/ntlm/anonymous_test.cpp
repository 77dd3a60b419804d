// SPDX-License-Identifier: Apache-2.0
// Anonymous logons, and what looks like one and is not.
#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

class NtlmAnonymous : public NtlmTest {
 protected:
  // A peer's: empty user, empty NT response, LM of Z(1), and neither signing nor a key.
  static PeerClient Peer() {
    PeerClient client;
    client.flags =
        kUnicode | kRequestTarget | kNtlm | kAlwaysSign | kExtendedSecurity | kVersion | k128 | k56;
    client.extra_flags = kAnonymous;
    client.user = client.upper_user = client.domain = u"";
    client.nt = Octets();
    client.lm = Octets(1);
    client.announces_mic = client.writes_mic = false;
    return client;
  }
};

TEST_F(NtlmAnonymous, Initiator_SendsNoNamesNoNtResponseAndLmOfOneZero) {
  Client empty({"", "", ""});
  Client nobody({"", "DOMAIN", "Password"});
  Client asked;
  asked.requested |= ISC_REQ_NULL_SESSION;
  for (Client* client : {&empty, &nobody, &asked}) {
    const Octets negotiate = client->Start().token;
    const Step step = client->Continue(PeerServer().MakeChallenge());
    ASSERT_EQ(step.status, SEC_E_OK);
    const Authenticate message = ReadAuthenticate(step.token);
    EXPECT_TRUE(message.user.empty());
    EXPECT_TRUE(message.domain.empty());
    EXPECT_TRUE(message.nt.empty());
    EXPECT_EQ(Hex(message.lm), "00");
    EXPECT_TRUE(message.key.empty());
    EXPECT_EQ(message.flags & kAnonymous, kAnonymous);
    EXPECT_EQ(message.flags & (kSign | kSeal | kKeyExch), 0u);
    EXPECT_EQ(step.attributes & ISC_RET_NULL_SESSION, ISC_RET_NULL_SESSION);
    EXPECT_EQ(step.attributes & (ISC_RET_INTEGRITY | ISC_RET_CONFIDENTIALITY), 0u);
  }
}

TEST_F(NtlmAnonymous, Acceptor_LetsNobodyInByDefault) {
  PeerClient client = Peer();
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED);
  Client ours({"", "", ""});
  Server other;
  EXPECT_EQ(LogIn(&ours, &other).server, SEC_E_LOGON_DENIED);
}

TEST_F(NtlmAnonymous, Acceptor_LetsAnonymousInWhenThePolicySaysSo) {
  PeerClient client = Peer();
  Server server(BARESSPI_POLICY_ALLOW_ANONYMOUS);
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  void* token = nullptr;
  ASSERT_EQ(QuerySecurityContextToken(server.context(), &token), SEC_E_OK);
  BARESSPI_TOKEN_INFO info = {};
  ASSERT_EQ(BareSspiQueryTokenInformation(token, &info), SEC_E_OK);
  EXPECT_EQ(info.TokenFlags & BARESSPI_TOKEN_ANONYMOUS, BARESSPI_TOKEN_ANONYMOUS);
  EXPECT_EQ(info.User.cbUtf16le, 0u);
  EXPECT_EQ(info.UserId, 0u);
  Client ours({"", "", ""});
  Server another(BARESSPI_POLICY_ALLOW_ANONYMOUS);
  EXPECT_EQ(LogIn(&ours, &another).server, SEC_E_OK);
}

TEST_F(NtlmAnonymous, Acceptor_LetsAnonymousInWhenTheCallSaysSo) {
  PeerClient client = Peer();
  Server server;
  server.requested = ASC_REQ_ALLOW_NULL_SESSION;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK);
}

TEST_F(NtlmAnonymous, Acceptor_TellsAnonymousByTheFieldsNotByTheFlag) {
  // With the flag and a wrong password, or a right one: a login like any other.
  for (const bool right : {false, true}) {
    PeerClient client;
    client.extra_flags = kAnonymous;
    if (!right) client.password = u"wrong";
    Server server(BARESSPI_POLICY_ALLOW_ANONYMOUS);
    EXPECT_EQ(LogIn(&client, &server).server, right ? SEC_E_OK : SEC_E_LOGON_DENIED);
    if (!right) continue;
    void* token = nullptr;
    BARESSPI_TOKEN_INFO info = {};
    ASSERT_EQ(QuerySecurityContextToken(server.context(), &token), SEC_E_OK);
    ASSERT_EQ(BareSspiQueryTokenInformation(token, &info), SEC_E_OK);
    EXPECT_EQ(info.TokenFlags & BARESSPI_TOKEN_ANONYMOUS, 0u);
    EXPECT_EQ(info.UserId, 7u);
  }
  // Without the flag it is anonymous all the same, and refused where anonymous is.
  PeerClient client = Peer();
  client.extra_flags = 0;
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED);
}

TEST_F(NtlmAnonymous, Acceptor_RefusesAnEmptyUserWithAResponse) {
  scripted_port::SetClockUnknown();  // so that no missing timestamp is what refuses it
  for (const ULONG policy : {ULONG{0}, ULONG{BARESSPI_POLICY_ALLOW_ANONYMOUS}}) {
    // A well-formed NTLMv2 response with the right password of nobody; garbage of several sizes.
    PeerClient whole = Peer();
    whole.flags = kUsual;
    whole.nt.reset();
    whole.lm.reset();
    Server server(policy);
    EXPECT_EQ(LogIn(&whole, &server).server, SEC_E_LOGON_DENIED);
    for (const size_t size : {1, 16, 24, 43, 44, 48, 1000}) {
      for (const size_t lm : {0, 1, 24}) {
        PeerClient client = Peer();
        client.nt = Octets(size, 0x01);
        client.lm = Octets(lm);
        Server other(policy);
        EXPECT_LT(LogIn(&client, &other).server, 0) << size << ", " << lm;
      }
    }
  }
}

TEST_F(NtlmAnonymous, Acceptor_RefusesAnEmptyUserEvenWhereATableHasOne) {
  PeerClient client;
  client.user = client.upper_user = u"";
  Server server(0, {"", "", ""});
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED);
}

TEST_F(NtlmAnonymous, Acceptor_RefusesAUserWithoutAResponse) {
  for (const size_t lm : {0, 1, 24}) {
    PeerClient client;
    client.nt = Octets();
    client.lm = Octets(lm);
    client.announces_mic = client.writes_mic = false;
    Server server(BARESSPI_POLICY_ALLOW_ANONYMOUS);
    EXPECT_LT(LogIn(&client, &server).server, 0) << lm;
  }
}

TEST_F(NtlmAnonymous, Acceptor_RefusesLmResponsesThatAreNotOneZero) {
  for (const Octets& lm : {Octets{1}, Octets{0, 0}, Octets(24)}) {
    PeerClient client = Peer();
    client.lm = lm;
    Server server(BARESSPI_POLICY_ALLOW_ANONYMOUS);
    EXPECT_LT(LogIn(&client, &server).server, 0) << Hex(lm);
  }
}

TEST_F(NtlmAnonymous, Acceptor_AnonymousCannotGiveTheIntegrityThatIsRequired) {
  PeerClient client = Peer();
  Server server(BARESSPI_POLICY_ALLOW_ANONYMOUS);
  server.requested = ASC_REQ_INTEGRITY;
  const Step step = server.Accept(client.Negotiate());
  if (step.status == SEC_I_CONTINUE_NEEDED) {
    EXPECT_EQ(server.Accept(client.Answer(client.Negotiate(), step.token)).status,
              SEC_E_UNSUPPORTED_FUNCTION);
  } else {
    EXPECT_EQ(step.status, SEC_E_UNSUPPORTED_FUNCTION);
  }
}

TEST_F(NtlmAnonymous, Acceptor_AnonymousThatAsksForProtectionAsSambaDoesGetsNone) {
  // A key that everybody can compute protects nothing.
  for (const uint32_t key : {uint32_t{0}, kKeyExch}) {
    PeerClient client = Peer();
    client.flags = (kUsual & ~kKeyExch) | key;
    if (key != 0) client.key = Octets(16, 0x77);
    Server server(BARESSPI_POLICY_ALLOW_ANONYMOUS);
    const Octets challenge = server.Accept(client.Negotiate()).token;
    const Step step = server.Accept(client.Answer(client.Negotiate(), challenge));
    ASSERT_EQ(step.status, SEC_E_OK);
    EXPECT_EQ(step.attributes & (ASC_RET_INTEGRITY | ASC_RET_CONFIDENTIALITY), 0u);
    EXPECT_EQ(step.attributes & ASC_RET_NULL_SESSION, ASC_RET_NULL_SESSION);
    EXPECT_EQ(server.Seal(Octets(3)).status, SEC_E_UNSUPPORTED_FUNCTION);
    EXPECT_EQ(server.Unseal(Octets(3), Octets(16)).status, SEC_E_UNSUPPORTED_FUNCTION);
  }
}

TEST_F(NtlmAnonymous, Acceptor_AnonymousMeetsNoRequiredBindingsAndNoRequiredMic) {
  PeerClient client = Peer();
  Server bound(BARESSPI_POLICY_ALLOW_ANONYMOUS);
  bound.bindings = Bindings{0, {}, 0, {}, Ascii("tls-server-end-point:x")}.Buffer();
  EXPECT_EQ(LogIn(&client, &bound).server, SEC_E_BAD_BINDINGS);
  Server strict(BARESSPI_POLICY_ALLOW_ANONYMOUS | BARESSPI_POLICY_REQUIRE_MIC);
  EXPECT_EQ(LogIn(&client, &strict).server, SEC_E_MESSAGE_ALTERED);
}

}  // namespace
}  // namespace ntlm_test
