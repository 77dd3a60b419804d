// SPDX-License-Identifier: Apache-2.0
// A stream in the clear is its socket.
#include <gtest/gtest.h>

#include "boards/stream/stream.h"
#include "tests/support/scripted_sockets.h"
#include "tests/support/two_sides.h"

namespace stream {
namespace {

using scripted_sockets::Octets;

class StreamClear : public testing::Test {
 protected:
  StreamClear() { scripted_sockets::Reset(); }
  ~StreamClear() override { EXPECT_EQ(0u, scripted_sockets::Open()); }

  Stream client;
};

TEST_F(StreamClear, OctetsGoThroughAsTheyAre) {
  const scripted_sockets::Ends ends = scripted_sockets::Join();
  EXPECT_FALSE(client.open());
  EXPECT_EQ(-1, client.socket());
  client.Open(ends.client);
  EXPECT_EQ(ends.client, client.socket());
  EXPECT_FALSE(client.secure());
  EXPECT_EQ(1, client.Handshake(0));
  EXPECT_EQ(nullptr, client.context());
  EXPECT_EQ(0u, client.Bindings().cbBuffer);
  EXPECT_EQ(3, client.Send("abc", 3, 0));
  EXPECT_FALSE(client.wants_to_send());
  EXPECT_EQ(1, client.Flush(0));
  EXPECT_EQ(Octets({'a', 'b', 'c'}), scripted_sockets::SentTo(ends.server));
  uint8_t room[4];
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, client.Receive(room, 4, 0));
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, client.Receive(room, 4, 20));
  EXPECT_EQ(20u, scripted_sockets::TimeGone());
  scripted_sockets::Inject(ends.client, {'x', 'y'});
  EXPECT_FALSE(client.pending()) << "the socket knows it";
  EXPECT_EQ(2, client.Receive(room, 4, 0));
  scripted_sockets::CutAfter(ends.client, 2);
  EXPECT_EQ(0, client.Receive(room, 4, 0)) << "in the clear an end is an end";
  client.End();
  client.End();
  client.Close();
  client.Close();
  EXPECT_FALSE(client.open());
  baresspi_socket_close(ends.server);
}

TEST_F(StreamClear, AClosedOneFails) {
  uint8_t octet = 0;
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, client.Handshake(0));
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, client.Send(&octet, 1, 0));
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, client.Receive(&octet, 1, 0));
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, client.Flush(0));
  client.End();
  client.Close();
  EXPECT_FALSE(client.pending());
}

TEST_F(StreamClear, OpeningItAgainClosesTheSocketBefore) {
  const scripted_sockets::Ends first = scripted_sockets::Join();
  const scripted_sockets::Ends second = scripted_sockets::Join();
  client.Open(first.client);
  client.Open(second.client);
  EXPECT_EQ(3u, scripted_sockets::Open());
  client.Close();
  baresspi_socket_close(first.server);
  baresspi_socket_close(second.server);
}

TEST_F(StreamClear, ConnectSaysWhatTheSocketSays) {
  EXPECT_EQ(BARESSPI_SOCKET_UNREACHABLE, Connect(&client, "192.0.2.1", 80, nullptr, nullptr, 100));
  EXPECT_FALSE(client.open());
  uint16_t port = 0;
  const int listener = baresspi_socket_listen("127.0.0.1", &port);
  EXPECT_EQ(1, Connect(&client, "192.0.2.1", port, nullptr, nullptr, 100));
  const int accepted = baresspi_socket_accept(listener, 0);
  EXPECT_GE(accepted, 0);
  scripted_sockets::Play({.fails_at = 1, .fault = scripted_sockets::Fault::kWouldBlock});
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, Connect(&client, "192.0.2.1", port, nullptr, nullptr, 100));
  EXPECT_EQ(100u, scripted_sockets::TimeGone());
  EXPECT_FALSE(client.open()) << "what was before is closed";
  baresspi_socket_close(accepted);
  baresspi_socket_close(listener);
}

TEST_F(StreamClear, TlsWithoutSettingsIsNotTheClear) {
  const scripted_sockets::Ends ends = scripted_sockets::Join();
  client.Open(ends.client);
  client.BeginTls(nullptr, "device.example.test");
  EXPECT_TRUE(client.secure());
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, client.Handshake(100));
  EXPECT_NE(SEC_E_OK, client.error());
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, client.Send("secret", 6, 0));
  EXPECT_TRUE(scripted_sockets::SentTo(ends.server).empty());
  client.Close();
  baresspi_socket_close(ends.server);
}

#if !BARESSPI_SCHANNEL
TEST_F(StreamClear, TlsThatIsNotConfiguredInIsSaidSo) {
  const scripted_sockets::Ends ends = scripted_sockets::Join();
  CredHandle none = {};
  const TlsSettings settings = {Side::kClient, &none, false};
  client.Open(ends.client);
  client.BeginTls(&settings, "device.example.test");
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, client.Handshake(100));
  EXPECT_STATUS(SEC_E_SECPKG_NOT_FOUND, client.error());
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, client.Send("secret", 6, 0)) << "and not in the clear";
  EXPECT_TRUE(scripted_sockets::SentTo(ends.server).empty());
  client.Close();
  baresspi_socket_close(ends.server);
}
#endif

TEST_F(StreamClear, TimeLeftKnowsThatTheClockWrapsAround) {
  const uint32_t deadline = baresspi_milliseconds() + 5000;
  EXPECT_LT(deadline, baresspi_milliseconds()) << "this test is for such a moment";
  EXPECT_EQ(5000u, TimeLeft(deadline));
  scripted_sockets::PassTime(4999);
  EXPECT_EQ(1u, TimeLeft(deadline));
  scripted_sockets::PassTime(1);
  EXPECT_EQ(0u, TimeLeft(deadline));
  scripted_sockets::PassTime(5);
  EXPECT_EQ(0u, TimeLeft(deadline));
}

}  // namespace
}  // namespace stream
