// SPDX-License-Identifier: Apache-2.0
// How the mechanism is chosen: what the acceptor takes of a client's list, and what the initiator takes of an
// acceptor's answer.
#include "config/baresspi_config.h"
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

class NegotiateChoice : public NegotiateTest {};

const Octets kTicket = Framed(kKerberos, Join({{1, 0}, Scrambled(300, 11)}));

// ---- The acceptor. ----
TEST_F(NegotiateChoice, NtlmFirstIsTakenAtOnce) {
  PeerInitiator peer;
  Server server;
  ASSERT_STATUS(SEC_E_OK, peer.LogIn(&server));
  const Resp reply = ReadResp(peer.replies[0]);
  EXPECT_EQ(reply.state, kIncomplete);
  EXPECT_EQ(reply.mech, kNtlm);
  EXPECT_TRUE(reply.token.has_value());
  const Resp last = ReadResp(peer.replies[1]);
  EXPECT_EQ(last.state, kCompleted);
  EXPECT_FALSE(last.mech.has_value());
  EXPECT_FALSE(last.token.has_value());
}

struct Offer {
  const char* what;
  std::vector<Octets> mechs;
};
const Offer kOffers[] = {{"Kerberos", {kKerberos, kNtlm}},
                         {"Kerberos, as Windows 2000 named it", {kMsKerberos, kNtlm}},
                         {"both", {kMsKerberos, kKerberos, kNegoex, kNtlm}},
                         {"NEGOEX", {kNegoex, kNtlm}},
                         {"NEGOEX and both", {kNegoex, kMsKerberos, kKerberos, kNtlm}},
                         {"NTLM not last", {kKerberos, kNtlm, kMsKerberos}},
                         {"twice", {kKerberos, kNtlm, kNtlm}}};

TEST_F(NegotiateChoice, AnotherMechanismFirstWithAnOptimisticTokenFallsBackThroughRequestMic) {
  for (const Offer& offer : kOffers) {
    SCOPED_TRACE(offer.what);
    PeerInitiator peer;
    peer.mechs = offer.mechs;
    peer.optimistic = kTicket;
    Server server;
    EXPECT_STATUS(SEC_E_OK, peer.LogIn(&server));
    ASSERT_EQ(peer.replies.size(), 3u);
    const Resp first = ReadResp(peer.replies[0]);
    EXPECT_EQ(first.state, kRequestMic);
    EXPECT_EQ(first.mech, kNtlm);
    EXPECT_FALSE(first.token.has_value()) << "the ticket is for nobody here";
    const Resp second = ReadResp(peer.replies[1]);
    EXPECT_EQ(second.state, kIncomplete);
    EXPECT_FALSE(second.mech.has_value()) << "it is in the first reply only";
    EXPECT_TRUE(second.token.has_value());
    EXPECT_TRUE(peer.ServerMicIsRight());
    EXPECT_EQ(Hex(server.SessionKey()), Hex(peer.ntlm.session_key));
  }
}

TEST_F(NegotiateChoice, AnotherMechanismFirstWithoutATokenFallsBackToo) {
  PeerInitiator peer;
  peer.mechs = {kKerberos, kNtlm};
  Server server;
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&server));
  EXPECT_EQ(ReadResp(peer.replies[0]).state, kRequestMic);
}

TEST_F(NegotiateChoice, FallBackWithoutAMechListMicIsRefusedWhateverNtlmUsed) {
  for (const bool ntlm_mic : {true, false}) {
    PeerInitiator peer;
    peer.mechs = {kKerberos, kNtlm};
    peer.sends_mic = false;
    peer.ntlm.announces_mic = ntlm_mic;
    peer.ntlm.writes_mic = ntlm_mic;
    Server server;
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, peer.LogIn(&server)) << ntlm_mic;
  }
}

TEST_F(NegotiateChoice, NtlmFirstWithoutATokenIsAskedForOne) {
  PeerInitiator peer;
  peer.has_token = false;
  Server server;
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&server));
  const Resp first = ReadResp(peer.replies[0]);
  EXPECT_EQ(first.state, kIncomplete) << "it is the client's own first choice";
  EXPECT_EQ(first.mech, kNtlm);
}

