/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes and offsets as on Windows, 32 and 64 bits: what QueryContextAttributes writes, and the function
 * table. */
#include "expect.h"

SIZE(SecPkgContext_Sizes, 16, 16);
AT(SecPkgContext_Sizes, cbMaxToken, 0, 0);
AT(SecPkgContext_Sizes, cbMaxSignature, 4, 4);
AT(SecPkgContext_Sizes, cbBlockSize, 8, 8);
AT(SecPkgContext_Sizes, cbSecurityTrailer, 12, 12);

SIZE(SecPkgContext_StreamSizes, 20, 20);
AT(SecPkgContext_StreamSizes, cbHeader, 0, 0);
AT(SecPkgContext_StreamSizes, cbTrailer, 4, 4);
AT(SecPkgContext_StreamSizes, cbMaximumMessage, 8, 8);
AT(SecPkgContext_StreamSizes, cBuffers, 12, 12);
AT(SecPkgContext_StreamSizes, cbBlockSize, 16, 16);

SIZE(SecPkgContext_NamesW, 4, 8);
AT(SecPkgContext_NamesW, sUserName, 0, 0);

SIZE(SecPkgContext_NamesA, 4, 8);
AT(SecPkgContext_NamesA, sUserName, 0, 0);

SIZE(SecPkgContext_NativeNamesW, 8, 16);
AT(SecPkgContext_NativeNamesW, sClientName, 0, 0);
AT(SecPkgContext_NativeNamesW, sServerName, 4, 8);

SIZE(SecPkgContext_NativeNamesA, 8, 16);
AT(SecPkgContext_NativeNamesA, sClientName, 0, 0);
AT(SecPkgContext_NativeNamesA, sServerName, 4, 8);

SIZE(SecPkgContext_AuthorityW, 4, 8);
AT(SecPkgContext_AuthorityW, sAuthorityName, 0, 0);

SIZE(SecPkgContext_AuthorityA, 4, 8);
AT(SecPkgContext_AuthorityA, sAuthorityName, 0, 0);

SIZE(SecPkgContext_ClientSpecifiedTarget, 4, 8);
AT(SecPkgContext_ClientSpecifiedTarget, sTargetName, 0, 0);

SIZE(SecPkgContext_Target, 8, 16);
AT(SecPkgContext_Target, TargetLength, 0, 0);
AT(SecPkgContext_Target, Target, 4, 8);

SIZE(SecPkgContext_CredentialNameW, 8, 16);
AT(SecPkgContext_CredentialNameW, CredentialType, 0, 0);
AT(SecPkgContext_CredentialNameW, sCredentialName, 4, 8);

SIZE(SecPkgContext_CredentialNameA, 8, 16);
AT(SecPkgContext_CredentialNameA, CredentialType, 0, 0);
AT(SecPkgContext_CredentialNameA, sCredentialName, 4, 8);

SIZE(SecPkgContext_Lifespan, 16, 16);
AT(SecPkgContext_Lifespan, tsStart, 0, 0);
AT(SecPkgContext_Lifespan, tsExpiry, 8, 8);

SIZE(SecPkgContext_PasswordExpiry, 8, 8);
AT(SecPkgContext_PasswordExpiry, tsPasswordExpires, 0, 0);

SIZE(SecPkgContext_LogoffTime, 8, 8);
AT(SecPkgContext_LogoffTime, tsLogoffTime, 0, 0);

SIZE(SecPkgContext_SessionKey, 8, 16);
AT(SecPkgContext_SessionKey, SessionKeyLength, 0, 0);
AT(SecPkgContext_SessionKey, SessionKey, 4, 8);

SIZE(SecPkgContext_KeyInfoW, 20, 32);
AT(SecPkgContext_KeyInfoW, sSignatureAlgorithmName, 0, 0);
AT(SecPkgContext_KeyInfoW, sEncryptAlgorithmName, 4, 8);
AT(SecPkgContext_KeyInfoW, KeySize, 8, 16);
AT(SecPkgContext_KeyInfoW, SignatureAlgorithm, 12, 20);
AT(SecPkgContext_KeyInfoW, EncryptAlgorithm, 16, 24);

SIZE(SecPkgContext_KeyInfoA, 20, 32);
AT(SecPkgContext_KeyInfoA, sSignatureAlgorithmName, 0, 0);
AT(SecPkgContext_KeyInfoA, sEncryptAlgorithmName, 4, 8);
AT(SecPkgContext_KeyInfoA, KeySize, 8, 16);
AT(SecPkgContext_KeyInfoA, SignatureAlgorithm, 12, 20);
AT(SecPkgContext_KeyInfoA, EncryptAlgorithm, 16, 24);

