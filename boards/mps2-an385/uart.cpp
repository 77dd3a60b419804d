// SPDX-License-Identifier: Apache-2.0
// UART0 of the MPS2 (Arm CMSDK APB UART).
#include "boards/common/board.h"
#include "boards/mps2-an385/wake.h"

namespace board {
namespace {

struct Registers {
  uint32_t data;
  uint32_t state;  // bit 0: transmitter full, bit 1: receiver full
  uint32_t control;
  uint32_t interrupt;
  uint32_t divisor;
};
constexpr uint32_t kTransmitterFull = 1, kReceiverFull = 2;
constexpr uint32_t kEnableBoth = 3, kReceiveInterrupt = 8;  // in control
constexpr uint32_t kReceived = 2;                           // in interrupt; writing it clears it
constexpr uint32_t kDivisor = 25000000 / 115200;

volatile Registers& Uart() {
  return *reinterpret_cast<volatile Registers*>(0x40004000);
}

}  // namespace

void UartInit() {
  Uart().divisor = kDivisor;
  Uart().control = kEnableBoth | kReceiveInterrupt;  // to the NVIC, where Idle looks at it
}

void UartClearWake() {
  Uart().interrupt = kReceived;
}

bool UartHasInput() {
  return (Uart().state & kReceiverFull) != 0;
}

uint8_t UartGet() {
  while (!UartHasInput()) {
  }
  return static_cast<uint8_t>(Uart().data);
}

void UartPut(uint8_t octet) {
  while ((Uart().state & kTransmitterFull) != 0) {
  }
  Uart().data = octet;
}

}  // namespace board
