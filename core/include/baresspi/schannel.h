/* SPDX-License-Identifier: Apache-2.0 */
/* TLS 1.2 and 1.3 (RFC 5246, RFC 8446), client and server, as Windows' Schannel package has them: the
 * package's names, its credentials, and the tokens of ApplyControlToken. certificates.h has what a credential
 * is made of, schannel_attributes.h what a context tells, algorithms.h the names of algorithms.
 *
 * A client, in short:
 *   AcquireCredentialsHandle, OUTBOUND, with an SCH_CREDENTIALS or SCHANNEL_CRED: whom to trust, who am I?
 *   InitializeSecurityContext with the server's host name, again with each answer, until it says SEC_E_OK
 *   QueryContextAttributes, SECPKG_ATTR_STREAM_SIZES; then EncryptMessage and DecryptMessage
 *   ApplyControlToken with SCHANNEL_SHUTDOWN, and InitializeSecurityContext once more for the last token
 *   DeleteSecurityContext, FreeCredentialsHandle
 * A server is the same with INBOUND and AcceptSecurityContext.
 *
 * How tokens go
 * - A token is one or several TLS records, or a part of one, as the stream below gives them. Less than a
 *   whole record is SEC_E_INCOMPLETE_MESSAGE: nothing was read; call again with these octets and more of
 *   them behind. SECBUFFER_MISSING says how many more; what was not used is SECBUFFER_EXTRA. Both are
 *   written into a SECBUFFER_EMPTY, so bring one with every input.
 * - The output has room for SecPkgInfo.cbMaxToken octets, or it is SEC_E_BUFFER_TOO_SMALL before anything
 *   is read: a flight that was made cannot be taken back.
 * - A handshake that fails leaves its alert in the output, for the peer, when ISC_REQ_EXTENDED_ERROR or
 *   ASC_REQ_EXTENDED_ERROR is asked: send cbBuffer octets whatever the status is (but
 *   for SEC_E_INCOMPLETE_MESSAGE and SEC_E_BUFFER_TOO_SMALL, which change nothing), then delete the context.
 * - pszTargetName is the host's name as in its certificate (an internationalised one in its ASCII form), or
 *   an IP address. A name is said to the server (SNI, RFC 6066 3); either is checked (RFC 6125), unless the
 *   credential says otherwise. SEC_E_TARGET_UNKNOWN: none though one is to be checked; not the name of a
 *   host; longer than BARESSPI_SCHANNEL_TARGET_BYTES.
 * - *ptsExpiry is the end of the peer's certificate; without one BARESSPI_TIME_NEVER.
 * - Application protocols (ALPN, RFC 7301) come with the first call: SECBUFFER_APPLICATION_PROTOCOLS.
 * - SEC_I_INCOMPLETE_CREDENTIALS (TLS 1.2): the server asks for a certificate, and the credential has none.
 *   Call again with the same input, and with a credential that has one, or with ISC_REQ_USE_SUPPLIED_CREDS.
 *   SEC_E_NO_CREDENTIALS: the other credential would check the server's certificate in another way (MANUAL,
 *   NO_SERVERNAME_CHECK, NO_DATES); with another hRootStore the session is not kept.
 * - TLS 1.3: a server that asks for a certificate, where the credential has none, gets an empty one, without
 *   SEC_I_INCOMPLETE_CREDENTIALS.
 * - Renegotiation (TLS 1.2) is refused without an error; KeyUpdate (TLS 1.3) is SEC_E_ILLEGAL_MESSAGE, since
 *   mbed TLS does not have it. */
#ifndef BARESSPI_SCHANNEL_H
#define BARESSPI_SCHANNEL_H

#include "algorithms.h"
#include "certificates.h"
#include "schannel_attributes.h"
#include "sspi.h"
#include "windows_types.h"

