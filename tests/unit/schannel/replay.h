// SPDX-License-Identifier: Apache-2.0
// A handshake that was recorded, and one side of it brought back to any point by itself: with the scripted
// port the same input makes the same output, so that the other side need not take part. Credentials must not
// resume sessions (SCH_CRED_DISABLE_RECONNECTS), which would make it another handshake.
#pragma once

#include "tests/support/scripted_port.h"
#include "tests/unit/schannel/pair.h"

namespace tls_sides {

struct Turn {
  bool client;
  Octets input;
  size_t random;  // octets that were handed out before
  Result result;
};

class Recording {
 public:
  explicit Recording(Pair& pair);

  const std::vector<Turn>& turns() const { return turns_; }
  // Brings the turn's side, in a context of its own, to where it is given the turn's input.
  void ReplayTo(size_t turn) const;
  // The turn's side is given this instead.
  Result Give(size_t turn, const Octets& input) const;
  // The whole handshake once more, with both sides, the turn's input being this. What both end with.
  Outcome Live(size_t turn, const Octets& input) const;

 private:
  Side& SideOf(bool client) const { return client ? static_cast<Side&>(pair_.client) : pair_.server; }
  const Call& CallOf(bool client) const { return client ? pair_.client_call : pair_.server_call; }

  Pair& pair_;
  std::vector<Turn> turns_;
};

}  // namespace tls_sides
