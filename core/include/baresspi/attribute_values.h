/* SPDX-License-Identifier: Apache-2.0 */
/* What QueryContextAttributes writes: one structure an attribute. What a pointer in one of them leads to is
 * BareSSPI's: read it until the context is deleted, and write nothing to it. Strings end with a zero. */
#ifndef BARESSPI_ATTRIBUTE_VALUES_H
#define BARESSPI_ATTRIBUTE_VALUES_H

#include "buffers.h"
#include "package.h"
#include "types.h"

/* ---- Sizes, in octets. ---- */
/* SECPKG_ATTR_SIZES. */
typedef struct _SecPkgContext_Sizes {
  ULONG cbMaxToken;        /* the largest token of a handshake */
  ULONG cbMaxSignature;    /* what MakeSignature writes; NTLM: 16 */
  ULONG cbBlockSize;       /* EncryptMessage pads to a multiple of it; NTLM does not pad */
  ULONG cbSecurityTrailer; /* the TOKEN that EncryptMessage writes; NTLM: 16 */
} SecPkgContext_Sizes, *PSecPkgContext_Sizes;

/* SECPKG_ATTR_STREAM_SIZES: TLS. */
typedef struct _SecPkgContext_StreamSizes {
  ULONG cbHeader;
  ULONG cbTrailer;
  ULONG cbMaximumMessage; /* of plaintext in one EncryptMessage */
  ULONG cBuffers;         /* how many SecBuffers to give */
  ULONG cbBlockSize;
} SecPkgContext_StreamSizes, *PSecPkgContext_StreamSizes;

typedef SecPkgContext_StreamSizes SecPkgContext_DatagramSizes;
typedef PSecPkgContext_StreamSizes PSecPkgContext_DatagramSizes;

/* ---- Names. ---- */
/* SECPKG_ATTR_NAMES: the account logged in, `DOMAIN\user`, or `user` as it was given where there is no
 * domain. On the client its own, on the server the caller's. */
typedef struct _SecPkgContext_NamesW {
  SEC_WCHAR* sUserName;
} SecPkgContext_NamesW, *PSecPkgContext_NamesW;

typedef struct _SecPkgContext_NamesA {
  SEC_CHAR* sUserName;
} SecPkgContext_NamesA, *PSecPkgContext_NamesA;

/* SECPKG_ATTR_NATIVE_NAMES: the same, and the server's name where the package knows it (else empty). */
typedef struct _SecPkgContext_NativeNamesW {
  SEC_WCHAR* sClientName;
  SEC_WCHAR* sServerName;
} SecPkgContext_NativeNamesW, *PSecPkgContext_NativeNamesW;

typedef struct _SecPkgContext_NativeNamesA {
  SEC_CHAR* sClientName;
  SEC_CHAR* sServerName;
} SecPkgContext_NativeNamesA, *PSecPkgContext_NativeNamesA;

/* SECPKG_ATTR_AUTHORITY: who vouched for the account: its domain. */
typedef struct _SecPkgContext_AuthorityW {
  SEC_WCHAR* sAuthorityName;
} SecPkgContext_AuthorityW, *PSecPkgContext_AuthorityW;

typedef struct _SecPkgContext_AuthorityA {
  SEC_CHAR* sAuthorityName;
} SecPkgContext_AuthorityA, *PSecPkgContext_AuthorityA;

/* SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, server: the service's principal name that the client wanted; UTF-16,
 * from A and W alike. SEC_E_TARGET_UNKNOWN: it said none. To be compared with names of one's own where that
 * matters. */
typedef struct _SecPkgContext_ClientSpecifiedTarget {
  SEC_WCHAR* sTargetName;
} SecPkgContext_ClientSpecifiedTarget, *PSecPkgContext_ClientSpecifiedTarget;

/* SECPKG_ATTR_TARGET. */
typedef struct _SecPkgContext_Target {
  ULONG TargetLength;
  char* Target;
} SecPkgContext_Target, *PSecPkgContext_Target;

/* SECPKG_ATTR_CREDENTIAL_NAME: kind and name of the credential. */
typedef struct _SecPkgContext_CredentialNameW {
  ULONG CredentialType;
  SEC_WCHAR* sCredentialName;
} SecPkgContext_CredentialNameW, *PSecPkgContext_CredentialNameW;

typedef struct _SecPkgContext_CredentialNameA {
  ULONG CredentialType;
  SEC_CHAR* sCredentialName;
} SecPkgContext_CredentialNameA, *PSecPkgContext_CredentialNameA;