#define UNISP_NAME_A "Microsoft Unified Security Protocol Provider"
#define SCHANNEL_NAME_A "Schannel"
#if BARESSPI_HAS_U_LITERALS_
#define UNISP_NAME_W u"Microsoft Unified Security Protocol Provider"
#define SCHANNEL_NAME_W u"Schannel"
#else
#define UNISP_NAME_W                                                                        \
  ((SEC_WCHAR[]){'M', 'i', 'c', 'r', 'o', 's', 'o', 'f', 't', ' ', 'U', 'n', 'i', 'f', 'i', \
                 'e', 'd', ' ', 'S', 'e', 'c', 'u', 'r', 'i', 't', 'y', ' ', 'P', 'r', 'o', \
                 't', 'o', 'c', 'o', 'l', ' ', 'P', 'r', 'o', 'v', 'i', 'd', 'e', 'r', 0})
#define SCHANNEL_NAME_W ((SEC_WCHAR[]){'S', 'c', 'h', 'a', 'n', 'n', 'e', 'l', 0})
#endif

#ifdef UNICODE
#define UNISP_NAME UNISP_NAME_W
#define SCHANNEL_NAME SCHANNEL_NAME_W
#else
#define UNISP_NAME UNISP_NAME_A
#define SCHANNEL_NAME SCHANNEL_NAME_A
#endif

#define UNISP_RPC_ID 14u

/* ---- Protocols: a bit a version and side, for grbitEnabledProtocols, grbitDisabledProtocols and
 * ConnectionInfo.dwProtocol. A credential looks at the bits of its own side. Only TLS 1.2 and 1.3 are here:
 * the bits of the others enable nothing. ---- */
#define SP_PROT_NONE 0u
#define SP_PROT_ALL 0xFFFFFFFFu
#define SP_PROT_PCT1_SERVER 0x00000001u
#define SP_PROT_PCT1_CLIENT 0x00000002u
#define SP_PROT_PCT1 0x00000003u
#define SP_PROT_SSL2_SERVER 0x00000004u
#define SP_PROT_SSL2_CLIENT 0x00000008u
#define SP_PROT_SSL2 0x0000000Cu
#define SP_PROT_SSL3_SERVER 0x00000010u
#define SP_PROT_SSL3_CLIENT 0x00000020u
#define SP_PROT_SSL3 0x00000030u
#define SP_PROT_TLS1_SERVER 0x00000040u
#define SP_PROT_TLS1_CLIENT 0x00000080u
#define SP_PROT_TLS1 0x000000C0u
#define SP_PROT_TLS1_0_SERVER SP_PROT_TLS1_SERVER
#define SP_PROT_TLS1_0_CLIENT SP_PROT_TLS1_CLIENT
#define SP_PROT_TLS1_0 SP_PROT_TLS1
#define SP_PROT_TLS1_1_SERVER 0x00000100u
#define SP_PROT_TLS1_1_CLIENT 0x00000200u
#define SP_PROT_TLS1_1 0x00000300u
#define SP_PROT_TLS1_2_SERVER 0x00000400u
#define SP_PROT_TLS1_2_CLIENT 0x00000800u
#define SP_PROT_TLS1_2 0x00000C00u
#define SP_PROT_TLS1_3_SERVER 0x00001000u
#define SP_PROT_TLS1_3_CLIENT 0x00002000u
#define SP_PROT_TLS1_3 0x00003000u
#define SP_PROT_TLS1_3PLUS_SERVER SP_PROT_TLS1_3_SERVER
#define SP_PROT_TLS1_3PLUS_CLIENT SP_PROT_TLS1_3_CLIENT
#define SP_PROT_TLS1_3PLUS SP_PROT_TLS1_3
#define SP_PROT_TLS1_1PLUS_SERVER 0x00001500u
#define SP_PROT_TLS1_1PLUS_CLIENT 0x00002A00u
#define SP_PROT_TLS1_1PLUS 0x00003F00u
#define SP_PROT_TLS1_X_SERVER 0x00001540u
#define SP_PROT_TLS1_X_CLIENT 0x00002A80u
#define SP_PROT_TLS1_X 0x00003FC0u
#define SP_PROT_DTLS_SERVER 0x00010000u
#define SP_PROT_DTLS_CLIENT 0x00020000u
#define SP_PROT_DTLS 0x00030000u
#define SP_PROT_DTLS1_0_SERVER SP_PROT_DTLS_SERVER
#define SP_PROT_DTLS1_0_CLIENT SP_PROT_DTLS_CLIENT
#define SP_PROT_DTLS1_0 SP_PROT_DTLS
#define SP_PROT_DTLS1_2_SERVER 0x00040000u
#define SP_PROT_DTLS1_2_CLIENT 0x00080000u
#define SP_PROT_DTLS1_2 0x000C0000u
#define SP_PROT_UNI_SERVER 0x40000000u
#define SP_PROT_UNI_CLIENT 0x80000000u
#define SP_PROT_UNI 0xC0000000u

