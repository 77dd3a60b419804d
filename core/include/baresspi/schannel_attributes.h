/* SPDX-License-Identifier: Apache-2.0 */
/* What QueryContextAttributes and SetContextAttributes write and read for TLS, beside what every package has
 * (attribute_values.h: STREAM_SIZES, SIZES, KEY_INFO, NAMES, LIFESPAN, bindings, APPLICATION_PROTOCOL). What
 * a pointer leads to is BareSSPI's: read it until the context is deleted, and write nothing to it. The
 * numbers of the attributes are in attributes.h. */
#ifndef BARESSPI_SCHANNEL_ATTRIBUTES_H
#define BARESSPI_SCHANNEL_ATTRIBUTES_H

#include "algorithms.h"
#include "certificates.h"
#include "windows_types.h"

/* ---- Certificates: pBuffer is a PCCERT_CONTEXT*.
 *
 * SECPKG_ATTR_REMOTE_CERT_CONTEXT, SECPKG_ATTR_REMOTE_CERT_CHAIN: the peer's certificate, whose hCertStore
 * holds all that the peer sent, for CertEnumCertificatesInStore; once the handshake is done.
 * SEC_E_NO_CREDENTIALS: the peer has sent none, or the handshake goes on, or in TLS 1.3 a session was
 * resumed. SECPKG_ATTR_LOCAL_CERT_CONTEXT: the certificate that this side sent, the application's own
 * structure; once the handshake is done. A TLS 1.3 client that has one is not told whether the server asked,
 * and gives it anyway. SEC_E_NO_CREDENTIALS: it has sent none. SEC_E_UNSUPPORTED_FUNCTION: a TLS 1.3 server
 * that has several, or a TLS 1.2 server that has two for ECDSA or two for RSA, does not know which it sent;
 * nor does ENDPOINT_BINDINGS then. ---- */

/* SECPKG_ATTR_ISSUER_LIST_EX, client: whom the server wants the client's certificate from, as it says in a
 * CertificateRequest of TLS 1.2 (RFC 5246 7.4.4). Names in DER (RFC 5280 4.1.2.4). None: any. During
 * SEC_I_INCOMPLETE_CREDENTIALS and after; valid until the next call for the context. */
typedef struct _SecPkgContext_IssuerListInfoEx {
  PCERT_NAME_BLOB aIssuers;
  DWORD cIssuers;
} SecPkgContext_IssuerListInfoEx, *PSecPkgContext_IssuerListInfoEx;

/* ---- What was agreed. ---- */
/* SECPKG_ATTR_CONNECTION_INFO. In TLS 1.3, aiExch is CALG_ECDH_EPHEM or CALG_DH_EPHEM. */
typedef struct _SecPkgContext_ConnectionInfo {
  DWORD dwProtocol;       /* one bit: SP_PROT_TLS1_2_CLIENT, ... */
  ALG_ID aiCipher;        /* CALG_AES_128, ... */
  DWORD dwCipherStrength; /* bits of its key */
  ALG_ID aiHash;          /* CALG_SHA_256, ... */
  DWORD dwHashStrength;   /* bits of the digest; 0 with an AEAD suite, which has no other MAC */
  ALG_ID aiExch;          /* CALG_ECDH_EPHEM, CALG_RSA_KEYX, ... */
  DWORD dwExchStrength;   /* 0: not known (mbed TLS does not tell the curve) */
} SecPkgContext_ConnectionInfo, *PSecPkgContext_ConnectionInfo;

#define SZ_ALG_MAX_SIZE 64 /* characters, with the terminating zero */

/* SECPKG_ATTR_CONNECTION_INFO_EX: the same with names. */
#define SECPKGCONTEXT_CONNECTION_INFO_EX_V1 1u

typedef struct _SecPkgContext_ConnectionInfoEx {
  DWORD dwVersion; /* SECPKGCONTEXT_CONNECTION_INFO_EX_V1 */
  DWORD dwProtocol;
  SEC_WCHAR szCipher[SZ_ALG_MAX_SIZE];
  DWORD dwCipherStrength;
  SEC_WCHAR szHash[SZ_ALG_MAX_SIZE];
  DWORD dwHashStrength;
  SEC_WCHAR szExchange[SZ_ALG_MAX_SIZE];
  DWORD dwExchStrength;
} SecPkgContext_ConnectionInfoEx, *PSecPkgContext_ConnectionInfoEx;

/* SECPKG_ATTR_CIPHER_INFO: the cipher suite. Names as Windows has them (BCRYPT_*_ALGORITHM), UTF-16 from A
 * and W alike; an empty one says that the suite does not fix it (in TLS 1.3: exchange and certificate). */
#define SECPKGCONTEXT_CIPHERINFO_V1 1u

