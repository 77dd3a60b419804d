// SPDX-License-Identifier: Apache-2.0
// SEC_WINNT_AUTH_IDENTITY in all of its forms: what is taken, what is refused, who logs in with it.
#include <string.h>

#include <string>

#include "config/baresspi_config.h"
#include "tests/support/two_sides.h"
#include "tests/unit/sspi/low_address.h"

namespace two_sides {
namespace {

class AuthIdentity : public Test {
 protected:
  static SECURITY_STATUS Acquire(const void* identity, bool wide, CredHandle* handle) {
    void* auth_data = const_cast<void*>(identity);
    return wide ? AcquireCredentialsHandleW(nullptr, u"NTLM", SECPKG_CRED_OUTBOUND, nullptr, auth_data,
                                            nullptr, nullptr, handle, nullptr)
                : AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, auth_data,
                                            nullptr, nullptr, handle, nullptr);
  }

  static SECURITY_STATUS TryToAcquire(const void* identity, bool wide = false) {
    CredHandle handle;
    const SECURITY_STATUS status = Acquire(identity, wide, &handle);
    if (status == SEC_E_OK) {
      EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handle));
    }
    return status;
  }

  // How a login with this identity ends.
  static SECURITY_STATUS LogInWith(const void* identity, bool wide = false) {
    CredHandle handle;
    const SECURITY_STATUS status = Acquire(identity, wide, &handle);
    if (status != SEC_E_OK) return status;
    const SECURITY_STATUS end = Finish(&handle);
    EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handle));
    return end;
  }

 private:
  static SECURITY_STATUS Finish(CredHandle* credential) {
    Server server;
    uint8_t octets[1024];
    SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    CtxtHandle context;
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED,
                  InitializeSecurityContextA(credential, nullptr, nullptr, 0, 0, 0, nullptr, 0, &context,
                                             &output, nullptr, nullptr));
    Octets challenge = server.Step(Octets(octets, octets + buffer.cbBuffer)).token;
    SecBuffer input_buffer = {static_cast<ULONG>(challenge.size()), SECBUFFER_TOKEN, challenge.data()};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &input_buffer};
    buffer.cbBuffer = sizeof octets;
    EXPECT_STATUS(SEC_E_OK, InitializeSecurityContextA(nullptr, &context, nullptr, 0, 0, 0, &input, 0,
                                                       nullptr, &output, nullptr, nullptr));
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
    return server.Step(Octets(octets, octets + buffer.cbBuffer)).status;
  }
};

// The two words that come first tell the forms apart.
template <typename Ex, typename Plain>
Ex Extended(const Plain& plain) {
  Ex ex = {};
  ex.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
  ex.Length = sizeof ex;
  ex.User = plain.User;
  ex.UserLength = plain.UserLength;
  ex.Domain = plain.Domain;
  ex.DomainLength = plain.DomainLength;
  ex.Password = plain.Password;
  ex.PasswordLength = plain.PasswordLength;
  ex.Flags = plain.Flags;
  return ex;
}

TEST_F(AuthIdentity, A) {
  const SEC_WINNT_AUTH_IDENTITY_A right = Alice(), wrong = Identity("alice", "EXAMPLE", "passw0rd!");
  EXPECT_STATUS(SEC_E_OK, LogInWith(&right));
  EXPECT_STATUS(SEC_E_LOGON_DENIED, LogInWith(&wrong));
}

TEST_F(AuthIdentity, W) {
  const SEC_WINNT_AUTH_IDENTITY_W right = Identity(u"alice", u"EXAMPLE", u"Passw0rd!"),
                                  wrong = Identity(u"alice", u"EXAMPLE", u"Passw0rd");
  EXPECT_STATUS(SEC_E_OK, LogInWith(&right, true));
  EXPECT_STATUS(SEC_E_LOGON_DENIED, LogInWith(&wrong, true));
}

TEST_F(AuthIdentity, FlagsSayWhatTheStringsAreWhateverTheFunction) {
  const SEC_WINNT_AUTH_IDENTITY_A narrow = Alice();
  const SEC_WINNT_AUTH_IDENTITY_W wide = Identity(u"alice", u"EXAMPLE", u"Passw0rd!");
  EXPECT_STATUS(SEC_E_OK, LogInWith(&narrow, true));
  EXPECT_STATUS(SEC_E_OK, LogInWith(&wide, false));
}

TEST_F(AuthIdentity, WithoutFlagsTheFunctionSaysWhatTheStringsAre) {
  SEC_WINNT_AUTH_IDENTITY_A narrow = Alice();
  SEC_WINNT_AUTH_IDENTITY_W wide = Identity(u"alice", u"EXAMPLE", u"Passw0rd!");
  narrow.Flags = wide.Flags = 0;
  EXPECT_STATUS(SEC_E_OK, LogInWith(&narrow, false));
  EXPECT_STATUS(SEC_E_OK, LogInWith(&wide, true));
  narrow.Flags = wide.Flags = SEC_WINNT_AUTH_IDENTITY_ONLY;
  EXPECT_STATUS(SEC_E_OK, LogInWith(&narrow, false));
  EXPECT_STATUS(SEC_E_OK, LogInWith(&wide, true));
}