/* ---- dwFlags of SCHANNEL_CRED and SCH_CREDENTIALS: what a credential does and leaves. ---- */
/* The peer's certificate is not checked; the application does that, with SECPKG_ATTR_REMOTE_CERT_CONTEXT,
 * before it sends anything (a server also whether there is one: SEC_E_NO_CREDENTIALS). So it is too where
 * ISC_REQ_MANUAL_CRED_VALIDATION is asked of one context. */
#define SCH_CRED_MANUAL_CRED_VALIDATION 0x00000008u
/* It is checked: the default, for clients, and for servers that ask for a certificate. */
#define SCH_CRED_AUTO_CRED_VALIDATION 0x00000020u
/* Client: the server's certificate is good for any name, so whoever has one of any host can stand between.
 * Without it the target's name must be among the certificate's. */
#define SCH_CRED_NO_SERVERNAME_CHECK 0x00000004u
/* Client: a server that asks for a certificate, where the credential has none, gets none: always so here,
 * since there is no place to look for one. */
#define SCH_CRED_NO_DEFAULT_CREDS 0x00000010u
/* Server: a client's certificate stands for no account, so that there is no token. */
#define SCH_CRED_NO_SYSTEM_MAPPER 0x00000002u
/* No session is resumed, nor kept to be resumed. */
#define SCH_CRED_DISABLE_RECONNECTS 0x00000080u
/* Cipher suites without known weaknesses alone: no CBC, no SHA-1, no key exchange by RSA encryption, also
 * where palgSupportedAlgs names them. Who does not name them has none of these anyway. */
#define SCH_USE_STRONG_CRYPTO 0x00400000u
/* BareSSPI's own. The dates of certificates are not checked, for a device that has no clock. Without it, and
 * with a clock that does not know the time, every certificate is refused: SEC_E_TIME_SKEW. */
#define BARESSPI_SCH_CRED_NO_DATES 0x20000000u
/* BareSSPI's own. Server: a client that is asked for a certificate (ASC_REQ_MUTUAL_AUTH) and has none is let
 * through, and then QuerySecurityContextToken knows nobody; one that it shows is checked as ever. */
#define BARESSPI_SCH_CRED_CERTIFICATE_OPTIONAL 0x10000000u

/* These are accepted and change nothing: there is no store of the machine, nothing is fetched, and the
 * records that AUX is about are TLS 1.0's. */
#define SCH_CRED_USE_DEFAULT_CREDS 0x00000040u
#define SCH_CRED_IGNORE_NO_REVOCATION_CHECK 0x00000800u
#define SCH_CRED_IGNORE_REVOCATION_OFFLINE 0x00001000u
#define SCH_CRED_RESTRICTED_ROOTS 0x00002000u
#define SCH_CRED_CACHE_ONLY_URL_RETRIEVAL 0x00008000u
#define SCH_CRED_MEMORY_STORE_CERT 0x00010000u
#define SCH_CRED_CACHE_ONLY_URL_RETRIEVAL_ON_CREATE 0x00020000u
#define SCH_SEND_ROOT_CERT 0x00040000u
#define SCH_CRED_SNI_CREDENTIAL 0x00080000u
#define SCH_CRED_SNI_ENABLE_OCSP 0x00100000u
#define SCH_SEND_AUX_RECORD 0x00200000u

