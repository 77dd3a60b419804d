// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/options.h"

#include "boards/ldap/filter.h"

namespace ldap {
namespace {

constexpr uint16_t kPort = 389;
constexpr uint16_t kSecurePort = 636;
constexpr uint32_t kMostPort = 65535;
constexpr uint32_t kMostSeconds = 3600;

bool IsHost(Text host) {
  constexpr Text kNone = "/?#@\\[]<>\"";
  for (size_t i = 0; i < host.size; ++i) {
    if (host[i] <= ' ' || host[i] > '~' || kNone.Find(host[i]) != kNone.size) return false;
  }
  return !host.empty();
}

// "host[:port]"; an IPv6 address stands in brackets.
bool ParsePlace(Text text, uint16_t port, Place* place) {
  Text host = text.First(text.Find(':'));
  Text rest = text.From(host.size);
  if (!text.empty() && text[0] == '[') {
    const size_t end = text.Find(']');
    if (end == text.size) return false;
    host = text.First(end).From(1);
    rest = text.From(end + 1);
  }
  if (!IsHost(host) || host.size >= sizeof place->host) return false;
  TextWriter(place->host, sizeof place->host).Put(host);
  place->host[host.size] = 0;
  place->port = port;
  if (rest.empty()) return true;
  uint32_t number = 0;
  if (rest[0] != ':' || !http::ParseNumber(rest.From(1), kMostPort, &number)) return false;
  place->port = static_cast<uint16_t>(number);
  return number != 0;
}

bool ParseUrl(Text url, SearchOptions* options) {
  constexpr Text kPlain = "ldap://";
  constexpr Text kSecure = "ldaps://";
  if (options->server.port != 0) return false;
  options->secure = http::StartsWithIgnoringCase(url, kSecure);
  if (!options->secure && !http::StartsWithIgnoringCase(url, kPlain)) return false;
  Text place = url.From(options->secure ? kSecure.size : kPlain.size);
  if (!place.empty() && place[place.size - 1] == '/') --place.size;
  return ParsePlace(place, options->secure ? kSecurePort : kPort, &options->server);
}

bool ParseSwitch(Text name, SearchOptions* options) {
  if (http::Equal(name, "--no-dates")) {
    options->no_dates = true;
    return true;
  }
  static constexpr struct {
    Text name;
    Protection protection;
  } kProtections[] = {
      {"--seal", Protection::kSealed}, {"--sign", Protection::kSigned}, {"--plain", Protection::kNone}};
  for (const auto& each : kProtections) {
    if (!http::Equal(name, each.name)) continue;
    options->settings.protection = each.protection;
    options->protection_given = true;
    return true;
  }
  return false;
}

bool ParseTimeout(Text value, SearchOptions* options) {
  uint32_t seconds = 0;
  if (!http::ParseNumber(value, kMostSeconds, &seconds)) return false;
  options->settings.timeout = seconds * 1000;
  return true;
}

bool ParseAttribute(Text value, SearchOptions* options) {
  if (options->attribute_count == SearchOptions::kMostAttributes) return false;
  options->attributes[options->attribute_count++] = value;
  return true;
}

bool ParseOption(Text name, const char* value, SearchOptions* options) {
  const struct {
    Text name;
    const char** value;
  } texts[] = {{"--user", &options->settings.account.user},
               {"--domain", &options->settings.account.domain},
               {"--password", &options->settings.account.password},
               {"--trust", &options->trust},
               {"--base", &options->base}};
  for (const auto& each : texts) {
    if (!http::Equal(name, each.name)) continue;
    *each.value = value;
    return true;
  }
  if (http::Equal(name, "--connect")) return ParsePlace(value, 0, &options->connect);
  if (http::Equal(name, "--timeout")) return ParseTimeout(value, options);
  if (http::Equal(name, "--attribute")) return ParseAttribute(value, options);
  if (!http::Equal(name, "--filter")) return false;
  options->filter = value;
  uint8_t room[BARESSPI_LDAP_OUT];
  BerWriter writer(room, sizeof room);
  return PutFilter(&writer, value) && writer.ok();
}

}  // namespace

const char kSearchUsage[] =
    "usage: baresspi-ldap-search ldap://HOST[:PORT] | ldaps://HOST[:PORT] --user U [--domain D] --password "
    "P\n"
    "  [--connect HOST:PORT] [--seal | --sign | --plain] [--trust FILE [--no-dates]] [--base DN]\n"
    "  [--filter FILTER] [--attribute NAME]... [--timeout SECONDS]\n"
    "  Logs in by GSS-SPNEGO and shows the account's own entry, or those of the filter. The bind protects "
    "what follows:\n"
    "  sealed, unless it is told otherwise; inside TLS (ldaps) it is plain. --trust has the certificates of "
    "who may have\n"
    "  signed the server's, in PEM; --no-dates is for a device without a clock. --connect says where the "
    "server is.\n"
    "exit status: 0 done, 1 the server refused, 2 wrong options, 3 no answer\n";

bool ParseSearchOptions(int count, char** arguments, SearchOptions* options) {
  for (int i = 1; i < count; ++i) {
    const Text name = arguments[i];
    if (name.empty() || name[0] != '-') {
      if (!ParseUrl(name, options)) return false;
    } else if (!ParseSwitch(name, options)) {
      if (i + 1 == count || !ParseOption(name, arguments[++i], options)) return false;
    }
  }
  Settings& settings = options->settings;
  if (options->server.port == 0 || settings.account.user == nullptr) return false;
  // Directories take no layer inside of TLS, and no server can be known without a trust anchor.
  if (options->secure && !options->protection_given) settings.protection = Protection::kNone;
  if (options->secure != (options->trust != nullptr)) return false;
  if (options->secure && settings.protection != Protection::kNone) return false;
  const bool elsewhere = options->connect.host[0] != 0;
  settings.host = options->server.host;
  settings.address = elsewhere ? options->connect.host : nullptr;
  settings.port = elsewhere && options->connect.port != 0 ? options->connect.port : options->server.port;
  return true;
}

}  // namespace ldap
