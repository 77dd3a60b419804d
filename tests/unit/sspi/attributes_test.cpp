// SPDX-License-Identifier: Apache-2.0
// What was asked for, and what *pfContextAttr then says was agreed; *ptsExpiry; attributes of credentials.
#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"

namespace two_sides {
namespace {

constexpr ULONG kSigned = ISC_RET_INTEGRITY | ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT;
constexpr ULONG kServerSigned = ASC_RET_INTEGRITY | ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT;

struct Granted {
  ULONG client;
  ULONG server;
};

class Attributes : public Test {
 protected:
  // Both sides' last answer; those before must be 0.
  static Granted LogInWith(ULONG client_asks, ULONG server_asks = 0) {
    Client client;
    Server server;
    Granted granted = {};
    Result step = client.Step({}, {client_asks});
    EXPECT_EQ(step.attributes, 0u);
    step = server.Step(step.token, {server_asks});
    EXPECT_EQ(step.attributes, 0u);
    EXPECT_EQ(step.expiry.QuadPart, BARESSPI_TIME_NEVER);
    step = client.Step(step.token, {client_asks});
    EXPECT_STATUS(SEC_E_OK, step.status);
    EXPECT_EQ(step.expiry.QuadPart, BARESSPI_TIME_NEVER);
    granted.client = step.attributes;
    step = server.Step(step.token, {server_asks});
    EXPECT_STATUS(SEC_E_OK, step.status);
    EXPECT_EQ(step.expiry.QuadPart, BARESSPI_TIME_NEVER);
    granted.server = step.attributes;
    return granted;
  }

