// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/negotiate/harness.h"

#include <string.h>

#include "config/baresspi_config.h"

namespace negotiate_test {
namespace {

using two_sides::Buffer;

ULONG Length(size_t size) {
  return static_cast<ULONG>(size);
}

SEC_WINNT_AUTH_IDENTITY_A User(const char* password) {
  return two_sides::Identity("User", "DOMAIN", password);
}

}  // namespace

size_t FreeCredentials(const char* package) {
  CredHandle handles[BARESSPI_MAX_CREDENTIALS + 1];
  SEC_WINNT_AUTH_IDENTITY_A user = User("Password");
  size_t taken = 0;
  while (taken <= BARESSPI_MAX_CREDENTIALS) {
    const SECURITY_STATUS status = AcquireCredentialsHandleA(
        nullptr, package, SECPKG_CRED_OUTBOUND, nullptr, &user, nullptr, nullptr, &handles[taken], nullptr);
    if (status != SEC_E_OK) {
      EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, status);
      break;
    }
    ++taken;
  }
  for (size_t i = 0; i < taken; ++i) EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handles[i]));
  return taken;
}

size_t FreeContexts(const char* package) {
  Client client(0, "Password", package);
  CtxtHandle handles[BARESSPI_MAX_CONTEXTS + 1];
  size_t taken = 0;
  while (taken <= BARESSPI_MAX_CONTEXTS) {
    uint8_t octets[256];
    SecBuffer buffer = {sizeof octets, SECBUFFER_TOKEN, octets};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    const SECURITY_STATUS status =
        InitializeSecurityContextA(client.credential(), nullptr, nullptr, 0, 0, 0, nullptr, 0,
                                   &handles[taken], &output, nullptr, nullptr);
    if (status != SEC_I_CONTINUE_NEEDED) {
      EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, status);
      break;
    }
    ++taken;
  }
  for (size_t i = 0; i < taken; ++i) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&handles[i]));
  return taken;
}

NegotiateTest::~NegotiateTest() {
  scripted_port::Reset();
  for (const char* package : {"NTLM", "Negotiate"}) {
    EXPECT_EQ(FreeContexts(package), size_t{BARESSPI_MAX_CONTEXTS}) << package << ": contexts are lost";
    EXPECT_EQ(FreeCredentials(package), size_t{BARESSPI_MAX_CREDENTIALS})
        << package << ": credentials are lost";
  }
  EXPECT_EQ(scripted_port::LockDepth(), 0);
}

Side::Side(ULONG use, const void* auth_data, const char* package) : use_(use) {
  EXPECT_STATUS(SEC_E_OK,
                AcquireCredentialsHandleA(nullptr, package, use, nullptr, const_cast<void*>(auth_data),
                                          nullptr, nullptr, &credential_, nullptr));
}

Result Side::StepInto(size_t size, const Octets& token) {
  Buffer in(token), bound(bindings), out(size);
  SecBuffer inputs[2] = {{Length(in.size()), SECBUFFER_TOKEN, in.data()},
                         {Length(bound.size()), SECBUFFER_CHANNEL_BINDINGS, bound.data()}};
  SecBufferDesc input = {SECBUFFER_VERSION, bindings.empty() ? 1U : 2U, inputs};
  SecBuffer buffer = {Length(size), SECBUFFER_TOKEN, out.data()};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
  CtxtHandle* old = has_context_ ? &context_ : nullptr;
  CtxtHandle fresh = {};
  Result result = {};
  if (use_ == SECPKG_CRED_OUTBOUND) {
    result.status = InitializeSecurityContextA(&credential_, old, "cifs/device.domain.test", requested, 0, 0,
                                               &input, 0, &fresh, &output, &result.attributes, nullptr);
  } else {
    result.status = AcceptSecurityContext(&credential_, old, &input, requested, 0, &fresh, &output,
                                          &result.attributes, nullptr);
  }
  result.size = buffer.cbBuffer;
  if (result.status >= 0) {
    if (old == nullptr) context_ = fresh;
    has_context_ = true;
    EXPECT_LE(buffer.cbBuffer, size);
    result.token = out.First(buffer.cbBuffer);
  }
  EXPECT_EQ(in.First(in.size()), token) << "the input was written to";
  return result;
}

