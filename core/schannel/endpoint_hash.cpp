// SPDX-License-Identifier: Apache-2.0
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include <mbedtls/md.h>

#include "core/base/der.h"
#include "core/schannel/context.h"
#include "core/schannel/fnv.h"

namespace baresspi::schannel {
namespace {

// Object identifiers are known by the hash of all but their last number. A certificate with a made-up one
// gets a hash that nobody else computes.
template <size_t N>
constexpr uint32_t Family(const uint8_t (&prefix)[N]) {
  uint32_t hash = kFnvStart;
  for (const uint8_t octet : prefix) hash = FnvStep(hash, octet);
  return hash;
}
constexpr uint32_t kPkcs1 = Family({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01});  // RFC 8017 A.2
constexpr uint32_t kEcdsaSha2 = Family({0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03});    // RFC 5758 3.2
constexpr uint32_t kEcdsaSha1 = Family({0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04});          // RFC 3279 2.2.3
constexpr uint32_t kSha2 = Family({0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02});   // RFC 8017 A.2.4
constexpr uint32_t kSha1Alone = Family({0x2B, 0x0E, 0x03, 0x02});

// 0 to 3: SHA-256, SHA-384, SHA-512, SHA-224, as RSA's signatures and the hashes themselves are numbered;
// with SHA-256 in the place of MD5 and SHA-1. kPss: the parameters say. Others: none of these.
constexpr unsigned kNone = 4;
constexpr unsigned kPss = UINT32_MAX;

unsigned HashOf(const Bytes& oid) {
  uint32_t family = kFnvStart;
  unsigned last = 0;
  for (size_t i = 0; i < oid.size(); ++i) {
    if (i != 0) family = FnvStep(family, last);
    last = oid[i];
  }
  switch (family) {
    case kPkcs1:  // 4 and 5 are MD5 and SHA-1, 10 is PSS
      return last == 4 || last == 5 ? 0 : last - 11;
    case kEcdsaSha2:  // SHA-224 comes first
      return last == 1 ? 3 : last - 2;
    case kSha2:
      return last - 1;
    case kEcdsaSha1:
    case kSha1Alone:
      return 0;
    default:
      return kNone;
  }
}

// The content of a level's n-th element; empty: there are fewer.
Bytes Part(Bytes level, unsigned n) {
  Bytes content;
  do {
    if (DerNext(&level, &content) < 0) return {};
  } while (n-- != 0);
  return content;
}

}  // namespace

size_t EndpointHash(const Bytes& certificate, uint8_t (&out)[64]) {
  const Bytes algorithm = Part(Part(certificate, 0), 1);
  unsigned hash = HashOf(Part(algorithm, 0));
  if (hash == kPss) {
    // RFC 8017 A.2.3: the hash is in [0], SHA-1 when there is none.
    const Bytes parameters = Part(algorithm, 1);
    const bool has_hash = !parameters.empty() && parameters[0] == kDerContext0;
    hash = has_hash ? HashOf(Part(Part(Part(parameters, 0), 0), 0)) : 0;
  }
  static_assert(MBEDTLS_MD_SHA256 == MBEDTLS_MD_SHA224 + 1 && MBEDTLS_MD_SHA512 == MBEDTLS_MD_SHA224 + 3);
  if (hash >= kNone) return 0;
  const auto type = static_cast<mbedtls_md_type_t>(MBEDTLS_MD_SHA224 + ((hash + 1) & 3));
  const mbedtls_md_info_t* md = mbedtls_md_info_from_type(type);
  if (md == nullptr || mbedtls_md(md, certificate.data(), certificate.size(), out) != 0) return 0;
  return mbedtls_md_get_size(md);
}

}  // namespace baresspi::schannel

#endif
