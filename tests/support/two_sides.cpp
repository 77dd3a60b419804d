// SPDX-License-Identifier: Apache-2.0
#include "tests/support/two_sides.h"

#include <stdio.h>
#include <string.h>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"

namespace two_sides {
namespace {

constexpr size_t kGuard = kOnBoard ? 16 : 0;
constexpr uint8_t kGuardOctet = 0xA5;

// A password's NT hash.
struct Hash {
  explicit Hash(const char* password) {
    EXPECT_STATUS(SEC_E_OK, BareSspiNtHash(password, static_cast<ULONG>(strlen(password)), octets));
  }
  uint8_t octets[16];
};

template <typename Structure, typename Character>
Structure IdentityOf(const void* user, size_t user_length, const void* domain, size_t domain_length,
                     const void* password, size_t password_length, ULONG flags) {
  // The interface's strings have no const; nobody writes to them.
  Structure identity = {};
  identity.User = static_cast<Character*>(const_cast<void*>(user));
  identity.UserLength = static_cast<ULONG>(user_length);
  identity.Domain = static_cast<Character*>(const_cast<void*>(domain));
  identity.DomainLength = static_cast<ULONG>(domain_length);
  identity.Password = static_cast<Character*>(const_cast<void*>(password));
  identity.PasswordLength = static_cast<ULONG>(password_length);
  identity.Flags = flags;
  return identity;
}

size_t Length(const char16_t* text) {
  return std::u16string(text).size();
}

}  // namespace

std::string StatusText(SECURITY_STATUS status) {
  char text[16];
  snprintf(text, sizeof text, "0x%08lX", static_cast<unsigned long>(static_cast<uint32_t>(status)));
  return text;
}

testing::AssertionResult SameStatus(const char* expected_text, const char* actual_text,
                                    SECURITY_STATUS expected, SECURITY_STATUS actual) {
  if (expected == actual) return testing::AssertionSuccess();
  return testing::AssertionFailure() << actual_text << " is " << StatusText(actual) << ", not "
                                     << expected_text << " (" << StatusText(expected) << ")";
}

const BARESSPI_DEVICE& ServerDevice() {
  static const Hash alice("Passw0rd!");
  static const Hash odysseus("Μολών λαβέ");
  static const BARESSPI_ACCOUNT_ENTRY entries[] = {{"EXAMPLE", "alice", alice.octets, kAliceId},
                                                   {"ITHAKA", "οδυσσεύς", odysseus.octets, 8}};
  static const BARESSPI_ACCOUNT_TABLE table = {entries, 2};
  static const BARESSPI_AUTHORITY authority = {&table, BareSspiAccountTableGetNtHash, nullptr, nullptr};
  static const BARESSPI_DEVICE device = {
      BARESSPI_DEVICE_VERSION, sizeof(BARESSPI_DEVICE), "DEVICE", "EXAMPLE",  "device.example.org",
      "example.org",           "example.org",           0,        &authority, nullptr};
  return device;
}

SEC_WINNT_AUTH_IDENTITY_A Identity(const char* user, const char* domain, const char* password) {
  return IdentityOf<SEC_WINNT_AUTH_IDENTITY_A, unsigned char>(
      user, strlen(user), domain, strlen(domain), password, strlen(password), SEC_WINNT_AUTH_IDENTITY_ANSI);
}

SEC_WINNT_AUTH_IDENTITY_W Identity(const char16_t* user, const char16_t* domain, const char16_t* password) {
  return IdentityOf<SEC_WINNT_AUTH_IDENTITY_W, unsigned short>(user, Length(user), domain, Length(domain),
                                                               password, Length(password),
                                                               SEC_WINNT_AUTH_IDENTITY_UNICODE);
}

SEC_WINNT_AUTH_IDENTITY_A Alice() {
  return Identity("alice", "EXAMPLE", "Passw0rd!");
}

Buffer::Buffer(size_t size) : octets_(new uint8_t[size + kGuard]), size_(size) {
  memset(octets_, 0, size);
  memset(octets_ + size, kGuardOctet, kGuard);
}

Buffer::Buffer(const Octets& octets) : Buffer(octets.size()) {
  if (!octets.empty()) memcpy(octets_, octets.data(), octets.size());
}

Buffer::~Buffer() {
  for (size_t i = 0; i < kGuard; ++i) EXPECT_EQ(octets_[size_ + i], kGuardOctet) << "written over the end";
  delete[] octets_;
}

Side::Side(ULONG use, const void* auth_data) : use_(use) {
  SecInvalidateHandle(&credential_);
  SecInvalidateHandle(&context_);
  char package[] = "NTLM";
  EXPECT_STATUS(SEC_E_OK,
                AcquireCredentialsHandleA(nullptr, package, use, nullptr, const_cast<void*>(auth_data),
                                          nullptr, nullptr, &credential_, nullptr));
}

Side::~Side() {
  DeleteContext();
  FreeCredential();
}

void Side::DeleteContext() {
  if (has_context_) {
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context_));
  }
  has_context_ = false;
  SecInvalidateHandle(&context_);
}

