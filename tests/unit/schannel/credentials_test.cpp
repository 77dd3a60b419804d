// SPDX-License-Identifier: Apache-2.0
// What AcquireCredentialsHandle takes of SCHANNEL_CRED and SCH_CREDENTIALS, and what it refuses.
#include <string.h>

#include <algorithm>
#include <memory>
#include <set>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;

SCHANNEL_CRED Four() {
  SCHANNEL_CRED cred = {};
  cred.dwVersion = SCHANNEL_CRED_VERSION;
  return cred;
}
SCH_CREDENTIALS Five() {
  SCH_CREDENTIALS cred = {};
  cred.dwVersion = SCH_CREDENTIALS_VERSION;
  return cred;
}

SECURITY_STATUS Acquire(ULONG use, const void* auth_data) {
  CredHandle handle = {};
  const SECURITY_STATUS status =
      AcquireCredentialsHandleW(nullptr, const_cast<SEC_WCHAR*>(UNISP_NAME_W), use, nullptr,
                                const_cast<void*>(auth_data), nullptr, nullptr, &handle, nullptr);
  if (status == SEC_E_OK) {
    EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handle));
  }
  return status;
}
SECURITY_STATUS AcquireClient(const void* auth_data) {
  return Acquire(SECPKG_CRED_OUTBOUND, auth_data);
}
SECURITY_STATUS AcquireServer(const void* auth_data) {
  return Acquire(SECPKG_CRED_INBOUND, auth_data);
}

// PEM counts its zero.
pki::Octets Text(const pki::Octets& pem) {
  return {pem.data, pem.size + 1};
}

SECURITY_STATUS AcquireWith(const pki::Octets& certificate, const pki::Octets& key) {
  Config config;
  config.Show(certificate, key);
  return AcquireServer(&config.cred);
}

SECURITY_STATUS AcquireTrusting(const pki::Octets& anchor) {
  Config config;
  config.Trust(anchor);
  return AcquireClient(&config.cred);
}

// What a credential says of itself.
struct Told {
  SECURITY_STATUS status = SEC_E_OK;
  DWORD protocols = 0;
  DWORD weakest = 0;
  DWORD strongest = 0;
  std::set<ALG_ID> algorithms;
};

Told Tell(ULONG use, const void* auth_data) {
  Told told;
  CredHandle handle = {};
  told.status = AcquireCredentialsHandleA(nullptr, UNISP_NAME_A, use, nullptr, const_cast<void*>(auth_data),
                                          nullptr, nullptr, &handle, nullptr);
  if (told.status != SEC_E_OK) return told;
  SecPkgCred_SupportedProtocols protocols = {};
  EXPECT_STATUS(SEC_E_OK, QueryCredentialsAttributesA(&handle, SECPKG_ATTR_SUPPORTED_PROTOCOLS, &protocols));
  told.protocols = protocols.grbitProtocol;
  SecPkgCred_CipherStrengths strengths = {};
  EXPECT_STATUS(SEC_E_OK, QueryCredentialsAttributesA(&handle, SECPKG_ATTR_CIPHER_STRENGTHS, &strengths));
  told.weakest = strengths.dwMinimumCipherStrength;
  told.strongest = strengths.dwMaximumCipherStrength;
  SecPkgCred_SupportedAlgs algorithms = {};
  EXPECT_STATUS(SEC_E_OK, QueryCredentialsAttributesW(&handle, SECPKG_ATTR_SUPPORTED_ALGS, &algorithms));
  told.algorithms.insert(algorithms.palgSupportedAlgs,
                         algorithms.palgSupportedAlgs + algorithms.cSupportedAlgs);
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                QueryCredentialsAttributesA(&handle, SECPKG_CRED_ATTR_NAMES, &algorithms));
  EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handle));
  return told;
}

std::set<ALG_ID> ByDefault() {
  return {CALG_AES_128, CALG_AES_256,  CALG_AES,        CALG_SHA_256,  CALG_SHA_384,
          CALG_SHA_512, CALG_DH_EPHEM, CALG_ECDH_EPHEM, CALG_RSA_SIGN, CALG_ECDSA};
}

