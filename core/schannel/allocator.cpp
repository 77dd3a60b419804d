// SPDX-License-Identifier: Apache-2.0
#include "core/schannel/allocator.h"

#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include <mbedtls/platform_time.h>
#if !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
#include <mbedtls/platform.h>  // includes a C library's <stdio.h>, which a bare compiler need not have
#endif
#if defined(MBEDTLS_PSA_CRYPTO_C)
#include <psa/crypto.h>
#endif

#include "core/schannel/context.h"
#include "core/schannel/format.h"
#include "core/sspi/time.h"
#include "port/port.h"

namespace baresspi::schannel {
namespace {

constexpr uint64_t kSecondsFrom1601To1970 = 11644473600;

// Of the device's clock, since 1970; 0: it is unknown.
[[maybe_unused]] int64_t Milliseconds() {
  uint64_t now = 0;
  if (baresspi_port_clock(&now) == 0) return 0;
  return static_cast<int64_t>(now / kUnitsPerMillisecond - kSecondsFrom1601To1970 * 1000);
}

}  // namespace

TlsScope::TlsScope(SchannelContext& context) {
  baresspi_port_tls_lock();
#if !defined(MBEDTLS_PLATFORM_CALLOC_MACRO) && defined(MBEDTLS_PLATFORM_MEMORY)
  (void)mbedtls_platform_set_calloc_free(baresspi_tls_calloc, baresspi_tls_free);
#endif
#if defined(MBEDTLS_PSA_CRYPTO_C)
  // Before there is an arena: what PSA keeps for good must not lie in one. Where it fails, so does the
  // handshake.
  (void)psa_crypto_init();
#endif
  baresspi_port_set_task_arena(&context.arena);
}

TlsScope::~TlsScope() {
  baresspi_port_set_task_arena(nullptr);
  baresspi_port_tls_unlock();
}

bool RandomOctets(uint8_t* out, size_t size) {
  constexpr size_t kMost = 64;  // of one call, by the port's contract
  while (size != 0) {
    const size_t part = size < kMost ? size : kMost;
    if (baresspi_port_random(out, part) == 0) {
      auto* arena = static_cast<Arena*>(baresspi_port_task_arena());
      if (arena != nullptr) arena->LoseRandom();  // NULL: PSA works for the application
      return false;
    }
    out += part;
    size -= part;
  }
  return true;
}

}  // namespace baresspi::schannel

using namespace baresspi::schannel;  // NOLINT(google-build-using-namespace): the C functions come last

void* baresspi_tls_calloc(size_t count, size_t size) {
  auto* arena = static_cast<Arena*>(baresspi_port_task_arena());
  if (arena == nullptr) return BARESSPI_TLS_APPLICATION_CALLOC(count, size);
  size_t octets = 0;
  if (__builtin_mul_overflow(count, size, &octets)) octets = SIZE_MAX;
  return arena->Allocate(octets);
}

void baresspi_tls_free(void* block) {
  if (block == nullptr) return;
  auto* arena = static_cast<Arena*>(baresspi_port_task_arena());
  if (arena != nullptr && arena->Owns(block)) {
    arena->Free(block);
  } else {
    BARESSPI_TLS_APPLICATION_FREE(block);
  }
}

int baresspi_tls_snprintf(char* out, size_t room, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int size = Format(out, room, format, arguments);
  va_end(arguments);
  return size;
}

#if defined(MBEDTLS_HAVE_TIME)
extern "C" {
// NOLINTNEXTLINE(readability-redundant-declaration): config/mbedtls_*.h have it too
mbedtls_time_t baresspi_tls_time(mbedtls_time_t* seconds);
}
mbedtls_time_t baresspi_tls_time(mbedtls_time_t* seconds) {
  const auto now = static_cast<mbedtls_time_t>(Milliseconds() / 1000);
  if (seconds != nullptr) *seconds = now;
  return now;
}
#if defined(MBEDTLS_PLATFORM_MS_TIME_ALT)
mbedtls_ms_time_t mbedtls_ms_time(void) {
  return Milliseconds();
}
#endif
#endif

#if defined(MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG)
psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t*, uint8_t* output,
                                             size_t output_size, size_t* output_length) {
  if (!RandomOctets(output, output_size)) return PSA_ERROR_INSUFFICIENT_ENTROPY;
  *output_length = output_size;
  return PSA_SUCCESS;
}
#endif

#endif
