// SPDX-License-Identifier: Apache-2.0
// EnumerateSecurityPackages, QuerySecurityPackageInfo, FreeContextBuffer, and the functions that no package
// has.
#include <string>

#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"

namespace two_sides {
namespace {

using Packages = Test;

constexpr ULONG kCan = SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_TOKEN_ONLY |
                       SECPKG_FLAG_DATAGRAM | SECPKG_FLAG_CONNECTION | SECPKG_FLAG_MULTI_REQUIRED |
                       SECPKG_FLAG_IMPERSONATION | SECPKG_FLAG_ACCEPT_WIN32_NAME | SECPKG_FLAG_NEGOTIABLE |
                       SECPKG_FLAG_READONLY_WITH_CHECKSUM;
constexpr ULONG kCannot = SECPKG_FLAG_CLIENT_ONLY | SECPKG_FLAG_STREAM | SECPKG_FLAG_MUTUAL_AUTH |
                          SECPKG_FLAG_DELEGATION | SECPKG_FLAG_GSS_COMPATIBLE | SECPKG_FLAG_FRAGMENT;

TEST_F(Packages, EnumerateListsNtlm) {
  ULONG count_a = 0, count_w = 0;
  PSecPkgInfoA a = nullptr;
  PSecPkgInfoW w = nullptr;
  ASSERT_STATUS(SEC_E_OK, EnumerateSecurityPackagesA(&count_a, &a));
  ASSERT_STATUS(SEC_E_OK, EnumerateSecurityPackagesW(&count_w, &w));
  ASSERT_EQ(count_a, count_w);
  size_t ntlm = 0;
  for (ULONG i = 0; i < count_a; ++i) {
    // The two lists say the same of the same packages
    const std::string name = a[i].Name, comment = a[i].Comment;
    EXPECT_EQ(std::u16string(name.begin(), name.end()), w[i].Name);
    EXPECT_EQ(std::u16string(comment.begin(), comment.end()), w[i].Comment);
    EXPECT_EQ(a[i].fCapabilities, w[i].fCapabilities);
    EXPECT_EQ(a[i].cbMaxToken, w[i].cbMaxToken);
    EXPECT_EQ(a[i].wVersion, 1);
    EXPECT_EQ(a[i].wRPCID, w[i].wRPCID);
    // And what enumerating says of each is what asking for it by name says
    PSecPkgInfoA by_name = nullptr;
    ASSERT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA(a[i].Name, &by_name));
    EXPECT_STREQ(by_name->Name, a[i].Name);
    EXPECT_EQ(by_name->cbMaxToken, a[i].cbMaxToken);
    if (name != "NTLM") continue;
    ++ntlm;
    EXPECT_EQ(a[i].fCapabilities & kCan, kCan);
    EXPECT_EQ(a[i].fCapabilities & kCannot, 0u);
    EXPECT_EQ(a[i].wRPCID, 10) << "RPC_C_AUTHN_WINNT";
    EXPECT_GE(a[i].cbMaxToken, 2888u) << "what Windows says of NTLM";
  }
  EXPECT_EQ(ntlm, 1u);
}

TEST_F(Packages, EnumerateRefusesNulls) {
  ULONG count = 0;
  PSecPkgInfoA a = nullptr;
  PSecPkgInfoW w = nullptr;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, EnumerateSecurityPackagesA(nullptr, &a));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, EnumerateSecurityPackagesA(&count, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, EnumerateSecurityPackagesW(nullptr, &w));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, EnumerateSecurityPackagesW(&count, nullptr));
}

TEST_F(Packages, QueryByName) {
  PSecPkgInfoA a = nullptr;
  PSecPkgInfoW w = nullptr;
  for (const char* name : {"NTLM", "ntlm", NTLMSP_NAME_A}) {
    EXPECT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA(name, &a));
    EXPECT_STREQ(a->Name, "NTLM");
  }
  EXPECT_STATUS(SEC_E_OK, QuerySecurityPackageInfoW(NTLMSP_NAME, &w));
  EXPECT_EQ(std::u16string(w->Name), u"NTLM");
  a = nullptr;
  w = nullptr;
  for (const char* name : {"", "Negotiator", "NTLM2", "NTL"}) {
    EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, QuerySecurityPackageInfoA(name, &a)) << name;
  }
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, QuerySecurityPackageInfoW(u"Schannel3", &w));
  EXPECT_EQ(a, nullptr);
  EXPECT_EQ(w, nullptr);
}

TEST_F(Packages, QueryRefusesNulls) {
  PSecPkgInfoA a = nullptr;
  PSecPkgInfoW w = nullptr;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, QuerySecurityPackageInfoA("NTLM", nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, QuerySecurityPackageInfoW(u"NTLM", nullptr));
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, QuerySecurityPackageInfoA(nullptr, &a));
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, QuerySecurityPackageInfoW(nullptr, &w));
}

