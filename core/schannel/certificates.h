// SPDX-License-Identifier: Apache-2.0
// What is asked of certificates beyond context.h.
#pragma once

#include "core/schannel/context.h"

namespace baresspi::schannel {

// Whether all of the credential's trust anchors can be parsed: SEC_E_OK, SEC_E_UNKNOWN_CREDENTIALS,
// SEC_E_UNSUPPORTED_FUNCTION (no DER, and mbed TLS was built without PEM). Inside of a TlsScope; nothing is
// kept.
[[nodiscard]] SECURITY_STATUS CheckAnchors(SchannelContext& context);

}  // namespace baresspi::schannel
