// SPDX-License-Identifier: Apache-2.0
// What a context of Negotiate tells about itself, and that the rest goes through to the mechanism.
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

constexpr int kComplete = static_cast<int>(SECPKG_NEGOTIATION_COMPLETE);
constexpr int kOptimistic = static_cast<int>(SECPKG_NEGOTIATION_OPTIMISTIC);
constexpr int kInProgress = static_cast<int>(SECPKG_NEGOTIATION_IN_PROGRESS);
constexpr int kNothing = -1;

class NegotiateQuery : public NegotiateTest {
 protected:
  void Establish() { ASSERT_TRUE(LogIn(&client_, &server_).established()); }

  Client client_;
  Server server_;
};

TEST_F(NegotiateQuery, NegotiationInfoTellsStateAndPackageOnTheWay) {
  Octets token = client_.Step({}).token;
  EXPECT_EQ(client_.State(), kOptimistic);
  EXPECT_EQ(client_.Package(), "NTLM");
  token = server_.Step(token).token;
  EXPECT_EQ(server_.State(), kInProgress);
  EXPECT_EQ(server_.Package(), "NTLM");
  token = client_.Step(token).token;
  EXPECT_EQ(client_.State(), kInProgress) << "the server's last word is missing";
  EXPECT_EQ(client_.Package(), "NTLM");
  token = server_.Step(token).token;
  EXPECT_EQ(server_.State(), kComplete);
  client_.Step(token);
  EXPECT_EQ(client_.State(), kComplete);
  EXPECT_EQ(client_.Package(), "NTLM");
}

TEST_F(NegotiateQuery, NegotiationInfoHasAWideForm) {
  SecPkgContext_NegotiationInfoW info = {};
  client_.Step({});
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesW(client_.context(), SECPKG_ATTR_NEGOTIATION_INFO, &info));
  EXPECT_EQ(std::u16string(info.PackageInfo->Name), u"NTLM");
  EXPECT_EQ(info.NegotiationState, SECPKG_NEGOTIATION_OPTIMISTIC);
  client_.DeleteContext();
  Establish();
  info = {};
  info.NegotiationState = 99;
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesW(client_.context(), SECPKG_ATTR_NEGOTIATION_INFO, &info));
  EXPECT_EQ(std::u16string(info.PackageInfo->Name), u"NTLM");
  EXPECT_EQ(info.NegotiationState, SECPKG_NEGOTIATION_COMPLETE);
}

TEST_F(NegotiateQuery, NegotiationInfoBeforeAnythingIsChosenIsRefused) {
  server_.Step({});
  EXPECT_EQ(server_.State(), kNothing);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, server_.Query(SECPKG_ATTR_NEGOTIATION_INFO, nullptr));
}

TEST_F(NegotiateQuery, NegotiationInfoAfterAFallBackIsInProgress) {
  PeerInitiator peer;
  peer.mechs = {kKerberos, kNtlm};
  server_.Step(peer.First());
  EXPECT_EQ(server_.State(), kInProgress);
  EXPECT_EQ(server_.Package(), "NTLM");
}

TEST_F(NegotiateQuery, NegotiationInfoOfRawTokens) {
  ntlm_test::PeerClient peer;
  const Octets challenge = server_.Step(peer.Negotiate()).token;
  EXPECT_EQ(server_.State(), kInProgress);
  ASSERT_STATUS(SEC_E_OK, server_.Step(peer.Answer(peer.Negotiate(), challenge)).status);
  EXPECT_EQ(server_.State(), kComplete);
}

TEST_F(NegotiateQuery, NothingElseIsToldOnTheWay) {
  client_.Step({});
  union {
    SecPkgContext_Sizes sizes;
    SecPkgContext_NamesA names;
    SecPkgContext_SessionKey key;
    SecPkgContext_PackageInfoA package;
    SecPkgContext_Flags flags;
    uint8_t room[256];
  } any = {};
  for (ULONG attribute = 0; attribute < 150; ++attribute) {
    if (attribute == SECPKG_ATTR_NEGOTIATION_INFO) continue;
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, client_.Query(attribute, &any)) << attribute;
  }
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, client_.Seal({1}).status);
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, client_.Verify({1}, Octets(16)).status);
}

TEST_F(NegotiateQuery, SessionKeyIsTheMechanisms) {
  Establish();
  EXPECT_EQ(client_.SessionKey().size(), 16u);
  EXPECT_EQ(client_.SessionKey(), server_.SessionKey());
}

TEST_F(NegotiateQuery, SizesAreTheMechanismsButForTheToken) {
  Establish();
  SecPkgContext_Sizes sizes = {};
  ASSERT_STATUS(SEC_E_OK, client_.Query(SECPKG_ATTR_SIZES, &sizes));
  PSecPkgInfoA info = nullptr;
  ASSERT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA("Negotiate", &info));
  EXPECT_EQ(sizes.cbMaxToken, info->cbMaxToken);
  EXPECT_EQ(sizes.cbMaxSignature, 16u);
  EXPECT_EQ(sizes.cbSecurityTrailer, 16u);
}

