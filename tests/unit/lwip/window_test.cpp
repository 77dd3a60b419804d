// SPDX-License-Identifier: Apache-2.0
// A peer whose TCP is made by hand, and keeps to no window: what it sends is never more than one connection's
// affair.
#include <iterator>

#include "lwip/inet_chksum.h"
#include "lwip/ip4.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/tcp.h"
#include "port/lwip/slots.h"
#include "tests/unit/lwip/network.h"

namespace lwip_test {
namespace {

constexpr uint16_t kPeersPort = 40000;
constexpr uint32_t kPeersFirst = 0xFFFFF000;  // its numbers wrap around soon
constexpr size_t kSegment = TCP_MSS;

// Behind the interface that leads nowhere: what is answered it does not see, and need not. The moment tells
// lwIP's first sequence number (LWIP_HOOK_TCP_ISN).
class HandmadePeer {
 public:
  explicit HandmadePeer(uint16_t port, uint16_t window = 0xFFFF) : port_(port), window_(window) {
    (void)ip4addr_aton(kSilence, &from_);
    (void)ip4addr_aton(kSilentSide, &to_);
    theirs_ = baresspi_lwip_initial_sequence(to_.addr, port, from_.addr, kPeersPort);
    Send(TCP_SYN, 0, "");
    ++theirs_;
    next_ = 1;
    Send(TCP_ACK, 0, "");
  }

  // A segment that begins so many octets behind those that were sent in order.
  void Send(uint8_t flags, size_t ahead, const std::string& octets) {
    pbuf* const packet =
        pbuf_alloc(PBUF_RAW, static_cast<u16_t>(sizeof(ip_hdr) + sizeof(tcp_hdr) + octets.size()), PBUF_RAM);
    ASSERT_NE(packet, nullptr);
    tcp_hdr segment = {};
    segment.src = lwip_htons(kPeersPort);
    segment.dest = lwip_htons(port_);
    segment.seqno = lwip_htonl(kPeersFirst + next_ + static_cast<uint32_t>(ahead));
    segment.ackno = lwip_htonl(flags == TCP_SYN ? 0 : theirs_);
    TCPH_HDRLEN_FLAGS_SET(&segment, 5, flags);
    segment.wnd = lwip_htons(window_);
    ip_hdr head = {};
    IPH_VHL_SET(&head, 4, 5);
    IPH_LEN_SET(&head, lwip_htons(packet->tot_len));
    IPH_TTL_SET(&head, 64);
    IPH_PROTO_SET(&head, IP_PROTO_TCP);
    head.src.addr = from_.addr;
    head.dest.addr = to_.addr;
    IPH_CHKSUM_SET(&head, inet_chksum(&head, sizeof head));
    auto* const at = static_cast<uint8_t*>(packet->payload);
    memcpy(at, &head, sizeof head);
    memcpy(at + sizeof head, &segment, sizeof segment);
    memcpy(at + sizeof head + sizeof segment, octets.data(), octets.size());
    (void)pbuf_remove_header(packet, sizeof head);
    segment.chksum = ip_chksum_pseudo(packet, IP_PROTO_TCP, packet->tot_len, &from_, &to_);
    memcpy(packet->payload, &segment, sizeof segment);
    (void)pbuf_add_header(packet, sizeof head);
    EXPECT_EQ(ip4_input(packet, netif_default), ERR_OK);
    if (ahead == 0) next_ += static_cast<uint32_t>(octets.size());
  }
  void SendInOrder(const std::string& octets) {
    for (size_t at = 0; at < octets.size(); at += kSegment) Send(TCP_ACK, 0, octets.substr(at, kSegment));
  }
  // From here on both sides' numbers are those that lwIP has, or the peer's so many less; false: it has no
  // such connection any more.
  bool GoAlong(uint32_t less) {
    const tcp_pcb* pcb = tcp_active_pcbs;
    while (pcb != nullptr && pcb->remote_port != kPeersPort) pcb = pcb->next;
    if (pcb == nullptr) return false;
    theirs_ = pcb->lastack;
    waiting_ = pcb->snd_nxt - pcb->lastack;
    next_ = pcb->rcv_nxt - kPeersFirst - less;
    return true;
  }
  uint32_t waiting() const { return waiting_; }  // octets that lwIP has sent, and that were not acknowledged

  // So many more octets of lwIP's have come, and it may send so many behind them.
  void Acknowledge(uint32_t octets, uint16_t window) {
    theirs_ += octets;
    window_ = window;
    Send(TCP_ACK, 0, "");
  }

