// SPDX-License-Identifier: Apache-2.0
// Handshakes that were recorded once, and one side of them played again against a peer that says something
// else. The port hands out the same octets in the same turn, so that the side does what it did, and what the
// peer said fits it: the peer itself, and its share of the arithmetic, is not needed.
#pragma once

#include "tests/fuzz/support/tls_party.h"

namespace fuzz::tls {

// A kind of handshake. Of a resumed one the edits are in the second connection.
struct Scenario {
  Setup client;
  Setup server;
  bool resumes = false;
};
size_t ScenarioCount();

struct Turn {
  bool client;
  unsigned connection;
  bool established;  // the side was, before it: tickets come
  Octets input;
  Octets output;
  SECURITY_STATUS status;
};

struct Recording {
  Scenario scenario;
  std::vector<Turn> turns;
};
// Recorded at the first call. Not within a Case.
const Recording& RecordingOf(size_t scenario);

// One input of a target: a scenario, and what is said to one side of it in place of its peer's flights.
void Play(bool client, const uint8_t* data, size_t size);

}  // namespace fuzz::tls
