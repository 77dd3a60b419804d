// SPDX-License-Identifier: Apache-2.0
// What mbed TLS 3.6 and 4.x do differently: one file a version implements it (mbedtls3.cpp).
#pragma once

#include <baresspi/sspi.h>
#include <mbedtls/ssl.h>

#include "core/base/span.h"

namespace baresspi::schannel {

// Where a configuration gets its random octets: the port. And how long mbed TLS computes at a stretch
// (BARESSPI_SCHANNEL_MAX_OPS), which it keeps for all.
void ConfigureRandom(mbedtls_ssl_config& conf);

// The hash that an object identifier names, or a signature with it is made of. MBEDTLS_MD_NONE: that of
// RSASSA-PSS, whose parameters say it. False: it is none that mbed TLS knows.
[[nodiscard]] bool HashOf(const mbedtls_asn1_buf& oid, mbedtls_md_type_t* hash);

// ---- Private keys. Inside of a TlsScope. ----
// Parses a key that is not encrypted. False: it is none that mbed TLS reads.
[[nodiscard]] bool ParseKey(mbedtls_pk_context& key, const Bytes& octets);
// Whether a key is the public key's.
[[nodiscard]] bool IsPair(const mbedtls_pk_context& public_key, const mbedtls_pk_context& key);
// Makes a key of one that lies in a secure element, where reference leads to and whose public half this is.
// SEC_E_UNSUPPORTED_FUNCTION: mbed TLS has no way to such a key, as it was built. See the .cpp for what there
// is.
[[nodiscard]] SECURITY_STATUS BindElementKey(mbedtls_pk_context& key, const mbedtls_pk_context& public_key,
                                             const void* reference);

}  // namespace baresspi::schannel
