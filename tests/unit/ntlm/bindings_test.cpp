// SPDX-License-Identifier: Apache-2.0
// Channel bindings and the target's name (extended protection), on both sides.
#include <string.h>

#include <algorithm>

#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

Bindings EndPoint(size_t hash_size, uint8_t fill = 0x42) {
  return {0, {}, 0, {}, Join({Ascii("tls-server-end-point:"), Octets(hash_size, fill)})};
}

class NtlmBindings : public NtlmTest {
 protected:
  static AvPairs PairsOf(const Tokens& tokens) {
    const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
    EXPECT_TRUE(login.proof_is_right);  // so that the pairs are under the client's proof
    return login.pairs;
  }
  // Our server, with or without bindings, and a peer whose pair is this; none when it is empty.
  static SECURITY_STATUS Take(const Octets& server_bindings, ULONG request, const Octets& pair) {
    PeerClient client;
    if (!pair.empty()) client.more_pairs.push_back({kAvChannelBindings, pair});
    Server server;
    server.bindings = server_bindings;
    server.requested = request;
    return LogIn(&client, &server).server;
  }
};

// ---- The client. ----
TEST_F(NtlmBindings, Initiator_SendsNoPairWithoutBindings) {
  Client client;
  EXPECT_EQ(CountOf(PairsOf(LogIn(&client, PeerServer())), kAvChannelBindings), 0u);
}

TEST_F(NtlmBindings, Initiator_PairIsMd5OfTheWholeStructure) {
  const Bindings cases[] = {
      EndPoint(32),
      {0, {}, 0, {}, Ascii("tls-unique:123456789012")},
      {2, {10, 0, 0, 1}, 0, {}, {}},                            // the initiator's address alone
      {0, {}, 2, {10, 0, 0, 2}, {}},                            // the acceptor's
      {2, {10, 0, 0, 1}, 24, Octets(16, 0xFE), Ascii("data")},  // all three, of different kinds
      {0x11223344, {1, 2, 3}, 0xFFFFFFFF, {4}, {5, 6}},         // all four octets of the types
      {255, {}, 255, {}, Ascii("nullsession")},                 // types without addresses
      {0, {}, 0, {}, {}},
  };
  for (const Bindings& bindings : cases) {
    Client client;
    client.bindings = bindings.Buffer();
    const AvPairs pairs = PairsOf(LogIn(&client, PeerServer()));
    EXPECT_EQ(CountOf(pairs, kAvChannelBindings), 1u);
    EXPECT_EQ(Hex(ValueOf(pairs, kAvChannelBindings)), Hex(bindings.Md5()));
  }
}

TEST_F(NtlmBindings, Initiator_PairIsWhatAnotherImplementationMakesOfIt) {
  // Worked out with Python: MD5 of 16 zeros, 53 as 32 bits, "tls-server-end-point:" and 32 octets 0x42.
  Client client;
  client.bindings = EndPoint(32).Buffer();
  EXPECT_EQ(Hex(ValueOf(PairsOf(LogIn(&client, PeerServer())), kAvChannelBindings)),
            "c83bc4e761d2b238d8b8df300fe9add0");
}

TEST_F(NtlmBindings, Initiator_BindingsMayComeWithEitherCall) {
  const Bindings bindings = EndPoint(32);
  for (const bool first : {true, false}) {
    Client client;
    if (first) client.bindings = bindings.Buffer();
    const Octets negotiate = client.Start().token;
    client.bindings = first ? Octets() : bindings.Buffer();
    const Octets challenge = PeerServer().MakeChallenge();
    const Step step = client.Continue(challenge);
    ASSERT_EQ(step.status, SEC_E_OK);
    EXPECT_EQ(ValueOf(TakeLogin(negotiate, challenge, step.token).pairs, kAvChannelBindings), bindings.Md5())
        << first;
  }
}

TEST_F(NtlmBindings, Initiator_BindingsMayLieAnywhereInTheirBuffer) {
  // The data in another order, with gaps.
  const Bindings bindings = {1, {1, 2, 3}, 2, {4, 5}, Ascii("application")};
  Octets buffer(sizeof(SEC_CHANNEL_BINDINGS));
  const auto head = static_cast<uint32_t>(buffer.size());
  const uint32_t words[] = {1, 3, head + 20, 2, 2, head + 1, 11, head + 5};
  for (size_t i = 0; i < 8; ++i) memcpy(buffer.data() + 4 * i, &words[i], 4);
  Client client;
  client.bindings = Join({buffer, {0}, {4, 5}, {0, 0}, Ascii("application"), {0, 0, 0, 0}, {1, 2, 3}, {9}});
  EXPECT_EQ(ValueOf(PairsOf(LogIn(&client, PeerServer())), kAvChannelBindings), bindings.Md5());
}

