// SPDX-License-Identifier: Apache-2.0
// The MIC: when it is made, when it is demanded, and that it never stands in for the password.
#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

class NtlmMic : public NtlmTest {};

uint32_t AvFlags(const Login& login) {
  const Octets value = ValueOf(login.pairs, kAvFlags);
  return value.empty() ? 0 : GetU32(value, 0);
}

// ---- The client. ----
TEST_F(NtlmMic, Initiator_SendsAMicWhenTheChallengeHasATimestamp) {
  Client client;
  const Tokens tokens = LogIn(&client, PeerServer());
  ASSERT_EQ(tokens.client, SEC_E_OK);
  const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
  EXPECT_TRUE(login.proof_is_right);
  EXPECT_EQ(AvFlags(login) & kAvFlagMic, kAvFlagMic);
  EXPECT_TRUE(login.mic_is_right);
  EXPECT_EQ(login.session_key, client.SessionKey());
}

TEST_F(NtlmMic, Initiator_SendsAMicWithoutKeyExchangeToo) {
  PeerServer server;
  server.flags &= ~kKeyExch;
  Client client;
  const Tokens tokens = LogIn(&client, server);
  ASSERT_EQ(tokens.client, SEC_E_OK);
  const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
  EXPECT_EQ(AvFlags(login) & kAvFlagMic, kAvFlagMic);
  EXPECT_TRUE(login.mic_is_right);
}

TEST_F(NtlmMic, Initiator_MicCoversTheChallengeAsItWasReceived) {
  // Octets that nobody parses: behind the payload, and in Reserved.
  PeerServer server;
  Octets challenge = server.MakeChallenge();
  challenge[33] = 0x7F;
  challenge.insert(challenge.end(), {1, 2, 3});
  Client client;
  const Octets negotiate = client.Start().token;
  const Step step = client.Continue(challenge);
  ASSERT_EQ(step.status, SEC_E_OK);
  EXPECT_TRUE(TakeLogin(negotiate, challenge, step.token).mic_is_right);
}

TEST_F(NtlmMic, Initiator_SendsAMicWithoutATimestampToo) {
  // Else whoever takes the timestamp out of the CHALLENGE would be rid of the MIC.
  PeerServer server;
  server.time.reset();
  Client client;
  const Tokens tokens = LogIn(&client, server);
  ASSERT_EQ(tokens.client, SEC_E_OK);
  const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
  EXPECT_TRUE(login.proof_is_right);
  EXPECT_EQ(AvFlags(login) & kAvFlagMic, kAvFlagMic);
  EXPECT_TRUE(login.mic_is_right);
}

TEST_F(NtlmMic, Initiator_MicCanBeSwitchedOffForACredential) {
  Client client;
  client.SetPolicy(BARESSPI_POLICY_NO_MIC);
  const Tokens tokens = LogIn(&client, PeerServer());
  ASSERT_EQ(tokens.client, SEC_E_OK);
  const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
  EXPECT_TRUE(login.proof_is_right);
  EXPECT_EQ(AvFlags(login) & kAvFlagMic, 0u);
  EXPECT_EQ(Hex(login.message.mic), Hex(Octets(16)));
}

TEST_F(NtlmMic, Initiator_MicSwitchIsOneCredentialsOwn) {
  Client without;
  without.SetPolicy(BARESSPI_POLICY_NO_MIC);
  Client with;
  const Tokens tokens = LogIn(&with, PeerServer());
  EXPECT_TRUE(TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate).mic_is_right);
}

TEST_F(NtlmMic, Initiator_MicSwitchOfTheDeviceIsTheDefault) {
  BARESSPI_DEVICE device = {};
  device.Version = BARESSPI_DEVICE_VERSION;
  device.Length = sizeof device;
  device.Policy = BARESSPI_POLICY_NO_MIC;
  scripted_port::SetDevice(&device);
  Client client;
  const Tokens tokens = LogIn(&client, PeerServer());
  EXPECT_EQ(AvFlags(TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate)), 0u);
}

