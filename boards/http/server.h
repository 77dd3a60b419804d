// SPDX-License-Identifier: Apache-2.0
// A small HTTP server, in the clear or inside TLS, whose callers log in by Negotiate, NTLM or a certificate.
// One task serves all connections: each is a buffer and a state, nothing waits for a single one of them, and
// every phase has its time.
//
// Who gets a place, when there are fewer than callers:
// - In the clear there are BARESSPI_HTTP_CONNECTIONS places; who finds none gets 503 at once.
// - Inside TLS a place takes a context of Schannel's pool, and the pool's last one is not for serving: who
//   gets it shakes hands, is told 503, and goes. While that one is taken too, connections wait in the stack's
//   backlog, which the stack bounds, until a place comes free.
// - A connection is idle while its last answer is out (or it has just begun) and nothing of a request has
//   come. When somebody waits, the connection that has been idle longest gives its place, if that was
//   kShortestIdle or more. One with a request or a login underway is left alone: its deadline ends it.
// - That holds for a stranger, over whose connection nobody has logged in, as long as a handshake and a
//   request may take and no longer: a peer that always has something underway must not keep a place.
// - A login that finds no context gets 503, too, and the others do not notice.
#pragma once

#include "boards/http/page.h"
#include "boards/stream/stream.h"

// Connections at a time. In the clear more than there are contexts, so that who is one too many gets an
// answer.
#ifndef BARESSPI_HTTP_CONNECTIONS
#define BARESSPI_HTTP_CONNECTIONS 12
#endif
// Octets of a request's body at most. They are counted and thrown away.
#ifndef BARESSPI_HTTP_BODY
#define BARESSPI_HTTP_BODY (16u * 1024 * 1024)
#endif
// Octets of a page's content at most.
#ifndef BARESSPI_HTTP_PAGE
#define BARESSPI_HTTP_PAGE 4096
#endif

namespace http {

constexpr uint32_t kShortestIdle = 1000;  // ms

// For who is one too many: the status, and a field with it.
inline constexpr char kUnavailable[] = "503 Service Unavailable";
inline constexpr char kComeAgain[] = "Retry-After: 1\r\n";

struct ServerSettings {
  Place place = Place::kServer;  // kProxy: as a proxy asks, 407, for absolute URLs; it answers them itself
  uint32_t timeout = 15000;      // ms: for a request's head, and for an idle connection
  uint32_t handshake_timeout = 10000;                    // ms: for all of TLS's handshake
  const stream::TlsSettings* tls = nullptr;              // nullptr: in the clear
  BindingsPolicy bindings = BindingsPolicy::kWhereSent;  // inside TLS
  PageFunction page = nullptr;
  // A login has ended. who, package: empty when it was refused. scheme: Negotiate, NTLM, Certificate; TLS: a
  // handshake failed. May be nullptr.
  void (*on_login)(Text who, Text package, Text scheme, SECURITY_STATUS status) = nullptr;
};

// Where one connection works at a time.
struct WorkRoom {
  TokenRoom tokens;
  char content[BARESSPI_HTTP_PAGE];
};

class Connection {
 public:
  bool free() const { return phase_ == Phase::kFree; }
  int socket() const { return free() ? -1 : stream_.socket(); }
  bool wants_to_send() const { return out_sent_ < out_.size || stream_.wants_to_send(); }
  uint32_t deadline() const { return deadline_; }
  // There is more to do than the last Work did, so that it has to be called whatever the socket says.
  bool busy() const { return busy_; }
  bool surplus() const { return surplus_; }
  // It waits for a request, since a moment of baresspi_milliseconds' clock.
  bool idle() const { return phase_ == Phase::kHead && in_used_ == 0 && !login_.underway() && !surplus_; }
  uint32_t idle_since() const { return since_; }
  // A stranger's, and has been for so long that it gives its place to who waits, whatever is underway.
  bool overstays() const;
  uint32_t stranger_since() const { return stranger_since_; }

