// SPDX-License-Identifier: Apache-2.0
// Cipher suites as bits of Algorithm.
#pragma once

#include "core/schannel/context.h"

namespace baresspi::schannel {

// In SuiteBits beside the bits of Algorithm: a suite of TLS 1.3.
constexpr uint32_t kTls13Suite = 1U << 31;

// What a cipher suite is made of, by mbed TLS's name for it: IANA's with hyphens, which begins with "TLS1-3-" for
// TLS 1.3. Suites of TLS 1.3 have kEcdhe, since no others are agreed on here. 0: one that is never offered (PSK,
// anonymous, NULL, RC4, 3DES, ARIA, Camellia, and CCM with tags of 64 bits).
uint32_t SuiteBits(const char* name);
// Of the suite in use.
inline uint32_t SuiteBits(const SchannelContext& context) {
  return SuiteBits(mbedtls_ssl_get_ciphersuite(&context.ssl));
}

}  // namespace baresspi::schannel