TEST_F(AuthIdentity, ExForms) {
  const auto narrow = Extended<SEC_WINNT_AUTH_IDENTITY_EXA>(Alice());
  const auto wide = Extended<SEC_WINNT_AUTH_IDENTITY_EXW>(Identity(u"alice", u"EXAMPLE", u"Passw0rd!"));
  for (bool function_is_wide : {false, true}) {
    EXPECT_STATUS(SEC_E_OK, LogInWith(&narrow, function_is_wide));
    EXPECT_STATUS(SEC_E_OK, LogInWith(&wide, function_is_wide));
  }
}

TEST_F(AuthIdentity, NtlmDoesNotLookAtThePackageList) {
  auto identity = Extended<SEC_WINNT_AUTH_IDENTITY_EXA>(Alice());
  unsigned char list[] = "!ntlm,kerberos,\xff";
  identity.PackageList = list;
  identity.PackageListLength = sizeof list - 1;
  EXPECT_STATUS(SEC_E_OK, LogInWith(&identity));
}

TEST_F(AuthIdentity, NtHashInPlaceOfThePassword) {
  uint8_t hash[16];
  ASSERT_STATUS(SEC_E_OK, BareSspiNtHash("Passw0rd!", 9, hash));
  SEC_WINNT_AUTH_IDENTITY_A identity = Alice();
  identity.Password = hash;
  identity.PasswordLength = 16;
  identity.Flags |= BARESSPI_AUTH_IDENTITY_NT_HASH;
  EXPECT_STATUS(SEC_E_OK, LogInWith(&identity));
  auto ex = Extended<SEC_WINNT_AUTH_IDENTITY_EXA>(identity);
  EXPECT_STATUS(SEC_E_OK, LogInWith(&ex));
  // In a W identity it is octets all the same
  SEC_WINNT_AUTH_IDENTITY_W wide = Identity(u"alice", u"EXAMPLE", u"");
  alignas(2) uint8_t aligned[16];
  memcpy(aligned, hash, sizeof aligned);
  wide.Password = reinterpret_cast<unsigned short*>(aligned);
  wide.PasswordLength = 16;
  wide.Flags |= BARESSPI_AUTH_IDENTITY_NT_HASH;
  EXPECT_STATUS(SEC_E_OK, LogInWith(&wide, true));
  hash[7] ^= 1;
  EXPECT_STATUS(SEC_E_LOGON_DENIED, LogInWith(&identity));
}

TEST_F(AuthIdentity, NtHashHasSixteenOctets) {
  uint8_t hash[32] = {};
  SEC_WINNT_AUTH_IDENTITY_A identity = Alice();
  identity.Password = hash;
  identity.Flags |= BARESSPI_AUTH_IDENTITY_NT_HASH;
  for (ULONG length : std::initializer_list<ULONG>{0U, 1U, 15U, 17U, 32U, 0xFFFFFFFFU}) {
    identity.PasswordLength = length;
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, TryToAcquire(&identity)) << length;
  }
  identity.Password = nullptr;
  identity.PasswordLength = 16;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, TryToAcquire(&identity));
}

const char* const kNotUtf8[] = {"\x80",       "a\xc3",    "\xc0\xaf",         "\xed\xa0\x80",
                                "\xff",       "\xe2\x82", "\xf4\x90\x80\x80", "\xf0\x80\x80\xaf",
                                "ok\xe0x\x80"};

TEST_F(AuthIdentity, PasswordThatIsNoUtf8IsRefused) {
  for (const char* text : kNotUtf8) {
    const SEC_WINNT_AUTH_IDENTITY_A identity = Identity("alice", "EXAMPLE", text);
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, TryToAcquire(&identity));
  }
}

TEST_F(AuthIdentity, NamesThatAreNoUtf8AreRefused) {
  for (const char* text : kNotUtf8) {
    const SEC_WINNT_AUTH_IDENTITY_A user = Identity(text, "EXAMPLE", "x"),
                                    domain = Identity("alice", text, "x");
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, TryToAcquire(&user));
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, TryToAcquire(&domain));
  }
}

TEST_F(AuthIdentity, LoneSurrogatesPassAsOnWindows) {
  const char16_t lone[] = {0xD800, u'x', 0xDC00, 0};
  const SEC_WINNT_AUTH_IDENTITY_W identity = Identity(lone, u"EXAMPLE", lone);
  EXPECT_STATUS(SEC_E_OK, TryToAcquire(&identity, true));
}

