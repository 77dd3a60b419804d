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

bool StopAsked() {
  return UartHasInput();
}

void StopAtInput() {}  // as it does anyway

size_t ReadFile(const char* path, void* room, size_t capacity) {
  const int file = semihosting::OpenForReading(path, __builtin_strlen(path));
  if (file < 0) return 0;
  const size_t size = semihosting::Read(file, room, capacity);
  semihosting::Close(file);
  if (size >= capacity) return 0;  // nothing would be behind it, or there is more
  static_cast<char*>(room)[size] = 0;
  return size;
}

void SetDevice(const BARESSPI_DEVICE* device) {
  baresspi_semihosting_set_device(device);
}

}  // namespace board
