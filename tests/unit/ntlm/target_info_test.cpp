// SPDX-License-Identifier: Apache-2.0
// AV_PAIR lists: what our CHALLENGE says, what the client makes of a server's, and which lists are refused.
#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

class NtlmTargetInfo : public NtlmTest {
 protected:
  // What our client answers to a server with this TargetInfo.
  SECURITY_STATUS Answer(const Octets& target_info) {
    PeerServer server;
    server.target_info = target_info;
    Client client;
    return LogIn(&client, server).client;
  }
  // What our server says to a client with these octets for AvPairs, the response being right otherwise. The
  // server has no clock, for what it says of the time it wants to see again in the list.
  SECURITY_STATUS Take(const Octets& pairs, const Octets& after = Octets(4)) {
    PeerClient client;
    client.announces_mic = client.writes_mic = false;
    client.pairs = pairs;
    client.after_pairs = after;
    Server server;
    scripted_port::SetClockUnknown();
    const SECURITY_STATUS status = LogIn(&client, &server).server;
    scripted_port::SetClock(scripted_port::kResetTime);
    return status;
  }
};

const AvPair kName = {kAvNbComputerName, Utf16(u"HOST")};
const AvPair kTime = {kAvTimestamp, U64(134117966450000000)};

Octets Pair(uint16_t id, const Octets& value) {
  return Join({U16(id), U16(static_cast<uint32_t>(value.size())), value});
}

// ---- Our CHALLENGE. ----
TEST_F(NtlmTargetInfo, Acceptor_SendsNoMsvAvFlags) {
  Server server;
  const AvPairs pairs = ReadPairs(ReadChallenge(server.Accept(MakeNegotiate(kUsual)).token).target_info);
  EXPECT_EQ(CountOf(pairs, kAvFlags), 0u);
}

TEST_F(NtlmTargetInfo, Acceptor_SendsItsNamesAndTheTimeOnce) {
  Server server;
  const AvPairs pairs = ReadPairs(ReadChallenge(server.Accept(MakeNegotiate(kUsual)).token).target_info);
  EXPECT_EQ(ValueOf(pairs, kAvNbComputerName), Utf16(u"DEVICE"));
  EXPECT_EQ(ValueOf(pairs, kAvNbDomainName), Utf16(u"DOMAIN"));
  EXPECT_EQ(ValueOf(pairs, kAvDnsComputerName), Utf16(u"device.domain.test"));
  EXPECT_EQ(ValueOf(pairs, kAvDnsDomainName), Utf16(u"domain.test"));
  EXPECT_EQ(ValueOf(pairs, kAvTimestamp), U64(scripted_port::kResetTime));
  for (const AvPair& pair : pairs) EXPECT_EQ(CountOf(pairs, pair.id), 1u) << pair.id;
}

TEST_F(NtlmTargetInfo, Acceptor_SaysHowLongANameOfLettersOfAnySizeIs) {
  Server server(nullptr, "D\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80.");
  const AvPairs pairs = ReadPairs(ReadChallenge(server.Accept(MakeNegotiate(kUsual)).token).target_info);
  EXPECT_EQ(ValueOf(pairs, kAvNbDomainName), Utf16(u"D\u00e4\u20ac\U0001f600."));
  EXPECT_EQ(ValueOf(pairs, kAvNbComputerName), Utf16(u"DEVICE")) << "what follows begins where it should";
}

TEST_F(NtlmTargetInfo, Acceptor_SendsNoChallengeWithAMalformedName) {
  for (const char* name : {"D\x80", "D\xf0\x9f\x98", "D\xff"}) {
    Server server(nullptr, name);
    const Step step = server.Accept(MakeNegotiate(kUsual));
    EXPECT_EQ(step.status, SEC_E_UNSUPPORTED_FUNCTION) << name;
    EXPECT_TRUE(step.token.empty()) << name;
  }
}

// ---- The server's MsvAvFlags. ----
TEST_F(NtlmTargetInfo, Initiator_MergesTheServersFlagsAndNeverDuplicatesThem) {
  for (const uint32_t theirs : {0U, 1U, 2U, 0x80000001U}) {
    PeerServer server;
    server.pairs.push_back({kAvFlags, U32(theirs)});
    Client client;
    const Tokens tokens = LogIn(&client, server);
    ASSERT_EQ(tokens.client, SEC_E_OK);
    const AvPairs pairs = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate).pairs;
    EXPECT_EQ(CountOf(pairs, kAvFlags), 1u) << theirs;
    EXPECT_EQ(ValueOf(pairs, kAvFlags), U32(theirs | kAvFlagMic)) << theirs;
  }
}