TEST_F(Packages, FreeContextBufferTakesAnythingAndDoesNothing) {
  PSecPkgInfoA info = nullptr;
  ASSERT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA("NTLM", &info));
  EXPECT_STATUS(SEC_E_OK, FreeContextBuffer(info));
  EXPECT_STATUS(SEC_E_OK, FreeContextBuffer(info));
  EXPECT_STATUS(SEC_E_OK, FreeContextBuffer(nullptr));
  EXPECT_STREQ(info->Name, "NTLM");
}

TEST_F(Packages, NoContextIsImported) {
  SecBuffer packed = {};
  CtxtHandle context = {1, 2};
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, ImportSecurityContextA("NTLM", &packed, nullptr, &context));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, ImportSecurityContextW(u"ntlm", &packed, nullptr, &context));
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, ImportSecurityContextA("Kerberos", &packed, nullptr, &context));
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, ImportSecurityContextW(u"Kerberos", &packed, nullptr, &context));
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, ImportSecurityContextA(nullptr, nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, ImportSecurityContextW(nullptr, nullptr, nullptr, nullptr));
  EXPECT_EQ(context.dwLower, 1u);
}

TEST_F(Packages, NoPasswordIsChanged) {
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                ChangeAccountPasswordA("NTLM", "EXAMPLE", "alice", "old", "new", FALSE, 0, nullptr));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                ChangeAccountPasswordW(u"NTLM", u"EXAMPLE", u"alice", u"old", u"new", FALSE, 0, nullptr));
}

// What no package can, in every state of a context.
TEST_F(Packages, UnsupportedFunctionsOfAContext) {
  Client client;
  Server server;
  SecBuffer packed = {};
  void* token = nullptr;
  uint64_t room[8] = {};
  Buffer octets(16);
  List list({Of(SECBUFFER_TOKEN, octets)});
  const auto expect_unsupported = [&](Side& side) {
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, CompleteAuthToken(side.context(), list.get()));
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, CompleteAuthToken(side.context(), nullptr));
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, ApplyControlToken(side.context(), list.get()));
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, ApplyControlToken(side.context(), nullptr));
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, ExportSecurityContext(side.context(), 0, &packed, &token));
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                  ExportSecurityContext(side.context(), SECPKG_CONTEXT_EXPORT_DELETE_OLD, nullptr, nullptr));
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, SetContextAttributesA(side.context(), 0, room, sizeof room));
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, SetContextAttributesW(side.context(), 0, nullptr, 0));
  };
  Result step = server.Step(client.Step({}).token);
  expect_unsupported(client);
  expect_unsupported(server);
  step = client.Step(step.token);
  EXPECT_STATUS(SEC_E_OK, server.Step(step.token).status) << "none of that has changed anything";
  expect_unsupported(client);
  expect_unsupported(server);
}

// Good handles and nothing else: an answer from each, and none of it hurts.
TEST_F(Packages, NullsEverywhereElse) {
  Client client;
  Server server;
  LogIn(client, server);
  CtxtHandle* context = server.context();
  EXPECT_STATUS(SEC_E_INVALID_HANDLE,
                InitializeSecurityContextA(client.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                           nullptr, nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE,
                InitializeSecurityContextW(client.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                           nullptr, nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, AcceptSecurityContext(server.credential(), nullptr, nullptr, 0, 0,
                                                            nullptr, nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN,
                AcceptSecurityContext(nullptr, context, nullptr, 0, 0, nullptr, nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, MakeSignature(context, 0, nullptr, 0));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, VerifySignature(context, nullptr, 0, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, EncryptMessage(context, 0, nullptr, 0));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, DecryptMessage(context, nullptr, 0, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, QuerySecurityContextToken(context, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, QueryContextAttributesA(context, 0, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, QueryCredentialsAttributesA(server.credential(), 0, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, SetCredentialsAttributesA(server.credential(), 0, nullptr, 0));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AddCredentialsA(server.credential(), nullptr, nullptr, 0, nullptr,
                                                            nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AddCredentialsW(server.credential(), nullptr, nullptr, 0, nullptr,
                                                            nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, AcquireCredentialsHandleA(nullptr, nullptr, 0, nullptr, nullptr,
                                                                nullptr, nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                ChangeAccountPasswordA(nullptr, nullptr, nullptr, nullptr, nullptr, FALSE, 0, nullptr));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                ChangeAccountPasswordW(nullptr, nullptr, nullptr, nullptr, nullptr, FALSE, 0, nullptr));
}

TEST_F(Packages, NothingIsAddedToACredential) {
  Client client;
  SEC_WINNT_AUTH_IDENTITY_A alice = Alice();
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                AddCredentialsA(client.credential(), nullptr, "NTLM", SECPKG_CRED_OUTBOUND, &alice, nullptr,
                                nullptr, nullptr));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                AddCredentialsW(client.credential(), nullptr, u"NTLM", SECPKG_CRED_OUTBOUND, &alice, nullptr,
                                nullptr, nullptr));
}

}  // namespace
}  // namespace two_sides
