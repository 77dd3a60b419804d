// SPDX-License-Identifier: Apache-2.0
// A TLS client and a TLS server of ours by turns in one program, through the C API: what the figures are
// taken from, on this machine and on a board. No heap, no C library.
#pragma once

#include <baresspi/schannel.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/who.h"

namespace bench {

struct Scenario {
  const char* name;
  ULONG protocols;          // SP_PROT_*
  bool rsa;                 // the server's certificate is RSA-2048; else P-256, as the client's always is
  bool client_certificate;  // which the server asks for
};

// ---- The program's: what it measures around each call of the API. ----
// stack_pointer: of the function that calls.
void CallBegins(uintptr_t stack_pointer);
void CallEnds(Who who, PCtxtHandle context, SECURITY_STATUS status);

class Pair {
 public:
  // Each false when something went wrong; status() says what.
  [[nodiscard]] bool Acquire(const Scenario& scenario);
  // A handshake to its end.
  [[nodiscard]] bool Connect();
  // One record of so many octets, from the client to the server. Largest(): at most.
  [[nodiscard]] bool Transfer(size_t size);
  size_t Largest() const { return sizes_.cbMaximumMessage; }
  // The number of the cipher suite.
  unsigned Suite();
  [[nodiscard]] bool Disconnect();
  [[nodiscard]] bool Release();

  PCtxtHandle context(Who who) { return &contexts_[who]; }
  SECURITY_STATUS status() const { return status_; }

 private:
  bool Step(Who who);

  CredHandle credentials_[2];
  CtxtHandle contexts_[2];
  bool has_context_[2];
  bool established_[2];
  bool computes_;      // SEC_I_ASYNC_CALL_PENDING: the same side goes on
  size_t waiting_[2];  // octets in the inbox of each
  ULONG server_flags_;
  SecPkgContext_StreamSizes sizes_;
  SECURITY_STATUS status_;
};

}  // namespace bench