UNICODE_STRING Counted(const char16_t* text) {
  const auto size = static_cast<USHORT>(std::char_traits<char16_t>::length(text) * sizeof(char16_t));
  return {size, size, const_cast<SEC_WCHAR*>(text)};
}

// An SCH_CREDENTIALS that disables something.
struct Disabling {
  explicit Disabling(eTlsAlgorithmUsage usage, const char16_t* name, DWORD least = 0, DWORD most = 0,
                     const char16_t* chaining_mode = nullptr) {
    settings.eAlgorithmUsage = usage;
    settings.strCngAlgId = Counted(name);
    settings.dwMinBitLength = least;
    settings.dwMaxBitLength = most;
    if (chaining_mode != nullptr) {
      mode = Counted(chaining_mode);
      settings.cChainingModes = 1;
      settings.rgstrChainingModes = &mode;
    }
    parameters.cDisabledCrypto = 1;
    parameters.pDisabledCrypto = &settings;
    cred.dwVersion = SCH_CREDENTIALS_VERSION;
    cred.cTlsParameters = 1;
    cred.pTlsParameters = &parameters;
  }
  Disabling(const Disabling&) = delete;
  Disabling& operator=(const Disabling&) = delete;

  UNICODE_STRING mode = {};
  CRYPTO_SETTINGS settings = {};
  TLS_PARAMETERS parameters = {};
  SCH_CREDENTIALS cred = {};
};

class TlsCredentials : public Test {};

TEST_F(TlsCredentials, TheExQueryKnowsHowLargeEachAnswerIs) {
  CredHandle handle = {};
  ASSERT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(nullptr, UNISP_NAME_A, SECPKG_CRED_OUTBOUND, nullptr,
                                                    nullptr, nullptr, nullptr, &handle, nullptr));
  const struct {
    ULONG attribute;
    ULONG size;
  } kAnswers[] = {{SECPKG_ATTR_SUPPORTED_ALGS, sizeof(SecPkgCred_SupportedAlgs)},
                  {SECPKG_ATTR_CIPHER_STRENGTHS, sizeof(SecPkgCred_CipherStrengths)},
                  {SECPKG_ATTR_SUPPORTED_PROTOCOLS, sizeof(SecPkgCred_SupportedProtocols)}};
  for (const auto& answer : kAnswers) {
    two_sides::Buffer room(answer.size);
    EXPECT_STATUS(SEC_E_OK,
                  QueryCredentialsAttributesExA(&handle, answer.attribute, room.data(), answer.size));
    two_sides::Buffer less(answer.size - 1);
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                  QueryCredentialsAttributesExW(&handle, answer.attribute, less.data(), answer.size - 1));
  }
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, QueryCredentialsAttributesExA(&handle, 0x7777, &handle, 0));
  EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&handle));
}

TEST_F(TlsCredentials, AClientNeedsNothingAndAServerACertificate) {
  const SCHANNEL_CRED four = Four();
  const SCH_CREDENTIALS five = Five();
  for (const void* auth_data : {static_cast<const void*>(nullptr), static_cast<const void*>(&four),
                                static_cast<const void*>(&five)}) {
    EXPECT_STATUS(SEC_E_OK, AcquireClient(auth_data));
    EXPECT_STATUS(SEC_E_NO_CREDENTIALS, AcquireServer(auth_data));
    EXPECT_STATUS(SEC_E_NO_CREDENTIALS, Acquire(SECPKG_CRED_BOTH, auth_data));
  }
  const ServerSetup server;
  EXPECT_STATUS(SEC_E_OK, Acquire(SECPKG_CRED_BOTH, &server.cred));
}

TEST_F(TlsCredentials, OtherVersionsOfTheStructureAreUnknown) {
  for (const DWORD version : {0U, 1U, 2U, 3U, 6U, 0x200U}) {
    SCHANNEL_CRED cred = Four();
    cred.dwVersion = version;
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireClient(&cred)) << version;
  }
}

