/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes and offsets as on Windows, 32 and 64 bits: TLS's certificates, credentials, control tokens and what
 * its contexts tell. */
#include "expect.h"

SIZE(BYTE, 1, 1);
SIZE(WORD, 2, 2);
SIZE(DWORD, 4, 4);
SIZE(PBYTE, 4, 8);
SIZE(ALG_ID, 4, 4);
SIZE(eTlsAlgorithmUsage, 4, 4);
SIZE(HCERTSTORE, 4, 8);
SIZE(PCCERT_CONTEXT, 4, 8);

SIZE(UNICODE_STRING, 8, 16);
AT(UNICODE_STRING, Length, 0, 0);
AT(UNICODE_STRING, MaximumLength, 2, 2);
AT(UNICODE_STRING, Buffer, 4, 8);

SIZE(CRYPT_DATA_BLOB, 8, 16);
AT(CRYPT_DATA_BLOB, cbData, 0, 0);
AT(CRYPT_DATA_BLOB, pbData, 4, 8);

SIZE(CERT_NAME_BLOB, 8, 16);
AT(CERT_NAME_BLOB, cbData, 0, 0);
AT(CERT_NAME_BLOB, pbData, 4, 8);

SIZE(CERT_BLOB, 8, 16);
AT(CERT_BLOB, cbData, 0, 0);
AT(CERT_BLOB, pbData, 4, 8);

SIZE(CERT_CONTEXT, 20, 40);
AT(CERT_CONTEXT, dwCertEncodingType, 0, 0);
AT(CERT_CONTEXT, pbCertEncoded, 4, 8);
AT(CERT_CONTEXT, cbCertEncoded, 8, 16);
AT(CERT_CONTEXT, pCertInfo, 12, 24);
AT(CERT_CONTEXT, hCertStore, 16, 32);

SIZE(SCHANNEL_CRED, 56, 80);
AT(SCHANNEL_CRED, dwVersion, 0, 0);
AT(SCHANNEL_CRED, cCreds, 4, 4);
AT(SCHANNEL_CRED, paCred, 8, 8);
AT(SCHANNEL_CRED, hRootStore, 12, 16);
AT(SCHANNEL_CRED, cMappers, 16, 24);
AT(SCHANNEL_CRED, aphMappers, 20, 32);
AT(SCHANNEL_CRED, cSupportedAlgs, 24, 40);
AT(SCHANNEL_CRED, palgSupportedAlgs, 28, 48);
AT(SCHANNEL_CRED, grbitEnabledProtocols, 32, 56);
AT(SCHANNEL_CRED, dwMinimumCipherStrength, 36, 60);
AT(SCHANNEL_CRED, dwMaximumCipherStrength, 40, 64);
AT(SCHANNEL_CRED, dwSessionLifespan, 44, 68);
AT(SCHANNEL_CRED, dwFlags, 48, 72);
AT(SCHANNEL_CRED, dwCredFormat, 52, 76);

SIZE(CRYPTO_SETTINGS, 28, 48);
AT(CRYPTO_SETTINGS, eAlgorithmUsage, 0, 0);
AT(CRYPTO_SETTINGS, strCngAlgId, 4, 8);
AT(CRYPTO_SETTINGS, cChainingModes, 12, 24);
AT(CRYPTO_SETTINGS, rgstrChainingModes, 16, 32);
AT(CRYPTO_SETTINGS, dwMinBitLength, 20, 40);
AT(CRYPTO_SETTINGS, dwMaxBitLength, 24, 44);

SIZE(TLS_PARAMETERS, 24, 40);
AT(TLS_PARAMETERS, cAlpnIds, 0, 0);
AT(TLS_PARAMETERS, rgstrAlpnIds, 4, 8);
AT(TLS_PARAMETERS, grbitDisabledProtocols, 8, 16);
AT(TLS_PARAMETERS, cDisabledCrypto, 12, 20);
AT(TLS_PARAMETERS, pDisabledCrypto, 16, 24);
AT(TLS_PARAMETERS, dwFlags, 20, 32);

SIZE(SCH_CREDENTIALS, 44, 72);
AT(SCH_CREDENTIALS, dwVersion, 0, 0);
AT(SCH_CREDENTIALS, dwCredFormat, 4, 4);
AT(SCH_CREDENTIALS, cCreds, 8, 8);
AT(SCH_CREDENTIALS, paCred, 12, 16);
AT(SCH_CREDENTIALS, hRootStore, 16, 24);
AT(SCH_CREDENTIALS, cMappers, 20, 32);
AT(SCH_CREDENTIALS, aphMappers, 24, 40);
AT(SCH_CREDENTIALS, dwSessionLifespan, 28, 48);
AT(SCH_CREDENTIALS, dwFlags, 32, 52);
AT(SCH_CREDENTIALS, cTlsParameters, 36, 56);
AT(SCH_CREDENTIALS, pTlsParameters, 40, 64);

SIZE(SCHANNEL_ALERT_TOKEN, 12, 12);
AT(SCHANNEL_ALERT_TOKEN, dwTokenType, 0, 0);
AT(SCHANNEL_ALERT_TOKEN, dwAlertType, 4, 4);
AT(SCHANNEL_ALERT_TOKEN, dwAlertNumber, 8, 8);