TEST_F(NegotiateQuery, NamesAreTheMechanisms) {
  Establish();
  SecPkgContext_NamesA narrow = {};
  SecPkgContext_NamesW wide = {};
  for (Side* side : {static_cast<Side*>(&client_), static_cast<Side*>(&server_)}) {
    ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(side->context(), SECPKG_ATTR_NAMES, &narrow));
    EXPECT_STREQ(narrow.sUserName, "DOMAIN\\User");
    ASSERT_STATUS(SEC_E_OK, QueryContextAttributesW(side->context(), SECPKG_ATTR_NAMES, &wide));
    EXPECT_EQ(std::u16string(wide.sUserName), u"DOMAIN\\User");
  }
}

TEST_F(NegotiateQuery, PackageInfoNamesTheMechanism) {
  Establish();
  SecPkgContext_PackageInfoA narrow = {};
  ASSERT_STATUS(SEC_E_OK, client_.Query(SECPKG_ATTR_PACKAGE_INFO, &narrow));
  EXPECT_STREQ(narrow.PackageInfo->Name, "NTLM");
  SecPkgContext_PackageInfoW wide = {};
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesW(server_.context(), SECPKG_ATTR_PACKAGE_INFO, &wide));
  EXPECT_EQ(std::u16string(wide.PackageInfo->Name), u"NTLM");
}

TEST_F(NegotiateQuery, TokenTellsWhoTheCallerIs) {
  Establish();
  void* token = nullptr;
  ASSERT_STATUS(SEC_E_OK, QuerySecurityContextToken(server_.context(), &token));
  SecPkgContext_AccessToken access = {};
  ASSERT_STATUS(SEC_E_OK, server_.Query(SECPKG_ATTR_ACCESS_TOKEN, &access));
  for (void* one : {token, access.AccessToken}) {
    BARESSPI_TOKEN_INFO info = {};
    ASSERT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(one, &info));
    EXPECT_EQ(info.UserId, 7u);
    EXPECT_EQ(info.TokenFlags, 0u);
  }
  EXPECT_EQ(access.AccessToken, token) << "one caller, one token";
  EXPECT_STATUS(SEC_E_OK, ImpersonateSecurityContext(server_.context()));
  EXPECT_EQ(baresspi_port_task_token(), token);
  EXPECT_STATUS(SEC_E_OK, RevertSecurityContext(server_.context()));
  EXPECT_EQ(baresspi_port_task_token(), nullptr);
  server_.DeleteContext();
  BARESSPI_TOKEN_INFO info = {};
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, BareSspiQueryTokenInformation(token, &info));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, BareSspiQueryTokenInformation(access.AccessToken, &info));
}

TEST_F(NegotiateQuery, TokenIsNotToBeHadOnTheWayOrOfTheServer) {
  void* token = nullptr;
  server_.Step(client_.Step({}).token);
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, QuerySecurityContextToken(server_.context(), &token));
  client_.DeleteContext();
  server_.DeleteContext();
  Establish();
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, QuerySecurityContextToken(client_.context(), &token));
}

TEST_F(NegotiateQuery, AttributesAreTheMechanismsWhenItIsOver) {
  client_.requested = ISC_REQ_CONFIDENTIALITY;
  Octets token = client_.Step({}).token;
  token = server_.Step(token).token;
  token = client_.Step(token).token;
  const Result server = server_.Step(token);
  const Result client = client_.Step(server.token);
  ASSERT_STATUS(SEC_E_OK, client.status);
  EXPECT_NE(client.attributes & ISC_RET_CONFIDENTIALITY, 0u);
  EXPECT_NE(client.attributes & ISC_RET_INTEGRITY, 0u);
  EXPECT_NE(server.attributes & ASC_RET_CONFIDENTIALITY, 0u);
  EXPECT_NE(server.attributes & ASC_RET_INTEGRITY, 0u);
  SecPkgContext_Flags flags = {};
  ASSERT_STATUS(SEC_E_OK, client_.Query(SECPKG_ATTR_FLAGS, &flags));
  EXPECT_EQ(flags.Flags, client.attributes);
}

TEST_F(NegotiateQuery, DatagramModeIsNotNegotiated) {
  // Negotiate does not claim it (SECPKG_FLAG_DATAGRAM), so a request for it is not passed on.
  client_.requested = ISC_REQ_DATAGRAM | ISC_REQ_CONFIDENTIALITY;
  server_.requested = ASC_REQ_DATAGRAM;
  Establish();
  ExpectWorking(&client_, &server_);
  EXPECT_EQ(ntlm_test::GetU32(client_.Sign({1}, 0, 77).signature, 12), 7u)
      << "the sequence is the connection's";
}

TEST_F(NegotiateQuery, ChannelBindingsGoThrough) {
  ntlm_test::Bindings ours, others;
  ours.application = ntlm_test::Ascii("tls-server-end-point:x");
  others.application = ntlm_test::Ascii("tls-server-end-point:y");
  client_.bindings = ours.Buffer();
  server_.bindings = ours.Buffer();
  Establish();
  client_.DeleteContext();
  server_.DeleteContext();
  server_.bindings = others.Buffer();
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, LogIn(&client_, &server_).server);
}

TEST_F(NegotiateQuery, ServersDemandGoesThrough) {
  client_.requested = 0;
  server_.requested = ASC_REQ_CONFIDENTIALITY;
  const Login login = LogIn(&client_, &server_);
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, login.server);
}

}  // namespace
}  // namespace negotiate_test
