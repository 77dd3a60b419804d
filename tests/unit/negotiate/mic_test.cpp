// SPDX-License-Identifier: Apache-2.0
// The mechListMIC: when both sides owe it, what it is, and what comes after it.
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

using ntlm_test::From;
using ntlm_test::PeerChannel;

class NegotiateMic : public NegotiateTest {};

constexpr ULONG kNoProtection = 0;

// An authority and a device with a policy of its own.
BARESSPI_DEVICE DeviceWith(ULONG policy) {
  BARESSPI_DEVICE device = Device();
  device.Policy = policy;
  return device;
}

// ---- An NTLM login that used a MIC obliges both sides. ----
TEST_F(NegotiateMic, BothSidesSendOneWhenNtlmUsedAMic) {
  Client client;
  Server server;
  const Login login = LogIn(&client, &server);
  ASSERT_TRUE(login.established());
  EXPECT_TRUE(ReadResp(login.legs[2]).mic.has_value());
  EXPECT_TRUE(ReadResp(login.legs[3]).mic.has_value());
  EXPECT_FALSE(ReadResp(login.legs[1]).mic.has_value()) << "nobody has a key yet";
}

TEST_F(NegotiateMic, AcceptorRefusesAClientThatOwesItAndSendsNone) {
  PeerInitiator peer;
  peer.sends_mic = false;
  Server server;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, peer.LogIn(&server));
}

TEST_F(NegotiateMic, AcceptorWantsNoneOfAClientWithoutAMicInNtlm) {
  // As old clients are: NTLM without a MIC, and NTLM named first.
  PeerInitiator peer;
  peer.sends_mic = false;
  peer.ntlm.announces_mic = false;
  peer.ntlm.writes_mic = false;
  Server server;
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&server));
  EXPECT_FALSE(ReadResp(peer.replies.back()).mic.has_value());
  EXPECT_EQ(ReadResp(peer.replies.back()).state, kCompleted);
}

TEST_F(NegotiateMic, AcceptorAnswersAnyRightMicWithItsOwn) {
  PeerInitiator peer;
  peer.ntlm.announces_mic = false;
  peer.ntlm.writes_mic = false;
  Server server;
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&server));
  EXPECT_TRUE(peer.ServerMicIsRight());
}

TEST_F(NegotiateMic, InitiatorSendsItAndWantsItWhenNtlmUsedAMic) {
  for (const ULONG request :
       {ISC_REQ_INTEGRITY, ISC_REQ_CONFIDENTIALITY, ISC_REQ_REPLAY_DETECT, ISC_REQ_SEQUENCE_DETECT}) {
    PeerAcceptor peer;
    Client client(request);
    EXPECT_STATUS(SEC_E_OK, peer.LogIn(&client)) << request;
    EXPECT_TRUE(peer.ClientMicIsRight()) << request;
    client.DeleteContext();
    peer.sends_mic = false;
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, peer.LogIn(&client)) << request;
  }
}

TEST_F(NegotiateMic, InitiatorWithoutAMicInNtlmOwesNone) {
  Client client;
  client.SetPolicy(BARESSPI_POLICY_NO_MIC);
  Server server;
  const Login login = LogIn(&client, &server);
  EXPECT_TRUE(login.established());
  EXPECT_FALSE(ReadResp(login.legs[2]).mic.has_value());
  EXPECT_FALSE(ReadResp(login.legs[3]).mic.has_value());
  ExpectWorking(&client, &server);
}

// What LDAP inside of TLS needs: directories refuse a login that could protect messages.
TEST_F(NegotiateMic, InitiatorToldToWantNoIntegrityAsksTheMechanismForNone) {
  for (const ULONG more :
       {ULONG{0}, ULONG{ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT}}) {
    Client client(ISC_REQ_NO_INTEGRITY | more);
    Server server;
    const Login login = LogIn(&client, &server);
    EXPECT_TRUE(login.established()) << more;
    SecPkgContext_Flags flags = {};
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_FLAGS, &flags));
    EXPECT_EQ(flags.Flags & (ISC_RET_INTEGRITY | ISC_RET_CONFIDENTIALITY), 0u) << more;
    EXPECT_FALSE(ReadResp(login.legs[2]).mic.has_value());
    EXPECT_FALSE(ReadResp(login.legs[3]).mic.has_value());
  }
}

