// SPDX-License-Identifier: Apache-2.0
// Somebody between our two sides, or between the test's and ours, who wants less than both could have.
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

class NegotiateDowngrade : public NegotiateTest {
 protected:
  // How it ends when a leg of ours is edited. The sides are ended before it returns.
  static Login With(ULONG request, size_t leg, const std::function<void(Init*)>& init,
                    const std::function<void(Resp*)>& resp) {
    Client client(request);
    Server server;
    return LogIn(&client, &server, [&](size_t number, const Octets& token) {
      if (number != leg) return token;
      if (number == 0) {
        Init edited = ReadInit(token);
        init(&edited);
        return Make(edited);
      }
      Resp edited = ReadResp(token);
      resp(&edited);
      return Make(edited);
    });
  }
  static Login WithInit(const std::function<void(Init*)>& edit, ULONG request = ISC_REQ_INTEGRITY) {
    return With(request, 0, edit, nullptr);
  }
  static Login WithResp(size_t leg, const std::function<void(Resp*)>& edit,
                        ULONG request = ISC_REQ_INTEGRITY) {
    return With(request, leg, nullptr, edit);
  }
};

TEST_F(NegotiateDowngrade, UnchangedIsEstablished) {
  EXPECT_TRUE(WithInit([](Init*) {}).established());
  for (const size_t leg : {size_t{1}, size_t{2}, size_t{3}}) {
    EXPECT_TRUE(WithResp(leg, [](Resp*) {}).established());
  }
}

// ---- The list of mechanisms. ----
TEST_F(NegotiateDowngrade, ListEditedOnItsWayIsRefused) {
  Octets with_a_long_length = DerLong(0x30, Der(0x06, kNtlm), 1);
  for (const Octets& list :
       {MechTypes({kNtlm, kNtlm}), MechTypes({kNtlm, kKerberos}), MechTypes({kKerberos, kNtlm}),
        MechTypes({kNegoex, kKerberos, kMsKerberos, kNtlm}), with_a_long_length}) {
    for (const ULONG request : {ULONG{0}, ULONG{ISC_REQ_INTEGRITY}}) {
      const Login login = WithInit([&](Init* init) { init->mech_types = list; }, request);
      EXPECT_FALSE(login.established()) << Hex(list);
      EXPECT_NE(login.server, SEC_E_OK) << "whether or not the application wants protection";
    }
  }
}

TEST_F(NegotiateDowngrade, KerberosTakenOutOfAClientsListIsFoundOut) {
  // The client signs what it sent.
  PeerInitiator peer;
  peer.mechs = {kNtlm};
  peer.signed_list = MechTypes({kKerberos, kNtlm});
  Server server;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, peer.LogIn(&server));
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, server.Status());
}

TEST_F(NegotiateDowngrade, ListPutInAnotherOrderIsFoundOut) {
  PeerInitiator peer;
  peer.mechs = {kNtlm, kKerberos};
  peer.signed_list = MechTypes({kKerberos, kNtlm});
  Server server;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, peer.LogIn(&server));
}

TEST_F(NegotiateDowngrade, ListThatTheServerSignsMustBeOurs) {
  PeerAcceptor peer;
  Client client(0);
  const Octets token = client.Step(peer.Reply(client.Step({}).token)).token;
  peer.init.mech_types = MechTypes({kKerberos, kNtlm});
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, client.Step(peer.Final(token)).status);
}

// ---- The mechListMIC. ----
TEST_F(NegotiateDowngrade, ClientsMicTakenAwayIsRefused) {
  for (const ULONG request : {ULONG{0}, ULONG{ISC_REQ_INTEGRITY}}) {
    const Login login = WithResp(
        2, [](Resp* resp) { resp->mic.reset(); }, request);
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, login.server);
  }
}

TEST_F(NegotiateDowngrade, ServersMicTakenAwayIsRefusedWhenAnythingIsToBeProtected) {
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, WithResp(3, [](Resp* resp) { resp->mic.reset(); }).client);
}

TEST_F(NegotiateDowngrade, MicOfEitherSideEmptiedIsRefused) {
  for (const size_t leg : {size_t{2}, size_t{3}}) {
    const Login login = WithResp(leg, [](Resp* resp) { resp->mic = Octets(); });
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, leg == 2 ? login.server : login.client);
  }
}

TEST_F(NegotiateDowngrade, MicAsOfAMechanismThatCannotSignIsRefused) {
  Octets dummy(16);
  dummy[0] = 1;
  for (const size_t leg : {size_t{2}, size_t{3}}) {
    const Login login = WithResp(leg, [&](Resp* resp) { resp->mic = dummy; });
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, leg == 2 ? login.server : login.client);
  }
}

