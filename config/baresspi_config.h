/* SPDX-License-Identifier: Apache-2.0 */
/* What is configured in, and how large. Each switch can be given with -D, or in a file of yours named by
 * -DBARESSPI_CONFIG_FILE="\"my_config.h\""; what neither gives has the value below. */
#ifndef BARESSPI_CONFIG_H
#define BARESSPI_CONFIG_H

#ifdef BARESSPI_CONFIG_FILE
#include BARESSPI_CONFIG_FILE
#endif

/* ---- Packages and their halves: 1 in, 0 out (then nothing of it is linked). ---- */
#ifndef BARESSPI_NTLM_CLIENT
#define BARESSPI_NTLM_CLIENT 1
#endif
#ifndef BARESSPI_NTLM_SERVER
#define BARESSPI_NTLM_SERVER 1
#endif
#define BARESSPI_NTLM (BARESSPI_NTLM_CLIENT || BARESSPI_NTLM_SERVER)
/* Schannel (TLS). Needs mbed TLS 3.6, configured as config/mbedtls_small.h or config/mbedtls_all.h do it. */
#ifndef BARESSPI_SCHANNEL_CLIENT
#define BARESSPI_SCHANNEL_CLIENT 0
#endif
#ifndef BARESSPI_SCHANNEL_SERVER
#define BARESSPI_SCHANNEL_SERVER 0
#endif
#define BARESSPI_SCHANNEL (BARESSPI_SCHANNEL_CLIENT || BARESSPI_SCHANNEL_SERVER)
/* Whether any package has this half. */
#define BARESSPI_CLIENTS (BARESSPI_NTLM_CLIENT || BARESSPI_SCHANNEL_CLIENT)
#define BARESSPI_SERVERS (BARESSPI_NTLM_SERVER || BARESSPI_SCHANNEL_SERVER)
/* Negotiate (SPNEGO): chooses among the packages above, with the halves that they have. */
#ifndef BARESSPI_NEGOTIATE
#define BARESSPI_NEGOTIATE 1
#endif

/* ---- Pools: slots, taken and given back; never more than these. At most 65,535 credentials and 2,048
 * contexts. NTLM and Negotiate share theirs: a login by Negotiate takes one context and leans on one
 * credential, as one by NTLM does. TLS has its own, below. ---- */
#ifndef BARESSPI_MAX_CREDENTIALS
#define BARESSPI_MAX_CREDENTIALS 4
#endif
#ifndef BARESSPI_MAX_CONTEXTS
#define BARESSPI_MAX_CONTEXTS 8
#endif

/* ---- NTLM. ---- */
/* Room for the names of an account, in a credential and in a server's context: DOMAIN\user and its zero in
 * UTF-16, and behind it, made when a query asks for them, the same in UTF-8 and the domain alone in both. 156
 * holds all four for 15 + 19 ASCII characters. A credential whose names do not fit is
 * SEC_E_INSUFFICIENT_MEMORY, a caller's SEC_E_INVALID_TOKEN. 32 to 252, even. */
#ifndef BARESSPI_NTLM_NAME_BYTES
#define BARESSPI_NTLM_NAME_BYTES 156
#endif
/* The longest NEGOTIATE a server takes (it is kept for the MIC, in room that the ciphers take later): 104 to
 * 480. */
#ifndef BARESSPI_NTLM_NEGOTIATE_MAX
#define BARESSPI_NTLM_NEGOTIATE_MAX 256
#endif
/* Octets a client's context keeps of the server's TargetInfo for SECPKG_ATTR_TARGET_INFORMATION; 0: the query
 * is SEC_E_UNSUPPORTED_FUNCTION. A longer TargetInfo is not kept (SEC_E_INSUFFICIENT_MEMORY from the query).
 */
#ifndef BARESSPI_NTLM_TARGET_INFORMATION_BYTES
#define BARESSPI_NTLM_TARGET_INFORMATION_BYTES 0
#endif
/* Octets a server's context keeps of the client's SPN, in UTF-16 with its zero, for
 * SECPKG_ATTR_CLIENT_SPECIFIED_TARGET; likewise. */
#ifndef BARESSPI_NTLM_CLIENT_TARGET_BYTES
#define BARESSPI_NTLM_CLIENT_TARGET_BYTES 0
#endif

/* ---- Negotiate. ---- */
/* The longest MechTypeList an acceptor takes (it is kept for the mechListMIC): 40 to 200. Windows' has 48
 * octets. A longer one is SEC_E_UNSUPPORTED_FUNCTION. */
#ifndef BARESSPI_NEGOTIATE_MECH_LIST_MAX
#define BARESSPI_NEGOTIATE_MECH_LIST_MAX 88
#endif

/* ---- Schannel. Its slots; at most 65,535 credentials and 2,048 contexts. ---- */
#ifndef BARESSPI_SCHANNEL_MAX_CREDENTIALS
#define BARESSPI_SCHANNEL_MAX_CREDENTIALS 4
#endif
/* Each has an arena. A credential with certificates or trust anchors is tried out in a free one. */
#ifndef BARESSPI_SCHANNEL_MAX_CONTEXTS
#define BARESSPI_SCHANNEL_MAX_CONTEXTS 4
#endif
/* Octets of a context's arena, which holds all that mbed TLS allocates for it. How much is needed follows
 * from mbed TLS's configuration (its buffers for input and output above all) and from the certificates; what
 * was used at most is BareSspiTlsArenaPeak's answer. The default is for config/mbedtls_all.h on 64-bit
 * machines; up to 256 KiB. config/README.md has figures. A handshake that needs more ends with
 * SEC_E_INTERNAL_ERROR. */
