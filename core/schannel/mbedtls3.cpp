// SPDX-License-Identifier: Apache-2.0
// The bridge to mbed TLS 3.6.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/schannel/bridge.h"
#include "core/schannel/context.h"

namespace baresspi::schannel {
namespace {

int Random(void*, unsigned char* out, size_t size) {
  return RandomOctets(out, size) ? 0 : MBEDTLS_ERR_SSL_HW_ACCEL_FAILED;
}

}  // namespace

void ConfigureRandom(mbedtls_ssl_config& conf) {
  mbedtls_ssl_conf_rng(&conf, Random, nullptr);
}

}  // namespace baresspi::schannel

#endif
