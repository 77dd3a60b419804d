/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a context: the attributes, and the functions that query them. attribute_values.h has what they
 * answer. */
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

/* ---- These it does not: SEC_E_UNSUPPORTED_FUNCTION. ---- */
#define SECPKG_ATTR_STREAM_SIZES 4u
#define SECPKG_ATTR_PROTO_INFO 7u
#define SECPKG_ATTR_USER_FLAGS 11u
#define SECPKG_ATTR_USE_VALIDATED 15u
#define SECPKG_ATTR_CREDENTIAL_NAME 16u
#define SECPKG_ATTR_TARGET 19u
#define SECPKG_ATTR_AUTHENTICATION_ID 20u
#define SECPKG_ATTR_LOGOFF_TIME 21u
#define SECPKG_ATTR_NEGO_KEYS 22u
#define SECPKG_ATTR_PROMPTING_NEEDED 24u
#define SECPKG_ATTR_UNIQUE_BINDINGS 25u
#define SECPKG_ATTR_ENDPOINT_BINDINGS 26u
#define SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS 30u
#define SECPKG_ATTR_NEGO_PKG_INFO 31u
#define SECPKG_ATTR_NEGO_STATUS 32u
#define SECPKG_ATTR_CONTEXT_DELETED 33u
#define SECPKG_ATTR_DTLS_MTU 34u
#define SECPKG_ATTR_APPLICATION_PROTOCOL 35u
#define SECPKG_ATTR_NEGOTIATED_TLS_EXTENSIONS 36u
#define SECPKG_ATTR_IS_LOOPBACK 37u
#define SECPKG_ATTR_SUBJECT_SECURITY_ATTRIBUTES 128u
#define SECPKG_ATTR_DATAGRAM_SIZES SECPKG_ATTR_STREAM_SIZES

/* Writes the structure for ulAttribute to pBuffer, which is aligned as the structure is. Ex: cbBuffer is its
 * size, and less than that is SEC_E_BUFFER_TOO_SMALL; the other form trusts that it is large enough.
 *
 * SEC_E_OK; SEC_E_UNSUPPORTED_FUNCTION (the package, this side of it, or this configuration does not have the
 * attribute); SEC_E_INSUFFICIENT_MEMORY (what was asked for is longer than the room that config/ gives it in
 * a context); SEC_E_INVALID_TOKEN (pBuffer NULL); SEC_E_INVALID_HANDLE (also during the handshake); the error
 * that ended the handshake. */
SECURITY_STATUS SEC_ENTRY QueryContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer);
SECURITY_STATUS SEC_ENTRY QueryContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer);
SECURITY_STATUS SEC_ENTRY QueryContextAttributesExW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                    ULONG cbBuffer);
SECURITY_STATUS SEC_ENTRY QueryContextAttributesExA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                    ULONG cbBuffer);

/* Changes an attribute. No package has such: SEC_E_UNSUPPORTED_FUNCTION, or SEC_E_INVALID_HANDLE. */
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
