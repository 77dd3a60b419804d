/* SPDX-License-Identifier: Apache-2.0 */
/* mbed TLS 3.6 for Schannel on a small device that talks to peers it controls: ECDHE with AES-GCM, P-256 and
 * P-384, 4 KiB in and 2 KiB out. It is a whole configuration (MBEDTLS_CONFIG_FILE): what is not named here is
 * not there. What a device needs more stands in a file of its own, MBEDTLS_USER_CONFIG_FILE, which mbed TLS
 * reads after this one. Each line that is not mbed TLS's own default says why. */
#ifndef BARESSPI_MBEDTLS_SMALL_H
#define BARESSPI_MBEDTLS_SMALL_H

#include <stddef.h>

#include "baresspi_config.h" /* BARESSPI_SCHANNEL_CLIENT and _SERVER, and sizes */

#ifndef BARESSPI_TLS_1_3
#define BARESSPI_TLS_1_3 1 /* 0 saves PSA's code, a key slot and 1 KiB of arena */
#endif
#ifndef BARESSPI_TLS_RESTARTABLE
#define BARESSPI_TLS_RESTARTABLE 0
#endif

/* ---- The platform: memory and time are the core's (core/schannel), nothing of an operating system. ---- */
#ifdef __cplusplus
extern "C" {
#endif
/* NOLINTBEGIN(readability-redundant-declaration): core/schannel/allocator.h is for other configurations too
 */
void* baresspi_tls_calloc(size_t count, size_t size); /* out of the arena of the context that is worked on */
void baresspi_tls_free(void* block);
long long baresspi_tls_time(long long* seconds); /* since 1970, by the port's clock */
int baresspi_tls_snprintf(char* out, size_t room, const char* format, ...);
/* NOLINTEND(readability-redundant-declaration) */
#ifdef __cplusplus
}
#endif
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY /* no heap */
#define MBEDTLS_PLATFORM_CALLOC_MACRO baresspi_tls_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO baresspi_tls_free
/* A C library's brings kilobytes along, and newlib's a heap */
#define MBEDTLS_PLATFORM_SNPRINTF_MACRO baresspi_tls_snprintf
/* For the age of sessions; MBEDTLS_HAVE_TIME_DATE is off: Schannel compares dates itself */
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_PLATFORM_TIME_MACRO baresspi_tls_time
/* Else <time.h> is included, which a bare compiler lacks */
#define MBEDTLS_PLATFORM_TIME_TYPE_MACRO long long
#define MBEDTLS_PLATFORM_MS_TIME_ALT                  /* mbedtls_ms_time is the core's: the port's clock */
#define MBEDTLS_PLATFORM_MS_TIME_TYPE_MACRO long long /* else <inttypes.h> is included, likewise */
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_DEPRECATED_REMOVED /* what mbed TLS 4 has no more is not to be called */

/* ---- Which TLS. ---- */
#define MBEDTLS_SSL_TLS_C
#if BARESSPI_SCHANNEL_CLIENT
#define MBEDTLS_SSL_CLI_C
#endif
#if BARESSPI_SCHANNEL_SERVER
#define MBEDTLS_SSL_SRV_C
#endif
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_SSL_MAX_FRAGMENT_LENGTH
#define MBEDTLS_SSL_SERVER_NAME_INDICATION
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE
#define MBEDTLS_SSL_KEYING_MATERIAL_EXPORT
#define MBEDTLS_SSL_ALL_ALERT_MESSAGES
#if BARESSPI_TLS_1_3
#define MBEDTLS_SSL_PROTO_TLS1_3
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED
/* Without it a ChangeCipherSpec, which OpenSSL sends, is an error */
#define MBEDTLS_SSL_TLS1_3_COMPATIBILITY_MODE
#define MBEDTLS_PSA_CRYPTO_C
/* mbedtls_psa_external_get_random is the core's: the port's random source */
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG
/* Else PSA copies what it is given and allocates as much as there is room for its result, here the rest of
 * the output buffer: for callers that share memory with somebody they do not trust */
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS
/* A handshake holds one, from its first message to its keys; the others come and go within a call (default
 * 32). */
#ifndef BARESSPI_TLS_KEY_SLOTS
#define BARESSPI_TLS_KEY_SLOTS (BARESSPI_SCHANNEL_MAX_CONTEXTS + 4)
#endif
#define MBEDTLS_PSA_KEY_SLOT_COUNT BARESSPI_TLS_KEY_SLOTS
#define MBEDTLS_HKDF_C
#endif
/* Left out for size: session tickets, ALPN, ENCRYPT_THEN_MAC (there is no CBC), and all of DTLS. */

/* ---- Buffers, a context. A client that speaks TLS 1.2 alone asks for shorter records (MAX_FRAGMENT_LENGTH),
 * and one that asks our server gets them; for TLS 1.3 there is nothing to ask with here. ---- */
#ifndef BARESSPI_TLS_IN_BYTES
#define BARESSPI_TLS_IN_BYTES 4096 /* the longest record taken, and the longest certificate message */
#endif
#ifndef BARESSPI_TLS_OUT_BYTES
#define BARESSPI_TLS_OUT_BYTES 2048 /* the longest record sent, and our own certificate message */
#endif
#define MBEDTLS_SSL_IN_CONTENT_LEN BARESSPI_TLS_IN_BYTES   /* 16 KiB each by default */
#define MBEDTLS_SSL_OUT_CONTENT_LEN BARESSPI_TLS_OUT_BYTES /* likewise */
/* Records of TLS 1.3 are padded to a multiple of 16 by default, which hides little and costs 8 octets each */
#define MBEDTLS_SSL_CID_TLS1_3_PADDING_GRANULARITY 1

/* ---- Certificates and keys: DER. ---- */
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
/* A context's trust anchors are parsed when they are asked for */
#define MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT
#define MBEDTLS_X509_REMOVE_INFO /* nobody prints a certificate */
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_OID_C

/* ---- Ciphers and digests. ---- */
#define MBEDTLS_CIPHER_C
#define MBEDTLS_AES_C
/* Else they are made on first use, in 8.5 KiB of RAM, by whichever task comes first */
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES        /* 1 KiB of tables, not 4, for a rotation an octet */
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT /* GCM encrypts both ways */
#define MBEDTLS_GCM_C
#define MBEDTLS_MD_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER /* not unrolled: 1.4 KiB less, slower */
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_SMALLER /* SHA-384's, likewise: 1.7 KiB */

/* ---- Public keys. ---- */
#define MBEDTLS_BIGNUM_C
/* RSA to 4,096 bits; buffers of this size are on the stack (default 1,024) */
#define MBEDTLS_MPI_MAX_SIZE 512
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_WINDOW_SIZE 2 /* the arena holds 2 points of a multiplication and not 8 (default 4) */
#if BARESSPI_TLS_RESTARTABLE
/* A call returns before a curve operation is over (TLS 1.2 client): for a watchdog */
#define MBEDTLS_ECP_RESTARTABLE
#endif
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDSA_C /* MBEDTLS_ECDSA_DETERMINISTIC is off: it would need HMAC_DRBG */
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PKCS1_V21

/* Never here: MBEDTLS_PSA_KEY_STORE_DYNAMIC would put PSA's table of keys into the first context's arena;
 * MBEDTLS_USE_PSA_CRYPTO would allocate for every record. */

#endif
