// SPDX-License-Identifier: Apache-2.0
// HTTP: the texts that both sides read, the client against a server that says anything, and the server
// against clients that say anything. In what they say, an octet 1 is the token that a right peer would send
// now, in base64, so that logins get to their end.
#include "boards/http/client.h"
#include "boards/http/server.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/port.h"
#include "tests/fuzz/support/sides.h"
#include "tests/fuzz/support/sockets.h"

#include <optional>
#include <string>

namespace {

using fuzz::Buffer;
using fuzz::Input;
using fuzz::Octets;
using http::Text;

Text TextOf(const Buffer& octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}
bool IsInside(Text part, const Buffer& whole) {
  return fuzz::IsInside({reinterpret_cast<const uint8_t*>(part.data), part.size}, whole.bytes());
}

// ---- Texts. ----
void CheckMessage(const http::Message& message, const Buffer& whole) {
  FUZZ_CHECK(IsInside(message.fields, whole));
  for (const char* name : {"Host", "Content-Length", "Connection", "WWW-Authenticate", "x"}) {
    http::FieldReader reader(message.fields);
    Text value;
    for (unsigned i = 0; reader.Next(name, &value); ++i) {
      FUZZ_CHECK(IsInside(value, whole) && i <= whole.size());
    }
  }
  for (const http::Place place : http::kPlaces) {
    Text token;
    http::Scheme scheme = http::Scheme::kNone;
    for (const http::Scheme one : http::kOffered) {
      if (FindChallenge(message, place, one, &token)) FUZZ_CHECK(IsInside(token, whole));
    }
    if (FindAuthorization(message, place, &scheme, &token)) FUZZ_CHECK(IsInside(token, whole));
  }
}

void TryHead(Input* input) {
  const Buffer octets(input->Rest());
  const Text text = TextOf(octets);
  const size_t end = http::FindHeadEnd(text);
  FUZZ_CHECK(end <= octets.size());
  for (size_t searched = 0; searched < end; ++searched) {
    if (http::FindHeadEnd(text.First(searched)) == 0) FUZZ_CHECK(http::FindHeadEnd(text, searched) == end);
  }
  const Buffer head(octets.data(), end == 0 ? octets.size() : end);
  http::Request request;
  http::Response response;
  if (end == 0) return;
  if (ParseRequest(TextOf(head), &request)) {
    FUZZ_CHECK(IsInside(request.method, head) && IsInside(request.target, head) &&
               IsInside(request.host, head));
    FUZZ_CHECK(!request.method.empty() && !request.target.empty());
    CheckMessage(request, head);
  }
  if (ParseResponse(TextOf(head), &response)) {
    FUZZ_CHECK(IsInside(response.reason, head) && response.status < 1000);
    CheckMessage(response, head);
  }
}

// A body's content is the same in whatever pieces it comes.
std::string ContentOf(http::BodyKind kind, uint32_t length, const Octets& octets, size_t piece,
                      bool* broken) {
  std::string content;
  http::Body body;
  body.Begin(kind, length);
  for (size_t at = 0; at < octets.size();) {
    const Buffer part(octets.data() + at, std::min(piece, octets.size() - at));
    for (size_t used = 0;;) {
      Text text;
      const size_t taken = body.Take(TextOf(part).From(used), &text);
      FUZZ_CHECK(taken <= part.size() - used && IsInside(text, part));
      content.append(text.data == nullptr ? "" : text.data, text.size);
      used += taken;
      if (taken == 0 || used == part.size()) break;
    }
    at += part.size();
    if (body.done() || body.broken()) break;
  }
  *broken = body.broken();
  return content;
}

void TryBody(Input* input) {
  const auto kind = static_cast<http::BodyKind>(input->U8() % 4);
  const uint32_t length = input->U32();
  const size_t piece = 1 + input->U8() % 16;
  const Octets octets = input->Rest();
  bool broken[2];
  const std::string whole = ContentOf(kind, length, octets, SIZE_MAX, &broken[0]);
  const std::string pieces = ContentOf(kind, length, octets, piece, &broken[1]);
  FUZZ_CHECK(broken[0] == broken[1] && whole == pieces);
}

void TryText(Input* input) {
  const size_t room = input->U8();
  const Buffer octets(input->Rest());
  const Text text = TextOf(octets);
  http::Url url;
  http::Address address;
  uint32_t number = 0;
  size_t size = 0;
  if (ParseUrl(text, &url))
    FUZZ_CHECK(url.address.port != 0 && (IsInside(url.path, octets) || Equal(url.path, "/")));
  if (ParseAddress(text, &address))
    FUZZ_CHECK(address.port != 0 && memchr(address.host, 0, sizeof address.host));
  if (http::ParseNumber(text, 1000, &number)) FUZZ_CHECK(number <= 1000 && !text.empty());
  const Text trimmed = http::Trim(text);
  FUZZ_CHECK(IsInside(trimmed, octets) && http::Equal(http::Trim(trimmed), trimmed));
  const Buffer decoded(room);
  if (http::DecodeBase64(text, decoded.data(), room, &size)) {
    FUZZ_CHECK(size <= room && (size + 2) / 3 * 4 == text.size);
    char again[512];
    http::TextWriter writer(again, sizeof again);
    writer.PutBase64(decoded.data(), size);
    FUZZ_CHECK(!writer.ok() || writer.text().size == text.size);
  }
  const Buffer out(room);
  http::TextWriter writer(reinterpret_cast<char*>(out.data()), room);
  writer.PutUtf16le(octets.data(), octets.size() / 2 * 2);
  FUZZ_CHECK(writer.text().size <= room);
}

// ---- A peer that knows the account. ----
class RightPeer {
 public:
  explicit RightPeer(bool client) : client_(client) {}
  // What the other side has said: the last token in it counts.
  void Hear(const Octets& octets) { heard_.append(octets.begin(), octets.end()); }
  // The next token.
  std::string Token() {
    const size_t negotiate = heard_.rfind("Negotiate ");
    const size_t ntlm = heard_.rfind("NTLM ");
    const bool is_ntlm = ntlm != std::string::npos && (negotiate == std::string::npos || ntlm > negotiate);
    if (!side_.has_value()) {
      device_ = fuzz::Device();
      identity_ = fuzz::Alice();
      side_.emplace(is_ntlm ? "NTLM" : "Negotiate", client_ ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND,
                    client_ ? static_cast<void*>(&identity_) : &device_, false);
    }
    const size_t begin = is_ntlm ? ntlm + 5 : negotiate == std::string::npos ? heard_.size() : negotiate + 10;
    const std::string base64 = heard_.substr(begin, heard_.find_first_of("\r\n", begin) - begin);
    Octets token(http::kTokenRoom);
    size_t size = 0;
    if (!http::DecodeBase64({base64.data(), base64.size()}, token.data(), token.size(), &size)) size = 0;
    token.resize(size);
    heard_.clear();
    if (side_->established()) return "";
    const fuzz::Result result = side_->Step(token, {0, client_ ? "HTTP/h" : nullptr, nullptr});
    if (result.status < 0) side_.reset();
    char text[http::kHeadRoom];
    http::TextWriter writer(text, sizeof text);
    writer.PutBase64(result.token.data(), result.token.size());
    return {writer.text().data, writer.text().size};
  }
  // The octets as they are said.
  Octets Say(const Octets& octets) {
    Octets said;
    for (const uint8_t octet : octets) {
      const std::string text = octet == 1 ? Token() : std::string(1, static_cast<char>(octet));
      said.insert(said.end(), text.begin(), text.end());
    }
    return said;
  }

