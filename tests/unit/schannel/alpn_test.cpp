// SPDX-License-Identifier: Apache-2.0
// Application protocols (RFC 7301), and the target's name.
#include <string.h>

#include <string>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/schannel/pair.h"

namespace tls_sides {
namespace {

class TlsApplicationProtocols : public Test {};

std::string ProtocolOf(Side& side, SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS* status) {
  SecPkgContext_ApplicationProtocol protocol = {};
  EXPECT_STATUS(SEC_E_OK, side.Query(SECPKG_ATTR_APPLICATION_PROTOCOL, &protocol));
  *status = protocol.ProtoNegoStatus;
  return std::string(reinterpret_cast<const char*>(protocol.ProtocolId), protocol.ProtocolIdSize);
}

TEST_F(TlsApplicationProtocols, TheServersFirstOfThoseThatBothHaveIsAgreed) {
  for (const Kind& kind : {kTls12, kTls13}) {
    SCOPED_TRACE(kind.name);
    Pair pair(kind);
    const Octets offered = Protocols({"spdy/3", "http/1.1", "h2"});
    const Octets known = Protocols({"h2", "http/1.1"});
    pair.client_call.protocols = &offered;
    pair.server_call.protocols = &known;
    pair.Establish();
    SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS status;
    EXPECT_EQ("h2", ProtocolOf(pair.client, &status));
    EXPECT_EQ(SecApplicationProtocolNegotiationStatus_Success, status);
    EXPECT_EQ("h2", ProtocolOf(pair.server, &status));
    EXPECT_EQ(SecApplicationProtocolNegotiationStatus_Success, status);
    Converse(pair.client, pair.server);
  }
}

TEST_F(TlsApplicationProtocols, NoneInCommonIsAMismatchForBoth) {
  for (const Kind& kind : {kTls12, kTls13}) {
    SCOPED_TRACE(kind.name);
    Pair pair(kind);
    const Octets offered = Protocols({"http/1.1"});
    const Octets known = Protocols({"h2", "http/1.0", "http/1.11"});
    pair.client_call.protocols = &offered;
    pair.server_call.protocols = &known;
    const Outcome outcome = pair.Connect();
    EXPECT_STATUS(SEC_E_APPLICATION_PROTOCOL_MISMATCH, outcome.server.status);
    EXPECT_STATUS(SEC_E_APPLICATION_PROTOCOL_MISMATCH, outcome.client.status);
  }
}

TEST_F(TlsApplicationProtocols, WhatOneSideAloneKnowsIsNotAgreed) {
  for (const Kind& kind : {kTls12, kTls13}) {
    const Octets list = Protocols({"h2"});
    for (const bool client_has : {false, true}) {
      SCOPED_TRACE(kind.name);
      Pair pair(kind);
      (client_has ? pair.client_call : pair.server_call).protocols = &list;
      pair.Establish();
      SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS status;
      EXPECT_EQ("", ProtocolOf(pair.client, &status));
      EXPECT_EQ(SecApplicationProtocolNegotiationStatus_None, status);
      EXPECT_EQ("", ProtocolOf(pair.server, &status));
    }
  }
}

TEST_F(TlsApplicationProtocols, TheLongestNameAndManyOfThemAreTaken) {
  Pair pair(kTls12);
  const std::string longest(255, 'x');
  const Octets offered = Protocols({"a", "b", "c", "d", "e", "f", longest});
  const Octets known = Protocols({longest});
  pair.client_call.protocols = &offered;
  pair.server_call.protocols = &known;
  pair.Establish();
  SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS status;
  EXPECT_EQ(longest, ProtocolOf(pair.client, &status));
}

TEST_F(TlsApplicationProtocols, MalformedListsAreRefusedWhereverTheyAreWrong) {
  const Octets good = Protocols({"h2", "http/1.1"});
  struct Wrong {
    const char* why;
    Octets list;
    SECURITY_STATUS status;
  };
  std::vector<Wrong> wrongs;
  for (size_t size = 1; size < good.size(); ++size) {
    wrongs.push_back(
        {"cut off", Octets(good.begin(), good.begin() + static_cast<ptrdiff_t>(size)), SEC_E_INVALID_TOKEN});
  }
  const auto with = [&good](size_t at, uint8_t octet) {
    Octets list = good;
    list[at] = octet;
    return list;
  };
  // The lowest octet of a number in the machine's order.
  constexpr bool kLittle = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
  const auto low = [](size_t at, size_t octets) { return kLittle ? at : at + octets - 1; };
  const uint8_t size_of_lists = good[low(0, 4)];
  wrongs.push_back({"lists' size too small", with(low(0, 4), static_cast<uint8_t>(size_of_lists - 1)),
                    SEC_E_INVALID_TOKEN});
  wrongs.push_back({"lists' size too large", with(low(0, 4), static_cast<uint8_t>(size_of_lists + 1)),
                    SEC_E_INVALID_TOKEN});
  wrongs.push_back({"lists' size huge", with(kLittle ? 3 : 0, 0xFF), SEC_E_INVALID_TOKEN});
  wrongs.push_back({"another extension", with(low(4, 4), SecApplicationProtocolNegotiationExt_NPN),
                    SEC_E_UNSUPPORTED_FUNCTION});
  wrongs.push_back({"no extension", with(low(4, 4), SecApplicationProtocolNegotiationExt_None),
                    SEC_E_UNSUPPORTED_FUNCTION});
  const size_t names = good.size() - 12;
  wrongs.push_back({"names' size too small", with(low(names - 2, 2), 11), SEC_E_INVALID_TOKEN});
  wrongs.push_back({"names' size too large", with(low(names - 2, 2), 13), SEC_E_INVALID_TOKEN});
  wrongs.push_back({"a name of no octets", with(names, 0), SEC_E_INVALID_TOKEN});
  wrongs.push_back({"a name over the end", with(names, 12), SEC_E_INVALID_TOKEN});
  wrongs.push_back({"the last name over the end", with(names + 3, 9), SEC_E_INVALID_TOKEN});
  wrongs.push_back({"a last name of no octets", with(names + 3, 7), SEC_E_INVALID_TOKEN});
  Pair pair(kTls12);
  const Octets hello = pair.client.Step({}).token;
  pair.client.DeleteContext();
  for (const Wrong& wrong : wrongs) {
    SCOPED_TRACE(wrong.why);
    SCOPED_TRACE(wrong.list.size());
    // Side copies the token, but not this: a copy of its very size, for AddressSanitizer.
    const Octets exact(wrong.list);
    Call call;
    call.protocols = &exact;
    const Result client = pair.client.Step({}, call);
    EXPECT_STATUS(wrong.status, client.status);
    const Result server = pair.server.Step(hello, call);
    EXPECT_STATUS(wrong.status, server.status);
    EXPECT_FALSE(pair.client.has_context());
    EXPECT_FALSE(pair.server.has_context());
  }
  pair.Establish();
}

TEST_F(TlsApplicationProtocols, AnEmptyBufferOffersNothingAndAnEmptyListIsNone) {
  Pair pair(kTls13);
  const Octets none;
  const Octets empty = Protocols({});
  const Octets known = Protocols({"h2"});
  pair.client_call.protocols = &none;
  pair.server_call.protocols = &known;
  pair.Establish();
  SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS status;
  EXPECT_EQ("", ProtocolOf(pair.client, &status));
  pair.DeleteContexts();
  pair.client_call.protocols = &empty;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, pair.client.Step({}, pair.client_call).status);
}

class TlsTarget : public Test {};

// Whether a ClientHello says these octets somewhere.
bool Says(const Octets& hello, const std::string& text) {
  return std::string(hello.begin(), hello.end()).find(text) != std::string::npos;
}

TEST_F(TlsTarget, ANameIsSaidInSniAndAnAddressIsNot) {
  Pair pair(kTls13);
  EXPECT_TRUE(Says(pair.client.Step({}).token, kHost));
  pair.client.DeleteContext();
  Call call;
  call.target = "DEVICE.Example.Test.";
  EXPECT_TRUE(Says(pair.client.Step({}, call).token, kHost)) << "in lower case, without the root's dot";
  pair.client.DeleteContext();
  call.target = "127.0.0.1";
  const Octets hello = pair.client.Step({}, call).token;
  EXPECT_FALSE(Says(hello, "127"));
  EXPECT_FALSE(Says(hello, {'\x7F', 0, 0, 1}));
}

TEST_F(TlsTarget, EveryNameOfTheCertificateIsGood) {
  for (const char* target : {"device.example.test", "localhost", "LOCALHOST", "127.0.0.1"}) {
    SCOPED_TRACE(target);
    Pair pair(kTls12);
    pair.client_call.target = target;
    pair.Establish();
  }
}

TEST_F(TlsTarget, AnotherNameOrAddressIsTheWrongPrincipal) {
  for (const char* target : {"other.example.test", "example.test", "a.device.example.test",
                             "device.example.tes", "127.0.0.2", "[::1]", "::1"}) {
    for (const Kind& kind : {kTls12, kTls13}) {
      SCOPED_TRACE(target);
      Pair pair(kind);
      pair.client_call.target = target;
      const Outcome outcome = pair.Connect();
      EXPECT_STATUS(SEC_E_WRONG_PRINCIPAL, outcome.client.status);
      EXPECT_LT(outcome.server.status, 0);
    }
  }
}

TEST_F(TlsTarget, WhatIsNoNameIsRefusedBeforeAnythingIsSaid) {
  Pair pair(kTls12);
  for (const std::string& target :
       {std::string(), std::string("."), std::string("two words"), std::string("a/b"),
        std::string("https://a"), std::string("user@host"), std::string("m\xC3\xBCnchen.example"),
        std::string("host:443"), std::string("[::1]:443"), std::string("[]"), std::string("1::2::3"),
        std::string(" host"), std::string("host\n"), std::string("*.example.test"), std::string("\xFF\xFE"),
        std::string(BARESSPI_SCHANNEL_TARGET_BYTES, 'a')}) {
    SCOPED_TRACE(target);
    Call call;
    call.target = target.c_str();
    const Result result = pair.client.Step({}, call);
    EXPECT_STATUS(SEC_E_TARGET_UNKNOWN, result.status);
    EXPECT_TRUE(result.token.empty());
    EXPECT_FALSE(pair.client.has_context());
    pair.client.DeleteContext();
  }
  Call call;
  call.target = nullptr;
  EXPECT_STATUS(SEC_E_TARGET_UNKNOWN, pair.client.Step({}, call).status);
  const std::string longest(BARESSPI_SCHANNEL_TARGET_BYTES - 1, 'a');
  call.target = longest.c_str();
  const Result result = pair.client.Step({}, call);
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, result.status);
  EXPECT_TRUE(Says(result.token, longest));
}

