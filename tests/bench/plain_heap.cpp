// SPDX-License-Identifier: Apache-2.0
// What config/mbedtls_*.h makes mbed TLS call, in the place of core/schannel/allocator.cpp: the C library's.
#include <mbedtls/platform_time.h>
#if defined(MBEDTLS_PSA_CRYPTO_C)
#include <psa/crypto.h>
#endif
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/schannel/allocator.h"
#include "port/port.h"
#include "tests/bench/plain_memory.h"

namespace bench {

void AllocateFor(int) {}

}  // namespace bench

void* baresspi_tls_calloc(size_t count, size_t size) {
  return calloc(count, size);
}
void baresspi_tls_free(void* block) {
  free(block);
}

int baresspi_tls_snprintf(char* out, size_t room, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int size = vsnprintf(out, room, format, arguments);
  va_end(arguments);
  return size;
}

extern "C" mbedtls_time_t baresspi_tls_time(mbedtls_time_t* seconds);
mbedtls_time_t baresspi_tls_time(mbedtls_time_t* seconds) {
  const mbedtls_time_t now = 1767323045;
  if (seconds != nullptr) *seconds = now;
  return now;
}
mbedtls_ms_time_t mbedtls_ms_time(void) {
  return 1767323045000;
}

#if defined(MBEDTLS_PSA_CRYPTO_C)
psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t*, uint8_t* output,
                                             size_t output_size, size_t* output_length) {
  *output_length = output_size;
  return baresspi_port_random(output, output_size) != 0 ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_ENTROPY;
}
#endif
