// SPDX-License-Identifier: Apache-2.0
// NTLM as a mechanism of Negotiate. In a header, so that with one mechanism the compiler sees through the
// table: calls are direct then, and no table is left.
#pragma once

#include "core/ntlm/context.h"
#include "core/ntlm/package.h"
#include "core/sspi/mechanism.h"

namespace baresspi::ntlm {

inline constexpr uint8_t kOid[] = {0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04,
                                   0x01, 0x82, 0x37, 0x02, 0x02, 0x0A};  // 1.3.6.1.4.1.311.2.2.10

// With a MIC in the AUTHENTICATE both sides are to sign the list, unless signing was not agreed on.
inline ListProtection ProtectionOfList(const Context& base) {
  constexpr uint32_t kBoth = kUsedMic | kNegotiateSign;
  const uint32_t flags = static_cast<const NtlmContext&>(base).flags;
  if ((flags & kAnonymous) != 0) return ListProtection::kImpossible;
  return (flags & kBoth) == kBoth ? ListProtection::kDue : ListProtection::kPossible;
}

inline constexpr Mechanism kMechanism = {
    .name = kNameA,
    .oid = kOid,
    .acquire = Acquire,
#if BARESSPI_NTLM_CLIENT
    .initialize = Initialize,
#else
    .initialize = nullptr,
#endif
#if BARESSPI_NTLM_SERVER
    .accept = Accept,
#else
    .accept = nullptr,
#endif
    .query_context = QueryContext,
    .query_credential = QueryCredential,
    .set_credential = SetCredential,
    .protect = Protect,
#if BARESSPI_NTLM_SERVER
    .query_token = QueryToken,
#else
    .query_token = nullptr,
#endif
    .list_protection = ProtectionOfList,
    .restart_ciphers = RestartCiphers,
};

}  // namespace baresspi::ntlm
