// SPDX-License-Identifier: Apache-2.0
// Which hash tls-server-end-point is (RFC 5929 4.1), by the algorithm that a certificate was signed with.
#include <mbedtls/md.h>

#include "core/base/der.h"
#include "core/schannel/context.h"
#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

using baresspi::Bytes;
using baresspi::DerOpen;
using baresspi::DerTake;
using baresspi::kDerSequence;
using baresspi::schannel::EndpointHash;

Octets Der(uint8_t tag, const Octets& content) {
  Octets element = {tag};
  if (content.size() >= 128) element.push_back(0x81);
  element.push_back(static_cast<uint8_t>(content.size()));
  element.insert(element.end(), content.begin(), content.end());
  return element;
}
Octets Join(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
Octets Sequence(std::initializer_list<Octets> parts) {
  return Der(0x30, Join(parts));
}
Octets Null() {
  return {5, 0};
}

// As much of a certificate as is looked at.
Octets Certificate(const Octets& algorithm) {
  return Sequence({Sequence({Octets(100, 0)}), algorithm, Der(3, {0, 1, 2, 3})});
}

// What mbed TLS has found of it: where it lies, and where what is signed.
mbedtls_x509_crt Parsed(uint8_t* octets, size_t size) {
  mbedtls_x509_crt certificate = {};
  certificate.raw.p = octets;
  certificate.raw.len = size;
  Bytes level(octets, size);
  Bytes content;
  if (DerOpen(&level, kDerSequence) && DerTake(&level, kDerSequence, &content)) {
    certificate.tbs.p = octets + (content.data() - octets);
    certificate.tbs.len = content.size();
  } else {
    ADD_FAILURE() << "no certificate";
  }
  return certificate;
}

// The name of the hash that the certificate gets; "" for none.
std::string HashOf(Octets certificate) {
  uint8_t hash[64];
  const size_t size = EndpointHash(Parsed(certificate.data(), certificate.size()), hash);
  if (size == 0) return "";
  constexpr struct {
    mbedtls_md_type_t type;
    const char* name;
  } kAll[] = {{MBEDTLS_MD_SHA1, "SHA-1"},
              {MBEDTLS_MD_SHA224, "SHA-224"},
              {MBEDTLS_MD_SHA256, "SHA-256"},
              {MBEDTLS_MD_SHA384, "SHA-384"},
              {MBEDTLS_MD_SHA512, "SHA-512"}};
  for (const auto& candidate : kAll) {
    const mbedtls_md_info_t* md = mbedtls_md_info_from_type(candidate.type);
    uint8_t expected[64];
    if (md == nullptr || mbedtls_md_get_size(md) != size) continue;
    EXPECT_EQ(0, mbedtls_md(md, certificate.data(), certificate.size(), expected));
    if (std::equal(expected, expected + size, hash)) return candidate.name;
  }
  return "?";
}

std::string Rsa(uint8_t number) {
  return HashOf(Certificate(Sequence({Der(6, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, number}), Null()})));
}
std::string Ecdsa(uint8_t number) {
  return HashOf(Certificate(Sequence({Der(6, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, number})})));
}
std::string Pss(const Octets& parameters) {
  return HashOf(Certificate(Sequence({Der(6, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 10}), parameters})));
}
Octets HashAlgorithm(const Octets& oid) {
  return Der(0xA0, Sequence({Der(6, oid), Null()}));
}

// Where mbed TLS has a hash; a certificate signed with another one cannot be parsed.
std::string Where(mbedtls_md_type_t hash, const char* name) {
  return mbedtls_md_info_from_type(hash) == nullptr ? "" : name;
}
std::string Sha224() {
  return Where(MBEDTLS_MD_SHA224, "SHA-224");
}

