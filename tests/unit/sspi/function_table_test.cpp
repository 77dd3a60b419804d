// SPDX-License-Identifier: Apache-2.0
// InitSecurityInterface: the tables are complete, and a login works through each.
#include <string.h>

#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"

namespace two_sides {
namespace {

using FunctionTable = Test;

// Every pointer behind dwVersion, as the table lies in memory, but for those of these members.
template <typename Table>
void ExpectComplete(const Table& table, std::initializer_list<size_t> reserved) {
  size_t empty = 0;
  for (size_t offset = sizeof(void*); offset < sizeof table; offset += sizeof(void*)) {
    void* pointer = nullptr;
    memcpy(&pointer, reinterpret_cast<const uint8_t*>(&table) + offset, sizeof pointer);
    bool is_reserved = false;
    for (size_t one : reserved) is_reserved = is_reserved || one == offset;
    EXPECT_EQ(pointer == nullptr, is_reserved) << "at " << offset;
    empty += is_reserved ? 1 : 0;
  }
  EXPECT_EQ(empty, reserved.size());
}

TEST_F(FunctionTable, A) {
  const SecurityFunctionTableA* table = InitSecurityInterfaceA();
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table, InitSecurityInterfaceA());
  EXPECT_GE(table->dwVersion, SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_3);
  using T = SecurityFunctionTableA;
  ExpectComplete(*table, {offsetof(T, Reserved2), offsetof(T, Reserved3), offsetof(T, Reserved4),
                          offsetof(T, Reserved8)});
}

TEST_F(FunctionTable, W) {
  const SecurityFunctionTableW* table = InitSecurityInterfaceW();
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table, InitSecurityInterfaceW());
  EXPECT_EQ(table->dwVersion, InitSecurityInterfaceA()->dwVersion);
  using T = SecurityFunctionTableW;
  ExpectComplete(*table, {offsetof(T, Reserved2), offsetof(T, Reserved3), offsetof(T, Reserved4),
                          offsetof(T, Reserved8)});
}

TEST_F(FunctionTable, MembersAreTheFunctionsOfTheirNames) {
  const SecurityFunctionTableA& a = *InitSecurityInterfaceA();
  EXPECT_EQ(a.EnumerateSecurityPackagesA, &::EnumerateSecurityPackagesA);
  EXPECT_EQ(a.QueryCredentialsAttributesA, &::QueryCredentialsAttributesA);
  EXPECT_EQ(a.AcquireCredentialsHandleA, &::AcquireCredentialsHandleA);
  EXPECT_EQ(a.FreeCredentialsHandle, &::FreeCredentialsHandle);
  EXPECT_EQ(a.InitializeSecurityContextA, &::InitializeSecurityContextA);
  EXPECT_EQ(a.AcceptSecurityContext, &::AcceptSecurityContext);
  EXPECT_EQ(a.CompleteAuthToken, &::CompleteAuthToken);
  EXPECT_EQ(a.DeleteSecurityContext, &::DeleteSecurityContext);
  EXPECT_EQ(a.ApplyControlToken, &::ApplyControlToken);
  EXPECT_EQ(a.QueryContextAttributesA, &::QueryContextAttributesA);
  EXPECT_EQ(a.ImpersonateSecurityContext, &::ImpersonateSecurityContext);
  EXPECT_EQ(a.RevertSecurityContext, &::RevertSecurityContext);
  EXPECT_EQ(a.MakeSignature, &::MakeSignature);
  EXPECT_EQ(a.VerifySignature, &::VerifySignature);
  EXPECT_EQ(a.FreeContextBuffer, &::FreeContextBuffer);
  EXPECT_EQ(a.QuerySecurityPackageInfoA, &::QuerySecurityPackageInfoA);
  EXPECT_EQ(a.ExportSecurityContext, &::ExportSecurityContext);
  EXPECT_EQ(a.ImportSecurityContextA, &::ImportSecurityContextA);
  EXPECT_EQ(a.AddCredentialsA, &::AddCredentialsA);
  EXPECT_EQ(a.QuerySecurityContextToken, &::QuerySecurityContextToken);
  EXPECT_EQ(a.EncryptMessage, &::EncryptMessage);
  EXPECT_EQ(a.DecryptMessage, &::DecryptMessage);
  EXPECT_EQ(a.SetContextAttributesA, &::SetContextAttributesA);
  EXPECT_EQ(a.SetCredentialsAttributesA, &::SetCredentialsAttributesA);
  EXPECT_EQ(a.ChangeAccountPasswordA, &::ChangeAccountPasswordA);
  EXPECT_EQ(a.QueryContextAttributesExA, &::QueryContextAttributesExA);
  EXPECT_EQ(a.QueryCredentialsAttributesExA, &::QueryCredentialsAttributesExA);
}

