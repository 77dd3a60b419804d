// SPDX-License-Identifier: Apache-2.0
// The end of a context, what it tells about itself, and the functions that no package here has a use for.
#include "core/sspi/buffers.h"
#include "core/sspi/package.h"

namespace baresspi {
namespace {

SECURITY_STATUS Query(const SecHandle* handle, ULONG attribute, void* buffer, const Form& form) {
  Context* context;  // FindEstablished sets it, whatever it answers
  const SECURITY_STATUS status = FindEstablished(handle, &context);
  if (status != SEC_E_OK) {
    const bool negotiating = (kPackagesNest || BARESSPI_SCHANNEL) && context != nullptr &&
                             context->phase == Phase::kHandshake && PackageOf(*context).answers_early;
    if (!negotiating) return status;
  }
  if (buffer == nullptr) return SEC_E_INVALID_TOKEN;
  return PackageOf(*context).query_context(*context, {attribute, &form, buffer, 0});
}

#if BARESSPI_SCHANNEL
// For the functions that streams alone have: a context that is not broken.
SECURITY_STATUS FindStream(const SecHandle* handle, Context** context) {
  *context = FindContext(handle);
  if (*context == nullptr) return SEC_E_INVALID_HANDLE;
  if ((*context)->phase == Phase::kBroken) return WholeError((*context)->error);
  return IsStream(PackageOf(**context)) ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS Control(const SecHandle* handle, const SecBufferDesc* input) {
  Context* context;  // FindStream sets it, whatever it answers
  const SECURITY_STATUS status = FindStream(handle, &context);
  if (status != SEC_E_OK) return status;
  if (input == nullptr || !IsUsable(input)) return SEC_E_INVALID_TOKEN;
  return PackageOf(*context).stream->control(*context, input);
}

SECURITY_STATUS SetAttribute(const SecHandle* handle, ULONG attribute, void* buffer, ULONG size) {
  Context* context;  // FindStream sets it, whatever it answers
  const SECURITY_STATUS status = FindStream(handle, &context);
  if (status != SEC_E_OK) return status;
  if (buffer == nullptr) return SEC_E_INVALID_TOKEN;
  return PackageOf(*context).stream->set_context(*context, {attribute, nullptr, buffer, size});
}
#else
SECURITY_STATUS Control(const SecHandle* handle, const SecBufferDesc*) {
  return Refuse(handle, &Package::contexts);
}
SECURITY_STATUS SetAttribute(const SecHandle* handle, ULONG, const void*, ULONG) {
  return Refuse(handle, &Package::contexts);
}
#endif

SECURITY_STATUS RefuseImport(const void* package, bool wide) {
  return FindPackage(package, wide) == nullptr ? SEC_E_SECPKG_NOT_FOUND : SEC_E_UNSUPPORTED_FUNCTION;
}

}  // namespace
}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY DeleteSecurityContext(PCtxtHandle phContext) {
  Slot* slot = FindSlot(phContext, &Package::contexts, Pool::Then::kClose);
  if (slot == nullptr) return SEC_E_INVALID_HANDLE;
  ReleaseContext(static_cast<Context*>(slot));
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer) {
  return Query(phContext, ulAttribute, pBuffer, kFormA);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer) {
  return Query(phContext, ulAttribute, pBuffer, kFormW);
}

SECURITY_STATUS SEC_ENTRY SetContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                ULONG cbBuffer) {
  return SetAttribute(phContext, ulAttribute, pBuffer, cbBuffer);
}
SECURITY_STATUS SEC_ENTRY SetContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                ULONG cbBuffer) {
  return SetAttribute(phContext, ulAttribute, pBuffer, cbBuffer);
}
SECURITY_STATUS SEC_ENTRY CompleteAuthToken(PCtxtHandle phContext, PSecBufferDesc) {
  return Refuse(phContext, &Package::contexts);
}
SECURITY_STATUS SEC_ENTRY ApplyControlToken(PCtxtHandle phContext, PSecBufferDesc pInput) {
  return Control(phContext, pInput);
}
SECURITY_STATUS SEC_ENTRY ExportSecurityContext(PCtxtHandle phContext, ULONG, PSecBuffer, void**) {
  return Refuse(phContext, &Package::contexts);
}

SECURITY_STATUS SEC_ENTRY ImportSecurityContextA(const SEC_CHAR* pszPackage, PSecBuffer, void*, PCtxtHandle) {
  return RefuseImport(pszPackage, false);
}

SECURITY_STATUS SEC_ENTRY ImportSecurityContextW(const SEC_WCHAR* pszPackage, PSecBuffer, void*,
                                                 PCtxtHandle) {
  return RefuseImport(pszPackage, true);
}

SECURITY_STATUS SEC_ENTRY FreeContextBuffer(PVOID) {
  return SEC_E_OK;  // what the interface hands out lives in flash, in a credential or in a context
}
