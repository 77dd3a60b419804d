// SPDX-License-Identifier: Apache-2.0
// One login of one connection, by SSPI: NTLM and Negotiate authenticate the connection, not a request.
#pragma once

#include <baresspi/authority.h>

#include "boards/http/auth.h"

// Octets of a message's head at most. The longest token is what base64 leaves of it.
#ifndef BARESSPI_HTTP_HEAD
#define BARESSPI_HTTP_HEAD 8192
#endif

namespace http {

constexpr size_t kHeadRoom = BARESSPI_HTTP_HEAD;
constexpr size_t kTokenRoom = kHeadRoom / 4 * 3;

// Where a token stands while a step is taken: one is enough for all connections of a task.
struct TokenRoom {
  uint8_t in[kTokenRoom];
  uint8_t out[kTokenRoom];
};

// UTF-8, zero-terminated. user nullptr: there is no account.
struct Account {
  const char* user = nullptr;
  const char* domain = "";
  const char* password = "";
};

class ClientLogin {
 public:
  enum class State : uint8_t { kIdle, kUnderway, kEstablished, kFailed };

  // Forgets what was before; kUnderway if there is a credential. target: the service's name, HTTP/host; kept.
  SECURITY_STATUS Begin(Scheme scheme, const Account& account, const char* target);
  // Takes the server's token in base64 (empty: none), and writes the field's value for the next request, if
  // the handshake has one: see has_answer. SEC_E_OK: the login is established. bindings: of the TLS that it
  // goes through (SECBUFFER_CHANNEL_BINDINGS; cbBuffer 0: none), the same in every step.
  SECURITY_STATUS Step(Text token, const SecBuffer& bindings, TokenRoom* room);
  // A field of the next request, to be sent once. Nothing if there is none.
  void PutAnswer(Place place, TextWriter* request);
  void End();

  State state() const { return state_; }
  Scheme scheme() const { return scheme_; }
  bool has_answer() const { return answer_size_ != 0; }
  uint32_t answers() const { return answers_; }  // made so far
  // Who it is logged in as, and by which package; nullptr while nobody.
  const char* Who();
  const char* Package();

 private:
  State state_ = State::kIdle;
  Scheme scheme_ = Scheme::kNone;
  bool has_context_ = false;
  uint32_t answers_ = 0;
  const char* target_ = nullptr;
  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  size_t answer_size_ = 0;
  char answer_[kHeadRoom] = {};
};

// The server's credentials, one a scheme, for all its logins. device is kept.
class ServerCredentials {
 public:
  SECURITY_STATUS Begin(BARESSPI_DEVICE* device);
  void End();
  CredHandle* Of(Scheme scheme) { return &handles_[static_cast<size_t>(scheme)]; }

 private:
  CredHandle handles_[kSchemes] = {};
};

// What a server that is inside TLS asks of a login: that it was made for this very connection (Extended
// Protection; RFC 5929). kWhereSent: a client that sends channel bindings must have sent the right ones, and
// one that sends none may in.
enum class BindingsPolicy : uint8_t { kNone, kWhereSent, kRequired };

// Who a server's context acts for, as DOMAIN\user; nothing if nobody.
void PutAccount(CtxtHandle* context, TextWriter* out);

class ServerLogin {
 public:
  enum class Verdict : uint8_t {
    kMore,     // send the token back and wait for the client's next
    kIn,       // the client is who it says; there may be a token for it still
    kRefused,  // status() says why
    kFull      // no room for another login now
  };
  // A step with the client's token, in base64. bindings: the connection's, cbBuffer 0 where it has none.
  // *answer: for the client, lies in room until its next use.
  Verdict Accept(ServerCredentials* credentials, Scheme scheme, Text token, const SecBuffer& bindings,
                 BindingsPolicy policy, TokenRoom* room, SecBuffer* answer);
  void End();

  bool in() const { return in_; }
  bool underway() const { return has_context_ && !in_; }
  Scheme scheme() const { return scheme_; }
  SECURITY_STATUS status() const { return status_; }  // of the last step
  const char* Package();                              // by which it is in, or "none"
  CtxtHandle* context() { return has_context_ ? &context_ : nullptr; }

 private:
  Scheme scheme_ = Scheme::kNone;
  bool has_context_ = false;
  bool in_ = false;
  SECURITY_STATUS status_ = SEC_E_OK;
  CtxtHandle context_ = {};
};

}  // namespace http
