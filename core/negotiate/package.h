// SPDX-License-Identifier: Apache-2.0
// The Negotiate package as the table of packages names it.
#pragma once

#include "core/negotiate/writer.h"
#include "core/sspi/mechanisms.h"
#include "core/sspi/package.h"

namespace baresspi::negotiate {

extern const Package kPackage;

inline constexpr char kNameA[] = "Negotiate";
inline constexpr char kCommentA[] = "Microsoft Package Negotiator";
inline constexpr char16_t kNameW[] = u"Negotiate";
inline constexpr char16_t kCommentW[] = u"Microsoft Package Negotiator";

// What programs make their buffers of: no more than the largest token of a mechanism with ours around it.
constexpr ULONG kMaxToken = kMaxMechanismToken + Overhead(BARESSPI_NEGOTIATE_MECH_LIST_MAX);
constexpr ULONG kCapabilities = SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_CONNECTION |
                                SECPKG_FLAG_MULTI_REQUIRED | SECPKG_FLAG_EXTENDED_ERROR |
                                SECPKG_FLAG_IMPERSONATION | SECPKG_FLAG_ACCEPT_WIN32_NAME |
                                SECPKG_FLAG_NEGOTIABLE | SECPKG_FLAG_GSS_COMPATIBLE | SECPKG_FLAG_LOGON |
                                SECPKG_FLAG_READONLY_WITH_CHECKSUM;
constexpr unsigned short kRpcId = 9;  // RPC_C_AUTHN_GSS_NEGOTIATE

inline constexpr SecPkgInfoA kInfoA = {
    kCapabilities, 1, kRpcId, kMaxToken, const_cast<SEC_CHAR*>(kNameA), const_cast<SEC_CHAR*>(kCommentA)};
inline constexpr SecPkgInfoW kInfoW = {
    kCapabilities, 1, kRpcId, kMaxToken, const_cast<SEC_WCHAR*>(kNameW), const_cast<SEC_WCHAR*>(kCommentW)};

}  // namespace baresspi::negotiate
