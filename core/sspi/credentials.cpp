// SPDX-License-Identifier: Apache-2.0
// Credentials: acquired, asked, changed, freed.
#include "core/sspi/package.h"
#include "core/sspi/time.h"

namespace baresspi {
namespace {

SECURITY_STATUS Acquire(const Text& name, ULONG use, const void* auth_data, SecHandle* handle,
                        TimeStamp* expiry) {
  if (handle == nullptr) return SEC_E_INVALID_HANDLE;
  const Package* package = FindPackage(name);
  if (package == nullptr) return SEC_E_SECPKG_NOT_FOUND;
  // A half that is not configured in cannot be had.
  if (package->accept == nullptr) use &= ~static_cast<ULONG>(SECPKG_CRED_INBOUND);
  if (package->initialize == nullptr) use &= ~static_cast<ULONG>(SECPKG_CRED_OUTBOUND);
  use &= SECPKG_CRED_BOTH;
  if (use == 0) return SEC_E_UNSUPPORTED_FUNCTION;
  AuthData parsed;
  SECURITY_STATUS status = ReadAuthData(auth_data, name.wide(), &parsed);
  if (status != SEC_E_OK) return status;
  auto* credential = static_cast<Credential*>(package->credentials->Take());
  if (credential == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  credential->use = use;
  status = package->acquire(*credential, parsed);
  if (status != SEC_E_OK) {
    ReleaseCredential(*package, credential);  // nobody has its handle
    return status;
  }
  StoreHandle(package->credentials->HandleOf(credential), handle);
  if (expiry != nullptr) StoreTime(kNever, expiry);
  return SEC_E_OK;
}

enum class Access : uint8_t { kQueryA, kQueryW, kSet, kAdd };

SECURITY_STATUS Touch(const SecHandle* handle, ULONG attribute, void* buffer, ULONG size, Access access) {
  const Package* package = nullptr;
  Credential* credential = PinCredential(handle, &package);
  if (credential == nullptr) return SEC_E_INVALID_HANDLE;
  SECURITY_STATUS status = SEC_E_INVALID_TOKEN;
  if (access == Access::kAdd) {
    status = SEC_E_UNSUPPORTED_FUNCTION;  // a credential is for one identity: there is nothing to add to it
  } else if (buffer != nullptr) {
    status = access == Access::kSet
                 ? package->set_credential(*credential, attribute, buffer, size)
                 : package->query_credential(*credential, {attribute, access == Access::kQueryW, buffer});
  }
  ReleaseCredential(*package, credential);
  return status;
}

}  // namespace
}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleA(const SEC_CHAR*, const SEC_CHAR* pszPackage,
                                                    ULONG fCredentialUse, void*, void* pAuthData,
                                                    SEC_GET_KEY_FN, void*, PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry) {
  return Acquire(Text::Utf8(pszPackage), fCredentialUse, pAuthData, phCredential, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleW(const SEC_WCHAR*, const SEC_WCHAR* pszPackage,
                                                    ULONG fCredentialUse, void*, void* pAuthData,
                                                    SEC_GET_KEY_FN, void*, PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry) {
  return Acquire(Text::Utf16(pszPackage), fCredentialUse, pAuthData, phCredential, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY AddCredentialsA(PCredHandle hCredentials, const SEC_CHAR*, const SEC_CHAR*, ULONG,
                                          void*, SEC_GET_KEY_FN, void*, PTimeStamp) {
  return Touch(hCredentials, 0, nullptr, 0, Access::kAdd);
}

SECURITY_STATUS SEC_ENTRY AddCredentialsW(PCredHandle hCredentials, const SEC_WCHAR*, const SEC_WCHAR*, ULONG,
                                          void*, SEC_GET_KEY_FN, void*, PTimeStamp) {
  return Touch(hCredentials, 0, nullptr, 0, Access::kAdd);
}

SECURITY_STATUS SEC_ENTRY FreeCredentialsHandle(PCredHandle phCredential) {
  const Package* package = nullptr;
  Slot* slot = FindSlot(phCredential, &Package::credentials, Pool::Then::kClose, &package);
  if (slot == nullptr) return SEC_E_INVALID_HANDLE;
  ReleaseCredential(*package, static_cast<Credential*>(slot));
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesA(PCredHandle phCredential, ULONG ulAttribute,
                                                      void* pBuffer) {
  return Touch(phCredential, ulAttribute, pBuffer, 0, Access::kQueryA);
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesW(PCredHandle phCredential, ULONG ulAttribute,
                                                      void* pBuffer) {
  return Touch(phCredential, ulAttribute, pBuffer, 0, Access::kQueryW);
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesA(PCredHandle phCredential, ULONG ulAttribute,
                                                    void* pBuffer, ULONG cbBuffer) {
  return Touch(phCredential, ulAttribute, pBuffer, cbBuffer, Access::kSet);
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesW(PCredHandle phCredential, ULONG ulAttribute,
                                                    void* pBuffer, ULONG cbBuffer) {
  return Touch(phCredential, ulAttribute, pBuffer, cbBuffer, Access::kSet);
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
