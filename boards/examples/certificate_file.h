// SPDX-License-Identifier: Apache-2.0
// Certificates and keys as the examples' options name them. A product has them in flash, and no such room.
#pragma once

#include <baresspi/certificates.h>
#include <stddef.h>

namespace examples {

// Reads a file (board::ReadFile) into room, which *blob then leads to. path nullptr: none is wanted, and
// *blob is empty. False: there is no such file, it is empty, or it does not fit.
bool LoadCertificateFile(const char* path, uint8_t* room, size_t capacity, BARESSPI_BLOB* blob);

}  // namespace examples