  static void ExpectGranted(ULONG client_asks, ULONG server_asks, ULONG client, ULONG server) {
    const Granted granted = LogInWith(client_asks, server_asks);
    EXPECT_EQ(granted.client, client) << std::hex << client_asks;
    EXPECT_EQ(granted.server, server) << std::hex << client_asks;
  }
};

TEST_F(Attributes, NothingAskedNothingGranted) {
  ExpectGranted(0, 0, 0, 0);
}

TEST_F(Attributes, IntegrityReplayAndSequenceDetectComeTogether) {
  for (ULONG one :
       std::initializer_list<ULONG>{ISC_REQ_INTEGRITY, ISC_REQ_REPLAY_DETECT, ISC_REQ_SEQUENCE_DETECT}) {
    ExpectGranted(one, 0, kSigned, kServerSigned);
  }
}

TEST_F(Attributes, ConfidentialityBringsIntegrity) {
  ExpectGranted(ISC_REQ_CONFIDENTIALITY, 0, ISC_RET_CONFIDENTIALITY | kSigned,
                ASC_RET_CONFIDENTIALITY | kServerSigned);
}

TEST_F(Attributes, ServersDemandsAreMetWhenTheClientAskedToo) {
  ExpectGranted(ISC_REQ_INTEGRITY, ASC_REQ_INTEGRITY, kSigned, kServerSigned);
  ExpectGranted(ISC_REQ_CONFIDENTIALITY, ASC_REQ_CONFIDENTIALITY, ISC_RET_CONFIDENTIALITY | kSigned,
                ASC_RET_CONFIDENTIALITY | kServerSigned);
}

TEST_F(Attributes, ConnectionDceStyleAndIdentify) {
  ExpectGranted(ISC_REQ_CONNECTION, ASC_REQ_CONNECTION, ISC_RET_CONNECTION, ASC_RET_CONNECTION);
  ExpectGranted(ISC_REQ_USE_DCE_STYLE, ASC_REQ_USE_DCE_STYLE, ISC_RET_USED_DCE_STYLE, ASC_RET_USED_DCE_STYLE);
  ExpectGranted(ISC_REQ_IDENTIFY, 0, ISC_RET_IDENTIFY, ASC_RET_IDENTIFY);
}

TEST_F(Attributes, NullSession) {
  ExpectGranted(ISC_REQ_NULL_SESSION, ASC_REQ_ALLOW_NULL_SESSION, ISC_RET_NULL_SESSION, ASC_RET_NULL_SESSION);
  // An anonymous caller has no secret to sign with
  ExpectGranted(ISC_REQ_NULL_SESSION | kSeal, ASC_REQ_ALLOW_NULL_SESSION, ISC_RET_NULL_SESSION,
                ASC_RET_NULL_SESSION);
}

TEST_F(Attributes, AnonymousIsRefusedUnlessAllowed) {
  Client client;
  Server server;
  const Octets challenge = server.Step(client.Step({}, {ISC_REQ_NULL_SESSION}).token).token;
  EXPECT_STATUS(SEC_E_LOGON_DENIED, server.Step(client.Step(challenge).token).status);
}

TEST_F(Attributes, AnonymousWithDemandedIntegrityIsRefused) {
  Client client;
  Server server;
  const Call allow = {ASC_REQ_ALLOW_NULL_SESSION | ASC_REQ_INTEGRITY};
  const Octets challenge = server.Step(client.Step({}, {ISC_REQ_NULL_SESSION | kSeal}).token, allow).token;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, server.Step(client.Step(challenge).token, allow).status);
}

TEST_F(Attributes, WhatNtlmCannotIsNotGranted) {
  ExpectGranted(ISC_REQ_DELEGATE | ISC_REQ_MUTUAL_AUTH | ISC_REQ_USE_SESSION_KEY | ISC_REQ_STREAM |
                    ISC_REQ_EXTENDED_ERROR | ISC_REQ_PROMPT_FOR_CREDS | ISC_REQ_USE_SUPPLIED_CREDS,
                ASC_REQ_DELEGATE | ASC_REQ_MUTUAL_AUTH | ASC_REQ_USE_SESSION_KEY | ASC_REQ_STREAM |
                    ASC_REQ_EXTENDED_ERROR | ASC_REQ_SESSION_TICKET,
                0, 0);
}

TEST_F(Attributes, UnknownBitsAreIgnored) {
  const ULONG unknown = ~(ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT | kSeal |
                          ISC_REQ_USE_DCE_STYLE | ISC_REQ_DATAGRAM | ISC_REQ_CONNECTION | ISC_REQ_IDENTIFY |
                          ISC_REQ_NULL_SESSION);
  ExpectGranted(unknown, 0, 0, 0);
}

TEST_F(Attributes, RequestsOfTheFirstCallHoldForTheClient) {
  Client client;
  Server server;
  const Octets challenge = server.Step(client.Step({}, {kSeal}).token).token;
  EXPECT_EQ(client.Step(challenge, {0}).attributes, ISC_RET_CONFIDENTIALITY | kSigned);
  client.DeleteContext();
  server.DeleteContext();
  const Octets plain = server.Step(client.Step({}, {0}).token).token;
  EXPECT_EQ(client.Step(plain, {kSeal}).attributes, 0u);
}

TEST_F(Attributes, AttributesAndExpiryMayBeNull) {
  Client client;
  Server server;
  Buffer out(1024);
  List output({Of(SECBUFFER_TOKEN, out)});
  CtxtHandle context;
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED,
                InitializeSecurityContextA(client.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                           &context, output.get(), nullptr, nullptr));
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
  Buffer in(out.First(output[0].cbBuffer));
  List input({Of(SECBUFFER_TOKEN, in)}), answer({Of(SECBUFFER_TOKEN, out)});
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, AcceptSecurityContext(server.credential(), nullptr, input.get(), 0, 0,
                                                             &context, answer.get(), nullptr, nullptr));
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
}

TEST_F(Attributes, AreZeroAfterAnError) {
  ULONG attributes = 0xFFFFFFFF;
  TimeStamp expiry;
  expiry.QuadPart = 5;
  CtxtHandle context;
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, InitializeSecurityContextA(nullptr, nullptr, nullptr, 0, 0, 0, nullptr,
                                                                 0, &context, nullptr, &attributes, &expiry));
  EXPECT_EQ(attributes, 0u);
  attributes = 0xFFFFFFFF;
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, AcceptSecurityContext(nullptr, nullptr, nullptr, 0, 0, &context,
                                                            nullptr, &attributes, &expiry));
  EXPECT_EQ(attributes, 0u);
  EXPECT_EQ(expiry.QuadPart, 5);
}

