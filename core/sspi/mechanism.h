// SPDX-License-Identifier: Apache-2.0
// A package as Negotiate and CredSSP drive it: the functions of its package table that work on a context, and
// what only they ask for. A table of its own, so that no call can lead from a package to itself.
#pragma once

#include "core/sspi/package.h"

namespace baresspi {

struct Mechanism {
  const Package* package;
  Bytes oid;  // its OBJECT IDENTIFIER, with its head

  SECURITY_STATUS (*acquire)(Credential& credential, const AuthData& auth_data);
  SECURITY_STATUS (*initialize)(Context& context, HandshakeCall& call);
  SECURITY_STATUS (*accept)(Context& context, HandshakeCall& call);
  SECURITY_STATUS (*query_context)(Context& context, const AttributeCall& call);
  SECURITY_STATUS (*query_credential)(Credential& credential, const AttributeCall& call);
  SECURITY_STATUS (*set_credential)(Credential& credential, const AttributeCall& call);
  SECURITY_STATUS (*protect)(Context& context, const MessageCall& call);
  SECURITY_STATUS (*query_token)(const Context& context, struct _BARESSPI_TOKEN_INFO* info);

  // True when a mechListMIC is due: the mechanism has protected its own messages with a key that the peer has
  // too.
  bool (*protects_negotiation)(const Context& context);
  // After the two mechListMICs: the ciphers start anew, the sequence numbers go on.
  void (*restart_ciphers)(Context& context);
};

}  // namespace baresspi
