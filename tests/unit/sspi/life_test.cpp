// SPDX-License-Identifier: Apache-2.0
// How long credentials and contexts live, that they do not disturb each other, and that using them up and up
// leaves no trace.
#include <string.h>

#include <string>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"

namespace two_sides {
namespace {

using Life = Test;

Octets SessionKey(Side& side) {
  SecPkgContext_SessionKey key = {};
  EXPECT_STATUS(SEC_E_OK, QueryContextAttributesA(side.context(), SECPKG_ATTR_SESSION_KEY, &key));
  return Octets(key.SessionKey, key.SessionKey + key.SessionKeyLength);
}

// A message sealed by one side and opened by the other.
void ExpectMessagePasses(Side& from, Side& to, uint8_t salt) {
  const Octets plain = {1, 2, 3, salt};
  Buffer text(plain), signature(16);
  List message({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  ASSERT_STATUS(SEC_E_OK, EncryptMessage(from.context(), 0, message.get(), 0));
  EXPECT_NE(text.First(4), plain);
  ASSERT_STATUS(SEC_E_OK, DecryptMessage(to.context(), message.get(), 0, nullptr));
  EXPECT_EQ(text.First(4), plain);
}

TEST_F(Life, FreedCredentialLivesUntilItsLastContextIsGone) {
  {
    Client client;
    Server server;
    // Given two handshakes half done, whose credentials are freed
    const Octets challenge = server.Step(client.Step({}, {kSeal}).token).token;
    client.FreeCredential();
    server.FreeCredential();
    // When they go on, then alice is still alice, and the server knows her
    const Result authenticate = client.Step(challenge, {kSeal});
    ASSERT_STATUS(SEC_E_OK, authenticate.status);
    ASSERT_STATUS(SEC_E_OK, server.Step(authenticate.token).status);
    SecPkgContext_NamesA names;
    ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(client.context(), SECPKG_ATTR_NAMES, &names));
    EXPECT_STREQ(names.sUserName, "EXAMPLE\\alice");
    ExpectMessagePasses(client, server, 0);
  }
  ExpectAllCredentialsFree();
}

TEST_F(Life, FreedCredentialHoldsItsPlaceUntilThen) {
  Client client;
  client.Step({});
  client.FreeCredential();
  SEC_WINNT_AUTH_IDENTITY_A alice = Alice();
  CredHandle others[BARESSPI_MAX_CREDENTIALS];
  const auto acquire = [&alice](CredHandle* handle) {
    return AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &alice, nullptr, nullptr,
                                     handle, nullptr);
  };
  for (int i = 0; i < BARESSPI_MAX_CREDENTIALS - 1; ++i) ASSERT_STATUS(SEC_E_OK, acquire(&others[i]));
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, acquire(&others[BARESSPI_MAX_CREDENTIALS - 1]));
  client.DeleteContext();
  EXPECT_STATUS(SEC_E_OK, acquire(&others[BARESSPI_MAX_CREDENTIALS - 1]));
  for (CredHandle& handle : others) EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handle));
}

TEST_F(Life, ManyContextsOfOneCredential) {
  Client client;
  CtxtHandle contexts[BARESSPI_MAX_CONTEXTS];
  for (CtxtHandle& context : contexts) {
    Buffer out(64);
    List output({Of(SECBUFFER_TOKEN, out)});
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED,
                  InitializeSecurityContextA(client.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                             &context, output.get(), nullptr, nullptr));
  }
  client.FreeCredential();
  for (CtxtHandle& context : contexts) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
}

TEST_F(Life, TwoLoginsInterleavedDoNotDisturbEachOther) {
  Client one, other;
  Server server_of_one, server_of_other;
  const Call call = {kSeal, kTarget, nullptr, 1024};
  const Octets negotiate_1 = one.Step({}, call).token, negotiate_2 = other.Step({}, call).token;
  const Octets challenge_2 = server_of_other.Step(negotiate_2).token;
  const Octets challenge_1 = server_of_one.Step(negotiate_1).token;
  EXPECT_NE(challenge_1, challenge_2) << "every context has a challenge of its own";
  const Octets authenticate_1 = one.Step(challenge_1, call).token;
  const Octets authenticate_2 = other.Step(challenge_2, call).token;
  ASSERT_STATUS(SEC_E_OK, server_of_other.Step(authenticate_2).status);
  ASSERT_STATUS(SEC_E_OK, server_of_one.Step(authenticate_1).status);
  EXPECT_EQ(SessionKey(one), SessionKey(server_of_one));
  EXPECT_EQ(SessionKey(other), SessionKey(server_of_other));
  EXPECT_NE(SessionKey(one), SessionKey(other));
  for (uint8_t i = 0; i < 5; ++i) {
    ExpectMessagePasses(one, server_of_one, i);
    ExpectMessagePasses(server_of_other, other, i);
    if (i % 2 == 0) ExpectMessagePasses(other, server_of_other, i);
  }
}

