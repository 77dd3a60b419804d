// SPDX-License-Identifier: Apache-2.0
#include "port/lwip/clock.h"

#include "lwip/dns.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"
#include "port/lwip/sntp.h"
#include "port/lwip/stack.h"
#include "port/lwip/uptime.h"
#include "port/port.h"
#include "port/sockets.h"

using namespace lwip_port;

namespace {

constexpr uint64_t kUnitsPerMillisecond = 10000;
constexpr uint16_t kSntpPort = 123;
constexpr uint32_t kFirstInterval = 2000;  // milliseconds; doubled from question to question
constexpr uint32_t kInterval = 3600000;

// The time, and when it was that: the clock goes on by what Uptime has gone on since.
struct Clock {
  bool known;
  uint64_t time;
  uint64_t uptime;
};
constinit Clock clock = {};

// One question at a time: the next one forgets the last.
struct Asking {
  udp_pcb* pcb;  // nullptr: not asking
  const char* server;
  uint16_t port;
  uint64_t earliest;
  uint32_t interval;
  uint32_t number;  // of the asking: a name's address may come after its end
  bool waiting;     // for an answer with this nonce, from this address
  ip_addr_t address;
  uint8_t nonce[kSntpNonceSize];
  uint64_t sent_at;
};
constinit Asking asking = {};
constinit baresspi_lwip_clock_report counts = {};

void Set(uint64_t time) {
  clock = {true, time, Uptime()};
}

// The answer was on its way for half of the time that was not the server's (RFC 4330 5).
uint64_t TimeNow(const SntpTimes& times) {
  const uint64_t gone = (Uptime() - asking.sent_at) * kUnitsPerMillisecond;
  const uint64_t at_server = times.transmit - times.receive;
  return times.transmit + (gone > at_server ? (gone - at_server) / 2 : 0);
}

void Judge(const uint8_t* packet, size_t size) {
  SntpTimes times = {};
  switch (ReadSntpReply(packet, size, asking.nonce, &times)) {
    case SntpVerdict::kGood:
      if (times.transmit < asking.earliest) break;
      asking.waiting = false;
      ++counts.answered;
      Set(TimeNow(times));
      return;
    case SntpVerdict::kRefused:
      asking.waiting = false;
      ++counts.refused;
      return;
    case SntpVerdict::kIgnore:
      break;
  }
  ++counts.ignored;
}

void Ask(void*);

void AskAgainIn(uint32_t interval) {
  sys_untimeout(Ask, nullptr);
  sys_timeout(interval, Ask, nullptr);
}

void OnPacket(void*, udp_pcb*, pbuf* packet, const ip_addr_t* address, u16_t port) {
  uint8_t octets[kSntpSize];
  const uint16_t size = pbuf_copy_partial(packet, octets, sizeof octets, 0);
  pbuf_free(packet);
  if (!asking.waiting || !ip_addr_eq(address, &asking.address) || port != asking.port) {
    ++counts.ignored;
    return;
  }
  Judge(octets, size);
  if (asking.waiting) return;
  asking.interval = kInterval;
  AskAgainIn(kInterval);
}

void Send(const ip_addr_t& address) {
  asking.waiting = false;
  if (baresspi_port_random(asking.nonce, sizeof asking.nonce) == 0) return;
  pbuf* const packet = pbuf_alloc(PBUF_TRANSPORT, kSntpSize, PBUF_RAM);
  if (packet == nullptr) return;
  WriteSntpRequest(asking.nonce, static_cast<uint8_t*>(packet->payload));
  asking.address = address;
  asking.sent_at = Uptime();
  asking.waiting = udp_sendto(asking.pcb, packet, &address, asking.port) == ERR_OK;
  pbuf_free(packet);
  if (asking.waiting) ++counts.asked;
}

void OnName(const char*, const ip_addr_t* address, void* number) {
  if (asking.pcb == nullptr || reinterpret_cast<uintptr_t>(number) != asking.number) return;
  if (address != nullptr) Send(*address);
}

// What cannot be asked now (no link, no memory, no such name yet) is asked at the next time.
void Ask(void*) {
  sys_timeout(asking.interval, Ask, nullptr);
  asking.interval = asking.interval < kInterval / 2 ? asking.interval * 2 : kInterval;
  ip_addr_t address = {};
  const err_t found =
      dns_gethostbyname(asking.server, &address, OnName, reinterpret_cast<void*>(uintptr_t{asking.number}));
  if (found == ERR_OK) Send(address);
}

}  // namespace

int baresspi_port_clock(uint64_t* filetime) {
  if (!clock.known) return 0;
  *filetime = clock.time + (Uptime() - clock.uptime) * kUnitsPerMillisecond;
  return 1;
}

void baresspi_lwip_clock_set(uint64_t filetime) {
  Set(filetime);
}

int baresspi_lwip_clock_ask(const char* server, uint16_t port, uint64_t earliest) {
  baresspi_lwip_clock_stop();
  asking.pcb = udp_new();
  if (asking.pcb == nullptr) return 0;
  udp_recv(asking.pcb, OnPacket, nullptr);
  asking.server = server;
  asking.port = port != 0 ? port : kSntpPort;
  asking.earliest = earliest;
  asking.interval = kFirstInterval;
  Ask(nullptr);
  return 1;
}

void baresspi_lwip_clock_stop(void) {
  if (asking.pcb == nullptr) return;
  sys_untimeout(Ask, nullptr);
  udp_remove(asking.pcb);
  asking.pcb = nullptr;
  asking.waiting = false;
  ++asking.number;
}

int baresspi_lwip_clock_wait(uint32_t timeout) {
  const uint32_t begin = baresspi_milliseconds();
  while (!clock.known) {
    if (baresspi_milliseconds() - begin >= timeout) return 0;
    baresspi_lwip_wait();
  }
  return 1;
}

void baresspi_lwip_clock_get_report(baresspi_lwip_clock_report* report) {
  *report = counts;
}
