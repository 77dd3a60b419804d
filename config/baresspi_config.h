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
/* Whether any package has this half. */
#define BARESSPI_CLIENTS BARESSPI_NTLM_CLIENT
#define BARESSPI_SERVERS BARESSPI_NTLM_SERVER
/* Negotiate (SPNEGO): chooses among the packages above, with the halves that they have. */
#ifndef BARESSPI_NEGOTIATE
#define BARESSPI_NEGOTIATE 1
#endif

/* ---- Pools: slots, taken and given back; never more than these. At most 65,535 credentials and 2,048
 * contexts. ---- */
#ifndef BARESSPI_MAX_CREDENTIALS
#define BARESSPI_MAX_CREDENTIALS 4 /* a package */
#endif
#ifndef BARESSPI_MAX_CONTEXTS
#define BARESSPI_MAX_CONTEXTS 8 /* a package */
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

/* ---- Choices between size and speed, or size and reach. ---- */
#ifndef BARESSPI_CRYPTO_FAST
#define BARESSPI_CRYPTO_FAST 0 /* 1: unrolled MD4, MD5, RC4 */
#endif
/* 1: upper case for the whole BMP, as Windows has it; 0: European scripts. */
#ifndef BARESSPI_UNICODE_FULL
#define BARESSPI_UNICODE_FULL 0
#endif

#endif