TEST_F(TlsCredentials, CertificatesAndKeysComeInEveryForm) {
  EXPECT_STATUS(SEC_E_OK, AcquireWith(pki::kServer, pki::kServerKey));
  EXPECT_STATUS(SEC_E_OK, AcquireWith(pki::kServer, pki::kServerKeyPkcs8));
  EXPECT_STATUS(SEC_E_OK, AcquireWith(pki::kServerP384, pki::kServerP384Key));
  EXPECT_STATUS(SEC_E_OK, AcquireWith(pki::kServerRsa, pki::kServerRsaKey));
  EXPECT_STATUS(SEC_E_OK, AcquireWith(pki::kServerRsa, pki::kServerRsaKeyPkcs8));
  EXPECT_STATUS(SEC_E_OK, AcquireWith(Text(pki::kServerPem), Text(pki::kServerKeyPem)));
  EXPECT_STATUS(SEC_E_OK, AcquireWith(Text(pki::kServerPem), Text(pki::kServerKeyPkcs8Pem)));
  EXPECT_STATUS(SEC_E_OK, AcquireWith(Text(pki::kServerRsaPem), Text(pki::kServerRsaKeyPem)));
  EXPECT_STATUS(SEC_E_OK, AcquireWith(Text(pki::kServerChainPem), pki::kServerKey));
  EXPECT_STATUS(SEC_E_OK, AcquireWith(pki::kServer, Text(pki::kServerKeyPem)));
}

TEST_F(TlsCredentials, EncryptedKeysAreRefusedAsSuch) {
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireWith(pki::kServer, pki::kServerKeyEncrypted));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireWith(pki::kServer, Text(pki::kServerKeyEncryptedPem)));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireWith(pki::kServer, Text(pki::kServerKeyTraditionalPem)));
}

TEST_F(TlsCredentials, WhatIsNoCertificateOrNoKeyIsRefused) {
  const pki::Octets junk = {pki::kServer.data + 4, 40};
  const pki::Octets nothing = {pki::kServer.data, 0};
  for (const pki::Octets& bad : {junk, nothing, pki::Octets{pki::kServer.data, pki::kServer.size - 1},
                                 pki::kServerKey, pki::kServerPem, Text(pki::kServerKeyPem)}) {
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireWith(bad, pki::kServerKey));
  }
  for (const pki::Octets& bad :
       {junk, nothing, pki::Octets{pki::kServerKey.data, 1},
        pki::Octets{pki::kServerKey.data, pki::kServerKey.size - 1}, pki::kServer, Text(pki::kServerPem)}) {
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireWith(pki::kServer, bad));
  }
  for (const pki::Octets& bad : {junk, nothing, pki::kServerPem, pki::kServerKey}) {
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireTrusting(bad));
    Config config;
    config.Show(pki::kServer, pki::kServerKey, &bad);
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireServer(&config.cred));
  }
}

TEST_F(TlsCredentials, AKeyThatIsNotTheCertificatesIsRefused) {
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireWith(pki::kServer, pki::kClientKey));
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireWith(pki::kServer, pki::kServerP384Key));
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireWith(pki::kServer, pki::kServerRsaKey));
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireWith(pki::kServerRsa, pki::kClientRsaKey));
  Config second;
  second.Show(pki::kServer, pki::kServerKey);
  second.Show(pki::kServerRsa, pki::kServerKey);
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireServer(&second.cred));
}

TEST_F(TlsCredentials, ACertificateWithoutAStoreOrAKeyIsRefused) {
  Config config;
  config.Show(pki::kServer, pki::kServerKey);
  CERT_CONTEXT certificate = *config.cred.paCred[0];
  PCCERT_CONTEXT list[] = {&certificate};
  config.cred.paCred = list;
  BARESSPI_CERT_STORE store = *certificate.hCertStore;
  certificate.hCertStore = &store;
  EXPECT_STATUS(SEC_E_OK, AcquireServer(&config.cred));
  store.Version = 1;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireServer(&config.cred));
  store.Version = BARESSPI_CERT_STORE_VERSION;
  store.PrivateKey = nullptr;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireServer(&config.cred));
  certificate.hCertStore = nullptr;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireServer(&config.cred));
  list[0] = nullptr;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireServer(&config.cred));
  config.cred.paCred = nullptr;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireServer(&config.cred));
}

