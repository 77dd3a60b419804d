/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials: who a context stands for, or on whose behalf a server lets callers in. */
#ifndef BARESSPI_CREDENTIALS_H
#define BARESSPI_CREDENTIALS_H

#include "buffers.h"
#include "identity.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- fCredentialUse: the direction. Other bits are ignored. ---- */
#define SECPKG_CRED_INBOUND 0x00000001u  /* AcceptSecurityContext */
#define SECPKG_CRED_OUTBOUND 0x00000002u /* InitializeSecurityContext */
#define SECPKG_CRED_BOTH 0x00000003u
#define SECPKG_CRED_DEFAULT 0x00000004u
#define SECPKG_CRED_AUTOLOGON_RESTRICTED 0x00000010u
#define SECPKG_CRED_PROCESS_POLICY_ONLY 0x00000020u
#define SECPKG_CRED_RESERVED 0xF0000000u

/* ---- Asking and changing: ulAttribute, and the structure that pBuffer points to. <baresspi/authority.h> has
 * one more, BARESSPI_CRED_ATTR_POLICY. ---- */
#define SECPKG_CRED_ATTR_NAMES 1u        /* SecPkgCredentials_Names */
#define SECPKG_CRED_ATTR_SSI_PROVIDER 2u /* these: no package yet */
#define SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS 3u
#define SECPKG_CRED_ATTR_CERT 4u
#define SECPKG_CRED_ATTR_PAC_BYPASS 5u

/* Whose it is: `DOMAIN\user`, or as it was given where there is no domain. The string lives until the
 * credential is gone. */
typedef struct _SecPkgCredentials_NamesW {
  SEC_WCHAR* sUserName;
} SecPkgCredentials_NamesW, *PSecPkgCredentials_NamesW;

typedef struct _SecPkgCredentials_NamesA {
  SEC_CHAR* sUserName;
} SecPkgCredentials_NamesA, *PSecPkgCredentials_NamesA;

/* The package that logged the account on, and data of its own. */
typedef struct _SecPkgCredentials_SSIProviderW {
  SEC_WCHAR* sProviderName;
  ULONG ProviderInfoLength;
  char* ProviderInfo;
} SecPkgCredentials_SSIProviderW, *PSecPkgCredentials_SSIProviderW;

typedef struct _SecPkgCredentials_SSIProviderA {
  SEC_CHAR* sProviderName;
  ULONG ProviderInfoLength;
  char* ProviderInfo;
} SecPkgCredentials_SSIProviderA, *PSecPkgCredentials_SSIProviderA;

/* Kerberos: a proxy to reach the domain controller by ([MS-KKDCP]). Strings stand behind the structure;
 * offsets and lengths in octets. */
#define KDC_PROXY_SETTINGS_V1 1u
#define KDC_PROXY_SETTINGS_FLAGS_FORCEPROXY 0x1u

typedef struct _SecPkgCredentials_KdcProxySettingsW {
  ULONG Version;
  ULONG Flags;
  USHORT ProxyServerOffset;
  USHORT ProxyServerLength;
  USHORT ClientTlsCredOffset;
  USHORT ClientTlsCredLength;
} SecPkgCredentials_KdcProxySettingsW, *PSecPkgCredentials_KdcProxySettingsW;

/* Kerberos (PKINIT): the certificate, DER. */
typedef struct _SecPkgCredentials_Cert {
  ULONG EncodedCertSize;
  unsigned char* EncodedCert;
} SecPkgCredentials_Cert, *PSecPkgCredentials_Cert;

/* ---- Getting and giving back. ---- */
/* Windows' way for Kerberos servers to fetch keys. Not called. */
typedef void(SEC_ENTRY* SEC_GET_KEY_FN)(void* Arg, void* Principal, ULONG KeyVer, void** Key,
                                        SECURITY_STATUS* Status);

