// SPDX-License-Identifier: Apache-2.0
// The end of a context, what it tells about itself, and the functions that no package here has a use for.
#include "core/sspi/package.h"

namespace baresspi {
namespace {

SECURITY_STATUS Query(const SecHandle* handle, ULONG attribute, void* buffer, bool wide) {
  const Package* package = nullptr;
  Context* context = nullptr;
  const SECURITY_STATUS status = FindEstablished(handle, &package, &context);
  const bool negotiating = context != nullptr && context->phase == Phase::kHandshake && package->end_context != nullptr;
  if (status != SEC_E_OK && !negotiating) return status;
  if (buffer == nullptr) return SEC_E_INVALID_TOKEN;
  return package->query_context(*context, {attribute, wide, buffer});
}

// For a function that no package has.
SECURITY_STATUS Refuse(const SecHandle* handle) {
  const Package* package = nullptr;
  return FindContext(handle, &package) == nullptr ? SEC_E_INVALID_HANDLE : SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS RefuseImport(const Text& package) {
  return FindPackage(package) == nullptr ? SEC_E_SECPKG_NOT_FOUND : SEC_E_UNSUPPORTED_FUNCTION;
}

}  // namespace
}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY DeleteSecurityContext(PCtxtHandle phContext) {
  const Package* package = nullptr;
  Slot* slot = FindSlot(phContext, &Package::contexts, Pool::Then::kClose, &package);
  if (slot == nullptr) return SEC_E_INVALID_HANDLE;
  ReleaseContext(*package, static_cast<Context*>(slot));
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer) {
  return Query(phContext, ulAttribute, pBuffer, false);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer) {
  return Query(phContext, ulAttribute, pBuffer, true);
}

SECURITY_STATUS SEC_ENTRY SetContextAttributesA(PCtxtHandle phContext, ULONG, void*, ULONG) {
  return Refuse(phContext);
}
SECURITY_STATUS SEC_ENTRY SetContextAttributesW(PCtxtHandle phContext, ULONG, void*, ULONG) {
  return Refuse(phContext);
}
SECURITY_STATUS SEC_ENTRY CompleteAuthToken(PCtxtHandle phContext, PSecBufferDesc) {
  return Refuse(phContext);
}
SECURITY_STATUS SEC_ENTRY ApplyControlToken(PCtxtHandle phContext, PSecBufferDesc) {
  return Refuse(phContext);
}
SECURITY_STATUS SEC_ENTRY ExportSecurityContext(PCtxtHandle phContext, ULONG, PSecBuffer, void**) {
  return Refuse(phContext);
}

SECURITY_STATUS SEC_ENTRY ImportSecurityContextA(const SEC_CHAR* pszPackage, PSecBuffer, void*, PCtxtHandle) {
  return RefuseImport(Text::Utf8(pszPackage));
}

SECURITY_STATUS SEC_ENTRY ImportSecurityContextW(const SEC_WCHAR* pszPackage, PSecBuffer, void*,
                                                 PCtxtHandle) {
  return FindPackage(Text::Utf16(pszPackage)) == nullptr ? SEC_E_SECPKG_NOT_FOUND
                                                         : SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS SEC_ENTRY FreeContextBuffer(PVOID) {
  return SEC_E_OK;  // what the interface hands out lives in flash, in a credential or in a context
}
