// SPDX-License-Identifier: Apache-2.0
// The client's exchange of requests and answers. The connection below is in client_connection.cpp, what the
// answers mean for a login in client_login.cpp.
#include "boards/http/client.h"

namespace http {
namespace {

constexpr int kMostExchanges = 16;  // two logins of three legs, a new connection, and what goes around them

bool IsSafe(Text method) {
  return Equal(method, "GET") || Equal(method, "HEAD");
}

}  // namespace

void Client::Begin(const ClientSettings* settings) {
  End();
  settings_ = settings;
  deadline_ = baresspi_milliseconds() + settings->timeout;
  connections_ = 0;
  logins_in_ = 0;
  resumed_ = 0;
}

void Client::End() {
  Disconnect();
  for (Scheme& scheme : resume_) scheme = Scheme::kNone;
  phase_ = Phase::kRequest;
}

Outcome Client::Run(const ClientRequest& request) {
  error_ = SEC_E_OK;
  response_ = {};
  reason_size_ = 0;
  Url url;
  if (!ParseUrl(request.url, &url)) return Outcome::kBadUrl;
  if (!LeadsTo(url)) {
    End();
  } else if (!stream_.open()) {
    Disconnect();  // the logins' connection is gone
  }
  url_ = url;
  SetUp(request);
  for (int i = 0; i < kMostExchanges; ++i) {
    const Outcome outcome = Exchange();
    if (outcome == Outcome::kAnswered && again_) continue;
    // What is left of a broken exchange must not be taken for the next one's answer.
    if (outcome != Outcome::kAnswered || !response_.keeps_open || phase_ == Phase::kTunnel) HangUp();
    return outcome;
  }
  HangUp();
  return Outcome::kLoginFailed;
}

void Client::SetUp(const ClientRequest& request) {
  request_ = &request;
  body_sent_ = false;
  repeated_ = false;
  reused_ = stream_.open();
  for (size_t i = 0; i < 2; ++i) old_[i] = logins_[i].state() == ClientLogin::State::kEstablished;
  for (const Place place : kPlaces) {
    char* const buffer = targets_[static_cast<size_t>(place)];
    TextWriter target(buffer, sizeof targets_[0] - 1);
    target.Put("HTTP/");
    target.Put(place == Place::kServer ? url_.address.host : settings_->proxy.host);
    buffer[target.text().size] = 0;
  }
}

// A request, its answer, and whether another one follows.
Outcome Client::Exchange() {
  again_ = false;
  if (stream_.open() && reused_ && IsStale()) Disconnect();
  Outcome outcome = Outcome::kAnswered;
  if (!stream_.open()) outcome = Connect();
  if (outcome == Outcome::kAnswered) outcome = Ask();
  if (outcome != Outcome::kAnswered && MayRepeat(outcome)) {
    // A server may end an idle connection at any time, also while the next request is under way to it.
    Disconnect();
    repeated_ = true;
    again_ = true;
    return Outcome::kAnswered;
  }
  return outcome == Outcome::kAnswered ? Answer() : outcome;
}

// Up to the answer's head.
Outcome Client::Ask() {
  in_used_ = 0;
  if (!Compose()) return Outcome::kMalformed;
  Outcome outcome = Send({out_, out_size_});
  if (outcome != Outcome::kAnswered) return outcome;
  if (phase_ == Phase::kRequest && !withheld_ && !request_->body.empty()) {
    // A peer that refuses may do so before it has read all of the body: its answer tells.
    body_sent_ = true;
    (void)Send(request_->body);
  }
  return ReadHead();
}

// Whether a request is sent once more: nothing came back over a connection that had served others, and what
// was sent changes nothing at the server (RFC 9110, 9.2.2).
bool Client::MayRepeat(Outcome outcome) const {
  return outcome == Outcome::kLost && reused_ && !repeated_ && in_used_ == 0 &&
         (IsSafe(request_->method) || !body_sent_);
}

// What the answer's head asks for, and its content.
Outcome Client::Answer() {
  reused_ = false;  // it is alive: what happens from here on is no end of an idle connection
  Outcome outcome = Outcome::kAnswered;
  if (phase_ == Phase::kTunnel && response_.status / 100 == 2) return OpenTunnel();
  again_ = GoOn(&outcome);
  if (outcome != Outcome::kAnswered) return outcome;
  outcome = ReadBody(!again_);
  if (outcome != Outcome::kAnswered || !again_ || response_.keeps_open) return outcome;
  if (IsInLogin()) return Outcome::kLost;
  Disconnect();
  return outcome;
}

Outcome Client::Send(Text octets) {
  while (!octets.empty()) {
    const uint32_t left = TimeLeft();
    if (left == 0) return Outcome::kTimeout;
    const int32_t sent = stream_.Send(octets.data, octets.size, left);
    if (sent == BARESSPI_SOCKET_TIMEOUT) continue;
    if (sent <= 0) return Failure(sent);
    octets = octets.From(static_cast<size_t>(sent));
  }
  for (;;) {  // what TLS has made of them
    const int32_t flushed = stream_.Flush(TimeLeft());
    if (flushed == 1) return Outcome::kAnswered;
    if (flushed != BARESSPI_SOCKET_TIMEOUT || TimeLeft() == 0) return Failure(flushed);
  }
}

// More of the answer into what is left of the buffer. kAnswered with nothing more there: the peer has ended.
Outcome Client::Receive() {
  for (;;) {
    const uint32_t left = TimeLeft();
    if (left == 0) return Outcome::kTimeout;
    const int32_t received = stream_.Receive(in_ + in_used_, sizeof in_ - in_used_, left);
    if (received == BARESSPI_SOCKET_TIMEOUT) continue;
    if (received < 0) return Failure(received);
    in_used_ += static_cast<size_t>(received);
    return Outcome::kAnswered;
  }
}

Outcome Client::ReadHead() {
  size_t searched = 0;
  for (;;) {
    head_size_ = FindHeadEnd({in_, in_used_}, searched);
    if (head_size_ == 0) {
      if (in_used_ == sizeof in_) return Outcome::kMalformed;
      const size_t before = in_used_;
      const Outcome outcome = Receive();
      if (outcome != Outcome::kAnswered) return outcome;
      if (in_used_ == before) return Outcome::kLost;
      searched = before;
      continue;
    }
    if (!ParseResponse({in_, head_size_}, &response_)) return Outcome::kMalformed;
    if (response_.status >= 200) break;
    if (response_.status == 101) return Outcome::kMalformed;  // nobody asked for another protocol
    in_used_ -= head_size_;                                   // 100 Continue and its like
    searched = 0;
    __builtin_memmove(in_, in_ + head_size_, in_used_);
  }
  TextWriter reason(reason_, sizeof reason_);
  reason.Put(response_.reason);
  reason_size_ = reason.text().size;
  return Outcome::kAnswered;
}

// Octets behind the answer: nobody asked for them, so they are not kept for the next request's answer.
Outcome Client::ReadBody(bool deliver) {
  Body body;
  body.Begin(Equal(request_->method, "HEAD") && phase_ == Phase::kRequest ? BodyKind::kNone : response_.body,
             response_.length);
  size_t at = head_size_;
  for (;;) {
    while (at < in_used_ && !body.done()) {
      Text content;
      const size_t taken = body.Take({in_ + at, in_used_ - at}, &content);
      if (body.broken()) return Outcome::kMalformed;
      if (deliver && !content.empty() && settings_->on_content != nullptr) settings_->on_content(content);
      at += taken;
    }
    if (body.done()) {
      if (at < in_used_) response_.keeps_open = false;
      return Outcome::kAnswered;
    }
    at = 0;
    in_used_ = 0;
    const Outcome outcome = Receive();
    if (outcome != Outcome::kAnswered) return outcome;
    if (in_used_ == 0) return body.MayEnd() ? Outcome::kAnswered : Outcome::kLost;
  }
}

}  // namespace http
