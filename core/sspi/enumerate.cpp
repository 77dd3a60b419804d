// SPDX-License-Identifier: Apache-2.0
// EnumerateSecurityPackages and QuerySecurityPackageInfo.
#include "core/sspi/packages.h"

namespace baresspi {
namespace {

// A list of all, contiguous as the interface wants it, in flash.
constexpr SecPkgInfoA kInfosA[] = {
#if BARESSPI_NEGOTIATE
    negotiate::kInfoA,
#endif
#if BARESSPI_NTLM
    ntlm::kInfoA,
#endif
};
constexpr SecPkgInfoW kInfosW[] = {
#if BARESSPI_NEGOTIATE
    negotiate::kInfoW,
#endif
#if BARESSPI_NTLM
    ntlm::kInfoW,
#endif
};
static_assert(sizeof kInfosA / sizeof kInfosA[0] == kPackageCount);

// The interface's types have no const; what they lead to is never written.
template <typename T>
T* Unconst(const T* info) {
  return const_cast<T*>(info);
}

}  // namespace
}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesA(ULONG* pcPackages, PSecPkgInfoA* ppPackageInfo) {
  if (pcPackages == nullptr || ppPackageInfo == nullptr) return SEC_E_INVALID_TOKEN;
  *pcPackages = kPackageCount;
  *ppPackageInfo = Unconst(kInfosA);
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesW(ULONG* pcPackages, PSecPkgInfoW* ppPackageInfo) {
  if (pcPackages == nullptr || ppPackageInfo == nullptr) return SEC_E_INVALID_TOKEN;
  *pcPackages = kPackageCount;
  *ppPackageInfo = Unconst(kInfosW);
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoA(const SEC_CHAR* pszPackageName,
                                                    PSecPkgInfoA* ppPackageInfo) {
  const Package* package = FindPackage(Text::Utf8(pszPackageName));
  if (package == nullptr) return SEC_E_SECPKG_NOT_FOUND;
  if (ppPackageInfo == nullptr) return SEC_E_INVALID_TOKEN;
  *ppPackageInfo = Unconst(package->info_a);
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoW(const SEC_WCHAR* pszPackageName,
                                                    PSecPkgInfoW* ppPackageInfo) {
  const Package* package = FindPackage(Text::Utf16(pszPackageName));
  if (package == nullptr) return SEC_E_SECPKG_NOT_FOUND;
  if (ppPackageInfo == nullptr) return SEC_E_INVALID_TOKEN;
  *ppPackageInfo = Unconst(package->info_w);
  return SEC_E_OK;
}
