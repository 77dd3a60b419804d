// SPDX-License-Identifier: Apache-2.0
// Which packages a credential of Negotiate may use: SEC_WINNT_AUTH_IDENTITY_EX.PackageList, in both forms.
#include "config/baresspi_config.h"
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

class NegotiatePackages : public NegotiateTest {};

struct Case {
  const char* list;
  bool ntlm;  // may be used
};
const Case kCases[] = {
    {"", true},
    {"NTLM", true},
    {"ntlm", true},
    {"nTlM", true},
    {"!NTLM", false},
    {"!ntlm", false},
    {"!ntlm,", false},
    {",!ntlm", false},
    {"Kerberos,NTLM", true},
    {"NTLM,Kerberos", true},
    {"kerberos, ntlm", true},
    {" NTLM ", true},
    {"kerberos", false},
    {"Kerberos,Negoexts", false},
    {"!kerberos", true},
    {"!kerberos,", true},
    {"!kerberos,!pku2u", true},
    {"!kerberos,ntlm", true},
    {"ntlm,!ntlm", false},
    {"!ntlm,ntlm", false},
    {"NTL", false},
    {"NTLMX", false},
    {"XNTLM", false},
    {"!NTL", true},
    {"!NTLMX", true},
    {",", true},
    {",,NTLM,,", true},
};

template <typename Identity, typename Character>
Identity IdentityWith(const std::basic_string<Character>& user, const std::basic_string<Character>& list) {
  Identity identity = {};
  identity.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
  identity.Length = sizeof identity;
  const auto set = [](auto** to, auto* length, const auto& text) {
    using Pointer = std::remove_reference_t<decltype(*to)>;
    *to = reinterpret_cast<Pointer>(const_cast<Character*>(text.data()));
    *length = static_cast<ULONG>(text.size());
  };
  set(&identity.User, &identity.UserLength, user);
  set(&identity.Domain, &identity.DomainLength, user);
  set(&identity.Password, &identity.PasswordLength, user);
  set(&identity.PackageList, &identity.PackageListLength, list);
  return identity;
}

std::u16string Wide(const std::string& text) {
  return std::u16string(text.begin(), text.end());
}

SECURITY_STATUS AcquireA(const std::string& list, CredHandle* credential, bool wide_identity = false) {
  const std::string user = "User";
  const std::u16string wide_user = u"User";
  const std::u16string wide_list = Wide(list);
  auto narrow = IdentityWith<SEC_WINNT_AUTH_IDENTITY_EXA>(user, list);
  auto wide = IdentityWith<SEC_WINNT_AUTH_IDENTITY_EXW>(wide_user, wide_list);
  wide.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
  void* data = wide_identity ? static_cast<void*>(&wide) : &narrow;
  return AcquireCredentialsHandleA(nullptr, "Negotiate", SECPKG_CRED_OUTBOUND, nullptr, data, nullptr,
                                   nullptr, credential, nullptr);
}

SECURITY_STATUS AcquireW(const std::string& list, CredHandle* credential, bool narrow_identity = false) {
  const std::string user = "User";
  const std::u16string wide_user = u"User";
  const std::u16string wide_list = Wide(list);
  auto narrow = IdentityWith<SEC_WINNT_AUTH_IDENTITY_EXA>(user, list);
  narrow.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  auto wide = IdentityWith<SEC_WINNT_AUTH_IDENTITY_EXW>(wide_user, wide_list);
  void* data = narrow_identity ? static_cast<void*>(&narrow) : &wide;
  return AcquireCredentialsHandleW(nullptr, u"Negotiate", SECPKG_CRED_OUTBOUND, nullptr, data, nullptr,
                                   nullptr, credential, nullptr);
}

void ExpectUsable(bool usable, SECURITY_STATUS status, CredHandle* credential, const char* list) {
  EXPECT_STATUS(usable ? SEC_E_OK : SEC_E_NO_CREDENTIALS, status) << '"' << list << '"';
  if (status == SEC_E_OK) {
    EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(credential));
  }
}

TEST_F(NegotiatePackages, PackageListAllowsAndExcludes) {
  for (const Case& one : kCases) {
    for (const bool other : {false, true}) {
      CredHandle credential = {};
      SECURITY_STATUS status = AcquireA(one.list, &credential, other);
      ExpectUsable(one.ntlm, status, &credential, one.list);
      status = AcquireW(one.list, &credential, other);
      ExpectUsable(one.ntlm, status, &credential, one.list);
    }
  }
}

TEST_F(NegotiatePackages, NoUsablePackageTakesNoPlace) {
  for (int i = 0; i < 3 * BARESSPI_MAX_CREDENTIALS; ++i) {
    CredHandle credential = {};
    EXPECT_STATUS(SEC_E_NO_CREDENTIALS, AcquireA("!ntlm", &credential));
  }
  EXPECT_EQ(FreeCredentials("Negotiate"), size_t{BARESSPI_MAX_CREDENTIALS});
  EXPECT_EQ(FreeCredentials("NTLM"), size_t{BARESSPI_MAX_CREDENTIALS});
}

TEST_F(NegotiatePackages, PackageListThatIsNotUtf8IsRefused) {
  CredHandle credential = {};
  EXPECT_LT(AcquireA("NTLM\xFF", &credential), 0);
}

TEST_F(NegotiatePackages, IdentityThatIsNotUtf8IsRefusedAndTakesNoPlace) {
  SEC_WINNT_AUTH_IDENTITY_A bad = two_sides::Identity("User", "DOMAIN", "\xff");
  for (int i = 0; i < 3 * BARESSPI_MAX_CREDENTIALS; ++i) {
    CredHandle credential = {};
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS,
                  AcquireCredentialsHandleA(nullptr, "Negotiate", SECPKG_CRED_OUTBOUND, nullptr, &bad,
                                            nullptr, nullptr, &credential, nullptr));
  }
}