// This mbed TLS was built without MBEDTLS_ECDSA_SIGN_ALT.
TEST_F(TlsCredentials, AKeyInASecureElementNeedsAnMbedTlsThatReachesIt) {
  Config config;
  config.Show(pki::kServer, pki::kServerKey);
  CERT_CONTEXT certificate = *config.cred.paCred[0];
  PCCERT_CONTEXT list[] = {&certificate};
  config.cred.paCred = list;
  BARESSPI_CERT_STORE store = *certificate.hCertStore;
  certificate.hCertStore = &store;
  store.PrivateKey = nullptr;
  store.Key = &store;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireServer(&config.cred));
}

TEST_F(TlsCredentials, MoreCertificatesThanConfiguredAreTooMany) {
  Config config;
  for (int i = 0; i < BARESSPI_SCHANNEL_MAX_CERTIFICATES; ++i) config.Show(pki::kServer, pki::kServerKey);
  EXPECT_STATUS(SEC_E_OK, AcquireServer(&config.cred));
  config.Show(pki::kServer, pki::kServerKey);
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, AcquireServer(&config.cred));
}

TEST_F(TlsCredentials, AnchorsComeInEveryFormFromAStoreOfThisVersion) {
  EXPECT_STATUS(SEC_E_OK, AcquireTrusting(pki::kRoot));
  EXPECT_STATUS(SEC_E_OK, AcquireTrusting(Text(pki::kRootPem)));
  EXPECT_STATUS(SEC_E_OK, AcquireTrusting(Text(pki::kRootsPem)));
  ClientSetup client;
  BARESSPI_CERT_STORE store = *client.cred.hRootStore;
  client.cred.hRootStore = &store;
  EXPECT_STATUS(SEC_E_OK, AcquireClient(&client.cred));
  store.Version ^= 1;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireClient(&client.cred));
}

TEST_F(TlsCredentials, FlagsThatCannotBeHonouredAreRefused) {
  SCHANNEL_CRED cred = Four();
  SCH_CREDENTIALS five = Five();
  const ULONG refused = SCH_CRED_REVOCATION_CHECK_END_CERT | SCH_CRED_REVOCATION_CHECK_CHAIN |
                        SCH_CRED_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT | SCH_CRED_REVOCATION_CHECK_CACHE_ONLY |
                        SCH_USE_PRESHAREDKEY_ONLY | SCH_USE_DTLS_ONLY | SCH_ALLOW_NULL_ENCRYPTION |
                        SCH_CRED_DEFERRED_CRED_VALIDATION | 0x00000001U | 0x08000000U | 0x40000000U |
                        0x80000000U;
  for (ULONG flag = 1; flag != 0; flag <<= 1) {
    cred.dwFlags = five.dwFlags = flag;
    const SECURITY_STATUS expected = (refused & flag) != 0 ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_OK;
    EXPECT_STATUS(expected, AcquireClient(&cred)) << std::hex << flag;
    EXPECT_STATUS(expected, AcquireClient(&five)) << std::hex << flag;
  }
  cred.dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_AUTO_CRED_VALIDATION;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireClient(&cred));
}

TEST_F(TlsCredentials, FieldsThatCannotBeHonouredAreRefused) {
  const SCHANNEL_CRED plain = Four();
  SCHANNEL_CRED cred = plain;
  cred.cMappers = 1;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireClient(&cred));
  cred = plain;
  cred.dwCredFormat = SCH_CRED_FORMAT_CERT_HASH;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireClient(&cred));
  cred = plain;
  ALG_ID algorithm = CALG_AES;
  cred.palgSupportedAlgs = &algorithm;
  cred.cSupportedAlgs = SCH_CRED_MAX_SUPPORTED_ALGS + 1;
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireClient(&cred));

  TLS_PARAMETERS parameters[2] = {};
  SCH_CREDENTIALS five = Five();
  five.cTlsParameters = 1;
  five.pTlsParameters = parameters;
  EXPECT_STATUS(SEC_E_OK, AcquireClient(&five));
  five.cTlsParameters = 2;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireClient(&five));
  five.cTlsParameters = 1;
  parameters[0].cAlpnIds = 1;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireClient(&five));
  parameters[0].cAlpnIds = 0;
  parameters[0].dwFlags = 2;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireClient(&five));
}

