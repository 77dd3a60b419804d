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

// What a suite's name says of it; 0: it is not to be offered.
uint32_t BitsOfName(const std::string& name) {
  const struct {
    const char* part;
    uint32_t bits;
  } parts[] = {{"TLS1-3-", kTls13Suite | kEcdhe},
               {"-ECDHE-", kEcdhe},
               {"-DHE-", kDhe},
               {"TLS-RSA-", kRsaKeyExchange},
               {"DHE-RSA-", kRsaSign},
               {"-ECDSA-", kEcdsaSign},
               {"-AES-128-", kAes128},
               {"-AES-256-", kAes256},
               {"-CHACHA20-POLY1305-", kChaCha20},
               {"-GCM-", kGcm},
               {"-CCM", kCcm},
               {"-CBC-", kCbc},
               {"-SHA256", kSha256},
               {"-SHA384", kSha384}};
  for (const char* bad :
       {"PSK", "NULL", "RC4", "3DES", "ARIA", "CAMELLIA", "anon", "ECDH-", "ECJPAKE", "CCM-8"}) {
    if (name.find(bad) != std::string::npos) return 0;
  }
  uint32_t bits = 0;
  for (const auto& part : parts) {
    if (name.find(part.part) != std::string::npos) bits |= part.bits;
  }
  if (name.size() >= 4 && name.compare(name.size() - 4, 4, "-SHA") == 0) bits |= kSha1;
  if ((bits & (kSha1 | kSha256 | kSha384)) == 0) bits |= kSha256;  // CCM in TLS 1.2
  return bits;
}

TEST(Suites, EachIsWhatItsNameSays) {
  size_t known = 0;
  for (const Suite& suite : kSuites) {
    const std::string name = mbedtls_ssl_get_ciphersuite_name(suite.number);
    if (name == "unknown") continue;  // not in this mbed TLS
    EXPECT_EQ(BitsOfName(name), suite.bits) << name;
    ++known;
  }
  EXPECT_LT(5U, known);
}

TEST(Suites, EverySoundOneOfMbedTlsIsThereOnce) {
  for (const int* number = mbedtls_ssl_list_ciphersuites(); *number != 0; ++number) {
    const std::string name = mbedtls_ssl_get_ciphersuite_name(*number);
    const auto count = std::count_if(std::begin(kSuites), std::end(kSuites),
                                     [number](const Suite& suite) { return suite.number == *number; });
    EXPECT_EQ(BitsOfName(name) == 0 ? 0 : 1, count) << name;
  }
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
  EXPECT_EQ(0xC02CU,
            Agreed({CALG_AES_256, CALG_SHA_384, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_ECDSA}, SP_PROT_TLS1_2));
  EXPECT_EQ(0x1302U,
            Agreed({CALG_AES_256, CALG_SHA_384, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_ECDSA}, SP_PROT_TLS1_3));
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

// High octet: 1 RSA, 3 ECDSA; low octet: 4 SHA-256, 5 SHA-384, 6 SHA-512; RSA-PSS has its number in the high
// one and 8 in the low one (the octets of RFC 8446 4.2.3 as they are sent, read as Windows reads them).
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
  const std::vector<WORD> all(
      signatures.pSignatureAndHashAlgorithms,
      signatures.pSignatureAndHashAlgorithms + signatures.cSignatureAndHashAlgorithms);
  EXPECT_EQ(1, std::count(all.begin(), all.end(), 0x0408));
  EXPECT_EQ(1, std::count(all.begin(), all.end(), 0x0104));
  EXPECT_EQ(0, std::count(all.begin(), all.end(), 0x0102)) << "RSA with SHA-1";
}

}  // namespace
}  // namespace tls_sides