TEST_F(AuthIdentity, StringsMayBeNullAndNeedNoTerminator) {
  SEC_WINNT_AUTH_IDENTITY_A identity = {};
  identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  EXPECT_STATUS(SEC_E_OK, TryToAcquire(&identity)) << "nobody: an anonymous logon";
  identity.UserLength = identity.DomainLength = identity.PasswordLength = 7;  // of strings that are not there
  EXPECT_STATUS(SEC_E_OK, TryToAcquire(&identity));
  // A string ends where its length says, and AddressSanitizer knows where it ends
  Buffer user(Octets{'a', 'l', 'i', 'c', 'e'}), domain(Octets{'E', 'X', 'A', 'M', 'P', 'L', 'E'}),
      password(Octets{'P', 'a', 's', 's', 'w', '0', 'r', 'd', '!'});
  identity = {user.data(), 5, domain.data(), 7, password.data(), 9, SEC_WINNT_AUTH_IDENTITY_ANSI};
  EXPECT_STATUS(SEC_E_OK, LogInWith(&identity));
}

TEST_F(AuthIdentity, FormsThatOnlyWindowsCanReadAreUnsupported) {
  for (ULONG flag : std::initializer_list<ULONG>{
           SEC_WINNT_AUTH_IDENTITY_MARSHALLED, SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED,
           SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED, SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED,
           SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_ENCRYPTED}) {
    SEC_WINNT_AUTH_IDENTITY_A identity = Alice();
    identity.Flags |= flag;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, TryToAcquire(&identity)) << flag;
    const auto ex = Extended<SEC_WINNT_AUTH_IDENTITY_EXA>(identity);
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, TryToAcquire(&ex)) << flag;
  }
  SEC_WINNT_AUTH_IDENTITY_EX2 ex2 = {};
  ex2.Version = SEC_WINNT_AUTH_IDENTITY_VERSION_2;
  ex2.cbHeaderLength = sizeof ex2;
  ex2.cbStructureLength = sizeof ex2;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, TryToAcquire(&ex2));
}

TEST_F(AuthIdentity, DialogFlagsAreNotLookedAt) {
  SEC_WINNT_AUTH_IDENTITY_A identity = Alice();
  identity.Flags |= SEC_WINNT_AUTH_IDENTITY_FLAGS_RESERVED | SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_USER |
                    SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_DOMAIN | SEC_WINNT_AUTH_IDENTITY_FLAGS_ID_PROVIDER;
  EXPECT_STATUS(SEC_E_OK, LogInWith(&identity));
}

// A pointer may look like the version that the EX forms begin with, on a device whose memory begins at 0.
TEST_F(AuthIdentity, PointerThatLooksLikeAnExVersionIsAPointer) {
  for (ULONG version :
       std::initializer_list<ULONG>{SEC_WINNT_AUTH_IDENTITY_VERSION, SEC_WINNT_AUTH_IDENTITY_VERSION_2}) {
    // A string at that address: any octets will do for UTF-16, which wants an even one
    const LowAddress place(version);
    if (place.octets() == nullptr) GTEST_SKIP() << "no such address to be had here";
    if (version % 2 == 0) {
      SEC_WINNT_AUTH_IDENTITY_W identity = Identity(u"", u"EXAMPLE", u"Passw0rd!");
      identity.User = reinterpret_cast<unsigned short*>(const_cast<uint8_t*>(place.octets()));
      identity.UserLength = 5;
      EXPECT_STATUS(SEC_E_OK, TryToAcquire(&identity, true)) << version;
    } else {
      SEC_WINNT_AUTH_IDENTITY_A narrow = Alice();
      narrow.User = const_cast<unsigned char*>(place.octets());
      narrow.UserLength = place.ascii_length();
      EXPECT_STATUS(SEC_E_OK, TryToAcquire(&narrow)) << version;
    }
  }
}

TEST_F(AuthIdentity, NamesFillTheirRoomToTheLastOctet) {
  // DOMAIN, a backslash, the user and a zero, two octets each
  constexpr size_t kCharacters = BARESSPI_NTLM_NAME_BYTES / 2 - 2;
  for (size_t domain = 0; domain <= kCharacters; ++domain) {
    const size_t separator = domain == 0 ? 1 : 0;  // a domain that is not there needs none
    const std::string domain_name(domain, 'D');
    const std::string fits(kCharacters + separator - domain, 'u'), too_long = fits + "u";
    const SEC_WINNT_AUTH_IDENTITY_A good = Identity(fits.c_str(), domain_name.c_str(), "x"),
                                    bad = Identity(too_long.c_str(), domain_name.c_str(), "x");
    EXPECT_STATUS(SEC_E_OK, TryToAcquire(&good)) << domain;
    EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, TryToAcquire(&bad)) << domain;
  }
}

TEST_F(AuthIdentity, HugeNamesAreRefused) {
  const std::string huge(70000, 'x');
  const SEC_WINNT_AUTH_IDENTITY_A user = Identity(huge.c_str(), "", "x"),
                                  domain = Identity("x", huge.c_str(), "x"),
                                  password = Identity("alice", "EXAMPLE", huge.c_str());
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, TryToAcquire(&user));
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, TryToAcquire(&domain));
  EXPECT_STATUS(SEC_E_LOGON_DENIED, LogInWith(&password)) << "a password is only hashed";
}

}  // namespace
}  // namespace two_sides
