// SPDX-License-Identifier: Apache-2.0
#include "boards/common/console.h"

#include <stdio.h>

#include "port/posix/posix.h"

namespace board {

int ReadOctet() {
  return getchar();
}

void Write(const char* octets, size_t size) {
  (void)fwrite(octets, 1, size, stdout);
}

void Flush() {
  (void)fflush(stdout);
}

void Complain(const char* text) {
  (void)fputs(text, stderr);
}

void SetDevice(const BARESSPI_DEVICE* device) {
  baresspi_posix_set_device(device);
}

}  // namespace board