// ---- The server. ----
TEST_F(NtlmMic, Acceptor_TakesARightMic) {
  PeerClient client;
  Server server;
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  EXPECT_EQ(server.SessionKey(), client.session_key);
}

TEST_F(NtlmMic, Acceptor_TakesARightMicWithoutKeyExchange) {
  PeerClient client;
  client.flags &= ~kKeyExch;
  Server server;
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  EXPECT_EQ(server.SessionKey(), client.session_key);
}

TEST_F(NtlmMic, Acceptor_RefusesAWrongMicAtEveryOctet) {
  for (size_t i = 0; i < 16; ++i) {
    PeerClient client;
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    Octets authenticate = client.Answer(client.Negotiate(), challenge);
    authenticate[72 + i] ^= 0x01;
    EXPECT_EQ(server.Accept(authenticate).status, SEC_E_MESSAGE_ALTERED) << "octet " << i;
    EXPECT_EQ(server.SessionKey(), Octets()) << "octet " << i;
  }
}

TEST_F(NtlmMic, Acceptor_RefusesAnnouncedButMissingMic) {
  // No room for one: the payload begins at 64, or at 72 with Version.
  for (const size_t header : {size_t{64}, size_t{72}}) {
    PeerClient client;
    client.header = header;
    client.writes_mic = false;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_MESSAGE_ALTERED) << header;
  }
}

TEST_F(NtlmMic, Acceptor_RefusesAnnouncedMicThatIsZero) {
  for (const size_t header : {size_t{80}, size_t{88}}) {
    PeerClient client;
    client.header = header;
    client.writes_mic = false;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_MESSAGE_ALTERED) << header;
  }
}

TEST_F(NtlmMic, Acceptor_RefusesAMicOverAnotherNegotiate) {
  // Somebody in the middle took flags out of the NEGOTIATE.
  PeerClient client;
  Server server;
  const Octets sent = client.Negotiate();
  const Octets arrived = MakeNegotiate(kUsual & ~kVersion);
  const Octets challenge = server.Accept(arrived).token;
  EXPECT_EQ(server.Accept(client.Answer(sent, challenge)).status, SEC_E_MESSAGE_ALTERED);
}

TEST_F(NtlmMic, Acceptor_RefusesAMicOverAnotherChallenge) {
  PeerClient client;
  Server server;
  const Octets sent = server.Accept(client.Negotiate()).token;
  Octets arrived = sent;
  arrived[32] = 1;  // Reserved: nothing but the MIC covers it
  EXPECT_EQ(server.Accept(client.Answer(client.Negotiate(), arrived)).status, SEC_E_MESSAGE_ALTERED);
}

TEST_F(NtlmMic, Acceptor_MicCoversTheNegotiateAsItWasReceived) {
  // With names, and longer than the structure is.
  PeerClient client;
  client.negotiate_size = 52;
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK);
}

TEST_F(NtlmMic, Acceptor_MicCoversTheWholeAuthenticate) {
  // The workstation's name is in no proof: only the MIC sees that it was changed.
  PeerClient client;
  Server server;
  const Octets challenge = server.Accept(client.Negotiate()).token;
  Octets authenticate = client.Answer(client.Negotiate(), challenge);
  const size_t workstation = GetU32(authenticate, 48);
  authenticate[workstation] ^= 0x01;
  EXPECT_EQ(server.Accept(authenticate).status, SEC_E_MESSAGE_ALTERED);
}

TEST_F(NtlmMic, Acceptor_PeerWithoutAMicStillLogsInUnlessOneIsRequired) {
  PeerClient client;
  client.announces_mic = false;
  client.writes_mic = false;
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  Server strict(BARESSPI_POLICY_REQUIRE_MIC);
  EXPECT_EQ(LogIn(&client, &strict).server, SEC_E_MESSAGE_ALTERED);
}