/* ---- Times. ---- */
/* SECPKG_ATTR_LIFESPAN. NTLM: ends BARESSPI_TIME_NEVER. */
typedef struct _SecPkgContext_Lifespan {
  TimeStamp tsStart;
  TimeStamp tsExpiry;
} SecPkgContext_Lifespan, *PSecPkgContext_Lifespan;

/* SECPKG_ATTR_PASSWORD_EXPIRY. NTLM: BARESSPI_TIME_NEVER, since the protocol does not tell. */
typedef struct _SecPkgContext_PasswordExpiry {
  TimeStamp tsPasswordExpires;
} SecPkgContext_PasswordExpiry, *PSecPkgContext_PasswordExpiry;

/* SECPKG_ATTR_LOGOFF_TIME. */
typedef struct _SecPkgContext_LogoffTime {
  TimeStamp tsLogoffTime;
} SecPkgContext_LogoffTime, *PSecPkgContext_LogoffTime;

/* ---- Keys. ---- */
/* SECPKG_ATTR_SESSION_KEY: what both sides share and nobody else; NTLM: ExportedSessionKey
 * ([MS-NLMP] 3.4.5.1), 16 octets. */
typedef struct _SecPkgContext_SessionKey {
  ULONG SessionKeyLength; /* octets */
  unsigned char* SessionKey;
} SecPkgContext_SessionKey, *PSecPkgContext_SessionKey;

/* SECPKG_ATTR_KEY_INFO: how messages are protected. */
typedef struct _SecPkgContext_KeyInfoW {
  SEC_WCHAR* sSignatureAlgorithmName;
  SEC_WCHAR* sEncryptAlgorithmName;
  ULONG KeySize;            /* bits */
  ULONG SignatureAlgorithm; /* a number of the package's own */
  ULONG EncryptAlgorithm;   /* ALG_ID of Windows' wincrypt.h */
} SecPkgContext_KeyInfoW, *PSecPkgContext_KeyInfoW;

typedef struct _SecPkgContext_KeyInfoA {
  SEC_CHAR* sSignatureAlgorithmName;
  SEC_CHAR* sEncryptAlgorithmName;
  ULONG KeySize;
  ULONG SignatureAlgorithm;
  ULONG EncryptAlgorithm;
} SecPkgContext_KeyInfoA, *PSecPkgContext_KeyInfoA;

/* SECPKG_ATTR_NEGO_KEYS: Negotiate's extension, NEGOEX. Lengths in octets. */
typedef struct _SecPkgContext_NegoKeys {
  ULONG KeyType;
  unsigned short KeyLength;
  unsigned char* KeyValue;
  ULONG VerifyKeyType;
  unsigned short VerifyKeyLength;
  unsigned char* VerifyKeyValue;
} SecPkgContext_NegoKeys, *PSecPkgContext_NegoKeys;

/* ---- What was agreed. ---- */
/* SECPKG_ATTR_FLAGS: ISC_RET_* or ASC_RET_*. */
typedef struct _SecPkgContext_Flags {
  ULONG Flags;
} SecPkgContext_Flags, *PSecPkgContext_Flags;

/* SECPKG_ATTR_PACKAGE_INFO: the package in use. */
typedef struct _SecPkgContext_PackageInfoW {
  PSecPkgInfoW PackageInfo;
} SecPkgContext_PackageInfoW, *PSecPkgContext_PackageInfoW;

typedef struct _SecPkgContext_PackageInfoA {
  PSecPkgInfoA PackageInfo;
} SecPkgContext_PackageInfoA, *PSecPkgContext_PackageInfoA;

/* SECPKG_ATTR_NEGOTIATION_INFO: the same, and how far Negotiate is. */
typedef struct _SecPkgContext_NegotiationInfoW {
  PSecPkgInfoW PackageInfo;
  ULONG NegotiationState;
} SecPkgContext_NegotiationInfoW, *PSecPkgContext_NegotiationInfoW;

typedef struct _SecPkgContext_NegotiationInfoA {
  PSecPkgInfoA PackageInfo;
  ULONG NegotiationState;
} SecPkgContext_NegotiationInfoA, *PSecPkgContext_NegotiationInfoA;

/* NegotiationState. */
#define SECPKG_NEGOTIATION_COMPLETE 0u   /* agreed; with a package that does not negotiate, always */
#define SECPKG_NEGOTIATION_OPTIMISTIC 1u /* the client assumes its first choice */
#define SECPKG_NEGOTIATION_IN_PROGRESS 2u
#define SECPKG_NEGOTIATION_DIRECT 3u /* the package speaks without Negotiate's wrapping */
#define SECPKG_NEGOTIATION_TRY_MULTICRED 4u

