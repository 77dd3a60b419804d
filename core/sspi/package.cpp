// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/package.h"

#include "core/base/memory.h"
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
    bool same = true;
    while (same && given.Next(&unit)) {
      // Package names are ASCII letters; case does not count.
      same = *own != '\0' && (unit | 0x20) == (static_cast<unsigned char>(*own) | 0x20);
      ++own;
    }
    if (same && given.ok() && *own == '\0') return package;
  }
  return nullptr;
}

const Package* PackageOfCredential(HandleValue handle) {
  for (const Package* package : kPackages) {
    if (package->credentials->tag() == TagOf(handle)) return package;
  }
  return nullptr;
}

const Package* PackageOfContext(HandleValue handle) {
  for (const Package* package : kPackages) {
    if (package->contexts->tag() == TagOf(handle)) return package;
  }
  return nullptr;
}

void ReleaseCredential(const Package& package, Credential* credential) {
  if (package.credentials->Release(credential)) package.credentials->GiveBack(credential);
}

void ReleaseContext(const Package& package, Context* context) {
  if (!package.contexts->Release(context)) return;
  Credential* credential = context->credential;
  package.contexts->GiveBack(context);
  if (credential != nullptr) ReleaseCredential(package, credential);
}

PinnedContext::PinnedContext(const SecHandle* handle) {
  const HandleValue value = ValueOf(handle);
  package_ = PackageOfContext(value);
  if (package_ != nullptr) context_ = static_cast<Context*>(package_->contexts->Pin(value));
}

PinnedContext::~PinnedContext() {
  if (context_ != nullptr) ReleaseContext(*package_, context_);
}

SECURITY_STATUS PinnedContext::Established() const {
  if (context_ == nullptr || context_->phase == Phase::kHandshake) return SEC_E_INVALID_HANDLE;
  return context_->phase == Phase::kBroken ? context_->error : SEC_E_OK;
}

PinnedCredential::PinnedCredential(const SecHandle* handle) {
  const HandleValue value = ValueOf(handle);
  package_ = PackageOfCredential(value);
  if (package_ != nullptr) credential_ = static_cast<Credential*>(package_->credentials->Pin(value));
}

PinnedCredential::~PinnedCredential() {
  if (credential_ != nullptr) ReleaseCredential(*package_, credential_);
}

}  // namespace baresspi
