// SPDX-License-Identifier: Apache-2.0
// The Ex forms of the queries, which know how large the caller's structure is.
#include <baresspi/authority.h>

#include "config/baresspi_config.h"
#if BARESSPI_SCHANNEL
#include <baresspi/schannel.h>
#endif

namespace baresspi {
namespace {

#if BARESSPI_SCHANNEL
// Most attributes of TLS have numbers so far apart that a list of them is shorter than the table which a
// compiler makes of a switch. The structures are of whole words, and none of more than 255.
constexpr ULONG kWord = 4;
template <typename T>
constexpr uint8_t Words() {
  constexpr size_t kSize = sizeof(T);  // NOLINT(bugprone-sizeof-expression): some answers are pointers
  static_assert(kSize % kWord == 0 && kSize / kWord <= UINT8_MAX);
  return kSize / kWord;
}
struct Answer {
  uint8_t attribute;
  uint8_t words;
};
constexpr Answer kAnswersOfTls[] = {
    {SECPKG_ATTR_CONNECTION_INFO, Words<SecPkgContext_ConnectionInfo>()},
    {SECPKG_ATTR_CIPHER_INFO, Words<SecPkgContext_CipherInfo>()},
    {SECPKG_ATTR_SESSION_INFO, Words<SecPkgContext_SessionInfo>()},
    {SECPKG_ATTR_APPLICATION_PROTOCOL, Words<SecPkgContext_ApplicationProtocol>()},
    {SECPKG_ATTR_ISSUER_LIST_EX, Words<SecPkgContext_IssuerListInfoEx>()},
    {SECPKG_ATTR_REMOTE_CERT_CONTEXT, Words<PCCERT_CONTEXT>()},
    {SECPKG_ATTR_REMOTE_CERT_CHAIN, Words<PCCERT_CONTEXT>()},
    {SECPKG_ATTR_LOCAL_CERT_CONTEXT, Words<PCCERT_CONTEXT>()},
    {SECPKG_ATTR_SUPPORTED_SIGNATURES, Words<SecPkgContext_SupportedSignatures>()},
    {SECPKG_ATTR_KEYING_MATERIAL, Words<SecPkgContext_KeyingMaterial>()},
};
#endif

// What a query of a context writes; 0: not one that any package here answers.
ULONG SizeOfContextAttribute(ULONG attribute) {
#if BARESSPI_SCHANNEL
  for (const Answer& answer : kAnswersOfTls) {
    if (answer.attribute == attribute) return answer.words * kWord;
  }
#endif
  // The A and the W structures have the same layout.
  switch (attribute) {
    case SECPKG_ATTR_SIZES:
      return sizeof(SecPkgContext_Sizes);
    case SECPKG_ATTR_NAMES:
      return sizeof(SecPkgContext_NamesA);
    case SECPKG_ATTR_NATIVE_NAMES:
      return sizeof(SecPkgContext_NativeNamesA);
    case SECPKG_ATTR_LIFESPAN:
      return sizeof(SecPkgContext_Lifespan);
    case SECPKG_ATTR_FLAGS:
      return sizeof(SecPkgContext_Flags);
    case SECPKG_ATTR_PACKAGE_INFO:
      return sizeof(SecPkgContext_PackageInfoA);
    case SECPKG_ATTR_NEGOTIATION_INFO:
      return sizeof(SecPkgContext_NegotiationInfoA);
    case SECPKG_ATTR_SESSION_KEY:
      return sizeof(SecPkgContext_SessionKey);
    case SECPKG_ATTR_KEY_INFO:
      return sizeof(SecPkgContext_KeyInfoA);
    case SECPKG_ATTR_DCE_INFO:
      return sizeof(SecPkgContext_DceInfo);
#if BARESSPI_NTLM_TARGET_INFORMATION_BYTES
    case SECPKG_ATTR_TARGET_INFORMATION:
      return sizeof(SecPkgContext_TargetInformation);
#endif
#if BARESSPI_NTLM_CLIENT_TARGET_BYTES
    case SECPKG_ATTR_CLIENT_SPECIFIED_TARGET:
      return sizeof(SecPkgContext_ClientSpecifiedTarget);
#endif
    case SECPKG_ATTR_PASSWORD_EXPIRY:
      return sizeof(SecPkgContext_PasswordExpiry);
    case SECPKG_ATTR_AUTHORITY:
      return sizeof(SecPkgContext_AuthorityA);
#if BARESSPI_SERVERS
    case SECPKG_ATTR_ACCESS_TOKEN:
      return sizeof(SecPkgContext_AccessToken);
#endif
#if BARESSPI_SCHANNEL
    case SECPKG_ATTR_STREAM_SIZES:
      return sizeof(SecPkgContext_StreamSizes);
    case SECPKG_ATTR_UNIQUE_BINDINGS:
    case SECPKG_ATTR_ENDPOINT_BINDINGS:
      return sizeof(SecPkgContext_Bindings);
#endif
    default:
      return 0;
  }
}

// The same of a credential.
ULONG SizeOfCredentialAttribute(ULONG attribute) {
  switch (attribute) {
    case SECPKG_CRED_ATTR_NAMES:
      return sizeof(SecPkgCredentials_NamesA);
    case BARESSPI_CRED_ATTR_POLICY:
      return sizeof(BARESSPI_POLICY);
#if BARESSPI_SCHANNEL
    case SECPKG_ATTR_SUPPORTED_ALGS:
      return sizeof(SecPkgCred_SupportedAlgs);
    case SECPKG_ATTR_CIPHER_STRENGTHS:
      return sizeof(SecPkgCred_CipherStrengths);
    case SECPKG_ATTR_SUPPORTED_PROTOCOLS:
      return sizeof(SecPkgCred_SupportedProtocols);
#endif
    default:
      return 0;
  }
}

// Most buffers are large enough for any of them. This is asked first, since then 32-bit machines without TLS,
// where there is but one size, need no further comparison.
#if BARESSPI_SCHANNEL
constexpr ULONG kLargestOfCredentials = 2 * sizeof(void*);
static_assert(sizeof(SecPkgCred_SupportedAlgs) <= kLargestOfCredentials);
#else
constexpr ULONG kLargestOfCredentials = sizeof(SecPkgCredentials_NamesA);
#endif
bool IsTooSmall(ULONG attribute, ULONG size) {
  return size < kLargestOfCredentials && size < SizeOfCredentialAttribute(attribute);
}

}  // namespace
}  // namespace baresspi

