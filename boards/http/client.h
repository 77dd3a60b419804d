// SPDX-License-Identifier: Apache-2.0
// A small HTTP client that logs in at a server and at a proxy, by Negotiate or NTLM. It waits, but never
// longer than its one timeout in all.
#pragma once

#include "boards/http/login.h"

namespace http {

struct Address {
  char host[256] = {};
  uint16_t port = 0;
};

// "http://host[:port][/path]" or "https://.." (not spoken here: false). IPv6 addresses stand in brackets.
// path: "/" if there is none.
bool ParseUrl(Text url, Address* address, Text* path);
// "host:port".
bool ParseAddress(Text text, Address* address);

struct ClientSettings {
  Text method = "GET";
  Text url;
  bool has_proxy = false;
  Address proxy;
  Account account;                // for the server
  Account proxy_account;          // for the proxy
  Scheme scheme = Scheme::kNone;  // kNone: Negotiate where it is offered, else NTLM
  Text content_type = "application/octet-stream";
  Text body;                 // of any method but GET and HEAD
  uint32_t timeout = 30000;  // ms
  // The content of the answer, in pieces.
  void (*on_content)(Text piece) = nullptr;
};

enum class Outcome : uint8_t {
  kAnswered,  // look at status
  kBadUrl,
  kUnreachable,  // no connection
  kLost,         // the connection ended before the answer did
  kTimeout,
  kMalformed,   // the answer is no HTTP, or too long for us
  kLoginFailed  // the peer's token is refused, or there is no credential: see error
};

// Its defaults are all zero, so that it lies in .bss.
class Client {
 public:
  // One request, with all that it takes to log in. Any credential and context is gone after End.
  Outcome Run(const ClientSettings* settings);
  void End();

  uint32_t status() const { return response_.status; }
  Text reason() const { return {reason_, reason_size_}; }
  SECURITY_STATUS error() const { return error_; }
  ClientLogin* login(Place place) { return &logins_[static_cast<size_t>(place)]; }

 private:
  bool Connect();
  void Disconnect();
  uint32_t TimeLeft() const;
  Outcome Exchange();
  Outcome Send(Text octets);
  Outcome Receive();
  Outcome ReadHead();
  Outcome ReadBody(bool deliver);
  bool Compose();
  bool WithholdsBody();
  bool IsInLogin();
  void PutAuthority(TextWriter* out);
  bool GoOn(Outcome* outcome);
  bool Advance(Place place);
  void Finish(Place place);
  Scheme Choose(Place place);

  const ClientSettings* settings_ = nullptr;
  Address address_;
  Text path_;
  char targets_[2][256 + 8] = {};  // HTTP/host, of the server and the proxy
  uint32_t deadline_ = 0;
  int socket_ = 0;
  bool connected_ = false;
  bool again_ = false;     // another request follows
  bool withheld_ = false;  // the body was left out of this one
  SECURITY_STATUS error_ = SEC_E_OK;
  ClientLogin logins_[2];
  TokenRoom room_ = {};
  Response response_;
  char reason_[128] = {};
  size_t reason_size_ = 0;
  size_t head_size_ = 0;
  size_t in_used_ = 0;
  char in_[kHeadRoom] = {};
  size_t out_size_ = 0;
  char out_[2 * kHeadRoom + 4096] = {};
};

}  // namespace http
