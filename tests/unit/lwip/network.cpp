// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/lwip/network.h"

#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "tests/support/scripted_port.h"

namespace lwip_test {
namespace {

uint32_t now = 1000;

void GoOn() {
  ++now;
}

signed char Swallow(netif*, pbuf*) {
  return ERR_OK;
}
signed char SwallowTo(netif*, pbuf*, const ip4_addr_t*) {
  return ERR_OK;
}

signed char SilentInterface(netif* interface) {
  interface->name[0] = 's';
  interface->name[1] = 'i';
  interface->mtu = 1500;
  interface->output = SwallowTo;
  interface->linkoutput = Swallow;
  interface->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

const baresspi_lwip_settings kSettings = {
    .init = SilentInterface,
    .poll = nullptr,
    .idle = GoOn,
    .host_name = nullptr,
    .address = kSilentSide,
    .netmask = "255.255.255.0",
    .gateway = nullptr,
    .name_server = kHere,
};

}  // namespace

uint32_t Now() {
  return now;
}

void SetNow(uint32_t milliseconds) {
  now = milliseconds;
}

void Pass(uint32_t milliseconds) {
  for (uint32_t i = 0; i < milliseconds; ++i) baresspi_lwip_wait();
  baresspi_lwip_poll();
}

Use InUse() {
  const auto used = [](int pool) { return uint32_t{lwip_stats.memp[pool]->used}; };
  baresspi_lwip_memory memory = {};
  baresspi_lwip_get_memory(&memory);
  return {used(MEMP_TCP_PCB),     used(MEMP_TCP_PCB_LISTEN), used(MEMP_TCP_SEG),
          used(MEMP_UDP_PCB),     used(MEMP_PBUF),           used(MEMP_PBUF_POOL),
          used(MEMP_SYS_TIMEOUT), memory.heap_now,           memory.sockets_now};
}

std::ostream& operator<<(std::ostream& out, const Use& use) {
  return out << "connections " << use.connections << ", listeners " << use.listeners << ", segments "
             << use.segments << ", udp " << use.udp << ", packets " << use.packets << ", frames "
             << use.frames << ", timers " << use.timers << ", heap " << use.heap << ", sockets "
             << use.sockets;
}

void Network::SetUp() {
  scripted_port::Reset();
  ASSERT_EQ(baresspi_lwip_begin(&kSettings), 1);
  Settle();
  before_ = InUse();
}

// lwIP has a timer of its own while there are connections.
void Network::TearDown() {
  Settle();
  Use after = InUse();
  EXPECT_EQ(after, before_);
}

void Network::Settle() {
  for (int i = 0; i < 2000; ++i) {
    now += 100;
    baresspi_lwip_poll();
  }
}

void Pair::Close() {
  baresspi_socket_close(client);
  baresspi_socket_close(server);
  baresspi_socket_close(listener);
}

Pair Connected() {
  Pair pair;
  pair.listener = baresspi_socket_listen(kHere, &pair.port);
  EXPECT_GE(pair.listener, 0);
  pair.client = baresspi_socket_connect(kHere, pair.port, 1000);
  EXPECT_GE(pair.client, 0);
  pair.server = baresspi_socket_accept(pair.listener, 1000);
  EXPECT_GE(pair.server, 0);
  return pair;
}

size_t SendAll(int socket, const std::string& octets) {
  size_t sent = 0;
  while (sent < octets.size()) {
    const int32_t taken = baresspi_socket_send(socket, octets.data() + sent, octets.size() - sent, 1000);
    if (taken < 0) break;
    sent += static_cast<size_t>(taken);
  }
  return sent;
}

std::string ReceiveAll(int socket, size_t size) {
  std::string all;
  char piece[700];
  while (all.size() < size) {
    const size_t left = size - all.size();
    const int32_t count =
        baresspi_socket_receive(socket, piece, left < sizeof piece ? left : sizeof piece, 1000);
    if (count <= 0) break;
    all.append(piece, static_cast<size_t>(count));
  }
  return all;
}

std::string Octets(size_t size, uint32_t seed) {
  std::string octets(size, '\0');
  for (char& each : octets) {
    seed = seed * 1664525 + 1013904223;
    each = static_cast<char>(seed >> 24);
  }
  return octets;
}

}  // namespace lwip_test

u32_t sys_now(void) {
  return lwip_test::now;
}