TEST_F(NegotiateDowngrade, MicOfAnotherLoginIsRefused) {
  Octets old;
  {
    Client client;
    Server server;
    old = *ReadResp(LogIn(&client, &server).legs[2]).mic;
  }
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, WithResp(2, [&](Resp* resp) { resp->mic = old; }).server);
}

TEST_F(NegotiateDowngrade, LastReplyTakenAwayLeavesTheClientUndone) {
  Client client;
  Server server;
  const Octets answer = client.Step(server.Step(client.Step({}).token).token).token;
  ASSERT_STATUS(SEC_E_OK, server.Step(answer).status);
  EXPECT_EQ(client.SessionKey(), Octets());
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, client.Seal({1}).status);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step({}).status);
}

// ---- request-mic. ----
TEST_F(NegotiateDowngrade, RequestMicTakenAwayStillNeedsTheMic) {
  // The test's client, which likes Kerberos better, never sees our request-mic and so sends no MIC.
  PeerInitiator peer;
  peer.mechs = {kKerberos, kNtlm};
  peer.ntlm.announces_mic = false;
  peer.ntlm.writes_mic = false;
  peer.sends_mic = false;
  Server server;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, peer.LogIn(&server));
}

TEST_F(NegotiateDowngrade, RequestMicTurnedIntoAcceptIncompleteChangesNothingForOurClient) {
  PeerAcceptor peer;
  peer.first.state = kIncomplete;
  Client client;
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&client));
  EXPECT_TRUE(peer.ClientMicIsRight());
}

TEST_F(NegotiateDowngrade, RequestMicAddedOnlyMakesThemCareful) {
  EXPECT_TRUE(WithResp(1, [](Resp* resp) { resp->state = kRequestMic; }).established());
  const Login both = WithResp(
      1, [](Resp* resp) { resp->state = kRequestMic; }, 0);
  EXPECT_TRUE(both.established());
}

TEST_F(NegotiateDowngrade, RequestMicAddedLaterIsRefused) {
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, WithResp(3, [](Resp* resp) { resp->state = kRequestMic; }).client);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, WithResp(2, [](Resp* resp) { resp->state = kRequestMic; }).server);
}

// ---- supportedMech, and the rest. ----
TEST_F(NegotiateDowngrade, SupportedMechChangedIsRefused) {
  for (const Octets& mech : {kKerberos, kMsKerberos, kNegoex}) {
    for (const size_t leg : {size_t{1}, size_t{3}}) {
      const Login login = WithResp(leg, [&](Resp* resp) { resp->mech = mech; });
      EXPECT_STATUS(SEC_E_INVALID_TOKEN, login.client) << leg;
    }
  }
}

TEST_F(NegotiateDowngrade, RejectPutInIsADenial) {
  EXPECT_STATUS(SEC_E_LOGON_DENIED, WithResp(1, [](Resp* resp) {
                                      *resp = {kReject, {}, {}, {}, {}};
                                    }).client);
  EXPECT_STATUS(SEC_E_LOGON_DENIED, WithResp(2, [](Resp* resp) { resp->state = kReject; }).server);
  EXPECT_STATUS(SEC_E_LOGON_DENIED, WithResp(3, [](Resp* resp) { resp->state = kReject; }).client);
}

TEST_F(NegotiateDowngrade, OptimisticTokenTakenAwayIsRefused) {
  // The server asks for another one, which our client has not got: it began already.
  const Login login = WithInit([](Init* init) { init->token.reset(); });
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, login.client);
}

TEST_F(NegotiateDowngrade, NtlmsFlagsCannotBeTakenDownInside) {
  // Signing taken out of the NEGOTIATE, the CHALLENGE: NTLM's own MIC covers both.
  for (const uint32_t flag : {ntlm_test::kSign, ntlm_test::kSeal, ntlm_test::k128, ntlm_test::kKeyExch}) {
    const auto without = [&](Octets* token, size_t offset) {
      ntlm_test::PutU32(token, offset, ntlm_test::GetU32(*token, offset) & ~flag);
    };
    const ULONG request = ISC_REQ_CONFIDENTIALITY;
    EXPECT_FALSE(WithInit([&](Init* init) { without(&*init->token, 12); }, request).established()) << flag;
    EXPECT_FALSE(WithResp(
                     1, [&](Resp* resp) { without(&*resp->token, 20); }, request)
                     .established())
        << flag;
    EXPECT_FALSE(WithResp(
                     2, [&](Resp* resp) { without(&*resp->token, 60); }, request)
                     .established())
        << flag;
  }
}

}  // namespace
}  // namespace negotiate_test