/* These ask for what is not here, such as lists of revoked certificates: SEC_E_UNSUPPORTED_FUNCTION. */
#define SCH_CRED_REVOCATION_CHECK_END_CERT 0x00000100u
#define SCH_CRED_REVOCATION_CHECK_CHAIN 0x00000200u
#define SCH_CRED_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT 0x00000400u
#define SCH_CRED_REVOCATION_CHECK_CACHE_ONLY 0x00004000u
#define SCH_USE_PRESHAREDKEY_ONLY 0x00800000u
#define SCH_USE_DTLS_ONLY 0x01000000u
#define SCH_ALLOW_NULL_ENCRYPTION 0x02000000u
#define SCH_CRED_DEFERRED_CRED_VALIDATION 0x04000000u

/* dwCredFormat: certificates are given as CERT_CONTEXTs. Others: SEC_E_UNKNOWN_CREDENTIALS. */
#define SCH_CRED_FORMAT_CERT_CONTEXT 0u
#define SCH_CRED_FORMAT_CERT_HASH 1u
#define SCH_CRED_FORMAT_CERT_HASH_STORE 2u

#define SCH_CRED_MAX_SUPPORTED_ALGS 256u
#define SCH_CRED_MAX_SUPPORTED_CERTS 100u

/* ---- The credential, AcquireCredentialsHandle's pAuthData, in one of two forms, told apart by dwVersion;
 * for A and W alike. The structure itself and its arrays are needed during that call only; certificates,
 * keys and stores for as long as certificates.h says.
 *
 * - paCred: BARESSPI_SCHANNEL_MAX_CERTIFICATES at most, each with a store that has its key. A server has one
 *   at least (else SEC_E_NO_CREDENTIALS), and may have one for RSA and one for ECDSA; a client needs none.
 * - hRootStore: whom to trust. A client without it refuses every server (SEC_E_UNTRUSTED_ROOT), unless it
 *   checks certificates itself; a server needs it to ask for the client's (ASC_REQ_MUTUAL_AUTH).
 * - pAuthData NULL: an OUTBOUND credential with neither.
 *
 * AcquireCredentialsHandle: SEC_E_OK; SEC_E_UNKNOWN_CREDENTIALS (malformed: another dwVersion, a store that
 * is none, not a certificate, not a key, or not of each other); SEC_E_NO_CREDENTIALS;
 * SEC_E_UNSUPPORTED_FUNCTION (a flag that asks for what is not here, an encrypted key, no protocol left);
 * SEC_E_INSUFFICIENT_MEMORY (no slot; also where there are certificates or anchors to be tried out, and all
 * contexts are in use, or an arena is too small for them); SEC_E_INTERNAL_ERROR (no random octets, with which
 * a key is checked: call again). That no algorithm is left shows with a context's first call:
 * SEC_E_ALGORITHM_MISMATCH. ---- */
struct _HMAPPER;

#define SCHANNEL_CRED_VERSION 4u

typedef struct _SCHANNEL_CRED {
  DWORD dwVersion;               /* SCHANNEL_CRED_VERSION */
  DWORD cCreds;                  /* elements of paCred */
  PCCERT_CONTEXT* paCred;        /* the credential's own certificates, each with its store */
  HCERTSTORE hRootStore;         /* the trust anchors */
  DWORD cMappers;                /* 0 */
  struct _HMAPPER** aphMappers;  /* NULL */
  DWORD cSupportedAlgs;          /* elements of palgSupportedAlgs; 0: all that config/ allows and is strong */
  ALG_ID* palgSupportedAlgs;     /* CALG_*: of each class that is named, no others. CALG_SHA1 brings CBC in */
  DWORD grbitEnabledProtocols;   /* SP_PROT_*; 0: all that config/ allows */
  DWORD dwMinimumCipherStrength; /* bits of the cipher's key; 0: no limit of its own */
  DWORD dwMaximumCipherStrength; /* bits; 0: no limit */
  DWORD dwSessionLifespan;       /* ms that a session may be resumed; 0: as config/ says */
  DWORD dwFlags;                 /* SCH_* above */
  DWORD dwCredFormat;            /* SCH_CRED_FORMAT_CERT_CONTEXT */
} SCHANNEL_CRED, *PSCHANNEL_CRED;

/* The newer form says what is not allowed. TLS 1.3 has to be asked for with it on Windows; here both do.
 * Windows declares it when SCHANNEL_USE_BLACKLISTS is defined before <schannel.h> is included. */
#define SCH_CREDENTIALS_VERSION 5u