TEST_F(FunctionTable, WideMembersAreTheFunctionsOfTheirNames) {
  const SecurityFunctionTableW& w = *InitSecurityInterfaceW();
  EXPECT_EQ(w.EnumerateSecurityPackagesW, &::EnumerateSecurityPackagesW);
  EXPECT_EQ(w.QueryCredentialsAttributesW, &::QueryCredentialsAttributesW);
  EXPECT_EQ(w.AcquireCredentialsHandleW, &::AcquireCredentialsHandleW);
  EXPECT_EQ(w.InitializeSecurityContextW, &::InitializeSecurityContextW);
  EXPECT_EQ(w.QueryContextAttributesW, &::QueryContextAttributesW);
  EXPECT_EQ(w.QuerySecurityPackageInfoW, &::QuerySecurityPackageInfoW);
  EXPECT_EQ(w.ImportSecurityContextW, &::ImportSecurityContextW);
  EXPECT_EQ(w.AddCredentialsW, &::AddCredentialsW);
  EXPECT_EQ(w.SetContextAttributesW, &::SetContextAttributesW);
  EXPECT_EQ(w.SetCredentialsAttributesW, &::SetCredentialsAttributesW);
  EXPECT_EQ(w.ChangeAccountPasswordW, &::ChangeAccountPasswordW);
  EXPECT_EQ(w.QueryContextAttributesExW, &::QueryContextAttributesExW);
  EXPECT_EQ(w.QueryCredentialsAttributesExW, &::QueryCredentialsAttributesExW);
  // What has no A and W form is the same in both tables
  const SecurityFunctionTableA& a = *InitSecurityInterfaceA();
  EXPECT_EQ(w.FreeCredentialsHandle, a.FreeCredentialsHandle);
  EXPECT_EQ(w.AcceptSecurityContext, a.AcceptSecurityContext);
  EXPECT_EQ(w.CompleteAuthToken, a.CompleteAuthToken);
  EXPECT_EQ(w.DeleteSecurityContext, a.DeleteSecurityContext);
  EXPECT_EQ(w.ApplyControlToken, a.ApplyControlToken);
  EXPECT_EQ(w.ImpersonateSecurityContext, a.ImpersonateSecurityContext);
  EXPECT_EQ(w.RevertSecurityContext, a.RevertSecurityContext);
  EXPECT_EQ(w.MakeSignature, a.MakeSignature);
  EXPECT_EQ(w.VerifySignature, a.VerifySignature);
  EXPECT_EQ(w.FreeContextBuffer, a.FreeContextBuffer);
  EXPECT_EQ(w.ExportSecurityContext, a.ExportSecurityContext);
  EXPECT_EQ(w.QuerySecurityContextToken, a.QuerySecurityContextToken);
  EXPECT_EQ(w.EncryptMessage, a.EncryptMessage);
  EXPECT_EQ(w.DecryptMessage, a.DecryptMessage);
}

TEST_F(FunctionTable, LoginThroughIt) {
  const SecurityFunctionTableW& w = *InitSecurityInterfaceW();
  SEC_WINNT_AUTH_IDENTITY_W alice = Identity(u"alice", u"EXAMPLE", u"Passw0rd!");
  BARESSPI_DEVICE device = ServerDevice();
  CredHandle outbound, inbound;
  ASSERT_STATUS(SEC_E_OK, w.AcquireCredentialsHandleW(nullptr, u"NTLM", SECPKG_CRED_OUTBOUND, nullptr, &alice,
                                                      nullptr, nullptr, &outbound, nullptr));
  ASSERT_STATUS(SEC_E_OK, w.AcquireCredentialsHandleW(nullptr, u"NTLM", SECPKG_CRED_INBOUND, nullptr, &device,
                                                      nullptr, nullptr, &inbound, nullptr));
  Buffer to_server(1024), to_client(1024);
  List one({Of(SECBUFFER_TOKEN, to_server)}), two({Of(SECBUFFER_TOKEN, to_client)});
  CtxtHandle client, server;
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED,
                w.InitializeSecurityContextW(&outbound, nullptr, nullptr, kSeal, 0, 0, nullptr, 0, &client,
                                             one.get(), nullptr, nullptr));
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, w.AcceptSecurityContext(&inbound, nullptr, one.get(), 0, 0, &server,
                                                               two.get(), nullptr, nullptr));
  one[0].cbBuffer = 1024;
  ASSERT_STATUS(SEC_E_OK, w.InitializeSecurityContextW(nullptr, &client, nullptr, kSeal, 0, 0, two.get(), 0,
                                                       nullptr, one.get(), nullptr, nullptr));
  ASSERT_STATUS(SEC_E_OK, w.AcceptSecurityContext(nullptr, &server, one.get(), 0, 0, nullptr, nullptr,
                                                  nullptr, nullptr));
  Buffer text(Octets{'h', 'i'}), signature(16);
  List message({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  EXPECT_STATUS(SEC_E_OK, w.EncryptMessage(&client, 0, message.get(), 0));
  EXPECT_STATUS(SEC_E_OK, w.DecryptMessage(&server, message.get(), 0, nullptr));
  EXPECT_EQ(text.First(2), (Octets{'h', 'i'}));
  EXPECT_STATUS(SEC_E_OK, w.DeleteSecurityContext(&client));
  EXPECT_STATUS(SEC_E_OK, w.DeleteSecurityContext(&server));
  EXPECT_STATUS(SEC_E_OK, w.FreeCredentialsHandle(&outbound));
  EXPECT_STATUS(SEC_E_OK, w.FreeCredentialsHandle(&inbound));
}

}  // namespace
}  // namespace two_sides
