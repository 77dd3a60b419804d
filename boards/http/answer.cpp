// SPDX-License-Identifier: Apache-2.0
// What a connection answers: the application's page, or a challenge, or no.
#include "boards/http/server.h"
#include "port/sockets.h"

namespace http {
namespace {

constexpr uint8_t kMostRefusals = 3;  // of one connection: who guesses has to come again
constexpr size_t kNameRoom = 1024;
constexpr char kHtml[] = "text/html; charset=utf-8";

// What a browser is told with every answer: keep nothing, guess no type, and load, run, frame and send
// nothing but the page itself. No Strict-Transport-Security: it would shut out whoever has not got the
// certificate of the device's own CA yet, and every other service under the device's name.
constexpr char kSecurityFields[] =
    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; form-action 'none'; base-uri "
    "'none'\r\n";

constexpr const char* kMethods[] = {"GET", "HEAD", "POST", "PUT"};

bool IsKnownMethod(Text method) {
  for (const char* known : kMethods) {
    if (Equal(method, known)) return true;
  }
  return false;
}

// A host, and perhaps a port: no blanks, no user, nothing that ends it (RFC 9110 7.2).
bool IsAuthority(Text text) {
  constexpr Text kEnds = "/?#@\\<>\"";
  for (size_t i = 0; i < text.size; ++i) {
    if (text[i] <= ' ' || text[i] > '~' || kEnds.Find(text[i]) < kEnds.size) return false;
  }
  return !text.empty();
}

// The target's path (RFC 9112 3.2): origin-form, or absolute-form, whose authority counts instead of Host.
bool FindPath(const Request& request, Place place, bool secure, Text* path) {
  *path = request.target;
  if (!request.host.empty() && !IsAuthority(request.host)) return false;
  if (place == Place::kProxy) return StartsWithIgnoringCase(request.target, "http://");
  if (request.target[0] == '/') return true;
  const Text scheme = secure ? "https://" : "http://";
  if (!StartsWithIgnoringCase(request.target, scheme)) return false;
  const Text rest = request.target.From(scheme.size);
  const size_t slash = rest.Find('/');
  const size_t query = rest.Find('?');
  const size_t end = slash < query ? slash : query;
  *path = slash == end && slash < rest.size ? rest.From(slash) : Text("/");
  return IsAuthority(rest.First(end));
}

}  // namespace

// The request is whole: who sends it?
void Connection::Answer(WorkRoom* room) {
  SecBuffer token = {};
  Scheme scheme = Scheme::kNone;
  Text given;
  Text path;
  if (!IsKnownMethod(request_.method)) {
    return AnswerStatus("405 Method Not Allowed", "Allow: GET, HEAD, POST, PUT\r\n", true);
  }
  if (!FindPath(request_, settings_->place, stream_.secure(), &path) ||
      !FindAuthorization(request_, settings_->place, &scheme, &given)) {
    return AnswerStatus("400 Bad Request", "", true);
  }
  if (scheme == Scheme::kNone) {
    if (login_.underway()) login_.End();  // it was given up
    return Actor() != nullptr ? AnswerPage(path, token, room) : AnswerChallenge(Scheme::kNone, token);
  }
  const SecBuffer bindings = stream_.secure() ? stream_.Bindings() : SecBuffer{};
  const BindingsPolicy policy = stream_.secure() ? settings_->bindings : BindingsPolicy::kNone;
  switch (login_.Accept(credentials_, scheme, given, bindings, policy, &room->tokens, &token)) {
    case ServerLogin::Verdict::kMore:
      return AnswerChallenge(scheme, token);
    case ServerLogin::Verdict::kIn:
      Report(SEC_E_OK);
      return AnswerPage(path, token, room);
    case ServerLogin::Verdict::kFull:
      return AnswerStatus(kUnavailable, kComeAgain, true);
    case ServerLogin::Verdict::kRefused:
      Report(login_.status());
      if (++refusals_ == kMostRefusals) closes_ = true;
      return AnswerChallenge(Scheme::kNone, token);
  }
}

void Connection::Report(SECURITY_STATUS status) {
  char buffer[kNameRoom];
  TextWriter who(buffer, sizeof buffer);
  if (settings_->on_login == nullptr) return;
  if (phase_ == Phase::kHandshake) return settings_->on_login("", "", "TLS", status);
  if (status != SEC_E_OK) return settings_->on_login("", "", NameOf(login_.scheme()), status);
  PutAccount(Actor(), &who);
  settings_->on_login(who.text(), PackageName(), SchemeName(), status);
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
  EndAnswer(&out, kHtml, "<!DOCTYPE html>\n<title>Who are you?</title>\n<p>Who are you?\n");
}

// The client's last token may have an answer too: Negotiate's accept-completed.
void Connection::AnswerPage(Text path, const SecBuffer& token, WorkRoom* room) {
  const BindingsPolicy policy = stream_.secure() ? settings_->bindings : BindingsPolicy::kNone;
  const Caller caller = {SchemeName(), PackageName(), certified_ && !login_.in(), stream_.secure(), policy};
  Page page = {.content = TextWriter(room->content, sizeof room->content)};
  CtxtHandle* const actor = Actor();
  if (ImpersonateSecurityContext(actor) != SEC_E_OK) return AnswerStatus("403 Forbidden", "", true);
  stranger_since_ = baresspi_milliseconds();
  settings_->page(request_, path, caller, &page);
  (void)RevertSecurityContext(actor);
  if (!page.content.ok()) return AnswerStatus("500 Internal Server Error", "", true);
  TextWriter out = BeginAnswer(page.status);
  if (token.cbBuffer != 0) PutChallenge(&out, login_.scheme(), token);
  EndAnswer(&out, page.type, page.content.text());
}

void Connection::AnswerStatus(Text status, Text fields, bool closes) {
  char buffer[128];
  TextWriter content(buffer, sizeof buffer);
  closes_ = closes_ || closes;
  content.Put("<!DOCTYPE html>\n<title>");
  content.Put(status);
  content.Put("</title>\n<p>");
  content.Put(status);
  content.Put("\n");
  TextWriter out = BeginAnswer(status);
  out.Put(fields);
  EndAnswer(&out, kHtml, content.text());
}

// The status line; fields may follow, and then the rest.
TextWriter Connection::BeginAnswer(Text status) {
  TextWriter out(out_buffer_, sizeof out_buffer_);
  out.Put("HTTP/1.1 ");
  out.Put(status);
  out.Put("\r\n");
  return out;
}

void Connection::EndAnswer(TextWriter* out, Text type, Text content) {
  out->Put(closes_ ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
  out->Put(kSecurityFields);
  out->Put("Content-Type: ");
  out->Put(type);
  out->Put("\r\nContent-Length: ");
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