SIZE(SecPkgContext_NegoKeys, 24, 32);
AT(SecPkgContext_NegoKeys, KeyType, 0, 0);
AT(SecPkgContext_NegoKeys, KeyLength, 4, 4);
AT(SecPkgContext_NegoKeys, KeyValue, 8, 8);
AT(SecPkgContext_NegoKeys, VerifyKeyType, 12, 16);
AT(SecPkgContext_NegoKeys, VerifyKeyLength, 16, 20);
AT(SecPkgContext_NegoKeys, VerifyKeyValue, 20, 24);

SIZE(SecPkgContext_Flags, 4, 4);
AT(SecPkgContext_Flags, Flags, 0, 0);

SIZE(SecPkgContext_PackageInfoW, 4, 8);
AT(SecPkgContext_PackageInfoW, PackageInfo, 0, 0);

SIZE(SecPkgContext_PackageInfoA, 4, 8);
AT(SecPkgContext_PackageInfoA, PackageInfo, 0, 0);

SIZE(SecPkgContext_NegotiationInfoW, 8, 16);
AT(SecPkgContext_NegotiationInfoW, PackageInfo, 0, 0);
AT(SecPkgContext_NegotiationInfoW, NegotiationState, 4, 8);

SIZE(SecPkgContext_NegotiationInfoA, 8, 16);
AT(SecPkgContext_NegotiationInfoA, PackageInfo, 0, 0);
AT(SecPkgContext_NegotiationInfoA, NegotiationState, 4, 8);

SIZE(SecPkgContext_ProtoInfoW, 12, 16);
AT(SecPkgContext_ProtoInfoW, sProtocolName, 0, 0);
AT(SecPkgContext_ProtoInfoW, majorVersion, 4, 8);
AT(SecPkgContext_ProtoInfoW, minorVersion, 8, 12);

SIZE(SecPkgContext_ProtoInfoA, 12, 16);
AT(SecPkgContext_ProtoInfoA, sProtocolName, 0, 0);
AT(SecPkgContext_ProtoInfoA, majorVersion, 4, 8);
AT(SecPkgContext_ProtoInfoA, minorVersion, 8, 12);

SIZE(SecPkgContext_NegoPackageInfo, 4, 4);
AT(SecPkgContext_NegoPackageInfo, PackageMask, 0, 0);

SIZE(SecPkgContext_NegoStatus, 4, 4);
AT(SecPkgContext_NegoStatus, LastStatus, 0, 0);

SIZE(SecPkgContext_DceInfo, 8, 16);
AT(SecPkgContext_DceInfo, AuthzSvc, 0, 0);
AT(SecPkgContext_DceInfo, pPac, 4, 8);

SIZE(SecPkgContext_TargetInformation, 8, 16);
AT(SecPkgContext_TargetInformation, MarshalledTargetInfoLength, 0, 0);
AT(SecPkgContext_TargetInformation, MarshalledTargetInfo, 4, 8);

SIZE(SecPkgContext_Bindings, 8, 16);
AT(SecPkgContext_Bindings, BindingsLength, 0, 0);
AT(SecPkgContext_Bindings, Bindings, 4, 8);

SIZE(SecPkgContext_LastClientTokenStatus, 4, 4);
AT(SecPkgContext_LastClientTokenStatus, LastClientTokenStatus, 0, 0);

SIZE(SecPkgContext_ApplicationProtocol, 264, 264);
AT(SecPkgContext_ApplicationProtocol, ProtoNegoStatus, 0, 0);
AT(SecPkgContext_ApplicationProtocol, ProtoNegoExt, 4, 4);
AT(SecPkgContext_ApplicationProtocol, ProtocolIdSize, 8, 8);
AT(SecPkgContext_ApplicationProtocol, ProtocolId, 9, 9);

SIZE(SecPkgContext_NegotiatedTlsExtensions, 8, 16);
AT(SecPkgContext_NegotiatedTlsExtensions, ExtensionsCount, 0, 0);
AT(SecPkgContext_NegotiatedTlsExtensions, Extensions, 4, 8);

SIZE(SecPkgContext_AccessToken, 4, 8);
AT(SecPkgContext_AccessToken, AccessToken, 0, 0);

SIZE(SecPkgContext_UserFlags, 4, 4);
AT(SecPkgContext_UserFlags, UserFlags, 0, 0);

SIZE(SecPkgContext_SubjectAttributes, 4, 8);
AT(SecPkgContext_SubjectAttributes, AttributeInfo, 0, 0);

SIZE(SecPkgContext_AuthzID, 8, 16);
AT(SecPkgContext_AuthzID, AuthzIDLength, 0, 0);
AT(SecPkgContext_AuthzID, AuthzID, 4, 8);

SIZE(SecPkgContext_CredInfo, 8, 8);
AT(SecPkgContext_CredInfo, CredClass, 0, 0);
AT(SecPkgContext_CredInfo, IsPromptingNeeded, 4, 4);

