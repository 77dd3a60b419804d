// SPDX-License-Identifier: Apache-2.0
// Which cipher suites, groups, signatures and versions mbed TLS may use.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/schannel/algorithms.h"

namespace baresspi::schannel {
namespace {

#if defined(MBEDTLS_SSL_PROTO_TLS1_2)
constexpr ULONG kTls12 = SP_PROT_TLS1_2_SERVER;
#else
constexpr ULONG kTls12 = 0;
#endif
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
constexpr ULONG kTls13 = SP_PROT_TLS1_3_SERVER;
#else
constexpr ULONG kTls13 = 0;
#endif

// Groups, and signatures by what they are made of. Those that mbed TLS was built without are left out: its
// configuration in 3.6 has other names than in 4.x.
struct Choice {
  uint16_t number;  // IANA's
  uint16_t bits;    // of Algorithm, from kShift on
};
constexpr unsigned kShift = 6;
constexpr uint16_t Shifted(uint32_t bits) {
  return static_cast<uint16_t>(bits >> kShift);
}
static_assert(kSha1 == 1U << kShift && kX25519 >> kShift <= UINT16_MAX);

// Best first; the first group is the one that a TLS 1.3 client makes a key for at once.
constexpr Choice kGroups[] = {
#if defined(MBEDTLS_ECP_DP_SECP256R1_ENABLED) || defined(PSA_WANT_ECC_SECP_R1_256)
    {MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, Shifted(kP256)},
#endif
#if defined(MBEDTLS_ECP_DP_CURVE25519_ENABLED) || defined(PSA_WANT_ECC_MONTGOMERY_255)
    {MBEDTLS_SSL_IANA_TLS_GROUP_X25519, Shifted(kX25519)},
#endif
#if defined(MBEDTLS_ECP_DP_SECP384R1_ENABLED) || defined(PSA_WANT_ECC_SECP_R1_384)
    {MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, Shifted(kP384)},
#endif
#if defined(MBEDTLS_ECP_DP_SECP521R1_ENABLED) || defined(PSA_WANT_ECC_SECP_R1_521)
    {MBEDTLS_SSL_IANA_TLS_GROUP_SECP521R1, Shifted(kP521)},
#endif
};
#if defined(MBEDTLS_ECDSA_C) || defined(PSA_WANT_ALG_ECDSA)
#define BARESSPI_ECDSA_
#endif
#if defined(MBEDTLS_RSA_C) || defined(PSA_WANT_ALG_RSA_PKCS1V15_SIGN)
#define BARESSPI_RSA_
#endif
#if defined(MBEDTLS_SHA384_C) || defined(PSA_WANT_ALG_SHA_384)
#define BARESSPI_SHA384_
#endif
#if defined(MBEDTLS_SHA512_C) || defined(PSA_WANT_ALG_SHA_512)
#define BARESSPI_SHA512_
#endif
// SignatureScheme (RFC 8446 4.2.3): a hash's number and 3 (ECDSA) or 1 (RSA), or 8 and a hash's number
// (RSA-PSS). PKCS #1 before PSS: mbed TLS's TLS 1.2 does not take PSS from a server, which may choose it of
// what both versions are offered together.
constexpr Choice kSignatures[] = {
#if defined(BARESSPI_ECDSA_)
    {0x0403, Shifted(kEcdsaSign | kSha256)},
#endif
#if defined(BARESSPI_ECDSA_) && defined(BARESSPI_SHA384_)
    {0x0503, Shifted(kEcdsaSign | kSha384)},
#endif
#if defined(BARESSPI_ECDSA_) && defined(BARESSPI_SHA512_)
    {0x0603, Shifted(kEcdsaSign | kSha512)},
#endif
#if defined(BARESSPI_RSA_)
    {0x0401, Shifted(kRsaSign | kSha256)},   {0x0804, Shifted(kRsaSign | kSha256)},
#endif
#if defined(BARESSPI_RSA_) && defined(BARESSPI_SHA384_)
    {0x0501, Shifted(kRsaSign | kSha384)},   {0x0805, Shifted(kRsaSign | kSha384)},
#endif
#if defined(BARESSPI_RSA_) && defined(BARESSPI_SHA512_)
    {0x0601, Shifted(kRsaSign | kSha512)},   {0x0806, Shifted(kRsaSign | kSha512)},
#endif
};

// Whether the compiler knows that mbed TLS has all of kSuites: these have no #if of their own there.
constexpr bool kHasAllSuites =
#if defined(MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED) && defined(MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED) && \
    defined(MBEDTLS_AES_C) && defined(MBEDTLS_GCM_C) && defined(MBEDTLS_SHA256_C) &&                        \
    defined(BARESSPI_SHA384_)
    true;
#else
    false;
#endif

template <typename T, size_t N>
constexpr size_t CountOf(const T (&)[N]) {
  return N;
}

// What mbed TLS reads, zero-terminated, and at last the signatures as queries give them.
struct Lists {
  int suites[CountOf(kSuites) + 1];
  uint16_t groups[CountOf(kGroups) + 1];
  uint16_t signatures[CountOf(kSignatures) + 1];
#if BARESSPI_SCHANNEL_ALL_QUERIES
  uint16_t turned[CountOf(kSignatures) + 1];
#endif
};

template <size_t N>
uint16_t* Choose(const Choice (&choices)[N], uint32_t allowed, uint16_t* to) {
  for (const Choice& choice : choices) {
    if ((choice.bits & ~(allowed >> kShift)) == 0) *to++ = choice.number;
  }
  return to;
}

}  // namespace

uint32_t SuiteBits(const SchannelContext& context) {
  const int number = mbedtls_ssl_get_ciphersuite_id_from_ssl(&context.ssl);
  for (const Suite& suite : kSuites) {
    if (suite.number == number) return suite.bits;
  }
  return 0;
}

bool ConfigureAlgorithms(SchannelContext& context, const SchannelCredential& credential) {
  auto* const lists = static_cast<Lists*>(context.arena.Allocate(sizeof(Lists)));
  if (lists == nullptr) return false;
  const ULONG protocols = IsInitiator(context) ? credential.protocols >> 1 : credential.protocols;
  uint32_t allowed = credential.algorithms;
  Choose(kSignatures, allowed, lists->signatures);
#if BARESSPI_SCHANNEL_ALL_QUERIES
  for (size_t i = 0; i < CountOf(kSignatures); ++i)
    lists->turned[i] = __builtin_bswap16(lists->signatures[i]);
  context.signatures = lists->turned;
#endif
  if (Choose(kGroups, allowed, lists->groups) == lists->groups) allowed &= ~uint32_t{kEcdhe};

  ULONG versions = 0;
  int* next = lists->suites;
  for (const Suite& suite : kSuites) {
    const ULONG version = protocols & ((suite.bits & kTls13Suite) != 0 ? kTls13 : kTls12);
    if (version == 0 || (suite.bits & ~(allowed | kTls13Suite)) != 0) continue;
    // Its name begins with "TLS" when mbed TLS has it.
    if (!kHasAllSuites && mbedtls_ssl_get_ciphersuite_name(suite.number)[0] != 'T') continue;
    versions |= version;
    *next++ = suite.number;
  }
  if (versions == 0 || lists->signatures[0] == 0) return false;
  mbedtls_ssl_conf_ciphersuites(&context.conf, lists->suites);
  mbedtls_ssl_conf_groups(&context.conf, lists->groups);
  mbedtls_ssl_conf_sig_algs(&context.conf, lists->signatures);
  mbedtls_ssl_conf_min_tls_version(
      &context.conf, (versions & kTls12) != 0 ? MBEDTLS_SSL_VERSION_TLS1_2 : MBEDTLS_SSL_VERSION_TLS1_3);
  mbedtls_ssl_conf_max_tls_version(
      &context.conf, (versions & kTls13) != 0 ? MBEDTLS_SSL_VERSION_TLS1_3 : MBEDTLS_SSL_VERSION_TLS1_2);
  return true;
}

}  // namespace baresspi::schannel

#endif
