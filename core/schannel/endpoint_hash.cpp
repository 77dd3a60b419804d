// SPDX-License-Identifier: Apache-2.0
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include <mbedtls/asn1.h>
#include <mbedtls/md.h>

#include "core/schannel/bridge.h"
#include "core/schannel/context.h"

namespace baresspi::schannel {

size_t EndpointHash(const mbedtls_x509_crt& certificate, uint8_t (&out)[64]) {
  // Behind what is signed stands by which algorithm (RFC 5280 4.1.1.2).
  uint8_t* at = certificate.tbs.p + certificate.tbs.len;
  mbedtls_asn1_buf algorithm;
  mbedtls_asn1_buf parameters;
  mbedtls_md_type_t hash;
  if (mbedtls_asn1_get_alg(&at, certificate.raw.p + certificate.raw.len, &algorithm, &parameters) != 0 ||
      !HashOf(algorithm, &hash)) {
    return 0;
  }
  if (hash == MBEDTLS_MD_NONE) {
    // RSASSA-PSS (RFC 8017 A.2.3): the hash is in [0], SHA-1 when there is none.
    constexpr int kTag = MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED;
    size_t size;
    at = parameters.p;
    if (mbedtls_asn1_get_tag(&at, at + parameters.len, &size, kTag) == 0 &&
        (mbedtls_asn1_get_alg(&at, at + size, &algorithm, &parameters) != 0 || !HashOf(algorithm, &hash))) {
      return 0;
    }
  }
  constexpr uint32_t kReplaced = 1U << MBEDTLS_MD_NONE | 1U << MBEDTLS_MD_MD5 | 1U << MBEDTLS_MD_SHA1;
  if ((kReplaced >> hash & 1) != 0) hash = MBEDTLS_MD_SHA256;
  const mbedtls_md_info_t* md = mbedtls_md_info_from_type(hash);
  if (md == nullptr || mbedtls_md(md, certificate.raw.p, certificate.raw.len, out) != 0) return 0;
  return mbedtls_md_get_size(md);
}

}  // namespace baresspi::schannel

#endif
