// SPDX-License-Identifier: Apache-2.0
// A package as Negotiate and CredSSP drive it: the functions of its package table that work on a context, and
// what only they ask for. A table of its own, so that no call can lead from a package to itself.
#pragma once

#include "core/sspi/package.h"

namespace baresspi {

enum class ListProtection : uint8_t {
  kImpossible,  // an anonymous caller has no key to protect anything with
  kPossible,
  kDue,  // the mechanism has protected its own messages with a key that the peer has too ([MS-SPNG] 3.3.5.1)
};

struct Mechanism {
  const char* name;  // of its package
  Bytes oid;         // its OBJECT IDENTIFIER, with its head

  SECURITY_STATUS (*acquire)(Credential& credential, const AuthData& auth_data);
  SECURITY_STATUS (*initialize)(Context& context, HandshakeCall& call);
  SECURITY_STATUS (*accept)(Context& context, HandshakeCall& call);
  SECURITY_STATUS (*query_context)(Context& context, const AttributeCall& call);
  SECURITY_STATUS (*query_credential)(Credential& credential, const AttributeCall& call);
  SECURITY_STATUS (*set_credential)(Credential& credential, const AttributeCall& call);
  SECURITY_STATUS (*protect)(Context& context, const MessageCall& call);
  SECURITY_STATUS (*query_token)(const Context& context, struct _BARESSPI_TOKEN_INFO* info);

  // What it is to the mechListMICs, when it is done.
  ListProtection (*list_protection)(const Context& context);
  // After the two mechListMICs: the ciphers start anew, the sequence numbers go on.
  void (*restart_ciphers)(Context& context);
};

}  // namespace baresspi
