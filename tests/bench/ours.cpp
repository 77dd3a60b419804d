// SPDX-License-Identifier: Apache-2.0
// BareSSPI, through its C API. No heap, no C library: the board runs it too.
#include "tests/bench/ours.h"

#include <baresspi/authority.h>

#include "tests/bench/subject.h"

namespace bench {
namespace {

constexpr ULONG kClientAsks = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY;
constexpr ULONG kServerAsks = ASC_REQ_CONFIDENTIALITY | ASC_REQ_INTEGRITY;

// What the device knows: its names, and one account, whose hash it has at hand.
constinit uint8_t nt_hash[16] = {};

SECURITY_STATUS GetNtHash(const void*, const BARESSPI_NAME*, const BARESSPI_NAME*, uint8_t* out,
                          BARESSPI_ACCOUNT*) {
  for (size_t i = 0; i < sizeof nt_hash; ++i) out[i] = nt_hash[i];
  return SEC_E_OK;
}

constexpr BARESSPI_AUTHORITY kAuthority = {nullptr, GetNtHash, nullptr, nullptr};
constinit BARESSPI_DEVICE device = {BARESSPI_DEVICE_VERSION,
                                    sizeof(BARESSPI_DEVICE),
                                    "FILES",
                                    kDomain,
                                    kHost,
                                    "example.test",
                                    nullptr,
                                    0,
                                    &kAuthority,
                                    nullptr};

constinit CredHandle credentials[2] = {};
constinit CtxtHandle contexts[2] = {};
constinit bool has_context[2] = {};
constinit SEC_CHAR target[sizeof kService + sizeof kHost] = {};

// It is only read.
UCHAR* Text(const char* text) {
  return reinterpret_cast<UCHAR*>(const_cast<char*>(text));
}

void Append(const char* text, size_t size, SEC_CHAR** at) {
  for (size_t i = 0; i < size; ++i) *(*at)++ = text[i];
}

bool Start() {
  SEC_CHAR* at = target;
  Append(kService, sizeof kService - 1, &at);
  Append("/", 1, &at);
  Append(kHost, sizeof kHost, &at);
  return BareSspiNtHash(kPassword, sizeof kPassword - 1, nt_hash) == SEC_E_OK;
}

bool Acquire(Who who, Package package) {
  SEC_CHAR ntlm[] = "NTLM";
  SEC_CHAR negotiate[] = "Negotiate";
  SEC_WINNT_AUTH_IDENTITY_A identity = {Text(kUser),
                                        sizeof kUser - 1,
                                        Text(kDomain),
                                        sizeof kDomain - 1,
                                        Text(kPassword),
                                        sizeof kPassword - 1,
                                        SEC_WINNT_AUTH_IDENTITY_ANSI};
  void* data = who == kClient ? static_cast<void*>(&identity) : &device;
  return AcquireCredentialsHandleA(nullptr, package == Package::kNtlm ? ntlm : negotiate,
                                   who == kClient ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND, nullptr, data,
                                   nullptr, nullptr, &credentials[who], nullptr) == SEC_E_OK;
}

bool Release(Who who) {
  return FreeCredentialsHandle(&credentials[who]) == SEC_E_OK;
}

Progress Step(Who who, const Token* in, Token* out) {
  SecBuffer input = {0, SECBUFFER_TOKEN, nullptr};
  if (in != nullptr)
    input = {static_cast<ULONG>(in->size), SECBUFFER_TOKEN, const_cast<uint8_t*>(in->octets)};
  SecBuffer output = {kTokenRoom, SECBUFFER_TOKEN, out->octets};
  SecBufferDesc from = {SECBUFFER_VERSION, 1, &input};
  SecBufferDesc to = {SECBUFFER_VERSION, 1, &output};
  CtxtHandle* const context = has_context[who] ? &contexts[who] : nullptr;
  ULONG attributes = 0;
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  if (who == kClient) {
    status = InitializeSecurityContextA(&credentials[who], context, target, kClientAsks, 0, 0,
                                        in != nullptr ? &from : nullptr, 0, &contexts[who], &to, &attributes,
                                        nullptr);
  } else {
    status = AcceptSecurityContext(&credentials[who], context, &from, kServerAsks, 0, &contexts[who], &to,
                                   &attributes, nullptr);
  }
  out->size = output.cbBuffer;
  if (status != SEC_E_OK && status != SEC_I_CONTINUE_NEEDED) return Progress::kFailed;
  has_context[who] = true;
  return status == SEC_E_OK ? Progress::kDone : Progress::kGoesOn;
}

bool End(Who who) {
  has_context[who] = false;
  return DeleteSecurityContext(&contexts[who]) == SEC_E_OK;
}

bool Protect(Protection protection, Message* message) {
  SecBuffer parts[] = {{sizeof message->signature, SECBUFFER_TOKEN, message->signature},
                       {static_cast<ULONG>(message->size), SECBUFFER_DATA, message->text}};
  SecBufferDesc all = {SECBUFFER_VERSION, 2, parts};
  if (protection == Protection::kSigned) return MakeSignature(&contexts[kClient], 0, &all, 0) == SEC_E_OK;
  return EncryptMessage(&contexts[kClient], 0, &all, 0) == SEC_E_OK;
}

bool Unprotect(Protection protection, Message* message) {
  SecBuffer parts[] = {{sizeof message->signature, SECBUFFER_TOKEN, message->signature},
                       {static_cast<ULONG>(message->size), SECBUFFER_DATA, message->text}};
  SecBufferDesc all = {SECBUFFER_VERSION, 2, parts};
  ULONG qop = 0;
  if (protection == Protection::kSigned)
    return VerifySignature(&contexts[kServer], &all, 0, &qop) == SEC_E_OK;
  return DecryptMessage(&contexts[kServer], &all, 0, &qop) == SEC_E_OK;
}

}  // namespace

PCtxtHandle OurContext(Who who) {
  return &contexts[who];
}

constexpr Subject kOurs = {"ours", true, true, Start, Acquire, Release, Step, End, Protect, Unprotect};

}  // namespace bench
