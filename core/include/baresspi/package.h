/* SPDX-License-Identifier: Apache-2.0 */
/* The packages: what they are called, which ones are there, and what they can do. */
#ifndef BARESSPI_PACKAGE_H
#define BARESSPI_PACKAGE_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Names. ASCII case does not matter where one is given. NTLM's name without an ending is the W one, as
 * on Windows: write NTLMSP_NAME_A for the A functions. Which packages there are is up to the configuration:
 * EnumerateSecurityPackages tells.
 *
 * A W name is a u"..." literal; in C99, which has none, an array made where it is written. ---- */
#if BARESSPI_HAS_U_LITERALS_
#define NTLMSP_NAME_W u"NTLM"
#define NEGOSSP_NAME_W u"Negotiate"
#define MICROSOFT_KERBEROS_NAME_W u"Kerberos"
#define WDIGEST_SP_NAME_W u"WDigest"
#else
#define NTLMSP_NAME_W ((SEC_WCHAR[]){'N', 'T', 'L', 'M', 0})
#define NEGOSSP_NAME_W ((SEC_WCHAR[]){'N', 'e', 'g', 'o', 't', 'i', 'a', 't', 'e', 0})
#define MICROSOFT_KERBEROS_NAME_W ((SEC_WCHAR[]){'K', 'e', 'r', 'b', 'e', 'r', 'o', 's', 0})
#define WDIGEST_SP_NAME_W ((SEC_WCHAR[]){'W', 'D', 'i', 'g', 'e', 's', 't', 0})
#endif
#define NTLMSP_NAME_A "NTLM"
#define NEGOSSP_NAME_A "Negotiate"
#define MICROSOFT_KERBEROS_NAME_A "Kerberos"
#define WDIGEST_SP_NAME_A "WDigest"

#ifdef UNICODE
#define NEGOSSP_NAME NEGOSSP_NAME_W
#define WDIGEST_SP_NAME WDIGEST_SP_NAME_W
#else
#define NEGOSSP_NAME NEGOSSP_NAME_A
#define WDIGEST_SP_NAME WDIGEST_SP_NAME_A
#endif
#define NTLMSP_NAME NTLMSP_NAME_W
#define MICROSOFT_KERBEROS_NAME MICROSOFT_KERBEROS_NAME_W

/* ---- What a package can do: SecPkgInfo.fCapabilities. ---- */
#define SECPKG_FLAG_INTEGRITY 0x00000001u              /* signs messages */
#define SECPKG_FLAG_PRIVACY 0x00000002u                /* encrypts messages */
#define SECPKG_FLAG_TOKEN_ONLY 0x00000004u             /* its tokens go without the application's data */
#define SECPKG_FLAG_DATAGRAM 0x00000008u               /* works over datagrams */
#define SECPKG_FLAG_CONNECTION 0x00000010u             /* works over a connection */
#define SECPKG_FLAG_MULTI_REQUIRED 0x00000020u         /* takes several legs */
#define SECPKG_FLAG_CLIENT_ONLY 0x00000040u            /* has no server half */
#define SECPKG_FLAG_EXTENDED_ERROR 0x00000080u         /* tells the peer about errors */
#define SECPKG_FLAG_IMPERSONATION 0x00000100u          /* gives the caller's token */
#define SECPKG_FLAG_ACCEPT_WIN32_NAME 0x00000200u      /* takes names in the form DOMAIN\user */
#define SECPKG_FLAG_STREAM 0x00000400u                 /* protects a stream */
#define SECPKG_FLAG_NEGOTIABLE 0x00000800u             /* Negotiate can choose it */
#define SECPKG_FLAG_GSS_COMPATIBLE 0x00001000u         /* its tokens are GSS-API's */
#define SECPKG_FLAG_LOGON 0x00002000u                  /* can log on to Windows */
#define SECPKG_FLAG_ASCII_BUFFERS 0x00004000u          /* its tokens are text */
#define SECPKG_FLAG_FRAGMENT 0x00008000u               /* can split its tokens */
#define SECPKG_FLAG_MUTUAL_AUTH 0x00010000u            /* proves the server to the client */
#define SECPKG_FLAG_DELEGATION 0x00020000u             /* can hand on credentials */
#define SECPKG_FLAG_READONLY_WITH_CHECKSUM 0x00040000u /* knows that buffer attribute */
#define SECPKG_FLAG_RESTRICTED_TOKENS 0x00080000u
#define SECPKG_FLAG_NEGO_EXTENDER 0x00100000u
#define SECPKG_FLAG_NEGOTIABLE2 0x00200000u
#define SECPKG_FLAG_APPCONTAINER_PASSTHROUGH 0x00400000u
#define SECPKG_FLAG_APPCONTAINER_CHECKS 0x00800000u
#define SECPKG_FLAG_CREDENTIAL_ISOLATION_ENABLED 0x01000000u
#define SECPKG_FLAG_APPLY_LOOPBACK 0x02000000u

