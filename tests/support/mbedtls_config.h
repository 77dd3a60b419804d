/* SPDX-License-Identifier: Apache-2.0 */
/* mbed TLS as a yardstick: nothing but what core/crypto has too. */
#define MBEDTLS_MD_C
#define MBEDTLS_MD5_C
