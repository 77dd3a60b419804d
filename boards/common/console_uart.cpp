// SPDX-License-Identifier: Apache-2.0
#include "boards/common/board.h"
#include "boards/common/console.h"
#include "port/semihosting/port.h"
#include "port/semihosting/semihosting.h"

namespace board {

constexpr int kEndOfTransmission = 4;

int ReadOctet() {
  const int octet = UartGet();
  return octet == kEndOfTransmission ? -1 : octet;
}

void Write(const char* octets, size_t size) {
  for (size_t i = 0; i < size; ++i) UartPut(static_cast<uint8_t>(octets[i]));
}

void Flush() {}

void Complain(const char* text) {
  semihosting::WriteText(text);
}

void SetDevice(const BARESSPI_DEVICE* device) {
  baresspi_semihosting_set_device(device);
}

}  // namespace board
