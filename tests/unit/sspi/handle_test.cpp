// SPDX-License-Identifier: Apache-2.0
// A handle that stands for nothing is SEC_E_INVALID_HANDLE, whichever function gets it, and hurts nobody.
#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/sspi/functions.h"

namespace two_sides {
namespace {

constexpr unsigned kBits = sizeof(ULONG_PTR) * 8;

// Handles that an attacker or a mistake could make of a good one, which stands for the only object of its
// kind.
std::vector<SecHandle> Forged(const SecHandle& good) {
  std::vector<SecHandle> handles = {{0, 0},
                                    {BARESSPI_NO_HANDLE_, BARESSPI_NO_HANDLE_},
                                    {SEC_DELETED_HANDLE, SEC_DELETED_HANDLE},
                                    {good.dwUpper, good.dwLower},
                                    {good.dwLower, 0},
                                    {0, good.dwUpper},
                                    {good.dwLower, good.dwUpper + 1},
                                    {good.dwLower, good.dwUpper - 1},
                                    {good.dwLower, BARESSPI_NO_HANDLE_}};
  for (unsigned bit = 0; bit < kBits; ++bit) {
    handles.push_back({good.dwLower ^ (ULONG_PTR{1} << bit), good.dwUpper});
    handles.push_back({good.dwLower, good.dwUpper ^ (ULONG_PTR{1} << bit)});
  }
  // {lower, 0} is the good one while its place is used for the first time.
  std::erase_if(handles, [&good](const SecHandle& handle) {
    return handle.dwLower == good.dwLower && handle.dwUpper == good.dwUpper;
  });
  return handles;
}

class Handle : public Test {
 protected:
  static void ExpectRefused(const std::vector<Function>& functions, const SecHandle& handle) {
    for (const Function& function : functions) {
      SecHandle copy = handle;
      EXPECT_STATUS(SEC_E_INVALID_HANDLE, function.call(&copy))
          << function.name << " " << handle.dwLower << " " << handle.dwUpper;
    }
    EXPECT_EQ(scripted_port::LockDepth(), 0);
  }
};

TEST_F(Handle, NullIsRefused) {
  for (const Function& function : ContextFunctions()) {
    if (function.null_is_first_call) continue;
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, function.call(nullptr)) << function.name;
  }
  for (const Function& function : CredentialFunctions()) {
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, function.call(nullptr)) << function.name;
  }
}

TEST_F(Handle, ForgedContextIsRefused) {
  Client client;
  Server server;
  LogIn(client, server);
  server.DeleteContext();
  for (const SecHandle& handle : Forged(*client.context())) ExpectRefused(ContextFunctions(), handle);
  // Then the real one is unharmed
  SecPkgContext_Sizes sizes;
  EXPECT_STATUS(SEC_E_OK, QueryContextAttributesA(client.context(), SECPKG_ATTR_SIZES, &sizes));
}

TEST_F(Handle, ForgedCredentialIsRefused) {
  Client client;
  for (const SecHandle& handle : Forged(*client.credential())) ExpectRefused(CredentialFunctions(), handle);
  SecPkgCredentials_NamesA names;
  EXPECT_STATUS(SEC_E_OK, QueryCredentialsAttributesA(client.credential(), SECPKG_CRED_ATTR_NAMES, &names));
}

TEST_F(Handle, OneKindIsNotTheOther) {
  Client client;
  Server server;
  LogIn(client, server);
  ExpectRefused(ContextFunctions(), *client.credential());
  ExpectRefused(CredentialFunctions(), *client.context());
}

TEST_F(Handle, NeverUsedPlacesAreRefused) {
  Client client;
  client.Step({});
  for (ULONG_PTR index = 0; index < 2 * BARESSPI_MAX_CONTEXTS; ++index) {
    const SecHandle handle = {(client.context()->dwLower & ~ULONG_PTR{0xFFFF}) | index, 0};
    if (handle.dwLower == client.context()->dwLower) continue;
    ExpectRefused(ContextFunctions(), {handle.dwLower, BARESSPI_NO_HANDLE_ / 2});
  }
}

