/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a context: the attributes, and the functions that query them. attribute_values.h has what they
 * answer, <baresspi/schannel_attributes.h> what TLS does beside that. */
#ifndef BARESSPI_ATTRIBUTES_H
#define BARESSPI_ATTRIBUTES_H

#include "attribute_values.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- ulAttribute, and what pBuffer points to. These NTLM answers. ---- */
#define SECPKG_ATTR_SIZES 0u                    /* SecPkgContext_Sizes */
#define SECPKG_ATTR_NAMES 1u                    /* SecPkgContext_Names */
#define SECPKG_ATTR_LIFESPAN 2u                 /* SecPkgContext_Lifespan */
#define SECPKG_ATTR_DCE_INFO 3u                 /* SecPkgContext_DceInfo */
#define SECPKG_ATTR_KEY_INFO 5u                 /* SecPkgContext_KeyInfo */
#define SECPKG_ATTR_AUTHORITY 6u                /* SecPkgContext_Authority */
#define SECPKG_ATTR_PASSWORD_EXPIRY 8u          /* SecPkgContext_PasswordExpiry */
#define SECPKG_ATTR_SESSION_KEY 9u              /* SecPkgContext_SessionKey */
#define SECPKG_ATTR_PACKAGE_INFO 10u            /* SecPkgContext_PackageInfo */
#define SECPKG_ATTR_NEGOTIATION_INFO 12u        /* SecPkgContext_NegotiationInfo */
#define SECPKG_ATTR_NATIVE_NAMES 13u            /* SecPkgContext_NativeNames */
#define SECPKG_ATTR_FLAGS 14u                   /* SecPkgContext_Flags */
#define SECPKG_ATTR_TARGET_INFORMATION 17u      /* client: ..._TargetInformation, if configured */
#define SECPKG_ATTR_ACCESS_TOKEN 18u            /* server: SecPkgContext_AccessToken */
#define SECPKG_ATTR_CLIENT_SPECIFIED_TARGET 27u /* server: ..._ClientSpecifiedTarget, if configured */

/* ---- These TLS answers, and of those above SIZES, NAMES, LIFESPAN, KEY_INFO, PACKAGE_INFO and FLAGS. Those
 * from 0x50 on are declared in <baresspi/schannel_attributes.h>. ---- */
#define SECPKG_ATTR_STREAM_SIZES 4u           /* SecPkgContext_StreamSizes */
#define SECPKG_ATTR_UNIQUE_BINDINGS 25u       /* SecPkgContext_Bindings: tls-exporter (TLS 1.3), tls-unique */
#define SECPKG_ATTR_ENDPOINT_BINDINGS 26u     /* SecPkgContext_Bindings: tls-server-end-point */
#define SECPKG_ATTR_APPLICATION_PROTOCOL 35u  /* SecPkgContext_ApplicationProtocol */
#define SECPKG_ATTR_REMOTE_CERT_CONTEXT 0x53u /* PCCERT_CONTEXT */
#define SECPKG_ATTR_LOCAL_CERT_CONTEXT 0x54u  /* PCCERT_CONTEXT */
#define SECPKG_ATTR_ISSUER_LIST_EX 0x59u      /* client: SecPkgContext_IssuerListInfoEx */
#define SECPKG_ATTR_CONNECTION_INFO 0x5Au     /* SecPkgContext_ConnectionInfo */
#define SECPKG_ATTR_SESSION_INFO 0x5Du        /* SecPkgContext_SessionInfo */
#define SECPKG_ATTR_CIPHER_INFO 0x64u         /* SecPkgContext_CipherInfo */
#define SECPKG_ATTR_SUPPORTED_SIGNATURES 0x66u /* SecPkgContext_SupportedSignatures */
#define SECPKG_ATTR_REMOTE_CERT_CHAIN 0x67u    /* PCCERT_CONTEXT */
#define SECPKG_ATTR_KEYING_MATERIAL_INFO 0x6Au /* to be set: SecPkgContext_KeyingMaterialInfo */
#define SECPKG_ATTR_KEYING_MATERIAL 0x6Bu      /* SecPkgContext_KeyingMaterial */

