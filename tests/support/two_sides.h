// SPDX-License-Identifier: Apache-2.0
// A client and a server of ours, driven through the C API, with the tokens between them in the test's hands.
#pragma once

#include <baresspi/authority.h>
#include <baresspi/sspi.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace two_sides {

using Octets = std::vector<uint8_t>;

// Whether this runs on an emulated board, which is slower than the host and has no AddressSanitizer.
#if defined(__ARM_EABI__) && !defined(__linux__)
inline constexpr bool kOnBoard = true;
#else
inline constexpr bool kOnBoard = false;
#endif

// EXPECT_EQ for statuses, which shows them as winerror.h writes them.
testing::AssertionResult SameStatus(const char* expected_text, const char* actual_text,
                                    SECURITY_STATUS expected, SECURITY_STATUS actual);
#define EXPECT_STATUS(expected, actual) EXPECT_PRED_FORMAT2(two_sides::SameStatus, expected, actual)
#define ASSERT_STATUS(expected, actual) ASSERT_PRED_FORMAT2(two_sides::SameStatus, expected, actual)
std::string StatusText(SECURITY_STATUS status);

// The server's device: its names, and an authority that knows EXAMPLE\alice with the password Passw0rd!
// (UserId 7), and Ithaka's odysseus, in Greek, with a Greek password (UserId 8).
const BARESSPI_DEVICE& ServerDevice();
inline constexpr ULONG kAliceId = 7;

// An identity in UTF-8. The strings are the caller's and must outlive its use.
SEC_WINNT_AUTH_IDENTITY_A Identity(const char* user, const char* domain, const char* password);
SEC_WINNT_AUTH_IDENTITY_W Identity(const char16_t* user, const char16_t* domain, const char16_t* password);
SEC_WINNT_AUTH_IDENTITY_A Alice();

// Octets of the heap, no more than asked for, so that AddressSanitizer sees what reads or writes beyond them.
// On a board, which has no such thing, a guard stands behind them, and the destructor looks whether it still
// does.
class Buffer {
 public:
  explicit Buffer(size_t size);
  explicit Buffer(const Octets& octets);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  uint8_t* data() { return octets_; }
  size_t size() const { return size_; }
  Octets First(size_t count) const { return Octets(octets_, octets_ + count); }

 private:
  uint8_t* octets_;
  size_t size_;
};

// What one call of InitializeSecurityContext or AcceptSecurityContext is given besides the peer's token.
struct Call {
  ULONG requested = 0;
  const char* target = nullptr;  // client only
  const Octets* bindings = nullptr;
  size_t room = 1024;  // of the output
};

struct Result {
  SECURITY_STATUS status;
  Octets token;      // what to send; empty after an error
  ULONG attributes;  // *pfContextAttr
  ULONG size;        // cbBuffer of the output
  TimeStamp expiry;
};

// A credential and at most one context, both ended with the object.
class Side {
 public:
  Side(ULONG use, const void* auth_data);
  ~Side();
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  // The first call makes the context. The token is copied to a Buffer of its size, and so is the output.
  Result Step(const Octets& token, const Call& call = {});
  // As if there had been no call yet.
  void DeleteContext();
  void FreeCredential();

  CredHandle* credential() { return &credential_; }
  CtxtHandle* context() { return &context_; }
  bool has_context() const { return has_context_; }

 private:
  CredHandle credential_;
  CtxtHandle context_;
  ULONG use_;
  bool has_context_ = false;
  bool has_credential_ = true;
};

// Alice's client and the server that knows her.
struct Client : Side {
  Client();
  explicit Client(const SEC_WINNT_AUTH_IDENTITY_A& identity) : Side(SECPKG_CRED_OUTBOUND, &identity) {}
};
struct Server : Side {
  Server();
  explicit Server(const BARESSPI_DEVICE& device) : Side(SECPKG_CRED_INBOUND, &device) {}
};

inline constexpr ULONG kSeal = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY;
inline constexpr char kTarget[] = "cifs/device.example.org";

// The three tokens of a login.
struct Tokens {
  Octets negotiate;
  Octets challenge;
  Octets authenticate;
};

// A whole login. The statuses are expected to be the right ones.
Tokens LogIn(Side& client, Side& server, const Call& client_call = {kSeal, kTarget, nullptr, 1024},
             const Call& server_call = {});

// As many contexts as the configuration says can be had at once, and not one more: none is lost, none is
// left.
void ExpectAllContextsFree();
void ExpectAllCredentialsFree();

// Each test on a port as after switching on. The destructor, which runs when the sides that a fixture has are
// gone, looks whether the lock and all places in the pools are free.
class Test : public testing::Test {
 protected:
  ~Test() override;
  void SetUp() override;
};

}  // namespace two_sides