// Attributes of credentials.
TEST_F(Attributes, PolicyOfACredential) {
  BARESSPI_DEVICE device = ServerDevice();
  device.Policy = BARESSPI_POLICY_ALLOW_ANONYMOUS;
  Server server(device);
  BARESSPI_POLICY policy = {};
  ASSERT_STATUS(SEC_E_OK,
                QueryCredentialsAttributesA(server.credential(), BARESSPI_CRED_ATTR_POLICY, &policy));
  EXPECT_EQ(policy.Flags, BARESSPI_POLICY_ALLOW_ANONYMOUS) << "the device's, to begin with";
  {
    Client client;
    LogIn(client, server, {ISC_REQ_NULL_SESSION});
  }
  server.DeleteContext();
  policy.Flags = 0;
  ASSERT_STATUS(SEC_E_OK, SetCredentialsAttributesA(server.credential(), BARESSPI_CRED_ATTR_POLICY, &policy,
                                                    sizeof policy));
  Client client;
  const Octets challenge = server.Step(client.Step({}, {ISC_REQ_NULL_SESSION}).token).token;
  EXPECT_STATUS(SEC_E_LOGON_DENIED, server.Step(client.Step(challenge).token).status);
  policy.Flags = 77;
  ASSERT_STATUS(SEC_E_OK,
                QueryCredentialsAttributesW(server.credential(), BARESSPI_CRED_ATTR_POLICY, &policy));
  EXPECT_EQ(policy.Flags, 0u);
  policy.Flags = BARESSPI_POLICY_REQUIRE_MIC;
  ASSERT_STATUS(SEC_E_OK, SetCredentialsAttributesW(server.credential(), BARESSPI_CRED_ATTR_POLICY, &policy,
                                                    sizeof policy));
  policy.Flags = 0;
  ASSERT_STATUS(SEC_E_OK, QueryCredentialsAttributesExW(server.credential(), BARESSPI_CRED_ATTR_POLICY,
                                                        &policy, sizeof policy));
  EXPECT_EQ(policy.Flags, BARESSPI_POLICY_REQUIRE_MIC);
}

TEST_F(Attributes, CredentialQueriesCheckTheirBuffer) {
  Client client;
  uint64_t room[8] = {};
  CredHandle* credential = client.credential();
  EXPECT_STATUS(SEC_E_INVALID_TOKEN,
                QueryCredentialsAttributesA(credential, SECPKG_CRED_ATTR_NAMES, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN,
                QueryCredentialsAttributesW(credential, SECPKG_CRED_ATTR_NAMES, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, SetCredentialsAttributesA(credential, BARESSPI_CRED_ATTR_POLICY, nullptr,
                                                               sizeof(BARESSPI_POLICY)));
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, SetCredentialsAttributesA(credential, BARESSPI_CRED_ATTR_POLICY, room,
                                                                  sizeof(BARESSPI_POLICY) - 1));
  for (ULONG size = 0; size < sizeof(SecPkgCredentials_NamesA); ++size) {
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                  QueryCredentialsAttributesExA(credential, SECPKG_CRED_ATTR_NAMES, room, size));
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                  QueryCredentialsAttributesExW(credential, SECPKG_CRED_ATTR_NAMES, room, size));
  }
  EXPECT_STATUS(SEC_E_OK, QueryCredentialsAttributesExA(credential, SECPKG_CRED_ATTR_NAMES, room,
                                                        sizeof(SecPkgCredentials_NamesA)));
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                QueryCredentialsAttributesExA(credential, BARESSPI_CRED_ATTR_POLICY, room, 3));
}

TEST_F(Attributes, OtherAttributesOfCredentialsAreUnsupported) {
  Client client;
  uint64_t room[8] = {};
  CredHandle* credential = client.credential();
  for (ULONG attribute :
       std::initializer_list<ULONG>{0U, SECPKG_CRED_ATTR_SSI_PROVIDER, SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS,
                                    SECPKG_CRED_ATTR_CERT, SECPKG_CRED_ATTR_PAC_BYPASS, 0xFFFFFFFFU}) {
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, QueryCredentialsAttributesA(credential, attribute, room))
        << attribute;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, QueryCredentialsAttributesW(credential, attribute, room))
        << attribute;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                  QueryCredentialsAttributesExA(credential, attribute, room, sizeof room))
        << attribute;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                  SetCredentialsAttributesA(credential, attribute, room, sizeof room))
        << attribute;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                  SetCredentialsAttributesW(credential, attribute, room, sizeof room))
        << attribute;
  }
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                SetCredentialsAttributesA(credential, SECPKG_CRED_ATTR_NAMES, room, sizeof room));
}

}  // namespace
}  // namespace two_sides