  // surplus: it is one too many, and is told so inside TLS.
  void Begin(int socket, const ServerSettings* settings, ServerCredentials* credentials, bool surplus);
  // Goes on as far as it can without waiting, and without keeping the others waiting. room: for this call.
  void Work(WorkRoom* room);
  // Ends it in good manners, as an idle one can be at any time, and one that overstays.
  void GiveWay();
  void End();

 private:
  enum class Phase : uint8_t { kFree, kHandshake, kHead, kBody, kAnswer, kLinger };
  enum class Progress : uint8_t { kGoOn, kWait, kEnd };

  Progress Step(WorkRoom* room);
  Progress Handshake();
  Progress ReadHead(WorkRoom* room);
  Progress ReadBody(WorkRoom* room);
  Progress SendAnswer();
  Progress Linger();
  Progress Flush();
  void BeginRequest(size_t head_size);
  void Enter(Phase phase, uint32_t time);

  void Answer(WorkRoom* room);
  void AnswerChallenge(Scheme scheme, const SecBuffer& token);
  void AnswerPage(Text path, const SecBuffer& token, WorkRoom* room);
  void AnswerStatus(Text status, Text fields, bool closes);
  TextWriter BeginAnswer(Text status);
  void PutChallenge(TextWriter* out, Scheme scheme, const SecBuffer& token);
  void EndAnswer(TextWriter* out, Text type, Text content);
  void SendNow(Text octets);
  void Report(SECURITY_STATUS status);
  // Whom it acts for, or nullptr: nobody yet.
  CtxtHandle* Actor() { return login_.in() ? login_.context() : certified_ ? stream_.context() : nullptr; }
  Text SchemeName() const { return certified_ && !login_.in() ? "Certificate" : NameOf(login_.scheme()); }
  Text PackageName() { return certified_ && !login_.in() ? "Schannel" : login_.Package(); }

  Phase phase_ = Phase::kFree;
  bool closes_ = false;
  bool busy_ = false;
  bool surplus_ = false;
  bool certified_ = false;  // its certificate stands for an account
  uint8_t refusals_ = 0;
  uint32_t deadline_ = 0;        // in baresspi_milliseconds' time
  uint32_t since_ = 0;           // when the phase began, likewise
  uint32_t stranger_since_ = 0;  // when it began, or somebody was last let in over it
  const ServerSettings* settings_ = nullptr;
  ServerCredentials* credentials_ = nullptr;
  ServerLogin login_;
  Request request_;
  size_t head_size_ = 0;
  uint32_t body_left_ = 0;
  size_t in_used_ = 0;
  size_t searched_ = 0;  // of those, for the head's end
  Text out_;
  size_t out_sent_ = 0;
  stream::Stream stream_;
  char in_[kHeadRoom] = {};
  char out_buffer_[kHeadRoom + 1024] = {};
};

class Server {
 public:
  // listener: a listening socket, the server's from here on. The device is kept, as are the settings.
  SECURITY_STATUS Begin(int listener, const ServerSettings* settings, BARESSPI_DEVICE* device);
  // Serves until asked to stop, which it asks twice a second and more. False: the sockets failed.
  bool Run(bool (*stop)());
  // Also after a Begin that failed.
  void End();

 private:
  bool Wait(baresspi_socket_wait_item* items);
  void AcceptAll();
  static bool HasAsked(const Connection& connection);
  Connection* Place(bool* surplus);
  uint32_t TimeLeft();

  int listener() const { return listener_number_ - 1; }
  int listener_number_ = 0;  // the socket and one, 0: none; so that a server lies in .bss
  bool listens_ = false;     // to the listener, in this turn
  uint32_t not_before_ = 0;  // the listener is let alone until then, where paused_
  bool paused_ = false;
  const ServerSettings* settings_ = nullptr;
  ServerCredentials credentials_;
  WorkRoom room_ = {};
  Connection connections_[BARESSPI_HTTP_CONNECTIONS];
};

}  // namespace http