SIZE(SecurityFunctionTableW, 128, 256);
SLOT(SecurityFunctionTableW, dwVersion, 0);
SLOT(SecurityFunctionTableW, EnumerateSecurityPackagesW, 1);
SLOT(SecurityFunctionTableW, QueryCredentialsAttributesW, 2);
SLOT(SecurityFunctionTableW, AcquireCredentialsHandleW, 3);
SLOT(SecurityFunctionTableW, FreeCredentialsHandle, 4);
SLOT(SecurityFunctionTableW, Reserved2, 5);
SLOT(SecurityFunctionTableW, InitializeSecurityContextW, 6);
SLOT(SecurityFunctionTableW, AcceptSecurityContext, 7);
SLOT(SecurityFunctionTableW, CompleteAuthToken, 8);
SLOT(SecurityFunctionTableW, DeleteSecurityContext, 9);
SLOT(SecurityFunctionTableW, ApplyControlToken, 10);
SLOT(SecurityFunctionTableW, QueryContextAttributesW, 11);
SLOT(SecurityFunctionTableW, ImpersonateSecurityContext, 12);
SLOT(SecurityFunctionTableW, RevertSecurityContext, 13);
SLOT(SecurityFunctionTableW, MakeSignature, 14);
SLOT(SecurityFunctionTableW, VerifySignature, 15);
SLOT(SecurityFunctionTableW, FreeContextBuffer, 16);
SLOT(SecurityFunctionTableW, QuerySecurityPackageInfoW, 17);
SLOT(SecurityFunctionTableW, Reserved3, 18);
SLOT(SecurityFunctionTableW, Reserved4, 19);
SLOT(SecurityFunctionTableW, ExportSecurityContext, 20);
SLOT(SecurityFunctionTableW, ImportSecurityContextW, 21);
SLOT(SecurityFunctionTableW, AddCredentialsW, 22);
SLOT(SecurityFunctionTableW, Reserved8, 23);
SLOT(SecurityFunctionTableW, QuerySecurityContextToken, 24);
SLOT(SecurityFunctionTableW, EncryptMessage, 25);
SLOT(SecurityFunctionTableW, DecryptMessage, 26);
SLOT(SecurityFunctionTableW, SetContextAttributesW, 27);
SLOT(SecurityFunctionTableW, SetCredentialsAttributesW, 28);
SLOT(SecurityFunctionTableW, ChangeAccountPasswordW, 29);
SLOT(SecurityFunctionTableW, QueryContextAttributesExW, 30);
SLOT(SecurityFunctionTableW, QueryCredentialsAttributesExW, 31);

SIZE(SecurityFunctionTableA, 128, 256);
SLOT(SecurityFunctionTableA, dwVersion, 0);
SLOT(SecurityFunctionTableA, EnumerateSecurityPackagesA, 1);
SLOT(SecurityFunctionTableA, QueryCredentialsAttributesA, 2);
SLOT(SecurityFunctionTableA, AcquireCredentialsHandleA, 3);
SLOT(SecurityFunctionTableA, FreeCredentialsHandle, 4);
SLOT(SecurityFunctionTableA, Reserved2, 5);
SLOT(SecurityFunctionTableA, InitializeSecurityContextA, 6);
SLOT(SecurityFunctionTableA, AcceptSecurityContext, 7);
SLOT(SecurityFunctionTableA, CompleteAuthToken, 8);
SLOT(SecurityFunctionTableA, DeleteSecurityContext, 9);
SLOT(SecurityFunctionTableA, ApplyControlToken, 10);
SLOT(SecurityFunctionTableA, QueryContextAttributesA, 11);
SLOT(SecurityFunctionTableA, ImpersonateSecurityContext, 12);
SLOT(SecurityFunctionTableA, RevertSecurityContext, 13);
SLOT(SecurityFunctionTableA, MakeSignature, 14);
SLOT(SecurityFunctionTableA, VerifySignature, 15);
SLOT(SecurityFunctionTableA, FreeContextBuffer, 16);
SLOT(SecurityFunctionTableA, QuerySecurityPackageInfoA, 17);
SLOT(SecurityFunctionTableA, Reserved3, 18);
SLOT(SecurityFunctionTableA, Reserved4, 19);
SLOT(SecurityFunctionTableA, ExportSecurityContext, 20);
SLOT(SecurityFunctionTableA, ImportSecurityContextA, 21);
SLOT(SecurityFunctionTableA, AddCredentialsA, 22);
SLOT(SecurityFunctionTableA, Reserved8, 23);
SLOT(SecurityFunctionTableA, QuerySecurityContextToken, 24);
SLOT(SecurityFunctionTableA, EncryptMessage, 25);
SLOT(SecurityFunctionTableA, DecryptMessage, 26);
SLOT(SecurityFunctionTableA, SetContextAttributesA, 27);
SLOT(SecurityFunctionTableA, SetCredentialsAttributesA, 28);
SLOT(SecurityFunctionTableA, ChangeAccountPasswordA, 29);
SLOT(SecurityFunctionTableA, QueryContextAttributesExA, 30);
SLOT(SecurityFunctionTableA, QueryCredentialsAttributesExA, 31);
