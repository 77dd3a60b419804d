// SPDX-License-Identifier: Apache-2.0
// What the tests of handshakes, data and failures share: a client and a server of one kind, and their
// flights.
#pragma once

#include "tests/support/tls_sides.h"

namespace tls_sides {

struct Kind {
  const char* name;
  ULONG protocol;  // SP_PROT_TLS1_2, SP_PROT_TLS1_3
  bool rsa;        // all keys; else P-256
  bool mutual;     // the client shows a certificate, too
};
inline constexpr Kind kKinds[] = {
    {"TLS 1.2, ECDSA", SP_PROT_TLS1_2, false, false},
    {"TLS 1.3, ECDSA", SP_PROT_TLS1_3, false, false},
    {"TLS 1.2, ECDSA, client certificate", SP_PROT_TLS1_2, false, true},
    {"TLS 1.3, ECDSA, client certificate", SP_PROT_TLS1_3, false, true},
    {"TLS 1.2, RSA", SP_PROT_TLS1_2, true, false},
    {"TLS 1.3, RSA", SP_PROT_TLS1_3, true, false},
    {"TLS 1.2, RSA, client certificate", SP_PROT_TLS1_2, true, true},
    {"TLS 1.3, RSA, client certificate", SP_PROT_TLS1_3, true, true},
};
inline constexpr const Kind& kTls12 = kKinds[0];
inline constexpr const Kind& kTls13 = kKinds[1];

struct ClientSetupOf : ClientSetup {
  explicit ClientSetupOf(const Kind& kind, ULONG flags = 0);
};
struct ServerSetupOf : Config {
  explicit ServerSetupOf(const Kind& kind, ULONG flags = 0);
};

// flags: SCH_* of both credentials.
struct Pair {
  explicit Pair(const Kind& kind, ULONG flags = 0);
  // Expected to succeed.
  void Establish();
  Outcome Connect();
  void DeleteContexts();

  ClientSetupOf client_setup;
  ServerSetupOf server_setup;
  Client client;
  Server server;
  Call client_call;
  Call server_call;
};

// The records that a stream begins with; the last may be a part of one.
std::vector<Octets> Records(const Octets& stream);
Octets Joined(const Octets& first, const Octets& second);
Octets Tail(const Octets& octets, size_t size);

ULONG MaxToken();

}  // namespace tls_sides
