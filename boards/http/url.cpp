// SPDX-License-Identifier: Apache-2.0
#include "boards/http/client.h"

namespace http {
namespace {

constexpr uint16_t kHttpPort = 80;
constexpr uint16_t kHttpsPort = 443;
constexpr uint32_t kMostPort = 65535;

// What may stand in a host's name, and so in a header: no blanks, no controls, nothing that ends a name.
bool IsHost(Text host) {
  for (size_t i = 0; i < host.size; ++i) {
    if (host[i] <= ' ' || host[i] > '~' || Text("/?#@\\[]<>\"").Find(host[i]) < 10) return false;
  }
  return !host.empty();
}

bool Parse(Text text, uint16_t default_port, Address* address) {
  Text host = text.First(text.Find(':'));
  Text rest = text.From(host.size);
  if (!text.empty() && text[0] == '[') {
    const size_t end = text.Find(']');
    if (end == text.size) return false;
    host = text.From(1).First(end - 1);
    rest = text.From(end + 1);
  }
  if (!IsHost(host) || host.size >= sizeof address->host) return false;
  address->port = default_port;
  if (!rest.empty()) {
    uint32_t port = 0;
    if (rest[0] != ':' || !ParseNumber(rest.From(1), kMostPort, &port) || port == 0) return false;
    address->port = static_cast<uint16_t>(port);
  }
  TextWriter(address->host, sizeof address->host).Put(host);
  address->host[host.size] = 0;
  return true;
}

}  // namespace

bool ParseAddress(Text text, Address* address) {
  return Parse(text, kHttpPort, address);
}

bool ParseUrl(Text text, Url* url) {
  constexpr Text kHttp = "http://";
  constexpr Text kHttps = "https://";
  url->secure = StartsWithIgnoringCase(text, kHttps);
  if (!url->secure && !StartsWithIgnoringCase(text, kHttp)) return false;
  const Text rest = text.From(url->secure ? kHttps.size : kHttp.size);
  const size_t slash = rest.Find('/');
  Text path = slash < rest.size ? rest.From(slash) : Text("/");
  path = path.First(path.Find('#'));
  for (size_t i = 0; i < path.size; ++i) {
    if (path[i] <= ' ' || path[i] > '~') return false;
  }
  url->path = path;
  return Parse(rest.First(slash), url->secure ? kHttpsPort : kHttpPort, &url->address);
}

}  // namespace http
