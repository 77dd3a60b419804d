// SPDX-License-Identifier: Apache-2.0
// Whole logins: ours with ours, and ours with the test's own SPNEGO.
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

class NegotiateLogin : public NegotiateTest {};

TEST_F(NegotiateLogin, OursWithOurs) {
  Client client;
  Server server;
  const Login login = LogIn(&client, &server);
  EXPECT_STATUS(SEC_E_OK, login.client);
  EXPECT_STATUS(SEC_E_OK, login.server);
  EXPECT_EQ(login.legs.size(), 4u);
  ExpectWorking(&client, &server);
}

TEST_F(NegotiateLogin, WrongPasswordIsDenied) {
  Client client(ISC_REQ_INTEGRITY, "password");
  Server server;
  EXPECT_STATUS(SEC_E_LOGON_DENIED, LogIn(&client, &server).server);
}

TEST_F(NegotiateLogin, TheTestsClientAtOurServer) {
  PeerInitiator peer;
  Server server;
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&server));
  EXPECT_TRUE(peer.ServerMicIsRight());
  EXPECT_EQ(Hex(server.SessionKey()), Hex(peer.ntlm.session_key));
}

TEST_F(NegotiateLogin, OurClientAtTheTestsServer) {
  PeerAcceptor peer;
  Client client;
  EXPECT_STATUS(SEC_E_OK, peer.LogIn(&client));
  EXPECT_TRUE(peer.login.proof_is_right);
  EXPECT_TRUE(peer.login.mic_is_right);
  EXPECT_TRUE(peer.ClientMicIsRight());
  EXPECT_EQ(Hex(client.SessionKey()), Hex(peer.login.session_key));
}

}  // namespace
}  // namespace negotiate_test