TEST_F(NegotiateMic, InitiatorToldToWantNoIntegrityCanStillSeal) {
  Client client(ISC_REQ_NO_INTEGRITY | ISC_REQ_CONFIDENTIALITY);
  Server server;
  ASSERT_TRUE(LogIn(&client, &server).established());
  ExpectWorking(&client, &server);
}

// ---- Acceptors that never send one. ----
TEST_F(NegotiateMic, AcceptorsSilenceIsBorneWhenNothingIsToBeProtected) {
  PeerAcceptor peer;
  peer.sends_mic = false;
  Client client(kNoProtection);
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&client));
}

TEST_F(NegotiateMic, AcceptorsSilenceIsNotBorneAfterARequestMic) {
  PeerAcceptor peer;
  peer.sends_mic = false;
  peer.first.state = kRequestMic;
  Client client(kNoProtection);
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, peer.LogIn(&client));
}

// What came with the failed call is not to be remembered: the caller may have another answer now.
TEST_F(NegotiateMic, RequestMicOfACallThatTheCallerCanMendIsForgotten) {
  PeerAcceptor peer;
  peer.sends_mic = false;
  Client client(kNoProtection);
  const Octets init = client.Step({}).token;
  peer.first.state = kRequestMic;
  ASSERT_STATUS(SEC_E_BUFFER_TOO_SMALL, client.StepInto(8, peer.Reply(init)).status);
  peer.first.state = kIncomplete;
  const Result result = client.Step(peer.Reply(init));
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, result.status);
  EXPECT_STATUS(SEC_E_OK, client.Step(peer.Final(result.token)).status);
}

TEST_F(NegotiateMic, RequestMicIsFollowedByTheInitiator) {
  PeerAcceptor peer;
  peer.first.state = kRequestMic;
  Client client(kNoProtection);
  client.SetPolicy(BARESSPI_POLICY_NO_MIC);  // else NTLM's own would oblige it
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&client));
  EXPECT_TRUE(peer.ClientMicIsRight());
}

TEST_F(NegotiateMic, RequestMicIsLegalInTheFirstReplyOnly) {
  PeerAcceptor peer;
  peer.last.state = kRequestMic;
  Client client;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, peer.LogIn(&client));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Status());
}

TEST_F(NegotiateMic, RequestMicOfAnInitiatorIsRefused) {
  PeerInitiator peer;
  peer.state = kRequestMic;
  Server server;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, peer.LogIn(&server));
}

// ---- What it is. ----
TEST_F(NegotiateMic, IsAboutTheListAsTheInitiatorWroteIt) {
  // The list in lengths that are not the shortest: its octets are signed, not what they mean.
  const Octets odd = DerLong(0x30, DerLong(0x06, kNtlm, 4), 2);
  for (const Octets& signed_list : {odd, MechTypes({kNtlm})}) {
    Server server;
    PeerInitiator peer;
    peer.signed_list = signed_list;
    Init init;
    init.mech_types = odd;
    init.token = peer.ntlm.Negotiate();
    const Result reply = server.Step(Make(init));
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, reply.status);
    const Result last = server.Step(peer.Last(reply.token));
    EXPECT_STATUS(signed_list == odd ? SEC_E_OK : SEC_E_MESSAGE_ALTERED, last.status);
    if (signed_list != odd) continue;
    EXPECT_EQ(ReadResp(last.token).mic,
              MechListMic(peer.ntlm.session_key, peer.ntlm.agreed_flags, From::kServer, odd));
  }
}

TEST_F(NegotiateMic, HasSequenceNumberZero) {
  Client client;
  Server server;
  const Login login = LogIn(&client, &server);
  for (const size_t leg : {size_t{2}, size_t{3}}) {
    const Octets mic = ReadResp(login.legs[leg]).mic.value_or(Octets(16));
    EXPECT_EQ(ntlm_test::GetU32(mic, 0), 1u);
    EXPECT_EQ(ntlm_test::GetU32(mic, 12), 0u);
  }
}

TEST_F(NegotiateMic, AnyOtherLengthIsRefused) {
  for (const size_t size : {size_t{1}, size_t{15}, size_t{17}, size_t{32}}) {
    PeerInitiator peer;
    Server server;
    const Octets reply = server.Step(peer.First()).token;
    Resp last = ReadResp(peer.Last(reply));
    last.mic->resize(size);
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, server.Step(Make(last)).status) << size;
  }
}