TEST_F(NtlmBindings, BothRefuseBindingsThatRunOverTheirBuffer) {
  const Octets whole = Bindings{0, {1, 2}, 0, {3, 4}, {5, 6}}.Buffer();
  std::vector<Octets> cases = {Part(whole, 0, 31), Part(whole, 0, whole.size() - 1)};
  for (const size_t length : {4, 16, 24}) {
    for (const uint32_t value : {0x7FFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFF0U}) {
      Octets changed = whole;
      memcpy(changed.data() + length, &value, 4);
      cases.push_back(changed);
      changed = whole;
      const size_t offset = length == 24 ? 28 : length + 4;
      memcpy(changed.data() + offset, &value, 4);
      cases.push_back(changed);
    }
  }
  for (const Octets& bindings : cases) {
    Client client;
    client.bindings = bindings;
    EXPECT_EQ(client.Start().status, SEC_E_INVALID_TOKEN) << Hex(bindings);
    Server server;
    server.bindings = bindings;
    EXPECT_EQ(server.Accept(MakeNegotiate(kUsual)).status, SEC_E_INVALID_TOKEN) << Hex(bindings);
  }
}

// ---- The server's policy. ----
TEST_F(NtlmBindings, Acceptor_WithoutBindingsIgnoresThePair) {
  for (const ULONG request : {ULONG{0}, ULONG{ASC_REQ_ALLOW_MISSING_BINDINGS}}) {
    EXPECT_EQ(Take({}, request, {}), SEC_E_OK);
    EXPECT_EQ(Take({}, request, Octets(16)), SEC_E_OK);
    EXPECT_EQ(Take({}, request, Octets(16, 0x11)), SEC_E_OK);
  }
}

TEST_F(NtlmBindings, Acceptor_WhenOfferedNoPairPassesAndAWrongOneDoesNot) {
  const Bindings bindings = EndPoint(32);
  const ULONG request = ASC_REQ_ALLOW_MISSING_BINDINGS;
  EXPECT_EQ(Take(bindings.Buffer(), request, {}), SEC_E_OK);
  EXPECT_EQ(Take(bindings.Buffer(), request, bindings.Md5()), SEC_E_OK);
  EXPECT_EQ(Take(bindings.Buffer(), request, Octets(16)), SEC_E_BAD_BINDINGS);
  EXPECT_EQ(Take(bindings.Buffer(), request, EndPoint(32, 0x43).Md5()), SEC_E_BAD_BINDINGS);
}

TEST_F(NtlmBindings, Acceptor_WhenRequiredOnlyAMatchPasses) {
  const Bindings bindings = EndPoint(32);
  EXPECT_EQ(Take(bindings.Buffer(), 0, bindings.Md5()), SEC_E_OK);
  EXPECT_EQ(Take(bindings.Buffer(), 0, {}), SEC_E_BAD_BINDINGS);
  EXPECT_EQ(Take(bindings.Buffer(), 0, Octets(16)), SEC_E_BAD_BINDINGS);
  EXPECT_EQ(Take(bindings.Buffer(), 0, EndPoint(32, 0x43).Md5()), SEC_E_BAD_BINDINGS);
}

TEST_F(NtlmBindings, Acceptor_BindingsMayComeWithEitherCall) {
  const Bindings bindings = EndPoint(32);
  for (const bool first : {true, false}) {
    for (const bool right : {true, false}) {
      PeerClient client;
      client.more_pairs.push_back({kAvChannelBindings, right ? bindings.Md5() : Octets(16)});
      Server server;
      if (first) server.bindings = bindings.Buffer();
      const Octets challenge = server.Accept(client.Negotiate()).token;
      server.bindings = first ? Octets() : bindings.Buffer();
      EXPECT_EQ(server.Accept(client.Answer(client.Negotiate(), challenge)).status,
                right ? SEC_E_OK : SEC_E_BAD_BINDINGS)
          << first;
    }
  }
}

TEST_F(NtlmBindings, Acceptor_EveryOctetOfThePairCounts) {
  const Bindings bindings = EndPoint(32);
  for (size_t i = 0; i < 16; ++i) {
    Octets pair = bindings.Md5();
    pair[i] ^= 0x01;
    EXPECT_EQ(Take(bindings.Buffer(), 0, pair), SEC_E_BAD_BINDINGS) << i;
  }
}