TEST_F(NtlmMic, Acceptor_RequiredMicIsTakenWhenItIsThere) {
  PeerClient client;
  Server strict(BARESSPI_POLICY_REQUIRE_MIC);
  EXPECT_EQ(LogIn(&client, &strict).server, SEC_E_OK);
}

TEST_F(NtlmMic, Acceptor_RequiredMicMustBeAnnounced) {
  // A right MIC whose announcement is missing: nothing that the password covers says that it belongs there.
  PeerClient client;
  client.announces_mic = false;
  Server strict(BARESSPI_POLICY_REQUIRE_MIC);
  EXPECT_EQ(LogIn(&client, &strict).server, SEC_E_MESSAGE_ALTERED);
}

// ---- A MIC that somebody in the middle wants to be rid of. ----
TEST_F(NtlmMic, Acceptor_RefusesALoginWithoutTheTimestampThatItSent) {
  // Without it the client may send no MIC; that it is missing in the response, the proof says.
  for (const bool with_mic : {false, true}) {
    PeerClient client;
    client.announces_mic = client.writes_mic = with_mic;
    client.pairs =
        MakePairs({{kAvNbDomainName, Utf16(u"DOMAIN")}, {kAvFlags, U32(with_mic ? kAvFlagMic : 0)}});
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_MESSAGE_ALTERED) << with_mic;
  }
}

TEST_F(NtlmMic, Acceptor_RefusesALoginWithAnotherTimestampThanItSent) {
  for (const uint64_t time :
       {uint64_t{0}, scripted_port::kResetTime + 1, scripted_port::kResetTime ^ (uint64_t{1} << 63)}) {
    PeerClient client;
    client.announces_mic = client.writes_mic = false;
    client.pairs = MakePairs({{kAvNbDomainName, Utf16(u"DOMAIN")}, {kAvTimestamp, U64(time)}});
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_MESSAGE_ALTERED) << time;
  }
}

TEST_F(NtlmMic, BothOurs_TimestampTakenOutOfTheChallengeIsNoticed) {
  for (const bool client_without_mic : {false, true}) {
    Client client;
    if (client_without_mic) client.SetPolicy(BARESSPI_POLICY_NO_MIC);
    Server server;
    const Octets sent = server.Accept(client.Start().token).token;
    Challenge challenge = ReadChallenge(sent);
    AvPairs pairs = ReadPairs(challenge.target_info);
    std::erase_if(pairs, [](const AvPair& pair) { return pair.id == kAvTimestamp; });
    challenge.target_info = MakePairs(pairs);
    const Step step = client.Continue(Make(challenge));
    ASSERT_EQ(step.status, SEC_E_OK);
    EXPECT_EQ(server.Accept(step.token).status, SEC_E_MESSAGE_ALTERED) << client_without_mic;
  }
}

// ---- A MIC, or none, never means an unchecked password. ----
TEST_F(NtlmMic, Acceptor_ChecksThePasswordWithoutAMic) {
  PeerClient client;
  client.announces_mic = false;
  client.writes_mic = false;
  client.password = u"wrong";
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED);
}

TEST_F(NtlmMic, Acceptor_ChecksThePasswordWithAMicOfTheWrongPasswordsKey) {
  PeerClient client;
  client.password = u"wrong";
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED);
}

TEST_F(NtlmMic, Acceptor_ChecksThePasswordWhenEverythingElseIsZero) {
  // An NTProofStr of zeroes, a key of zeroes: what an implementation that skips the proof would let in.
  for (const bool with_mic : {false, true}) {
    PeerClient client;
    client.announces_mic = client.writes_mic = with_mic;
    client.nt = Join({Octets(16), FromHex("0101000000000000"), Octets(8), Octets(8), U32(0),
                      MakePairs({{kAvFlags, U32(with_mic ? kAvFlagMic : 0)}}), U32(0)});
    client.key = Octets(16);
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED) << with_mic;
  }
}

