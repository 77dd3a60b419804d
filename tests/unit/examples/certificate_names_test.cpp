// SPDX-License-Identifier: Apache-2.0
#include "boards/examples/certificate_names.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/pki/certificates.h"
#include "tests/unit/http/show.h"

namespace {

namespace pki = baresspi::pki;
using examples::CertificateNames;
using examples::NamesOfCertificate;
using http_test::Show;
using Octets = std::vector<uint8_t>;

Octets OctetsOf(const pki::Octets& certificate) {
  return {certificate.data, certificate.data + certificate.size};
}

CertificateNames NamesOf(const Octets& certificate) {
  return NamesOfCertificate(certificate.data(), certificate.size());
}

// The offset of the octets in the certificate.
size_t Find(const Octets& certificate, const Octets& wanted) {
  for (size_t i = 0; i + wanted.size() <= certificate.size(); ++i) {
    if (Octets(certificate.begin() + static_cast<ptrdiff_t>(i),
               certificate.begin() + static_cast<ptrdiff_t>(i + wanted.size())) == wanted) {
      return i;
    }
  }
  return certificate.size();
}

TEST(CertificateNames, AreTheSubjectsCommonNameAndThePrincipalName) {
  for (const pki::Octets* certificate : {&pki::kClient, &pki::kClientRsa, &pki::kClientUntrusted}) {
    const Octets octets = OctetsOf(*certificate);
    EXPECT_EQ(Show(NamesOf(octets).common_name), "alice");
    EXPECT_EQ(Show(NamesOf(octets).user_principal_name), "alice@example.test");
  }
}

TEST(CertificateNames, AServersHasNoPrincipalName) {
  const Octets octets = OctetsOf(pki::kServer);
  EXPECT_EQ(Show(NamesOf(octets).common_name), "device.example.test");
  EXPECT_EQ(Show(NamesOf(octets).user_principal_name), "");
}

TEST(CertificateNames, TheIssuersNamesAreNotTheSubjects) {
  EXPECT_EQ(Show(NamesOf(OctetsOf(pki::kIntermediate)).common_name), "Intermediate");
}

TEST(CertificateNames, OneThatIsThereTwiceIsNobodys) {
  // organizationName, 2.5.4.10, becomes a second commonName, 2.5.4.3: the issuer's is the first of its kind.
  Octets octets = OctetsOf(pki::kClient);
  const Octets organization = {0x06, 0x03, 0x55, 0x04, 0x0A};
  const size_t issuers = Find(octets, organization);
  ASSERT_LT(issuers, octets.size());
  octets[issuers + 4] = 0x03;
  EXPECT_EQ(Show(NamesOf(octets).common_name), "alice") << "the issuer's count for nothing";
  const size_t subjects = Find(octets, organization);
  ASSERT_LT(subjects, octets.size());
  octets[subjects + 4] = 0x03;
  EXPECT_EQ(Show(NamesOf(octets).common_name), "");
}

TEST(CertificateNames, OneInACharacterSetOfOldIsNobodys) {
  Octets octets = OctetsOf(pki::kClient);
  const size_t at = Find(octets, {0x05, 'a', 'l', 'i', 'c', 'e'});
  ASSERT_LT(at, octets.size());
  octets[at - 1] = 0x14;  // TeletexString
  EXPECT_EQ(Show(NamesOf(octets).common_name), "");
}

TEST(CertificateNames, WhatIsCutShortOrChangedIsReadWithinItsEnds) {
  const Octets whole = OctetsOf(pki::kClient);
  for (size_t size = 0; size < whole.size(); ++size) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_EQ(Show(NamesOf(cut).common_name), "") << size;
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const uint8_t octet : {uint8_t{0}, uint8_t{0x7F}, uint8_t{0x80}, uint8_t{0x83}, uint8_t{0xFF}}) {
      Octets changed = whole;
      changed[at] = octet;
      const CertificateNames names = NamesOf(changed);  // ends, and stays inside: asan and the sizes tell
      EXPECT_LE(names.common_name.size, whole.size());
      EXPECT_LE(names.user_principal_name.size, whole.size());
    }
  }
}

}  // namespace
