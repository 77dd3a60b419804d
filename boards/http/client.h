// SPDX-License-Identifier: Apache-2.0
// A small client of HTTP and HTTPS that logs in at a server and at a proxy, by Negotiate or NTLM, and keeps
// the connection for the requests behind. It waits, but never longer than its one timeout in all, whatever
// its peers do. It follows no redirection.
#pragma once

#include "boards/http/login.h"
#include "boards/stream/stream.h"

namespace http {

struct Address {
  char host[256] = {};
  uint16_t port = 0;
};

struct Url {
  bool secure = false;  // https
  Address address;
  Text path;  // "/" if there is none; with the query
};

// "http://host[:port][/path]" or "https://..". IPv6 addresses stand in brackets. A port that is not said is
// 80 or 443. No user's name: it would be an account that the application did not give.
bool ParseUrl(Text text, Url* url);
// "host[:port]"; the port that is not said is 80.
bool ParseAddress(Text text, Address* address);

// Of all requests. Kept by reference.
struct ClientSettings {
  bool has_proxy = false;
  Address proxy;
  bool has_detour = false;
  Address detour;  // connect there instead; name check, SNI, Host and SPN are still the URL's
  const stream::TlsSettings* tls = nullptr;  // for https; a client's
  Account account;                           // for the server
  Account proxy_account;                     // for the proxy
  Scheme scheme = Scheme::kNone;             // kNone: Negotiate where it is offered, else NTLM
  uint32_t timeout = 30000;                  // ms, for all requests together
  // The content of an answer, in pieces; look whose it is (Client::by_proxy).
  void (*on_content)(Text piece) = nullptr;
};

struct ClientRequest {
  Text method = "GET";
  Text url;
  Text content_type = "application/octet-stream";
  Text body;  // of any method but GET and HEAD
};

enum class Outcome : uint8_t {
  kAnswered,  // look at status
  kBadUrl,
  kUnreachable,  // no connection
  kLost,         // the connection ended before the answer did
  kTimeout,
  kMalformed,   // the answer is no HTTP, too long for us, or has octets where none belong
  kTlsFailed,   // no TLS with the server, or a record that is refused: see error
  kLoginFailed  // the peer's token is refused, or there is no credential: see error
};

// Its defaults are all zero, so that it lies in .bss.
class Client {
 public:
  // The time runs from here. The settings are kept.
  void Begin(const ClientSettings* settings);
  // One request, with all that it takes to log in, on the connection of the one before where that leads to
  // the same server and is still there.
  Outcome Run(const ClientRequest& request);
  // Gives back connection, contexts and credentials.
  void End();

  uint32_t status() const { return response_.status; }
  // The answer, and its content, are a proxy's that makes no tunnel to an https server. The server has not
  // said them, and nobody has proved who did.
  bool by_proxy() const { return phase_ == Phase::kTunnel; }
  Text reason() const { return {reason_, reason_size_}; }
  SECURITY_STATUS error() const { return error_; }
  ClientLogin* login(Place place) { return &logins_[static_cast<size_t>(place)]; }
  // Since Begin: connections made; logins by which a peer let us in.
  uint32_t connections() const { return connections_; }
  uint32_t logins() const { return logins_in_; }
  // TLS connections that resumed an earlier one's session.
  uint32_t resumed() const { return resumed_; }

 private:
  // What is said over the connection: requests to the server (or to a proxy, for the server), or the request
  // that a proxy be a way to it.
  enum class Phase : uint8_t { kRequest, kTunnel };

  // client.cpp
  void SetUp(const ClientRequest& request);
  Outcome Exchange();
  Outcome Ask();
  Outcome Answer();
  bool MayRepeat(Outcome outcome) const;
  Outcome Send(Text octets);
  Outcome Receive();
  Outcome ReadHead();
  Outcome ReadBody(bool deliver);
  uint32_t TimeLeft() const { return stream::TimeLeft(deadline_); }

  // client_connection.cpp
  Outcome Connect();
  Outcome BeginTls();
  Outcome OpenTunnel();
  bool IsStale();
  void HangUp();
  void Disconnect();
  bool LeadsTo(const Url& url) const;
  Outcome Failure(int32_t status);
  bool needs_tunnel() const { return settings_->has_proxy && url_.secure; }

  // client_login.cpp
  bool Compose();
  void PutRequestLine(TextWriter* out);
  void PutAuthority(TextWriter* out, bool with_port);
  bool WithholdsBody();
  bool IsInLogin();
  bool GoOn(Outcome* outcome);
  bool IsAsked(Place place) const;
  bool BeginLogin(Place place, Scheme scheme);
  bool Advance(Place place);
  void Finish(Place place);
  Scheme Choose(Place place);
  SecBuffer Bindings(Place place);

  const ClientSettings* settings_ = nullptr;
  const ClientRequest* request_ = nullptr;
  Url url_;
  uint32_t deadline_ = 0;  // in baresspi_milliseconds' time
  uint32_t connections_ = 0;
  uint32_t logins_in_ = 0;
  uint32_t resumed_ = 0;

  stream::Stream stream_;
  Phase phase_ = Phase::kRequest;
  bool reused_ = false;     // the connection has served another request
  bool again_ = false;      // another request follows
  bool withheld_ = false;   // the body was left out of this one
  bool body_sent_ = false;  // some of it may be at the server
  bool repeated_ = false;   // over a new connection, since the old one had ended
  SECURITY_STATUS error_ = SEC_E_OK;

  char targets_[2][256 + 8] = {};  // HTTP/host, of the server and the proxy
  ClientLogin logins_[2];
  bool counted_[2] = {};   // the login has let us in
  bool old_[2] = {};       // it is of a request before
  Scheme resume_[2] = {};  // over the next connection begin with this one
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