/* ---- Asked of a credential of TLS, by QueryCredentialsAttributes. ---- */
#define SECPKG_ATTR_SUPPORTED_ALGS 0x56u      /* SecPkgCred_SupportedAlgs */
#define SECPKG_ATTR_CIPHER_STRENGTHS 0x57u    /* SecPkgCred_CipherStrengths */
#define SECPKG_ATTR_SUPPORTED_PROTOCOLS 0x58u /* SecPkgCred_SupportedProtocols */

/* ---- These nobody answers: SEC_E_UNSUPPORTED_FUNCTION. ---- */
#define SECPKG_ATTR_PROTO_INFO 7u
#define SECPKG_ATTR_USER_FLAGS 11u
#define SECPKG_ATTR_USE_VALIDATED 15u
#define SECPKG_ATTR_CREDENTIAL_NAME 16u
#define SECPKG_ATTR_TARGET 19u
#define SECPKG_ATTR_AUTHENTICATION_ID 20u
#define SECPKG_ATTR_LOGOFF_TIME 21u
#define SECPKG_ATTR_NEGO_KEYS 22u
#define SECPKG_ATTR_PROMPTING_NEEDED 24u
#define SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS 30u
#define SECPKG_ATTR_NEGO_PKG_INFO 31u
#define SECPKG_ATTR_NEGO_STATUS 32u
#define SECPKG_ATTR_CONTEXT_DELETED 33u
#define SECPKG_ATTR_DTLS_MTU 34u
#define SECPKG_ATTR_NEGOTIATED_TLS_EXTENSIONS 36u
#define SECPKG_ATTR_IS_LOOPBACK 37u
#define SECPKG_ATTR_ISSUER_LIST 0x50u
#define SECPKG_ATTR_REMOTE_CRED 0x51u
#define SECPKG_ATTR_LOCAL_CRED 0x52u
#define SECPKG_ATTR_ROOT_STORE 0x55u
#define SECPKG_ATTR_EAP_KEY_BLOCK 0x5Bu
#define SECPKG_ATTR_MAPPED_CRED_ATTR 0x5Cu
#define SECPKG_ATTR_APP_DATA 0x5Eu
#define SECPKG_ATTR_REMOTE_CERTIFICATES 0x5Fu
#define SECPKG_ATTR_CLIENT_CERT_POLICY 0x60u
#define SECPKG_ATTR_CC_POLICY_RESULT 0x61u
#define SECPKG_ATTR_USE_NCRYPT 0x62u
#define SECPKG_ATTR_LOCAL_CERT_INFO 0x63u
#define SECPKG_ATTR_EAP_PRF_INFO 0x65u
#define SECPKG_ATTR_UI_INFO 0x68u
#define SECPKG_ATTR_EARLY_START 0x69u
#define SECPKG_ATTR_SRTP_PARAMETERS 0x6Cu
#define SECPKG_ATTR_TOKEN_BINDING 0x6Du
#define SECPKG_ATTR_CONNECTION_INFO_EX 0x6Eu
#define SECPKG_ATTR_KEYING_MATERIAL_TOKEN_BINDING 0x6Fu
#define SECPKG_ATTR_KEYING_MATERIAL_INPROC 0x70u
#define SECPKG_ATTR_CERT_CHECK_RESULT 0x71u
#define SECPKG_ATTR_CERT_CHECK_RESULT_INPROC 0x72u
#define SECPKG_ATTR_SESSION_TICKET_KEYS 0x73u
#define SECPKG_ATTR_SERIALIZED_REMOTE_CERT_CONTEXT_INPROC 0x74u
#define SECPKG_ATTR_SERIALIZED_REMOTE_CERT_CONTEXT 0x75u
#define SECPKG_ATTR_SUBJECT_SECURITY_ATTRIBUTES 128u
#define SECPKG_ATTR_DATAGRAM_SIZES SECPKG_ATTR_STREAM_SIZES

