// SPDX-License-Identifier: Apache-2.0
// The headers at work: macros, text, and a program written for Windows.
#include <baresspi/authority.h>
#include <baresspi/schannel.h>
#include <gtest/gtest.h>

#include <iterator>
#include <string>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/api/names.h"
#include "tests/unit/api/windows_style_program.h"

namespace {

TEST(Headers, InvalidatedHandle_IsNotValid) {
  CtxtHandle handle = {1, 2};
  EXPECT_TRUE(SecIsValidHandle(&handle));
  if (handle.dwLower != 0) SecInvalidateHandle(&handle);
  EXPECT_FALSE(SecIsValidHandle(&handle));
  EXPECT_EQ(handle.dwLower, static_cast<ULONG_PTR>(-1));
  EXPECT_EQ(handle.dwUpper, static_cast<ULONG_PTR>(-1));
}

TEST(Headers, TimeStamp_HasItsHalvesInEitherByteOrder) {
  TimeStamp stamp;
  stamp.QuadPart = 0x0123456789ABCDEF;
  EXPECT_EQ(stamp.LowPart, 0x89ABCDEFu);
  EXPECT_EQ(stamp.HighPart, 0x01234567);
}

TEST(Headers, Status_SuccessIsWhatIsNotNegative) {
  EXPECT_TRUE(SEC_SUCCESS(SEC_E_OK));
  EXPECT_TRUE(SEC_SUCCESS(SEC_I_CONTINUE_NEEDED));
  EXPECT_FALSE(SEC_SUCCESS(SEC_E_LOGON_DENIED));
}

TEST(Headers, PackageNames_SayTheSameInBothForms) {
  const auto widen = [](const std::string& text) { return std::u16string(text.begin(), text.end()); };
  EXPECT_EQ(widen(NTLMSP_NAME_A), NTLMSP_NAME_W);
  EXPECT_EQ(widen(NEGOSSP_NAME_A), NEGOSSP_NAME_W);
  EXPECT_EQ(widen(MICROSOFT_KERBEROS_NAME_A), MICROSOFT_KERBEROS_NAME_W);
  EXPECT_EQ(widen(WDIGEST_SP_NAME_A), WDIGEST_SP_NAME_W);
  EXPECT_EQ(widen(UNISP_NAME_A), UNISP_NAME_W);
  EXPECT_EQ(widen(SCHANNEL_NAME_A), SCHANNEL_NAME_W);
  EXPECT_EQ(std::string(NTLMSP_NAME_A), "NTLM");
}

// As documented for Windows, and not copied from the header.
const char16_t* const kNames[] = {u"AES",
                                  u"3DES",
                                  u"RC4",
                                  u"CHACHA20_POLY1305",
                                  u"MD5",
                                  u"SHA1",
                                  u"SHA256",
                                  u"SHA384",
                                  u"SHA512",
                                  u"RSA",
                                  u"RSA_SIGN",
                                  u"DSA",
                                  u"DH",
                                  u"ECDSA",
                                  u"ECDSA_P256",
                                  u"ECDSA_P384",
                                  u"ECDSA_P521",
                                  u"ECDH",
                                  u"ECDH_P256",
                                  u"ECDH_P384",
                                  u"ECDH_P521",
                                  u"ChainingModeN/A",
                                  u"ChainingModeCBC",
                                  u"ChainingModeCCM",
                                  u"ChainingModeGCM",
                                  u"nistP256",
                                  u"nistP384",
                                  u"nistP521",
                                  u"curve25519",
                                  u"Microsoft Unified Security Protocol Provider",
                                  u"Schannel"};
const char16_t* const kNamesInCxx[] = {BCRYPT_AES_ALGORITHM,
                                       BCRYPT_3DES_ALGORITHM,
                                       BCRYPT_RC4_ALGORITHM,
                                       BCRYPT_CHACHA20_POLY1305_ALGORITHM,
                                       BCRYPT_MD5_ALGORITHM,
                                       BCRYPT_SHA1_ALGORITHM,
                                       BCRYPT_SHA256_ALGORITHM,
                                       BCRYPT_SHA384_ALGORITHM,
                                       BCRYPT_SHA512_ALGORITHM,
                                       BCRYPT_RSA_ALGORITHM,
                                       BCRYPT_RSA_SIGN_ALGORITHM,
                                       BCRYPT_DSA_ALGORITHM,
                                       BCRYPT_DH_ALGORITHM,
                                       BCRYPT_ECDSA_ALGORITHM,
                                       BCRYPT_ECDSA_P256_ALGORITHM,
                                       BCRYPT_ECDSA_P384_ALGORITHM,
                                       BCRYPT_ECDSA_P521_ALGORITHM,
                                       BCRYPT_ECDH_ALGORITHM,
                                       BCRYPT_ECDH_P256_ALGORITHM,
                                       BCRYPT_ECDH_P384_ALGORITHM,
                                       BCRYPT_ECDH_P521_ALGORITHM,
                                       BCRYPT_CHAIN_MODE_NA,
                                       BCRYPT_CHAIN_MODE_CBC,
                                       BCRYPT_CHAIN_MODE_CCM,
                                       BCRYPT_CHAIN_MODE_GCM,
                                       BCRYPT_ECC_CURVE_NISTP256,
                                       BCRYPT_ECC_CURVE_NISTP384,
                                       BCRYPT_ECC_CURVE_NISTP521,
                                       BCRYPT_ECC_CURVE_25519,
                                       UNISP_NAME_W,
                                       SCHANNEL_NAME_W};

TEST(Headers, AlgorithmNames_AreWindowsInEachLanguage) {
  static_assert(std::size(kNames) == NAMES && std::size(kNamesInCxx) == NAMES);
  for (size_t i = 0; i < NAMES; ++i) {
    const std::u16string name = kNames[i];
    EXPECT_EQ(kNamesInCxx[i], name) << i;
    EXPECT_EQ(std::u16string(NamesInC99[i], NamesInC99[i] + name.size()), name) << i;
    EXPECT_EQ(NamesInC99[i][name.size()], 0) << i;
  }
}

TEST(Headers, FlagOfOurOwn_IsNoneOfWindows) {
  ULONG of_windows = 0;
  for (const ULONG flag : {SCH_CRED_NO_SYSTEM_MAPPER,
                           SCH_CRED_NO_SERVERNAME_CHECK,
                           SCH_CRED_MANUAL_CRED_VALIDATION,
                           SCH_CRED_NO_DEFAULT_CREDS,
                           SCH_CRED_AUTO_CRED_VALIDATION,
                           SCH_CRED_USE_DEFAULT_CREDS,
                           SCH_CRED_DISABLE_RECONNECTS,
                           SCH_CRED_REVOCATION_CHECK_END_CERT,
                           SCH_CRED_REVOCATION_CHECK_CHAIN,
                           SCH_CRED_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT,
                           SCH_CRED_IGNORE_NO_REVOCATION_CHECK,
                           SCH_CRED_IGNORE_REVOCATION_OFFLINE,
                           SCH_CRED_RESTRICTED_ROOTS,
                           SCH_CRED_REVOCATION_CHECK_CACHE_ONLY,
                           SCH_CRED_CACHE_ONLY_URL_RETRIEVAL,
                           SCH_CRED_MEMORY_STORE_CERT,
                           SCH_CRED_CACHE_ONLY_URL_RETRIEVAL_ON_CREATE,
                           SCH_SEND_ROOT_CERT,
                           SCH_CRED_SNI_CREDENTIAL,
                           SCH_CRED_SNI_ENABLE_OCSP,
                           SCH_SEND_AUX_RECORD,
                           SCH_USE_STRONG_CRYPTO,
                           SCH_USE_PRESHAREDKEY_ONLY,
                           SCH_USE_DTLS_ONLY,
                           SCH_ALLOW_NULL_ENCRYPTION,
                           SCH_CRED_DEFERRED_CRED_VALIDATION}) {
    EXPECT_EQ(of_windows & flag, 0u) << "two flags share a bit";
    of_windows |= flag;
  }
  EXPECT_EQ(of_windows & BARESSPI_SCH_CRED_NO_DATES, 0u);
}

TEST(Headers, Protocols_AreTheBitsOfBothSides) {
  EXPECT_EQ(SP_PROT_TLS1_2, SP_PROT_TLS1_2_CLIENT | SP_PROT_TLS1_2_SERVER);
  EXPECT_EQ(SP_PROT_TLS1_3, SP_PROT_TLS1_3_CLIENT | SP_PROT_TLS1_3_SERVER);
  EXPECT_EQ(SP_PROT_TLS1_X, SP_PROT_TLS1_X_CLIENT | SP_PROT_TLS1_X_SERVER);
}

// A credential as an application has it: certificate, key and anchors constant, filled in by position as
// certificates.h shows.
const uint8_t kCertificate[] = {0x30, 0x00};
const char kAnchors[] = "-----BEGIN CERTIFICATE-----";
const BARESSPI_BLOB kIntermediates[] = {{sizeof kCertificate, kCertificate}};
const BARESSPI_CERT_STORE kOwnStore = {BARESSPI_CERT_STORE_VERSION, 1,      kIntermediates, kCertificate,
                                       sizeof kCertificate,         nullptr};
const BARESSPI_BLOB kAnchorBlobs[] = {{sizeof kAnchors, reinterpret_cast<const uint8_t*>(kAnchors)}};
const BARESSPI_CERT_STORE kRoots = {BARESSPI_CERT_STORE_VERSION, 1, kAnchorBlobs, nullptr, 0, nullptr};

TEST(Headers, Credential_TakesConstantCertificates) {
  const CERT_CONTEXT own = {X509_ASN_ENCODING, const_cast<BYTE*>(kCertificate), sizeof kCertificate, nullptr,
                            &kOwnStore};
  PCCERT_CONTEXT certificates[] = {&own};
  CRYPTO_SETTINGS no_cbc = {};
  UNICODE_STRING cbc = {30, 30, const_cast<SEC_WCHAR*>(BCRYPT_CHAIN_MODE_CBC)};
  no_cbc.eAlgorithmUsage = TlsParametersCngAlgUsageCipher;
  no_cbc.strCngAlgId = {6, 6, const_cast<SEC_WCHAR*>(BCRYPT_AES_ALGORITHM)};
  no_cbc.cChainingModes = 1;
  no_cbc.rgstrChainingModes = &cbc;
  TLS_PARAMETERS parameters = {};
  parameters.cDisabledCrypto = 1;
  parameters.pDisabledCrypto = &no_cbc;
  SCH_CREDENTIALS credentials = {};
  credentials.dwVersion = SCH_CREDENTIALS_VERSION;
  credentials.cCreds = 1;
  credentials.paCred = certificates;
  credentials.hRootStore = &kRoots;
  credentials.dwFlags = SCH_USE_STRONG_CRYPTO | BARESSPI_SCH_CRED_NO_DATES;
  credentials.cTlsParameters = 1;
  credentials.pTlsParameters = &parameters;
  EXPECT_EQ(credentials.paCred[0]->hCertStore->Certificates[0].pb, kCertificate);
  EXPECT_EQ(credentials.hRootStore->Certificates[0].pb[credentials.hRootStore->Certificates[0].cb - 1], 0)
      << "the size of a PEM text counts its zero";
}

// AcquireCredentialsHandle tells what pAuthData is by its first four octets.
TEST(Headers, FirstWordsOfAuthData_AreAllDifferent) {
  const ULONG words[] = {SCHANNEL_CRED_VERSION,       SCH_CREDENTIALS_VERSION,
                         BARESSPI_DEVICE_VERSION,     SEC_WINNT_AUTH_IDENTITY_VERSION,
                         BARESSPI_CERT_STORE_VERSION, SEC_WINNT_AUTH_IDENTITY_VERSION_2};
  for (const ULONG& one : words)
    for (const ULONG& other : words) EXPECT_EQ(one == other, &one == &other);
}

#if BARESSPI_NTLM_CLIENT && BARESSPI_NTLM_SERVER

class WindowsStyleProgram : public testing::Test {
 protected:
  void SetUp() override {
    scripted_port::Reset();
    ASSERT_EQ(BareSspiNtHash("secret", 6, nt_hash_), SEC_E_OK);
    scripted_port::SetDevice(&device_);
  }
  void TearDown() override { scripted_port::Reset(); }