typedef struct _SecPkgContext_CipherInfo {
  DWORD dwVersion;         /* SECPKGCONTEXT_CIPHERINFO_V1 */
  DWORD dwProtocol;        /* the version's number in records: 0x0303 TLS 1.2, 0x0304 TLS 1.3 */
  DWORD dwCipherSuite;     /* IANA's number: 0x1301, 0xC02B, ... */
  DWORD dwBaseCipherSuite; /* the same */
  SEC_WCHAR szCipherSuite[SZ_ALG_MAX_SIZE]; /* IANA's name: TLS_AES_128_GCM_SHA256, ... */
  SEC_WCHAR szCipher[SZ_ALG_MAX_SIZE];
  DWORD dwCipherLen;                 /* bits of the key */
  DWORD dwCipherBlockLen;            /* octets of a block */
  SEC_WCHAR szHash[SZ_ALG_MAX_SIZE]; /* of a record's MAC; with an AEAD suite empty */
  DWORD dwHashLen;                   /* bits */
  SEC_WCHAR szExchange[SZ_ALG_MAX_SIZE];
  DWORD dwMinExchangeLen;                   /* bits */
  DWORD dwMaxExchangeLen;                   /* bits */
  SEC_WCHAR szCertificate[SZ_ALG_MAX_SIZE]; /* the kind of key that the server's certificate is for */
  DWORD dwKeyType;                          /* 0: the suite does not fix the curve of an elliptic key */
} SecPkgContext_CipherInfo, *PSecPkgContext_CipherInfo;

/* SECPKG_ATTR_SESSION_INFO. */
#define SSL_SESSION_RECONNECT 1u /* dwFlags: resumed, without a new key exchange of certificates */

typedef struct _SecPkgContext_SessionInfo {
  DWORD dwFlags;
  DWORD cbSessionId;
  BYTE rgbSessionId[32]; /* cbSessionId is 0: mbed TLS keeps it for itself */
} SecPkgContext_SessionInfo, *PSecPkgContext_SessionInfo;

/* SECPKG_ATTR_SUPPORTED_SIGNATURES: which signatures this side makes and takes, the best first. Each is the
 * two octets of a SignatureScheme (RFC 8446 4.2.3), the first one low: 0x0304 is ECDSA (3) with SHA-256 (4),
 * 0x0104 RSA (1), 0x0408 RSA-PSS. */
typedef struct _SecPkgContext_SupportedSignatures {
  WORD cSignatureAndHashAlgorithms;
  WORD* pSignatureAndHashAlgorithms;
} SecPkgContext_SupportedSignatures, *PSecPkgContext_SupportedSignatures;

/* ---- Keys for the application, out of the connection's (RFC 5705, RFC 8446 7.5). ---- */
/* SECPKG_ATTR_KEYING_MATERIAL_INFO, for SetContextAttributes: what KEYING_MATERIAL is to give. It is copied
 * into the context's memory; SEC_E_INSUFFICIENT_MEMORY where that has no room for it. */
typedef struct _SecPkgContext_KeyingMaterialInfo {
  WORD cbLabel;           /* octets, with the terminating zero, which is not part of what is hashed */
  char* pszLabel;         /* ASCII */
  WORD cbContextValue;    /* octets */
  PBYTE pbContextValue;   /* NULL: no context value, which in TLS 1.2 is another thing than an empty one */
  DWORD cbKeyingMaterial; /* octets wanted, 1 to 8160 */
} SecPkgContext_KeyingMaterialInfo, *PSecPkgContext_KeyingMaterialInfo;

/* SECPKG_ATTR_KEYING_MATERIAL. SEC_E_UNSUPPORTED_FUNCTION: nothing was set. The octets are secret, and in the
 * context until it is deleted or other ones are asked. */
typedef struct _SecPkgContext_KeyingMaterial {
  DWORD cbKeyingMaterial;
  PBYTE pbKeyingMaterial;
} SecPkgContext_KeyingMaterial, *PSecPkgContext_KeyingMaterial;

/* ---- Of a credential, for QueryCredentialsAttributes: what it allows. ---- */
/* SECPKG_ATTR_SUPPORTED_ALGS. */
typedef struct _SecPkgCred_SupportedAlgs {
  DWORD cSupportedAlgs;
  ALG_ID* palgSupportedAlgs;
} SecPkgCred_SupportedAlgs, *PSecPkgCred_SupportedAlgs;

/* SECPKG_ATTR_CIPHER_STRENGTHS, in bits. */
typedef struct _SecPkgCred_CipherStrengths {
  DWORD dwMinimumCipherStrength;
  DWORD dwMaximumCipherStrength;
} SecPkgCred_CipherStrengths, *PSecPkgCred_CipherStrengths;

/* SECPKG_ATTR_SUPPORTED_PROTOCOLS: SP_PROT_*. */
typedef struct _SecPkgCred_SupportedProtocols {
  DWORD grbitProtocol;
} SecPkgCred_SupportedProtocols, *PSecPkgCred_SupportedProtocols;

#endif
