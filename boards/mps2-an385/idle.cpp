// SPDX-License-Identifier: Apache-2.0
// Sleeping without interrupt handlers: the requests are enabled in the NVIC, but PRIMASK holds them back, and
// WFI ends when one is pending all the same (ARMv7-M B1.5.17). SysTick is the millisecond after which it ends
// anyway.
#include <stdint.h>

#include "boards/common/network.h"
#include "boards/mps2-an385/wake.h"

namespace board {
namespace {

volatile uint32_t& Register(uintptr_t address) {
  return *reinterpret_cast<volatile uint32_t*>(address);
}
enum : uintptr_t {
  kSysTickControl = 0xe000e010,
  kSysTickReload = 0xe000e014,
  kSysTickValue = 0xe000e018,
  kInterruptSetEnable = 0xe000e100,
  kInterruptClearPending = 0xe000e280,
  kInterruptControlState = 0xe000ed04,
};
// SysTick: on, requests an exception, counts the processor's clock of 25 MHz.
constexpr uint32_t kSysTickOn = 7, kSysTickOff = 0, kMillisecond = 25000 - 1;
constexpr uint32_t kClearSysTick = 1u << 25;
constexpr uint32_t kRequests = 1u << 0 | 1u << 13;  // UART0 has received; Ethernet

void ClearPending() {
  Register(kInterruptControlState) = kClearSysTick;
  Register(kInterruptClearPending) = kRequests;
}

}  // namespace

void Idle() {
  asm volatile("cpsid i" : : : "memory");
  Register(kInterruptSetEnable) = kRequests;
  Register(kSysTickReload) = kMillisecond;
  Register(kSysTickValue) = 0;
  Register(kSysTickControl) = kSysTickOn;
  UartClearWake();
  const bool has_frames = EthernetClearWake();
  ClearPending();
  if (!has_frames) asm volatile("dsb\n\twfi" : : : "memory");
  Register(kSysTickControl) = kSysTickOff;
  ClearPending();
}

}  // namespace board