TEST_F(NtlmBindings, Acceptor_PairsThatSomebodyElseAddedAreNoMatch) {
  // The pair is under the proof: whoever writes the right one into another's response breaks that.
  const Bindings bindings = EndPoint(32);
  PeerClient client;
  client.announces_mic = client.writes_mic = false;
  client.more_pairs.push_back({kAvChannelBindings, EndPoint(32, 0x43).Md5()});
  Server server;
  server.bindings = bindings.Buffer();
  const Octets challenge = server.Accept(client.Negotiate()).token;
  Octets authenticate = client.Answer(client.Negotiate(), challenge);
  const Octets theirs = EndPoint(32, 0x43).Md5();
  const auto at = std::search(authenticate.begin(), authenticate.end(), theirs.begin(), theirs.end());
  ASSERT_NE(at, authenticate.end());
  const Octets right = bindings.Md5();
  std::copy(right.begin(), right.end(), at);
  EXPECT_EQ(server.Accept(authenticate).status, SEC_E_LOGON_DENIED);
}

TEST_F(NtlmBindings, Acceptor_RefusedBindingsAreFinal) {
  PeerClient client;
  Server server;
  server.bindings = EndPoint(32).Buffer();
  const Tokens tokens = LogIn(&client, &server);
  ASSERT_EQ(tokens.server, SEC_E_BAD_BINDINGS);
  server.bindings.clear();
  EXPECT_EQ(server.Accept(tokens.authenticate).status, SEC_E_BAD_BINDINGS);
  EXPECT_EQ(server.SessionKey(), Octets());
}

TEST_F(NtlmBindings, BothOurs_BindingsThatAreAlikePassAndOthersDoNot) {
  const auto log_in = [](const Octets& at_client, const Octets& at_server) {
    Client client;
    Server server;
    client.bindings = at_client;
    server.bindings = at_server;
    return LogIn(&client, &server).server;
  };
  // SHA-256, SHA-384 and SHA-512 of a certificate: tls-server-end-point has the hash of its signature
  // algorithm.
  for (const size_t size : {32, 48, 64}) {
    const Octets same = EndPoint(size).Buffer();
    EXPECT_EQ(log_in(same, same), SEC_E_OK) << size;
    EXPECT_EQ(log_in(EndPoint(size, 0x43).Buffer(), same), SEC_E_BAD_BINDINGS) << size;
    EXPECT_EQ(log_in({}, same), SEC_E_BAD_BINDINGS) << size;
    EXPECT_EQ(log_in(same, {}), SEC_E_OK) << size;
  }
}

// ---- The target's name. ----
class NtlmTarget : public NtlmBindings {};

TEST_F(NtlmTarget, Initiator_SendsTheSpnAsGivenServiceClassIncluded) {
  struct {
    const char* utf8;
    const char16_t* utf16;
  } const cases[] = {
      {"cifs/host", u"cifs/host"},
      {"HTTP/Host.Domain.Test", u"HTTP/Host.Domain.Test"},
      {"TERMSRV/host:3389", u"TERMSRV/host:3389"},
      {"MSSQLSvc/host.domain.test:1433", u"MSSQLSvc/host.domain.test:1433"},
      {"host", u"host"},
      {"HTTP/m\xc3\xbcller", u"HTTP/m\u00fcller"},
  };
  for (const auto& c : cases) {
    Client client;
    client.target = c.utf8;
    const AvPairs pairs = PairsOf(LogIn(&client, PeerServer()));
    EXPECT_EQ(CountOf(pairs, kAvTargetName), 1u) << c.utf8;
    EXPECT_EQ(ValueOf(pairs, kAvTargetName), Utf16(c.utf16)) << c.utf8;
  }
}

TEST_F(NtlmTarget, Initiator_SendsNoTargetWithoutOne) {
  Client client;
  EXPECT_EQ(CountOf(PairsOf(LogIn(&client, PeerServer())), kAvTargetName), 0u);
}

TEST_F(NtlmTarget, Initiator_TargetMayComeWithEitherCallAndTheLastOneCounts) {
  struct {
    const char* first;
    const char* second;
    const char16_t* sent;
  } const cases[] = {
      {"cifs/one", "", u"cifs/one"}, {"", "cifs/two", u"cifs/two"}, {"cifs/one", "cifs/two", u"cifs/two"}};
  for (const auto& c : cases) {
    Client client;
    client.target = c.first;
    const Octets negotiate = client.Start().token;
    client.target = c.second;
    const Octets challenge = PeerServer().MakeChallenge();
    const Step step = client.Continue(challenge);
    ASSERT_EQ(step.status, SEC_E_OK);
    EXPECT_EQ(ValueOf(TakeLogin(negotiate, challenge, step.token).pairs, kAvTargetName), Utf16(c.sent));
  }
}

