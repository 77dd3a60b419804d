// SPDX-License-Identifier: Apache-2.0
// The client's requests, and what the answers mean for its logins.
#include "boards/http/client.h"

namespace http {

// While a login is at its first token the server cannot but refuse: the body goes with the next.
bool Client::WithholdsBody() {
  for (ClientLogin& login : logins_) {
    if (login.has_answer() && login.answers() == 1) return !settings_->body.empty();
  }
  return false;
}

void Client::PutAuthority(TextWriter* out) {
  const Text host = address_.host;
  const bool is_ipv6 = host.Find(':') < host.size;
  out->Put(is_ipv6 ? "[" : "");
  out->Put(host);
  out->Put(is_ipv6 ? "]" : "");
  if (address_.port == 80) return;
  out->Put(":");
  out->PutNumber(address_.port);
}

bool Client::Compose() {
  TextWriter out(out_, sizeof out_);
  withheld_ = WithholdsBody();
  out.Put(settings_->method);
  out.Put(" ");
  if (settings_->has_proxy) {
    out.Put("http://");
    PutAuthority(&out);
  }
  out.Put(path_);
  out.Put(" HTTP/1.1\r\nHost: ");
  PutAuthority(&out);
  out.Put("\r\nUser-Agent: baresspi-http-get\r\nAccept: */*\r\n");
  login(Place::kProxy)->PutAnswer(Place::kProxy, &out);
  login(Place::kServer)->PutAnswer(Place::kServer, &out);
  if (!settings_->body.empty() || Equal(settings_->method, "POST")) {
    out.Put("Content-Type: ");
    out.Put(settings_->content_type);
    out.Put("\r\nContent-Length: ");
    out.PutNumber(withheld_ ? 0 : static_cast<uint32_t>(settings_->body.size));
    out.Put("\r\n");
  }
  out.Put("\r\n");
  out_size_ = out.text().size;
  return out.ok();
}

// What the answer's head asks for. True: another request. *outcome: kLoginFailed if the login is broken.
bool Client::GoOn(Outcome* outcome) {
  bool more = false;
  bool asked = false;
  for (const Place place : kPlaces) {
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

// The peer wants a login, or its next token. True: there is one to send.
bool Client::Advance(Place place) {
  ClientLogin& mine = *login(place);
  const Account& account = place == Place::kServer ? settings_->account : settings_->proxy_account;
  if (mine.state() == ClientLogin::State::kIdle) {
    const Scheme scheme = Choose(place);
    if (account.user == nullptr || scheme == Scheme::kNone) return false;
    error_ = mine.Begin(scheme, account, targets_[static_cast<size_t>(place)]);
    if (error_ != SEC_E_OK) return false;
    const SECURITY_STATUS status = mine.Step({}, {}, &room_);
    if (!SEC_SUCCESS(status)) error_ = status;
    return mine.has_answer();
  }
  Text token;
  if (mine.state() != ClientLogin::State::kUnderway ||
      !FindChallenge(response_, place, mine.scheme(), &token) || token.empty()) {
    mine.End();  // the answer stands: we are refused
    return false;
  }
  const SECURITY_STATUS status = mine.Step(token, {}, &room_);
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
  if (mine.state() != ClientLogin::State::kUnderway) return;
  if (!FindChallenge(response_, place, mine.scheme(), &token) || token.empty()) return;
  const SECURITY_STATUS status = mine.Step(token, {}, &room_);
  if (!SEC_SUCCESS(status)) error_ = status;
}

}  // namespace http
