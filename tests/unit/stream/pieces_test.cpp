// SPDX-License-Identifier: Apache-2.0
// However the network cuts the octets, whatever the peer's window is, and wherever they end.
#include "tests/support/scripted_port.h"
#include "tests/unit/stream/harness.h"

namespace stream {
namespace {

using two_sides::kOnBoard;
using two_sides::StatusText;

struct StreamPieces : StreamTest, testing::WithParamInterface<size_t> {
  const Kind& kind() const { return tls_sides::kKinds[GetParam()]; }
};
INSTANTIATE_TEST_SUITE_P(Version, StreamPieces, testing::Values(0, 1));

TEST_P(StreamPieces, OctetsComeInAnyPieces) {
  Both both(kind());
  for (const size_t most : {1u, 2u, 3u, 5u, 6u, 37u, 536u, 1460u, 5000u}) {
    if (kOnBoard && most != 1 && most != 536) continue;
    for (const bool sends : {true, false}) {
      SCOPED_TRACE(most);
      Script script;
      (sends ? script.most_sent : script.most_received) = most;
      both.Play(script);
      EXPECT_TRUE(both.Converse(6000)) << both.last << StatusText(both.client.error());
      EXPECT_EQ(0, both.server.last());
      EXPECT_EQ(0u, scripted_sockets::TimeGone());
      both.Close();
    }
  }
}

TEST_P(StreamPieces, ANarrowWindowOnlyTakesLonger) {
  Both both(kind());
  for (const size_t window : {1u, 7u, 100u, 5000u}) {
    if (kOnBoard && window != 7) continue;
    SCOPED_TRACE(window);
    Script script;
    script.window = window;
    both.Play(script);
    EXPECT_TRUE(both.Converse(6000)) << both.last << StatusText(both.client.error());
    EXPECT_EQ(0, both.server.last());
    both.Close();
  }
}

TEST_P(StreamPieces, SeveralRecordsInOneReadAreTakenOneByOne) {
  Both both(kind());
  both.Play();
  ASSERT_EQ(1, both.Connect());
  while (both.server.Pump()) {
  }
  Stream& server = *both.server.stream();
  EXPECT_EQ(3, server.Send("one", 3, 0));
  EXPECT_EQ(3, server.Send("two", 3, 0));
  EXPECT_EQ(5, server.Send("three", 5, 0));
  scripted_sockets::Play({});
  char room[8];
  EXPECT_EQ(2, both.client.Receive(room, 2, 0));
  EXPECT_TRUE(both.client.pending());
  EXPECT_EQ(1, both.client.Receive(room, 8, 0)) << "the rest of the record";
  EXPECT_TRUE(both.client.pending()) << "the socket has nothing, the stream has";
  EXPECT_EQ(0u, scripted_sockets::Waiting(both.client.socket()));
  EXPECT_EQ(3, both.client.Receive(room, 8, 0));
  EXPECT_TRUE(both.client.pending());
  EXPECT_EQ(5, both.client.Receive(room, 8, 0));
  EXPECT_FALSE(both.client.pending());
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Receive(room, 8, 0));
}

TEST_P(StreamPieces, TheLongestRecordsAreTaken) {
  Both both(kind());
  both.Play();
  ASSERT_EQ(1, both.Connect());
  while (both.server.Pump()) {
  }
  // As long as our side makes them: the mbed TLS of the peer decides.
  const Octets text = Text(20000);
  size_t sent = 0;
  while (sent < text.size()) {
    const int32_t taken = both.server.stream()->Send(text.data() + sent, text.size() - sent, 0);
    ASSERT_GT(taken, 0);
    sent += static_cast<size_t>(taken);
  }
  EXPECT_EQ(text, both.ReceiveSome(text.size()));
}

// What was taken stays in the stream until the socket has room.
TEST_P(StreamPieces, WhatTheSocketDoesNotTakeStaysInTheStream) {
  Both both(kind());
  both.Play();
  ASSERT_EQ(1, both.Connect());
  while (both.server.Pump()) {
  }
  Script script;
  script.window = 100;
  scripted_sockets::Play(script);
  const Octets text = Text(3000);
  EXPECT_EQ(3000, both.client.Send(text.data(), text.size(), 0));
  EXPECT_TRUE(both.client.wants_to_send());
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Flush(0));
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Send("more", 4, 0));
  EXPECT_EQ(0u, scripted_sockets::TimeGone());
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Send("more", 4, 30));
  EXPECT_EQ(30u, scripted_sockets::TimeGone());
  both.client.End();
  EXPECT_TRUE(both.client.wants_to_send());
  // Receiving sends it, while the server answers into a window that is as narrow.
  both.Play(script);
  EXPECT_EQ(text, both.ReceiveSome(text.size()));
  uint8_t octet = 0;
  EXPECT_EQ(0, both.client.Receive(&octet, 1, kTimeout)) << "the server has seen the end";
  EXPECT_FALSE(both.client.wants_to_send());
  EXPECT_EQ(1, both.client.Flush(0));
}

