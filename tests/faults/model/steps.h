// SPDX-License-Identifier: Apache-2.0
// What a handshake answers to a token, and what it has become then: by the protocols, without a look at
// octets.
#pragma once

#include "tests/faults/model/world.h"

namespace model {

struct Step {
  SECURITY_STATUS good = SEC_I_CONTINUE_NEEDED;
  Expect refusals;     // good is not to be had: one of these, and the handshake is over
  Expect mends;        // likewise, and nothing has changed
  Expect also;         // may be answered in place of good; the handshake is over then
  bool output = true;  // a place for a token is needed
  bool random = false;
};

// The first call of a context that is not yet, and the later ones. token is what they are given.
Step FirstStep(const Context& context, const Token& token);
Step NextStep(const Context& context, const Token& token);
// What the context is after a status that is no error, and what its token is, whose octets are written.
void Advance(World& world, Context& context, const Token& token, SECURITY_STATUS status);

// steps_tls.cpp
Step FirstTlsStep(const Context& context, const Token& token);
Step NextTlsStep(const Context& context, const Token& token);
void AdvanceTls(World& world, Context& context, const Token& token, SECURITY_STATUS status);
bool IsRight(const Context& context, const Token& token);

}  // namespace model
