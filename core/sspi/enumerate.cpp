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
#if BARESSPI_SCHANNEL
    schannel::kInfoA,
#endif
};
constexpr SecPkgInfoW kInfosW[] = {
#if BARESSPI_NEGOTIATE
    negotiate::kInfoW,
#endif
#if BARESSPI_NTLM
    ntlm::kInfoW,
#endif
#if BARESSPI_SCHANNEL
    schannel::kInfoW,
#endif
};
static_assert(sizeof kInfosA / sizeof kInfosA[0] == kPackageCount);

// The interface's types have no const; what they lead to is never written.
template <typename T>
T* Unconst(const void* info) {
  return static_cast<T*>(const_cast<void*>(info));
}

}  // namespace

const Form kFormA = {false, kInfosA, {"HMAC-MD5", "RC4"}};
const Form kFormW = {true, kInfosW, {u"HMAC-MD5", u"RC4"}};

}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesA(ULONG* pcPackages, PSecPkgInfoA* ppPackageInfo) {
  if (pcPackages == nullptr || ppPackageInfo == nullptr) return SEC_E_INVALID_TOKEN;
  *pcPackages = kPackageCount;
  *ppPackageInfo = Unconst<SecPkgInfoA>(kInfosA);
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesW(ULONG* pcPackages, PSecPkgInfoW* ppPackageInfo) {
  if (pcPackages == nullptr || ppPackageInfo == nullptr) return SEC_E_INVALID_TOKEN;
  *pcPackages = kPackageCount;
  *ppPackageInfo = Unconst<SecPkgInfoW>(kInfosW);
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoA(const SEC_CHAR* pszPackageName,
                                                    PSecPkgInfoA* ppPackageInfo) {
  const Package* package = FindPackage(pszPackageName, false);
  if (package == nullptr) return SEC_E_SECPKG_NOT_FOUND;
  if (ppPackageInfo == nullptr) return SEC_E_INVALID_TOKEN;
  *ppPackageInfo = Unconst<SecPkgInfoA>(InfoOf(*package, kFormA));
  return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoW(const SEC_WCHAR* pszPackageName,
                                                    PSecPkgInfoW* ppPackageInfo) {
  const Package* package = FindPackage(pszPackageName, true);
  if (package == nullptr) return SEC_E_SECPKG_NOT_FOUND;
  if (ppPackageInfo == nullptr) return SEC_E_INVALID_TOKEN;
  *ppPackageInfo = Unconst<SecPkgInfoW>(InfoOf(*package, kFormW));
  return SEC_E_OK;
}