/* Makes a credential. It lives until FreeCredentialsHandle was called and the last context made with it is
 * gone.
 *
 * - pszPrincipal, pvLogonId, pGetKeyFn, pvGetKeyArgument: not looked at; NULL will do.
 * - pszPackage: SecPkgInfo.Name; ASCII case does not matter.
 * - pAuthData: one of three; with TLS, an SCHANNEL_CRED or SCH_CREDENTIALS (<baresspi/schannel.h>).
 *   A SEC_WINNT_AUTH_IDENTITY in any form but EX2: the account (identity.h). It is copied.
 *   A BARESSPI_DEVICE (<baresspi/authority.h>): names, account, authority and policy of the device. It is not
 *   copied, and has to stay as it is for as long as the credential lives.
 *   NULL: the device of the port, baresspi_port_device().
 * - phCredential: becomes the handle; untouched on an error.
 * - ptsExpiry: NULL, or becomes BARESSPI_TIME_NEVER.
 *
 * An OUTBOUND credential without an account (no identity, none in the device) is SEC_E_NO_CREDENTIALS. An
 * INBOUND one without an authority is made, and its callers are refused with
 * SEC_E_NO_AUTHENTICATING_AUTHORITY.
 *
 * SEC_E_OK; SEC_E_SECPKG_NOT_FOUND; SEC_E_UNSUPPORTED_FUNCTION (that half of the package is not configured
 * in, or an identity in a form of Windows' own); SEC_E_NO_CREDENTIALS; SEC_E_UNKNOWN_CREDENTIALS (a name or
 * password that is no UTF-8, an NT hash that has not 16 octets); SEC_E_INSUFFICIENT_MEMORY (the pool is full,
 * or the names do not fit BARESSPI_NTLM_NAME_BYTES); SEC_E_INVALID_HANDLE (phCredential NULL). */
SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleW(const SEC_WCHAR* pszPrincipal,
                                                    const SEC_WCHAR* pszPackage, ULONG fCredentialUse,
                                                    void* pvLogonId, void* pAuthData,
                                                    SEC_GET_KEY_FN pGetKeyFn, void* pvGetKeyArgument,
                                                    PCredHandle phCredential, PTimeStamp ptsExpiry);
SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleA(const SEC_CHAR* pszPrincipal, const SEC_CHAR* pszPackage,
                                                    ULONG fCredentialUse, void* pvLogonId, void* pAuthData,
                                                    SEC_GET_KEY_FN pGetKeyFn, void* pvGetKeyArgument,
                                                    PCredHandle phCredential, PTimeStamp ptsExpiry);

/* Adds an identity to a credential. No package here keeps more than one: SEC_E_UNSUPPORTED_FUNCTION, or
 * SEC_E_INVALID_HANDLE. */
SECURITY_STATUS SEC_ENTRY AddCredentialsW(PCredHandle hCredentials, const SEC_WCHAR* pszPrincipal,
                                          const SEC_WCHAR* pszPackage, ULONG fCredentialUse, void* pAuthData,
                                          SEC_GET_KEY_FN pGetKeyFn, void* pvGetKeyArgument,
                                          PTimeStamp ptsExpiry);
SECURITY_STATUS SEC_ENTRY AddCredentialsA(PCredHandle hCredentials, const SEC_CHAR* pszPrincipal,
                                          const SEC_CHAR* pszPackage, ULONG fCredentialUse, void* pAuthData,
                                          SEC_GET_KEY_FN pGetKeyFn, void* pvGetKeyArgument,
                                          PTimeStamp ptsExpiry);

/* Ends the handle. Contexts made with the credential go on; with the last of them the credential's secrets
 * are wiped. SEC_E_OK; SEC_E_INVALID_HANDLE. */
SECURITY_STATUS SEC_ENTRY FreeCredentialsHandle(PCredHandle phCredential);
#define FreeCredentialHandle FreeCredentialsHandle

