// SPDX-License-Identifier: Apache-2.0
#include "boards/examples/certificate_file.h"

#include "boards/common/console.h"

// DER is a SEQUENCE, of more than 127 octets or, as a key for P-256 may be, to the file's end. PEM is counted
// with its zero, which is how core tells it.
bool examples::LoadCertificateFile(const char* path, uint8_t* room, size_t capacity, BARESSPI_BLOB* blob) {
  constexpr uint8_t kSequence = 0x30;
  constexpr uint8_t kLongLength = 0x80;
  *blob = {};
  if (path == nullptr) return true;
  const size_t size = board::ReadFile(path, room, capacity);
  const bool is_der =
      size > 1 && room[0] == kSequence && (room[1] >= kLongLength || size == size_t{2} + room[1]);
  *blob = {static_cast<ULONG>(is_der ? size : size + 1), room};
  return size != 0;
}