TEST_F(NegotiateChoice, NothingInCommonIsSaidSo) {
  for (const std::vector<Octets>& mechs :
       {std::vector<Octets>{kKerberos}, {kNegoex, kKerberos, kMsKerberos}, {{}}, {}}) {
    Server server;
    Init init;
    init.mech_types = MechTypes(mechs);
    init.token = kTicket;
    EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, server.Step(Make(init)).status);
    EXPECT_FALSE(server.has_context());
  }
}

TEST_F(NegotiateChoice, OidThatOnlyBeginsOrEndsAsNtlmsIsNot) {
  Octets longer = kNtlm;
  longer.push_back(0);
  for (const Octets& oid : {Part(kNtlm, 0, 9), longer, Part(kNtlm, 1)}) {
    Server server;
    Init init;
    init.mech_types = MechTypes({oid});
    EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, server.Step(Make(init)).status);
  }
}

TEST_F(NegotiateChoice, ListThatIsNoneIsRefused) {
  const Octets ntlm = Der(0x06, kNtlm);
  for (const Octets& list :
       {Der(0x30, Join({ntlm, Der(0x04, {1})})), Der(0x30, Join({ntlm, {0x06}})),
        Der(0x30, Join({ntlm, {0x06, 0x80}})), Der(0x30, Join({ntlm, {0x06, 0x0A, 0x2B}}))}) {
    Server server;
    Init init;
    init.mech_types = list;
    init.token = PeerInitiator().ntlm.Negotiate();
    EXPECT_LT(server.Step(Make(init)).status, 0) << Hex(list);
    EXPECT_FALSE(server.has_context());
  }
}

TEST_F(NegotiateChoice, ListIsTakenUpToItsBoundAndRefusedBeyond) {
  // Padded by one OID that nobody knows; all of it is in the mechListMIC.
  for (size_t size = 60; size <= BARESSPI_NEGOTIATE_MECH_LIST_MAX + 8; ++size) {
    PeerInitiator peer;
    peer.mechs = {kNtlm, Octets(size - 2 - 12 - 2, 0x2B)};
    ASSERT_EQ(peer.list().size(), size);
    Server server;
    const SECURITY_STATUS status = peer.LogIn(&server);
    EXPECT_STATUS(size <= BARESSPI_NEGOTIATE_MECH_LIST_MAX ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION, status)
        << size;
  }
}

TEST_F(NegotiateChoice, ClientsInitMayHaveWhatAcceptorsDoNotNeed) {
  PeerInitiator peer;
  Init init;
  init.token = peer.ntlm.Negotiate();
  init.flags = Octets{1, 0x40};
  init.more = Der(0xA7, {1});
  for (const bool framed : {true, false}) {
    init.framed = framed;
    Server server;
    const Result reply = server.Step(Make(init));
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, reply.status);
    EXPECT_STATUS(SEC_E_OK, server.Step(peer.Last(reply.token)).status);
  }
}

TEST_F(NegotiateChoice, ReplyWithoutATokenIsRefusedByTheAcceptor) {
  PeerInitiator peer;
  for (const Resp& resp : {Resp{kIncomplete, {}, {}, {}, {}}, Resp{-1, {}, {}, Octets(16), {}}}) {
    Server server;
    server.Step(peer.First());
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, server.Step(Make(resp)).status);
  }
}

TEST_F(NegotiateChoice, AcceptorTakesNoSecondInit) {
  PeerInitiator peer;
  Server server;
  server.Step(peer.First());
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, server.Step(peer.First()).status);
}

TEST_F(NegotiateChoice, RejectOfTheInitiatorEndsIt) {
  PeerInitiator peer;
  Server server;
  server.Step(peer.First());
  EXPECT_STATUS(SEC_E_LOGON_DENIED, server.Step(Make(Resp{kReject, {}, {}, {}, {}})).status);
  EXPECT_STATUS(SEC_E_LOGON_DENIED, server.Status());
}

TEST_F(NegotiateChoice, InitiatorsStateDoesNotMatterOtherwise) {
  // RFC 4178 leaves it out, [MS-SPNG] has accept-incomplete.
  for (const int state : {-1, kCompleted, kIncomplete}) {
    PeerInitiator peer;
    peer.state = state;
    Server server;
    EXPECT_STATUS(SEC_E_OK, peer.LogIn(&server)) << state;
  }
}

