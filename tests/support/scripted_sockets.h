// SPDX-License-Identifier: Apache-2.0
// A network of the test's own behind port/sockets.h, all in memory: how the octets are cut, when a call would
// block, and which call fails is scripted, and so is the clock (baresspi_milliseconds), which goes on only
// while somebody waits. One task: whoever waits lets the other side work (Script.idle).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <functional>
#include <vector>

#include "port/sockets.h"

namespace scripted_sockets {

using Octets = std::vector<uint8_t>;

enum class Fault : uint8_t {
  kNone,
  kWouldBlock,   // this call times out, and the next one goes on
  kReset,        // from this call on the connection is gone, on both sides
  kEnd,          // from this call on the other side has ended and nothing of it comes any more
  kSilence,      // from this call on nothing moves, in either direction
  kNoResources,  // this call alone fails so
};

struct Script {
  size_t most_sent = SIZE_MAX;      // octets that one call takes
  size_t most_received = SIZE_MAX;  // octets that one call gives
  size_t window = 65536;            // octets on the way from one side to the other
  size_t cut = SIZE_MAX;            // CutAfter, of those who connect
  unsigned fails_at = 0;            // the number of a call to connect, send, receive or wait, from 1; 0: none
  Fault fault = Fault::kNone;
  uint32_t cost = 0;  // ms that each such call takes
  // Called when somebody would wait. False: nothing happened, so that the wait lasts to its end.
  std::function<bool()> idle = nullptr;
};

// As after the start: no sockets, no calls, the clock just before it wraps around.
void Reset();
// The script of what follows; calls are counted from here on.
void Play(const Script& script);

// Two ends of a connection.
struct Ends {
  int client;
  int server;
};
Ends Join();

// What was sent to a socket and is not received yet; what was ever sent to it.
size_t Waiting(int socket);
const Octets& SentTo(int socket);
// Octets that a socket receives next, from nobody.
void Inject(int socket, const Octets& octets);
// The other side's octets reach this socket up to this many in all, then they end.
void CutAfter(int socket, size_t size);

// Since Play.
unsigned Calls();
size_t Moved();       // octets sent and received
uint32_t TimeGone();  // ms
void PassTime(uint32_t milliseconds);
// Sockets that were not closed.
size_t Open();

}  // namespace scripted_sockets
