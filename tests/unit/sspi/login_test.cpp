// SPDX-License-Identifier: Apache-2.0
// What the tests of this folder stand on: two sides that log in.
#include "tests/support/two_sides.h"

namespace two_sides {
namespace {

using Login = Test;

TEST_F(Login, TwoSidesLogInWithOneSessionKey) {
  Client client;
  Server server;
  LogIn(client, server);
  SecPkgContext_SessionKey ours = {}, theirs = {};
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(client.context(), SECPKG_ATTR_SESSION_KEY, &ours));
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(server.context(), SECPKG_ATTR_SESSION_KEY, &theirs));
  ASSERT_EQ(ours.SessionKeyLength, 16u);
  ASSERT_EQ(theirs.SessionKeyLength, 16u);
  EXPECT_EQ(Octets(ours.SessionKey, ours.SessionKey + 16), Octets(theirs.SessionKey, theirs.SessionKey + 16));
}

TEST_F(Login, SamePortSameTokens) {
  Tokens first, second;
  for (Tokens* tokens : {&first, &second}) {
    SetUp();
    Client client;
    Server server;
    *tokens = LogIn(client, server);
  }
  EXPECT_EQ(first.challenge, second.challenge);
  EXPECT_EQ(first.authenticate, second.authenticate);
}

}  // namespace
}  // namespace two_sides
