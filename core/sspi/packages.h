// SPDX-License-Identifier: Apache-2.0
// The packages that are configured in. What is not named here is not linked.
#pragma once

#include "config/baresspi_config.h"
#include "core/sspi/package.h"
#if BARESSPI_NEGOTIATE
#include "core/negotiate/package.h"
#endif
#if BARESSPI_NTLM
#include "core/ntlm/package.h"
#endif
#if BARESSPI_SCHANNEL
#include "core/schannel/package.h"
#endif

namespace baresspi {

// EnumerateSecurityPackages lists them in this order.
inline constexpr const Package* kPackages[] = {
#if BARESSPI_NEGOTIATE
    &negotiate::kPackage,
#endif
#if BARESSPI_NTLM
    &ntlm::kPackage,
#endif
#if BARESSPI_SCHANNEL
    &schannel::kPackage,
#endif
};
constexpr size_t kPackageCount = sizeof kPackages / sizeof kPackages[0];

// Those whose pools are no others': Negotiate's are its mechanism's.
inline constexpr const Package* kPoolOwners[] = {
#if BARESSPI_NTLM
    &ntlm::kPackage,
#endif
#if BARESSPI_SCHANNEL
    &schannel::kPackage,
#endif
};
constexpr size_t kPoolOwnerCount = sizeof kPoolOwners / sizeof kPoolOwners[0];

}  // namespace baresspi
