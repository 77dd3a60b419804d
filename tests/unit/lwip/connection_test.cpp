// SPDX-License-Identifier: Apache-2.0
// port/sockets.h on lwIP: connections, octets, and their ends.
#include <vector>

#include "tests/unit/lwip/network.h"

namespace lwip_test {
namespace {

class LwipConnection : public Network {};

TEST_F(LwipConnection, CarriesManyOctetsBothWaysAtOnce) {
  Pair pair = Connected();
  const std::string there = Octets(300000, 1), back = Octets(200000, 2);
  std::string arrived_there, arrived_back;
  size_t sent_there = 0, sent_back = 0;
  const auto send = [](int socket, const std::string& octets, size_t* sent, size_t piece) {
    const size_t left = octets.size() - *sent;
    if (left == 0) return;
    const int32_t taken = baresspi_socket_send(socket, octets.data() + *sent, left < piece ? left : piece, 0);
    ASSERT_TRUE(taken > 0 || taken == BARESSPI_SOCKET_TIMEOUT) << taken;
    if (taken > 0) *sent += static_cast<size_t>(taken);
  };
  const auto receive = [](int socket, std::string* arrived, size_t room) {
    std::vector<char> piece(room);
    const int32_t count = baresspi_socket_receive(socket, piece.data(), room, 0);
    ASSERT_TRUE(count > 0 || count == BARESSPI_SOCKET_TIMEOUT) << count;
    if (count > 0) arrived->append(piece.data(), static_cast<size_t>(count));
  };
  for (int turn = 0;
       turn < 100000 && (arrived_there.size() < there.size() || arrived_back.size() < back.size()); ++turn) {
    send(pair.client, there, &sent_there, 1 + static_cast<size_t>(turn % 4001));
    send(pair.server, back, &sent_back, 1 + static_cast<size_t>(turn % 1999));
    receive(pair.server, &arrived_there, 1 + static_cast<size_t>(turn % 3001));
    receive(pair.client, &arrived_back, 1 + static_cast<size_t>(turn % 5003));
    baresspi_lwip_wait();
  }
  EXPECT_TRUE(arrived_there == there);
  EXPECT_TRUE(arrived_back == back);
  pair.Close();
}

TEST_F(LwipConnection, ReceivesNothingInTimeAndNotLonger) {
  Pair pair = Connected();
  char octet;
  for (const uint32_t timeout : {0u, 1u, 250u}) {
    const uint32_t begin = Now();
    EXPECT_EQ(baresspi_socket_receive(pair.client, &octet, 1, timeout), BARESSPI_SOCKET_TIMEOUT);
    EXPECT_EQ(Now() - begin, timeout);
    EXPECT_EQ(baresspi_socket_accept(pair.listener, timeout), BARESSPI_SOCKET_TIMEOUT);
    EXPECT_EQ(Now() - begin, 2 * timeout);
  }
  pair.Close();
}

TEST_F(LwipConnection, SendsUntilThePeersWindowAndItsOwnRoomAreFull) {
  Pair pair = Connected();
  const std::string much = Octets(100000);
  const size_t sent = SendAll(pair.client, much);
  EXPECT_GT(sent, 5000u);
  EXPECT_LT(sent, much.size());
  const uint32_t begin = Now();
  EXPECT_EQ(baresspi_socket_send(pair.client, "x", 1, 300), BARESSPI_SOCKET_TIMEOUT);
  EXPECT_EQ(Now() - begin, 300u);
  EXPECT_TRUE(ReceiveAll(pair.server, sent) == much.substr(0, sent)) << "and nothing of it is lost";
  EXPECT_EQ(baresspi_socket_send(pair.client, "x", 1, 1000), 1);
  EXPECT_EQ(ReceiveAll(pair.server, 1), "x");
  pair.Close();
}

TEST_F(LwipConnection, EndsOneSideAndReceivesOnTheOther) {
  Pair pair = Connected();
  EXPECT_EQ(SendAll(pair.client, "last words"), 10u);
  baresspi_socket_end(pair.client);
  EXPECT_EQ(ReceiveAll(pair.server, 10), "last words");
  char octet;
  EXPECT_EQ(baresspi_socket_receive(pair.server, &octet, 1, 1000), 0);
  EXPECT_EQ(baresspi_socket_receive(pair.server, &octet, 1, 1000), 0) << "again and again";
  EXPECT_EQ(baresspi_socket_send(pair.client, "x", 1, 1000), BARESSPI_SOCKET_CLOSED);
  const std::string answer = Octets(20000);
  std::string arrived;
  for (size_t at = 0; at < answer.size(); at += 4000) {
    EXPECT_EQ(SendAll(pair.server, answer.substr(at, 4000)), 4000u);
    arrived += ReceiveAll(pair.client, 4000);
  }
  EXPECT_TRUE(arrived == answer);
  baresspi_socket_end(pair.server);
  EXPECT_EQ(baresspi_socket_receive(pair.client, &octet, 1, 1000), 0);
  pair.Close();
}

// lwIP frees the connection out of TIME_WAIT and LAST_ACK while the program still has its socket.
TEST_F(LwipConnection, IsSafeToKeepLongAfterBothEnds) {
  Pair pair = Connected();
  EXPECT_EQ(SendAll(pair.server, "unread"), 6u);
  baresspi_socket_end(pair.client);
  baresspi_socket_end(pair.server);
  Settle();
  Pair others[4];  // which have lwIP's places of before
  for (Pair& each : others) {
    each.client = baresspi_socket_connect(kHere, pair.port, 1000);
    each.server = baresspi_socket_accept(pair.listener, 1000);
  }
  char octet;
  EXPECT_EQ(ReceiveAll(pair.client, 6), "unread");
  for (const int socket : {pair.client, pair.server}) {
    EXPECT_EQ(baresspi_socket_receive(socket, &octet, 1, 10), 0);
    EXPECT_EQ(baresspi_socket_send(socket, "x", 1, 10), BARESSPI_SOCKET_CLOSED);
    baresspi_socket_end(socket);
  }
  pair.Close();
  for (Pair& each : others) {
    EXPECT_EQ(SendAll(each.client, "undisturbed"), 11u);
    EXPECT_EQ(ReceiveAll(each.server, 11), "undisturbed");
    each.Close();
  }
}

TEST_F(LwipConnection, EndsBothSidesAtTheSameTime) {
  Pair pair = Connected();
  baresspi_socket_end(pair.client);
  baresspi_socket_end(pair.server);
  char octet;
  EXPECT_EQ(baresspi_socket_receive(pair.client, &octet, 1, 1000), 0);
  EXPECT_EQ(baresspi_socket_receive(pair.server, &octet, 1, 1000), 0);
  pair.Close();
}

TEST_F(LwipConnection, GivesWhatHadComeBeforeAReset) {
  Pair pair = Connected();
  EXPECT_EQ(SendAll(pair.client, "unread by the server"), 20u);
  EXPECT_EQ(SendAll(pair.server, "before"), 6u);
  Pass(10);
  baresspi_socket_close(pair.server);  // with octets unread: a reset
  EXPECT_EQ(ReceiveAll(pair.client, 6), "before");
  char octet;
  EXPECT_EQ(baresspi_socket_receive(pair.client, &octet, 1, 1000), BARESSPI_SOCKET_CLOSED);
  EXPECT_EQ(baresspi_socket_send(pair.client, "x", 1, 1000), BARESSPI_SOCKET_CLOSED);
  baresspi_socket_end(pair.client);
  pair.Close();
}

TEST_F(LwipConnection, IsResetWhenThePeerHasClosedAndIsSentMore) {
  Pair pair = Connected();
  baresspi_socket_close(pair.server);
  char octet;
  EXPECT_EQ(baresspi_socket_receive(pair.client, &octet, 1, 1000), 0);
  EXPECT_EQ(baresspi_socket_send(pair.client, "x", 1, 1000), 1);
  Pass(10);
  EXPECT_EQ(baresspi_socket_send(pair.client, "x", 1, 1000), BARESSPI_SOCKET_CLOSED);
  pair.Close();
}

// A program that does not read takes nothing from the other connections: not their frames, not their heap.
TEST_F(LwipConnection, OctetsOneAtATimeStarveNobody) {
  Pair slow = Connected();
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(baresspi_socket_send(slow.client, "x", 1, 1000), 1) << i;
  Pass(100);
  const int other = baresspi_socket_connect(kHere, slow.port, 1000);
  ASSERT_GE(other, 0);
  const int accepted = baresspi_socket_accept(slow.listener, 1000);
  EXPECT_EQ(SendAll(other, Octets(5000)), 5000u);
  EXPECT_TRUE(ReceiveAll(accepted, 5000) == Octets(5000));
  EXPECT_EQ(ReceiveAll(slow.server, 5000), std::string(5000, 'x'));
  baresspi_socket_close(other);
  baresspi_socket_close(accepted);
  slow.Close();
}

TEST_F(LwipConnection, CallsOnWhatIsNoSocketFail) {
  Pair pair = Connected();
  const int closed = pair.client;
  pair.Close();
  char octet;
  for (const int socket : {-1, closed, 1000, pair.listener}) {
    EXPECT_EQ(baresspi_socket_receive(socket, &octet, 1, 10), BARESSPI_SOCKET_FAILED) << socket;
    EXPECT_EQ(baresspi_socket_send(socket, "x", 1, 10), BARESSPI_SOCKET_FAILED) << socket;
    EXPECT_EQ(baresspi_socket_accept(socket, 10), BARESSPI_SOCKET_FAILED) << socket;
    baresspi_socket_end(socket);
    baresspi_socket_close(socket);
  }
}

TEST_F(LwipConnection, WaitTellsWhichSocketsCanGoOn) {
  Pair pair = Connected();
  baresspi_socket_wait_item items[] = {
      {pair.client, 0, 1}, {pair.client, 1, 0}, {-1, 0, 1}, {pair.server, 0, 1}, {pair.listener, 0, 1}};
  EXPECT_EQ(baresspi_socket_wait(items, 5, 1000), 1);
  EXPECT_EQ(items[1].ready, 1) << "to send";
  EXPECT_EQ(items[0].ready + items[2].ready + items[3].ready + items[4].ready, 0);
  items[1].socket = -1;
  const uint32_t begin = Now();
  EXPECT_EQ(baresspi_socket_wait(items, 5, 123), 0);
  EXPECT_EQ(Now() - begin, 123u);
  EXPECT_EQ(SendAll(pair.client, "x"), 1u);
  const int another = baresspi_socket_connect(kHere, pair.port, 1000);
  EXPECT_EQ(baresspi_socket_wait(items, 5, 1000), 2);
  EXPECT_EQ(items[3].ready, 1) << "to receive";
  EXPECT_EQ(items[4].ready, 1) << "to accept";
  baresspi_socket_close(another);
  pair.Close();
}

TEST_F(LwipConnection, WaitSaysThatAFullOneCannotBeSentToAndAnEndedOneIsReady) {
  Pair pair = Connected();
  const size_t sent = SendAll(pair.client, Octets(100000));
  baresspi_socket_wait_item item = {pair.client, 1, 0};
  EXPECT_EQ(baresspi_socket_wait(&item, 1, 100), 0);
  (void)ReceiveAll(pair.server, sent);
  EXPECT_EQ(baresspi_socket_wait(&item, 1, 1000), 1);
  baresspi_socket_wait_item ended = {pair.client, 0, 0};
  EXPECT_EQ(baresspi_socket_wait(&ended, 1, 100), 0);
  baresspi_socket_close(pair.server);
  EXPECT_EQ(baresspi_socket_wait(&ended, 1, 1000), 1);
  pair.Close();
}

}  // namespace
}  // namespace lwip_test
