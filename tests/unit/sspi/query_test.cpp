// SPDX-License-Identifier: Apache-2.0
// QueryContextAttributes, A, W and Ex: every attribute that NTLM has, and that there are no others.
#include <string>

#include "config/baresspi_config.h"
#include "tests/support/two_sides.h"

namespace two_sides {
namespace {

class Query : public Test {
 protected:
  void SetUp() override {
    Test::SetUp();
    LogIn(client_, server_);
  }

  // The same from all four functions, on either side; the answer of the last.
  template <typename Answer>
  Answer Ask(Side& side, ULONG attribute) {
    Answer a = {}, w = {}, ex_a = {}, ex_w = {};
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesA(side.context(), attribute, &a));
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesW(side.context(), attribute, &w));
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesExA(side.context(), attribute, &ex_a, sizeof ex_a));
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesExW(side.context(), attribute, &ex_w, sizeof ex_w));
    return w;
  }

  void ExpectEverywhere(SECURITY_STATUS status, Side& side, ULONG attribute) {
    uint64_t room[128];
    EXPECT_STATUS(status, QueryContextAttributesA(side.context(), attribute, room)) << attribute;
    EXPECT_STATUS(status, QueryContextAttributesW(side.context(), attribute, room)) << attribute;
    EXPECT_STATUS(status, QueryContextAttributesExA(side.context(), attribute, room, sizeof room))
        << attribute;
    EXPECT_STATUS(status, QueryContextAttributesExW(side.context(), attribute, room, sizeof room))
        << attribute;
  }

  Client client_;
  Server server_;
};

// What an attribute would need is of no interest where it is not answered.
TEST_F(Query, AnAttributeThatIsConfiguredOutIsUnsupportedHoweverSmallTheBuffer) {
#if !BARESSPI_NTLM_TARGET_INFORMATION_BYTES && !BARESSPI_NTLM_CLIENT_TARGET_BYTES
  for (const ULONG attribute : {SECPKG_ATTR_TARGET_INFORMATION, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET}) {
    uint8_t octet = 0;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                  QueryContextAttributesExA(client_.context(), attribute, &octet, 0))
        << attribute;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                  QueryContextAttributesExW(server_.context(), attribute, &octet, 0))
        << attribute;
  }
#endif
}

TEST_F(Query, Sizes) {
  for (Side* side : {static_cast<Side*>(&client_), static_cast<Side*>(&server_)}) {
    const auto sizes = Ask<SecPkgContext_Sizes>(*side, SECPKG_ATTR_SIZES);
    PSecPkgInfoA info;
    ASSERT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA("NTLM", &info));
    EXPECT_EQ(sizes.cbMaxToken, info->cbMaxToken);
    EXPECT_EQ(sizes.cbMaxSignature, 16u);
    EXPECT_EQ(sizes.cbSecurityTrailer, 16u);
    EXPECT_LE(sizes.cbBlockSize, 1u) << "no padding";
  }
}

TEST_F(Query, LifespanAndPasswordExpiry) {
  for (Side* side : {static_cast<Side*>(&client_), static_cast<Side*>(&server_)}) {
    EXPECT_EQ(Ask<SecPkgContext_Lifespan>(*side, SECPKG_ATTR_LIFESPAN).tsExpiry.QuadPart,
              BARESSPI_TIME_NEVER);
    EXPECT_EQ(
        Ask<SecPkgContext_PasswordExpiry>(*side, SECPKG_ATTR_PASSWORD_EXPIRY).tsPasswordExpires.QuadPart,
        BARESSPI_TIME_NEVER);
  }
}

TEST_F(Query, FlagsAreWhatTheLastCallSaid) {
  const ULONG client_flags = Ask<SecPkgContext_Flags>(client_, SECPKG_ATTR_FLAGS).Flags;
  const ULONG server_flags = Ask<SecPkgContext_Flags>(server_, SECPKG_ATTR_FLAGS).Flags;
  EXPECT_EQ(client_flags,
            ISC_RET_CONFIDENTIALITY | ISC_RET_INTEGRITY | ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT);
  EXPECT_EQ(server_flags,
            ASC_RET_CONFIDENTIALITY | ASC_RET_INTEGRITY | ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT);
}

TEST_F(Query, SessionKeyIsOneOnBothSides) {
  const auto ours = Ask<SecPkgContext_SessionKey>(client_, SECPKG_ATTR_SESSION_KEY);
  const auto theirs = Ask<SecPkgContext_SessionKey>(server_, SECPKG_ATTR_SESSION_KEY);
  ASSERT_EQ(ours.SessionKeyLength, 16u);
  ASSERT_EQ(theirs.SessionKeyLength, 16u);
  EXPECT_NE(ours.SessionKey, theirs.SessionKey) << "each context has its own";
  EXPECT_EQ(Octets(ours.SessionKey, ours.SessionKey + 16), Octets(theirs.SessionKey, theirs.SessionKey + 16));
}

