// SPDX-License-Identifier: Apache-2.0
// AcquireCredentialsHandle: packages, directions, and where names, account and authority come from.
#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"

namespace two_sides {
namespace {

constexpr SecHandle kUntouched = {0x1234, 0x5678};

class Acquire : public Test {
 protected:
  // Acquires; on success frees again. handle_ is what became of the caller's handle in between.
  SECURITY_STATUS Try(const char* package, ULONG use, const void* auth_data) {
    handle_ = kUntouched;
    expiry_.QuadPart = 0;
    const SECURITY_STATUS status = AcquireCredentialsHandleA(
        nullptr, package, use, nullptr, const_cast<void*>(auth_data), nullptr, nullptr, &handle_, &expiry_);
    return Freed(status);
  }
  SECURITY_STATUS TryWide(const char16_t* package, ULONG use, const void* auth_data) {
    handle_ = kUntouched;
    expiry_.QuadPart = 0;
    const SECURITY_STATUS status = AcquireCredentialsHandleW(
        nullptr, package, use, nullptr, const_cast<void*>(auth_data), nullptr, nullptr, &handle_, &expiry_);
    return Freed(status);
  }

  SecHandle handle_ = kUntouched;
  TimeStamp expiry_ = {};
  SEC_WINNT_AUTH_IDENTITY_A alice_ = Alice();

 private:
  SECURITY_STATUS Freed(SECURITY_STATUS status) {
    if (status == SEC_E_OK) {
      EXPECT_EQ(expiry_.QuadPart, BARESSPI_TIME_NEVER);
      EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handle_));
    } else {
      EXPECT_EQ(handle_.dwLower, kUntouched.dwLower) << "an error leaves the handle alone";
      EXPECT_EQ(handle_.dwUpper, kUntouched.dwUpper);
    }
    return status;
  }
};

TEST_F(Acquire, PackageIsFoundWithoutRegardToCase) {
  for (const char* name : {"NTLM", "ntlm", "Ntlm", "nTLm"}) {
    EXPECT_STATUS(SEC_E_OK, Try(name, SECPKG_CRED_OUTBOUND, &alice_)) << name;
  }
  for (const char16_t* name : {u"NTLM", u"ntlm", u"nTlM"}) {
    SEC_WINNT_AUTH_IDENTITY_W wide = Identity(u"alice", u"EXAMPLE", u"Passw0rd!");
    EXPECT_STATUS(SEC_E_OK, TryWide(name, SECPKG_CRED_OUTBOUND, &wide));
  }
}

TEST_F(Acquire, OtherNamesAreNoPackage) {
  for (const char* name : {"", "N", "NTL", "NTLM ", " NTLM", "NTLMSSP", "Kerberos", "Negotiator",
                           "nt\x4c\xcd", "\xff", "ntl\x0d"}) {
    EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, Try(name, SECPKG_CRED_OUTBOUND, &alice_)) << name;
  }
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, Try(nullptr, SECPKG_CRED_OUTBOUND, &alice_));
  for (const char16_t* name : {u"", u"NTL", u"NTLMX", u"Negotiator", u"\x4e4eTLM", u"NTL\x014d"}) {
    EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, TryWide(name, SECPKG_CRED_OUTBOUND, &alice_));
  }
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, TryWide(nullptr, SECPKG_CRED_OUTBOUND, &alice_));
}

TEST_F(Acquire, NoPlaceForTheHandle) {
  EXPECT_STATUS(SEC_E_INVALID_HANDLE,
                AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &alice_, nullptr,
                                          nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE,
                AcquireCredentialsHandleW(nullptr, u"NTLM", SECPKG_CRED_OUTBOUND, nullptr, &alice_, nullptr,
                                          nullptr, nullptr, nullptr));
}

TEST_F(Acquire, ExpiryMayBeNull) {
  CredHandle handle;
  ASSERT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &alice_,
                                                    nullptr, nullptr, &handle, nullptr));
  EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handle));
}