SIZE(SCHANNEL_SESSION_TOKEN, 8, 8);
AT(SCHANNEL_SESSION_TOKEN, dwTokenType, 0, 0);
AT(SCHANNEL_SESSION_TOKEN, dwFlags, 4, 4);

SIZE(SecPkgContext_IssuerListInfoEx, 8, 16);
AT(SecPkgContext_IssuerListInfoEx, aIssuers, 0, 0);
AT(SecPkgContext_IssuerListInfoEx, cIssuers, 4, 8);

SIZE(SecPkgContext_ConnectionInfo, 28, 28);
AT(SecPkgContext_ConnectionInfo, dwProtocol, 0, 0);
AT(SecPkgContext_ConnectionInfo, aiCipher, 4, 4);
AT(SecPkgContext_ConnectionInfo, dwCipherStrength, 8, 8);
AT(SecPkgContext_ConnectionInfo, aiHash, 12, 12);
AT(SecPkgContext_ConnectionInfo, dwHashStrength, 16, 16);
AT(SecPkgContext_ConnectionInfo, aiExch, 20, 20);
AT(SecPkgContext_ConnectionInfo, dwExchStrength, 24, 24);

SIZE(SecPkgContext_ConnectionInfoEx, 404, 404);
AT(SecPkgContext_ConnectionInfoEx, dwVersion, 0, 0);
AT(SecPkgContext_ConnectionInfoEx, dwProtocol, 4, 4);
AT(SecPkgContext_ConnectionInfoEx, szCipher, 8, 8);
AT(SecPkgContext_ConnectionInfoEx, dwCipherStrength, 136, 136);
AT(SecPkgContext_ConnectionInfoEx, szHash, 140, 140);
AT(SecPkgContext_ConnectionInfoEx, dwHashStrength, 268, 268);
AT(SecPkgContext_ConnectionInfoEx, szExchange, 272, 272);
AT(SecPkgContext_ConnectionInfoEx, dwExchStrength, 400, 400);

SIZE(SecPkgContext_CipherInfo, 680, 680);
AT(SecPkgContext_CipherInfo, dwVersion, 0, 0);
AT(SecPkgContext_CipherInfo, dwProtocol, 4, 4);
AT(SecPkgContext_CipherInfo, dwCipherSuite, 8, 8);
AT(SecPkgContext_CipherInfo, dwBaseCipherSuite, 12, 12);
AT(SecPkgContext_CipherInfo, szCipherSuite, 16, 16);
AT(SecPkgContext_CipherInfo, szCipher, 144, 144);
AT(SecPkgContext_CipherInfo, dwCipherLen, 272, 272);
AT(SecPkgContext_CipherInfo, dwCipherBlockLen, 276, 276);
AT(SecPkgContext_CipherInfo, szHash, 280, 280);
AT(SecPkgContext_CipherInfo, dwHashLen, 408, 408);
AT(SecPkgContext_CipherInfo, szExchange, 412, 412);
AT(SecPkgContext_CipherInfo, dwMinExchangeLen, 540, 540);
AT(SecPkgContext_CipherInfo, dwMaxExchangeLen, 544, 544);
AT(SecPkgContext_CipherInfo, szCertificate, 548, 548);
AT(SecPkgContext_CipherInfo, dwKeyType, 676, 676);

SIZE(SecPkgContext_SessionInfo, 40, 40);
AT(SecPkgContext_SessionInfo, dwFlags, 0, 0);
AT(SecPkgContext_SessionInfo, cbSessionId, 4, 4);
AT(SecPkgContext_SessionInfo, rgbSessionId, 8, 8);

SIZE(SecPkgContext_SupportedSignatures, 8, 16);
AT(SecPkgContext_SupportedSignatures, cSignatureAndHashAlgorithms, 0, 0);
AT(SecPkgContext_SupportedSignatures, pSignatureAndHashAlgorithms, 4, 8);

SIZE(SecPkgContext_KeyingMaterialInfo, 20, 40);
AT(SecPkgContext_KeyingMaterialInfo, cbLabel, 0, 0);
AT(SecPkgContext_KeyingMaterialInfo, pszLabel, 4, 8);
AT(SecPkgContext_KeyingMaterialInfo, cbContextValue, 8, 16);
AT(SecPkgContext_KeyingMaterialInfo, pbContextValue, 12, 24);
AT(SecPkgContext_KeyingMaterialInfo, cbKeyingMaterial, 16, 32);

SIZE(SecPkgContext_KeyingMaterial, 8, 16);
AT(SecPkgContext_KeyingMaterial, cbKeyingMaterial, 0, 0);
AT(SecPkgContext_KeyingMaterial, pbKeyingMaterial, 4, 8);

SIZE(SecPkgCred_SupportedAlgs, 8, 16);
AT(SecPkgCred_SupportedAlgs, cSupportedAlgs, 0, 0);
AT(SecPkgCred_SupportedAlgs, palgSupportedAlgs, 4, 8);

SIZE(SecPkgCred_CipherStrengths, 8, 8);
AT(SecPkgCred_CipherStrengths, dwMinimumCipherStrength, 0, 0);
AT(SecPkgCred_CipherStrengths, dwMaximumCipherStrength, 4, 4);

SIZE(SecPkgCred_SupportedProtocols, 4, 4);
AT(SecPkgCred_SupportedProtocols, grbitProtocol, 0, 0);
