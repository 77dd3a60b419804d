// SPDX-License-Identifier: Apache-2.0
// What a connection answers: who is there, or a challenge, or no.
#include "boards/http/server.h"

namespace http {
namespace {

constexpr uint8_t kMostRefusals = 3;  // of one connection: who guesses has to come again
constexpr size_t kContentRoom = 1024;
constexpr size_t kMostTarget = 256;  // octets of the target that are shown

constexpr const char* kMethods[] = {"GET", "HEAD", "POST", "PUT"};

bool IsKnownMethod(Text method) {
  for (const char* known : kMethods) {
    if (Equal(method, known)) return true;
  }
  return false;
}

bool IsTarget(Text target, Place place) {
  return place == Place::kProxy ? StartsWithIgnoringCase(target, "http://") : target[0] == '/';
}

}  // namespace

// The request is whole: who sends it?
void Connection::Answer(TokenRoom* room) {
  SecBuffer token = {};
  Scheme scheme = Scheme::kNone;
  Text given;
  if (!IsKnownMethod(request_.method)) {
    return AnswerStatus("405 Method Not Allowed", "Allow: GET, HEAD, POST, PUT\r\n", true);
  }
  if (!IsTarget(request_.target, settings_->place) ||
      !FindAuthorization(request_, settings_->place, &scheme, &given)) {
    return AnswerStatus("400 Bad Request", "", true);
  }
  if (scheme == Scheme::kNone) {
    if (login_.in()) return AnswerWho(token);
    login_.End();  // one that was underway was given up
    return AnswerChallenge(Scheme::kNone, token);
  }
  switch (login_.Accept(credentials_, scheme, given, {}, BindingsPolicy::kNone, room, &token)) {
    case ServerLogin::Verdict::kMore:
      return AnswerChallenge(scheme, token);
    case ServerLogin::Verdict::kIn:
      Report();
      return AnswerWho(token);
    case ServerLogin::Verdict::kFull:
      return AnswerStatus("503 Service Unavailable", "Retry-After: 1\r\n", true);
    case ServerLogin::Verdict::kRefused:
      Report();
      if (++refusals_ == kMostRefusals) closes_ = true;
      return AnswerChallenge(Scheme::kNone, token);
  }
}

void Connection::Report() {
  char buffer[kContentRoom];
  TextWriter who(buffer, sizeof buffer);
  if (settings_->on_login == nullptr) return;
  if (login_.in()) PutAccount(login_.context(), &who);
  settings_->on_login(who.text(), login_.in() ? login_.Package() : "", login_.scheme(), login_.status());
}

void Connection::PutChallenge(TextWriter* out, Scheme scheme, const SecBuffer& token) {
  out->Put(ChallengeField(settings_->place));
  out->Put(": ");
  out->Put(NameOf(scheme));
  if (token.cbBuffer != 0) {
    out->Put(" ");
    out->PutBase64(static_cast<const uint8_t*>(token.pvBuffer), token.cbBuffer);
  }
  out->Put("\r\n");
}

// kNone: all schemes, to begin with; else that one's token, to go on with.
void Connection::AnswerChallenge(Scheme scheme, const SecBuffer& token) {
  const bool proxy = settings_->place == Place::kProxy;
  TextWriter out = BeginAnswer(proxy ? "407 Proxy Authentication Required" : "401 Unauthorized");
  for (const Scheme each : kOffered) {
    if (scheme == Scheme::kNone) PutChallenge(&out, each, {});
    if (scheme == each) PutChallenge(&out, each, token);
  }
  EndAnswer(&out, "who are you?\n");
}

// The client's last token may have an answer too: Negotiate's accept-completed.
void Connection::AnswerWho(const SecBuffer& token) {
  char buffer[kContentRoom];
  TextWriter content(buffer, sizeof buffer);
  content.Put("user=");
  PutAccount(login_.context(), &content);
  content.Put("\nscheme=");
  content.Put(NameOf(login_.scheme()));
  content.Put("\npackage=");
  content.Put(login_.Package());
  content.Put("\ntarget=");
  content.Put(request_.target.First(kMostTarget));
  content.Put("\nbody=");
  content.PutNumber(request_.length);
  content.Put("\n");
  TextWriter out = BeginAnswer("200 OK");
  if (token.cbBuffer != 0) PutChallenge(&out, login_.scheme(), token);
  EndAnswer(&out, content.text());
}

void Connection::AnswerStatus(Text status, Text fields, bool closes) {
  closes_ = closes_ || closes;
  TextWriter out = BeginAnswer(status);
  out.Put(fields);
  EndAnswer(&out, "");
}

// The status line; fields may follow, and then the rest.
TextWriter Connection::BeginAnswer(Text status) {
  TextWriter out(out_buffer_, sizeof out_buffer_);
  out.Put("HTTP/1.1 ");
  out.Put(status);
  out.Put("\r\n");
  return out;
}

void Connection::EndAnswer(TextWriter* out, Text content) {
  out->Put(closes_ ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
  out->Put("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
  out->Put("Content-Type: text/plain; charset=utf-8\r\nContent-Length: ");
  out->PutNumber(static_cast<uint32_t>(content.size));
  out->Put("\r\n\r\n");
  if (!Equal(request_.method, "HEAD")) out->Put(content);
  if (out->ok()) return SendNow(out->text());
  closes_ = true;  // a token that does not fit: the buffer has room for the longest
  SendNow("HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

void Connection::SendNow(Text octets) {
  out_ = octets;
  out_sent_ = 0;
  Enter(Phase::kAnswer, settings_->timeout);
}

}  // namespace http