TEST_F(TlsCredentials, ProtocolsAreThoseOfItsSideThatAreEnabled) {
  ServerSetup both;
  EXPECT_EQ(SP_PROT_TLS1_2 | SP_PROT_TLS1_3, Tell(SECPKG_CRED_BOTH, &both.cred).protocols);
  EXPECT_EQ(SP_PROT_TLS1_2_SERVER | SP_PROT_TLS1_3_SERVER, Tell(SECPKG_CRED_INBOUND, &both.cred).protocols);
  EXPECT_EQ(SP_PROT_TLS1_2_CLIENT | SP_PROT_TLS1_3_CLIENT, Tell(SECPKG_CRED_OUTBOUND, nullptr).protocols);
  SCHANNEL_CRED cred = Four();
  cred.grbitEnabledProtocols = SP_PROT_TLS1_3_CLIENT | SP_PROT_TLS1_0 | SP_PROT_SSL3;
  EXPECT_EQ(SP_PROT_TLS1_3_CLIENT, Tell(SECPKG_CRED_OUTBOUND, &cred).protocols);
  for (const DWORD none : {SP_PROT_TLS1_2_SERVER, SP_PROT_TLS1_1, SP_PROT_DTLS1_2}) {
    cred.grbitEnabledProtocols = none;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireClient(&cred));
  }
  TLS_PARAMETERS parameters = {};
  SCH_CREDENTIALS five = Five();
  five.cTlsParameters = 1;
  five.pTlsParameters = &parameters;
  parameters.grbitDisabledProtocols = SP_PROT_TLS1_2 | SP_PROT_TLS1_1;
  EXPECT_EQ(SP_PROT_TLS1_3_CLIENT, Tell(SECPKG_CRED_OUTBOUND, &five).protocols);
  parameters.grbitDisabledProtocols = SP_PROT_TLS1_X;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AcquireClient(&five));
}

TEST_F(TlsCredentials, ByDefaultNothingWeakIsAllowed) {
  const Told told = Tell(SECPKG_CRED_OUTBOUND, nullptr);
  EXPECT_EQ(ByDefault(), told.algorithms);
  EXPECT_EQ(128U, told.weakest);
  EXPECT_EQ(256U, told.strongest);
}

TEST_F(TlsCredentials, AClassOfAlgorithmsThatIsNamedIsLimitedToWhatIsNamed) {
  const auto told = [](std::vector<ALG_ID> named, ULONG flags = 0) {
    SCHANNEL_CRED cred = Four();
    cred.cSupportedAlgs = static_cast<DWORD>(named.size());
    cred.palgSupportedAlgs = named.data();
    cred.dwFlags = flags;
    return Tell(SECPKG_CRED_OUTBOUND, &cred).algorithms;
  };
  std::set<ALG_ID> expected = ByDefault();
  EXPECT_EQ(expected, told({}));
  expected.erase(CALG_AES_128);
  expected.erase(CALG_AES);
  EXPECT_EQ(expected, told({CALG_AES_256, CALG_3DES}));
  expected = ByDefault();
  expected.erase(CALG_DH_EPHEM);
  expected.insert(CALG_RSA_KEYX);
  EXPECT_EQ(expected, told({CALG_RSA_KEYX, CALG_ECDH_EPHEM}));
  EXPECT_EQ((std::set<ALG_ID>{CALG_AES, CALG_AES_128, CALG_AES_256, CALG_SHA1, CALG_RSA_KEYX, CALG_ECDSA}),
            told({CALG_AES, CALG_SHA1, CALG_RSA_KEYX, CALG_ECDSA}));
  EXPECT_EQ((std::set<ALG_ID>{CALG_AES, CALG_AES_128, CALG_AES_256, CALG_SHA_256, CALG_ECDH_EPHEM,
                              CALG_RSA_SIGN, CALG_ECDSA}),
            told({CALG_SHA1, CALG_SHA_256, CALG_RSA_KEYX, CALG_ECDH_EPHEM}, SCH_USE_STRONG_CRYPTO));
}