TEST_F(Query, KeyInfo) {
  SecPkgContext_KeyInfoA a = {};
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(client_.context(), SECPKG_ATTR_KEY_INFO, &a));
  EXPECT_STREQ(a.sSignatureAlgorithmName, "HMAC-MD5");
  EXPECT_STREQ(a.sEncryptAlgorithmName, "RC4");
  EXPECT_EQ(a.KeySize, 128u);
  EXPECT_EQ(a.EncryptAlgorithm, 0x6801u) << "CALG_RC4";
  const auto w = Ask<SecPkgContext_KeyInfoW>(server_, SECPKG_ATTR_KEY_INFO);
  EXPECT_EQ(std::u16string(w.sSignatureAlgorithmName), u"HMAC-MD5");
  EXPECT_EQ(std::u16string(w.sEncryptAlgorithmName), u"RC4");
  EXPECT_EQ(w.KeySize, 128u);
}

TEST_F(Query, PackageAndNegotiationInfo) {
  SecPkgContext_PackageInfoA a = {};
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(client_.context(), SECPKG_ATTR_PACKAGE_INFO, &a));
  EXPECT_STREQ(a.PackageInfo->Name, "NTLM");
  EXPECT_EQ(
      std::u16string(Ask<SecPkgContext_PackageInfoW>(server_, SECPKG_ATTR_PACKAGE_INFO).PackageInfo->Name),
      u"NTLM");
  SecPkgContext_NegotiationInfoA negotiation = {nullptr, 77};
  ASSERT_STATUS(SEC_E_OK,
                QueryContextAttributesA(client_.context(), SECPKG_ATTR_NEGOTIATION_INFO, &negotiation));
  EXPECT_STREQ(negotiation.PackageInfo->Name, "NTLM");
  EXPECT_EQ(negotiation.NegotiationState, SECPKG_NEGOTIATION_COMPLETE);
  const auto wide = Ask<SecPkgContext_NegotiationInfoW>(server_, SECPKG_ATTR_NEGOTIATION_INFO);
  EXPECT_EQ(std::u16string(wide.PackageInfo->Name), u"NTLM");
  EXPECT_EQ(wide.NegotiationState, SECPKG_NEGOTIATION_COMPLETE);
}

TEST_F(Query, DceInfoIsTheNameInUtf16WhicheverFunctionAsks) {
  for (Side* side : {static_cast<Side*>(&client_), static_cast<Side*>(&server_)}) {
    SecPkgContext_DceInfo a = {}, w = {};
    ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(side->context(), SECPKG_ATTR_DCE_INFO, &a));
    ASSERT_STATUS(SEC_E_OK, QueryContextAttributesW(side->context(), SECPKG_ATTR_DCE_INFO, &w));
    EXPECT_EQ(std::u16string(static_cast<const char16_t*>(a.pPac)), u"EXAMPLE\\alice");
    EXPECT_EQ(std::u16string(static_cast<const char16_t*>(w.pPac)), u"EXAMPLE\\alice");
  }
}

TEST_F(Query, AccessTokenIsAServersAlone) {
  const auto answer = Ask<SecPkgContext_AccessToken>(server_, SECPKG_ATTR_ACCESS_TOKEN);
  void* token = nullptr;
  ASSERT_STATUS(SEC_E_OK, QuerySecurityContextToken(server_.context(), &token));
  EXPECT_EQ(answer.AccessToken, token);
  ExpectEverywhere(SEC_E_UNSUPPORTED_FUNCTION, client_, SECPKG_ATTR_ACCESS_TOKEN);
}

