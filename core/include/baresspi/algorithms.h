/* SPDX-License-Identifier: Apache-2.0 */
/* How Windows names cryptographic algorithms: by number (ALG_ID of wincrypt.h: SCHANNEL_CRED,
 * SecPkgContext_ConnectionInfo) and by name (bcrypt.h: CRYPTO_SETTINGS). */
#ifndef BARESSPI_ALGORITHMS_H
#define BARESSPI_ALGORITHMS_H

#include "windows_types.h"

/* ---- By number: a class, a type, and which one within them. ---- */
typedef unsigned int ALG_ID;

#define ALG_CLASS_ANY 0u
#define ALG_CLASS_SIGNATURE (1u << 13)
#define ALG_CLASS_MSG_ENCRYPT (2u << 13)
#define ALG_CLASS_DATA_ENCRYPT (3u << 13)
#define ALG_CLASS_HASH (4u << 13)
#define ALG_CLASS_KEY_EXCHANGE (5u << 13)
#define GET_ALG_CLASS(x) ((x) & (7u << 13))
#define GET_ALG_TYPE(x) ((x) & (15u << 9))
#define GET_ALG_SID(x) ((x)&511u)

/* Digests: of a record's MAC, or, with AEAD suites and in TLS 1.3, of the key schedule. */
#define CALG_MD5 0x00008003u
#define CALG_SHA 0x00008004u
#define CALG_SHA1 0x00008004u
#define CALG_HMAC 0x00008009u
#define CALG_SHA_256 0x0000800cu
#define CALG_SHA_384 0x0000800du
#define CALG_SHA_512 0x0000800eu

/* Ciphers. ChaCha20-Poly1305 has no number of its own, so that it is CALG_THIRDPARTY_CIPHER. */
#define CALG_NULLCIPHER 0x00006000u
#define CALG_DES 0x00006601u
#define CALG_3DES 0x00006603u
#define CALG_AES_128 0x0000660eu
#define CALG_AES_192 0x0000660fu
#define CALG_AES_256 0x00006610u
#define CALG_AES 0x00006611u
#define CALG_RC4 0x00006801u
#define CALG_THIRDPARTY_CIPHER 0x00007000u

/* Signatures. */
#define CALG_DSS_SIGN 0x00002200u
#define CALG_ECDSA 0x00002203u
#define CALG_RSA_SIGN 0x00002400u

/* Key exchanges. EPHEM: with a key made for the connection. */
#define CALG_RSA_KEYX 0x0000a400u
#define CALG_DH_SF 0x0000aa01u
#define CALG_DH_EPHEM 0x0000aa02u
#define CALG_ECDH 0x0000aa05u
#define CALG_ECDH_EPHEM 0x0000ae06u

/* ---- By name: constant strings of SEC_WCHAR. In C99, which has no literals for them, one that is written
 * within a function lasts until its block ends, like every array there. ---- */
#if BARESSPI_HAS_U_LITERALS_
#define BCRYPT_AES_ALGORITHM u"AES"
#define BCRYPT_3DES_ALGORITHM u"3DES"
#define BCRYPT_RC4_ALGORITHM u"RC4"
#define BCRYPT_CHACHA20_POLY1305_ALGORITHM u"CHACHA20_POLY1305"
#define BCRYPT_MD5_ALGORITHM u"MD5"
#define BCRYPT_SHA1_ALGORITHM u"SHA1"
#define BCRYPT_SHA256_ALGORITHM u"SHA256"
#define BCRYPT_SHA384_ALGORITHM u"SHA384"
#define BCRYPT_SHA512_ALGORITHM u"SHA512"
#define BCRYPT_RSA_ALGORITHM u"RSA"
#define BCRYPT_RSA_SIGN_ALGORITHM u"RSA_SIGN"
#define BCRYPT_DSA_ALGORITHM u"DSA"
#define BCRYPT_DH_ALGORITHM u"DH"
#define BCRYPT_ECDSA_ALGORITHM u"ECDSA"
#define BCRYPT_ECDSA_P256_ALGORITHM u"ECDSA_P256"
#define BCRYPT_ECDSA_P384_ALGORITHM u"ECDSA_P384"
#define BCRYPT_ECDSA_P521_ALGORITHM u"ECDSA_P521"
#define BCRYPT_ECDH_ALGORITHM u"ECDH"
#define BCRYPT_ECDH_P256_ALGORITHM u"ECDH_P256"
#define BCRYPT_ECDH_P384_ALGORITHM u"ECDH_P384"
#define BCRYPT_ECDH_P521_ALGORITHM u"ECDH_P521"
#define BCRYPT_CHAIN_MODE_NA u"ChainingModeN/A"
#define BCRYPT_CHAIN_MODE_CBC u"ChainingModeCBC"
#define BCRYPT_CHAIN_MODE_CCM u"ChainingModeCCM"
#define BCRYPT_CHAIN_MODE_GCM u"ChainingModeGCM"
#define BCRYPT_ECC_CURVE_NISTP256 u"nistP256"
#define BCRYPT_ECC_CURVE_NISTP384 u"nistP384"
#define BCRYPT_ECC_CURVE_NISTP521 u"nistP521"
#define BCRYPT_ECC_CURVE_25519 u"curve25519"
#else
#define BCRYPT_AES_ALGORITHM ((SEC_WCHAR[]){'A', 'E', 'S', 0})
#define BCRYPT_3DES_ALGORITHM ((SEC_WCHAR[]){'3', 'D', 'E', 'S', 0})
#define BCRYPT_RC4_ALGORITHM ((SEC_WCHAR[]){'R', 'C', '4', 0})
#define BCRYPT_CHACHA20_POLY1305_ALGORITHM \
  ((SEC_WCHAR[]){'C', 'H', 'A', 'C', 'H', 'A', '2', '0', '_', 'P', 'O', 'L', 'Y', '1', '3', '0', '5', 0})
