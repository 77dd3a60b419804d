// SPDX-License-Identifier: Apache-2.0
// Where mbed TLS gets its memory, time and random octets. A configuration of mbed TLS names these functions
// (config/mbedtls_*.h), and they are all in one object, since an mbed TLS of the firmware's own is linked
// after the archive that has them; with an mbed TLS that came prebuilt, its run-time hook leads to the first
// two.
#pragma once

#include <stddef.h>

extern "C" {
// NOLINTBEGIN(readability-redundant-declaration): config/mbedtls_*.h have them too
// From the arena of the task's TlsScope; outside of one, from where BARESSPI_TLS_APPLICATION_CALLOC says.
void* baresspi_tls_calloc(size_t count, size_t size);
void baresspi_tls_free(void* block);
// core/schannel/format.h
int baresspi_tls_snprintf(char* out, size_t room, const char* format, ...);
// NOLINTEND(readability-redundant-declaration)
}