TEST_F(NtlmTarget, Initiator_WideFunctionTakesTheTargetToo) {
  Client client;
  Octets output(2888);
  SecBuffer out = {2888, SECBUFFER_TOKEN, output.data()};
  SecBufferDesc out_description = {SECBUFFER_VERSION, 1, &out};
  CtxtHandle context = {};
  ASSERT_EQ(InitializeSecurityContextW(client.credential(), nullptr, u"cifs/w\u00efde", 0, 0, 0, nullptr, 0,
                                       &context, &out_description, nullptr, nullptr),
            SEC_I_CONTINUE_NEEDED);
  const Octets negotiate = Part(output, 0, out.cbBuffer);
  Octets challenge = PeerServer().MakeChallenge();
  SecBuffer in = {static_cast<ULONG>(challenge.size()), SECBUFFER_TOKEN, challenge.data()};
  SecBufferDesc in_description = {SECBUFFER_VERSION, 1, &in};
  out.cbBuffer = 2888;
  ASSERT_EQ(InitializeSecurityContextW(nullptr, &context, nullptr, 0, 0, 0, &in_description, 0, nullptr,
                                       &out_description, nullptr, nullptr),
            SEC_E_OK);
  const Login login = TakeLogin(negotiate, challenge, Part(output, 0, out.cbBuffer));
  EXPECT_EQ(ValueOf(login.pairs, kAvTargetName), Utf16(u"cifs/w\u00efde"));
  EXPECT_EQ(DeleteSecurityContext(&context), SEC_E_OK);
}

TEST_F(NtlmTarget, Initiator_SaysUnverifiedOnlyWhenThePolicyDoes) {
  Client verified;
  verified.target = "cifs/host";
  const Octets by_default = ValueOf(PairsOf(LogIn(&verified, PeerServer())), kAvFlags);
  EXPECT_EQ(Hex(by_default), Hex(U32(kAvFlagMic)));
  Client unverified;
  unverified.target = "cifs/host";
  unverified.SetPolicy(BARESSPI_POLICY_UNVERIFIED_SPN);
  EXPECT_EQ(Hex(ValueOf(PairsOf(LogIn(&unverified, PeerServer())), kAvFlags)),
            Hex(U32(kAvFlagMic | kAvFlagUnverifiedSpn)));
}

TEST_F(NtlmTarget, Initiator_TargetTooLongIsRefusedAndNothingHasHappened) {
  Client client;
  client.target = "cifs/" + std::string(400, 'h');
  EXPECT_EQ(client.Start().status, SEC_E_TARGET_UNKNOWN);
  client.target = "cifs/host";
  ASSERT_EQ(client.Start().status, SEC_I_CONTINUE_NEEDED);
  client.target = "cifs/" + std::string(400, 'h');
  const Octets challenge = PeerServer().MakeChallenge();
  EXPECT_EQ(client.Continue(challenge).status, SEC_E_TARGET_UNKNOWN);
  client.target = "";
  const Step step = client.Continue(challenge);
  ASSERT_EQ(step.status, SEC_E_OK);
  EXPECT_EQ(ValueOf(ReadPairs(Part(ReadAuthenticate(step.token).nt, 44)), kAvTargetName),
            Utf16(u"cifs/host"));
}

TEST_F(NtlmTarget, Initiator_RefusesMarshalledTargetInformation) {
  // Behind the host's name stands a CREDENTIAL_TARGET_INFORMATION, as it comes when a device is lured to
  // connect to a name of an attacker's making.
  for (const char* target :
       {"cifs/host1UWhRCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwbEAYBAAAA",
        "HTTP/localhost1UWhRCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwbEAYBAAAA", "cifs/11UWhRCAAAA"}) {
    // Refused, not left out: a token that names no server is worth more to the attacker than one that names
    // his.
    Client client;
    client.target = target;
    EXPECT_EQ(client.Start().status, SEC_E_TARGET_UNKNOWN) << target;
  }
  // What only begins like it is a name.
  Client client;
  client.target = "cifs/1UWhR";
  EXPECT_EQ(ValueOf(PairsOf(LogIn(&client, PeerServer())), kAvTargetName), Utf16(u"cifs/1UWhR"));
}

TEST_F(NtlmTarget, BothOurs_TargetAndBindingsTogether) {
  Client client;
  Server server;
  client.target = "HTTP/device.domain.test";
  client.bindings = server.bindings = EndPoint(48).Buffer();
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK);
}

}  // namespace
}  // namespace ntlm_test