TEST_F(NtlmTargetInfo, Initiator_EchoesTheServersFlagsWithoutAMicToo) {
  PeerServer server;
  server.time.reset();
  server.pairs.push_back({kAvFlags, U32(1)});
  Client client;
  client.SetPolicy(BARESSPI_POLICY_NO_MIC);
  const Tokens tokens = LogIn(&client, server);
  const AvPairs pairs = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate).pairs;
  EXPECT_EQ(CountOf(pairs, kAvFlags), 1u);
  EXPECT_EQ(ValueOf(pairs, kAvFlags), U32(1));
}

TEST_F(NtlmTargetInfo, Initiator_RefusesFlagsThatAreNotFourOctets) {
  for (const size_t size : {0, 1, 2, 3, 5, 6, 8}) {
    EXPECT_EQ(Answer(MakePairs({kName, {kAvFlags, Octets(size)}, kTime})), SEC_E_INVALID_TOKEN) << size;
  }
}

TEST_F(NtlmTargetInfo, Acceptor_RefusesFlagsThatAreNotFourOctets) {
  for (const size_t size : {0, 1, 2, 3, 5, 6, 8}) {
    EXPECT_EQ(Take(MakePairs({kName, {kAvFlags, Octets(size)}})), SEC_E_INVALID_TOKEN) << size;
  }
}

// ---- What is echoed. ----
TEST_F(NtlmTargetInfo, Initiator_EchoesIdsThatItDoesNotKnow) {
  const AvPairs strange = {
      {11, Octets(2, 0x5A)}, {0x7FFF, Octets(6, 0x5B)}, {kAvSingleHost, Octets(48, 0x5C)}, {12, {}}};
  PeerServer server;
  server.pairs.insert(server.pairs.end(), strange.begin(), strange.end());
  Client client;
  const Tokens tokens = LogIn(&client, server);
  ASSERT_EQ(tokens.client, SEC_E_OK);
  const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
  for (const AvPair& pair : strange) {
    EXPECT_EQ(CountOf(login.pairs, pair.id), 1u) << pair.id;
    EXPECT_EQ(ValueOf(login.pairs, pair.id), pair.value) << pair.id;
  }
  EXPECT_TRUE(login.mic_is_right);
}

TEST_F(NtlmTargetInfo, Initiator_EchoesTheServersPairsInTheirOrder) {
  PeerServer server;
  Client client;
  const Tokens tokens = LogIn(&client, server);
  const AvPairs pairs = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate).pairs;
  ASSERT_GE(pairs.size(), server.pairs.size());
  for (size_t i = 0; i < server.pairs.size(); ++i) {
    EXPECT_EQ(pairs[i].id, server.pairs[i].id);
    EXPECT_EQ(pairs[i].value, server.pairs[i].value);
  }
}

TEST_F(NtlmTargetInfo, Initiator_DoesNotSignTheServersTargetNameOrBindings) {
  // Those two are the client's to say: echoed, they would be a stranger's word under the client's proof.
  PeerServer server;
  server.pairs.push_back({kAvTargetName, Utf16(u"cifs/another")});
  server.pairs.push_back({kAvChannelBindings, Octets(16, 0x77)});
  Client client;
  const Tokens tokens = LogIn(&client, server);
  ASSERT_EQ(tokens.client, SEC_E_OK);
  const AvPairs pairs = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate).pairs;
  EXPECT_EQ(CountOf(pairs, kAvTargetName), 0u);
  EXPECT_EQ(CountOf(pairs, kAvChannelBindings), 0u);
}