/* SECPKG_ATTR_PROTO_INFO: the protocol, with its version. */
typedef struct _SecPkgContext_ProtoInfoW {
  SEC_WCHAR* sProtocolName;
  ULONG majorVersion;
  ULONG minorVersion;
} SecPkgContext_ProtoInfoW, *PSecPkgContext_ProtoInfoW;

typedef struct _SecPkgContext_ProtoInfoA {
  SEC_CHAR* sProtocolName;
  ULONG majorVersion;
  ULONG minorVersion;
} SecPkgContext_ProtoInfoA, *PSecPkgContext_ProtoInfoA;

/* SECPKG_ATTR_NEGO_PKG_INFO: what Negotiate cannot use here. */
typedef struct _SecPkgContext_NegoPackageInfo {
  ULONG PackageMask;
} SecPkgContext_NegoPackageInfo, *PSecPkgContext_NegoPackageInfo;

#define SECPKG_ATTR_NEGO_INFO_FLAG_NO_KERBEROS 0x1u
#define SECPKG_ATTR_NEGO_INFO_FLAG_NO_NTLM 0x2u

/* SECPKG_ATTR_NEGO_STATUS: the error of the mechanism that failed last. */
typedef struct _SecPkgContext_NegoStatus {
  ULONG LastStatus;
} SecPkgContext_NegoStatus, *PSecPkgContext_NegoStatus;

/* SECPKG_ATTR_DCE_INFO: what DCE's authorization wants; pPac: the name as in NAMES, a SEC_WCHAR* from A and W
 * alike. */
typedef struct _SecPkgContext_DceInfo {
  ULONG AuthzSvc;
  void* pPac;
} SecPkgContext_DceInfo, *PSecPkgContext_DceInfo;

/* SECPKG_ATTR_TARGET_INFORMATION, client: what the server said of itself; NTLM: the AV_PAIRs of its CHALLENGE
 * ([MS-NLMP] 2.2.2.1). Length in octets. */
typedef struct _SecPkgContext_TargetInformation {
  ULONG MarshalledTargetInfoLength;
  unsigned char* MarshalledTargetInfo;
} SecPkgContext_TargetInformation, *PSecPkgContext_TargetInformation;

/* SECPKG_ATTR_UNIQUE_BINDINGS, SECPKG_ATTR_ENDPOINT_BINDINGS: TLS's channel bindings, ready for a
 * SECBUFFER_CHANNEL_BINDINGS buffer. Length in octets, of the structure and its data. */
typedef struct _SecPkgContext_Bindings {
  ULONG BindingsLength;
  SEC_CHANNEL_BINDINGS* Bindings;
} SecPkgContext_Bindings, *PSecPkgContext_Bindings;

/* SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS: whether the client's token was its last. */
enum _SECPKG_ATTR_LCT_STATUS BARESSPI_AS_INT_ {
  SecPkgAttrLastClientTokenYes,
  SecPkgAttrLastClientTokenNo,
  SecPkgAttrLastClientTokenMaybe
};
typedef BARESSPI_ENUM_TYPE_(_SECPKG_ATTR_LCT_STATUS) SECPKG_ATTR_LCT_STATUS, *PSECPKG_ATTR_LCT_STATUS;

typedef struct _SecPkgContext_LastClientTokenStatus {
  SECPKG_ATTR_LCT_STATUS LastClientTokenStatus;
} SecPkgContext_LastClientTokenStatus, *PSecPkgContext_LastClientTokenStatus;

/* SECPKG_ATTR_APPLICATION_PROTOCOL: what TLS agreed on by ALPN. */
#define MAX_PROTOCOL_ID_SIZE 0xff

enum _SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS BARESSPI_AS_INT_ {
  SecApplicationProtocolNegotiationStatus_None,
  SecApplicationProtocolNegotiationStatus_Success,
  SecApplicationProtocolNegotiationStatus_SelectedClientOnly
};
typedef BARESSPI_ENUM_TYPE_(_SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS)
    SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS,
    *PSEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS;

typedef struct _SecPkgContext_ApplicationProtocol {
  SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS ProtoNegoStatus;
  SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT ProtoNegoExt;
  unsigned char ProtocolIdSize;
  unsigned char ProtocolId[MAX_PROTOCOL_ID_SIZE];
} SecPkgContext_ApplicationProtocol, *PSecPkgContext_ApplicationProtocol;

/* SECPKG_ATTR_NEGOTIATED_TLS_EXTENSIONS: their numbers (IANA's), in the order of the ServerHello. */
typedef struct _SecPkgContext_NegotiatedTlsExtensions {
  ULONG ExtensionsCount;
  unsigned short* Extensions;
} SecPkgContext_NegotiatedTlsExtensions, *PSecPkgContext_NegotiatedTlsExtensions;

