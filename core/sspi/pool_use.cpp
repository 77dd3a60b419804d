// SPDX-License-Identifier: Apache-2.0
#include <baresspi/authority.h>

#include "core/sspi/package.h"

SECURITY_STATUS BareSspiQueryPoolUse(const char* PackageName, BARESSPI_POOL_USE* Use) {
  const baresspi::Package* const package = baresspi::FindPackage(PackageName, false);
  if (package == nullptr) return SEC_E_SECPKG_NOT_FOUND;
  Use->Contexts = static_cast<ULONG>(package->contexts->CountTaken());
  Use->MaxContexts = static_cast<ULONG>(package->contexts->count());
  Use->Credentials = static_cast<ULONG>(package->credentials->CountTaken());
  Use->MaxCredentials = static_cast<ULONG>(package->credentials->count());
  return SEC_E_OK;
}
