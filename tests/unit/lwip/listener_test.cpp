// SPDX-License-Identifier: Apache-2.0
// port/sockets.h on lwIP: reaching others, being reached, and what happens when something has run out.
#include <iterator>

#include "lwip/mem.h"
#include "lwip/netif.h"
#include "port/lwip/slots.h"
#include "tests/unit/lwip/network.h"

namespace lwip_test {
namespace {

// A client on lwIP itself, without a socket of ours.
class RawClient {
 public:
  explicit RawClient(uint16_t port) : pcb_(tcp_new()) {
    ip_addr_t here;
    (void)ipaddr_aton(kHere, &here);
    tcp_arg(pcb_, this);
    tcp_err(pcb_, OnError);
    EXPECT_EQ(tcp_connect(pcb_, &here, port, nullptr), ERR_OK);
    Pass(10);
  }
  ~RawClient() {
    if (pcb_ != nullptr) Reset();
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  bool IsConnected() const { return pcb_ != nullptr && pcb_->state == ESTABLISHED; }
  bool WasReset() const { return error_ == ERR_RST; }
  void Reset() {
    tcp_abort(pcb_);
    Pass(10);
  }

 private:
  static void OnError(void* client, err_t error) {
    static_cast<RawClient*>(client)->pcb_ = nullptr;
    static_cast<RawClient*>(client)->error_ = error;
  }
  tcp_pcb* pcb_;
  err_t error_ = ERR_OK;
};

class LwipConnect : public Network {};
class LwipListener : public Network {};
class LwipPressure : public Network {};

TEST_F(LwipConnect, WhereNobodyListensIsUnreachable) {
  const uint32_t begin = Now();
  EXPECT_EQ(baresspi_socket_connect(kHere, 9, 5000), BARESSPI_SOCKET_UNREACHABLE);
  EXPECT_LT(Now() - begin, 100u) << "the refusal is an answer: there is nothing to wait for";
}

TEST_F(LwipConnect, ToAHostThatIsSilentEndsInTime) {
  for (const uint32_t timeout : {0u, 1u, 5000u}) {
    const uint32_t begin = Now();
    EXPECT_EQ(baresspi_socket_connect(kSilence, 80, timeout), BARESSPI_SOCKET_TIMEOUT);
    EXPECT_EQ(Now() - begin, timeout);
  }
}

// lwIP gives up by itself, after its retransmissions.
TEST_F(LwipConnect, ToAHostThatIsSilentForMinutesIsUnreachable) {
  EXPECT_EQ(baresspi_socket_connect(kSilence, 80, 600000), BARESSPI_SOCKET_UNREACHABLE);
}

TEST_F(LwipConnect, WithoutAWayIsUnreachable) {
  netif_set_link_down(netif_default);
  EXPECT_EQ(baresspi_socket_connect(kSilence, 80, 1000), BARESSPI_SOCKET_UNREACHABLE);
  EXPECT_EQ(baresspi_socket_connect("0.0.0.0", 80, 1000), BARESSPI_SOCKET_UNREACHABLE);
}

TEST_F(LwipListener, ListensAtOwnAddressesAlone) {
  for (const char* address :
       {"0.0.0.0", kSilence, "192.0.2.255", "255.255.255.255", "", "localhost", "::1"}) {
    uint16_t port = 0;
    EXPECT_EQ(baresspi_socket_listen(address, &port), BARESSPI_SOCKET_FAILED) << address;
  }
  uint16_t port = 8080;
  const int socket = baresspi_socket_listen(kSilentSide, &port);
  ASSERT_GE(socket, 0);
  EXPECT_EQ(port, 8080);
  EXPECT_EQ(baresspi_socket_connect(kHere, port, 1000), BARESSPI_SOCKET_UNREACHABLE)
      << "another address of ours";
  const int client = baresspi_socket_connect(kSilentSide, port, 1000);
  EXPECT_GE(client, 0);
  baresspi_socket_close(client);
  baresspi_socket_close(socket);
}

TEST_F(LwipListener, APortIsListenedAtOnceAndAgainAfterwards) {
  Pair pair = Connected();
  uint16_t port = pair.port;
  EXPECT_EQ(baresspi_socket_listen(kHere, &port), BARESSPI_SOCKET_FAILED);
  baresspi_socket_close(pair.listener);
  baresspi_socket_close(pair.server);  // the server's end waits in TIME_WAIT
  pair.listener = baresspi_socket_listen(kHere, &port);
  EXPECT_GE(pair.listener, 0);
  pair.Close();
}

TEST_F(LwipListener, GivesConnectionsInTheOrderTheyCame) {
  Pair pair = Connected();
  int clients[4];
  for (int& each : clients) each = baresspi_socket_connect(kHere, pair.port, 1000);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(SendAll(clients[i], std::string(1, static_cast<char>('0' + i))), 1u);
  for (int i = 0; i < 4; ++i) {
    const int accepted = baresspi_socket_accept(pair.listener, 1000);
    EXPECT_EQ(ReceiveAll(accepted, 1), std::string(1, static_cast<char>('0' + i)));
    baresspi_socket_close(accepted);
    baresspi_socket_close(clients[i]);
  }
  pair.Close();
}

TEST_F(LwipListener, AConnectionThatIsResetBeforeItIsAcceptedIsNone) {
  Pair pair = Connected();
  const uint32_t sockets = InUse().sockets;
  RawClient client(pair.port);
  ASSERT_TRUE(client.IsConnected());
  EXPECT_EQ(InUse().sockets, sockets + 1);
  client.Reset();
  EXPECT_EQ(InUse().sockets, sockets);
  EXPECT_EQ(baresspi_socket_accept(pair.listener, 100), BARESSPI_SOCKET_TIMEOUT);
  pair.Close();
}

TEST_F(LwipListener, AConnectionThatHasEndedBeforeItIsAcceptedIsOne) {
  Pair pair = Connected();
  const int client = baresspi_socket_connect(kHere, pair.port, 1000);
  EXPECT_EQ(SendAll(client, "in haste"), 8u);
  baresspi_socket_close(client);
  Pass(10);
  const int accepted = baresspi_socket_accept(pair.listener, 100);
  EXPECT_EQ(ReceiveAll(accepted, 9), "in haste");
  baresspi_socket_close(accepted);
  pair.Close();
}

TEST_F(LwipListener, ClosedItResetsThoseWhoWait) {
  Pair pair = Connected();
  const int client = baresspi_socket_connect(kHere, pair.port, 1000);
  baresspi_socket_close(pair.listener);
  char octet;
  EXPECT_EQ(baresspi_socket_receive(client, &octet, 1, 1000), BARESSPI_SOCKET_CLOSED);
  EXPECT_EQ(baresspi_socket_connect(kHere, pair.port, 1000), BARESSPI_SOCKET_UNREACHABLE);
  EXPECT_EQ(SendAll(pair.client, "x"), 1u) << "those that were accepted stay";
  EXPECT_EQ(ReceiveAll(pair.server, 1), "x");
  baresspi_socket_close(client);
  pair.Close();
}

// More than the backlog: lwIP leaves their first packets without an answer, and they come again.
TEST_F(LwipListener, WhoIsTooManyWaitsForItsTurn) {
  uint16_t port = 0;
  const int listener = baresspi_socket_listen(kHere, &port);
  int clients[BARESSPI_LWIP_BACKLOG];
  for (int& each : clients) {
    each = baresspi_socket_connect(kHere, port, 1000);
    ASSERT_GE(each, 0);
  }
  EXPECT_EQ(baresspi_socket_connect(kHere, port, 5000), BARESSPI_SOCKET_TIMEOUT);
  const int accepted = baresspi_socket_accept(listener, 0);
  const int late = baresspi_socket_connect(kHere, port, 5000);
  EXPECT_GE(late, 0);
  for (const int each : clients) baresspi_socket_close(each);
  baresspi_socket_close(accepted);
  baresspi_socket_close(late);
  baresspi_socket_close(listener);
}

// Both ends of each connection are sockets here, so that there are half as many.
TEST_F(LwipPressure, WithoutASocketConnectSaysSoAndOthersGoOn) {
  Pair pair = Connected();
  int taken[BARESSPI_LWIP_SOCKETS];
  int count = 0;
  for (;;) {
    ASSERT_LT(count, BARESSPI_LWIP_SOCKETS);
    const int client = baresspi_socket_connect(kHere, pair.port, 1000);
    if (client < 0) {
      EXPECT_EQ(client, BARESSPI_SOCKET_NO_RESOURCES);
      break;
    }
    taken[count++] = client;
    const int server = baresspi_socket_accept(pair.listener, 1000);
    if (server >= 0) taken[count++] = server;
  }
  EXPECT_EQ(count, BARESSPI_LWIP_SOCKETS - 2);
  EXPECT_EQ(SendAll(pair.client, "still there"), 11u);
  EXPECT_EQ(ReceiveAll(pair.server, 11), "still there");
  for (int i = 0; i < count; ++i) baresspi_socket_close(taken[i]);
  const int again = baresspi_socket_connect(kHere, pair.port, 1000);
  EXPECT_GE(again, 0);
  baresspi_socket_close(again);
  pair.Close();
}

TEST_F(LwipPressure, WithoutASocketAnArrivalIsReset) {
  Pair pairs[BARESSPI_LWIP_SOCKETS / 2];
  pairs[0] = Connected();
  for (size_t i = 1; i < std::size(pairs); ++i) {
    pairs[i].client = baresspi_socket_connect(kHere, pairs[0].port, 1000);
    pairs[i].server = baresspi_socket_accept(pairs[0].listener, 1000);
    ASSERT_GE(pairs[i].server, 0);
  }
  RawClient surplus(pairs[0].port);
  EXPECT_TRUE(surplus.WasReset());
  for (Pair& each : pairs) {
    EXPECT_EQ(SendAll(each.client, "undisturbed"), 11u);
    EXPECT_EQ(ReceiveAll(each.server, 11), "undisturbed");
    each.Close();
  }
}

TEST_F(LwipPressure, ListenersRunOutAndComeBack) {
  int listeners[BARESSPI_LWIP_LISTENERS];
  for (int& each : listeners) {
    uint16_t port = 0;
    each = baresspi_socket_listen(kHere, &port);
    EXPECT_GE(each, 0);
    EXPECT_NE(port, 0);
  }
  uint16_t port = 0;
  EXPECT_EQ(baresspi_socket_listen(kHere, &port), BARESSPI_SOCKET_NO_RESOURCES);
  for (const int each : listeners) baresspi_socket_close(each);
  const int again = baresspi_socket_listen(kHere, &port);
  EXPECT_GE(again, 0);
  baresspi_socket_close(again);
}

// The server closes first and so has TIME_WAIT, two minutes of each: lwIP has places for a few of them.
TEST_F(LwipPressure, AThousandConnectionsInARowNeedNoWaiting) {
  uint16_t port = 0;
  const int listener = baresspi_socket_listen(kHere, &port);
  const uint32_t begin = Now();
  for (int i = 0; i < 1000; ++i) {
    const int client = baresspi_socket_connect(kHere, port, 1000);
    ASSERT_GE(client, 0) << i;
    const int server = baresspi_socket_accept(listener, 1000);
    ASSERT_GE(server, 0) << i;
    ASSERT_EQ(SendAll(server, "welcome, and goodbye"), 20u) << i;
    baresspi_socket_close(server);
    ASSERT_EQ(ReceiveAll(client, 21), "welcome, and goodbye") << i;
    baresspi_socket_close(client);
  }
  EXPECT_LT(Now() - begin, 20000u);
  baresspi_socket_close(listener);
}

// Closed ones whose peer is gone stay in lwIP for its retransmissions, but make room for new connections.
TEST_F(LwipPressure, PeersThatVanishedTakeNoPlaceForEver) {
  uint16_t port = 0;
  const int listener = baresspi_socket_listen(kSilentSide, &port);
  netif* const cable = netif_default;
  for (int i = 0; i < 5 * MEMP_NUM_TCP_PCB; ++i) {
    const int client = baresspi_socket_connect(kSilentSide, port, 1000);
    ASSERT_GE(client, 0) << i;
    const int server = baresspi_socket_accept(listener, 1000);
    ASSERT_GE(server, 0) << i;
    netif_set_link_down(cable);
    EXPECT_EQ(SendAll(client, Octets(3000)), 3000u) << i;
    EXPECT_EQ(SendAll(server, Octets(3000)), 3000u) << i;
    baresspi_socket_close(client);
    baresspi_socket_close(server);
    netif_set_link_up(cable);
  }
  baresspi_socket_close(listener);
}

TEST_F(LwipPressure, WhatWasSentWhileTheCableWasOutArrivesAfterwards) {
  uint16_t port = 0;
  const int listener = baresspi_socket_listen(kSilentSide, &port);
  const int client = baresspi_socket_connect(kSilentSide, port, 1000);
  const int server = baresspi_socket_accept(listener, 1000);
  netif_set_link_down(netif_default);
  EXPECT_EQ(SendAll(client, Octets(4000)), 4000u);
  char octet;
  EXPECT_EQ(baresspi_socket_receive(server, &octet, 1, 2000), BARESSPI_SOCKET_TIMEOUT);
  netif_set_link_up(netif_default);
  Pass(10000);
  EXPECT_TRUE(ReceiveAll(server, 4000) == Octets(4000));
  for (const int each : {client, server, listener}) baresspi_socket_close(each);
}

TEST_F(LwipPressure, WithoutHeapNothingIsSentNorLost) {
  Pair pair = Connected();
  void* blocks[512];
  size_t count = 0;
  for (mem_size_t size = 4096; size >= 32; size = static_cast<mem_size_t>(size / 2)) {
    while (count < 512 && (blocks[count] = mem_malloc(size)) != nullptr) ++count;
  }
  ASSERT_LT(count, 512u);
  const uint32_t begin = Now();
  EXPECT_EQ(baresspi_socket_send(pair.client, "x", 1, 700), BARESSPI_SOCKET_TIMEOUT);
  EXPECT_EQ(Now() - begin, 700u);
  baresspi_socket_wait_item item = {pair.client, 1, 0};
  EXPECT_EQ(baresspi_socket_wait(&item, 1, 10), 0) << "whoever waits for it must not go round and round";
  const int second = baresspi_socket_connect(kHere, pair.port, 100);
  EXPECT_TRUE(second == BARESSPI_SOCKET_TIMEOUT || second == BARESSPI_SOCKET_NO_RESOURCES) << second;
  baresspi_socket_end(pair.server);  // cannot be said yet
  while (count != 0) mem_free(blocks[--count]);
  EXPECT_EQ(baresspi_socket_send(pair.client, "x", 1, 1000), 1);
  EXPECT_EQ(ReceiveAll(pair.server, 1), "x");
  char octet;
  EXPECT_EQ(baresspi_socket_receive(pair.client, &octet, 1, 2000), 0) << "now it is said";
  pair.Close();
}

}  // namespace
}  // namespace lwip_test
