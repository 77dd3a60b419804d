// SPDX-License-Identifier: Apache-2.0
// One connection: its octets, its phases, its times. What it answers is in answer.cpp.
#include "boards/http/server.h"
#include "port/sockets.h"

namespace http {
namespace {

constexpr uint32_t kBodyTimes = 4;       // a body may take so many times the timeout
constexpr uint32_t kLingerTime = 1000;   // ms: for the peer to see the last answer before its connection goes
constexpr uint32_t kSurplusTime = 5000;  // ms: for a request that is answered with 503
constexpr int kMostSteps = 32;  // in one turn, so that a peer that never pauses leaves time for others
constexpr size_t kDiscardRoom = 2048;

}  // namespace

void Connection::Begin(int socket, const ServerSettings* settings, ServerCredentials* credentials,
                       bool surplus) {
  settings_ = settings;
  credentials_ = credentials;
  closes_ = false;
  busy_ = false;
  surplus_ = surplus;
  certified_ = false;
  refusals_ = 0;
  in_used_ = 0;
  searched_ = 0;
  head_size_ = 0;
  body_left_ = 0;
  request_ = {};
  out_ = {};
  out_sent_ = 0;
  stranger_since_ = baresspi_milliseconds();
  stream_.Open(socket);
  if (settings->tls == nullptr) return Enter(Phase::kHead, settings->timeout);
  stream_.BeginTls(settings->tls, nullptr);
  Enter(Phase::kHandshake, settings->handshake_timeout);
}

void Connection::End() {
  if (free()) return;
  login_.End();
  stream_.Close();
  phase_ = Phase::kFree;
  surplus_ = false;
}

void Connection::GiveWay() {
  if (free()) return;
  stream_.End();
  End();
}

bool Connection::overstays() const {
  const uint32_t time = settings_->timeout + (settings_->tls != nullptr ? settings_->handshake_timeout : 0);
  return !surplus_ && !certified_ && !login_.in() && baresspi_milliseconds() - stranger_since_ >= time;
}

void Connection::Enter(Phase phase, uint32_t time) {
  phase_ = phase;
  since_ = baresspi_milliseconds();
  deadline_ = since_ + time;
}

void Connection::Work(WorkRoom* room) {
  busy_ = false;
  for (int i = 0; i < kMostSteps; ++i) {
    const Progress progress = Step(room);
    if (progress == Progress::kWait) {
      // Public keys are worked on in slices, where mbed TLS is built so: that waits for no socket.
      busy_ = phase_ == Phase::kHandshake && stream_.pending() && !wants_to_send();
      return;
    }
    if (progress == Progress::kEnd) return End();
  }
  busy_ = true;
}

Connection::Progress Connection::Step(WorkRoom* room) {
  if (phase_ == Phase::kHandshake) return Handshake();
  if (phase_ == Phase::kLinger) return Linger();
  const Progress flushed = Flush();
  if (flushed != Progress::kGoOn) return flushed;
  switch (phase_) {
    case Phase::kHead:
      return ReadHead(room);
    case Phase::kBody:
      return ReadBody(room);
    case Phase::kAnswer:
      return SendAnswer();
    case Phase::kFree:
    case Phase::kHandshake:
    case Phase::kLinger:
      break;
  }
  return Progress::kWait;
}

// As far as the peer's octets go. One that fails was sent the alert, and has to have time to read it.
Connection::Progress Connection::Handshake() {
  const int32_t shaken = stream_.Handshake(0);
  if (shaken == BARESSPI_SOCKET_TIMEOUT) return Progress::kWait;
  if (shaken == BARESSPI_SOCKET_FAILED) {
    Report(stream_.error());
    stream_.End();  // behind the alert
    Enter(Phase::kLinger, kLingerTime);
    return Progress::kGoOn;
  }
  if (shaken < 0) return Progress::kEnd;
  void* token = nullptr;
  Enter(Phase::kHead, surplus_ ? kSurplusTime : settings_->timeout);
  certified_ = !surplus_ && QuerySecurityContextToken(stream_.context(), &token) == SEC_E_OK;
  if (certified_) Report(SEC_E_OK);
  return Progress::kGoOn;
}

// Sends what is to be sent: the answer, or "100 Continue" before it.
Connection::Progress Connection::Flush() {
  while (out_sent_ < out_.size) {
    const Text rest = out_.From(out_sent_);
    const int32_t sent = stream_.Send(rest.data, rest.size, 0);
    if (sent == BARESSPI_SOCKET_TIMEOUT) return Progress::kWait;
    if (sent <= 0) return Progress::kEnd;
    out_sent_ += static_cast<size_t>(sent);
  }
  const int32_t flushed = stream_.Flush(0);
  if (flushed == BARESSPI_SOCKET_TIMEOUT) return Progress::kWait;
  return flushed < 0 ? Progress::kEnd : Progress::kGoOn;
}

Connection::Progress Connection::ReadHead(WorkRoom* room) {
  const size_t head_size = FindHeadEnd({in_, in_used_}, searched_);
  if (head_size != 0) {
    BeginRequest(head_size);
    if (phase_ == Phase::kBody && body_left_ == 0) Answer(room);
    return Progress::kGoOn;
  }
  if (in_used_ == sizeof in_) {
    AnswerStatus("431 Request Header Fields Too Large", "", true);
    return Progress::kGoOn;
  }
  searched_ = in_used_;
  const int32_t received = stream_.Receive(in_ + in_used_, sizeof in_ - in_used_, 0);
  if (received == BARESSPI_SOCKET_TIMEOUT) return Progress::kWait;
  if (received <= 0) return Progress::kEnd;
  in_used_ += static_cast<size_t>(received);
  return Progress::kGoOn;
}

// The head is whole. It stays where it is until the answer is written; the part of the body that came with it
// goes.
void Connection::BeginRequest(size_t head_size) {
  head_size_ = head_size;
  if (!ParseRequest({in_, head_size}, &request_)) return AnswerStatus("400 Bad Request", "", true);
  if (surplus_) return AnswerStatus(kUnavailable, kComeAgain, true);
  if (request_.body == BodyKind::kChunked) return AnswerStatus("411 Length Required", "", true);
  if (request_.length > BARESSPI_HTTP_BODY) return AnswerStatus("413 Content Too Large", "", true);
  closes_ = !request_.keeps_open;
  const size_t here = in_used_ - head_size;
  const size_t taken = here < request_.length ? here : request_.length;
  __builtin_memmove(in_ + head_size, in_ + head_size + taken, here - taken);
  in_used_ -= taken;
  body_left_ = request_.length - static_cast<uint32_t>(taken);
  if (body_left_ != 0 && request_.expects_continue) {
    out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    out_sent_ = 0;
  }
  Enter(Phase::kBody, kBodyTimes * settings_->timeout);
}

Connection::Progress Connection::ReadBody(WorkRoom* room) {
  char discarded[kDiscardRoom];
  const size_t wanted = body_left_ < sizeof discarded ? body_left_ : sizeof discarded;
  const int32_t received = stream_.Receive(discarded, wanted, 0);
  if (received == BARESSPI_SOCKET_TIMEOUT) return Progress::kWait;
  if (received <= 0) return Progress::kEnd;
  body_left_ -= static_cast<uint32_t>(received);
  if (body_left_ == 0) Answer(room);
  return Progress::kGoOn;
}

// The answer is out: the next request, of which some may be here already, or the end.
Connection::Progress Connection::SendAnswer() {
  if (closes_) {
    stream_.End();
    Enter(Phase::kLinger, kLingerTime);
    return Progress::kGoOn;
  }
  in_used_ -= head_size_;
  __builtin_memmove(in_, in_ + head_size_, in_used_);
  head_size_ = 0;
  searched_ = 0;
  request_ = {};
  Enter(Phase::kHead, settings_->timeout);
  return Progress::kGoOn;
}

// Closing with octets unread would reset the connection, and the peer's stack might throw the answer away.
// What they say does not matter any more, so that they are not decrypted.
Connection::Progress Connection::Linger() {
  char discarded[kDiscardRoom];
  (void)stream_.Flush(0);  // an alert, or TLS's own end, for which the stack had no room before
  const int32_t received = baresspi_socket_receive(stream_.socket(), discarded, sizeof discarded, 0);
  if (received == BARESSPI_SOCKET_TIMEOUT) return Progress::kWait;
  return received > 0 ? Progress::kGoOn : Progress::kEnd;
}

}  // namespace http
