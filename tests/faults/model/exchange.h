// SPDX-License-Identifier: Apache-2.0
// One call of InitializeSecurityContext or AcceptSecurityContext: its buffers, and what they are afterwards.
#pragma once

#include "tests/faults/model/world.h"

namespace model {

inline bool IsAccept(const Op& op) {
  return op.entry == Entry::AcceptSecurityContext;
}

struct Exchange {
  Exchange(const Op& its_op, Random its_random, SecHandle* its_credential, SecHandle* its_old,
           ULONG its_requested, ULONG its_room)
      : op(its_op),
        random(its_random),
        credential(its_credential),
        old(its_old),
        requested(its_requested | (its_op.fault == Fault::kAllocate ? ISC_REQ_ALLOCATE_MEMORY : 0)),
        room(its_room) {}

  const Op& op;
  Random random;
  SecHandle* credential;
  SecHandle* old;
  SecHandle made = {0x1234, 0x5678};
  ULONG requested;
  ULONG attributes = 0x5A5A5A5A;
  ULONG room;
  ULONG size = 0;  // cbBuffer, afterwards
  bool kept = true;
  Octets output;
  Octets rest;  // SECBUFFER_EXTRA
  SECURITY_STATUS status = SEC_E_OK;

  void Call(World& world, const Token& token, bool bindings);
};

}  // namespace model