/* Writes the structure for ulAttribute to pBuffer, aligned as it is. Ex: cbBuffer is its size, and less than
 * that is SEC_E_BUFFER_TOO_SMALL.
 *
 * SEC_E_OK; SEC_E_UNSUPPORTED_FUNCTION (the package does not have the attribute); SEC_E_NO_CREDENTIALS (NAMES
 * of a credential without an account); SEC_E_INVALID_TOKEN (pBuffer NULL); SEC_E_INVALID_HANDLE. */
SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesW(PCredHandle phCredential, ULONG ulAttribute,
                                                      void* pBuffer);
SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesA(PCredHandle phCredential, ULONG ulAttribute,
                                                      void* pBuffer);
SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesExW(PCredHandle phCredential, ULONG ulAttribute,
                                                        void* pBuffer, ULONG cbBuffer);
SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesExA(PCredHandle phCredential, ULONG ulAttribute,
                                                        void* pBuffer, ULONG cbBuffer);
/* Changes an attribute for all that comes, also of handshakes that are under way. cbBuffer: the size of the
 * structure, in octets. SEC_E_OK; SEC_E_UNSUPPORTED_FUNCTION; SEC_E_BUFFER_TOO_SMALL; SEC_E_INVALID_TOKEN
 * (pBuffer NULL); SEC_E_INVALID_HANDLE. */
SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesW(PCredHandle phCredential, ULONG ulAttribute,
                                                    void* pBuffer, ULONG cbBuffer);
SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesA(PCredHandle phCredential, ULONG ulAttribute,
                                                    void* pBuffer, ULONG cbBuffer);

/* Changes a password in the domain. No package can: SEC_E_UNSUPPORTED_FUNCTION. */
SECURITY_STATUS SEC_ENTRY ChangeAccountPasswordW(const SEC_WCHAR* pszPackageName,
                                                 const SEC_WCHAR* pszDomainName,
                                                 const SEC_WCHAR* pszAccountName,
                                                 const SEC_WCHAR* pszOldPassword,
                                                 const SEC_WCHAR* pszNewPassword, BOOLEAN bImpersonating,
                                                 ULONG dwReserved, PSecBufferDesc pOutput);
SECURITY_STATUS SEC_ENTRY ChangeAccountPasswordA(const SEC_CHAR* pszPackageName,
                                                 const SEC_CHAR* pszDomainName,
                                                 const SEC_CHAR* pszAccountName,
                                                 const SEC_CHAR* pszOldPassword,
                                                 const SEC_CHAR* pszNewPassword, BOOLEAN bImpersonating,
                                                 ULONG dwReserved, PSecBufferDesc pOutput);

typedef SECURITY_STATUS(SEC_ENTRY* ACQUIRE_CREDENTIALS_HANDLE_FN_W)(const SEC_WCHAR*, const SEC_WCHAR*, ULONG,
                                                                    void*, void*, SEC_GET_KEY_FN, void*,
                                                                    PCredHandle, PTimeStamp);
typedef SECURITY_STATUS(SEC_ENTRY* ACQUIRE_CREDENTIALS_HANDLE_FN_A)(const SEC_CHAR*, const SEC_CHAR*, ULONG,
                                                                    void*, void*, SEC_GET_KEY_FN, void*,
                                                                    PCredHandle, PTimeStamp);
typedef SECURITY_STATUS(SEC_ENTRY* ADD_CREDENTIALS_FN_W)(PCredHandle, const SEC_WCHAR*, const SEC_WCHAR*,
                                                         ULONG, void*, SEC_GET_KEY_FN, void*, PTimeStamp);
typedef SECURITY_STATUS(SEC_ENTRY* ADD_CREDENTIALS_FN_A)(PCredHandle, const SEC_CHAR*, const SEC_CHAR*, ULONG,
                                                         void*, SEC_GET_KEY_FN, void*, PTimeStamp);
