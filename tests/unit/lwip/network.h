// SPDX-License-Identifier: Apache-2.0
// lwIP in a test: the loopback, and an interface whose frames nobody gets. The time is the test's: it goes on
// by a millisecond whenever somebody waits, so that timeouts take no time and are exact.
#pragma once

#include <gtest/gtest.h>
#include <stdint.h>

#include <string>

#include "port/lwip/stack.h"
#include "port/sockets.h"

namespace lwip_test {

inline constexpr char kHere[] = "127.0.0.1";
// The address of the interface that leads nowhere, and one behind it, which never answers.
inline constexpr char kSilentSide[] = "192.0.2.1";
inline constexpr char kSilence[] = "192.0.2.2";

uint32_t Now();
void SetNow(uint32_t milliseconds);
// Lets time go by, with the stack at work.
void Pass(uint32_t milliseconds);

// What lwIP has in use, so that a test can see whether all came back.
struct Use {
  uint32_t connections, listeners, segments, udp, packets, frames, timers, heap, sockets;
  bool operator==(const Use&) const = default;
};
Use InUse();
std::ostream& operator<<(std::ostream& out, const Use& use);

// Each test begins with a stack without connections, and ends with what it began with.
class Network : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;
  // Until nothing is left of what was closed: TIME_WAIT takes two minutes.
  static void Settle();

 private:
  Use before_ = {};
};

// The two ends of a connection.
struct Pair {
  int listener = -1;
  uint16_t port = 0;
  int client = -1;
  int server = -1;
  void Close();
};
Pair Connected();

// Sends all of it; as much as the peer takes within a second.
size_t SendAll(int socket, const std::string& octets);
// Receives until there are so many, or nothing comes for a second.
std::string ReceiveAll(int socket, size_t size);
// Octets of which no piece is like another.
std::string Octets(size_t size, uint32_t seed = 1);

}  // namespace lwip_test
