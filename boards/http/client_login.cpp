// SPDX-License-Identifier: Apache-2.0
// The client's requests, and what the answers mean for its logins.
#include "boards/http/client.h"

namespace http {

// While a login is at its first token the server cannot but refuse: the body goes with the next.
bool Client::WithholdsBody() {
  bool is_first = false;
  for (const ClientLogin& login : logins_) {
    if (login.has_answer() && login.answers() == 1) is_first = true;
  }
  return is_first && !request_->body.empty();
}

// Whether a login is past its first token, so that it can go on over this connection alone.
bool Client::IsInLogin() {
  bool is = false;
  for (const ClientLogin& login : logins_) {
    const bool goes_on = login.state() == ClientLogin::State::kUnderway || login.has_answer();
    if (goes_on && login.answers() > (login.has_answer() ? 1u : 0u)) is = true;
  }
  return is;
}

void Client::PutAuthority(TextWriter* out, bool with_port) {
  const Address& address =
      phase_ == Phase::kTunnel && settings_->has_detour ? settings_->detour : url_.address;
  const Text host = address.host;
  const bool is_ipv6 = host.Find(':') < host.size;
  out->Put(is_ipv6 ? "[" : "");
  out->Put(host);
  out->Put(is_ipv6 ? "]" : "");
  if (!with_port && address.port == (url_.secure ? 443 : 80)) return;
  out->Put(":");
  out->PutNumber(address.port);
}

// RFC 9112, 3.2: the authority for CONNECT, all of the URL for a proxy, else the path.
void Client::PutRequestLine(TextWriter* out) {
  const bool tunnel = phase_ == Phase::kTunnel;
  out->Put(tunnel ? "CONNECT" : request_->method);
  out->Put(" ");
  if (tunnel) {
    PutAuthority(out, true);
  } else {
    if (settings_->has_proxy && !url_.secure) {
      out->Put("http://");
      PutAuthority(out, false);
    }
    out->Put(url_.path);
  }
  out->Put(" HTTP/1.1\r\nHost: ");
  PutAuthority(out, tunnel);
  out->Put("\r\nUser-Agent: baresspi-http-get\r\n");
}

bool Client::Compose() {
  TextWriter out(out_, sizeof out_);
  withheld_ = phase_ == Phase::kRequest && WithholdsBody();
  PutRequestLine(&out);
  for (const Place place : kPlaces) {
    if (IsAsked(place)) login(place)->PutAnswer(place, &out);
  }
  if (phase_ == Phase::kRequest) {
    out.Put("Accept: */*\r\n");
    if (!request_->body.empty() || Equal(request_->method, "POST")) {
      out.Put("Content-Type: ");
      out.Put(request_->content_type);
      out.Put("\r\nContent-Length: ");
      out.PutNumber(withheld_ ? 0 : static_cast<uint32_t>(request_->body.size));
      out.Put("\r\n");
    }
  }
  out.Put("\r\n");
  out_size_ = out.text().size;
  return out.ok();
}

// Whose login the peer at the connection's other end may ask for now. Inside a tunnel that is the server,
// which is not to get the proxy's account by answering 407; and the proxy not the server's by 401.
bool Client::IsAsked(Place place) const {
  if (place == Place::kProxy) return settings_->has_proxy && (phase_ == Phase::kTunnel || !url_.secure);
  return phase_ == Phase::kRequest;
}

// The bindings of the TLS that a login goes through (tls-server-end-point, RFC 5929): a server that checks
// them sees a relay, whose certificate is another (EPA).
SecBuffer Client::Bindings(Place place) {
  return place == Place::kServer && stream_.secure() ? stream_.Bindings() : SecBuffer{};
}

// What the answer's head asks for. True: another request. *outcome: kLoginFailed if the login is broken.
bool Client::GoOn(Outcome* outcome) {
  bool more = false;
  bool asked = false;
  for (const Place place : kPlaces) {
    if (!IsAsked(place)) continue;
    if (response_.status == StatusOf(place)) {
      asked = true;
      more = Advance(place);
    } else {
      Finish(place);  // the proxy's may come with what the server asks
    }
  }
  if (error_ != SEC_E_OK) *outcome = Outcome::kLoginFailed;
  return asked ? more : withheld_;  // withheld: nobody asked for the next token, so now all of the request
}

Scheme Client::Choose(Place place) {
  Text token;
  for (const Scheme scheme : kOffered) {
    if (settings_->scheme != Scheme::kNone && settings_->scheme != scheme) continue;
    if (FindChallenge(response_, place, scheme, &token)) return scheme;
  }
  return Scheme::kNone;
}

// Makes the first token. True: there is one to send.
bool Client::BeginLogin(Place place, Scheme scheme) {
  ClientLogin& mine = *login(place);
  const Account& account = place == Place::kServer ? settings_->account : settings_->proxy_account;
  const size_t i = static_cast<size_t>(place);
  counted_[i] = false;
  old_[i] = false;
  error_ = mine.Begin(scheme, account, targets_[i]);
  if (error_ != SEC_E_OK) return false;
  const SECURITY_STATUS status = mine.Step({}, Bindings(place), &room_);
  if (!SEC_SUCCESS(status)) error_ = status;
  return mine.has_answer();
}

// The peer wants a login, or its next token. True: there is one to send.
bool Client::Advance(Place place) {
  ClientLogin& mine = *login(place);
  const Account& account = place == Place::kServer ? settings_->account : settings_->proxy_account;
  // A peer that lets in for one request, not for the connection, asks again at the next.
  if (old_[static_cast<size_t>(place)]) mine.End();
  if (mine.state() == ClientLogin::State::kIdle) {
    const Scheme scheme = Choose(place);
    return account.user != nullptr && scheme != Scheme::kNone && BeginLogin(place, scheme);
  }
  Text token;
  if (mine.state() != ClientLogin::State::kUnderway ||
      !FindChallenge(response_, place, mine.scheme(), &token) || token.empty()) {
    mine.End();  // the answer stands: we are refused
    return false;
  }
  const SECURITY_STATUS status = mine.Step(token, Bindings(place), &room_);
  if (status == SEC_E_LOGON_DENIED) {
    mine.End();  // refused by a token that says so (Negotiate's reject)
  } else if (!SEC_SUCCESS(status)) {
    error_ = status;
  }
  return mine.has_answer();
}

// The answer lets us in, and may have the peer's last token with it: then that has to be right.
void Client::Finish(Place place) {
  ClientLogin& mine = *login(place);
  Text token;
  if (mine.state() == ClientLogin::State::kUnderway &&
      FindChallenge(response_, place, mine.scheme(), &token) && !token.empty()) {
    const SECURITY_STATUS status = mine.Step(token, Bindings(place), &room_);
    if (!SEC_SUCCESS(status)) error_ = status;
  }
  bool* const counted = &counted_[static_cast<size_t>(place)];
  if (mine.state() != ClientLogin::State::kEstablished || *counted) return;
  *counted = true;
  ++logins_in_;
}

}  // namespace http
