// SPDX-License-Identifier: Apache-2.0
// The nRF51's UART on the micro:bit's pins (to the interface chip, so to USB).
#include "boards/common/board.h"

namespace board {
namespace {

volatile uint32_t& Register(uintptr_t offset) {
  return *reinterpret_cast<volatile uint32_t*>(0x40002000 + offset);
}
enum : uintptr_t {
  kStartReceiver = 0x000,
  kStartTransmitter = 0x008,
  kReceiverReady = 0x108,
  kTransmitterReady = 0x11c,
  kEnable = 0x500,
  kPinTransmit = 0x50c,
  kPinReceive = 0x514,
  kReceive = 0x518,
  kTransmit = 0x51c,
  kBaudRate = 0x524,
};

}  // namespace

void UartInit() {
  Register(kPinTransmit) = 24;
  Register(kPinReceive) = 25;
  Register(kBaudRate) = 0x01d7e000;  // 115200
  Register(kEnable) = 4;
  Register(kStartTransmitter) = 1;
  Register(kStartReceiver) = 1;
}

bool UartHasInput() {
  return Register(kReceiverReady) != 0;
}

uint8_t UartGet() {
  while (!UartHasInput()) {
  }
  Register(kReceiverReady) = 0;  // before reading: the next octet of the FIFO raises it anew
  return static_cast<uint8_t>(Register(kReceive));
}

void UartPut(uint8_t octet) {
  Register(kTransmitterReady) = 0;
  Register(kTransmit) = octet;
  while (Register(kTransmitterReady) == 0) {
  }
}

}  // namespace board
