/* SPDX-License-Identifier: Apache-2.0 */
/* What a context can be asked. */
#ifndef BARESSPI_ATTRIBUTES_H
#define BARESSPI_ATTRIBUTES_H

#include "buffers.h"
#include "package.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SECPKG_ATTR_SIZES 0u
#define SECPKG_ATTR_NAMES 1u
#define SECPKG_ATTR_LIFESPAN 2u
#define SECPKG_ATTR_DCE_INFO 3u
#define SECPKG_ATTR_STREAM_SIZES 4u
#define SECPKG_ATTR_KEY_INFO 5u
#define SECPKG_ATTR_AUTHORITY 6u
#define SECPKG_ATTR_PROTO_INFO 7u
#define SECPKG_ATTR_PASSWORD_EXPIRY 8u
#define SECPKG_ATTR_SESSION_KEY 9u
#define SECPKG_ATTR_PACKAGE_INFO 10u
#define SECPKG_ATTR_USER_FLAGS 11u
#define SECPKG_ATTR_NEGOTIATION_INFO 12u
#define SECPKG_ATTR_NATIVE_NAMES 13u
#define SECPKG_ATTR_FLAGS 14u
#define SECPKG_ATTR_USE_VALIDATED 15u
#define SECPKG_ATTR_CREDENTIAL_NAME 16u
#define SECPKG_ATTR_TARGET_INFORMATION 17u
#define SECPKG_ATTR_ACCESS_TOKEN 18u
#define SECPKG_ATTR_TARGET 19u
#define SECPKG_ATTR_AUTHENTICATION_ID 20u
#define SECPKG_ATTR_LOGOFF_TIME 21u
#define SECPKG_ATTR_NEGO_KEYS 22u
#define SECPKG_ATTR_PROMPTING_NEEDED 24u
#define SECPKG_ATTR_UNIQUE_BINDINGS 25u
#define SECPKG_ATTR_ENDPOINT_BINDINGS 26u
#define SECPKG_ATTR_CLIENT_SPECIFIED_TARGET 27u
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

typedef struct _SecPkgContext_Sizes {
  ULONG cbMaxToken;
  ULONG cbMaxSignature;
  ULONG cbBlockSize;
  ULONG cbSecurityTrailer;
} SecPkgContext_Sizes, *PSecPkgContext_Sizes;

typedef struct _SecPkgContext_StreamSizes {
  ULONG cbHeader;
  ULONG cbTrailer;
  ULONG cbMaximumMessage;
  ULONG cBuffers;
  ULONG cbBlockSize;
} SecPkgContext_StreamSizes, *PSecPkgContext_StreamSizes;

typedef SecPkgContext_StreamSizes SecPkgContext_DatagramSizes;
typedef PSecPkgContext_StreamSizes PSecPkgContext_DatagramSizes;

typedef struct _SecPkgContext_NamesW {
  SEC_WCHAR* sUserName;
} SecPkgContext_NamesW, *PSecPkgContext_NamesW;

typedef struct _SecPkgContext_NamesA {
  SEC_CHAR* sUserName;
} SecPkgContext_NamesA, *PSecPkgContext_NamesA;

typedef struct _SecPkgContext_NativeNamesW {
  SEC_WCHAR* sClientName;
  SEC_WCHAR* sServerName;
} SecPkgContext_NativeNamesW, *PSecPkgContext_NativeNamesW;

typedef struct _SecPkgContext_NativeNamesA {
  SEC_CHAR* sClientName;
  SEC_CHAR* sServerName;
} SecPkgContext_NativeNamesA, *PSecPkgContext_NativeNamesA;

typedef struct _SecPkgContext_CredentialNameW {
  ULONG CredentialType;
  SEC_WCHAR* sCredentialName;
} SecPkgContext_CredentialNameW, *PSecPkgContext_CredentialNameW;

typedef struct _SecPkgContext_CredentialNameA {
  ULONG CredentialType;
  SEC_CHAR* sCredentialName;
} SecPkgContext_CredentialNameA, *PSecPkgContext_CredentialNameA;

typedef struct _SecPkgContext_Lifespan {
  TimeStamp tsStart;
  TimeStamp tsExpiry;
} SecPkgContext_Lifespan, *PSecPkgContext_Lifespan;

