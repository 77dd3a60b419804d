// SPDX-License-Identifier: Apache-2.0
// The Ex forms of the queries, which know how large the caller's structure is.
#include <baresspi/authority.h>

#include "config/baresspi_config.h"
#if BARESSPI_SCHANNEL
#include <baresspi/schannel.h>
#endif

namespace baresspi {
namespace {

// What a query of a context writes; 0: not one that any package here answers.
ULONG SizeOfContextAttribute(ULONG attribute) {
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
    case SECPKG_ATTR_TARGET_INFORMATION:
      return sizeof(SecPkgContext_TargetInformation);
    case SECPKG_ATTR_CLIENT_SPECIFIED_TARGET:
      return sizeof(SecPkgContext_ClientSpecifiedTarget);
    case SECPKG_ATTR_PASSWORD_EXPIRY:
      return sizeof(SecPkgContext_PasswordExpiry);
    case SECPKG_ATTR_AUTHORITY:
      return sizeof(SecPkgContext_AuthorityA);
    case SECPKG_ATTR_ACCESS_TOKEN:
      return sizeof(SecPkgContext_AccessToken);
#if BARESSPI_SCHANNEL
    case SECPKG_ATTR_STREAM_SIZES:
      return sizeof(SecPkgContext_StreamSizes);
    case SECPKG_ATTR_CONNECTION_INFO:
      return sizeof(SecPkgContext_ConnectionInfo);
    case SECPKG_ATTR_CIPHER_INFO:
      return sizeof(SecPkgContext_CipherInfo);
    case SECPKG_ATTR_SESSION_INFO:
      return sizeof(SecPkgContext_SessionInfo);
    case SECPKG_ATTR_APPLICATION_PROTOCOL:
      return sizeof(SecPkgContext_ApplicationProtocol);
    case SECPKG_ATTR_ISSUER_LIST_EX:
      return sizeof(SecPkgContext_IssuerListInfoEx);
    case SECPKG_ATTR_REMOTE_CERT_CONTEXT:
    case SECPKG_ATTR_REMOTE_CERT_CHAIN:
    case SECPKG_ATTR_LOCAL_CERT_CONTEXT:
      return sizeof(PCCERT_CONTEXT);
    case SECPKG_ATTR_SUPPORTED_SIGNATURES:
      return sizeof(SecPkgContext_SupportedSignatures);
    case SECPKG_ATTR_KEYING_MATERIAL:
      return sizeof(SecPkgContext_KeyingMaterial);
    case SECPKG_ATTR_ENDPOINT_BINDINGS:
    case SECPKG_ATTR_UNIQUE_BINDINGS:
      return sizeof(SecPkgContext_Bindings);
#endif
    default:
      return 0;
  }
}

ULONG SizeOfCredentialAttribute(ULONG attribute) {
  return attribute == BARESSPI_CRED_ATTR_POLICY ? sizeof(BARESSPI_POLICY) : sizeof(SecPkgCredentials_NamesA);
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
  if (cbBuffer < baresspi::SizeOfCredentialAttribute(ulAttribute)) return SEC_E_BUFFER_TOO_SMALL;
  return QueryCredentialsAttributesA(phCredential, ulAttribute, pBuffer);
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesExW(PCredHandle phCredential, ULONG ulAttribute,
                                                        void* pBuffer, ULONG cbBuffer) {
  if (cbBuffer < baresspi::SizeOfCredentialAttribute(ulAttribute)) return SEC_E_BUFFER_TOO_SMALL;
  return QueryCredentialsAttributesW(phCredential, ulAttribute, pBuffer);
}
