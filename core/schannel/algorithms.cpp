// SPDX-License-Identifier: Apache-2.0
// Which cipher suites, groups, signatures and versions mbed TLS may use.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/schannel/algorithms.h"

namespace baresspi::schannel {
namespace {

// The parts of a suite's name. The first ones stand where their bits of Algorithm do; kRsaSign has no word of
// its own.
constexpr char kWords[] =
    "128 256 CHACHA20 GCM CCM CBC SHA SHA256 SHA384 SHA512 RSA DHE ECDHE / ECDSA TLS1 3 TLS WITH AES POLY1305 ";
constexpr uint32_t kTls1Word = kEcdsaSign << 1;
constexpr uint32_t kInSuites = kTls1Word - 1;
static_assert(kAes128 == 1U << 0 && kSha1 == 1U << 6 && kEcdhe == 1U << 12 && kEcdsaSign == 1U << 14);

constexpr uint32_t kHashes = kSha1 | kSha256 | kSha384 | kSha512;
constexpr uint32_t kGroups = kP256 | kP384 | kP521 | kX25519;

// What mbed TLS was built with, of groups, and of what signatures are made of: its configuration in 3.6 has other
// names than in 4.x.
constexpr uint32_t kBuiltIn =
#if defined(MBEDTLS_ECP_DP_SECP256R1_ENABLED) || defined(PSA_WANT_ECC_SECP_R1_256)
    kP256 |
#endif
#if defined(MBEDTLS_ECP_DP_SECP384R1_ENABLED) || defined(PSA_WANT_ECC_SECP_R1_384)
    kP384 |
#endif
#if defined(MBEDTLS_ECP_DP_SECP521R1_ENABLED) || defined(PSA_WANT_ECC_SECP_R1_521)
    kP521 |
#endif
#if defined(MBEDTLS_ECP_DP_CURVE25519_ENABLED) || defined(PSA_WANT_ECC_MONTGOMERY_255)
    kX25519 |
#endif
#if defined(MBEDTLS_SHA256_C) || defined(PSA_WANT_ALG_SHA_256)
    kSha256 |
#endif
#if defined(MBEDTLS_SHA384_C) || defined(PSA_WANT_ALG_SHA_384)
    kSha384 |
#endif
#if defined(MBEDTLS_SHA512_C) || defined(PSA_WANT_ALG_SHA_512)
    kSha512 |
#endif
#if defined(MBEDTLS_ECDSA_C) || defined(PSA_WANT_ALG_ECDSA)
    kEcdsaSign |
#endif
#if defined(MBEDTLS_RSA_C) || defined(PSA_WANT_ALG_RSA_PKCS1V15_SIGN)
    kRsaSign |
#endif
    0;

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

// By preference; the first group is the one that a TLS 1.3 client has a key for at once.
constexpr uint16_t kGroupNumbers[] = {MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
                                      MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, MBEDTLS_SSL_IANA_TLS_GROUP_SECP521R1};
// SignatureScheme (RFC 8446 4.2.3): a hash's number and 1 (RSA) or 3 (ECDSA), or 8 and a hash's number (RSA-PSS).
constexpr uint16_t kSignatures[] = {0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601};
constexpr size_t kSignatureCount = sizeof kSignatures / sizeof kSignatures[0];
constexpr unsigned kPss = 8;

uint32_t GroupBit(uint16_t number) {
  // 23, 24, 25 are the NIST curves, 29 is X25519.
  return number == MBEDTLS_SSL_IANA_TLS_GROUP_X25519 ? uint32_t{kX25519}
                                                     : kP256 << (number - MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1);
}

uint32_t SignatureBits(uint16_t scheme) {
  const unsigned first = scheme >> 8;
  const unsigned second = scheme & 0xFF;
  const unsigned hash = first == kPss ? second : first;
  return (kSha256 << (hash - 4)) | (second == 3 ? kEcdsaSign : kRsaSign);
}

bool Allows(uint32_t allowed, uint32_t bits) {
  return bits != 0 && (bits & ~allowed) == 0;
}

}  // namespace

uint32_t SuiteBits(const char* name) {
  uint32_t bits = 0;
  while (*name != 0) {
    const char* word = kWords;
    for (uint32_t bit = 1;; bit <<= 1) {
      size_t i = 0;
      while (word[i] != ' ' && word[i] == name[i]) ++i;
      if (word[i] == ' ' && (name[i] == '-' || name[i] == 0)) {
        bits |= bit;
        name += name[i] == 0 ? i : i + 1;
        break;
      }
      while (*word++ != ' ') {
      }
      if (*word == 0) return 0;
    }
  }
  if ((bits & kRsaKeyExchange) != 0 && (bits & (kDhe | kEcdhe)) != 0) bits ^= kRsaKeyExchange | kRsaSign;
  if ((bits & kHashes) == 0) bits |= kSha256;  // CCM's in TLS 1.2, which names none
  return (bits & kInSuites) | ((bits & kTls1Word) != 0 ? kTls13Suite | kEcdhe : 0);
}

bool ConfigureAlgorithms(SchannelContext& context, const SchannelCredential& credential) {
  mbedtls_ssl_config& conf = context.conf;
  const ULONG protocols = (IsInitiator(context) ? credential.protocols >> 1 : credential.protocols) & (kTls12 | kTls13);
  uint32_t allowed = credential.algorithms & (kBuiltIn | ~(kGroups | kRsaSign | kEcdsaSign));
  if ((allowed & kGroups) == 0) allowed &= ~uint32_t{kEcdhe};
  if ((protocols & kTls13) != 0) allowed |= kTls13Suite;

  // The suites are counted first, then written. In one block: suites, groups, signatures, and those as queries
  // give them.
  ULONG versions = 0;
  int* suites = nullptr;
  size_t count;
  for (;;) {
    count = 0;
    for (const int* suite = mbedtls_ssl_list_ciphersuites(); *suite != 0; ++suite) {
      const uint32_t bits = SuiteBits(mbedtls_ssl_get_ciphersuite_name(*suite));
      const ULONG version = protocols & ((bits & kTls13Suite) != 0 ? kTls13 : kTls12);
      if (version == 0 || !Allows(allowed, bits)) continue;
      versions |= version;
      if (suites != nullptr) suites[count] = *suite;
      ++count;
    }
    if (suites != nullptr || count == 0) break;
    suites = static_cast<int*>(context.arena.Allocate((count + 1) * sizeof(int) + sizeof kGroupNumbers + sizeof(uint16_t) +
                                                      2 * (sizeof kSignatures + sizeof(uint16_t))));
    if (suites == nullptr) break;
  }
  if (suites == nullptr) return false;

  auto* const groups = reinterpret_cast<uint16_t*>(suites + count + 1);
  uint16_t* next = groups;
  for (const uint16_t number : kGroupNumbers) {
    if (Allows(allowed & kBuiltIn, GroupBit(number))) *next++ = number;
  }
  uint16_t* const signatures = ++next;
  for (const uint16_t scheme : kSignatures) {
    if (!Allows(allowed & kBuiltIn, SignatureBits(scheme))) continue;
    if ((versions & kTls13) == 0 && scheme >> 8 == kPss) continue;  // mbed TLS's TLS 1.2 has no PSS
    next[kSignatureCount + 1] = static_cast<uint16_t>(scheme << 8 | scheme >> 8);
    *next++ = scheme;
  }
  if (next == signatures) return false;
  context.signatures = signatures + kSignatureCount + 1;

  mbedtls_ssl_conf_ciphersuites(&conf, suites);
  mbedtls_ssl_conf_groups(&conf, groups);
  mbedtls_ssl_conf_sig_algs(&conf, signatures);
  mbedtls_ssl_conf_min_tls_version(&conf,
                                   (versions & kTls12) != 0 ? MBEDTLS_SSL_VERSION_TLS1_2 : MBEDTLS_SSL_VERSION_TLS1_3);
  mbedtls_ssl_conf_max_tls_version(&conf,
                                   (versions & kTls13) != 0 ? MBEDTLS_SSL_VERSION_TLS1_3 : MBEDTLS_SSL_VERSION_TLS1_2);
  return true;
}

}  // namespace baresspi::schannel

#endif