 private:
  ip4_addr_t from_ = {};
  ip4_addr_t to_ = {};
  uint16_t port_;
  uint16_t window_;
  uint32_t theirs_ = 0;
  uint32_t next_ = 0;
  uint32_t waiting_ = 0;
};

class LwipWindow : public Network {
 protected:
  void SetUp() override {
    Network::SetUp();
    listener_ = baresspi_socket_listen(kSilentSide, &port_);
    ASSERT_GE(listener_, 0);
  }
  void TearDown() override {
    baresspi_socket_close(socket_);
    baresspi_socket_close(listener_);
    while (tcp_active_pcbs != nullptr) tcp_abort(tcp_active_pcbs);  // the peer acknowledges nothing
    Network::TearDown();
  }
  void Accept() {
    socket_ = baresspi_socket_accept(listener_, 1000);
    ASSERT_GE(socket_, 0);
  }
  int listener_ = -1;
  uint16_t port_ = 0;
  int socket_ = -1;
};

TEST_F(LwipWindow, WhatComesOutOfOrderIsPutInOrder) {
  HandmadePeer peer(port_);
  Accept();
  const std::string all = Octets(TCP_WND);
  for (const size_t at : {3 * kSegment, 1 * kSegment, 2 * kSegment})
    peer.Send(TCP_ACK, at, all.substr(at, kSegment));
  peer.Send(TCP_ACK, 0, all.substr(0, kSegment));
  EXPECT_TRUE(ReceiveAll(socket_, all.size()) == all);
}

// Its last octet but one fills the window, and the segment behind it was there before.
TEST_F(LwipWindow, WhatCameOutOfOrderAndReachesBeyondItEndsNothing) {
  HandmadePeer peer(port_);
  Accept();
  const std::string all = Octets(TCP_WND + kSegment);
  peer.Send(TCP_ACK, TCP_WND - 1, all.substr(TCP_WND - 1, kSegment));
  peer.SendInOrder(all.substr(0, TCP_WND - 1));
  EXPECT_TRUE(ReceiveAll(socket_, TCP_WND - 1) == all.substr(0, TCP_WND - 1));
  peer.SendInOrder(all.substr(TCP_WND - 1, kSegment));
  EXPECT_TRUE(ReceiveAll(socket_, kSegment) == all.substr(TCP_WND - 1, kSegment));
}

TEST_F(LwipWindow, AFinOutOfOrderBeyondItEndsNothing) {
  HandmadePeer peer(port_);
  Accept();
  const std::string all = Octets(TCP_WND);
  peer.Send(TCP_ACK | TCP_FIN, 3 * kSegment, all.substr(3 * kSegment));
  peer.SendInOrder(all.substr(0, 3 * kSegment));
  peer.SendInOrder(all.substr(3 * kSegment));
  EXPECT_TRUE(ReceiveAll(socket_, all.size()) == all);
  char octet;
  EXPECT_EQ(baresspi_socket_receive(socket_, &octet, 1, 100), BARESSPI_SOCKET_TIMEOUT);
}

// A FIN that came out of order, and octets where it stood and behind it, up to the window's end.
TEST_F(LwipWindow, OctetsBehindAFinEndNothing) {
  HandmadePeer peer(port_);
  Accept();
  const std::string all = Octets(TCP_WND);
  peer.SendInOrder(all.substr(0, 3 * kSegment));
  peer.Send(TCP_ACK | TCP_FIN, 10, all.substr(3 * kSegment + 10, 10));
  peer.SendInOrder(all.substr(3 * kSegment));
  EXPECT_TRUE(ReceiveAll(socket_, all.size()) == all);
}

TEST_F(LwipWindow, BeforeItIsAcceptedAPeerCanOverrunNothingEither) {
  HandmadePeer peer(port_);
  const std::string all = Octets(TCP_WND + kSegment);
  peer.Send(TCP_ACK, TCP_WND - 1, all.substr(TCP_WND - 1, kSegment));
  peer.SendInOrder(all.substr(0, TCP_WND - 1));
  peer.SendInOrder(all.substr(TCP_WND - 1, kSegment));
  Accept();
  EXPECT_TRUE(ReceiveAll(socket_, TCP_WND) == all.substr(0, TCP_WND));
}

// ---- The peer's own window. ----

// The octet with which lwIP asks whether the window is open was all that there was to send.
TEST_F(LwipWindow, APeerThatTakesTheProbeAndNoMoreEndsNothing) {
  HandmadePeer peer(port_);
  Accept();
  EXPECT_EQ(baresspi_socket_send(socket_, "before", 6, 0), 6);
  peer.Acknowledge(6, 0);
  EXPECT_EQ(baresspi_socket_send(socket_, "x", 1, 0), 1);
  Pass(3000);
  peer.Acknowledge(1, 0);
  Pass(3000);
  EXPECT_EQ(baresspi_socket_send(socket_, "y", 1, 0), 1);
}

TEST_F(LwipWindow, AProbeThatIsTakenAfterTheSocketIsClosedEndsNothing) {
  HandmadePeer peer(port_);
  Accept();
  EXPECT_EQ(baresspi_socket_send(socket_, "before", 6, 0), 6);
  peer.Acknowledge(6, 0);
  EXPECT_EQ(baresspi_socket_send(socket_, "x", 1, 0), 1);
  baresspi_socket_close(socket_);
  socket_ = -1;
  Pass(3000);
  peer.Acknowledge(1, 0);
  Pass(3000);
  peer.Acknowledge(1, 0);
  Pass(3000);
}

// lwIP cuts what is written to half of the widest window that there was, but not if that is no octet.
TEST_F(LwipWindow, AWindowThatOpensALittleEndsNothing) {
  for (const uint16_t first : {uint16_t{0}, uint16_t{1}}) {
    HandmadePeer peer(port_, first);
    Accept();
    const std::string octets = Octets(1000);
    (void)baresspi_socket_send(socket_, octets.data(), octets.size(), 0);
    peer.Acknowledge(0, 10);
    Pass(1000);
    (void)baresspi_socket_send(socket_, octets.data(), octets.size(), 0);
    peer.Acknowledge(0, 0xFFFF);
    Pass(1000);
    EXPECT_GT(baresspi_socket_send(socket_, octets.data(), octets.size(), 1000), 0);
    baresspi_socket_close(socket_);
    while (tcp_active_pcbs != nullptr) tcp_abort(tcp_active_pcbs);
  }
  socket_ = -1;
}

// ---- Whatever a peer does. ----

// Both sides do anything, in any order, again and again with a new connection.
class LwipAnyPeer : public LwipWindow {
 protected:
  uint32_t Random(uint32_t below) {
    seed_ = seed_ * 1664525 + 1013904223;
    return static_cast<uint32_t>(uint64_t{seed_ >> 8} * below >> 24);
  }
  uint16_t RandomWindow() {
    constexpr uint16_t kWindows[] = {0, 1, 2, 3, 10, 100, 1000, 5000, 0xFFFF};
    return kWindows[Random(std::size(kWindows))];
  }
  void DoOurs() {
    char room[6000];
    if (socket_ < 0) socket_ = baresspi_socket_accept(listener_, 0);
    if (socket_ < 0 || Random(2) != 0) return;
    const size_t size = 1 + Random(Random(2) != 0 ? 2 : sizeof room);
    if (Random(2) != 0) {
      (void)baresspi_socket_send(socket_, octets_.data(), size, 0);
    } else {
      (void)baresspi_socket_receive(socket_, room, size, 0);
    }
    if (Random(200) == 0) baresspi_socket_end(socket_);
    if (Random(200) == 0) {
      baresspi_socket_close(socket_);
      socket_ = -1;
    }
  }
  void SendSomething(HandmadePeer* peer) {
    uint8_t flags = TCP_ACK;
    if (Random(10) == 0) flags |= TCP_FIN;
    if (Random(60) == 0) flags |= TCP_SYN;
    const bool at_the_edge = Random(3) == 0;
    const size_t ahead = at_the_edge ? TCP_WND - 2 + Random(4) : Random(2) != 0 ? 0 : Random(TCP_WND + 100);
    peer->Send(flags, ahead, octets_.substr(0, Random(at_the_edge || Random(2) != 0 ? 10 : kSegment + 1)));
  }
  void DoTheirs(HandmadePeer* peer) {
    switch (Random(4)) {
      case 0:
        (void)peer->GoAlong(Random(2) != 0 ? 0 : Random(2000));
        break;
      case 1:
        if (!peer->GoAlong(0)) break;
        peer->Acknowledge(Random(2) != 0 ? peer->waiting() : Random(peer->waiting() + 1), RandomWindow());
        break;
      default:
        SendSomething(peer);
        break;
    }
  }

  uint32_t seed_ = 15;
  const std::string octets_ = Octets(6000);
};

TEST_F(LwipAnyPeer, EndsNothingButItsConnection) {
  for (int round = 0; round < 4000; ++round) {
    HandmadePeer peer(port_, RandomWindow());
    for (int step = 0; step < 60; ++step) {
      DoOurs();
      DoTheirs(&peer);
      if (Random(10) == 0) Pass(1 + Random(3000));
    }
    baresspi_socket_close(socket_);
    socket_ = -1;
    while (tcp_active_pcbs != nullptr) tcp_abort(tcp_active_pcbs);
    Pass(1);
  }
  Settle();
  Pair pair = Connected();
  EXPECT_EQ(SendAll(pair.client, "undisturbed"), 11u);
  EXPECT_EQ(ReceiveAll(pair.server, 11), "undisturbed");
  pair.Close();
}

}  // namespace
}  // namespace lwip_test
