/* SPDX-License-Identifier: Apache-2.0 */
/* mbed TLS as a yardstick: nothing but what core/crypto has too. */
#define MBEDTLS_MD_C
#define MBEDTLS_MD5_C

/* Under names of its own: the program that compares has Schannel's mbed TLS in it too, whose digests are
 * others. */
#define mbedtls_md yardstick_md
#define mbedtls_md_clone yardstick_md_clone
#define mbedtls_md_finish yardstick_md_finish
#define mbedtls_md_free yardstick_md_free
#define mbedtls_md_get_name yardstick_md_get_name
#define mbedtls_md_get_size yardstick_md_get_size
#define mbedtls_md_get_type yardstick_md_get_type
#define mbedtls_md_hmac yardstick_md_hmac
#define mbedtls_md_hmac_finish yardstick_md_hmac_finish
#define mbedtls_md_hmac_reset yardstick_md_hmac_reset
#define mbedtls_md_hmac_starts yardstick_md_hmac_starts
#define mbedtls_md_hmac_update yardstick_md_hmac_update
#define mbedtls_md_info_from_ctx yardstick_md_info_from_ctx
#define mbedtls_md_info_from_string yardstick_md_info_from_string
#define mbedtls_md_info_from_type yardstick_md_info_from_type
#define mbedtls_md_init yardstick_md_init
#define mbedtls_md_list yardstick_md_list
#define mbedtls_md_setup yardstick_md_setup
#define mbedtls_md_starts yardstick_md_starts
#define mbedtls_md_update yardstick_md_update
#define mbedtls_internal_md5_process yardstick_internal_md5_process
#define mbedtls_md5 yardstick_md5
#define mbedtls_md5_clone yardstick_md5_clone
#define mbedtls_md5_finish yardstick_md5_finish
#define mbedtls_md5_free yardstick_md5_free
#define mbedtls_md5_init yardstick_md5_init
#define mbedtls_md5_starts yardstick_md5_starts
#define mbedtls_md5_update yardstick_md5_update
#define mbedtls_platform_zeroize yardstick_platform_zeroize
#define mbedtls_zeroize_and_free yardstick_zeroize_and_free
#define mbedtls_ct_memcmp yardstick_ct_memcmp
#define mbedtls_ct_memcpy_if yardstick_ct_memcpy_if
#define mbedtls_ct_memcpy_offset yardstick_ct_memcpy_offset
#define mbedtls_ct_zero yardstick_ct_zero
