// SPDX-License-Identifier: Apache-2.0
// The client's exchange of requests and answers; what the answers mean for a login is in client_login.cpp.
#include "boards/http/client.h"

#include "port/sockets.h"

namespace http {
namespace {

constexpr int kMostExchanges = 12;  // two logins of three legs, and what goes around them

}  // namespace

uint32_t Client::TimeLeft() const {
  const auto left = static_cast<int32_t>(deadline_ - baresspi_milliseconds());
  return left > 0 ? static_cast<uint32_t>(left) : 0;
}

bool Client::Connect() {
  if (connected_) return true;
  const Address& to = settings_->has_proxy ? settings_->proxy : address_;
  socket_ = baresspi_socket_connect(to.host, to.port, TimeLeft());
  in_used_ = 0;
  connected_ = socket_ >= 0;
  return connected_;
}

// With the connection go the logins that were made over it. One that has only begun may go on over the next.
void Client::Disconnect() {
  if (connected_) baresspi_socket_close(socket_);
  connected_ = false;
  for (ClientLogin& login : logins_) {
    if (!login.has_answer() || login.answers() > 1) login.End();
  }
}

void Client::End() {
  if (connected_) baresspi_socket_close(socket_);
  connected_ = false;
  for (ClientLogin& login : logins_) login.End();
}

Outcome Client::Run(const ClientSettings* settings) {
  settings_ = settings;
  error_ = SEC_E_OK;
  response_ = {};
  reason_size_ = 0;
  deadline_ = baresspi_milliseconds() + settings->timeout;
  if (!ParseUrl(settings->url, &address_, &path_)) return Outcome::kBadUrl;
  for (const Place place : kPlaces) {
    char* const buffer = targets_[static_cast<size_t>(place)];
    TextWriter target(buffer, sizeof targets_[0] - 1);
    target.Put("HTTP/");
    target.Put(place == Place::kServer ? address_.host : settings->proxy.host);
    buffer[target.text().size] = 0;
  }
  for (int i = 0; i < kMostExchanges; ++i) {
    const Outcome outcome = Exchange();
    if (outcome != Outcome::kAnswered || !again_) return outcome;
  }
  return Outcome::kLoginFailed;
}

// A request, its answer, and whether another one follows.
Outcome Client::Exchange() {
  again_ = false;
  const bool fresh = !connected_;
  if (!Connect()) return TimeLeft() == 0 ? Outcome::kTimeout : Outcome::kUnreachable;
  if (!Compose()) return Outcome::kMalformed;
  Outcome outcome = Send({out_, out_size_});
  // A peer that refuses may do so before it has read all of the body: its answer tells.
  if (outcome == Outcome::kAnswered && !withheld_) (void)Send(settings_->body);
  if (outcome == Outcome::kAnswered) outcome = ReadHead();
  if (outcome == Outcome::kLost && !fresh && in_used_ == 0 && !IsInLogin()) {
    // A server may end an idle connection at any time, also while the next request is under way to it.
    Disconnect();
    again_ = true;
    return Outcome::kAnswered;
  }
  if (outcome != Outcome::kAnswered) return outcome;
  again_ = GoOn(&outcome);
  if (outcome != Outcome::kAnswered) return outcome;
  outcome = ReadBody(!again_);
  if (outcome != Outcome::kAnswered || !again_ || response_.keeps_open) return outcome;
  if (IsInLogin()) return Outcome::kLost;
  Disconnect();
  return outcome;
}

// Whether a login is past its first token, so that it can go on over this connection alone.
bool Client::IsInLogin() {
  for (ClientLogin& login : logins_) {
    if (login.state() != ClientLogin::State::kIdle && login.answers() > (login.has_answer() ? 1u : 0u))
      return true;
  }
  return false;
}

Outcome Client::Send(Text octets) {
  while (!octets.empty()) {
    const int32_t sent = baresspi_socket_send(socket_, octets.data, octets.size, TimeLeft());
    if (sent == BARESSPI_SOCKET_TIMEOUT && TimeLeft() != 0) continue;
    if (sent <= 0) return sent == BARESSPI_SOCKET_TIMEOUT ? Outcome::kTimeout : Outcome::kLost;
    octets = octets.From(static_cast<size_t>(sent));
  }
  return Outcome::kAnswered;
}

// More of the answer into what is left of the buffer.
Outcome Client::Receive() {
  for (;;) {
    const uint32_t left = TimeLeft();
    if (left == 0) return Outcome::kTimeout;
    const int32_t received = baresspi_socket_receive(socket_, in_ + in_used_, sizeof in_ - in_used_, left);
    if (received == BARESSPI_SOCKET_TIMEOUT) continue;
    if (received <= 0) return Outcome::kLost;
    in_used_ += static_cast<size_t>(received);
    return Outcome::kAnswered;
  }
}

Outcome Client::ReadHead() {
  for (;;) {
    head_size_ = FindHeadEnd({in_, in_used_});
    if (head_size_ == 0) {
      if (in_used_ == sizeof in_) return Outcome::kMalformed;
      const Outcome outcome = Receive();
      if (outcome != Outcome::kAnswered) return outcome;
      continue;
    }
    if (!ParseResponse({in_, head_size_}, &response_)) return Outcome::kMalformed;
    if (response_.status >= 200) break;
    in_used_ -= head_size_;  // 100 Continue and its like
    __builtin_memmove(in_, in_ + head_size_, in_used_);
  }
  TextWriter reason(reason_, sizeof reason_);
  reason.Put(response_.reason);
  reason_size_ = reason.text().size;
  return Outcome::kAnswered;
}

Outcome Client::ReadBody(bool deliver) {
  Body body;
  body.Begin(Equal(settings_->method, "HEAD") ? BodyKind::kNone : response_.body, response_.length);
  size_t at = head_size_;
  for (;;) {
    while (at < in_used_ && !body.done()) {
      Text content;
      const size_t taken = body.Take({in_ + at, in_used_ - at}, &content);
      if (body.broken()) return Outcome::kMalformed;
      if (deliver && !content.empty() && settings_->on_content != nullptr) settings_->on_content(content);
      at += taken;
    }
    in_used_ -= at;
    __builtin_memmove(in_, in_ + at, in_used_);
    at = 0;
    if (body.done()) return Outcome::kAnswered;
    const Outcome outcome = Receive();
    if (outcome == Outcome::kLost && body.MayEnd()) return Outcome::kAnswered;
    if (outcome != Outcome::kAnswered) return outcome;
  }
}

}  // namespace http