#ifndef BARESSPI_SCHANNEL_ARENA_BYTES
#define BARESSPI_SCHANNEL_ARENA_BYTES (UINTPTR_MAX > 0xFFFFFFFFu ? 98304 : 65536)
#endif
/* Octets of it that are kept for blocks of at most 256 octets once the rest is used up, until mbed TLS has
 * found its way out: in 3.6 it reads past the end of a buffer when one certain allocation fails. */
#ifndef BARESSPI_SCHANNEL_RESERVE_BYTES
#define BARESSPI_SCHANNEL_RESERVE_BYTES 1024
#endif
/* The room that every call of a handshake must give for its output (cbMaxToken): mbed TLS's buffer for output
 * (MBEDTLS_SSL_OUT_CONTENT_LEN) and 2,048 more, which is the longest flight. */
#ifndef BARESSPI_SCHANNEL_MAX_TOKEN
#define BARESSPI_SCHANNEL_MAX_TOKEN 6144 /* for 4,096 octets; less is refused by the compiler */
#endif
/* Certificates a credential may have (cCreds). */
#ifndef BARESSPI_SCHANNEL_MAX_CERTIFICATES
#define BARESSPI_SCHANNEL_MAX_CERTIFICATES 2
#endif
/* Sessions that can be resumed, clients' and servers'; 0: none. Each takes its octets, whether used or not; a
 * session that needs more is not kept. A TLS 1.2 session holds the peer's certificate. */
#ifndef BARESSPI_SCHANNEL_SESSIONS
#define BARESSPI_SCHANNEL_SESSIONS 4
#endif
#ifndef BARESSPI_SCHANNEL_SESSION_BYTES
#define BARESSPI_SCHANNEL_SESSION_BYTES 1536
#endif
/* The longest name of a target, in octets, with its zero. */
#ifndef BARESSPI_SCHANNEL_TARGET_BYTES
#define BARESSPI_SCHANNEL_TARGET_BYTES 256
#endif
/* 1: SECPKG_ATTR_UNIQUE_BINDINGS with TLS 1.2 too (tls-unique, RFC 5929 3), for which the handshake has to be
 * hashed once more. */
#ifndef BARESSPI_SCHANNEL_TLS_UNIQUE
#define BARESSPI_SCHANNEL_TLS_UNIQUE 0
#endif
/* With MBEDTLS_ECP_RESTARTABLE (BARESSPI_TLS_RESTARTABLE in config/mbedtls_*.h): after how many operations on
 * a curve a call returns SEC_I_ASYNC_CALL_PENDING, an operation being a multiplication on P-256, some 4,000
 * instructions of a Cortex-M. 0: the firmware has called mbedtls_ecp_set_max_ops itself. */
#ifndef BARESSPI_SCHANNEL_MAX_OPS
#define BARESSPI_SCHANNEL_MAX_OPS 250
#endif
/* 0: without the queries that few need, for 1 KiB of flash and more: KEY_INFO, CIPHER_INFO, NAMES, LIFESPAN,
 * ISSUER_LIST_EX, SUPPORTED_SIGNATURES, KEYING_MATERIAL(_INFO). They are SEC_E_UNSUPPORTED_FUNCTION then. */
#ifndef BARESSPI_SCHANNEL_ALL_QUERIES
#define BARESSPI_SCHANNEL_ALL_QUERIES 1
#endif
/* Where allocations of mbed TLS go that the firmware causes by calling it itself, outside of BareSSPI: names
 * of functions with the signatures of calloc and free, declared by your BARESSPI_CONFIG_FILE. Default: there
 * are none, and such calls fail for want of memory. */
#ifndef BARESSPI_TLS_APPLICATION_CALLOC
#define BARESSPI_TLS_APPLICATION_CALLOC(count, size) ((void)(count), (void)(size), nullptr)
#endif
#ifndef BARESSPI_TLS_APPLICATION_FREE
#define BARESSPI_TLS_APPLICATION_FREE(block) ((void)(block))
#endif

/* ---- Choices between size and speed, or size and reach. ---- */
#ifndef BARESSPI_CRYPTO_FAST
#define BARESSPI_CRYPTO_FAST 0 /* 1: unrolled MD4, MD5, RC4; but for -Os, the last two in one loop */
#endif
/* Octets of stack below a function of the API that are zeroed before it returns, where it has worked with
 * secrets (half of them by the functions that use less); 0: none. With BARESSPI_CRYPTO_FAST compilers have
 * more values at once than registers, and what they spill to the stack nobody else would wipe; without it
 * they leave nothing of keys and passwords. tests/secrets/run shows both, for the compilers it names. Fast
 * ciphers compiled without optimisation (-O0) go deeper than this: 24,000 were enough on 64 bits. */
#ifndef BARESSPI_STACK_SCRUB_BYTES
#define BARESSPI_STACK_SCRUB_BYTES (BARESSPI_CRYPTO_FAST ? (UINTPTR_MAX > 0xFFFFFFFFu ? 2304 : 1152) : 0)
#endif
/* 1: upper case for the whole BMP, as Windows has it; 0: European scripts. */
#ifndef BARESSPI_UNICODE_FULL
#define BARESSPI_UNICODE_FULL 0
#endif

#endif