#define BCRYPT_MD5_ALGORITHM ((SEC_WCHAR[]){'M', 'D', '5', 0})
#define BCRYPT_SHA1_ALGORITHM ((SEC_WCHAR[]){'S', 'H', 'A', '1', 0})
#define BCRYPT_SHA256_ALGORITHM ((SEC_WCHAR[]){'S', 'H', 'A', '2', '5', '6', 0})
#define BCRYPT_SHA384_ALGORITHM ((SEC_WCHAR[]){'S', 'H', 'A', '3', '8', '4', 0})
#define BCRYPT_SHA512_ALGORITHM ((SEC_WCHAR[]){'S', 'H', 'A', '5', '1', '2', 0})
#define BCRYPT_RSA_ALGORITHM ((SEC_WCHAR[]){'R', 'S', 'A', 0})
#define BCRYPT_RSA_SIGN_ALGORITHM ((SEC_WCHAR[]){'R', 'S', 'A', '_', 'S', 'I', 'G', 'N', 0})
#define BCRYPT_DSA_ALGORITHM ((SEC_WCHAR[]){'D', 'S', 'A', 0})
#define BCRYPT_DH_ALGORITHM ((SEC_WCHAR[]){'D', 'H', 0})
#define BCRYPT_ECDSA_ALGORITHM ((SEC_WCHAR[]){'E', 'C', 'D', 'S', 'A', 0})
#define BCRYPT_ECDSA_P256_ALGORITHM ((SEC_WCHAR[]){'E', 'C', 'D', 'S', 'A', '_', 'P', '2', '5', '6', 0})
#define BCRYPT_ECDSA_P384_ALGORITHM ((SEC_WCHAR[]){'E', 'C', 'D', 'S', 'A', '_', 'P', '3', '8', '4', 0})
#define BCRYPT_ECDSA_P521_ALGORITHM ((SEC_WCHAR[]){'E', 'C', 'D', 'S', 'A', '_', 'P', '5', '2', '1', 0})
#define BCRYPT_ECDH_ALGORITHM ((SEC_WCHAR[]){'E', 'C', 'D', 'H', 0})
#define BCRYPT_ECDH_P256_ALGORITHM ((SEC_WCHAR[]){'E', 'C', 'D', 'H', '_', 'P', '2', '5', '6', 0})
#define BCRYPT_ECDH_P384_ALGORITHM ((SEC_WCHAR[]){'E', 'C', 'D', 'H', '_', 'P', '3', '8', '4', 0})
#define BCRYPT_ECDH_P521_ALGORITHM ((SEC_WCHAR[]){'E', 'C', 'D', 'H', '_', 'P', '5', '2', '1', 0})
#define BCRYPT_CHAIN_MODE_NA \
  ((SEC_WCHAR[]){'C', 'h', 'a', 'i', 'n', 'i', 'n', 'g', 'M', 'o', 'd', 'e', 'N', '/', 'A', 0})
#define BCRYPT_CHAIN_MODE_CBC \
  ((SEC_WCHAR[]){'C', 'h', 'a', 'i', 'n', 'i', 'n', 'g', 'M', 'o', 'd', 'e', 'C', 'B', 'C', 0})
#define BCRYPT_CHAIN_MODE_CCM \
  ((SEC_WCHAR[]){'C', 'h', 'a', 'i', 'n', 'i', 'n', 'g', 'M', 'o', 'd', 'e', 'C', 'C', 'M', 0})
#define BCRYPT_CHAIN_MODE_GCM \
  ((SEC_WCHAR[]){'C', 'h', 'a', 'i', 'n', 'i', 'n', 'g', 'M', 'o', 'd', 'e', 'G', 'C', 'M', 0})
#define BCRYPT_ECC_CURVE_NISTP256 ((SEC_WCHAR[]){'n', 'i', 's', 't', 'P', '2', '5', '6', 0})
#define BCRYPT_ECC_CURVE_NISTP384 ((SEC_WCHAR[]){'n', 'i', 's', 't', 'P', '3', '8', '4', 0})
#define BCRYPT_ECC_CURVE_NISTP521 ((SEC_WCHAR[]){'n', 'i', 's', 't', 'P', '5', '2', '1', 0})
#define BCRYPT_ECC_CURVE_25519 ((SEC_WCHAR[]){'c', 'u', 'r', 'v', 'e', '2', '5', '5', '1', '9', 0})
#endif

#endif
