// SPDX-License-Identifier: Apache-2.0
// A small HTTP server whose callers log in by Negotiate or NTLM, and are then told who they are. One task
// serves all connections: each is a buffer and a state, nothing waits for a single one of them, and every
// phase has its time.
#pragma once

#include "boards/http/login.h"

// Connections at a time. More than there are contexts, so that who is one too many gets an answer.
#ifndef BARESSPI_HTTP_CONNECTIONS
#define BARESSPI_HTTP_CONNECTIONS 12
#endif
// Octets of a request's body at most. They are counted and thrown away.
#ifndef BARESSPI_HTTP_BODY
#define BARESSPI_HTTP_BODY (16u * 1024 * 1024)
#endif

namespace http {

struct ServerSettings {
  Place place = Place::kServer;  // kProxy: as a proxy asks, 407, for absolute URLs; it answers them itself
  uint32_t timeout = 15000;      // ms: for a request's head, and for an idle connection
  // A login has ended. who, package: empty when it was refused. May be nullptr.
  void (*on_login)(Text who, Text package, Scheme scheme, SECURITY_STATUS status) = nullptr;
};

class Connection {
 public:
  bool free() const { return phase_ == Phase::kFree; }
  int socket() const { return free() ? -1 : socket_; }
  bool wants_to_send() const { return out_sent_ < out_.size; }
  uint32_t deadline() const { return deadline_; }

  void Begin(int socket, const ServerSettings* settings, ServerCredentials* credentials);
  // Goes on as far as it can without waiting. room: for this call.
  void Work(TokenRoom* room);
  void End();

 private:
  enum class Phase : uint8_t { kFree, kHead, kBody, kAnswer, kLinger };
  enum class Progress : uint8_t { kGoOn, kWait, kEnd };

  Progress Step(TokenRoom* room);
  Progress ReadHead(TokenRoom* room);
  Progress ReadBody(TokenRoom* room);
  Progress SendAnswer();
  Progress Linger();
  Progress Flush();
  void BeginRequest(size_t head_size);
  void Enter(Phase phase, uint32_t time);

  void Answer(TokenRoom* room);
  void AnswerChallenge(Scheme scheme, const SecBuffer& token);
  void AnswerWho(const SecBuffer& token);
  void AnswerStatus(Text status, Text fields, bool closes);
  TextWriter BeginAnswer(Text status);
  void PutChallenge(TextWriter* out, Scheme scheme, const SecBuffer& token);
  void EndAnswer(TextWriter* out, Text content);
  void SendNow(Text octets);
  void Report();

  Phase phase_ = Phase::kFree;
  bool closes_ = false;
  uint8_t refusals_ = 0;
  int socket_ = 0;
  uint32_t deadline_ = 0;  // in baresspi_milliseconds' time
  const ServerSettings* settings_ = nullptr;
  ServerCredentials* credentials_ = nullptr;
  ServerLogin login_;
  Request request_;
  size_t head_size_ = 0;
  uint32_t body_left_ = 0;
  size_t in_used_ = 0;
  Text out_;
  size_t out_sent_ = 0;
  char in_[kHeadRoom] = {};
  char out_buffer_[kHeadRoom + 1024] = {};
};

class Server {
 public:
  // listener: a listening socket. The device is kept, as are the settings.
  SECURITY_STATUS Begin(int listener, const ServerSettings* settings, BARESSPI_DEVICE* device);
  // Serves until *stop is set, by a signal handler for instance.
  void Run(const volatile bool* stop);
  void End();

 private:
  void AcceptAll();
  uint32_t TimeLeft() const;

  int listener_ = 0;
  const ServerSettings* settings_ = nullptr;
  ServerCredentials credentials_;
  TokenRoom room_ = {};
  Connection connections_[BARESSPI_HTTP_CONNECTIONS];
};

}  // namespace http