TEST_F(NegotiatePackages, FullPoolOfCredentialsIsSaidSoAndLeavesNothing) {
  std::vector<CredHandle> taken;
  SEC_WINNT_AUTH_IDENTITY_A user = two_sides::Identity("User", "DOMAIN", "Password");
  const auto acquire = [&](const char* package, CredHandle* credential) {
    return AcquireCredentialsHandleA(nullptr, package, SECPKG_CRED_OUTBOUND, nullptr, &user, nullptr, nullptr,
                                     credential, nullptr);
  };
  CredHandle credential = {};
  for (size_t i = 0; i < BARESSPI_MAX_CREDENTIALS; ++i) {
    ASSERT_STATUS(SEC_E_OK, acquire("NTLM", &credential));
    taken.push_back(credential);
  }
  for (int i = 0; i < 2 * BARESSPI_MAX_CREDENTIALS; ++i) {
    EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, acquire("Negotiate", &credential));
  }
  EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&taken[0]));
  ASSERT_STATUS(SEC_E_OK, acquire("Negotiate", &taken[0]));
  for (CredHandle& one : taken) EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&one));
}

TEST_F(NegotiatePackages, CredentialThatIsFreedLivesUntilItsLastContextIsGone) {
  const SEC_WINNT_AUTH_IDENTITY_A user = two_sides::Identity("User", "DOMAIN", "Password");
  CredHandle credential = {};
  ASSERT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(nullptr, "Negotiate", SECPKG_CRED_OUTBOUND, nullptr,
                                                    const_cast<SEC_WINNT_AUTH_IDENTITY_A*>(&user), nullptr,
                                                    nullptr, &credential, nullptr));
  const auto step = [&](CtxtHandle* old, CtxtHandle* context, const Octets& token, Octets* out) {
    two_sides::Buffer in(token), room(1024);
    SecBuffer input_buffer = {static_cast<ULONG>(in.size()), SECBUFFER_TOKEN, in.data()};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &input_buffer};
    SecBuffer output_buffer = {1024, SECBUFFER_TOKEN, room.data()};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &output_buffer};
    const SECURITY_STATUS status = InitializeSecurityContextA(
        &credential, old, nullptr, ISC_REQ_INTEGRITY, 0, 0, &input, 0, context, &output, nullptr, nullptr);
    *out = room.First(output_buffer.cbBuffer);
    return status;
  };
  Server server;
  CtxtHandle context = {};
  Octets token;
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, step(nullptr, &context, {}, &token));
  EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&credential));
  EXPECT_EQ(FreeCredentials("Negotiate"), size_t{BARESSPI_MAX_CREDENTIALS} - 2);
  EXPECT_EQ(FreeCredentials("NTLM"), size_t{BARESSPI_MAX_CREDENTIALS} - 2);
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, step(&context, nullptr, server.Step(token).token, &token));
  const Result last = server.Step(token);
  EXPECT_STATUS(SEC_E_OK, last.status);
  EXPECT_STATUS(SEC_E_OK, step(&context, nullptr, last.token, &token));
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
  EXPECT_EQ(FreeCredentials("Negotiate"), size_t{BARESSPI_MAX_CREDENTIALS} - 1) << "the server's";
}

TEST_F(NegotiatePackages, CredentialAnswersForItsMechanism) {
  Client client;
  SecPkgCredentials_NamesA names = {};
  ASSERT_STATUS(SEC_E_OK, QueryCredentialsAttributesA(client.credential(), SECPKG_CRED_ATTR_NAMES, &names));
  EXPECT_STREQ(names.sUserName, "DOMAIN\\User");
  client.SetPolicy(BARESSPI_POLICY_NO_MIC);
  BARESSPI_POLICY policy = {};
  ASSERT_STATUS(SEC_E_OK,
                QueryCredentialsAttributesA(client.credential(), BARESSPI_CRED_ATTR_POLICY, &policy));
  EXPECT_EQ(policy.Flags, ULONG{BARESSPI_POLICY_NO_MIC});
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, QueryCredentialsAttributesA(client.credential(), 12345, &policy));
}

TEST_F(NegotiatePackages, CredentialOfOneUseIsNotGoodForTheOther) {
  Client client;
  Server server;
  uint8_t octets[256];
  SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
  CtxtHandle context = {};
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS,
                InitializeSecurityContextA(server.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                           &context, &output, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, AcceptSecurityContext(client.credential(), nullptr, nullptr, 0, 0,
                                                            &context, &output, nullptr, nullptr));
}

TEST_F(NegotiatePackages, PackageIsFoundByItsName) {
  PSecPkgInfoA info = nullptr;
  ASSERT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA("negotiate", &info));
  EXPECT_STREQ(info->Name, "Negotiate");
  EXPECT_EQ(info->wRPCID, 9);
  EXPECT_NE(info->fCapabilities & SECPKG_FLAG_GSS_COMPATIBLE, 0u);
  EXPECT_EQ(info->fCapabilities & SECPKG_FLAG_DATAGRAM, 0u);
  // Programs allocate that much: all that a mechanism may need, and little more.
  PSecPkgInfoA ntlm = nullptr;
  ASSERT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA("NTLM", &ntlm));
  EXPECT_GE(info->cbMaxToken, ntlm->cbMaxToken + 80);
  EXPECT_LE(info->cbMaxToken, ntlm->cbMaxToken + 300);
}

}  // namespace
}  // namespace negotiate_test
