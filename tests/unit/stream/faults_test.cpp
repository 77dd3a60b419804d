// SPDX-License-Identifier: Apache-2.0
// Each call to the network fails once, in each way: it ends in bounded time and calls, everything is given
// back, and the next connection works.
#include "tests/unit/stream/harness.h"

namespace stream {
namespace {

using two_sides::kOnBoard;

struct Case {
  size_t kind;
  Fault fault;
};

constexpr Case kCases[] = {
    {0, Fault::kWouldBlock},  {0, Fault::kReset},       {0, Fault::kEnd},   {0, Fault::kSilence},
    {0, Fault::kNoResources}, {1, Fault::kWouldBlock},  {1, Fault::kReset}, {1, Fault::kEnd},
    {1, Fault::kSilence},     {1, Fault::kNoResources}, {2, Fault::kReset}, {3, Fault::kReset},
};

class StreamFaults : public StreamTest, public testing::WithParamInterface<Case> {};
INSTANTIATE_TEST_SUITE_P(Each, StreamFaults, testing::ValuesIn(kCases));

// As an application does: what fails is closed.
TEST_P(StreamFaults, EveryCallFailsOnceAndTheNextConnectionWorks) {
  const Kind& kind = tls_sides::kKinds[GetParam().kind];
  Both both(kind, SCH_CRED_DISABLE_RECONNECTS);
  Script script;
  script.most_sent = 1000;
  script.most_received = 1000;
  both.Play(script);
  ASSERT_TRUE(both.Converse(2500));
  const unsigned whole = scripted_sockets::Calls();
  both.Close();
  ASSERT_LT(whole, 200u);
  script.fault = GetParam().fault;
  for (unsigned n = 1; n <= whole; n += kOnBoard ? 9 : 1) {
    SCOPED_TRACE(n);
    script.fails_at = n;
    both.Play(script);
    const bool worked = both.Converse(2500);
    if (GetParam().fault == Fault::kWouldBlock) {
      EXPECT_TRUE(worked || both.last == BARESSPI_SOCKET_TIMEOUT) << both.last;
    }
    // One wait may last to its end and be the last.
    EXPECT_LE(scripted_sockets::TimeGone(), 2 * kTimeout);
    EXPECT_LE(scripted_sockets::Calls(), 2 * whole);
    both.Close();
    EXPECT_EQ(0u, scripted_sockets::Open());
  }
  tls_sides::ExpectAllContextsFree();
  both.Play();
  EXPECT_TRUE(both.Converse(2500)) << both.last;
}

// The other side is gone in the middle of a handshake: a server's place is free again at once.
TEST_F(StreamTest, AServerIsFreeWhenItsClientsLeave) {
  Both both(tls_sides::kTls13);
  both.Play();
  for (int i = 0; i < 3 * BARESSPI_SCHANNEL_MAX_CONTEXTS; ++i) {
    both.server.Listen();
    const int socket = baresspi_socket_connect("192.0.2.1", both.server.port(), 0);
    both.client.Open(socket);
    both.client.BeginTls(&both.client_settings, tls_sides::kHost);
    EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Handshake(0));
    EXPECT_TRUE(both.server.Pump());
    both.client.Close();
    while (both.server.Pump()) {
    }
    EXPECT_EQ(BARESSPI_SOCKET_CLOSED, both.server.last());
    both.Close();
  }
  EXPECT_TRUE(both.Converse(10));
}

}  // namespace
}  // namespace stream
