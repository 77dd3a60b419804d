// SPDX-License-Identifier: Apache-2.0
// Application protocols: SECBUFFER_APPLICATION_PROTOCOLS to mbed TLS's list (ALPN, RFC 7301).
#pragma once

#include "core/schannel/context.h"

namespace baresspi::schannel {

// Those of the first call's buffers, if there are any; the list lies in the arena. SEC_E_OK;
// SEC_E_INVALID_TOKEN: malformed; SEC_E_UNSUPPORTED_FUNCTION: another extension than ALPN, or mbed TLS has
// none; SEC_E_INTERNAL_ERROR. Inside of a TlsScope.
[[nodiscard]] SECURITY_STATUS ConfigureProtocols(SchannelContext& context, const SecBufferDesc* buffers);

}  // namespace baresspi::schannel
