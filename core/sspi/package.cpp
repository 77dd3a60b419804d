// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/package.h"

#include "core/sspi/packages.h"
#include "core/sspi/time.h"
#if BARESSPI_SCHANNEL
#include <baresspi/schannel.h>
#endif

namespace baresspi {

// Package names are ASCII letters; case does not count.
const Package* FindPackage(const void* name, bool wide) {
  if (name == nullptr) return nullptr;
  for (const Package* package : kPackages) {
    for (size_t i = 0;; ++i) {
      const uint32_t unit =
          wide ? static_cast<const char16_t*>(name)[i] : static_cast<const unsigned char*>(name)[i];
      const uint32_t own = static_cast<unsigned char>(package->name[i]);
      if (own == 0) {
        if (unit == 0) return package;
        break;
      }
      if (((unit ^ own) & ~0x20U) != 0) break;
    }
  }
#if BARESSPI_SCHANNEL
  // Its other name, which has spaces: they differ from the end of a name in a letter's case alone.
  static constexpr char kUnified[] = UNISP_NAME_A;
  for (size_t i = 0; i < sizeof kUnified; ++i) {
    const uint32_t unit =
        wide ? static_cast<const char16_t*>(name)[i] : static_cast<const unsigned char*>(name)[i];
    const uint32_t own = static_cast<unsigned char>(kUnified[i]);
    if (((unit ^ own) & ~(own > ' ' ? 0x20U : 0U)) != 0) return nullptr;
  }
  return &schannel::kPackage;
#else
  return nullptr;
#endif
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
  handle->dwUpper = slot->generation;
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
  if (credential->package->end_credential != nullptr) credential->package->end_credential(*credential);
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
  if (credential->package->end_context != nullptr) credential->package->end_context(*context);
  pool.GiveBack(context);
  ReleaseCredential(credential);
#else
  if (pool.Release(context)) ReleaseCredential(credential);
#endif
}

}  // namespace baresspi