void Side::FreeCredential() {
  if (has_credential_) {
    EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&credential_));
  }
  has_credential_ = false;
}

Result Side::Step(const Octets& token, const Call& call) {
  Buffer in(token);
  Buffer bindings(call.bindings == nullptr ? Octets() : *call.bindings);
  Buffer out(call.room);
  SecBuffer inputs[2] = {{static_cast<ULONG>(in.size()), SECBUFFER_TOKEN, in.data()},
                         {static_cast<ULONG>(bindings.size()), SECBUFFER_CHANNEL_BINDINGS, bindings.data()}};
  SecBufferDesc input = {SECBUFFER_VERSION, call.bindings == nullptr ? 1U : 2U, inputs};
  SecBuffer output_buffer = {static_cast<ULONG>(out.size()), SECBUFFER_TOKEN, out.data()};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &output_buffer};
  CtxtHandle* old_context = has_context_ ? &context_ : nullptr;
  Result result = {};
  if (use_ == SECPKG_CRED_OUTBOUND) {
    result.status = InitializeSecurityContextA(&credential_, old_context, call.target, call.requested, 0,
                                               SECURITY_NETWORK_DREP, &input, 0, &context_, &output,
                                               &result.attributes, &result.expiry);
  } else {
    result.status =
        AcceptSecurityContext(&credential_, old_context, &input, call.requested, SECURITY_NETWORK_DREP,
                              &context_, &output, &result.attributes, &result.expiry);
  }
  if (result.status == SEC_E_OK || result.status == SEC_I_CONTINUE_NEEDED) {
    has_context_ = true;
    EXPECT_LE(output_buffer.cbBuffer, out.size());
    result.token = out.First(output_buffer.cbBuffer);
  }
  result.size = output_buffer.cbBuffer;
  EXPECT_EQ(in.First(in.size()), token) << "the input was written to";
  return result;
}

Client::Client() : Client(Alice()) {}
Server::Server() : Server(ServerDevice()) {}

Tokens LogIn(Side& client, Side& server, const Call& client_call, const Call& server_call) {
  Tokens tokens;
  Result step = client.Step({}, client_call);
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, step.status);
  tokens.negotiate = step.token;
  step = server.Step(tokens.negotiate, server_call);
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, step.status);
  tokens.challenge = step.token;
  step = client.Step(tokens.challenge, client_call);
  EXPECT_STATUS(SEC_E_OK, step.status);
  tokens.authenticate = step.token;
  step = server.Step(tokens.authenticate, server_call);
  EXPECT_STATUS(SEC_E_OK, step.status);
  return tokens;
}

void ExpectAllContextsFree() {
  Client first;
  CtxtHandle handles[BARESSPI_MAX_CONTEXTS];
  uint8_t octets[64];
  size_t taken = 0;
  SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
  while (taken <= BARESSPI_MAX_CONTEXTS) {
    CtxtHandle handle;
    SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    status = InitializeSecurityContextA(first.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0, &handle,
                                        &output, nullptr, nullptr);
    if (status != SEC_I_CONTINUE_NEEDED || taken == BARESSPI_MAX_CONTEXTS) break;
    handles[taken++] = handle;
  }
  EXPECT_EQ(taken, static_cast<size_t>(BARESSPI_MAX_CONTEXTS)) << "contexts are lost";
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, status);
  for (size_t i = 0; i < taken; ++i) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&handles[i]));
}

void ExpectAllCredentialsFree() {
  CredHandle handles[BARESSPI_MAX_CREDENTIALS];
  SEC_WINNT_AUTH_IDENTITY_A alice = Alice();
  size_t taken = 0;
  SECURITY_STATUS status = SEC_E_OK;
  while (taken <= BARESSPI_MAX_CREDENTIALS) {
    CredHandle handle;
    status = AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &alice, nullptr,
                                       nullptr, &handle, nullptr);
    if (status != SEC_E_OK || taken == BARESSPI_MAX_CREDENTIALS) break;
    handles[taken++] = handle;
  }
  EXPECT_EQ(taken, static_cast<size_t>(BARESSPI_MAX_CREDENTIALS)) << "credentials are lost";
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, status);
  for (size_t i = 0; i < taken; ++i) EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handles[i]));
}

void Test::SetUp() {
  scripted_port::Reset();
}

Test::~Test() {
  EXPECT_EQ(scripted_port::LockDepth(), 0);
  scripted_port::Reset();  // whose device may have been the test's own, which is gone
  ExpectAllContextsFree();
  ExpectAllCredentialsFree();
  EXPECT_EQ(scripted_port::LockDepth(), 0);
}

}  // namespace two_sides
