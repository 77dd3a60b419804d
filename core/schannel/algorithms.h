// SPDX-License-Identifier: Apache-2.0
// The cipher suites that may be used, as bits of Algorithm.
#pragma once

#include <mbedtls/ssl_ciphersuites.h>

#include "core/schannel/context.h"

namespace baresspi::schannel {

// Beside the bits of Algorithm: a suite of TLS 1.3. (No suite has bits of groups.)
constexpr uint16_t kTls13Suite = 1U << 15;

struct Suite {
  uint16_t number;  // IANA's
  uint16_t bits;
};

// Best first: AES-128 before AES-256, whose SHA-384 costs time and memory and defends against nothing known.
// What is not here is never offered: PSK, anonymous, NULL, RC4, 3DES, ARIA, Camellia, and CCM with tags of 64
// bits. What is here may still be out of mbed TLS.
inline constexpr Suite kSuites[] = {
    {MBEDTLS_TLS1_3_AES_128_GCM_SHA256, kTls13Suite | kEcdhe | kAes128 | kGcm | kSha256},
    {MBEDTLS_TLS1_3_AES_256_GCM_SHA384, kTls13Suite | kEcdhe | kAes256 | kGcm | kSha384},
    {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, kEcdhe | kEcdsaSign | kAes128 | kGcm | kSha256},
    {MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, kEcdhe | kRsaSign | kAes128 | kGcm | kSha256},
    {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, kEcdhe | kEcdsaSign | kAes256 | kGcm | kSha384},
    {MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, kEcdhe | kRsaSign | kAes256 | kGcm | kSha384},
#if defined(MBEDTLS_CHACHAPOLY_C) || defined(PSA_WANT_ALG_CHACHA20_POLY1305)
    {MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256, kTls13Suite | kEcdhe | kChaCha20 | kSha256},
    {MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, kEcdhe | kEcdsaSign | kChaCha20 | kSha256},
    {MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, kEcdhe | kRsaSign | kChaCha20 | kSha256},
#endif
#if defined(MBEDTLS_CCM_C) || defined(PSA_WANT_ALG_CCM)
    {MBEDTLS_TLS1_3_AES_128_CCM_SHA256, kTls13Suite | kEcdhe | kAes128 | kCcm | kSha256},
    {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CCM, kEcdhe | kEcdsaSign | kAes128 | kCcm | kSha256},
    {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_CCM, kEcdhe | kEcdsaSign | kAes256 | kCcm | kSha256},
#endif
#if defined(MBEDTLS_KEY_EXCHANGE_DHE_RSA_ENABLED)
    {MBEDTLS_TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, kDhe | kRsaSign | kAes128 | kGcm | kSha256},
    {MBEDTLS_TLS_DHE_RSA_WITH_AES_256_GCM_SHA384, kDhe | kRsaSign | kAes256 | kGcm | kSha384},
#endif
#if defined(MBEDTLS_CIPHER_MODE_CBC) || defined(PSA_WANT_ALG_CBC_NO_PADDING)
    {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, kEcdhe | kEcdsaSign | kAes128 | kCbc | kSha256},
    {MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, kEcdhe | kRsaSign | kAes128 | kCbc | kSha256},
    {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, kEcdhe | kEcdsaSign | kAes256 | kCbc | kSha384},
    {MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384, kEcdhe | kRsaSign | kAes256 | kCbc | kSha384},
#if defined(MBEDTLS_SHA1_C) || defined(PSA_WANT_ALG_SHA_1)
    {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, kEcdhe | kEcdsaSign | kAes128 | kCbc | kSha1},
    {MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, kEcdhe | kRsaSign | kAes128 | kCbc | kSha1},
    {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, kEcdhe | kEcdsaSign | kAes256 | kCbc | kSha1},
    {MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, kEcdhe | kRsaSign | kAes256 | kCbc | kSha1},
#endif
#endif
#if defined(MBEDTLS_KEY_EXCHANGE_RSA_ENABLED)
    {MBEDTLS_TLS_RSA_WITH_AES_128_GCM_SHA256, kRsaKeyExchange | kAes128 | kGcm | kSha256},
    {MBEDTLS_TLS_RSA_WITH_AES_256_GCM_SHA384, kRsaKeyExchange | kAes256 | kGcm | kSha384},
#if defined(MBEDTLS_CIPHER_MODE_CBC) || defined(PSA_WANT_ALG_CBC_NO_PADDING)
    {MBEDTLS_TLS_RSA_WITH_AES_128_CBC_SHA256, kRsaKeyExchange | kAes128 | kCbc | kSha256},
    {MBEDTLS_TLS_RSA_WITH_AES_256_CBC_SHA256, kRsaKeyExchange | kAes256 | kCbc | kSha256},
#endif
#endif
};

// What some suite has. Questions for other bits are answered by the compiler.
constexpr uint32_t AllSuiteBits() {
  uint32_t bits = 0;
  for (const Suite& suite : kSuites) bits |= suite.bits;
  return bits;
}
inline bool Has(uint32_t suite, uint32_t bit) {
  constexpr uint32_t kAll = AllSuiteBits();
  return (suite & bit & kAll) != 0;
}

// Of the suite in use. 0: none is.
uint32_t SuiteBits(const SchannelContext& context);

}  // namespace baresspi::schannel