// ---- Lists that are refused. ----
TEST_F(NtlmTargetInfo, Initiator_RefusesAListWithoutItsEnd) {
  EXPECT_EQ(Answer(Join({Pair(kName.id, kName.value)})), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(Answer(Join({Pair(kName.id, kName.value), U16(0)})), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(Answer(Join({Pair(kName.id, kName.value), U16(0), {0}})), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(Answer({0}), SEC_E_INVALID_TOKEN);
}

TEST_F(NtlmTargetInfo, Acceptor_RefusesAListWithoutItsEnd) {
  EXPECT_EQ(Take(Join({Pair(kName.id, kName.value)}), {}), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(Take(Join({Pair(kName.id, kName.value), U16(0)}), {}), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(Take({}, {}), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(Take({}, {0, 0, 0}), SEC_E_INVALID_TOKEN);
}

TEST_F(NtlmTargetInfo, BothRefuseAnEndThatHasAValue) {
  const Octets list = Join({Pair(kName.id, kName.value), U16(0), U16(2), {1, 2}, U32(0)});
  EXPECT_EQ(Answer(list), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(Take(list), SEC_E_INVALID_TOKEN);
}

TEST_F(NtlmTargetInfo, BothRefuseAPairOfOddLength) {
  for (const uint16_t id :
       {kAvNbComputerName, kAvDnsTreeName, kAvSingleHost, kAvTargetName, uint16_t{11}, uint16_t{500}}) {
    const Octets list = MakePairs({{id, Octets(7, 0x41)}});
    EXPECT_EQ(Answer(list), SEC_E_INVALID_TOKEN) << id;
    EXPECT_EQ(Take(list), SEC_E_INVALID_TOKEN) << id;
  }
}

TEST_F(NtlmTargetInfo, BothRefuseAPairThatRunsOverTheEnd) {
  for (const uint32_t more : {2U, 4U, 6U, 0x7FF0U, 0xFFE0U}) {
    Octets list = MakePairs({kName});
    PutU16(&list, 2, static_cast<uint32_t>(kName.value.size()) + 4 + more);
    EXPECT_EQ(Answer(list), SEC_E_INVALID_TOKEN) << more;
    EXPECT_EQ(Take(list, {}), SEC_E_INVALID_TOKEN) << more;
  }
}

TEST_F(NtlmTargetInfo, BothRefuseAnIdTwice) {
  const AvPairs twice = {{kAvNbComputerName, Utf16(u"A")},
                         {kAvNbDomainName, Utf16(u"A")},
                         {kAvDnsComputerName, Utf16(u"a")},
                         {kAvDnsDomainName, Utf16(u"a")},
                         {kAvDnsTreeName, Utf16(u"a")},
                         {kAvFlags, U32(2)},
                         {kAvTimestamp, U64(1)},
                         {kAvSingleHost, Octets(48)},
                         {kAvTargetName, Utf16(u"a")},
                         {kAvChannelBindings, Octets(16)},
                         {11, Octets(2)},
                         {31, Octets(2)}};
  for (const AvPair& pair : twice) {
    EXPECT_EQ(Answer(MakePairs({pair, {29, Octets(2)}, pair})), SEC_E_INVALID_TOKEN) << pair.id;
    EXPECT_EQ(Take(MakePairs({pair, {29, Octets(2)}, pair})), SEC_E_INVALID_TOKEN) << pair.id;
  }
}

TEST_F(NtlmTargetInfo, BothTakeManyDifferentUnknownIds) {
  // Also such as are alike modulo 32 or 256.
  AvPairs pairs = {kName};
  for (uint16_t id = 32; id < 0x1000; id = static_cast<uint16_t>(id + 32)) pairs.push_back({id, Octets(2)});
  EXPECT_EQ(Answer(MakePairs(pairs)), SEC_E_OK);
  EXPECT_EQ(Take(MakePairs(pairs)), SEC_E_OK);
}

TEST_F(NtlmTargetInfo, BothRefuseATimestampThatIsNotEightOctets) {
  for (const size_t size : {0, 2, 4, 6, 10, 16}) {
    const Octets list = MakePairs({kName, {kAvTimestamp, Octets(size)}});
    EXPECT_EQ(Answer(list), SEC_E_INVALID_TOKEN) << size;
    EXPECT_EQ(Take(list), SEC_E_INVALID_TOKEN) << size;
  }
}

TEST_F(NtlmTargetInfo, Acceptor_RefusesBindingsThatAreNotSixteenOctets) {
  for (const size_t size : {0, 2, 14, 18, 32}) {
    EXPECT_EQ(Take(MakePairs({kName, {kAvChannelBindings, Octets(size)}})), SEC_E_INVALID_TOKEN) << size;
  }
}

// ---- Lists that are unusual and fine. ----
TEST_F(NtlmTargetInfo, Acceptor_TakesWhatFollowsTheEnd) {
  EXPECT_EQ(Take(MakePairs({kName}), {}), SEC_E_OK);
  EXPECT_EQ(Take(MakePairs({kName}), Octets(4)), SEC_E_OK);
  EXPECT_EQ(Take(MakePairs({kName}), Octets(8)), SEC_E_OK);
}

TEST_F(NtlmTargetInfo, Acceptor_TakesAnEmptyList) {
  EXPECT_EQ(Take(MakePairs({})), SEC_E_OK);
}

TEST_F(NtlmTargetInfo, Initiator_TakesAListOfItsEndAlone) {
  EXPECT_EQ(Answer(MakePairs({})), SEC_E_OK);
}

TEST_F(NtlmTargetInfo, Initiator_RefusesAListThatMakesTheResponseTooLong) {
  // Lengths have 16 bits: what is added to the server's pairs must not wrap them.
  AvPairs pairs;
  for (uint16_t id = 100; id < 132; ++id) pairs.push_back({id, Octets(2040)});
  PeerServer server;
  server.target_info = MakePairs(pairs);
  ASSERT_LE(server.target_info->size(), 0xFFFFu);
  Client client;
  client.room = 100000;
  client.target = "HTTP/a.host.with.a.name.that.is.long.enough";
  EXPECT_EQ(LogIn(&client, server).client, SEC_E_INVALID_TOKEN);
}

}  // namespace
}  // namespace ntlm_test