TEST_F(NtlmMic, Acceptor_ChecksEveryOctetOfTheProof) {
  for (size_t i = 0; i < 16; ++i) {
    PeerClient client;
    client.announces_mic = client.writes_mic = false;
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    Octets authenticate = client.Answer(client.Negotiate(), challenge);
    authenticate[GetU32(authenticate, 24) + i] ^= 0x80;
    EXPECT_EQ(server.Accept(authenticate).status, SEC_E_LOGON_DENIED) << "octet " << i;
  }
}

TEST_F(NtlmMic, Acceptor_ProofCoversEveryOctetOfTheResponse) {
  // Time, client challenge, pairs, and what follows them. One that makes the pairs malformed is an invalid
  // token; what it may not be is a login.
  PeerClient client;
  client.announces_mic = client.writes_mic = false;
  size_t size = 0;
  {
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    size = ReadAuthenticate(client.Answer(client.Negotiate(), challenge)).nt.size();
  }
  for (size_t i = 16; i < size; ++i) {
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    Octets authenticate = client.Answer(client.Negotiate(), challenge);
    authenticate[GetU32(authenticate, 24) + i] ^= 0x02;
    const SECURITY_STATUS status = server.Accept(authenticate).status;
    EXPECT_TRUE(status == SEC_E_LOGON_DENIED || status == SEC_E_INVALID_TOKEN)
        << "octet " << i << ": " << status;
  }
}

// ---- A peer that did not ask for a MIC and gets one. ----
TEST_F(NtlmMic, Acceptor_IgnoresWhatStandsInTheMicsPlaceUnannounced) {
  for (const size_t header : {size_t{80}, size_t{88}}) {
    PeerClient client;
    client.header = header;
    client.announces_mic = false;  // and writes one
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    Octets authenticate = client.Answer(client.Negotiate(), challenge);
    authenticate[MicOffset(header)] ^= 0xFF;
    EXPECT_EQ(server.Accept(authenticate).status, SEC_E_OK) << header;
  }
}

TEST_F(NtlmMic, Acceptor_OtherFlagsDoNotAnnounceAMic) {
  for (const uint32_t flags : {0x1U, 0x4U, 0x80000000U, 0xFFFFFFFDU}) {
    PeerClient client;
    client.av_flags = flags;
    client.writes_mic = false;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK) << flags;
    Server strict(BARESSPI_POLICY_REQUIRE_MIC);
    EXPECT_EQ(LogIn(&client, &strict).server, SEC_E_MESSAGE_ALTERED) << flags;
  }
}

TEST_F(NtlmMic, Initiator_MicIsNotTiedToTheServersAskingForIt) {
  // The timestamp decides, whatever the server's MsvAvFlags say.
  for (const uint32_t flags : {1U, 2U}) {
    PeerServer server;
    server.pairs.push_back({kAvFlags, U32(flags)});
    Client client;
    const Tokens tokens = LogIn(&client, server);
    ASSERT_EQ(tokens.client, SEC_E_OK);
    const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
    EXPECT_EQ(AvFlags(login), flags | kAvFlagMic);
    EXPECT_TRUE(login.mic_is_right);
  }
}

// ---- Both ours. ----
TEST_F(NtlmMic, BothOurs_LogInAndTheMicIsRight) {
  Client client;
  Server server(BARESSPI_POLICY_REQUIRE_MIC);
  const Tokens tokens = LogIn(&client, &server);
  ASSERT_EQ(tokens.server, SEC_E_OK);
  EXPECT_TRUE(TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate).mic_is_right);
  EXPECT_EQ(client.SessionKey(), server.SessionKey());
}

TEST_F(NtlmMic, BothOurs_ServerTakesAClientWhoseMicIsSwitchedOff) {
  Client client;
  client.SetPolicy(BARESSPI_POLICY_NO_MIC);
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK);
}

}  // namespace
}  // namespace ntlm_test
