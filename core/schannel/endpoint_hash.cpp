// SPDX-License-Identifier: Apache-2.0
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include <mbedtls/md.h>

#include "core/base/der.h"
#include "core/base/memory.h"
#include "core/schannel/context.h"

namespace baresspi::schannel {
namespace {

// Object identifiers of algorithms, all but the last number.
constexpr uint8_t kPkcs1[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01};       // RFC 8017 A.2
constexpr uint8_t kEcdsaSha2[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03};         // RFC 5758 3.2
constexpr uint8_t kNistHashes[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};  // RFC 8017 A.2.4
constexpr uint8_t kEcdsa[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04};  // RFC 3279 2.2.3: with SHA-1
constexpr uint8_t kOiwHashes[] = {0x2B, 0x0E, 0x03, 0x02};          // SHA-1 among them
constexpr unsigned kMd5Rsa = 4;
constexpr unsigned kSha1Rsa = 5;
constexpr unsigned kPss = 10;
constexpr unsigned kSha256Rsa = 11;  // 384, 512, 224 follow

static_assert(MBEDTLS_MD_SHA256 == MBEDTLS_MD_SHA224 + 1 && MBEDTLS_MD_SHA512 == MBEDTLS_MD_SHA224 + 3);

// The last number of an identifier that begins like this; 0: it does not.
unsigned Last(const Bytes& oid, Bytes prefix) {
  if (oid.size() != prefix.size() + 1 || !Equal(oid.Sub(0, prefix.size()), prefix)) return 0;
  return oid[prefix.size()];
}

// 0 is SHA-256; 1, 2, 3 are SHA-384, SHA-512, SHA-224, as RSA's signatures and the hashes are numbered.
unsigned HashOf(unsigned number) {
  if (number == 3) return MBEDTLS_MD_SHA224;
  return number < 3 ? MBEDTLS_MD_SHA256 + number : unsigned{MBEDTLS_MD_NONE};
}

// parameters of RSASSA-PSS (RFC 8017 A.2.3): the hash is in [0], SHA-1 when there is none.
unsigned PssHash(const Bytes& parameters) {
  DerReader fields(parameters);
  Bytes level;
  if (!fields.Take(kDerContext0, &level)) return MBEDTLS_MD_SHA256;
  DerReader algorithm(level);
  if (!algorithm.Take(kDerSequence, &level)) return MBEDTLS_MD_NONE;
  DerReader parts(level);
  if (!parts.Take(kDerOid, &level)) return MBEDTLS_MD_NONE;
  if (Last(level, kOiwHashes) != 0) return MBEDTLS_MD_SHA256;
  return HashOf(Last(level, kNistHashes) - 1);
}

unsigned SignatureHash(const Bytes& oid, const Bytes& parameters) {
  unsigned last = Last(oid, kPkcs1);
  if (last == kPss) return PssHash(parameters);
  if (last == kMd5Rsa || last == kSha1Rsa || Last(oid, kEcdsa) == 1) return MBEDTLS_MD_SHA256;
  if (last >= kSha256Rsa) return HashOf(last - kSha256Rsa);
  last = Last(oid, kEcdsaSha2);
  return last - 1 < 4 ? MBEDTLS_MD_SHA224 + last - 1 : unsigned{MBEDTLS_MD_NONE};
}

}  // namespace

size_t EndpointHash(const Bytes& certificate, uint8_t (&out)[64]) {
  Bytes level;
  Bytes oid;
  Bytes parameters;
  DerReader whole(certificate);
  if (!whole.Take(kDerSequence, &level)) return 0;
  DerReader parts(level);
  if (!parts.Take(kDerSequence, &level) || !parts.Take(kDerSequence, &level)) return 0;
  DerReader algorithm(level);
  if (!algorithm.Take(kDerOid, &oid)) return 0;
  (void)algorithm.Take(kDerSequence, &parameters);
  const mbedtls_md_info_t* md =
      mbedtls_md_info_from_type(static_cast<mbedtls_md_type_t>(SignatureHash(oid, parameters)));
  if (md == nullptr || mbedtls_md(md, certificate.data(), certificate.size(), out) != 0) return 0;
  return mbedtls_md_get_size(md);
}

}  // namespace baresspi::schannel

#endif
