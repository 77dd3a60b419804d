// SPDX-License-Identifier: Apache-2.0
// Credentials: acquired, asked, changed, freed.
#include "core/base/memory.h"
#include "core/sspi/package.h"
#include "core/sspi/time.h"

namespace baresspi {
namespace {

SECURITY_STATUS Acquire(const Text& name, ULONG use, const void* auth_data, bool wide, SecHandle* handle,
                        TimeStamp* expiry) {
  if (handle == nullptr) return SEC_E_INVALID_HANDLE;
  const Package* package = FindPackage(name);
  if (package == nullptr) return SEC_E_SECPKG_NOT_FOUND;
  use &= SECPKG_CRED_BOTH;
  // A half that is not configured in cannot be had.
  if (package->accept == nullptr) use &= ~static_cast<ULONG>(SECPKG_CRED_INBOUND);
  if (package->initialize == nullptr) use &= ~static_cast<ULONG>(SECPKG_CRED_OUTBOUND);
  if (use == 0) return SEC_E_UNSUPPORTED_FUNCTION;
  AuthData parsed;
  SECURITY_STATUS status = ReadAuthData(auth_data, wide, &parsed);
  if (status != SEC_E_OK) return status;
  auto* credential = static_cast<Credential*>(package->credentials->Take());
  if (credential == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  credential->use = use;
  status = package->acquire(*credential, parsed);
  if (status != SEC_E_OK) {
    package->credentials->Invalidate(credential);
    ReleaseCredential(*package, credential);
    return status;
  }
  StoreHandle(package->credentials->HandleOf(credential), handle);
  if (expiry != nullptr) StoreTime(kNever, expiry);
  return SEC_E_OK;
}

SECURITY_STATUS Query(const SecHandle* handle, ULONG attribute, bool wide, void* buffer) {
  const PinnedCredential credential(handle);
  if (credential.get() == nullptr) return SEC_E_INVALID_HANDLE;
  if (buffer == nullptr) return SEC_E_INVALID_TOKEN;
  return credential.package().query_credential(*credential.get(), {attribute, wide, buffer});
}

SECURITY_STATUS Set(const SecHandle* handle, ULONG attribute, const void* buffer, ULONG size) {
  const PinnedCredential credential(handle);
  if (credential.get() == nullptr) return SEC_E_INVALID_HANDLE;
  if (buffer == nullptr) return SEC_E_INVALID_TOKEN;
  return credential.package().set_credential(*credential.get(), attribute, buffer, size);
}

// A credential of these packages is for one identity: there is nothing to add to it.
SECURITY_STATUS Refuse(const SecHandle* handle) {
  const PinnedCredential credential(handle);
  return credential.get() == nullptr ? SEC_E_INVALID_HANDLE : SEC_E_UNSUPPORTED_FUNCTION;
}

}  // namespace
}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleA(const SEC_CHAR*, const SEC_CHAR* pszPackage,
                                                    ULONG fCredentialUse, void*, void* pAuthData,
                                                    SEC_GET_KEY_FN, void*, PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry) {
  return Acquire(Text::Utf8(pszPackage), fCredentialUse, pAuthData, false, phCredential, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleW(const SEC_WCHAR*, const SEC_WCHAR* pszPackage,
                                                    ULONG fCredentialUse, void*, void* pAuthData,
                                                    SEC_GET_KEY_FN, void*, PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry) {
  return Acquire(Text::Utf16(pszPackage), fCredentialUse, pAuthData, true, phCredential, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY AddCredentialsA(PCredHandle hCredentials, const SEC_CHAR*, const SEC_CHAR*, ULONG,
                                          void*, SEC_GET_KEY_FN, void*, PTimeStamp) {
  return Refuse(hCredentials);
}

SECURITY_STATUS SEC_ENTRY AddCredentialsW(PCredHandle hCredentials, const SEC_WCHAR*, const SEC_WCHAR*, ULONG,
                                          void*, SEC_GET_KEY_FN, void*, PTimeStamp) {
  return Refuse(hCredentials);
}

SECURITY_STATUS SEC_ENTRY FreeCredentialsHandle(PCredHandle phCredential) {
  const HandleValue value = ValueOf(phCredential);
  const Package* package = PackageOfCredential(value);
  if (package == nullptr) return SEC_E_INVALID_HANDLE;
  Slot* slot = package->credentials->Close(value);
  if (slot == nullptr) return SEC_E_INVALID_HANDLE;
  ReleaseCredential(*package, static_cast<Credential*>(slot));
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesA(PCredHandle phCredential, ULONG ulAttribute,
                                                      void* pBuffer) {
  return Query(phCredential, ulAttribute, false, pBuffer);
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesW(PCredHandle phCredential, ULONG ulAttribute,
                                                      void* pBuffer) {
  return Query(phCredential, ulAttribute, true, pBuffer);
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesA(PCredHandle phCredential, ULONG ulAttribute,
                                                    void* pBuffer, ULONG cbBuffer) {
  return Set(phCredential, ulAttribute, pBuffer, cbBuffer);
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesW(PCredHandle phCredential, ULONG ulAttribute,
                                                    void* pBuffer, ULONG cbBuffer) {
  return Set(phCredential, ulAttribute, pBuffer, cbBuffer);
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
