// SPDX-License-Identifier: Apache-2.0
// The caller's token: whose it is, who it makes of the task, and that a stale or forged one is nobody.
#include "config/baresspi_config.h"
#include "port/port.h"
#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"

namespace two_sides {
namespace {

class Token : public Test {
 protected:
  static void* Of(Side& side) {
    void* token = nullptr;
    EXPECT_STATUS(SEC_E_OK, QuerySecurityContextToken(side.context(), &token));
    return token;
  }
  static void* FromNumber(uintptr_t number) { return reinterpret_cast<void*>(number); }

  static SECURITY_STATUS Ask(void* token) {
    BARESSPI_TOKEN_INFO info;
    return BareSspiQueryTokenInformation(token, &info);
  }

  static std::string Text(const BARESSPI_NAME& name) {
    std::string text;
    for (ULONG i = 0; i + 1 < name.cbUtf16le; i += 2) {
      EXPECT_EQ(name.Utf16le[i + 1], 0);
      text += static_cast<char>(name.Utf16le[i]);
    }
    return text;
  }
};

TEST_F(Token, SaysWhoTheCallerIs) {
  Client client;
  Server server;
  LogIn(client, server);
  void* token = Of(server);
  EXPECT_NE(token, nullptr);
  BARESSPI_TOKEN_INFO info = {};
  ASSERT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(token, &info));
  EXPECT_EQ(Text(info.Domain), "EXAMPLE");
  EXPECT_EQ(Text(info.User), "alice");
  EXPECT_EQ(info.UserId, kAliceId);
  EXPECT_EQ(info.TokenFlags, 0u);
  EXPECT_EQ(Of(server), token) << "the same every time";
}

TEST_F(Token, OfAnAnonymousCallerSaysSo) {
  Client client;
  Server server;
  LogIn(client, server, {ISC_REQ_NULL_SESSION}, {ASC_REQ_ALLOW_NULL_SESSION});
  BARESSPI_TOKEN_INFO info = {};
  ASSERT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(Of(server), &info));
  EXPECT_EQ(info.TokenFlags, BARESSPI_TOKEN_ANONYMOUS);
  EXPECT_EQ(info.User.cbUtf16le, 0u);
  EXPECT_EQ(info.Domain.cbUtf16le, 0u);
  EXPECT_EQ(info.UserId, 0u);
}

TEST_F(Token, ToLookAtOnlySaysSo) {
  Client client;
  Server server;
  LogIn(client, server, {ISC_REQ_IDENTIFY});
  BARESSPI_TOKEN_INFO info = {};
  ASSERT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(Of(server), &info));
  EXPECT_EQ(info.TokenFlags, BARESSPI_TOKEN_IDENTIFY_ONLY);
}

TEST_F(Token, IsAServersAlone) {
  Client client;
  Server server;
  LogIn(client, server);
  void* token = nullptr;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, QuerySecurityContextToken(client.context(), &token));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, ImpersonateSecurityContext(client.context()));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, RevertSecurityContext(client.context()));
  EXPECT_EQ(token, nullptr);
  EXPECT_EQ(baresspi_port_task_token(), nullptr);
}

TEST_F(Token, NullsAreRefused) {
  Client client;
  Server server;
  LogIn(client, server);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, QuerySecurityContextToken(server.context(), nullptr));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, BareSspiQueryTokenInformation(Of(server), nullptr));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, Ask(nullptr));
}

TEST_F(Token, ImpersonateAndRevert) {
  Client client;
  Server server;
  LogIn(client, server);
  ASSERT_STATUS(SEC_E_OK, ImpersonateSecurityContext(server.context()));
  EXPECT_EQ(baresspi_port_task_token(), Of(server));
  EXPECT_STATUS(SEC_E_OK, Ask(baresspi_port_task_token()));
  ASSERT_STATUS(SEC_E_OK, RevertSecurityContext(server.context()));
  EXPECT_EQ(baresspi_port_task_token(), nullptr);
}

TEST_F(Token, TaskThatForgotToRevertActsAsNobody) {
  Client client;
  Server server;
  LogIn(client, server);
  ASSERT_STATUS(SEC_E_OK, ImpersonateSecurityContext(server.context()));
  server.DeleteContext();
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, Ask(baresspi_port_task_token()));
}

TEST_F(Token, TaskCanAlwaysBecomeItselfAgain) {
  Client client;
  Server server;
  LogIn(client, server);
  ASSERT_STATUS(SEC_E_OK, ImpersonateSecurityContext(server.context()));
  CtxtHandle deleted = *server.context();
  server.DeleteContext();
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, RevertSecurityContext(&deleted));
  EXPECT_EQ(baresspi_port_task_token(), nullptr) << "all the same";
}

TEST_F(Token, StaleOneIsNobodyThoughItsPlaceIsTakenAgain) {
  Client client;
  Server server;
  std::vector<void*> dead;
  for (int i = 0; i < 20; ++i) {
    LogIn(client, server);
    void* token = Of(server);
    for (void* old : dead) {
      EXPECT_NE(old, token);
      EXPECT_STATUS(SEC_E_INVALID_HANDLE, Ask(old));
    }
    EXPECT_STATUS(SEC_E_OK, Ask(token));
    dead.push_back(token);
    // The same places again
    server.DeleteContext();
    client.DeleteContext();
  }
}

TEST_F(Token, ForgedOneIsNobody) {
  Client client;
  Server server;
  LogIn(client, server);
  const auto good = reinterpret_cast<uintptr_t>(Of(server));
  for (unsigned bit = 0; bit < sizeof(uintptr_t) * 8; ++bit) {
    BARESSPI_TOKEN_INFO info;
    void* forged = FromNumber(good ^ (uintptr_t{1} << bit));
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, BareSspiQueryTokenInformation(forged, &info)) << bit;
    EXPECT_EQ(info.User.cbUtf16le, 0u) << "nobody";
    EXPECT_EQ(info.UserId, 0u);
  }
  for (uintptr_t number : {uintptr_t{1}, ~uintptr_t{0}, uintptr_t{0xFFFFFFFF}, uintptr_t{0x20000000},
                           good + 1, good - 1, reinterpret_cast<uintptr_t>(&good)}) {
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, Ask(FromNumber(number))) << number;
  }
}

TEST_F(Token, NumbersOfTheClientsContextOrOfAHandshakeAreNobodys) {
  Client client;
  Server server, other;
  const Octets negotiate = client.Step({}).token;
  other.Step(negotiate);
  const Octets challenge = server.Step(negotiate).token;
  server.Step(client.Step(challenge).token);
  const auto good = reinterpret_cast<uintptr_t>(Of(server));
  // A token names a place in some of its bits: all that differ from a good one in up to two
  for (unsigned a = 0; a < 32; ++a) {
    for (unsigned b = 0; b < a; ++b) {
      EXPECT_STATUS(SEC_E_INVALID_HANDLE, Ask(FromNumber(good ^ (uintptr_t{1} << a) ^ (uintptr_t{1} << b))));
    }
  }
}

TEST_F(Token, EachCallerHasItsOwn) {
  Client client, other_client;
  Server server, other_server;
  LogIn(client, server);
  LogIn(other_client, other_server, {ISC_REQ_NULL_SESSION}, {ASC_REQ_ALLOW_NULL_SESSION});
  EXPECT_NE(Of(server), Of(other_server));
  BARESSPI_TOKEN_INFO info = {};
  ASSERT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(Of(server), &info));
  EXPECT_EQ(info.UserId, kAliceId);
  ASSERT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(Of(other_server), &info));
  EXPECT_EQ(info.UserId, 0u);
}

}  // namespace
}  // namespace two_sides
