// SPDX-License-Identifier: Apache-2.0
// Where mbed TLS gets its memory, time and random octets. A configuration of mbed TLS names these functions
// (config/mbedtls_*.h); with an mbed TLS that came prebuilt, its run-time hook leads to the first two.
#pragma once

#include <stddef.h>

extern "C" {
// From the arena of the task's TlsScope; outside of one, from where BARESSPI_TLS_APPLICATION_CALLOC says.
void* baresspi_tls_calloc(size_t count, size_t size);
void baresspi_tls_free(void* block);
}
