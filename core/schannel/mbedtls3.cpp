// SPDX-License-Identifier: Apache-2.0
// The bridge to mbed TLS 3.6.
//
// A key in a secure element: mbed TLS is built with MBEDTLS_ECDSA_SIGN_ALT, and the firmware (or the
// element's maker) brings the function that this leaves out, mbedtls_ecdsa_sign. Its argument d, the private
// key, is for such a key the address BARESSPI_CERT_STORE.Key as a number, which no key in use comes near:
// below 2^64. Keys on P-256 and P-384 alone; RSA has nothing like it that can do RSASSA-PSS.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include <mbedtls/ecp.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>

#include "core/schannel/bridge.h"
#include "core/schannel/context.h"

#if defined(MBEDTLS_PSA_CRYPTO_C) && !defined(MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG)
#error \
    "MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG is needed: a generator of PSA's own would lie in one connection's arena"
#endif

namespace baresspi::schannel {
namespace {

int Random(void*, unsigned char* out, size_t size) {
  return RandomOctets(out, size) ? 0 : MBEDTLS_ERR_SSL_HW_ACCEL_FAILED;
}

}  // namespace

void ConfigureRandom(mbedtls_ssl_config& conf) {
  mbedtls_ssl_conf_rng(&conf, Random, nullptr);
#if defined(MBEDTLS_ECP_RESTARTABLE) && BARESSPI_SCHANNEL_MAX_OPS > 0
  mbedtls_ecp_set_max_ops(BARESSPI_SCHANNEL_MAX_OPS);
#endif
}

bool HashOf(const mbedtls_asn1_buf& oid, mbedtls_md_type_t* hash) {
  mbedtls_pk_type_t key;
  return mbedtls_oid_get_sig_alg(&oid, hash, &key) == 0 || mbedtls_oid_get_md_alg(&oid, hash) == 0;
}

bool ParseKey(mbedtls_pk_context& key, const Bytes& octets) {
  return mbedtls_pk_parse_key(&key, octets.data(), octets.size(), nullptr, 0, Random, nullptr) == 0;
}

bool IsPair(const mbedtls_pk_context& public_key, const mbedtls_pk_context& key) {
  return mbedtls_pk_check_pair(&public_key, &key, Random, nullptr) == 0;
}

#if defined(MBEDTLS_ECDSA_SIGN_ALT)
SECURITY_STATUS BindElementKey(mbedtls_pk_context& key, const mbedtls_pk_context& public_key,
                               const void* reference) {
  if (!mbedtls_pk_can_do(&public_key, MBEDTLS_PK_ECKEY)) return SEC_E_UNSUPPORTED_FUNCTION;
  const auto address = reinterpret_cast<uintptr_t>(reference);
  uint8_t octets[48] = {};  // big-endian, as long as a key of the curve
  const size_t size = (mbedtls_pk_get_bitlen(&public_key) + 7) / 8;
  if (size > sizeof octets) return SEC_E_UNSUPPORTED_FUNCTION;
  for (size_t i = 0; i < sizeof address; ++i) octets[size - 1 - i] = static_cast<uint8_t>(address >> (8 * i));
  mbedtls_ecp_group group;
  mbedtls_ecp_point point;
  mbedtls_ecp_group_init(&group);
  mbedtls_ecp_point_init(&point);
  int error = mbedtls_ecp_export(mbedtls_pk_ec(public_key), &group, nullptr, &point);
  if (error == 0) error = mbedtls_pk_setup(&key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
  if (error == 0) {
    mbedtls_ecp_keypair* pair = mbedtls_pk_ec(key);
    error = mbedtls_ecp_read_key(group.id, pair, octets, size);
    if (error == 0) error = mbedtls_ecp_set_public_key(group.id, pair, &point);
  }
  mbedtls_ecp_point_free(&point);
  mbedtls_ecp_group_free(&group);
  return error == 0 ? SEC_E_OK : SEC_E_UNKNOWN_CREDENTIALS;
}
#else
SECURITY_STATUS BindElementKey(mbedtls_pk_context&, const mbedtls_pk_context&, const void*) {
  return SEC_E_UNSUPPORTED_FUNCTION;
}
#endif

}  // namespace baresspi::schannel

#endif
