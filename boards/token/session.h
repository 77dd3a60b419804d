// SPDX-License-Identifier: Apache-2.0
// One credential and one context, worked by the commands of the line protocol. Uses the public API alone, as
// a firmware would.
#pragma once

#include <baresspi/sspi.h>

#include "boards/token/options.h"

namespace token {

class Session {
 public:
  // Acquires the credential. The options are kept: they must outlive the session.
  SECURITY_STATUS Begin(const Options* options);
  void End();

  // One leg of the handshake. in may be empty; out->size is the room before and the token's size after.
  SECURITY_STATUS Step(Octets in, Octets* out);

  // signature: room of kSignatureRoom octets, its size after. data changes in place.
  SECURITY_STATUS Wrap(bool encrypt, Octets data, Octets* signature);
  // message: signature and text together; *text lies within it afterwards. *encrypted: whether it was.
  SECURITY_STATUS Unwrap(Octets message, Octets* text, bool* encrypted);

  SECURITY_STATUS MakeMic(Octets data, Octets* signature);
  SECURITY_STATUS VerifyMic(Octets data, Octets signature, ULONG* qop);

  // Writes KEY or INFO and the rest of the answer's line, unless it fails.
  SECURITY_STATUS PutKey();
  SECURITY_STATUS PutInfo();

  static constexpr size_t kSignatureRoom = 64;

 private:
  SECURITY_STATUS BeginClient();
  SECURITY_STATUS BeginServer();

  const Options* options_ = nullptr;
  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  bool has_credential_ = false;
  bool has_context_ = false;
  ULONG sent_ = 0;  // messages: the sequence numbers of a datagram context
  ULONG received_ = 0;
};

}  // namespace token