TEST_F(TlsTarget, WhoChecksNoNameNeedsNone) {
  Pair pair(kTls13, SCH_CRED_NO_SERVERNAME_CHECK);
  pair.client_call.target = nullptr;
  pair.Establish();
  pair.DeleteContexts();
  pair.client_call.target = "other.example.test";
  pair.Establish();
  Converse(pair.client, pair.server);
}

TEST_F(TlsTarget, Utf16IsTheSameName) {
  Pair pair(kTls13);
  Octets room(MaxToken());
  SecBuffer buffer = {MaxToken(), SECBUFFER_TOKEN, room.data()};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
  ULONG attributes = 0;
  struct {
    const char16_t* name;
    SECURITY_STATUS status;
  } const targets[] = {{u"Device.example.test", SEC_I_CONTINUE_NEEDED},
                       {u"m\u00FCnchen.example", SEC_E_TARGET_UNKNOWN},
                       {u"d\u0131.example", SEC_E_TARGET_UNKNOWN},
                       {u"\uFF41.example", SEC_E_TARGET_UNKNOWN},
                       {u"x\u0174\u0174", SEC_E_TARGET_UNKNOWN},
                       {u"\xD800", SEC_E_TARGET_UNKNOWN},
                       {u"", SEC_E_TARGET_UNKNOWN}};
  for (const auto& target : targets) {
    buffer.cbBuffer = MaxToken();
    CtxtHandle context;
    const SECURITY_STATUS status =
        InitializeSecurityContextW(pair.client.credential(), nullptr, const_cast<SEC_WCHAR*>(target.name),
                                   kClientFlags, 0, 0, nullptr, 0, &context, &output, &attributes, nullptr);
    EXPECT_STATUS(target.status, status);
    if (status < 0) continue;
    EXPECT_TRUE(Says(Octets(room.begin(), room.begin() + static_cast<ptrdiff_t>(buffer.cbBuffer)), kHost));
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
  }
}

}  // namespace
}  // namespace tls_sides