  uint8_t nt_hash_[16] = {};
  const BARESSPI_ACCOUNT_ENTRY entry_ = {"DOMAIN", "alice", nt_hash_, 7};
  const BARESSPI_ACCOUNT_TABLE table_ = {&entry_, 1};
  const BARESSPI_AUTHORITY authority_ = {&table_, BareSspiAccountTableGetNtHash, nullptr, nullptr};
  const BARESSPI_DEVICE device_ = {BARESSPI_DEVICE_VERSION,
                                   sizeof(BARESSPI_DEVICE),
                                   "SERVER",
                                   "DOMAIN",
                                   "server.example",
                                   "example",
                                   nullptr,
                                   0,
                                   &authority_,
                                   nullptr};
  REPORT report_ = {};
};

void ExpectTalk(const REPORT& report) {
  EXPECT_GE(report.cPackages, 1u);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(report.Received), report.cbReceived),
            std::string("open the pod bay doors", 23));
  EXPECT_TRUE(report.fAnswerVerified);
  EXPECT_NE(report.fClientAttr & ISC_RET_CONFIDENTIALITY, 0u);
  EXPECT_NE(report.fServerAttr & ASC_RET_CONFIDENTIALITY, 0u);
}

TEST_F(WindowsStyleProgram, LogsInAndTalks) {
  EXPECT_EQ(RunWindowsStyleProgramA("secret", &report_), SEC_E_OK);
  ExpectTalk(report_);
  EXPECT_STREQ(reinterpret_cast<const char*>(report_.CallersName), "DOMAIN\\alice");
}

TEST_F(WindowsStyleProgram, LogsInAndTalksInUnicode) {
  EXPECT_EQ(RunWindowsStyleProgramW(u"secret", &report_), SEC_E_OK);
  ExpectTalk(report_);
  char16_t name[sizeof report_.CallersName / sizeof(char16_t)];
  memcpy(name, report_.CallersName, sizeof name);
  EXPECT_EQ(std::u16string(name), u"DOMAIN\\alice");
}

TEST_F(WindowsStyleProgram, IsRefusedWithAnotherPassword) {
  EXPECT_EQ(RunWindowsStyleProgramA("sesame", &report_), SEC_E_LOGON_DENIED);
  EXPECT_EQ(RunWindowsStyleProgramW(u"sesame", &report_), SEC_E_LOGON_DENIED);
  EXPECT_EQ(report_.cbReceived, 0u);
}

#endif

}  // namespace
