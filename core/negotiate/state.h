// SPDX-License-Identifier: Apache-2.0
// What SPNEGO needs of a context, but for the MechTypeList. A mechanism's context begins with it where
// Negotiate is configured in: there small processors reach it with short instructions.
#pragma once

#include "core/sspi/package.h"

namespace baresspi::negotiate {

enum class Step : uint8_t {
  kStart,       // nothing sent
  kFirstReply,  // initiator: NegTokenInit is out. acceptor: waits for the NegTokenInit (its hint is out)
  kGoesOn,      // NegTokenResp both ways
  kRaw,         // the mechanism's tokens without SPNEGO around them
};

// What the mechListMICs are to this context. They are sent in both cases but the first.
enum class Mic : uint8_t {
  kNone,
  kWelcome,   // some acceptors never send theirs: borne when nothing else is to be protected
  kRequired,  // the peer's is due
};

struct NegotiationState : Context {
  Step step;
  uint8_t mechanism;     // index
  Mic mic;               // kRequired before the mechanism is done: another one than the first was taken
  bool unprotected;      // initiator: the application has asked for no protection of its messages
  bool inner_began;      // the mechanism has answered
  bool inner_done;       // and has come to its end
  uint16_t answer_size;  // what the mechanism has answered in this call
  uint8_t list_size;
};

}  // namespace baresspi::negotiate
