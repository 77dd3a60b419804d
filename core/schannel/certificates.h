// SPDX-License-Identifier: Apache-2.0
// What is asked of certificates beyond context.h.
#pragma once

#include "core/base/der.h"
#include "core/schannel/context.h"

namespace baresspi::schannel {

// Whether these octets are one DER SEQUENCE, and nothing else: a certificate or key that is not PEM. (That
// the last octet is no zero does not tell, since DER may end in one.)
bool IsDer(const Bytes& octets);

// Whether all certificates of a store can be parsed: SEC_E_OK, SEC_E_UNKNOWN_CREDENTIALS,
// SEC_E_UNSUPPORTED_FUNCTION (PEM that mbed TLS was built without). Inside of a TlsScope; nothing is kept.
[[nodiscard]] SECURITY_STATUS CheckAnchors(const BARESSPI_CERT_STORE* anchors);

}  // namespace baresspi::schannel
