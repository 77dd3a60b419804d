// SPDX-License-Identifier: Apache-2.0
// Is the caller who he says he is? ([MS-NLMP] 3.2.5.1.2, 3.3.2.)
#pragma once

#include "core/ntlm/av_pair.h"
#include "core/ntlm/context.h"
#include "core/ntlm/messages.h"

namespace baresspi::ntlm {

// Empty user, empty NT response, LM response of Z(1) or none.
[[nodiscard]] bool IsAnonymous(const AuthenticateMessage& message);

// Asks the authority and checks the NTLMv2 response. SEC_E_OK: session_key holds the KeyExchangeKey, user_id
// is set, *pairs are the client's AV_PAIRs. SEC_E_LOGON_DENIED: wrong password and unknown user alike, after
// the same work. SEC_E_NO_AUTHENTICATING_AUTHORITY, SEC_E_INVALID_TOKEN.
[[nodiscard]] SECURITY_STATUS ValidateLogon(NtlmContext& context, const AuthenticateMessage& message,
                                            AvPairs* pairs);

}  // namespace baresspi::ntlm
