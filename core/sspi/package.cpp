// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/package.h"

#include "core/base/shared.h"
#include "core/sspi/packages.h"
#include "core/sspi/time.h"
#if BARESSPI_SCHANNEL
#include <baresspi/schannel.h>
#endif

namespace baresspi {

namespace {

// Whether a zero-terminated name is this one, of ASCII letters and maybe spaces, whose case does not count. A
// space and the end of a name differ in the bit of case, too.
bool IsName(const void* name, bool wide, const char* own) {
  for (size_t i = 0;; ++i) {
    const uint32_t unit =
        wide ? static_cast<const char16_t*>(name)[i] : static_cast<const unsigned char*>(name)[i];
    const uint32_t letter = static_cast<unsigned char>(own[i]);
    if (unit == 0 || letter == 0) return unit == letter;
    if (((unit ^ letter) & ~0x20U) != 0) return false;
  }
}

}  // namespace

const Package* FindPackage(const void* name, bool wide) {
  if (name == nullptr) return nullptr;
  for (const Package* package : kPackages) {
    if (IsName(name, wide, package->name)) return package;
  }
#if BARESSPI_SCHANNEL
  if (IsName(name, wide, schannel::kInfoNameA)) return &schannel::kPackage;
#endif
  return nullptr;
}

const void* InfoOf(const Package& package, const Form& form) {
  static_assert(sizeof(SecPkgInfoA) == sizeof(SecPkgInfoW));
  size_t n = 0;
  while (n + 1 < kPackageCount && kPackages[n] != &package) ++n;
  return static_cast<const SecPkgInfoA*>(form.infos) + n;
}

void StoreNever(TimeStamp* stamp) {
  if (stamp != nullptr) StoreTime(kNever, stamp);
}

void StoreHandle(const Pool& pool, const Slot* slot, SecHandle* handle) {
  handle->dwLower = pool.Lower(slot->index);
  // Another task may close the slot in this moment: that handle is stale then, whichever it is.
  handle->dwUpper = LoadShared(&slot->generation);
}

Slot* FindSlot(const SecHandle* handle, PoolOf pool, Pool::Then then) {
  if (handle == nullptr) return nullptr;
  for (const Package* package : kPoolOwners) {
    Slot* slot = (package->*pool)->Find(handle->dwLower, handle->dwUpper, then);
    if (slot != nullptr) return slot;
  }
  return nullptr;
}

SECURITY_STATUS Refuse(const SecHandle* handle, PoolOf pool) {
  return FindSlot(handle, pool, Pool::Then::kNothing) == nullptr ? SEC_E_INVALID_HANDLE
                                                                 : SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS FindEstablished(const SecHandle* handle, Context** context) {
  *context = FindContext(handle);
  if (*context == nullptr || (*context)->phase == Phase::kHandshake) return SEC_E_INVALID_HANDLE;
  return (*context)->phase == Phase::kBroken ? WholeError((*context)->error) : SEC_E_OK;
}

void ReleaseCredential(Credential* credential) {
  const Pool& pool = *credential->package->credentials;
#if BARESSPI_SCHANNEL
  if (!pool.Drop(credential)) return;
  if (IsStream(*credential->package)) credential->package->stream->end_credential(*credential);
  pool.GiveBack(credential);
#else
  pool.Release(credential);
#endif
}

void ReleaseContext(Context* context) {
  Credential* credential = context->credential;
  const Pool& pool = *credential->package->contexts;
#if BARESSPI_SCHANNEL
  if (!pool.Drop(context)) return;
  if (IsStream(*credential->package)) credential->package->stream->end_context(*context);
  pool.GiveBack(context);
  ReleaseCredential(credential);
#else
  if (pool.Release(context)) ReleaseCredential(credential);
#endif
}

}  // namespace baresspi