TEST_F(TlsCredentials, CipherStrengthsLeaveOutWhatIsWeakerOrStronger) {
  const auto told = [](DWORD least, DWORD most) {
    SCHANNEL_CRED cred = Four();
    cred.dwMinimumCipherStrength = least;
    cred.dwMaximumCipherStrength = most;
    const Told all = Tell(SECPKG_CRED_OUTBOUND, &cred);
    return std::pair<ULONG, ULONG>(all.weakest, all.strongest);
  };
  EXPECT_EQ((std::pair<ULONG, ULONG>(128, 256)), told(128, 256));
  EXPECT_EQ((std::pair<ULONG, ULONG>(128, 256)), told(40, 0xFFFF));
  EXPECT_EQ((std::pair<ULONG, ULONG>(256, 256)), told(129, 0));
  EXPECT_EQ((std::pair<ULONG, ULONG>(128, 128)), told(0, 255));
}

TEST_F(TlsCredentials, CryptoThatIsDisabledIsLeftOut) {
  const auto left = [](const Disabling& disabling) { return Tell(SECPKG_CRED_OUTBOUND, &disabling.cred); };
  constexpr auto kCipher = TlsParametersCngAlgUsageCipher;
  constexpr auto kExchange = TlsParametersCngAlgUsageKeyExchange;
  constexpr auto kSignature = TlsParametersCngAlgUsageSignature;
  constexpr auto kDigest = TlsParametersCngAlgUsageDigest;
  // Names, also with lengths; a cipher and a digest of the same credential do not meet.
  EXPECT_EQ(0U, left(Disabling(kCipher, BCRYPT_AES_ALGORITHM)).algorithms.count(CALG_AES_128));
  EXPECT_EQ(256U, left(Disabling(kCipher, BCRYPT_AES_ALGORITHM, 256)).weakest);
  EXPECT_EQ(0U, left(Disabling(kCipher, BCRYPT_AES_ALGORITHM, 0, 128)).algorithms.count(CALG_AES_256));
  EXPECT_EQ(1U, left(Disabling(kCipher, BCRYPT_AES_ALGORITHM, 0, 256)).algorithms.count(CALG_AES));
  EXPECT_EQ(1U, left(Disabling(kCipher, BCRYPT_AES_ALGORITHM, 0, 0xFFFFFFFF)).algorithms.count(CALG_AES));
  EXPECT_EQ(0U, left(Disabling(kExchange, BCRYPT_DH_ALGORITHM)).algorithms.count(CALG_DH_EPHEM));
  EXPECT_EQ(0U, left(Disabling(kSignature, BCRYPT_RSA_ALGORITHM)).algorithms.count(CALG_RSA_SIGN));
  EXPECT_EQ(0U, left(Disabling(kSignature, BCRYPT_ECDSA_ALGORITHM)).algorithms.count(CALG_ECDSA));
  EXPECT_EQ(0U, left(Disabling(kDigest, BCRYPT_SHA384_ALGORITHM)).algorithms.count(CALG_SHA_384));
  EXPECT_EQ(1U, left(Disabling(kDigest, BCRYPT_SHA384_ALGORITHM)).algorithms.count(CALG_SHA_256));
  // What is not here is disabled as it is.
  for (const char16_t* name :
       {BCRYPT_3DES_ALGORITHM, BCRYPT_RC4_ALGORITHM, BCRYPT_MD5_ALGORITHM, BCRYPT_DSA_ALGORITHM, u"DES",
        u"RC2", u"DESX", u"AES-GMAC", u"MD2", u"MD4", u"", u"XTS-AES", u"NULL"}) {
    for (const auto usage : {kCipher, kExchange, kSignature, kDigest}) {
      const Told told = left(Disabling(usage, name));
      EXPECT_STATUS(SEC_E_OK, told.status);
      EXPECT_EQ(ByDefault(), told.algorithms);
    }
  }
}

