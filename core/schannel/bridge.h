// SPDX-License-Identifier: Apache-2.0
// What mbed TLS 3.6 and 4.x do differently: one file a version implements it (mbedtls3.cpp).
#pragma once

#include <mbedtls/ssl.h>

namespace baresspi::schannel {

// Where a configuration gets its random octets: the port.
void ConfigureRandom(mbedtls_ssl_config& conf);

}  // namespace baresspi::schannel