TEST_F(Acquire, PrincipalLogonIdAndGetKeyAreNotLookedAt) {
  char principal[] = "\xff\xfe";
  int anything = 0;
  CredHandle handle;
  const auto get_key = [](void*, void*, ULONG, void**, SECURITY_STATUS*) { ADD_FAILURE() << "called"; };
  ASSERT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(principal, "NTLM", SECPKG_CRED_OUTBOUND, &anything,
                                                    &alice_, get_key, &anything, &handle, nullptr));
  EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handle));
}

TEST_F(Acquire, ADirectionIsNeeded) {
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, Try("NTLM", 0, &alice_));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, Try("NTLM", SECPKG_CRED_DEFAULT, &alice_));
}

TEST_F(Acquire, OtherBitsOfTheUseAreIgnored) {
  EXPECT_STATUS(SEC_E_OK,
                Try("NTLM", SECPKG_CRED_OUTBOUND | SECPKG_CRED_DEFAULT | SECPKG_CRED_RESERVED, &alice_));
}

TEST_F(Acquire, OutboundWithoutAnAccountIsNoCredentials) {
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, Try("NTLM", SECPKG_CRED_OUTBOUND, nullptr));
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, Try("NTLM", SECPKG_CRED_OUTBOUND, &ServerDevice()));
  scripted_port::SetDevice(&ServerDevice());  // it has no identity of its own
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, Try("NTLM", SECPKG_CRED_OUTBOUND, nullptr));
}

TEST_F(Acquire, InboundWithoutAnAuthorityIsMade) {
  EXPECT_STATUS(SEC_E_OK, Try("NTLM", SECPKG_CRED_INBOUND, nullptr));
  const BARESSPI_DEVICE bare = {
      BARESSPI_DEVICE_VERSION, sizeof bare, nullptr, nullptr, nullptr, nullptr, nullptr, 0, nullptr, nullptr};
  EXPECT_STATUS(SEC_E_OK, Try("NTLM", SECPKG_CRED_INBOUND, &bare));
}

// Logs alice in with two credentials and tells how it ended.
SECURITY_STATUS HowItEnds(Side& client, Side& server) {
  Result step = client.Step({});
  if (step.status != SEC_I_CONTINUE_NEEDED) return step.status;
  step = server.Step(step.token);
  if (step.status != SEC_I_CONTINUE_NEEDED) return step.status;
  step = client.Step(step.token);
  if (step.status != SEC_E_OK) return step.status;
  return server.Step(step.token).status;
}

TEST_F(Acquire, ServerFromTheDeviceGiven) {
  Client client;
  Server server;
  EXPECT_STATUS(SEC_E_OK, HowItEnds(client, server));
}

TEST_F(Acquire, ServerFromThePortsDevice) {
  scripted_port::SetDevice(&ServerDevice());
  Client client;
  Side server(SECPKG_CRED_INBOUND, nullptr);
  EXPECT_STATUS(SEC_E_OK, HowItEnds(client, server));
}

TEST_F(Acquire, DeviceGivenHidesThePorts) {
  const BARESSPI_DEVICE bare = {
      BARESSPI_DEVICE_VERSION, sizeof bare, "BARE", nullptr, nullptr, nullptr, nullptr, 0, nullptr, nullptr};
  scripted_port::SetDevice(&ServerDevice());
  Client client;
  Server server(bare);
  EXPECT_STATUS(SEC_E_NO_AUTHENTICATING_AUTHORITY, HowItEnds(client, server));
}

TEST_F(Acquire, ServerWithoutADeviceHasNoAuthority) {
  Client client;
  Side server(SECPKG_CRED_INBOUND, nullptr);
  EXPECT_STATUS(SEC_E_NO_AUTHENTICATING_AUTHORITY, HowItEnds(client, server));
}