// ChaCha20 has no number, but a strength.
TEST_F(TlsCredentials, ACiphersOnlyModeIsTheCipher) {
  const auto strongest = [](const char16_t* cipher) {
    UNICODE_STRING mode = Counted(BCRYPT_CHAIN_MODE_NA);
    CRYPTO_SETTINGS settings[2] = {};
    settings[0].eAlgorithmUsage = settings[1].eAlgorithmUsage = TlsParametersCngAlgUsageCipher;
    settings[0].strCngAlgId = Counted(BCRYPT_AES_ALGORITHM);
    settings[1].strCngAlgId = Counted(cipher);
    settings[1].cChainingModes = 1;
    settings[1].rgstrChainingModes = &mode;
    TLS_PARAMETERS parameters = {};
    parameters.cDisabledCrypto = 2;
    parameters.pDisabledCrypto = settings;
    SCH_CREDENTIALS cred = Five();
    cred.cTlsParameters = 1;
    cred.pTlsParameters = &parameters;
    return Tell(SECPKG_CRED_OUTBOUND, &cred).strongest;
  };
  EXPECT_EQ(256U, strongest(BCRYPT_RC4_ALGORITHM));
  EXPECT_EQ(256U, strongest(BCRYPT_3DES_ALGORITHM));
  EXPECT_GT(256U, strongest(BCRYPT_CHACHA20_POLY1305_ALGORITHM));
}

TEST_F(TlsCredentials, CryptoThatCannotBeDisabledAloneIsRefused) {
  const auto status = [](const Disabling& disabling) { return AcquireClient(&disabling.cred); };
  constexpr auto kCipher = TlsParametersCngAlgUsageCipher;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                status(Disabling(TlsParametersCngAlgUsageCertSig, BCRYPT_SHA256_ALGORITHM)));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                status(Disabling(TlsParametersCngAlgUsageKeyExchange, BCRYPT_DH_ALGORITHM, 2048)));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                status(Disabling(kCipher, BCRYPT_AES_ALGORITHM, 256, 0, BCRYPT_CHAIN_MODE_GCM)));
  EXPECT_STATUS(SEC_E_OK, status(Disabling(kCipher, BCRYPT_AES_ALGORITHM, 0, 0, BCRYPT_CHAIN_MODE_GCM)));
}

// What both sides then agree on.
TEST_F(TlsCredentials, ADisabledCipherIsNotAgreedOn) {
  const auto agreed = [](const Disabling& disabling) {
    ClientSetup roots;
    SCH_CREDENTIALS cred = disabling.cred;
    cred.hRootStore = roots.cred.hRootStore;
    Side client(SECPKG_CRED_OUTBOUND, &cred);
    const ServerSetup server_setup;
    Server server(server_setup);
    Establish(client, server);
    SecPkgContext_ConnectionInfo info = {};
    EXPECT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_CONNECTION_INFO, &info));
    return info.aiCipher;
  };
  constexpr auto kCipher = TlsParametersCngAlgUsageCipher;
  EXPECT_EQ(CALG_AES_256, agreed(Disabling(kCipher, BCRYPT_AES_ALGORITHM, 256)));
  EXPECT_EQ(CALG_AES_128, agreed(Disabling(kCipher, BCRYPT_AES_ALGORITHM, 0, 128)));
  EXPECT_NE(CALG_AES_256, agreed(Disabling(TlsParametersCngAlgUsageDigest, BCRYPT_SHA384_ALGORITHM)));
}

