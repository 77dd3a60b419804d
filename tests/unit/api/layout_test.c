/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes and offsets as on Windows, 32 and 64 bits: base types, handles, buffers, identities, credentials,
 * packages. */
#include "expect.h"

SIZE(ULONG, 4, 4);
SIZE(LONG, 4, 4);
SIZE(USHORT, 2, 2);
SIZE(UCHAR, 1, 1);
SIZE(BOOL, 4, 4);
SIZE(BOOLEAN, 1, 1);
SIZE(PVOID, 4, 8);
SIZE(HANDLE, 4, 8);
SIZE(ULONG_PTR, 4, 8);
SIZE(SECURITY_STATUS, 4, 4);
SIZE(SEC_CHAR, 1, 1);
SIZE(SEC_WCHAR, 2, 2);
SIZE(SECPKG_ATTR_LCT_STATUS, 4, 4);
SIZE(SECPKG_CRED_CLASS, 4, 4);
SIZE(SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS, 4, 4);
SIZE(SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT, 4, 4);

SIZE(SecHandle, 8, 16);
AT(SecHandle, dwLower, 0, 0);
AT(SecHandle, dwUpper, 4, 8);

SIZE(SECURITY_INTEGER, 8, 8);
AT(SECURITY_INTEGER, QuadPart, 0, 0);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
AT(SECURITY_INTEGER, HighPart, 0, 0);
AT(SECURITY_INTEGER, LowPart, 4, 4);
#else
AT(SECURITY_INTEGER, LowPart, 0, 0);
AT(SECURITY_INTEGER, HighPart, 4, 4);
#endif

SIZE(TimeStamp, 8, 8);
AT(TimeStamp, QuadPart, 0, 0);

SIZE(SECURITY_STRING, 8, 16);
AT(SECURITY_STRING, Length, 0, 0);
AT(SECURITY_STRING, MaximumLength, 2, 2);
AT(SECURITY_STRING, Buffer, 4, 8);

SIZE(LUID, 8, 8);
AT(LUID, LowPart, 0, 0);
AT(LUID, HighPart, 4, 4);

SIZE(SecPkgInfoW, 20, 32);
AT(SecPkgInfoW, fCapabilities, 0, 0);
AT(SecPkgInfoW, wVersion, 4, 4);
AT(SecPkgInfoW, wRPCID, 6, 6);
AT(SecPkgInfoW, cbMaxToken, 8, 8);
AT(SecPkgInfoW, Name, 12, 16);
AT(SecPkgInfoW, Comment, 16, 24);

SIZE(SecPkgInfoA, 20, 32);
AT(SecPkgInfoA, fCapabilities, 0, 0);
AT(SecPkgInfoA, wVersion, 4, 4);
AT(SecPkgInfoA, wRPCID, 6, 6);
AT(SecPkgInfoA, cbMaxToken, 8, 8);
AT(SecPkgInfoA, Name, 12, 16);
AT(SecPkgInfoA, Comment, 16, 24);

SIZE(SecBuffer, 12, 16);
AT(SecBuffer, cbBuffer, 0, 0);
AT(SecBuffer, BufferType, 4, 4);
AT(SecBuffer, pvBuffer, 8, 8);

SIZE(SecBufferDesc, 12, 16);
AT(SecBufferDesc, ulVersion, 0, 0);
AT(SecBufferDesc, cBuffers, 4, 4);
AT(SecBufferDesc, pBuffers, 8, 8);

SIZE(SEC_NEGOTIATION_INFO, 16, 24);
AT(SEC_NEGOTIATION_INFO, Size, 0, 0);
AT(SEC_NEGOTIATION_INFO, NameLength, 4, 4);
AT(SEC_NEGOTIATION_INFO, Name, 8, 8);
AT(SEC_NEGOTIATION_INFO, Reserved, 12, 16);

SIZE(SEC_CHANNEL_BINDINGS, 32, 32);
AT(SEC_CHANNEL_BINDINGS, dwInitiatorAddrType, 0, 0);
AT(SEC_CHANNEL_BINDINGS, cbInitiatorLength, 4, 4);
AT(SEC_CHANNEL_BINDINGS, dwInitiatorOffset, 8, 8);
AT(SEC_CHANNEL_BINDINGS, dwAcceptorAddrType, 12, 12);
AT(SEC_CHANNEL_BINDINGS, cbAcceptorLength, 16, 16);
AT(SEC_CHANNEL_BINDINGS, dwAcceptorOffset, 20, 20);
AT(SEC_CHANNEL_BINDINGS, cbApplicationDataLength, 24, 24);
AT(SEC_CHANNEL_BINDINGS, dwApplicationDataOffset, 28, 28);

SIZE(SEC_APPLICATION_PROTOCOL_LIST, 8, 8);
AT(SEC_APPLICATION_PROTOCOL_LIST, ProtoNegoExt, 0, 0);
AT(SEC_APPLICATION_PROTOCOL_LIST, ProtocolListSize, 4, 4);
AT(SEC_APPLICATION_PROTOCOL_LIST, ProtocolList, 6, 6);

SIZE(SEC_APPLICATION_PROTOCOLS, 12, 12);
AT(SEC_APPLICATION_PROTOCOLS, ProtocolListsSize, 0, 0);
AT(SEC_APPLICATION_PROTOCOLS, ProtocolLists, 4, 4);

