// SPDX-License-Identifier: Apache-2.0
// Which cipher suites, versions and signatures a credential leaves over.
#include "core/schannel/algorithms.h"

#include <mbedtls/ssl_ciphersuites.h>

#include <algorithm>
#include <string>

#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;
using namespace baresspi::schannel;  // NOLINT(google-build-using-namespace)

TEST(SuiteBits, ASuiteIsWhatItsNameSays) {
  EXPECT_EQ(kEcdhe | kRsaSign | kAes128 | kGcm | kSha256, SuiteBits("TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA256"));
  EXPECT_EQ(kEcdhe | kEcdsaSign | kAes256 | kGcm | kSha384, SuiteBits("TLS-ECDHE-ECDSA-WITH-AES-256-GCM-SHA384"));
  EXPECT_EQ(kEcdhe | kEcdsaSign | kChaCha20 | kSha256, SuiteBits("TLS-ECDHE-ECDSA-WITH-CHACHA20-POLY1305-SHA256"));
  EXPECT_EQ(kEcdhe | kRsaSign | kAes128 | kCbc | kSha1, SuiteBits("TLS-ECDHE-RSA-WITH-AES-128-CBC-SHA"));
  EXPECT_EQ(kDhe | kRsaSign | kAes256 | kCbc | kSha256, SuiteBits("TLS-DHE-RSA-WITH-AES-256-CBC-SHA256"));
  EXPECT_EQ(kRsaKeyExchange | kAes256 | kGcm | kSha384, SuiteBits("TLS-RSA-WITH-AES-256-GCM-SHA384"));
  EXPECT_EQ(kEcdhe | kEcdsaSign | kAes128 | kCcm | kSha256, SuiteBits("TLS-ECDHE-ECDSA-WITH-AES-128-CCM"));
  EXPECT_EQ(kTls13Suite | kEcdhe | kAes128 | kGcm | kSha256, SuiteBits("TLS1-3-AES-128-GCM-SHA256"));
  EXPECT_EQ(kTls13Suite | kEcdhe | kAes256 | kGcm | kSha384, SuiteBits("TLS1-3-AES-256-GCM-SHA384"));
  EXPECT_EQ(kTls13Suite | kEcdhe | kChaCha20 | kSha256, SuiteBits("TLS1-3-CHACHA20-POLY1305-SHA256"));
}

TEST(SuiteBits, WhatIsNeverOfferedHasNone) {
  for (const char* name :
       {"TLS-PSK-WITH-AES-128-GCM-SHA256", "TLS-ECDHE-PSK-WITH-AES-128-CBC-SHA256", "TLS-RSA-PSK-WITH-AES-128-GCM-SHA256",
        "TLS-RSA-WITH-NULL-SHA256", "TLS-ECDHE-RSA-WITH-NULL-SHA", "TLS-RSA-WITH-3DES-EDE-CBC-SHA",
        "TLS-RSA-WITH-RC4-128-SHA", "TLS-ECDHE-RSA-WITH-CAMELLIA-128-GCM-SHA256", "TLS-RSA-WITH-ARIA-128-GCM-SHA256",
        "TLS-ECDH-ECDSA-WITH-AES-128-GCM-SHA256", "TLS-ECJPAKE-WITH-AES-128-CCM-8",
        "TLS-ECDHE-ECDSA-WITH-AES-128-CCM-8", "TLS1-3-AES-128-CCM-8-SHA256", "TLS-DH-anon-WITH-AES-128-GCM-SHA256",
        "unknown", "TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA2567", "TLS-ECDHE-RSA-WITH-AES-128-GC"}) {
    EXPECT_EQ(0U, SuiteBits(name)) << name;
  }
}

TEST(SuiteBits, EverySuiteThatMbedTlsHasIsKnownOrNeverOffered) {
  size_t known = 0;
  for (const int* suite = mbedtls_ssl_list_ciphersuites(); *suite != 0; ++suite) {
    const std::string name = mbedtls_ssl_get_ciphersuite_name(*suite);
    const uint32_t bits = SuiteBits(name.c_str());
    if (bits == 0) {
      EXPECT_TRUE(name.find("CCM-8") != std::string::npos || name.find("PSK") != std::string::npos ||
                  name.find("NULL") != std::string::npos)
          << name;
      continue;
    }
    ++known;
    EXPECT_EQ(name.find("TLS1-3-") == 0, (bits & kTls13Suite) != 0) << name;
    EXPECT_NE(0U, bits & (kAes128 | kAes256 | kChaCha20)) << name;
    EXPECT_NE(0U, bits & (kSha1 | kSha256 | kSha384)) << name;
    EXPECT_NE(0U, bits & (kEcdhe | kDhe | kRsaKeyExchange)) << name;
  }
  EXPECT_LT(5U, known);
}