TEST_F(TlsCredentials, ADisabledCurveIsNotOffered) {
  // supported_groups of the ClientHello (RFC 8446 4.2.7), where it is alone what looks like it.
  const auto offered = [](const Disabling& disabling, std::vector<uint8_t> groups) {
    SCH_CREDENTIALS cred = disabling.cred;
    cred.dwFlags = SCH_CRED_NO_SERVERNAME_CHECK;
    Side client(SECPKG_CRED_OUTBOUND, &cred);
    const Octets hello = client.Step({}).token;
    const auto size = static_cast<uint8_t>(groups.size());
    Octets extension = {0, 10, 0, static_cast<uint8_t>(size + 2), 0, size};
    extension.insert(extension.end(), groups.begin(), groups.end());
    return std::search(hello.begin(), hello.end(), extension.begin(), extension.end()) != hello.end();
  };
  constexpr auto kExchange = TlsParametersCngAlgUsageKeyExchange;
  EXPECT_TRUE(offered(Disabling(kExchange, BCRYPT_DH_ALGORITHM), {0, 23, 0, 29, 0, 24, 0, 25}));
  EXPECT_TRUE(offered(Disabling(kExchange, BCRYPT_ECDH_ALGORITHM, 384), {0, 24, 0, 25}));
  EXPECT_TRUE(offered(Disabling(kExchange, BCRYPT_ECDH_ALGORITHM, 0, 256), {0, 23, 0, 29}));
  EXPECT_TRUE(offered(Disabling(kExchange, BCRYPT_ECDH_ALGORITHM, 257, 521), {0, 24, 0, 25}));
  EXPECT_TRUE(offered(Disabling(kExchange, BCRYPT_ECC_CURVE_25519), {0, 23, 0, 24, 0, 25}));
  EXPECT_TRUE(offered(Disabling(kExchange, BCRYPT_ECDH_P256_ALGORITHM), {0, 29, 0, 24, 0, 25}));
  EXPECT_TRUE(offered(Disabling(kExchange, BCRYPT_ECC_CURVE_NISTP384), {0, 23, 0, 29, 0, 25}));
  EXPECT_TRUE(offered(Disabling(kExchange, BCRYPT_ECC_CURVE_NISTP521), {0, 23, 0, 29, 0, 24}));
}

TEST_F(TlsCredentials, TheStructureAndItsListsNeedNotStay) {
  ServerSetup setup;
  auto cred = std::make_unique<SCHANNEL_CRED>(setup.cred);
  auto list = std::make_unique<PCCERT_CONTEXT>(setup.cred.paCred[0]);
  cred->paCred = list.get();
  Side server(SECPKG_CRED_INBOUND, cred.get());
  *list = reinterpret_cast<PCCERT_CONTEXT>(&setup);  // anything else
  memset(cred.get(), 0xEE, sizeof *cred);
  ClientSetup client_setup;
  Client client(client_setup);
  Establish(client, server);
}

TEST_F(TlsCredentials, WhileAllContextsAreInUseCertificatesCannotBeTried) {
  const ClientSetup setup;
  std::vector<std::unique_ptr<Client>> clients;
  clients.push_back(std::make_unique<Client>(setup));
  std::vector<CtxtHandle> contexts(BARESSPI_SCHANNEL_MAX_CONTEXTS);
  Octets room(18432);
  for (CtxtHandle& context : contexts) {
    SecBuffer buffer = {static_cast<ULONG>(room.size()), SECBUFFER_TOKEN, room.data()};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    ULONG attributes = 0;
    ASSERT_STATUS(
        SEC_I_CONTINUE_NEEDED,
        InitializeSecurityContextA(clients[0]->credential(), nullptr, const_cast<char*>(kHost), kClientFlags,
                                   0, 0, nullptr, 0, &context, &output, &attributes, nullptr));
  }
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, AcquireClient(&setup.cred));
  EXPECT_STATUS(SEC_E_OK, AcquireClient(nullptr));  // there is nothing to try
  for (CtxtHandle& context : contexts) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
  EXPECT_STATUS(SEC_E_OK, AcquireClient(&setup.cred));
}

TEST_F(TlsCredentials, WithoutRandomOctetsItIsNotTheKeysFault) {
  const ServerSetup setup;
  scripted_port::FailRandomAfter(0);
  EXPECT_STATUS(SEC_E_INTERNAL_ERROR, AcquireServer(&setup.cred));
  scripted_port::Reset();
  EXPECT_STATUS(SEC_E_OK, AcquireServer(&setup.cred));
}

TEST_F(TlsCredentials, ARefusedCredentialGivesItsSlotBack) {
  for (int i = 0; i < 3 * BARESSPI_SCHANNEL_MAX_CREDENTIALS; ++i) {
    EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, AcquireWith(pki::kServer, pki::kClientKey));
  }
  EXPECT_STATUS(SEC_E_OK, AcquireWith(pki::kServer, pki::kServerKey));
}

}  // namespace
}  // namespace tls_sides
