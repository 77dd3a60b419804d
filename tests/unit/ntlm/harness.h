// SPDX-License-Identifier: Apache-2.0
// Client and server as an application has them: through <baresspi/sspi.h> alone, on the scripted port.
#pragma once

#include <baresspi/authority.h>
#include <baresspi/sspi.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_port.h"
#include "tests/unit/ntlm/peer.h"

namespace ntlm_test {

// Every test of NTLM: the port is as new before it, and no lock is held after it.
class NtlmTest : public testing::Test {
 protected:
  void SetUp() override { scripted_port::Reset(); }
  void TearDown() override { EXPECT_EQ(scripted_port::LockDepth(), 0); }
};

// ---- Protected messages. ----
// A part of a message as its SecBuffer is: what it holds goes in, and is what it held after the call, as long
// as cbBuffer says.
struct Piece {
  ULONG type;
  Octets octets;
};
constexpr ULONG kToken = SECBUFFER_TOKEN;
constexpr ULONG kData = SECBUFFER_DATA;

struct Protected {
  SECURITY_STATUS status;
  Octets data;
  Octets signature;
  ULONG qop;
};

// ---- One end of a login. ----
// What a call of InitializeSecurityContext or AcceptSecurityContext gave.
struct Step {
  SECURITY_STATUS status;
  Octets token;
  ULONG attributes;
};

class Endpoint {
 public:
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  CtxtHandle* context() { return &context_; }
  // What the last step put into phNewContext.
  CtxtHandle* given_back() { return &given_back_; }
  CredHandle* credential() { return &credential_; }
  void SetPolicy(ULONG flags);

  // The session key, 16 octets; empty when the query fails.
  Octets SessionKey();
  ULONG KeyBits();
  // The context's error or SEC_E_OK; SEC_E_INVALID_HANDLE before it is established.
  SECURITY_STATUS Status();
  // DeleteSecurityContext, before the end.
  SECURITY_STATUS Delete() {
    has_context_ = false;
    return DeleteSecurityContext(&context_);
  }

  // Of one DATA and one TOKEN buffer.
  Protected Sign(const Octets& data, ULONG qop = 0, ULONG number = 0);
  Protected Seal(const Octets& data, ULONG qop = 0, ULONG number = 0);
  Protected Verify(const Octets& data, const Octets& signature, ULONG number = 0);
  // qop_wanted false: pfQOP is NULL.
  Protected Unseal(const Octets& data, const Octets& signature, ULONG number = 0, bool qop_wanted = true);
  // Of any buffers. The signature's room must be given.
  SECURITY_STATUS SignPieces(std::vector<Piece>* pieces, ULONG number = 0);
  SECURITY_STATUS VerifyPieces(std::vector<Piece>* pieces, ULONG number = 0);
  SECURITY_STATUS SealPieces(std::vector<Piece>* pieces, ULONG qop = 0, ULONG number = 0);
  SECURITY_STATUS UnsealPieces(std::vector<Piece>* pieces, ULONG* qop = nullptr, ULONG number = 0);

  // What the next steps give.
  ULONG requested = 0;
  Octets bindings;     // SECBUFFER_CHANNEL_BINDINGS; empty: no such buffer
  size_t room = 2888;  // of the output

 protected:
  Endpoint() = default;
  // The buffers of a call: what goes in and out of it.
  Step Run(const Octets* input, bool client, const char* target);

  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  CtxtHandle given_back_ = {};
  bool has_context_ = false;
};

struct Identity {
  std::string user = "User";  // UTF-8, as the next two
  std::string domain = "DOMAIN";
  std::string password = "Password";
};

class Client : public Endpoint {
 public:
  // UTF-8 through the A functions.
  explicit Client(const Identity& identity = {}, ULONG request = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY);
  // UTF-16 through the W functions.
  Client(std::u16string_view user, std::u16string_view domain, std::u16string_view password);

  Step Start() { return Run(nullptr, true, target.c_str()); }
  Step Continue(const Octets& token) { return Run(&token, true, target.c_str()); }

  std::string target;  // pszTargetName, UTF-8
};

// A device with accounts of its own.
class Server : public Endpoint {
 public:
  // One account: User of any domain with Password, UserId 7.
  Server();
  explicit Server(ULONG policy, const Identity& identity = {}, std::u16string_view password = u"Password");
  explicit Server(const BARESSPI_AUTHORITY* authority, const char* net_bios_domain = "DOMAIN");

  Step Accept(const Octets& token) { return Run(&token, false, nullptr); }

 private:
  void Acquire(ULONG policy, const char* net_bios_domain);

  std::string user_;
  Octets hash_;
  BARESSPI_ACCOUNT_ENTRY entry_ = {};
  BARESSPI_ACCOUNT_TABLE table_ = {};
  BARESSPI_AUTHORITY authority_ = {};
  BARESSPI_DEVICE device_ = {};
};

// ---- Whole logins. ----
struct Tokens {
  Octets negotiate, challenge, authenticate;
  SECURITY_STATUS client = SEC_E_INTERNAL_ERROR;  // of the call that saw the CHALLENGE
  SECURITY_STATUS server = SEC_E_INTERNAL_ERROR;  // of the call that saw the AUTHENTICATE
};

// Ours on both sides.
Tokens LogIn(Client* client, Server* server);
// The test's client at our server.
Tokens LogIn(PeerClient* client, Server* server);
// Our client at the test's server: all but the server's status.
Tokens LogIn(Client* client, const PeerServer& server);

// A SEC_CHANNEL_BINDINGS with its three data, and the MD5 of the gss_channel_bindings_struct that it stands
// for.
struct Bindings {
  ULONG initiator_type = 0;
  Octets initiator;
  ULONG acceptor_type = 0;
  Octets acceptor;
  Octets application;

  Octets Buffer() const;
  Octets Md5() const;
};

}  // namespace ntlm_test