class TlsAlgorithms : public Test {
 protected:
  // The suite that a client with these algorithms and a server that has all agree on; 0: none.
  ULONG Agreed(std::vector<ALG_ID> algorithms, ULONG protocols = 0) {
    ClientSetup client_setup;
    ServerSetup server_setup;
    client_setup.cred.palgSupportedAlgs = algorithms.data();
    client_setup.cred.cSupportedAlgs = static_cast<DWORD>(algorithms.size());
    client_setup.cred.grbitEnabledProtocols = protocols;
    Client client(client_setup);
    Server server(server_setup);
    if (client.acquired() != SEC_E_OK) return 0;
    const Outcome outcome = Connect(client, server);
    SecPkgContext_CipherInfo info = {};
    info.dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
    if (outcome.client.status != SEC_E_OK) return 0;
    EXPECT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_CIPHER_INFO, &info));
    return info.dwCipherSuite;
  }
};

TEST_F(TlsAlgorithms, OnlyWhatTheCredentialAllowsIsOffered) {
  EXPECT_EQ(0xC02BU, Agreed({CALG_AES_128, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_ECDSA}, SP_PROT_TLS1_2));
  EXPECT_EQ(0x1301U, Agreed({CALG_AES_128, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_ECDSA}, SP_PROT_TLS1_3));
  EXPECT_EQ(0xC02CU, Agreed({CALG_AES_256, CALG_SHA_384, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_ECDSA}, SP_PROT_TLS1_2));
  EXPECT_EQ(0x1302U, Agreed({CALG_AES_256, CALG_SHA_384, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_ECDSA}, SP_PROT_TLS1_3));
}

TEST_F(TlsAlgorithms, ACredentialThatLeavesNothingOverIsRefused) {
  EXPECT_EQ(0U, Agreed({CALG_AES_128, CALG_SHA_256, CALG_RSA_KEYX}, SP_PROT_TLS1_3));
  EXPECT_EQ(0U, Agreed({CALG_3DES, CALG_SHA1, CALG_RSA_KEYX}));
}

TEST_F(TlsAlgorithms, SidesThatShareNoVersionDoNotAgree) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  client_setup.cred.grbitEnabledProtocols = SP_PROT_TLS1_3_CLIENT;
  server_setup.cred.grbitEnabledProtocols = SP_PROT_TLS1_2_SERVER;
  Client client(client_setup);
  Server server(server_setup);
  const Outcome outcome = Connect(client, server);
  EXPECT_STATUS(SEC_E_ALGORITHM_MISMATCH, outcome.server.status);
  EXPECT_GT(0, outcome.client.status);
}

TEST_F(TlsAlgorithms, TheNewerVersionIsTakenWhenBothHaveBoth) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  SecPkgContext_ConnectionInfo info = {};
  ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_CONNECTION_INFO, &info));
  EXPECT_EQ(SP_PROT_TLS1_3_CLIENT, info.dwProtocol);
  ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_CONNECTION_INFO, &info));
  EXPECT_EQ(SP_PROT_TLS1_3_SERVER, info.dwProtocol);
}

// High octet: 1 RSA, 3 ECDSA; low octet: 4 SHA-256, 5 SHA-384, 6 SHA-512; RSA-PSS has its number in the high one and
// 8 in the low one (the octets of RFC 8446 4.2.3 as they are sent, read as Windows reads them).
TEST_F(TlsAlgorithms, SupportedSignaturesAreThoseOfTheCredential) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  ALG_ID algorithms[] = {CALG_AES_128, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_ECDSA};
  client_setup.cred.palgSupportedAlgs = algorithms;
  client_setup.cred.cSupportedAlgs = 4;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  SecPkgContext_SupportedSignatures signatures = {};
  ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_SUPPORTED_SIGNATURES, &signatures));
  ASSERT_EQ(1, signatures.cSignatureAndHashAlgorithms);
  EXPECT_EQ(0x0304, signatures.pSignatureAndHashAlgorithms[0]);
  ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_SUPPORTED_SIGNATURES, &signatures));
  ASSERT_LT(5, signatures.cSignatureAndHashAlgorithms);
  EXPECT_EQ(0x0304, signatures.pSignatureAndHashAlgorithms[0]);
  const std::vector<WORD> all(signatures.pSignatureAndHashAlgorithms,
                              signatures.pSignatureAndHashAlgorithms + signatures.cSignatureAndHashAlgorithms);
  EXPECT_EQ(1, std::count(all.begin(), all.end(), 0x0408));
  EXPECT_EQ(1, std::count(all.begin(), all.end(), 0x0104));
  EXPECT_EQ(0, std::count(all.begin(), all.end(), 0x0102)) << "RSA with SHA-1";
}

}  // namespace
}  // namespace tls_sides