/* Writes the structure for ulAttribute to pBuffer, which is aligned as the structure is. Ex: cbBuffer is its
 * size, and less than that is SEC_E_BUFFER_TOO_SMALL; the other form trusts that it is large enough.
 *
 * SEC_E_OK; SEC_E_UNSUPPORTED_FUNCTION (the package, this side of it, or this configuration does not have the
 * attribute); SEC_E_INSUFFICIENT_MEMORY (what was asked for is longer than the room that config/ gives it in
 * a context); SEC_E_INVALID_TOKEN (pBuffer NULL); SEC_E_INVALID_HANDLE (also during the handshake, but for
 * what schannel_attributes.h says); the error that ended the handshake. */
SECURITY_STATUS SEC_ENTRY QueryContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer);
SECURITY_STATUS SEC_ENTRY QueryContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer);
SECURITY_STATUS SEC_ENTRY QueryContextAttributesExW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                    ULONG cbBuffer);
SECURITY_STATUS SEC_ENTRY QueryContextAttributesExA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                    ULONG cbBuffer);

/* Changes an attribute; cbBuffer is the size of its structure. TLS has SECPKG_ATTR_KEYING_MATERIAL_INFO.
 * SEC_E_OK; SEC_E_UNSUPPORTED_FUNCTION (no such attribute, or none that can be set); SEC_E_BUFFER_TOO_SMALL;
 * SEC_E_INVALID_TOKEN (pBuffer NULL, or what stands in it is malformed); SEC_E_INVALID_HANDLE. */
SECURITY_STATUS SEC_ENTRY SetContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                ULONG cbBuffer);
SECURITY_STATUS SEC_ENTRY SetContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                ULONG cbBuffer);

typedef SECURITY_STATUS(SEC_ENTRY* QUERY_CONTEXT_ATTRIBUTES_FN_W)(PCtxtHandle, ULONG, void*);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_CONTEXT_ATTRIBUTES_FN_A)(PCtxtHandle, ULONG, void*);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_CONTEXT_ATTRIBUTES_EX_FN_W)(PCtxtHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_CONTEXT_ATTRIBUTES_EX_FN_A)(PCtxtHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY* SET_CONTEXT_ATTRIBUTES_FN_W)(PCtxtHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY* SET_CONTEXT_ATTRIBUTES_FN_A)(PCtxtHandle, ULONG, void*, ULONG);

#ifdef UNICODE
#define QueryContextAttributes QueryContextAttributesW
#define QueryContextAttributesEx QueryContextAttributesExW
#define SetContextAttributes SetContextAttributesW
#define QUERY_CONTEXT_ATTRIBUTES_FN QUERY_CONTEXT_ATTRIBUTES_FN_W
#define QUERY_CONTEXT_ATTRIBUTES_EX_FN QUERY_CONTEXT_ATTRIBUTES_EX_FN_W
#define SET_CONTEXT_ATTRIBUTES_FN SET_CONTEXT_ATTRIBUTES_FN_W
#else
#define QueryContextAttributes QueryContextAttributesA
#define QueryContextAttributesEx QueryContextAttributesExA
#define SetContextAttributes SetContextAttributesA
#define QUERY_CONTEXT_ATTRIBUTES_FN QUERY_CONTEXT_ATTRIBUTES_FN_A
#define QUERY_CONTEXT_ATTRIBUTES_EX_FN QUERY_CONTEXT_ATTRIBUTES_EX_FN_A
#define SET_CONTEXT_ATTRIBUTES_FN SET_CONTEXT_ATTRIBUTES_FN_A
#endif

#ifdef __cplusplus
}
#endif
#endif