TEST_F(NegotiateMic, FlippedAnywhereIsRefusedByTheAcceptor) {
  for (size_t bit = 0; bit < 128; ++bit) {
    PeerInitiator peer;
    Server server;
    const Octets reply = server.Step(peer.First()).token;
    Resp last = ReadResp(peer.Last(reply));
    (*last.mic)[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    const Result result = server.Step(Make(last));
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, result.status) << bit;
    EXPECT_EQ(result.size, 0u);
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, server.Status());
  }
}

TEST_F(NegotiateMic, FlippedAnywhereIsRefusedByTheInitiator) {
  for (size_t bit = 0; bit < 128; ++bit) {
    PeerAcceptor peer;
    Client client;
    const Octets token = client.Step(peer.Reply(client.Step({}).token)).token;
    Resp last = ReadResp(peer.Final(token));
    (*last.mic)[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, client.Step(Make(last)).status) << bit;
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, client.Status());
  }
}

TEST_F(NegotiateMic, OfTheOtherDirectionIsRefused) {
  PeerAcceptor peer;
  Client client;
  const Octets token = client.Step(peer.Reply(client.Step({}).token)).token;
  Resp last = ReadResp(peer.Final(token));
  last.mic = ReadResp(token).mic;  // sent back
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, client.Step(Make(last)).status);
}

// ---- Old acceptors put their responseToken into mechListMIC as well. ----
TEST_F(NegotiateMic, CopyOfTheResponseTokenIsIgnored) {
  PeerAcceptor peer;
  Client client;
  const Octets init = client.Step({}).token;
  Resp first = ReadResp(peer.Reply(init));
  first.mic = first.token;
  const Result step = client.Step(Make(first));
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, step.status);
  EXPECT_STATUS(SEC_E_OK, client.Step(peer.Final(step.token)).status);
}

// ---- After it. ----
TEST_F(NegotiateMic, FirstMessageOfEitherDirectionHasNumberOneAndANewCipher) {
  for (const bool sealed : {true, false}) {
    PeerInitiator peer;
    Server server;
    ASSERT_STATUS(SEC_E_OK, peer.LogIn(&server));
    PeerChannel ours = AfterMic(peer.ntlm.session_key, peer.ntlm.agreed_flags, From::kServer);
    PeerChannel theirs = AfterMic(peer.ntlm.session_key, peer.ntlm.agreed_flags, From::kClient);
    for (uint32_t number = 1; number <= 3; ++number) {
      const Octets text = ntlm_test::Ascii("application");
      Octets data = text;
      const Octets expected = sealed ? ours.Seal(&data) : ours.Sign(text);
      const ntlm_test::Protected made = sealed ? server.Seal(text) : server.Sign(text);
      EXPECT_EQ(Hex(made.signature), Hex(expected));
      EXPECT_EQ(Hex(made.data), Hex(data));
      EXPECT_EQ(ntlm_test::GetU32(made.signature, 12), number);
      data = text;
      const Octets signature = sealed ? theirs.Seal(&data) : theirs.Sign(text);
      const ntlm_test::Protected taken =
          sealed ? server.Unseal(data, signature) : server.Verify(text, signature);
      EXPECT_STATUS(SEC_E_OK, taken.status);
      EXPECT_EQ(taken.data, text);
    }
  }
}

TEST_F(NegotiateMic, FirstMessageOfTheInitiatorHasNumberOneAndANewCipher) {
  PeerAcceptor peer;
  Client client;
  ASSERT_STATUS(SEC_E_OK, peer.LogIn(&client));
  PeerChannel ours = AfterMic(peer.login.session_key, peer.login.message.flags, From::kClient);
  PeerChannel theirs = AfterMic(peer.login.session_key, peer.login.message.flags, From::kServer);
  const Octets text = ntlm_test::Ascii("application");
  Octets data = text;
  const Octets expected = ours.Seal(&data);
  const ntlm_test::Protected made = client.Seal(text);
  EXPECT_EQ(Hex(made.signature), Hex(expected));
  EXPECT_EQ(Hex(made.data), Hex(data));
  data = text;
  const Octets signature = theirs.Seal(&data);
  EXPECT_STATUS(SEC_E_OK, client.Unseal(data, signature).status);
}