// ---- The initiator. ----
TEST_F(NegotiateChoice, OurInitNamesWhatTheCredentialHasWithATokenOfTheFirst) {
  Client client;
  const Init init = ReadInit(client.Step({}).token);
  EXPECT_EQ(Hex(init.mech_types), Hex(MechTypes({kNtlm})));
  ASSERT_TRUE(init.token.has_value());
  EXPECT_EQ(Hex(Part(*init.token, 0, 8)), "4e544c4d53535000");
  EXPECT_FALSE(init.flags.has_value());
  EXPECT_FALSE(init.mic.has_value());
  EXPECT_FALSE(init.hint.has_value());
}

TEST_F(NegotiateChoice, AcceptorThatTakesWhatWeHaveNotNamedIsRefused) {
  for (const Octets& mech : {kKerberos, kMsKerberos, kNegoex, Octets{0x2B}}) {
    PeerAcceptor peer;
    peer.first.mech = mech;
    Client client;
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, peer.LogIn(&client));
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Status());
  }
}

TEST_F(NegotiateChoice, AcceptorThatNamesNothingTakesTheFirst) {
  PeerAcceptor peer;
  peer.first.mech.reset();
  Client client;
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&client));
}

TEST_F(NegotiateChoice, AcceptorMayNotChangeItsMindLater) {
  for (const Octets& mech : {kKerberos, kNtlm}) {
    PeerAcceptor peer;
    peer.last.mech = mech;
    Client client;
    EXPECT_STATUS(mech == kNtlm ? SEC_E_OK : SEC_E_INVALID_TOKEN, peer.LogIn(&client));
  }
}

TEST_F(NegotiateChoice, AcceptorThatHasNoEndIsRefused) {
  PeerAcceptor peer;
  peer.last.state = kIncomplete;
  Client client;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, peer.LogIn(&client));
}

TEST_F(NegotiateChoice, AcceptorThatAnswersOnceTooOftenIsRefused) {
  PeerAcceptor peer;
  peer.last.token = Octets{1, 2, 3};
  Client client;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, peer.LogIn(&client));
}

TEST_F(NegotiateChoice, FirstReplyWithoutATokenIsRefusedByTheInitiator) {
  for (const int state : {-1, kCompleted, kIncomplete, kRequestMic}) {
    Client client;
    client.Step({});
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step(Make(Resp{state, kNtlm, {}, {}, {}})).status) << state;
  }
}

TEST_F(NegotiateChoice, FinalReplyMayBeWithoutItsState) {
  PeerAcceptor peer;
  peer.last.state = -1;
  Client client;
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&client));
}

// ---- reject. ----
TEST_F(NegotiateChoice, RejectAtOnceEndsIt) {
  for (const Resp& reject : {Resp{kReject, {}, {}, {}, {}}, Resp{kReject, kNtlm, {}, {}, {}},
                             Resp{kReject, kKerberos, {}, {}, {}}}) {
    Client client;
    client.Step({});
    EXPECT_STATUS(SEC_E_LOGON_DENIED, client.Step(Make(reject)).status);
    EXPECT_STATUS(SEC_E_LOGON_DENIED, client.Status()) << "it is final";
  }
}

TEST_F(NegotiateChoice, RejectAfterTheAuthenticateEndsIt) {
  for (const std::optional<Octets>& token :
       {std::optional<Octets>{}, std::optional<Octets>{Octets{1, 2, 3}}}) {
    PeerAcceptor peer;
    Client client;
    client.Step(peer.Reply(client.Step({}).token));
    EXPECT_STATUS(SEC_E_LOGON_DENIED, client.Step(Make(Resp{kReject, {}, token, {}, {}})).status);
    EXPECT_STATUS(SEC_E_LOGON_DENIED, client.Status());
  }
}

TEST_F(NegotiateChoice, RejectWithATokenThatTheMechanismUnderstandsTellsWhatItSays) {
  // A CHALLENGE of a server that cannot do what is needed: NTLM has a word for that.
  PeerAcceptor peer;
  peer.ntlm.flags &= ~ntlm_test::kExtendedSecurity;
  peer.first.state = kReject;
  Client client;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, client.Step(peer.Reply(client.Step({}).token)).status);
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, client.Status());
}

TEST_F(NegotiateChoice, RejectWithATokenThatTellsNothingIsADenial) {
  for (const size_t size : {size_t{1}, size_t{40}, size_t{200}}) {
    Client client;
    client.Step({});
    EXPECT_STATUS(SEC_E_LOGON_DENIED,
                  client.Step(Make(Resp{kReject, {}, Scrambled(size, 5), {}, {}})).status);
    EXPECT_STATUS(SEC_E_LOGON_DENIED, client.Status());
  }
}