SECURITY_STATUS SEC_ENTRY QueryContextAttributesExA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                    ULONG cbBuffer) {
  if (cbBuffer < baresspi::SizeOfContextAttribute(ulAttribute)) return SEC_E_BUFFER_TOO_SMALL;
  return QueryContextAttributesA(phContext, ulAttribute, pBuffer);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesExW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                    ULONG cbBuffer) {
  if (cbBuffer < baresspi::SizeOfContextAttribute(ulAttribute)) return SEC_E_BUFFER_TOO_SMALL;
  return QueryContextAttributesW(phContext, ulAttribute, pBuffer);
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesExA(PCredHandle phCredential, ULONG ulAttribute,
                                                        void* pBuffer, ULONG cbBuffer) {
  if (baresspi::IsTooSmall(ulAttribute, cbBuffer)) return SEC_E_BUFFER_TOO_SMALL;
  return QueryCredentialsAttributesA(phCredential, ulAttribute, pBuffer);
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesExW(PCredHandle phCredential, ULONG ulAttribute,
                                                        void* pBuffer, ULONG cbBuffer) {
  if (baresspi::IsTooSmall(ulAttribute, cbBuffer)) return SEC_E_BUFFER_TOO_SMALL;
  return QueryCredentialsAttributesW(phCredential, ulAttribute, pBuffer);
}
