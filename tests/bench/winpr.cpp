// SPDX-License-Identifier: Apache-2.0
// WinPR 2 (FreeRDP's), through its SSPI. Its functions have the names of ours, so the library is loaded and
// asked for its function table. Its server is given the account's NT hash, as FreeRDP's own servers do. It
// has no MakeSignature, and as Debian builds it, its Negotiate is NTLM without SPNEGO.
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <winpr/sspi.h>

#include "tests/bench/subject.h"

namespace bench {
namespace {

constexpr ULONG kClientAsks = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY;
constexpr ULONG kServerAsks = ASC_REQ_CONFIDENTIALITY | ASC_REQ_INTEGRITY;

SecurityFunctionTableA* sspi;
SEC_WINNT_AUTH_IDENTITY identity;
SecPkgContext_AuthNtlmHash account;
CredHandle credentials[2];
CtxtHandle contexts[2];
bool has_context[2];
ULONG sequence[2];  // of the next message sent, received
char target[64];

template <typename Function>
bool Find(void* library, const char* name, Function** function) {
  *function = reinterpret_cast<Function*>(dlsym(library, name));
  return *function != nullptr;
}

bool Start() {
  void* library = dlopen("libwinpr2.so.2", RTLD_NOW | RTLD_LOCAL);
  decltype(&InitSecurityInterfaceExA) table = nullptr;
  decltype(&sspi_GlobalInit) begin = nullptr;
  decltype(&sspi_SetAuthIdentity) set_identity = nullptr;
  BOOL (*nt_hash)(LPSTR, UINT32, BYTE*) = nullptr;
  if (library == nullptr || !Find(library, "InitSecurityInterfaceExA", &table) ||
      !Find(library, "sspi_GlobalInit", &begin) || !Find(library, "sspi_SetAuthIdentity", &set_identity) ||
      !Find(library, "NTOWFv1A", &nt_hash)) {
    fprintf(stderr, "libwinpr2.so.2: %s\n", dlerror());
    return false;
  }
  begin();
  sspi = table(0);
  account.Version = 1;  // an NT hash
  char password[sizeof kPassword];
  memcpy(password, kPassword, sizeof password);
  snprintf(target, sizeof target, "%s/%s", kService, kHost);
  return set_identity(&identity, kUser, kDomain, kPassword) > 0 &&
         nt_hash(password, sizeof password - 1, account.NtlmHash) != 0;
}

bool Acquire(Who who, Package package) {
  char ntlm[] = "NTLM";
  char negotiate[] = "Negotiate";
  TimeStamp expiry;
  return sspi->AcquireCredentialsHandleA(nullptr, package == Package::kNtlm ? ntlm : negotiate,
                                         who == kClient ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND, nullptr,
                                         who == kClient ? &identity : nullptr, nullptr, nullptr,
                                         &credentials[who], &expiry) == SEC_E_OK;
}

bool Release(Who who) {
  return sspi->FreeCredentialsHandle(&credentials[who]) == SEC_E_OK;
}

SECURITY_STATUS Call(Who who, SecBufferDesc* in, SecBufferDesc* out) {
  ULONG attributes = 0;
  TimeStamp expiry;
  CtxtHandle* const context = has_context[who] ? &contexts[who] : nullptr;
  if (who == kClient) {
    return sspi->InitializeSecurityContextA(&credentials[who], context, target, kClientAsks, 0, 0, in, 0,
                                            &contexts[who], out, &attributes, &expiry);
  }
  SECURITY_STATUS status = sspi->AcceptSecurityContext(&credentials[who], context, in, kServerAsks, 0,
                                                       &contexts[who], out, &attributes, &expiry);
  if (status == SEC_I_COMPLETE_NEEDED) status = sspi->CompleteAuthToken(&contexts[who], out);
  return status;
}

Progress Step(Who who, const Token* in, Token* out) {
  SecBuffer input = {0, SECBUFFER_TOKEN, nullptr};
  if (in != nullptr)
    input = {static_cast<ULONG>(in->size), SECBUFFER_TOKEN, const_cast<uint8_t*>(in->octets)};
  SecBuffer output = {kTokenRoom, SECBUFFER_TOKEN, out->octets};
  SecBufferDesc from = {SECBUFFER_VERSION, 1, &input};
  SecBufferDesc to = {SECBUFFER_VERSION, 1, &output};
  const SECURITY_STATUS status = Call(who, in != nullptr ? &from : nullptr, &to);
  out->size = output.cbBuffer;
  if (status != SEC_E_OK && status != SEC_I_CONTINUE_NEEDED) return Progress::kFailed;
  if (who == kServer && !has_context[who] &&
      sspi->SetContextAttributesA(&contexts[who], SECPKG_ATTR_AUTH_NTLM_HASH, &account, sizeof account) !=
          SEC_E_OK) {
    return Progress::kFailed;
  }
  has_context[who] = true;
  sequence[who] = 0;
  return status == SEC_E_OK ? Progress::kDone : Progress::kGoesOn;
}

bool End(Who who) {
  has_context[who] = false;
  return sspi->DeleteSecurityContext(&contexts[who]) == SEC_E_OK;
}

bool Protect(Protection protection, Message* message) {
  if (protection == Protection::kSigned) return false;
  SecBuffer parts[] = {{sizeof message->signature, SECBUFFER_TOKEN, message->signature},
                       {static_cast<ULONG>(message->size), SECBUFFER_DATA, message->text}};
  SecBufferDesc all = {SECBUFFER_VERSION, 2, parts};
  return sspi->EncryptMessage(&contexts[kClient], 0, &all, sequence[kClient]++) == SEC_E_OK;
}

bool Unprotect(Protection protection, Message* message) {
  if (protection == Protection::kSigned) return false;
  SecBuffer parts[] = {{sizeof message->signature, SECBUFFER_TOKEN, message->signature},
                       {static_cast<ULONG>(message->size), SECBUFFER_DATA, message->text}};
  SecBufferDesc all = {SECBUFFER_VERSION, 2, parts};
  ULONG qop = 0;
  return sspi->DecryptMessage(&contexts[kServer], &all, sequence[kServer]++, &qop) == SEC_E_OK;
}

}  // namespace

constexpr Subject kWinpr = {"WinPR", true, false, Start, Acquire, Release, Step, End, Protect, Unprotect};

}  // namespace bench
