// SPDX-License-Identifier: Apache-2.0
// A TLS client and a TLS server of ours, driven through the C API, with the tokens between them in the test's
// hands.
#pragma once

#include <baresspi/schannel.h>

#include <string>
#include <vector>

#include "tests/support/pki/certificates.h"
#include "tests/support/two_sides.h"

namespace tls_sides {

using two_sides::Octets;

// A credential's certificates with their stores, and the structure that AcquireCredentialsHandle takes.
// Change what the test is about, then Acquire. Nothing of it is on the stack of a function that returns, as
// the API wants it.
struct Config {
  // One certificate, its key, maybe an intermediate one behind it.
  void Show(const baresspi::pki::Octets& certificate, const baresspi::pki::Octets& key,
            const baresspi::pki::Octets* intermediate = nullptr);
  // The anchors; none after construction.
  void Trust(const baresspi::pki::Octets& anchor);

  Config();
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;

  SCHANNEL_CRED cred = {};

 private:
  struct Shown {
    BARESSPI_BLOB intermediate;
    BARESSPI_CERT_STORE store;
    CERT_CONTEXT certificate;
  };
  Shown shown_[4] = {};
  PCCERT_CONTEXT list_[4] = {};
  BARESSPI_BLOB anchors_[4] = {};
  BARESSPI_CERT_STORE roots_ = {};
};

// Whom it trusts: kRoot, kRootRsa. A client that knows the server; a server with the P-256 certificate.
struct ClientSetup : Config {
  ClientSetup();
};
struct ServerSetup : Config {
  ServerSetup();
};

inline constexpr char kHost[] = "device.example.test";
inline constexpr ULONG kClientFlags = ISC_REQ_SEQUENCE_DETECT | ISC_REQ_REPLAY_DETECT |
                                      ISC_REQ_CONFIDENTIALITY | ISC_REQ_STREAM | ISC_REQ_EXTENDED_ERROR;
inline constexpr ULONG kServerFlags = ASC_REQ_SEQUENCE_DETECT | ASC_REQ_REPLAY_DETECT |
                                      ASC_REQ_CONFIDENTIALITY | ASC_REQ_STREAM | ASC_REQ_EXTENDED_ERROR;

struct Call {
  ULONG requested = 0;  // more than kClientFlags, kServerFlags
  const char* target = kHost;
  const Octets* protocols = nullptr;  // a SEC_APPLICATION_PROTOCOLS
  size_t room = 18432;                // of the output
  CredHandle* credential = nullptr;   // another than the side's
  ULONG dropped = 0;                  // of kClientFlags, kServerFlags
  ULONG empties = 2;                  // SECBUFFER_EMPTYs in the input: 1 or 2
  ULONG outputs = 2;                  // 0: none, 1: the token's alone, 2: SECBUFFER_ALERT too
};

struct Result {
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  Octets token;          // what to send; an alert after an error
  Octets alert;          // SECBUFFER_ALERT's
  size_t extra = 0;      // octets at the end of the input that were not used
  size_t missing = 0;    // octets wanted, where it said so
  ULONG attributes = 0;  // *pfContextAttr
  ULONG size = 0;        // cbBuffer of the output token
  TimeStamp expiry = {};
};

// What DecryptMessage gave.
struct Opened {
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  Octets text;
  Octets extra;
  size_t missing = 0;
};

class Side {
 public:
  Side(ULONG use, const void* auth_data);
  ~Side();
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  // The first call makes the context. Tokens are copied to Buffers of their size.
  Result Step(const Octets& token, const Call& call = {});
  SECURITY_STATUS Seal(const Octets& text, Octets* record);
  Opened Open(const Octets& records);
  // ApplyControlToken, then the call that gives its token.
  Result Shutdown();
  Result Alert(ULONG level, ULONG number);
  SECURITY_STATUS Control(const void* token, size_t size);
  template <typename T>
  SECURITY_STATUS Query(ULONG attribute, T* value) {
    return QueryContextAttributesA(&context_, attribute, value);
  }
  void DeleteContext();
  void FreeCredential();

  SECURITY_STATUS acquired() const { return acquired_; }
  CredHandle* credential() { return &credential_; }
  CtxtHandle* context() { return &context_; }
  bool has_context() const { return has_context_; }

 private:
  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  SECURITY_STATUS acquired_;
  ULONG use_;
  bool has_context_ = false;
};

struct Client : Side {
  explicit Client(const Config& setup) : Side(SECPKG_CRED_OUTBOUND, &setup.cred) {}
};
struct Server : Side {
  explicit Server(const Config& setup) : Side(SECPKG_CRED_INBOUND, &setup.cred) {}
};

// Both sides' last results, and all that went over.
struct Outcome {
  Result client;
  Result server;
  std::vector<Octets> from_client;
  std::vector<Octets> from_server;
};

// A handshake to its end, good or bad: each side is fed with what the other sent, what it left over included.
// It ends when both are established, or one has failed and the other has seen its alert.
Outcome Connect(Side& client, Side& server, const Call& client_call = {}, const Call& server_call = {});
// The same, expected to succeed.
void Establish(Side& client, Side& server, const Call& client_call = {}, const Call& server_call = {});
// A message each way arrives.
void Converse(Side& client, Side& server);
// Feeds a client what came behind the handshake (tickets of TLS 1.3), as applications do.
void FeedBack(Side& side, const Octets& records);

// A SEC_APPLICATION_PROTOCOLS of these names.
Octets Protocols(std::initializer_list<std::string> names);

void ExpectAllContextsFree();

class Test : public testing::Test {
 protected:
  ~Test() override;
  void SetUp() override;
};

}  // namespace tls_sides
