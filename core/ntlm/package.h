// SPDX-License-Identifier: Apache-2.0
// The NTLM package as the table of packages names it.
#pragma once

#include "core/ntlm/protocol.h"
#include "core/sspi/package.h"

namespace baresspi::ntlm {

extern const Package kPackage;

// SecPkgInfo has no const; the strings are never written.
inline constexpr char kNameA[] = "NTLM";
inline constexpr char kCommentA[] = "NTLM Security Package";
inline constexpr char16_t kNameW[] = u"NTLM";
inline constexpr char16_t kCommentW[] = u"NTLM Security Package";

constexpr ULONG kCapabilities = SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_TOKEN_ONLY |
                                SECPKG_FLAG_DATAGRAM | SECPKG_FLAG_CONNECTION | SECPKG_FLAG_MULTI_REQUIRED |
                                SECPKG_FLAG_IMPERSONATION | SECPKG_FLAG_ACCEPT_WIN32_NAME |
                                SECPKG_FLAG_NEGOTIABLE | SECPKG_FLAG_READONLY_WITH_CHECKSUM;
constexpr unsigned short kRpcId = 10;  // RPC_C_AUTHN_WINNT

inline constexpr SecPkgInfoA kInfoA = {
    kCapabilities, 1, kRpcId, kMaxToken, const_cast<SEC_CHAR*>(kNameA), const_cast<SEC_CHAR*>(kCommentA)};
inline constexpr SecPkgInfoW kInfoW = {
    kCapabilities, 1, kRpcId, kMaxToken, const_cast<SEC_WCHAR*>(kNameW), const_cast<SEC_WCHAR*>(kCommentW)};

}  // namespace baresspi::ntlm