/* SecPkgInfo.wRPCID of a package that RPC has no number for. */
#define SECPKG_ID_NONE 0xFFFFu

/* ---- A package. Lives in flash: read it for as long as you like, and write nothing to it. ---- */
typedef struct _SecPkgInfoW {
  ULONG fCapabilities;     /* SECPKG_FLAG_* */
  unsigned short wVersion; /* 1 */
  unsigned short wRPCID;   /* the number that RPC has for it: RPC_C_AUTHN_*, [MS-RPCE] 2.2.1.1.7 */
  ULONG cbMaxToken;        /* octets: no token of a handshake is larger */
  SEC_WCHAR* Name;
  SEC_WCHAR* Comment;
} SecPkgInfoW, *PSecPkgInfoW;

typedef struct _SecPkgInfoA {
  ULONG fCapabilities;
  unsigned short wVersion;
  unsigned short wRPCID;
  ULONG cbMaxToken;
  SEC_CHAR* Name;
  SEC_CHAR* Comment;
} SecPkgInfoA, *PSecPkgInfoA;

/* ---- All packages: *ppPackageInfo is an array of *pcPackages elements. FreeContextBuffer may be called
 * for it, as on Windows, and need not be. SEC_E_OK; SEC_E_INVALID_TOKEN (a NULL). ---- */
SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesW(ULONG* pcPackages, PSecPkgInfoW* ppPackageInfo);
SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesA(ULONG* pcPackages, PSecPkgInfoA* ppPackageInfo);

/* ---- The package of that name. SEC_E_OK; SEC_E_SECPKG_NOT_FOUND (also for no name); SEC_E_INVALID_TOKEN
 * (ppPackageInfo NULL). ---- */
SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoW(const SEC_WCHAR* pszPackageName,
                                                    PSecPkgInfoW* ppPackageInfo);
SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoA(const SEC_CHAR* pszPackageName,
                                                    PSecPkgInfoA* ppPackageInfo);

/* ---- Takes back what the interface handed out, and has nothing to do: what it hands out lies in flash, or
 * in the context or credential that was asked, until that is deleted. Always SEC_E_OK. ---- */
SECURITY_STATUS SEC_ENTRY FreeContextBuffer(PVOID pvContextBuffer);

typedef SECURITY_STATUS(SEC_ENTRY* ENUMERATE_SECURITY_PACKAGES_FN_W)(ULONG*, PSecPkgInfoW*);
typedef SECURITY_STATUS(SEC_ENTRY* ENUMERATE_SECURITY_PACKAGES_FN_A)(ULONG*, PSecPkgInfoA*);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_SECURITY_PACKAGE_INFO_FN_W)(const SEC_WCHAR*, PSecPkgInfoW*);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_SECURITY_PACKAGE_INFO_FN_A)(const SEC_CHAR*, PSecPkgInfoA*);
typedef SECURITY_STATUS(SEC_ENTRY* FREE_CONTEXT_BUFFER_FN)(PVOID);

#ifdef UNICODE
#define SecPkgInfo SecPkgInfoW
#define PSecPkgInfo PSecPkgInfoW
#define EnumerateSecurityPackages EnumerateSecurityPackagesW
#define QuerySecurityPackageInfo QuerySecurityPackageInfoW
#define ENUMERATE_SECURITY_PACKAGES_FN ENUMERATE_SECURITY_PACKAGES_FN_W
#define QUERY_SECURITY_PACKAGE_INFO_FN QUERY_SECURITY_PACKAGE_INFO_FN_W
#else
#define SecPkgInfo SecPkgInfoA
#define PSecPkgInfo PSecPkgInfoA
#define EnumerateSecurityPackages EnumerateSecurityPackagesA
#define QuerySecurityPackageInfo QuerySecurityPackageInfoA
#define ENUMERATE_SECURITY_PACKAGES_FN ENUMERATE_SECURITY_PACKAGES_FN_A
#define QUERY_SECURITY_PACKAGE_INFO_FN QUERY_SECURITY_PACKAGE_INFO_FN_A
#endif

#ifdef __cplusplus
}
#endif
#endif