// A record without octets is legal, and says nothing.
TEST_P(StreamPieces, EmptyRecordsAreLookedThrough) {
  Both both(kind());
  both.Play();
  ASSERT_EQ(1, both.Connect());
  while (both.server.Pump()) {
  }
  uint8_t octet = 0;
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Receive(&octet, 1, 0));
  CtxtHandle* const context = both.server.stream()->context();
  SecPkgContext_StreamSizes sizes = {};
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(context, SECPKG_ATTR_STREAM_SIZES, &sizes));
  for (int i = 0; i < 3; ++i) {  // mbed TLS takes no more of them in a row
    Octets room(sizes.cbHeader + sizes.cbTrailer);
    SecBuffer buffers[] = {{sizes.cbHeader, SECBUFFER_STREAM_HEADER, room.data()},
                           {0, SECBUFFER_DATA, room.data() + sizes.cbHeader},
                           {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, room.data() + sizes.cbHeader},
                           {0, SECBUFFER_EMPTY, nullptr}};
    SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
    ASSERT_STATUS(SEC_E_OK, EncryptMessage(context, 0, &message, 0));
    room.resize(sizes.cbHeader + buffers[2].cbBuffer);
    scripted_sockets::Inject(both.client.socket(), room);
  }
  const unsigned before = scripted_sockets::Calls();
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Receive(&octet, 1, 0));
  EXPECT_EQ(before + 1, scripted_sockets::Calls()) << "one look";
  EXPECT_EQ(1, both.server.stream()->Send("x", 1, 0));
  EXPECT_EQ(1, both.client.Receive(&octet, 1, 0));
}

TEST_P(StreamPieces, APeerThatDripsOctetsDoesNotHoldTheReceiver) {
  Both both(kind());
  both.Play();
  ASSERT_EQ(1, both.Connect());
  while (both.server.Pump()) {
  }
  uint8_t octet = 0;
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Receive(&octet, 1, 0));
  scripted_sockets::Inject(both.client.socket(), {23, 3, 3, 0x40, 0});
  Script script;
  script.idle = [&both] {
    scripted_sockets::Inject(both.client.socket(), {0});
    scripted_sockets::PassTime(1);
    return true;
  };
  scripted_sockets::Play(script);
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Receive(&octet, 1, 50));
  EXPECT_EQ(50u, scripted_sockets::TimeGone());
  // One that never lets the socket become empty: time goes on with the calls alone.
  Script flood;
  flood.cost = 1;
  scripted_sockets::Play(flood);
  scripted_sockets::Inject(both.client.socket(), Octets(300));
  flood.most_received = 1;
  scripted_sockets::Play(flood);
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Receive(&octet, 1, 50));
  EXPECT_GE(51u, scripted_sockets::TimeGone());
  EXPECT_LT(0u, scripted_sockets::Waiting(both.client.socket()));
}

TEST_P(StreamPieces, ASilentPeerCostsNoMoreThanTheTimeout) {
  Both both(kind());
  both.server.Listen();
  scripted_sockets::Play({});  // nobody lets the server work
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.Connect(700));
  EXPECT_EQ(700u, scripted_sockets::TimeGone());
  EXPECT_FALSE(both.client.open());
  both.Play();
  both.server.Pump();
  both.Close();
}

// Where the server's octets end early, the client never takes it for the end.
TEST_P(StreamPieces, AnEndAnywhereIsNotTheEnd) {
  const auto run = [this](size_t cut, Octets* from_server) {
    scripted_port::Reset();  // the same octets each time
    Both both(kind(), SCH_CRED_DISABLE_RECONNECTS);
    Script script;
    script.cut = cut;
    both.Play(script);
    const bool whole = both.Converse(500);
    if (from_server != nullptr) *from_server = scripted_sockets::SentTo(both.client.socket());
    return whole ? 1 : both.last;
  };
  Octets all;
  ASSERT_EQ(1, run(SIZE_MAX, &all));
  std::vector<size_t> cuts;
  size_t at = 0;
  for (const Octets& record : tls_sides::Records(all)) {
    for (const size_t inside : {size_t{0}, size_t{1}, size_t{5}, record.size() - 1}) {
      cuts.push_back(at + inside);
    }
    at += record.size();
  }
  ASSERT_EQ(all.size(), at);
  for (size_t i = 0; i < cuts.size(); i += kOnBoard ? 5 : 1) {
    SCOPED_TRACE(cuts[i]);
    EXPECT_EQ(BARESSPI_SOCKET_CLOSED, run(cuts[i], nullptr));
  }
  EXPECT_EQ(1, run(all.size(), nullptr)) << "behind close_notify anything may happen";
}

}  // namespace
}  // namespace stream