TEST_F(NegotiateMic, CannotBePlayedAgainAsAMessage) {
  PeerInitiator peer;
  Server server;
  const Octets reply = server.Step(peer.First()).token;
  const Octets last = peer.Last(reply);
  ASSERT_STATUS(SEC_E_OK, server.Step(last).status);
  EXPECT_STATUS(SEC_E_OUT_OF_SEQUENCE, server.Verify(peer.list(), *ReadResp(last).mic).status);
}

TEST_F(NegotiateMic, WithoutOneTheFirstMessageHasNumberZero) {
  PeerInitiator peer;
  peer.sends_mic = false;
  peer.ntlm.announces_mic = false;
  peer.ntlm.writes_mic = false;
  Server server;
  ASSERT_STATUS(SEC_E_OK, peer.LogIn(&server));
  PeerChannel theirs(peer.ntlm.session_key, peer.ntlm.agreed_flags, From::kClient);
  const Octets text = ntlm_test::Ascii("application");
  EXPECT_STATUS(SEC_E_OK, server.Verify(text, theirs.Sign(text)).status);
  EXPECT_EQ(ntlm_test::GetU32(server.Sign(text).signature, 12), 0u);
}

TEST_F(NegotiateMic, WithoutKeyExchangeToo) {
  PeerInitiator peer;
  peer.ntlm.flags &= ~ntlm_test::kKeyExch;
  Server server;
  ASSERT_STATUS(SEC_E_OK, peer.LogIn(&server));
  EXPECT_TRUE(peer.ServerMicIsRight());
  PeerAcceptor acceptor;
  acceptor.ntlm.flags &= ~ntlm_test::kKeyExch;
  Client client;
  ASSERT_STATUS(SEC_E_OK, acceptor.LogIn(&client));
  EXPECT_TRUE(acceptor.ClientMicIsRight());
}

// ---- Nobody has no key. ----
TEST_F(NegotiateMic, AnonymousLogonsHaveNone) {
  const BARESSPI_DEVICE device = DeviceWith(BARESSPI_POLICY_ALLOW_ANONYMOUS);
  Server server(device);
  AnonymousClient client;
  const Login login = LogIn(&client, &server);
  EXPECT_TRUE(login.established());
  EXPECT_FALSE(ReadResp(login.legs[2]).mic.has_value());
  EXPECT_FALSE(ReadResp(login.legs[3]).mic.has_value());
}

TEST_F(NegotiateMic, AnonymousLogonAfterAnotherMechanismWasLikedBetterHasNoneEither) {
  const BARESSPI_DEVICE device = DeviceWith(BARESSPI_POLICY_ALLOW_ANONYMOUS);
  Server server(device);
  PeerInitiator peer;
  peer.mechs = {kKerberos, kNtlm};
  const Octets reply = server.Step(peer.First()).token;
  EXPECT_EQ(ReadResp(reply).state, kRequestMic);
  // The NTLM of an anonymous client of ours, unwrapped and wrapped anew.
  AnonymousClient client;
  const Octets negotiate = *ReadInit(client.Step({}).token).token;
  const Octets challenge = server.Step(Make(Resp{kIncomplete, {}, negotiate, {}, {}})).token;
  Resp answer = ReadResp(challenge);
  answer.mech = kNtlm;
  const Resp authenticate = ReadResp(client.Step(Make(answer)).token);
  EXPECT_FALSE(authenticate.mic.has_value());
  EXPECT_STATUS(SEC_E_OK, server.Step(Make(authenticate)).status);
}

TEST_F(NegotiateMic, AnonymousLogonIsRefusedWithoutAPolicyThatAllowsIt) {
  Server server;
  AnonymousClient client;
  EXPECT_STATUS(SEC_E_LOGON_DENIED, LogIn(&client, &server).server);
}

TEST_F(NegotiateMic, RequestMicToAnAnonymousClientAsksForWhatItCannotGive) {
  PeerAcceptor peer;
  peer.first.state = kRequestMic;
  peer.sends_mic = false;
  AnonymousClient client;
  const Result step = client.Step(peer.Reply(client.Step({}).token));
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, step.status);
  EXPECT_FALSE(ReadResp(step.token).mic.has_value());
  EXPECT_STATUS(SEC_E_OK, client.Step(Make(peer.last)).status);
}

}  // namespace
}  // namespace negotiate_test
