// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/package.h"

#include "core/sspi/packages.h"

namespace baresspi {

HandleValue ValueOf(const SecHandle* handle) {
  if (handle == nullptr) return {0, 0};
  const auto lower = static_cast<uint32_t>(handle->dwLower);
  const auto upper = static_cast<uint32_t>(handle->dwUpper);
  // On a 64-bit host the other halves must be empty too: a handle is taken whole or not at all.
  if (lower != handle->dwLower || upper != handle->dwUpper) return {0, 0};
  return {lower, upper};
}

void StoreHandle(HandleValue value, SecHandle* handle) {
  handle->dwLower = value.lower;
  handle->dwUpper = value.upper;
}

const Package* FindPackage(const Text& name) {
  for (const Package* package : kPackages) {
    TextReader given(name);
    const char* own = package->info_a->Name;
    char16_t unit = 0;
    // Package names are ASCII letters; case does not count.
    while (given.Next(&unit) && *own != '\0' && (unit | 0x20) == (static_cast<unsigned char>(*own) | 0x20)) {
      ++own;
      unit = 0;
    }
    if (unit == 0 && *own == '\0' && given.ok()) return package;
  }
  return nullptr;
}

Slot* FindSlot(const SecHandle* handle, const Pool* const Package::*pool, Pool::Then then,
               const Package** package) {
  const HandleValue value = ValueOf(handle);
  for (const Package* candidate : kPackages) {
    *package = candidate;
    Slot* slot = (candidate->*pool)->Find(value, then);
    if (slot != nullptr) return slot;
  }
  return nullptr;
}

SECURITY_STATUS FindEstablished(const SecHandle* handle, const Package** package, Context** context) {
  *context = FindContext(handle, package);
  if (*context == nullptr || (*context)->phase == Phase::kHandshake) return SEC_E_INVALID_HANDLE;
  return (*context)->phase == Phase::kBroken ? WholeError((*context)->error) : SEC_E_OK;
}

void ReleaseCredential(const Package& package, Credential* credential) {
  if (!package.credentials->Drop(credential)) return;
  if (package.end_credential != nullptr) package.end_credential(*credential);
  package.credentials->GiveBack(credential);
}

void ReleaseContext(const Package& package, Context* context) {
  if (!package.contexts->Drop(context)) return;
  if (package.end_context != nullptr) package.end_context(*context);
  Credential* credential = context->credential;
  package.contexts->GiveBack(context);
  ReleaseCredential(package, credential);
}

}  // namespace baresspi
