// SPDX-License-Identifier: Apache-2.0
// A board with Ethernet and lwIP (port/lwip), under an emulator whose host gives random and, where no other
// source is named, the time.
#include "boards/common/board.h"
#include "boards/common/console.h"
#include "boards/common/network.h"
#include "boards/device/machine.h"
#include "boards/device/output.h"
#include "port/lwip/clock.h"
#include "port/lwip/stack.h"
#include "port/semihosting/port.h"
#include "port/semihosting/semihosting.h"

namespace device {
namespace {

constexpr uint32_t kNetworkTime = 20000;  // ms
constexpr uint32_t kClockTime = 10000;
constexpr uint64_t kSecondsFrom1601To1970 = 11644473600;
constexpr uint64_t kUnitsPerSecond = 10000000;
// A server that tells an earlier time is not believed: 2026-01-01.
constexpr uint64_t kEarliest = (kSecondsFrom1601To1970 + 1767225600) * kUnitsPerSecond;

constinit baresspi_lwip_settings settings = {};
constinit bool by_dhcp = false;
constinit const char* clock_source = "";
constinit uint64_t waited = 0;

void Idle() {
  const uint64_t before = board::Ticks();
  board::Idle();
  waited += board::Ticks() - before;
}

void SetClock(uint32_t unix_seconds, const char* source) {
  clock_source = source;
  if (unix_seconds == 0) return;
  baresspi_lwip_clock_set((kSecondsFrom1601To1970 + unix_seconds) * kUnitsPerSecond);
}

void BeginClock(const Options& options) {
  switch (options.time) {
    case TimeFrom::kMachine:
      SetClock(semihosting::Time(), "the emulator's host's, by semihosting");
      break;
    case TimeFrom::kNowhere:
      clock_source = "none was given";
      break;
    case TimeFrom::kGiven:
      SetClock(options.unix_seconds, "as given at the start");
      break;
    case TimeFrom::kSntp:
      clock_source = "by SNTP";
      if (baresspi_lwip_clock_ask(options.time_server, options.time_port, kEarliest) == 0 ||
          baresspi_lwip_clock_wait(kClockTime) == 0) {
        clock_source = "no answer by SNTP yet";
      }
      break;
  }
}

void PutMemory(const char* name, uint32_t now, uint32_t most, uint32_t size) {
  Line() << name << ": " << now << " now, " << most << " most, of " << size;
}

}  // namespace

bool BeginMachine(const Options& options) {
  by_dhcp = options.dhcp;
  settings = {.init = board::EthernetInit,
              .poll = board::EthernetPoll,
              .idle = Idle,
              .host_name = "baresspi",
              .address = options.address,
              .netmask = options.address != nullptr ? options.netmask : nullptr,
              .gateway = options.gateway,
              .name_server = options.name_server};
  if (baresspi_lwip_begin(&settings) == 0) {
    board::Complain("baresspi-device: no network: an address is none, or there is no Ethernet\n");
    return false;
  }
  if (baresspi_lwip_wait_until_up(kNetworkTime) == 0) {
    board::Complain("baresspi-device: no network: no cable, or no DHCP server\n");
    return false;
  }
  BeginClock(options);
  return true;
}

void PutAddress() {
  baresspi_lwip_addresses addresses = {};
  baresspi_lwip_get_addresses(&addresses);
  Line line;
  line << "address: " << addresses.address << ", netmask " << addresses.netmask;
  if (addresses.gateway[0] != 0) line << ", gateway " << addresses.gateway;
  if (addresses.name_server[0] != 0) line << ", name server " << addresses.name_server;
  line << ", " << (by_dhcp ? "by DHCP" : "as given") << ", Ethernet " << addresses.hardware;
}

const char* ClockSource() {
  return clock_source;
}

const char* RandomSource() {
  return baresspi_semihosting_random_source();
}

void PutMachineUse() {
  baresspi_lwip_memory memory = {};
  baresspi_lwip_get_memory(&memory);
  PutMemory("sockets", memory.sockets_now, memory.sockets_most, memory.sockets_size);
  PutMemory("lwip heap", memory.heap_now, memory.heap_most, memory.heap_size);
  PutMemory("lwip pools", memory.pools_now, memory.pools_most, memory.pools_size);
  Line() << "lwip refused: " << memory.refused << " times";
  Line() << "stack: " << static_cast<uint32_t>(board::DeepestStack()) << " most, of "
         << static_cast<uint32_t>(reinterpret_cast<uintptr_t>(__stack_top) -
                                  reinterpret_cast<uintptr_t>(__stack_bottom));
}

void AwaitInput() {
  while (!board::StopAsked()) baresspi_lwip_wait();
}

bool CountInstructions(uint64_t* instructions) {
  *instructions = board::Ticks() - waited;
  return true;
}

}  // namespace device