SIZE(SEC_WINNT_AUTH_IDENTITY_W, 28, 48);
AT(SEC_WINNT_AUTH_IDENTITY_W, User, 0, 0);
AT(SEC_WINNT_AUTH_IDENTITY_W, UserLength, 4, 8);
AT(SEC_WINNT_AUTH_IDENTITY_W, Domain, 8, 16);
AT(SEC_WINNT_AUTH_IDENTITY_W, DomainLength, 12, 24);
AT(SEC_WINNT_AUTH_IDENTITY_W, Password, 16, 32);
AT(SEC_WINNT_AUTH_IDENTITY_W, PasswordLength, 20, 40);
AT(SEC_WINNT_AUTH_IDENTITY_W, Flags, 24, 44);

SIZE(SEC_WINNT_AUTH_IDENTITY_A, 28, 48);
AT(SEC_WINNT_AUTH_IDENTITY_A, User, 0, 0);
AT(SEC_WINNT_AUTH_IDENTITY_A, UserLength, 4, 8);
AT(SEC_WINNT_AUTH_IDENTITY_A, Domain, 8, 16);
AT(SEC_WINNT_AUTH_IDENTITY_A, DomainLength, 12, 24);
AT(SEC_WINNT_AUTH_IDENTITY_A, Password, 16, 32);
AT(SEC_WINNT_AUTH_IDENTITY_A, PasswordLength, 20, 40);
AT(SEC_WINNT_AUTH_IDENTITY_A, Flags, 24, 44);

SIZE(SEC_WINNT_AUTH_IDENTITY_EXW, 44, 72);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, Version, 0, 0);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, Length, 4, 4);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, User, 8, 8);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, UserLength, 12, 16);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, Domain, 16, 24);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, DomainLength, 20, 32);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, Password, 24, 40);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, PasswordLength, 28, 48);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, Flags, 32, 52);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, PackageList, 36, 56);
AT(SEC_WINNT_AUTH_IDENTITY_EXW, PackageListLength, 40, 64);

SIZE(SEC_WINNT_AUTH_IDENTITY_EXA, 44, 72);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, Version, 0, 0);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, Length, 4, 4);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, User, 8, 8);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, UserLength, 12, 16);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, Domain, 16, 24);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, DomainLength, 20, 32);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, Password, 24, 40);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, PasswordLength, 28, 48);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, Flags, 32, 52);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, PackageList, 36, 56);
AT(SEC_WINNT_AUTH_IDENTITY_EXA, PackageListLength, 40, 64);

SIZE(SEC_WINNT_AUTH_IDENTITY_EX2, 48, 48);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, Version, 0, 0);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, cbHeaderLength, 4, 4);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, cbStructureLength, 8, 8);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, UserOffset, 12, 12);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, UserLength, 16, 16);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, DomainOffset, 20, 20);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, DomainLength, 24, 24);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, PackedCredentialsOffset, 28, 28);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, PackedCredentialsLength, 32, 32);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, Flags, 36, 36);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, PackageListOffset, 40, 40);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, PackageListLength, 44, 44);

SIZE(SEC_WINNT_AUTH_IDENTITY_INFO, 48, 72);
AT(SEC_WINNT_AUTH_IDENTITY_INFO, AuthIdExw, 0, 0);
AT(SEC_WINNT_AUTH_IDENTITY_INFO, AuthIdExa, 0, 0);
AT(SEC_WINNT_AUTH_IDENTITY_INFO, AuthId_a, 0, 0);
AT(SEC_WINNT_AUTH_IDENTITY_INFO, AuthId_w, 0, 0);
AT(SEC_WINNT_AUTH_IDENTITY_INFO, AuthIdEx2, 0, 0);

SIZE(SecPkgCredentials_NamesW, 4, 8);
AT(SecPkgCredentials_NamesW, sUserName, 0, 0);

SIZE(SecPkgCredentials_NamesA, 4, 8);
AT(SecPkgCredentials_NamesA, sUserName, 0, 0);

SIZE(SecPkgCredentials_SSIProviderW, 12, 24);
AT(SecPkgCredentials_SSIProviderW, sProviderName, 0, 0);
AT(SecPkgCredentials_SSIProviderW, ProviderInfoLength, 4, 8);
AT(SecPkgCredentials_SSIProviderW, ProviderInfo, 8, 16);

SIZE(SecPkgCredentials_SSIProviderA, 12, 24);
AT(SecPkgCredentials_SSIProviderA, sProviderName, 0, 0);
AT(SecPkgCredentials_SSIProviderA, ProviderInfoLength, 4, 8);
AT(SecPkgCredentials_SSIProviderA, ProviderInfo, 8, 16);

SIZE(SecPkgCredentials_KdcProxySettingsW, 16, 16);
AT(SecPkgCredentials_KdcProxySettingsW, Version, 0, 0);
AT(SecPkgCredentials_KdcProxySettingsW, Flags, 4, 4);
AT(SecPkgCredentials_KdcProxySettingsW, ProxyServerOffset, 8, 8);
AT(SecPkgCredentials_KdcProxySettingsW, ProxyServerLength, 10, 10);
AT(SecPkgCredentials_KdcProxySettingsW, ClientTlsCredOffset, 12, 12);
AT(SecPkgCredentials_KdcProxySettingsW, ClientTlsCredLength, 14, 14);

SIZE(SecPkgCredentials_Cert, 8, 16);
AT(SecPkgCredentials_Cert, EncodedCertSize, 0, 0);
AT(SecPkgCredentials_Cert, EncodedCert, 4, 8);