TEST_F(Acquire, ClientFromTheIdentityOfTheDeviceGiven) {
  BARESSPI_DEVICE device = ServerDevice();
  device.Identity = &alice_;
  Side client(SECPKG_CRED_OUTBOUND, &device);
  Server server;
  EXPECT_STATUS(SEC_E_OK, HowItEnds(client, server));
}

TEST_F(Acquire, ClientFromTheIdentityOfThePortsDevice) {
  BARESSPI_DEVICE device = ServerDevice();
  SEC_WINNT_AUTH_IDENTITY_W wide = Identity(u"alice", u"EXAMPLE", u"Passw0rd!");
  device.Identity = &wide;
  scripted_port::SetDevice(&device);
  Side client(SECPKG_CRED_OUTBOUND, nullptr);
  Server server;
  EXPECT_STATUS(SEC_E_OK, HowItEnds(client, server));
}

TEST_F(Acquire, IdentityGivenHidesTheDevices) {
  const SEC_WINNT_AUTH_IDENTITY_A mallory = Identity("mallory", "EXAMPLE", "Passw0rd!");
  BARESSPI_DEVICE device = ServerDevice();
  device.Identity = &alice_;
  scripted_port::SetDevice(&device);
  Client client(mallory);
  Server server;
  EXPECT_STATUS(SEC_E_LOGON_DENIED, HowItEnds(client, server));
}

TEST_F(Acquire, OneCredentialForBothDirections) {
  BARESSPI_DEVICE device = ServerDevice();
  device.Identity = &alice_;
  CredHandle both;
  ASSERT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_BOTH, nullptr, &device,
                                                    nullptr, nullptr, &both, nullptr));
  uint8_t octets[2][1024];
  SecBuffer buffers[2] = {{1024, SECBUFFER_TOKEN, octets[0]}, {1024, SECBUFFER_TOKEN, octets[1]}};
  SecBufferDesc to_server = {SECBUFFER_VERSION, 1, &buffers[0]},
                to_client = {SECBUFFER_VERSION, 1, &buffers[1]};
  CtxtHandle client, server;
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, InitializeSecurityContextA(&both, nullptr, nullptr, 0, 0, 0, nullptr,
                                                                  0, &client, &to_server, nullptr, nullptr));
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, AcceptSecurityContext(&both, nullptr, &to_server, 0, 0, &server,
                                                             &to_client, nullptr, nullptr));
  buffers[0].cbBuffer = sizeof octets[0];
  EXPECT_STATUS(SEC_E_OK, InitializeSecurityContextA(&both, &client, nullptr, 0, 0, 0, &to_client, 0, &client,
                                                     &to_server, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_OK,
                AcceptSecurityContext(&both, &server, &to_server, 0, 0, &server, nullptr, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&client));
  EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&server));
  EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&both));
}

TEST_F(Acquire, BothWithoutAnAccountServesAsAServersAlone) {
  Side both(SECPKG_CRED_BOTH, &ServerDevice());
  Client client;
  EXPECT_STATUS(SEC_E_OK, HowItEnds(client, both));
  CtxtHandle context;
  uint8_t octets[64];
  SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS,
                InitializeSecurityContextA(both.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0, &context,
                                           &output, nullptr, nullptr));
}

TEST_F(Acquire, WrongDirectionIsNoCredentials) {
  Client client;
  Server server;
  const Octets negotiate = client.Step({}).token;
  client.DeleteContext();
  CtxtHandle context = kUntouched;
  uint8_t octets[1024];
  SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS,
                InitializeSecurityContextA(server.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                           &context, &output, nullptr, nullptr));
  Buffer in(negotiate);
  SecBuffer input_buffer = {static_cast<ULONG>(in.size()), SECBUFFER_TOKEN, in.data()};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, &input_buffer};
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, AcceptSecurityContext(client.credential(), nullptr, &input, 0, 0,
                                                            &context, &output, nullptr, nullptr));
  EXPECT_EQ(context.dwLower, kUntouched.dwLower);
  EXPECT_EQ(context.dwUpper, kUntouched.dwUpper);
}

}  // namespace
}  // namespace two_sides