Result Side::Step(const Octets& token) {
  return StepInto(room, token);
}

void Side::DeleteContext() {
  if (has_context_) {
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context_));
  }
  has_context_ = false;
}

int Side::State() {
  SecPkgContext_NegotiationInfoA info = {};
  if (Query(SECPKG_ATTR_NEGOTIATION_INFO, &info) != SEC_E_OK) return -1;
  return static_cast<int>(info.NegotiationState);
}

std::string Side::Package() {
  SecPkgContext_NegotiationInfoA info = {};
  if (Query(SECPKG_ATTR_NEGOTIATION_INFO, &info) != SEC_E_OK) return "";
  return info.PackageInfo->Name;
}

Client::Client(ULONG request, const char* password, const char* package)
    : Side(SECPKG_CRED_OUTBOUND, std::vector<SEC_WINNT_AUTH_IDENTITY_A>{User(password)}.data(), package) {
  requested = request;
}

AnonymousClient::AnonymousClient()
    : Side(SECPKG_CRED_OUTBOUND,
           std::vector<SEC_WINNT_AUTH_IDENTITY_A>{two_sides::Identity("", "", "")}.data(), "Negotiate") {
  requested = ISC_REQ_NULL_SESSION;
}

const BARESSPI_DEVICE& Device() {
  static const Octets hash = ntlm_test::NtHash(u"Password");
  static const BARESSPI_ACCOUNT_ENTRY entry = {nullptr, "User", hash.data(), 7};
  static const BARESSPI_ACCOUNT_TABLE table = {&entry, 1};
  static const BARESSPI_AUTHORITY authority = {&table, BareSspiAccountTableGetNtHash, nullptr, nullptr};
  static const BARESSPI_DEVICE device = {
      BARESSPI_DEVICE_VERSION, sizeof(BARESSPI_DEVICE), "DEVICE", "DOMAIN",   "device.domain.test",
      "domain.test",           "domain.test",           0,        &authority, nullptr};
  return device;
}

Server::Server(const BARESSPI_DEVICE& device, const char* package)
    : Side(SECPKG_CRED_INBOUND, &device, package) {}

Login LogIn(Side* client, Side* server, const Edit& edit) {
  Login login;
  Octets token;
  const auto carry = [&](const Result& result) {
    token = result.token;
    if (token.empty()) return false;
    if (edit) token = edit(login.legs.size(), token);
    login.legs.push_back(result.token);
    return true;
  };
  while (login.legs.size() < 8) {
    if (login.client != SEC_E_OK || !token.empty()) {
      const Result result = client->Step(token);
      login.client = result.status;
      if (result.status < 0 || !carry(result)) break;
    }
    const Result result = server->Step(token);
    login.server = result.status;
    if (result.status < 0 || !carry(result)) break;
  }
  return login;
}

void ExpectWorking(Side* client, Side* server) {
  EXPECT_EQ(client->SessionKey().size(), 16u);
  EXPECT_EQ(Hex(client->SessionKey()), Hex(server->SessionKey()));
  const Octets text = ntlm_test::Ascii("over the wire");
  for (int i = 0; i < 3; ++i) {
    for (Side* from : {client, server}) {
      Side* to = from == client ? server : client;
      const ntlm_test::Protected sealed = from->Seal(text);
      EXPECT_STATUS(SEC_E_OK, sealed.status);
      EXPECT_NE(sealed.data, text);
      const ntlm_test::Protected opened = to->Unseal(sealed.data, sealed.signature);
      EXPECT_STATUS(SEC_E_OK, opened.status);
      EXPECT_EQ(opened.data, text);
      const ntlm_test::Protected made = from->Sign(text);
      EXPECT_STATUS(SEC_E_OK, to->Verify(text, made.signature).status);
    }
  }
}

}  // namespace negotiate_test