typedef struct _SecPkgContext_PasswordExpiry {
  TimeStamp tsPasswordExpires;
} SecPkgContext_PasswordExpiry, *PSecPkgContext_PasswordExpiry;

typedef struct _SecPkgContext_LogoffTime {
  TimeStamp tsLogoffTime;
} SecPkgContext_LogoffTime, *PSecPkgContext_LogoffTime;

typedef struct _SecPkgContext_DceInfo {
  ULONG AuthzSvc;
  void* pPac;
} SecPkgContext_DceInfo, *PSecPkgContext_DceInfo;

typedef struct _SecPkgContext_KeyInfoW {
  SEC_WCHAR* sSignatureAlgorithmName;
  SEC_WCHAR* sEncryptAlgorithmName;
  ULONG KeySize;
  ULONG SignatureAlgorithm;
  ULONG EncryptAlgorithm;
} SecPkgContext_KeyInfoW, *PSecPkgContext_KeyInfoW;

typedef struct _SecPkgContext_KeyInfoA {
  SEC_CHAR* sSignatureAlgorithmName;
  SEC_CHAR* sEncryptAlgorithmName;
  ULONG KeySize;
  ULONG SignatureAlgorithm;
  ULONG EncryptAlgorithm;
} SecPkgContext_KeyInfoA, *PSecPkgContext_KeyInfoA;

typedef struct _SecPkgContext_AuthorityW {
  SEC_WCHAR* sAuthorityName;
} SecPkgContext_AuthorityW, *PSecPkgContext_AuthorityW;

typedef struct _SecPkgContext_AuthorityA {
  SEC_CHAR* sAuthorityName;
} SecPkgContext_AuthorityA, *PSecPkgContext_AuthorityA;

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

typedef struct _SecPkgContext_SessionKey {
  ULONG SessionKeyLength;
  unsigned char* SessionKey;
} SecPkgContext_SessionKey, *PSecPkgContext_SessionKey;

typedef struct _SecPkgContext_NegoKeys {
  ULONG KeyType;
  unsigned short KeyLength;
  unsigned char* KeyValue;
  ULONG VerifyKeyType;
  unsigned short VerifyKeyLength;
  unsigned char* VerifyKeyValue;
} SecPkgContext_NegoKeys, *PSecPkgContext_NegoKeys;

typedef struct _SecPkgContext_PackageInfoW {
  PSecPkgInfoW PackageInfo;
} SecPkgContext_PackageInfoW, *PSecPkgContext_PackageInfoW;

typedef struct _SecPkgContext_PackageInfoA {
  PSecPkgInfoA PackageInfo;
} SecPkgContext_PackageInfoA, *PSecPkgContext_PackageInfoA;

typedef struct _SecPkgContext_NegotiationInfoW {
  PSecPkgInfoW PackageInfo;
  ULONG NegotiationState;
} SecPkgContext_NegotiationInfoW, *PSecPkgContext_NegotiationInfoW;

typedef struct _SecPkgContext_NegotiationInfoA {
  PSecPkgInfoA PackageInfo;
  ULONG NegotiationState;
} SecPkgContext_NegotiationInfoA, *PSecPkgContext_NegotiationInfoA;

#define SECPKG_NEGOTIATION_COMPLETE 0u
#define SECPKG_NEGOTIATION_OPTIMISTIC 1u
#define SECPKG_NEGOTIATION_IN_PROGRESS 2u
#define SECPKG_NEGOTIATION_DIRECT 3u
#define SECPKG_NEGOTIATION_TRY_MULTICRED 4u

typedef struct _SecPkgContext_NegoPackageInfo {
  ULONG PackageMask;
} SecPkgContext_NegoPackageInfo, *PSecPkgContext_NegoPackageInfo;

#define SECPKG_ATTR_NEGO_INFO_FLAG_NO_KERBEROS 0x1u
#define SECPKG_ATTR_NEGO_INFO_FLAG_NO_NTLM 0x2u

typedef struct _SecPkgContext_NegoStatus {
  ULONG LastStatus;
} SecPkgContext_NegoStatus, *PSecPkgContext_NegoStatus;

typedef struct _SecPkgContext_UserFlags {
  ULONG UserFlags;
} SecPkgContext_UserFlags, *PSecPkgContext_UserFlags;

typedef struct _SecPkgContext_Flags {
  ULONG Flags;
} SecPkgContext_Flags, *PSecPkgContext_Flags;

