// SPDX-License-Identifier: Apache-2.0
// The client's connection: to the server or to a proxy, through the proxy, inside TLS.
#include "boards/http/client.h"

namespace http {

// A status of port/sockets.h, not a number of octets.
Outcome Client::Failure(int32_t status) {
  if (stream_.error() != SEC_E_OK) {
    error_ = stream_.error();
    return Outcome::kTlsFailed;
  }
  return status == BARESSPI_SOCKET_TIMEOUT ? Outcome::kTimeout : Outcome::kLost;
}

bool Client::LeadsTo(const Url& url) const {
  return url.secure == url_.secure && url.address.port == url_.address.port &&
         EqualIgnoringCase(url.address.host, url_.address.host);
}

// Makes a connection on which the next request, or CONNECT, can be sent.
Outcome Client::Connect() {
  const Address& to = settings_->has_proxy    ? settings_->proxy
                      : settings_->has_detour ? settings_->detour
                                              : url_.address;
  const int socket = baresspi_socket_connect(to.host, to.port, TimeLeft());
  if (socket < 0) return TimeLeft() == 0 ? Outcome::kTimeout : Outcome::kUnreachable;
  ++connections_;
  stream_.Open(socket);
  in_used_ = 0;
  reused_ = false;
  phase_ = needs_tunnel() ? Phase::kTunnel : Phase::kRequest;
  if (url_.secure && phase_ == Phase::kRequest) {
    const Outcome outcome = BeginTls();
    if (outcome != Outcome::kAnswered) return outcome;
  }
  for (const Place place : kPlaces) {
    Scheme* const scheme = &resume_[static_cast<size_t>(place)];
    if (*scheme == Scheme::kNone || !IsAsked(place)) continue;
    (void)BeginLogin(place, *scheme);
    *scheme = Scheme::kNone;
    if (error_ != SEC_E_OK) return Outcome::kLoginFailed;
  }
  return Outcome::kAnswered;
}

Outcome Client::BeginTls() {
  stream_.BeginTls(settings_->tls, url_.address.host);
  for (;;) {
    const int32_t done = stream_.Handshake(TimeLeft());
    if (done == 1) {
      SecPkgContext_SessionInfo session = {};
      (void)QueryContextAttributesA(stream_.context(), SECPKG_ATTR_SESSION_INFO, &session);
      if ((session.dwFlags & SSL_SESSION_RECONNECT) != 0) ++resumed_;
      return Outcome::kAnswered;
    }
    if (done != BARESSPI_SOCKET_TIMEOUT || TimeLeft() == 0) return Failure(done);
  }
}

// The proxy's answer to CONNECT says that from here on the octets are the server's (RFC 9110, 9.3.6). Some of
// them before we have sent any cannot be the server's TLS: somebody else's, who wants them read as such.
Outcome Client::OpenTunnel() {
  if (in_used_ > head_size_) return Outcome::kMalformed;
  Finish(Place::kProxy);
  if (error_ != SEC_E_OK) return Outcome::kLoginFailed;
  phase_ = Phase::kRequest;
  response_ = {};
  reason_size_ = 0;
  const Outcome outcome = BeginTls();
  if (outcome != Outcome::kAnswered) return outcome;
  Scheme* const scheme = &resume_[static_cast<size_t>(Place::kServer)];
  if (*scheme != Scheme::kNone) (void)BeginLogin(Place::kServer, *scheme);
  *scheme = Scheme::kNone;
  again_ = true;
  return error_ == SEC_E_OK ? Outcome::kAnswered : Outcome::kLoginFailed;
}

// Whether the peer has ended an idle connection, or sent what nobody asked for.
bool Client::IsStale() {
  char octet = 0;
  return stream_.Receive(&octet, 1, 0) != BARESSPI_SOCKET_TIMEOUT;
}

void Client::HangUp() {
  stream_.End();  // RFC 8446 6.1: close_notify before it closes
  stream_.Close();
}

// With the connection go the logins that were made over it, and what was begun of one: its first token may
// have to do with the TLS that it was made for. Over the next connection they begin at once.
void Client::Disconnect() {
  HangUp();
  for (const Place place : kPlaces) {
    ClientLogin& mine = *login(place);
    const size_t i = static_cast<size_t>(place);
    const bool is_good = mine.state() == ClientLogin::State::kUnderway || counted_[i];
    if (is_good) resume_[i] = mine.scheme();
    mine.End();
    counted_[i] = false;
    old_[i] = false;
  }
}

}  // namespace http
