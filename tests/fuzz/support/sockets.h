// SPDX-License-Identifier: Apache-2.0
// A network behind port/sockets.h that is a script: what comes over a connection, in which pieces, and how it
// ends, the target says; what is sent goes to the target. The clock goes on while somebody waits.
#pragma once

#include <functional>

#include "port/sockets.h"
#include "tests/fuzz/support/octets.h"

namespace fuzz::sockets {

// What the other end does. A socket is its number, from 0, in the order in which they were made.
struct Peer {
  // Octets came. The answer goes to Say.
  std::function<void(int socket, const Octets& octets)> hears = [](int, const Octets&) {};
  // Somebody waits for octets. False: nothing happens.
  std::function<bool(int socket)> is_awaited = [](int) { return false; };
  // Nobody has anything to do. False: nothing happens.
  std::function<bool()> is_idle = [] { return false; };
  bool refuses = false;     // connections
  unsigned callers = 0;     // connections that wait to be accepted
  size_t piece = SIZE_MAX;  // octets that a call to receive or send moves at most
};

// All sockets of the input before are gone. None may be open.
void Begin(const Peer& peer);
// A socket of a new connection.
int Make();
// The milliseconds go on.
void Pass(uint32_t milliseconds);
// Octets for whoever has the socket; then no more will come.
void Say(int socket, const Octets& octets);
void End(int socket);

size_t Made();
size_t Open();

}  // namespace fuzz::sockets