 private:
  bool client_;
  BARESSPI_DEVICE device_ = {};
  SEC_WINNT_AUTH_IDENTITY_A identity_ = {};
  std::optional<fuzz::Side> side_;
  std::string heard_;
};

// ---- The client. ----
void TryClient(Input* input) {
  static http::Client client;
  const unsigned choice = input->U8();
  RightPeer right(false);
  fuzz::sockets::Peer peer;
  peer.piece = input->U8() == 0 ? SIZE_MAX : 1 + choice % 32;
  peer.hears = [&](int, const Octets& octets) { right.Hear(octets); };
  peer.is_awaited = [&](int socket) {
    if (input->empty()) {
      fuzz::sockets::End(socket);
      return true;
    }
    const bool ends = input->U8() % 16 == 15;
    fuzz::sockets::Say(socket, right.Say(input->Counted()));
    if (ends) fuzz::sockets::End(socket);
    return true;
  };
  fuzz::sockets::Begin(peer);
  http::ClientSettings settings;
  settings.account = {fuzz::kUser, fuzz::kDomain, fuzz::kPassword};
  settings.proxy_account = settings.account;
  settings.has_proxy = (choice & 1) != 0;
  memcpy(settings.proxy.host, "proxy", sizeof "proxy");
  settings.proxy.port = 3128;
  settings.scheme = static_cast<http::Scheme>((choice >> 1) % 3);
  settings.timeout = 5000;
  client.Begin(&settings);
  for (unsigned i = 0; i < 1 + (choice >> 4) % 4; ++i) {
    http::ClientRequest request;
    request.method = (choice & 8) != 0 ? "POST" : i == 2 ? "HEAD" : "GET";
    request.body = (choice & 8) != 0 ? "name=value" : "";
    request.url = (choice & 128) != 0 ? "https://h/" : "http://h/path?query";
    const http::Outcome outcome = client.Run(request);
    FUZZ_CHECK(outcome != http::Outcome::kBadUrl && outcome != http::Outcome::kUnreachable);
    if (outcome == http::Outcome::kAnswered) FUZZ_CHECK(client.status() >= 100 && client.status() < 1000);
  }
  client.End();
  FUZZ_CHECK(fuzz::sockets::Open() == 0);
}

// ---- The server. ----
unsigned rounds_left;

void MakePage(const http::Request&, Text path, const http::Caller& caller, http::Page* page) {
  FUZZ_CHECK(baresspi_port_task_token() != nullptr);
  page->content.Put(caller.scheme);
  page->content.Put(path);
}

void TryServer(Input* input) {
  static http::Server server;
  const unsigned choice = input->U8();
  BARESSPI_DEVICE device = fuzz::Device();
  constexpr int kRight = 1;  // the first caller; the others know no password
  RightPeer right(true);
  fuzz::sockets::Peer peer;
  peer.callers = 1 + choice % 15;
  peer.piece = input->U8() == 0 ? SIZE_MAX : 1 + choice % 32;
  peer.hears = [&](int socket, const Octets& octets) {
    if (socket == kRight) right.Hear(octets);
  };
  peer.is_idle = [&] {
    if (input->empty()) return false;
    const size_t made = fuzz::sockets::Made();
    const unsigned what = input->U8();
    if (what == 255) fuzz::sockets::Pass(input->U16());
    const auto socket = static_cast<int>(made < 2 ? 0 : 1 + what % (made - 1));
    if (what < 240 && socket != 0) {
      const Octets octets = input->Counted();
      fuzz::sockets::Say(socket, socket == kRight ? right.Say(octets) : octets);
    }
    if (what >= 224 && what < 240 && socket != 0) fuzz::sockets::End(socket);
    return true;
  };
  fuzz::sockets::Begin(peer);
  uint16_t port = 80;
  const int listener = baresspi_socket_listen("127.0.0.1", &port);
  http::ServerSettings settings;
  settings.page = MakePage;
  settings.place = (choice & 64) != 0 ? http::Place::kProxy : http::Place::kServer;
  settings.timeout = 1000;
  FUZZ_STATUS(server.Begin(listener, &settings, &device), SEC_E_OK);
  rounds_left = 400;
  FUZZ_CHECK(server.Run([] { return rounds_left-- == 0; }));
  server.End();
  FUZZ_CHECK(fuzz::sockets::Open() == 0);
  FUZZ_CHECK(baresspi_port_task_token() == nullptr);
}

constexpr void (*kTries[])(Input*) = {TryHead, TryBody, TryText, TryClient, TryServer};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Case one;
  Input input(data, size);
  kTries[input.U8() % std::size(kTries)](&input);
  return 0;
}
