// SPDX-License-Identifier: Apache-2.0
// The Schannel package as the table of packages names it.
#pragma once

#include <baresspi/schannel.h>

#include "core/sspi/package.h"

namespace baresspi::schannel {

extern const Package kPackage;

// The most octets that one call of a handshake sends: a certificate message as large as mbed TLS's buffer for
// output, and the messages around it.
constexpr ULONG kMaxToken = BARESSPI_SCHANNEL_MAX_TOKEN;

// SecPkgInfo has no const; the strings are never written.
inline constexpr char kNameA[] = SCHANNEL_NAME_A;
inline constexpr char kInfoNameA[] = UNISP_NAME_A;
inline constexpr char kCommentA[] = "Schannel Security Package";
inline constexpr char16_t kInfoNameW[] = UNISP_NAME_W;
inline constexpr char16_t kCommentW[] = u"Schannel Security Package";

constexpr ULONG kCapabilities = SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_CONNECTION |
                                SECPKG_FLAG_MULTI_REQUIRED | SECPKG_FLAG_EXTENDED_ERROR |
                                SECPKG_FLAG_IMPERSONATION | SECPKG_FLAG_ACCEPT_WIN32_NAME |
                                SECPKG_FLAG_STREAM | SECPKG_FLAG_MUTUAL_AUTH;

inline constexpr SecPkgInfoA kInfoA = {kCapabilities,
                                       1,
                                       UNISP_RPC_ID,
                                       kMaxToken,
                                       const_cast<SEC_CHAR*>(kInfoNameA),
                                       const_cast<SEC_CHAR*>(kCommentA)};
inline constexpr SecPkgInfoW kInfoW = {kCapabilities,
                                       1,
                                       UNISP_RPC_ID,
                                       kMaxToken,
                                       const_cast<SEC_WCHAR*>(kInfoNameW),
                                       const_cast<SEC_WCHAR*>(kCommentW)};

}  // namespace baresspi::schannel