/* ---- The account. ---- */
/* SECPKG_ATTR_ACCESS_TOKEN, server: as QuerySecurityContextToken gives it. */
typedef struct _SecPkgContext_AccessToken {
  void* AccessToken;
} SecPkgContext_AccessToken, *PSecPkgContext_AccessToken;

/* SECPKG_ATTR_USER_FLAGS: of the domain controller's answer ([MS-PAC] 2.5 UserFlags). */
typedef struct _SecPkgContext_UserFlags {
  ULONG UserFlags;
} SecPkgContext_UserFlags, *PSecPkgContext_UserFlags;

/* SECPKG_ATTR_SUBJECT_SECURITY_ATTRIBUTES: claims. */
typedef struct _SecPkgContext_SubjectAttributes {
  void* AttributeInfo;
} SecPkgContext_SubjectAttributes, *PSecPkgContext_SubjectAttributes;

/* A name in a form of the package's. */
typedef struct _SecPkgContext_AuthzID {
  ULONG AuthzIDLength;
  char* AuthzID;
} SecPkgContext_AuthzID, *PSecPkgContext_AuthzID;

/* SECPKG_ATTR_PROMPTING_NEEDED: where the credential came from, and whether to ask the user for another. */
enum _SECPKG_CRED_CLASS BARESSPI_AS_INT_ {
  SecPkgCredClass_None = 0,
  SecPkgCredClass_Ephemeral = 10,
  SecPkgCredClass_PersistedGeneric = 20,
  SecPkgCredClass_PersistedSpecific = 30,
  SecPkgCredClass_Explicit = 40
};
typedef BARESSPI_ENUM_TYPE_(_SECPKG_CRED_CLASS) SECPKG_CRED_CLASS, *PSECPKG_CRED_CLASS;

typedef struct _SecPkgContext_CredInfo {
  SECPKG_CRED_CLASS CredClass;
  ULONG IsPromptingNeeded;
} SecPkgContext_CredInfo, *PSecPkgContext_CredInfo;

#ifdef UNICODE
#define SecPkgContext_Names SecPkgContext_NamesW
#define PSecPkgContext_Names PSecPkgContext_NamesW
#define SecPkgContext_NativeNames SecPkgContext_NativeNamesW
#define PSecPkgContext_NativeNames PSecPkgContext_NativeNamesW
#define SecPkgContext_CredentialName SecPkgContext_CredentialNameW
#define PSecPkgContext_CredentialName PSecPkgContext_CredentialNameW
#define SecPkgContext_KeyInfo SecPkgContext_KeyInfoW
#define PSecPkgContext_KeyInfo PSecPkgContext_KeyInfoW
#define SecPkgContext_Authority SecPkgContext_AuthorityW
#define PSecPkgContext_Authority PSecPkgContext_AuthorityW
#define SecPkgContext_ProtoInfo SecPkgContext_ProtoInfoW
#define PSecPkgContext_ProtoInfo PSecPkgContext_ProtoInfoW
#define SecPkgContext_PackageInfo SecPkgContext_PackageInfoW
#define PSecPkgContext_PackageInfo PSecPkgContext_PackageInfoW
#define SecPkgContext_NegotiationInfo SecPkgContext_NegotiationInfoW
#define PSecPkgContext_NegotiationInfo PSecPkgContext_NegotiationInfoW
#else
#define SecPkgContext_Names SecPkgContext_NamesA
#define PSecPkgContext_Names PSecPkgContext_NamesA
#define SecPkgContext_NativeNames SecPkgContext_NativeNamesA
#define PSecPkgContext_NativeNames PSecPkgContext_NativeNamesA
#define SecPkgContext_CredentialName SecPkgContext_CredentialNameA
#define PSecPkgContext_CredentialName PSecPkgContext_CredentialNameA
#define SecPkgContext_KeyInfo SecPkgContext_KeyInfoA
#define PSecPkgContext_KeyInfo PSecPkgContext_KeyInfoA
#define SecPkgContext_Authority SecPkgContext_AuthorityA
#define PSecPkgContext_Authority PSecPkgContext_AuthorityA
#define SecPkgContext_ProtoInfo SecPkgContext_ProtoInfoA
#define PSecPkgContext_ProtoInfo PSecPkgContext_ProtoInfoA
#define SecPkgContext_PackageInfo SecPkgContext_PackageInfoA
#define PSecPkgContext_PackageInfo PSecPkgContext_PackageInfoA
#define SecPkgContext_NegotiationInfo SecPkgContext_NegotiationInfoA
#define PSecPkgContext_NegotiationInfo PSecPkgContext_NegotiationInfoA
#endif

#endif