#define SCH_CRED_MAX_SUPPORTED_PARAMETERS 16u      /* of cTlsParameters */
#define SCH_CRED_MAX_SUPPORTED_ALPN_IDS 16u        /* of cAlpnIds */
#define SCH_CRED_MAX_SUPPORTED_CRYPTO_SETTINGS 16u /* of cDisabledCrypto */
#define SCH_CRED_MAX_SUPPORTED_CHAINING_MODES 16u  /* of cChainingModes */

/* What an algorithm is used for where it is disabled. */
enum _eTlsAlgorithmUsage BARESSPI_AS_INT_ {
  TlsParametersCngAlgUsageKeyExchange, /* RSA, ECDH, DH; a curve of ECDH */
  TlsParametersCngAlgUsageSignature,   /* of the handshake: RSA, ECDSA */
  TlsParametersCngAlgUsageCipher,      /* AES, 3DES, CHACHA20_POLY1305 */
  TlsParametersCngAlgUsageDigest,      /* of the cipher suite: SHA1, SHA256, SHA384 */
  TlsParametersCngAlgUsageCertSig      /* of certificates: SEC_E_UNSUPPORTED_FUNCTION */
};
typedef BARESSPI_ENUM_TYPE_(_eTlsAlgorithmUsage) eTlsAlgorithmUsage;

typedef struct _CRYPTO_SETTINGS {
  eTlsAlgorithmUsage eAlgorithmUsage;
  UNICODE_STRING strCngAlgId;         /* BCRYPT_*_ALGORITHM */
  DWORD cChainingModes;               /* 0: whatever the mode */
  PUNICODE_STRING rgstrChainingModes; /* BCRYPT_CHAIN_MODE_*: only these modes of AES, then of all lengths */
  DWORD dwMinBitLength; /* keys shorter than this are disabled; 0: none for being short. AES, ECDH */
  DWORD dwMaxBitLength; /* longer than this; both 0: the algorithm is, whatever the length */
} CRYPTO_SETTINGS, *PCRYPTO_SETTINGS;

typedef struct _TLS_PARAMETERS {
  DWORD cAlpnIds;               /* 0 */
  PUNICODE_STRING rgstrAlpnIds; /* the application protocols that the rest is for; NULL: all */
  DWORD grbitDisabledProtocols; /* SP_PROT_* */
  DWORD cDisabledCrypto;        /* elements of pDisabledCrypto */
  PCRYPTO_SETTINGS pDisabledCrypto;
  DWORD dwFlags; /* TLS_PARAMS_OPTIONAL or 0 */
} TLS_PARAMETERS, *PTLS_PARAMETERS;

#define TLS_PARAMS_OPTIONAL 0x00000001u /* server: may be ignored where no handshake would succeed */

typedef struct _SCH_CREDENTIALS {
  DWORD dwVersion;              /* SCH_CREDENTIALS_VERSION */
  DWORD dwCredFormat;           /* SCH_CRED_FORMAT_CERT_CONTEXT */
  DWORD cCreds;                 /* elements of paCred */
  PCCERT_CONTEXT* paCred;       /* the credential's own certificates, each with its store */
  HCERTSTORE hRootStore;        /* the trust anchors */
  DWORD cMappers;               /* 0 */
  struct _HMAPPER** aphMappers; /* NULL */
  DWORD dwSessionLifespan;      /* ms that a session may be resumed; 0: as config/ says */
  DWORD dwFlags;                /* SCH_* above */
  DWORD cTlsParameters;         /* elements of pTlsParameters; 0: all that config/ allows */
  PTLS_PARAMETERS pTlsParameters;
} SCH_CREDENTIALS, *PSCH_CREDENTIALS;

/* ---- ApplyControlToken: one SECBUFFER_TOKEN with one of these. What is to be sent for it is the output
 * token of the next InitializeSecurityContext or AcceptSecurityContext, which is called without input for
 * that.
 *
 * SEC_E_OK; SEC_E_INVALID_TOKEN (malformed); SEC_E_UNSUPPORTED_FUNCTION (SCHANNEL_RENEGOTIATE, and others);
 * SEC_E_INVALID_HANDLE; the context's error. ---- */