typedef struct _SecPkgContext_AccessToken {
  void* AccessToken;
} SecPkgContext_AccessToken, *PSecPkgContext_AccessToken;

typedef struct _SecPkgContext_TargetInformation {
  ULONG MarshalledTargetInfoLength;
  unsigned char* MarshalledTargetInfo;
} SecPkgContext_TargetInformation, *PSecPkgContext_TargetInformation;

typedef struct _SecPkgContext_AuthzID {
  ULONG AuthzIDLength;
  char* AuthzID;
} SecPkgContext_AuthzID, *PSecPkgContext_AuthzID;

typedef struct _SecPkgContext_Target {
  ULONG TargetLength;
  char* Target;
} SecPkgContext_Target, *PSecPkgContext_Target;

typedef struct _SecPkgContext_ClientSpecifiedTarget {
  SEC_WCHAR* sTargetName;
} SecPkgContext_ClientSpecifiedTarget, *PSecPkgContext_ClientSpecifiedTarget;

typedef struct _SecPkgContext_Bindings {
  ULONG BindingsLength;
  SEC_CHANNEL_BINDINGS* Bindings;
} SecPkgContext_Bindings, *PSecPkgContext_Bindings;

typedef enum _SECPKG_ATTR_LCT_STATUS {
  SecPkgAttrLastClientTokenYes,
  SecPkgAttrLastClientTokenNo,
  SecPkgAttrLastClientTokenMaybe
} SECPKG_ATTR_LCT_STATUS,
    *PSECPKG_ATTR_LCT_STATUS;

typedef struct _SecPkgContext_LastClientTokenStatus {
  SECPKG_ATTR_LCT_STATUS LastClientTokenStatus;
} SecPkgContext_LastClientTokenStatus, *PSecPkgContext_LastClientTokenStatus;

typedef struct _SecPkgContext_SubjectAttributes {
  void* AttributeInfo;
} SecPkgContext_SubjectAttributes, *PSecPkgContext_SubjectAttributes;

typedef enum _SECPKG_CRED_CLASS {
  SecPkgCredClass_None = 0,
  SecPkgCredClass_Ephemeral = 10,
  SecPkgCredClass_PersistedGeneric = 20,
  SecPkgCredClass_PersistedSpecific = 30,
  SecPkgCredClass_Explicit = 40
} SECPKG_CRED_CLASS,
    *PSECPKG_CRED_CLASS;

typedef struct _SecPkgContext_CredInfo {
  SECPKG_CRED_CLASS CredClass;
  ULONG IsPromptingNeeded;
} SecPkgContext_CredInfo, *PSecPkgContext_CredInfo;

typedef enum _SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS {
  SecApplicationProtocolNegotiationStatus_None,
  SecApplicationProtocolNegotiationStatus_Success,
  SecApplicationProtocolNegotiationStatus_SelectedClientOnly
} SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS,
    *PSEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS;

#define MAX_PROTOCOL_ID_SIZE 0xff

typedef struct _SecPkgContext_ApplicationProtocol {
  SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS ProtoNegoStatus;
  SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT ProtoNegoExt;
  unsigned char ProtocolIdSize;
  unsigned char ProtocolId[MAX_PROTOCOL_ID_SIZE];
} SecPkgContext_ApplicationProtocol, *PSecPkgContext_ApplicationProtocol;

SECURITY_STATUS SEC_ENTRY QueryContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer);
SECURITY_STATUS SEC_ENTRY QueryContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer);
SECURITY_STATUS SEC_ENTRY QueryContextAttributesExW(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                    ULONG cbBuffer);
SECURITY_STATUS SEC_ENTRY QueryContextAttributesExA(PCtxtHandle phContext, ULONG ulAttribute, void* pBuffer,
                                                    ULONG cbBuffer);
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
#define QueryContextAttributes QueryContextAttributesW
#define QueryContextAttributesEx QueryContextAttributesExW
#define SetContextAttributes SetContextAttributesW
#define QUERY_CONTEXT_ATTRIBUTES_FN QUERY_CONTEXT_ATTRIBUTES_FN_W
#define QUERY_CONTEXT_ATTRIBUTES_EX_FN QUERY_CONTEXT_ATTRIBUTES_EX_FN_W
#define SET_CONTEXT_ATTRIBUTES_FN SET_CONTEXT_ATTRIBUTES_FN_W
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
