// SPDX-License-Identifier: Apache-2.0
// The virt machine's 16550. It is used as it comes out of reset (8N1 at any rate): switching its FIFO on
// would drop what has come in before.
#include "boards/common/board.h"

namespace board {
namespace {

volatile uint8_t& Register(uintptr_t offset) {
  return *reinterpret_cast<volatile uint8_t*>(0x10000000 + offset);
}
enum : uintptr_t { kData = 0, kLineStatus = 5 };
constexpr uint8_t kDataReady = 0x01, kTransmitterEmpty = 0x20;

}  // namespace

void UartInit() {}

bool UartHasInput() {
  return (Register(kLineStatus) & kDataReady) != 0;
}

uint8_t UartGet() {
  while (!UartHasInput()) {
  }
  return Register(kData);
}

void UartPut(uint8_t octet) {
  while ((Register(kLineStatus) & kTransmitterEmpty) == 0) {
  }
  Register(kData) = octet;
}

}  // namespace board