typedef SECURITY_STATUS(SEC_ENTRY* FREE_CREDENTIALS_HANDLE_FN)(PCredHandle);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_CREDENTIALS_ATTRIBUTES_FN_W)(PCredHandle, ULONG, void*);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_CREDENTIALS_ATTRIBUTES_FN_A)(PCredHandle, ULONG, void*);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_W)(PCredHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_A)(PCredHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY* SET_CREDENTIALS_ATTRIBUTES_FN_W)(PCredHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY* SET_CREDENTIALS_ATTRIBUTES_FN_A)(PCredHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY* CHANGE_PASSWORD_FN_W)(const SEC_WCHAR*, const SEC_WCHAR*, const SEC_WCHAR*,
                                                         const SEC_WCHAR*, const SEC_WCHAR*, BOOLEAN, ULONG,
                                                         PSecBufferDesc);
typedef SECURITY_STATUS(SEC_ENTRY* CHANGE_PASSWORD_FN_A)(const SEC_CHAR*, const SEC_CHAR*, const SEC_CHAR*,
                                                         const SEC_CHAR*, const SEC_CHAR*, BOOLEAN, ULONG,
                                                         PSecBufferDesc);

#ifdef UNICODE
#define SecPkgCredentials_Names SecPkgCredentials_NamesW
#define PSecPkgCredentials_Names PSecPkgCredentials_NamesW
#define SecPkgCredentials_SSIProvider SecPkgCredentials_SSIProviderW
#define PSecPkgCredentials_SSIProvider PSecPkgCredentials_SSIProviderW
#define AcquireCredentialsHandle AcquireCredentialsHandleW
#define AddCredentials AddCredentialsW
#define QueryCredentialsAttributes QueryCredentialsAttributesW
#define QueryCredentialsAttributesEx QueryCredentialsAttributesExW
#define SetCredentialsAttributes SetCredentialsAttributesW
#define ChangeAccountPassword ChangeAccountPasswordW
#define ACQUIRE_CREDENTIALS_HANDLE_FN ACQUIRE_CREDENTIALS_HANDLE_FN_W
#define ADD_CREDENTIALS_FN ADD_CREDENTIALS_FN_W
#define QUERY_CREDENTIALS_ATTRIBUTES_FN QUERY_CREDENTIALS_ATTRIBUTES_FN_W
#define QUERY_CREDENTIALS_ATTRIBUTES_EX_FN QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_W
#define SET_CREDENTIALS_ATTRIBUTES_FN SET_CREDENTIALS_ATTRIBUTES_FN_W
#define CHANGE_PASSWORD_FN CHANGE_PASSWORD_FN_W
#else
#define SecPkgCredentials_Names SecPkgCredentials_NamesA
#define PSecPkgCredentials_Names PSecPkgCredentials_NamesA
#define SecPkgCredentials_SSIProvider SecPkgCredentials_SSIProviderA
#define PSecPkgCredentials_SSIProvider PSecPkgCredentials_SSIProviderA
#define AcquireCredentialsHandle AcquireCredentialsHandleA
#define AddCredentials AddCredentialsA
#define QueryCredentialsAttributes QueryCredentialsAttributesA
#define QueryCredentialsAttributesEx QueryCredentialsAttributesExA
#define SetCredentialsAttributes SetCredentialsAttributesA
#define ChangeAccountPassword ChangeAccountPasswordA
#define ACQUIRE_CREDENTIALS_HANDLE_FN ACQUIRE_CREDENTIALS_HANDLE_FN_A
#define ADD_CREDENTIALS_FN ADD_CREDENTIALS_FN_A
#define QUERY_CREDENTIALS_ATTRIBUTES_FN QUERY_CREDENTIALS_ATTRIBUTES_FN_A
#define QUERY_CREDENTIALS_ATTRIBUTES_EX_FN QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_A
#define SET_CREDENTIALS_ATTRIBUTES_FN SET_CREDENTIALS_ATTRIBUTES_FN_A
#define CHANGE_PASSWORD_FN CHANGE_PASSWORD_FN_A
#endif

#ifdef __cplusplus
}
#endif
#endif