#define SCHANNEL_RENEGOTIATE 0u
#define SCHANNEL_SHUTDOWN 1u /* a DWORD: this side has no more to send (close_notify) */
#define SCHANNEL_ALERT 2u    /* SCHANNEL_ALERT_TOKEN */
#define SCHANNEL_SESSION 3u  /* SCHANNEL_SESSION_TOKEN */

/* An alert to send. After a fatal one, or close_notify, nothing more can be sent: SEC_E_CONTEXT_EXPIRED. */
typedef struct _SCHANNEL_ALERT_TOKEN {
  DWORD dwTokenType;   /* SCHANNEL_ALERT */
  DWORD dwAlertType;   /* TLS1_ALERT_WARNING or TLS1_ALERT_FATAL */
  DWORD dwAlertNumber; /* TLS1_ALERT_* below */
} SCHANNEL_ALERT_TOKEN;

/* Whether another context may resume this one's session. There is nothing to be sent. */
typedef struct _SCHANNEL_SESSION_TOKEN {
  DWORD dwTokenType; /* SCHANNEL_SESSION */
  DWORD dwFlags;     /* one of the two below */
} SCHANNEL_SESSION_TOKEN;

#define SSL_SESSION_ENABLE_RECONNECTS 1u
#define SSL_SESSION_DISABLE_RECONNECTS 2u

/* Alerts (RFC 8446 6, RFC 5246 7.2), in Windows' spelling. */
#define TLS1_ALERT_WARNING 1u
#define TLS1_ALERT_FATAL 2u

#define TLS1_ALERT_CLOSE_NOTIFY 0u
#define TLS1_ALERT_UNEXPECTED_MESSAGE 10u
#define TLS1_ALERT_BAD_RECORD_MAC 20u
#define TLS1_ALERT_DECRYPTION_FAILED 21u
#define TLS1_ALERT_RECORD_OVERFLOW 22u
#define TLS1_ALERT_DECOMPRESSION_FAIL 30u
#define TLS1_ALERT_HANDSHAKE_FAILURE 40u
#define TLS1_ALERT_BAD_CERTIFICATE 42u
#define TLS1_ALERT_UNSUPPORTED_CERT 43u
#define TLS1_ALERT_CERTIFICATE_REVOKED 44u
#define TLS1_ALERT_CERTIFICATE_EXPIRED 45u
#define TLS1_ALERT_CERTIFICATE_UNKNOWN 46u
#define TLS1_ALERT_ILLEGAL_PARAMETER 47u
#define TLS1_ALERT_UNKNOWN_CA 48u
#define TLS1_ALERT_ACCESS_DENIED 49u
#define TLS1_ALERT_DECODE_ERROR 50u
#define TLS1_ALERT_DECRYPT_ERROR 51u
#define TLS1_ALERT_EXPORT_RESTRICTION 60u
#define TLS1_ALERT_PROTOCOL_VERSION 70u
#define TLS1_ALERT_INSUFFIENT_SECURITY 71u
#define TLS1_ALERT_INTERNAL_ERROR 80u
#define TLS1_ALERT_USER_CANCELED 90u
#define TLS1_ALERT_NO_RENEGOTIATION 100u
#define TLS1_ALERT_UNSUPPORTED_EXT 110u
#define TLS1_ALERT_UNKNOWN_PSK_IDENTITY 115u
#define TLS1_ALERT_NO_APP_PROTOCOL 120u

/* ---- BareSSPI's own. ---- */
#ifdef __cplusplus
extern "C" {
#endif

/* How much of the memory that a TLS context has (BARESSPI_SCHANNEL_ARENA_BYTES) was in use at most so far,
 * and how much there is, in octets: *pcbPeak is what a device of the same kind, whose peers are the same,
 * does with, and BARESSPI_SCHANNEL_RESERVE_BYTES more. SEC_E_INVALID_HANDLE: no context, or not of TLS. */
SECURITY_STATUS BareSspiTlsArenaPeak(PCtxtHandle phContext, ULONG* pcbPeak, ULONG* pcbSize);

#ifdef __cplusplus
}
#endif

#endif