TEST(TlsEndpointHash, IsTheSignaturesOwnAndSha256ForMd5AndSha1) {
  EXPECT_EQ(Where(MBEDTLS_MD_MD5, "SHA-256"), Rsa(4));
  EXPECT_EQ(Where(MBEDTLS_MD_SHA1, "SHA-256"), Rsa(5));
  EXPECT_EQ("SHA-256", Rsa(11));
  EXPECT_EQ("SHA-384", Rsa(12));
  EXPECT_EQ("SHA-512", Rsa(13));
  EXPECT_EQ(Sha224(), Rsa(14));
  EXPECT_EQ(Where(MBEDTLS_MD_SHA1, "SHA-256"),
            HashOf(Certificate(Sequence({Der(6, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 1})}))));
  EXPECT_EQ(Sha224(), Ecdsa(1));
  EXPECT_EQ("SHA-256", Ecdsa(2));
  EXPECT_EQ("SHA-384", Ecdsa(3));
  EXPECT_EQ("SHA-512", Ecdsa(4));
}

TEST(TlsEndpointHash, OfRsaPssIsInTheParameters) {
  EXPECT_EQ("SHA-256", Pss(Sequence({})));  // the default is SHA-1
  EXPECT_EQ(Where(MBEDTLS_MD_SHA1, "SHA-256"), Pss(Sequence({HashAlgorithm({0x2B, 0x0E, 3, 2, 26})})));
  EXPECT_EQ("SHA-256", Pss(Sequence({HashAlgorithm({0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1})})));
  EXPECT_EQ("SHA-384", Pss(Sequence({HashAlgorithm({0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2})})));
  EXPECT_EQ("SHA-512", Pss(Sequence({HashAlgorithm({0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3})})));
  EXPECT_EQ(Sha224(), Pss(Sequence({HashAlgorithm({0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4})})));
  // SHA-1 for the hash, SHA-512 for the mask: the hash counts.
  const Octets mask = Der(0xA1, Sequence({Der(6, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3})}));
  EXPECT_EQ("SHA-256", Pss(Sequence({mask})));
  // SHA3-256 is none of ours.
  EXPECT_EQ("", Pss(Sequence({HashAlgorithm({0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 8})})));
}

TEST(TlsEndpointHash, ThereIsNoneWithoutAHash) {
  EXPECT_EQ("", HashOf(Certificate(Sequence({Der(6, {0x2B, 0x65, 0x70})}))));  // Ed25519
  EXPECT_EQ("", HashOf(Certificate(Sequence({Der(6, {0x2B, 0x65, 0x71})}))));  // Ed448
  EXPECT_EQ("", HashOf(Certificate(Sequence({}))));
  EXPECT_EQ("", HashOf(Certificate({})));
  EXPECT_EQ("", Rsa(1));  // no signature, but the key
  EXPECT_EQ("", Rsa(2));
  EXPECT_EQ("", Rsa(15));
  EXPECT_EQ("", Ecdsa(0));
  EXPECT_EQ("", Ecdsa(5));
}

TEST(TlsEndpointHash, NoTruncatedCertificateIsReadBeyondItsEnd) {
  const Octets whole = Certificate(Sequence({Der(6, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3})}));
  Octets copy = whole;
  const mbedtls_x509_crt parsed = Parsed(copy.data(), copy.size());
  const size_t signed_end = static_cast<size_t>(parsed.tbs.p - parsed.raw.p) + parsed.tbs.len;
  // Short of the signature, which is no matter, and of the last octet of the algorithm.
  const size_t algorithm_end = whole.size() - 6;
  for (size_t size = signed_end; size < algorithm_end; ++size) {
    two_sides::Buffer part(Octets(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)));
    mbedtls_x509_crt certificate = parsed;
    certificate.raw.p = part.data();
    certificate.raw.len = size;
    certificate.tbs.p = part.data() + (parsed.tbs.p - parsed.raw.p);
    uint8_t hash[64];
    EXPECT_EQ(0U, EndpointHash(certificate, hash)) << size;
  }
}

}  // namespace
}  // namespace tls_sides