TEST_F(Query, OtherAttributesAreUnsupported) {
  for (ULONG attribute : std::initializer_list<ULONG>{SECPKG_ATTR_STREAM_SIZES,
                                                      SECPKG_ATTR_PROTO_INFO,
                                                      SECPKG_ATTR_USER_FLAGS,
                                                      SECPKG_ATTR_USE_VALIDATED,
                                                      SECPKG_ATTR_CREDENTIAL_NAME,
                                                      SECPKG_ATTR_TARGET,
                                                      SECPKG_ATTR_AUTHENTICATION_ID,
                                                      SECPKG_ATTR_LOGOFF_TIME,
                                                      SECPKG_ATTR_NEGO_KEYS,
                                                      SECPKG_ATTR_PROMPTING_NEEDED,
                                                      SECPKG_ATTR_UNIQUE_BINDINGS,
                                                      SECPKG_ATTR_ENDPOINT_BINDINGS,
                                                      SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS,
                                                      SECPKG_ATTR_NEGO_PKG_INFO,
                                                      SECPKG_ATTR_NEGO_STATUS,
                                                      SECPKG_ATTR_CONTEXT_DELETED,
                                                      SECPKG_ATTR_DTLS_MTU,
                                                      SECPKG_ATTR_APPLICATION_PROTOCOL,
                                                      SECPKG_ATTR_NEGOTIATED_TLS_EXTENSIONS,
                                                      SECPKG_ATTR_IS_LOOPBACK,
                                                      SECPKG_ATTR_SUBJECT_SECURITY_ATTRIBUTES,
                                                      0x7FFFFFFFU,
                                                      0xFFFFFFFFU}) {
    ExpectEverywhere(SEC_E_UNSUPPORTED_FUNCTION, client_, attribute);
    ExpectEverywhere(SEC_E_UNSUPPORTED_FUNCTION, server_, attribute);
  }
}

#if !BARESSPI_NTLM_TARGET_INFORMATION_BYTES && !BARESSPI_NTLM_CLIENT_TARGET_BYTES
TEST_F(Query, WhatTheConfigurationHasNoRoomForIsUnsupported) {
  for (ULONG attribute :
       std::initializer_list<ULONG>{SECPKG_ATTR_TARGET_INFORMATION, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET}) {
    ExpectEverywhere(SEC_E_UNSUPPORTED_FUNCTION, client_, attribute);
    ExpectEverywhere(SEC_E_UNSUPPORTED_FUNCTION, server_, attribute);
  }
}
#endif

TEST_F(Query, NullBufferIsRefused) {
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, QueryContextAttributesA(client_.context(), SECPKG_ATTR_SIZES, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, QueryContextAttributesW(client_.context(), SECPKG_ATTR_SIZES, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN,
                QueryContextAttributesExA(client_.context(), SECPKG_ATTR_SIZES, nullptr, 64));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN,
                QueryContextAttributesExW(client_.context(), SECPKG_ATTR_SIZES, nullptr, 64));
}

TEST_F(Query, ExWantsRoomForTheStructure) {
  const struct {
    ULONG attribute;
    size_t size;
  } all[] = {{SECPKG_ATTR_SIZES, sizeof(SecPkgContext_Sizes)},
             {SECPKG_ATTR_NAMES, sizeof(SecPkgContext_NamesA)},
             {SECPKG_ATTR_NATIVE_NAMES, sizeof(SecPkgContext_NativeNamesA)},
             {SECPKG_ATTR_LIFESPAN, sizeof(SecPkgContext_Lifespan)},
             {SECPKG_ATTR_FLAGS, sizeof(SecPkgContext_Flags)},
             {SECPKG_ATTR_PACKAGE_INFO, sizeof(SecPkgContext_PackageInfoA)},
             {SECPKG_ATTR_NEGOTIATION_INFO, sizeof(SecPkgContext_NegotiationInfoA)},
             {SECPKG_ATTR_SESSION_KEY, sizeof(SecPkgContext_SessionKey)},
             {SECPKG_ATTR_KEY_INFO, sizeof(SecPkgContext_KeyInfoA)},
             {SECPKG_ATTR_DCE_INFO, sizeof(SecPkgContext_DceInfo)},
             {SECPKG_ATTR_PASSWORD_EXPIRY, sizeof(SecPkgContext_PasswordExpiry)},
             {SECPKG_ATTR_AUTHORITY, sizeof(SecPkgContext_AuthorityA)},
             {SECPKG_ATTR_ACCESS_TOKEN, sizeof(SecPkgContext_AccessToken)}};
  for (const auto& one : all) {
    for (size_t size = 0; size < one.size; ++size) {
      Buffer room(size);
      const auto octets = static_cast<ULONG>(size);
      EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                    QueryContextAttributesExA(server_.context(), one.attribute, room.data(), octets));
      EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                    QueryContextAttributesExW(server_.context(), one.attribute, room.data(), octets));
    }
    // And writes no more than that
    Buffer room(one.size);
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesExA(server_.context(), one.attribute, room.data(),
                                                      static_cast<ULONG>(one.size)));
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesW(server_.context(), one.attribute, room.data()));
  }
}

TEST_F(Query, NothingMayBeSet) {
  uint64_t room[8] = {};
  for (ULONG attribute = 0; attribute < 40; ++attribute) {
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                  SetContextAttributesA(client_.context(), attribute, room, sizeof room));
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                  SetContextAttributesW(server_.context(), attribute, room, sizeof room));
  }
}

}  // namespace
}  // namespace two_sides
