// SPDX-License-Identifier: Apache-2.0
// Credentials: acquired, asked, changed, freed.
#include "core/base/memory.h"
#include "core/sspi/package.h"
#include "core/sspi/time.h"

namespace baresspi {
namespace {

SECURITY_STATUS Acquire(const void* name, bool wide, ULONG use, const void* auth_data, SecHandle* handle,
                        TimeStamp* expiry) {
  if (handle == nullptr) return SEC_E_INVALID_HANDLE;
  const Package* package = FindPackage(name, wide);
  if (package == nullptr) return SEC_E_SECPKG_NOT_FOUND;
  use &= package->use;  // a half that is not configured in cannot be had
  if (use == 0) return SEC_E_UNSUPPORTED_FUNCTION;
  AuthData parsed;
  SECURITY_STATUS status = SEC_E_OK;
#if BARESSPI_SCHANNEL
  parsed.raw = auth_data;
  if (!IsStream(*package))
#endif
    status = ReadAuthData(auth_data, wide, &parsed);
  if (status != SEC_E_OK) return status;
  auto* credential = static_cast<Credential*>(package->credentials->Take());
  if (credential == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  credential->package = package;
  credential->use = use;
  status = package->acquire(*credential, parsed);
  ScrubStack<kScrubOther>();
  if (status != SEC_E_OK) {
    ReleaseCredential(credential);  // nobody has its handle
    return status;
  }
  StoreHandle(*package->credentials, credential, handle);
  StoreNever(expiry);
  return SEC_E_OK;
}

// Queries or sets.
SECURITY_STATUS Touch(const SecHandle* handle, const AttributeCall& call) {
  Credential* credential = PinCredential(handle);
  if (credential == nullptr) return SEC_E_INVALID_HANDLE;
  SECURITY_STATUS status = SEC_E_INVALID_TOKEN;
  const Package* package = credential->package;
  if (call.buffer != nullptr)
    status = (call.form == nullptr ? package->set_credential : package->query_credential)(*credential, call);
  ReleaseCredential(credential);
  return status;
}

}  // namespace
}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleA(const SEC_CHAR*, const SEC_CHAR* pszPackage,
                                                    ULONG fCredentialUse, void*, void* pAuthData,
                                                    SEC_GET_KEY_FN, void*, PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry) {
  return Acquire(pszPackage, false, fCredentialUse, pAuthData, phCredential, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleW(const SEC_WCHAR*, const SEC_WCHAR* pszPackage,
                                                    ULONG fCredentialUse, void*, void* pAuthData,
                                                    SEC_GET_KEY_FN, void*, PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry) {
  return Acquire(pszPackage, true, fCredentialUse, pAuthData, phCredential, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY AddCredentialsA(PCredHandle hCredentials, const SEC_CHAR*, const SEC_CHAR*, ULONG,
                                          void*, SEC_GET_KEY_FN, void*, PTimeStamp) {
  // A credential is for one identity: there is nothing to add to it.
  return Refuse(hCredentials, &Package::credentials);
}

SECURITY_STATUS SEC_ENTRY AddCredentialsW(PCredHandle hCredentials, const SEC_WCHAR*, const SEC_WCHAR*, ULONG,
                                          void*, SEC_GET_KEY_FN, void*, PTimeStamp) {
  // A credential is for one identity: there is nothing to add to it.
  return Refuse(hCredentials, &Package::credentials);
}

SECURITY_STATUS SEC_ENTRY FreeCredentialsHandle(PCredHandle phCredential) {
  Slot* slot = FindSlot(phCredential, &Package::credentials, Pool::Then::kClose);
  if (slot == nullptr) return SEC_E_INVALID_HANDLE;
  ReleaseCredential(static_cast<Credential*>(slot));
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesA(PCredHandle phCredential, ULONG ulAttribute,
                                                      void* pBuffer) {
  return Touch(phCredential, {ulAttribute, &kFormA, pBuffer, 0});
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesW(PCredHandle phCredential, ULONG ulAttribute,
                                                      void* pBuffer) {
  return Touch(phCredential, {ulAttribute, &kFormW, pBuffer, 0});
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesA(PCredHandle phCredential, ULONG ulAttribute,
                                                    void* pBuffer, ULONG cbBuffer) {
  return Touch(phCredential, {ulAttribute, nullptr, pBuffer, cbBuffer});
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesW(PCredHandle phCredential, ULONG ulAttribute,
                                                    void* pBuffer, ULONG cbBuffer) {
  return Touch(phCredential, {ulAttribute, nullptr, pBuffer, cbBuffer});
}

SECURITY_STATUS SEC_ENTRY ChangeAccountPasswordA(const SEC_CHAR*, const SEC_CHAR*, const SEC_CHAR*,
                                                 const SEC_CHAR*, const SEC_CHAR*, BOOLEAN, ULONG,
                                                 PSecBufferDesc) {
  return SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS SEC_ENTRY ChangeAccountPasswordW(const SEC_WCHAR*, const SEC_WCHAR*, const SEC_WCHAR*,
                                                 const SEC_WCHAR*, const SEC_WCHAR*, BOOLEAN, ULONG,
                                                 PSecBufferDesc) {
  return SEC_E_UNSUPPORTED_FUNCTION;
}