TEST_F(Handle, DeletedContextIsRefused) {
  Client client;
  Server server;
  LogIn(client, server);
  const SecHandle deleted = *client.context();
  client.DeleteContext();
  ExpectRefused(ContextFunctions(), deleted);
}

TEST_F(Handle, FreedCredentialIsRefusedThoughAContextNeedsIt) {
  Client client;
  Server server;
  LogIn(client, server);
  const SecHandle freed = *client.credential();
  client.FreeCredential();
  ExpectRefused(CredentialFunctions(), freed);
}

TEST_F(Handle, StaysDeadWhenItsPlaceIsTakenAgain) {
  Client client;
  client.Step({});
  const SecHandle first = *client.context();
  std::vector<SecHandle> dead;
  for (int i = 0; i < 40; ++i) {
    dead.push_back(*client.context());
    client.DeleteContext();
    client.Step({});
    ASSERT_EQ(client.context()->dwLower, first.dwLower) << "the place is taken again";
    for (const SecHandle& handle : dead) ASSERT_NE(handle.dwUpper, client.context()->dwUpper);
  }
  for (const SecHandle& handle : dead) ExpectRefused(ContextFunctions(), handle);
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, CompleteAuthToken(client.context(), nullptr));
}

TEST_F(Handle, FreedCredentialStaysDeadWhenItsPlaceIsTakenAgain) {
  SEC_WINNT_AUTH_IDENTITY_A alice = Alice();
  CredHandle first, second;
  ASSERT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &alice,
                                                    nullptr, nullptr, &first, nullptr));
  ASSERT_STATUS(SEC_E_OK, FreeCredentialsHandle(&first));
  ASSERT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &alice,
                                                    nullptr, nullptr, &second, nullptr));
  EXPECT_EQ(first.dwLower, second.dwLower);
  ExpectRefused(CredentialFunctions(), first);
  EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&second));
}

TEST_F(Handle, WantsAnEstablishedContextDuringTheHandshake) {
  Client client;
  Server server;
  server.Step(client.Step({}).token);
  for (Side* side : {static_cast<Side*>(&client), static_cast<Side*>(&server)}) {
    for (const Function& function : ContextFunctions()) {
      if (!function.wants_established) continue;
      EXPECT_STATUS(SEC_E_INVALID_HANDLE, function.call(side->context())) << function.name;
    }
  }
}

TEST_F(Handle, ClientsContextIsNoServersAndTheOtherWayRound) {
  Client client;
  Server server;
  const Result challenge = server.Step(client.Step({}).token);
  Buffer out(1024);
  Buffer in(challenge.token);
  SecBuffer output_buffer = {1024, SECBUFFER_TOKEN, out.data()};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &output_buffer};
  SecBuffer input_buffer = {static_cast<ULONG>(in.size()), SECBUFFER_TOKEN, in.data()};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, &input_buffer};
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, AcceptSecurityContext(server.credential(), client.context(), &input, 0,
                                                            0, client.context(), &output, nullptr, nullptr));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE,
                InitializeSecurityContextA(client.credential(), server.context(), nullptr, 0, 0, 0, &input, 0,
                                           server.context(), &output, nullptr, nullptr));
  // Then both go on as if nothing had been
  const Result authenticate = client.Step(challenge.token);
  EXPECT_STATUS(SEC_E_OK, authenticate.status);
  EXPECT_STATUS(SEC_E_OK, server.Step(authenticate.token).status);
}

TEST(HandleMacros, InvalidateAndIsValid) {
  SecHandle handle = {1, 2};
  EXPECT_TRUE(SecIsValidHandle(&handle));
  SecInvalidateHandle(&handle);
  EXPECT_FALSE(SecIsValidHandle(&handle));
}

}  // namespace
}  // namespace two_sides
