// SPDX-License-Identifier: Apache-2.0
// The mechanisms that Negotiate may choose among, of those that are configured in, the preferred one first.
#pragma once

#include "config/baresspi_config.h"
#include "core/sspi/mechanism.h"
#if BARESSPI_NTLM
#include "core/ntlm/mechanism.h"
#include "core/ntlm/protocol.h"
#endif

namespace baresspi {

constexpr const Mechanism* kMechanisms[] = {
#if BARESSPI_NTLM
    &ntlm::kMechanism,
#endif
};
#if BARESSPI_NEGOTIATE && !BARESSPI_NTLM
#error "Negotiate needs a mechanism"
#endif
#if BARESSPI_NTLM
constexpr ULONG kMaxMechanismToken = ntlm::kMaxToken;
#endif
constexpr size_t kMechanismCount = sizeof kMechanisms / sizeof kMechanisms[0];

// Of which Negotiate's are made: its credentials are the mechanism's own, its contexts begin with one. More
// mechanisms than one would make these types of all of them.
#if BARESSPI_NTLM
using MechanismCredential = ntlm::NtlmCredential;
using MechanismContext = ntlm::NtlmContext;
#endif

}  // namespace baresspi