TEST_F(Life, TokenOfOneLoginIsNoGoodInAnother) {
  Client client;
  Server server, other_server;
  const Octets negotiate = client.Step({}).token;
  const Octets challenge = server.Step(negotiate).token;
  other_server.Step(negotiate);
  const Octets authenticate = client.Step(challenge).token;
  EXPECT_STATUS(SEC_E_LOGON_DENIED, other_server.Step(authenticate).status);
  EXPECT_STATUS(SEC_E_OK, server.Step(authenticate).status);
}

TEST_F(Life, AuthenticateIsNotTakenTwice) {
  Client client;
  Server server;
  const Tokens tokens = LogIn(client, server);
  server.DeleteContext();
  server.Step(tokens.negotiate);
  EXPECT_STATUS(SEC_E_LOGON_DENIED, server.Step(tokens.authenticate).status);
}

TEST_F(Life, DeletedInEveryState) {
  Client client;
  Server server;
  for (int legs = 0; legs < 3; ++legs) {
    Result step = client.Step({});
    if (legs > 0) step = server.Step(step.token);
    if (legs > 1) step = client.Step(step.token);
    client.DeleteContext();
    server.DeleteContext();
    ExpectAllContextsFree();
  }
  client.Step({});
  client.Step({1});  // broken
  client.DeleteContext();
}

// The places that a pool hands out next, as far as a handle shows them.
std::vector<ULONG_PTR> NextPlaces() {
  Client client;
  std::vector<CtxtHandle> contexts(BARESSPI_MAX_CONTEXTS);
  std::vector<ULONG_PTR> places;
  for (CtxtHandle& context : contexts) {
    Buffer out(64);
    List output({Of(SECBUFFER_TOKEN, out)});
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED,
                  InitializeSecurityContextA(client.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                             &context, output.get(), nullptr, nullptr));
    places.push_back(context.dwLower);
  }
  // Given back in the order that makes them come again in the same one
  for (auto i = contexts.rbegin(); i != contexts.rend(); ++i)
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&*i));
  return places;
}

TEST_F(Life, TenThousandLoginsLeaveThePoolsAsTheFirstDid) {
  const auto one_login = [] {
    Client client;
    Server server;
    LogIn(client, server);
  };
  one_login();
  const std::vector<ULONG_PTR> after_the_first = NextPlaces();
  for (int i = 1; i < 10000; ++i) {
    one_login();
    if (i % 1000 == 0) scripted_port::Reset();  // its log grows
  }
  EXPECT_EQ(NextPlaces(), after_the_first);
  EXPECT_EQ(scripted_port::LockDepth(), 0);
}

TEST_F(Life, ContextsAreWipedOnTheirWayBack) {
  // What an established context has handed out pointers to lies in the context
  Client client;
  Server server;
  LogIn(client, server);
  SecPkgContext_SessionKey key = {};
  SecPkgContext_NamesA names;
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(server.context(), SECPKG_ATTR_SESSION_KEY, &key));
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(server.context(), SECPKG_ATTR_NAMES, &names));
  const size_t length = strlen(names.sUserName);
  ASSERT_NE(Octets(key.SessionKey, key.SessionKey + 16), Octets(16));
  server.DeleteContext();
  // Then it is gone from there (the pools are static memory, so looking is harmless)
  EXPECT_EQ(Octets(key.SessionKey, key.SessionKey + 16), Octets(16));
  EXPECT_EQ(Octets(names.sUserName, names.sUserName + length), Octets(length));
}

TEST_F(Life, CredentialsAreWipedOnTheirWayBack) {
  Client client;
  SecPkgCredentials_NamesA names;
  ASSERT_STATUS(SEC_E_OK, QueryCredentialsAttributesA(client.credential(), SECPKG_CRED_ATTR_NAMES, &names));
  const std::string before = names.sUserName;
  client.FreeCredential();
  EXPECT_EQ(before, "EXAMPLE\\alice");
  EXPECT_EQ(Octets(names.sUserName, names.sUserName + before.size()), Octets(before.size()));
}

}  // namespace
}  // namespace two_sides
