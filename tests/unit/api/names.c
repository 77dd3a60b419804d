/* SPDX-License-Identifier: Apache-2.0 */
/* The names of algorithms and packages as C99 has them, without literals of UTF-16. headers_test.cpp holds
 * them against what they should be. */
#include "names.h"

#include <bcrypt.h>

const SEC_WCHAR* const NamesInC99[NAMES] = {BCRYPT_AES_ALGORITHM,
                                            BCRYPT_3DES_ALGORITHM,
                                            BCRYPT_RC4_ALGORITHM,
                                            BCRYPT_CHACHA20_POLY1305_ALGORITHM,
                                            BCRYPT_MD5_ALGORITHM,
                                            BCRYPT_SHA1_ALGORITHM,
                                            BCRYPT_SHA256_ALGORITHM,
                                            BCRYPT_SHA384_ALGORITHM,
                                            BCRYPT_SHA512_ALGORITHM,
                                            BCRYPT_RSA_ALGORITHM,
                                            BCRYPT_RSA_SIGN_ALGORITHM,
                                            BCRYPT_DSA_ALGORITHM,
                                            BCRYPT_DH_ALGORITHM,
                                            BCRYPT_ECDSA_ALGORITHM,
                                            BCRYPT_ECDSA_P256_ALGORITHM,
                                            BCRYPT_ECDSA_P384_ALGORITHM,
                                            BCRYPT_ECDSA_P521_ALGORITHM,
                                            BCRYPT_ECDH_ALGORITHM,
                                            BCRYPT_ECDH_P256_ALGORITHM,
                                            BCRYPT_ECDH_P384_ALGORITHM,
                                            BCRYPT_ECDH_P521_ALGORITHM,
                                            BCRYPT_CHAIN_MODE_NA,
                                            BCRYPT_CHAIN_MODE_CBC,
                                            BCRYPT_CHAIN_MODE_CCM,
                                            BCRYPT_CHAIN_MODE_GCM,
                                            BCRYPT_ECC_CURVE_NISTP256,
                                            BCRYPT_ECC_CURVE_NISTP384,
                                            BCRYPT_ECC_CURVE_NISTP521,
                                            BCRYPT_ECC_CURVE_25519,
                                            UNISP_NAME_W,
                                            SCHANNEL_NAME_W};
