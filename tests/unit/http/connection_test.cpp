// SPDX-License-Identifier: Apache-2.0
// One connection of the server, over the scripted network.
#include <gtest/gtest.h>

#include <string>

#include "boards/http/server.h"
#include "tests/support/scripted_sockets.h"
#include "tests/support/tls_sides.h"

namespace {

using http::Connection;
using http::ServerSettings;
using scripted_sockets::Ends;
using scripted_sockets::Octets;

constexpr size_t kWindow = 3;

struct HttpConnection : testing::Test {
  HttpConnection() { scripted_sockets::Reset(); }
  ~HttpConnection() override { connection_.End(); }
  void Begin() {
    ends_ = scripted_sockets::Join();
    connection_.Begin(ends_.server, &settings_, &credentials_, false);
  }
  // Has it work, and takes what there is, as long as there is more. All that came.
  Octets Take() {
    Octets taken;
    int32_t received = 0;
    do {
      connection_.Work(&room_);
      uint8_t octets[64];
      received = baresspi_socket_receive(ends_.client, octets, sizeof octets, 0);
      if (received > 0) taken.insert(taken.end(), octets, octets + received);
    } while (received > 0);
    return taken;
  }

  ServerSettings settings_;
  http::ServerCredentials credentials_;
  Ends ends_ = {};
  static inline Connection connection_;
  static inline http::WorkRoom room_ = {};
};

// Who does not speak TLS is told so (RFC 8446 6.2), also where the stack takes no more than a few octets.
TEST_F(HttpConnection, AnAlertGoesOutAsThePeerTakesIt) {
  const tls_sides::ServerSetup setup;
  tls_sides::Server side(setup);
  const stream::TlsSettings tls = {stream::Side::kServer, side.credential(), false};
  settings_.tls = &tls;
  Begin();
  scripted_sockets::Play({.window = kWindow});
  scripted_sockets::Inject(ends_.server, {'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P'});
  const Octets alert = Take();
  ASSERT_EQ(7u, alert.size());
  EXPECT_EQ(0x15, alert[0]);
  EXPECT_FALSE(connection_.free()) << "it waits for the peer's end";
  EXPECT_FALSE(connection_.wants_to_send());
  baresspi_socket_close(ends_.client);
  connection_.Work(&room_);
  EXPECT_TRUE(connection_.free());
}

// Nobody has to log in to be there, and nobody may stay for ever without.
TEST_F(HttpConnection, AStrangerOverstaysWhateverItSends) {
  settings_.timeout = 1000;
  Begin();
  const std::string request = "GET / HTTP/1.1\r\nHost: h\r\n\r\nG";  // always one octet of the next one, too
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(connection_.overstays()) << i;
    scripted_sockets::Inject(ends_.server, Octets(request.begin() + (i == 0 ? 0 : 1), request.end()));
    EXPECT_FALSE(Take().empty());
    EXPECT_FALSE(connection_.idle());
    scripted_sockets::PassTime(500);
  }
  EXPECT_TRUE(connection_.overstays());
  connection_.GiveWay();
  EXPECT_TRUE(connection_.free());
}

}  // namespace
