// SPDX-License-Identifier: Apache-2.0
// An LDAP client (RFC 4511): one connection, one login, one request at a time. It waits, but never longer
// than its one timeout in all.
#pragma once

#include "boards/ldap/login.h"
#include "boards/ldap/message.h"
#include "boards/stream/stream.h"

// The longest message that is taken: an entry, with what the security layer puts before it. A longer one ends
// the connection, whatever the server says that there is.
#ifndef BARESSPI_LDAP_IN
#define BARESSPI_LDAP_IN 16384
#endif
// The longest message that can be sent: a token, or a filter with its attributes.
#ifndef BARESSPI_LDAP_OUT
#define BARESSPI_LDAP_OUT 4096
#endif

namespace ldap {

enum class Outcome : uint8_t {
  kDone,
  kRefused,      // the server's answer is not success: see result()
  kUnreachable,  // no connection
  kTlsFailed,    // see error(): what TLS ended with
  kLost,         // the connection ended
  kTimeout,
  kMalformed,     // what came is no answer to what was asked
  kTooLong,       // what came has no room, or is outside of the layer; or what was to be sent has none
  kBadFilter,     // nothing was sent (filter.h)
  kLoginFailed,   // our side's end of the login: see error()
  kAltered,       // a message that the layer refuses: see error()
  kDisconnected,  // a notice of disconnection: see result()
};

struct Settings {
  const char* host = nullptr;     // its name: what is logged in to, and what its certificate is for
  const char* address = nullptr;  // where it is, if not found by its name
  uint16_t port = 0;
  const stream::TlsSettings* tls = nullptr;  // from the first octet on; nullptr: in the clear
  Account account;
  Protection protection = Protection::kSealed;
  uint32_t timeout = 30000;  // ms, for all that is done until Close
};

// Who is told of what a search finds. The entry is gone when the function returns.
struct Finder {
  void (*on_entry)(void* self, const Entry& entry) = nullptr;
  void (*on_reference)(void* self, Text url) = nullptr;  // nullptr: they are not wanted
  void* self = nullptr;
};

// Its defaults are all zero, so that it lies in .bss. After an outcome that is not kDone or kRefused nothing
// but Close is left to do.
class Client {
 public:
  // Connects, and shakes hands where there is TLS. settings are kept.
  Outcome Open(const Settings* settings);
  // Logs in, once: after kRefused it may be tried again. Inside of TLS the login is bound to it, if the
  // server's certificate can be named (RFC 5929 4).
  Outcome Bind();
  Outcome Search(const SearchRequest& request, const Finder& finder);
  // Says goodbye where somebody listens, and gives everything back; in whatever state.
  void Close();

  const Result& result() const { return result_; }  // of the last answer; holds until the next call
  SECURITY_STATUS error() const { return error_; }
  Login* login() { return &login_; }
  // Whether the login was given channel bindings of the TLS around it.
  bool bound() const { return bound_; }

 private:
  Outcome SendMessage(BerWriter* message);
  Outcome SendOctets(const uint8_t* octets, size_t size);
  Outcome ReceiveAnswer(Message* message);
  Outcome ReceiveMessage(Message* message);
  Outcome Fill(size_t wanted);
  Outcome FillProtected();
  Outcome ReceiveOctets(uint8_t* octets, size_t size);
  Outcome ReceiveResult(uint8_t operation);
  Protection layer() const { return layered_ ? login_.protection() : Protection::kNone; }
  BerWriter NewMessage();
  Outcome OutcomeOf(int32_t status);
  uint32_t TimeLeft() const { return stream::TimeLeft(deadline_); }

  const Settings* settings_ = nullptr;
  stream::Stream stream_;
  Login login_;
  Result result_;
  uint32_t deadline_ = 0;
  uint32_t last_id_ = 0;
  SECURITY_STATUS error_ = SEC_E_OK;
  bool sound_ = false;    // the connection can be spoken on
  bool layered_ = false;  // the bind is over: messages go through the layer, if one was agreed on
  bool bound_ = false;
  char target_[256 + 8] = {};  // ldap/HOST
  size_t taken_ = 0;           // in_: octets of the message that is being looked at
  size_t in_size_ = 0;         // in_: octets that are there, plain
  uint8_t in_[BARESSPI_LDAP_IN] = {};
  uint8_t token_[BARESSPI_LDAP_OUT] = {};
  uint8_t out_[Login::kLayer + BARESSPI_LDAP_OUT] = {};
};

}  // namespace ldap