TEST_F(NegotiateChoice, RejectWithAChallengeSendsNoAnswer) {
  PeerAcceptor peer;
  peer.first.state = kReject;
  for (const size_t room : {size_t{1024}, size_t{130}, size_t{0}}) {
    Client client;
    const Octets reply = peer.Reply(client.Step({}).token);
    const Result result = client.StepInto(room, reply);
    EXPECT_STATUS(SEC_E_LOGON_DENIED, result.status) << room;
    EXPECT_EQ(result.size, 0u);
    EXPECT_STATUS(SEC_E_LOGON_DENIED, client.Status()) << "final, however small the output was";
  }
  Client client;
  const Octets reply = peer.Reply(client.Step({}).token);
  scripted_port::FailRandomAfter(0);
  EXPECT_STATUS(SEC_E_LOGON_DENIED, client.Step(reply).status);
  EXPECT_STATUS(SEC_E_LOGON_DENIED, client.Status()) << "final, though there is no random";
}

// ---- The server speaks first. ----
TEST_F(NegotiateChoice, AcceptorsHintIsANegTokenInit2) {
  Server server;
  const Result hint = server.Step({});
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, hint.status);
  const Init init = ReadInit(hint.token);
  EXPECT_EQ(Hex(init.mech_types), Hex(MechTypes({kNtlm})));
  EXPECT_EQ(init.hint, "not_defined_in_RFC4178@please_ignore");
  EXPECT_FALSE(init.token.has_value());
  EXPECT_FALSE(init.mic.has_value());
}

TEST_F(NegotiateChoice, AfterItsHintTheAcceptorTakesWhatItAlwaysTakes) {
  for (const std::vector<Octets>& mechs : {std::vector<Octets>{kNtlm}, {kKerberos, kNtlm}}) {
    PeerInitiator peer;
    peer.mechs = mechs;
    Server server;
    server.Step({});
    EXPECT_STATUS(SEC_E_OK, peer.LogIn(&server));
    EXPECT_TRUE(peer.ServerMicIsRight()) << "the list is the client's, not the hint's";
  }
}

TEST_F(NegotiateChoice, NothingAfterTheHintIsRefused) {
  Server server;
  server.Step({});
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, server.Step({}).status);
}

TEST_F(NegotiateChoice, InitiatorTakesAHintAndDoesNotFollowIt) {
  const Octets mic(16, 0x11);
  Init hint;
  hint.mech_types = MechTypes({kNegoex, kMsKerberos, kKerberos, kNtlm});
  hint.hint = "not_defined_in_RFC4178@please_ignore";
  std::vector<Init> hints(6, hint);
  hints[1].mic = mic;
  hints[2].hint.reset();  // a plain NegTokenInit
  hints[3].more = Join({Der(0xA5, {1, 2, 3}), Der(0xA9, {})});
  hints[4].mech_types = MechTypes({kKerberos});
  hints[5].hint = "";
  for (const Init& one : hints) {
    Client client;
    const Result first = client.Step(Make(one));
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, first.status);
    const Init init = ReadInit(first.token);
    EXPECT_EQ(Hex(init.mech_types), Hex(MechTypes({kNtlm})));
    PeerAcceptor peer;
    const Result second = client.Step(peer.Reply(first.token));
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, second.status);
    EXPECT_STATUS(SEC_E_OK, client.Step(peer.Final(second.token)).status);
  }
}

TEST_F(NegotiateChoice, InitiatorRefusesAFirstTokenThatIsNoHint) {
  for (const Octets& token : {Octets{1}, Make(Resp{kIncomplete, kNtlm, {}, {}, {}}), kTicket,
                              Part(Make(Init()), 0, 20), ntlm_test::Ascii("NTLMSSP")}) {
    Client client;
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step(token).status);
    EXPECT_FALSE(client.has_context());
  }
}

TEST_F(NegotiateChoice, OursWithOursServerFirst) {
  Client client;
  Server server;
  const Octets hint = server.Step({}).token;
  const Octets init = client.Step(hint).token;
  const Octets answer = client.Step(server.Step(init).token).token;
  const Result last = server.Step(answer);
  EXPECT_STATUS(SEC_E_OK, last.status);
  EXPECT_STATUS(SEC_E_OK, client.Step(last.token).status);
  ExpectWorking(&client, &server);
}

}  // namespace
}  // namespace negotiate_test
