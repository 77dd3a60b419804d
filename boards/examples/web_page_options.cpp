// SPDX-License-Identifier: Apache-2.0
#include "boards/examples/web_page_options.h"

namespace examples {
namespace {

using http::BindingsPolicy;
using http::Equal;
using http::ParseNumber;
using http::Text;

constexpr uint32_t kMostPort = 65535;
constexpr uint32_t kMostSeconds = 3600;
constexpr uint16_t kPort = 8080;
constexpr uint16_t kTlsPort = 8443;

// Options that are a text and no more.
struct TextOption {
  const char* name;
  const char* WebPageOptions::*where;
};
constexpr TextOption kTexts[] = {
    {"--address", &WebPageOptions::address},
    {"--computer", &WebPageOptions::computer},
    {"--certificate", &WebPageOptions::certificate},
    {"--key", &WebPageOptions::key},
    {"--trust", &WebPageOptions::trust},
};

bool ParseSeconds(const char* value, uint32_t* milliseconds) {
  uint32_t seconds = 0;
  if (!ParseNumber(value, kMostSeconds, &seconds) || seconds == 0) return false;
  *milliseconds = seconds * 1000;
  return true;
}

bool ParseBindings(Text value, BindingsPolicy* policy) {
  if (Equal(value, "none")) {
    *policy = BindingsPolicy::kNone;
  } else if (Equal(value, "offered")) {
    *policy = BindingsPolicy::kWhereSent;
  } else {
    *policy = BindingsPolicy::kRequired;
    return Equal(value, "required");
  }
  return true;
}

// --user begins an account, --domain and --password add to it; a --domain before them is the device's.
bool ParseAccount(Text name, const char* value, WebPageOptions* options, Accounts* accounts) {
  if (Equal(name, "--user")) return accounts->AddUser(value);
  if (Equal(name, "--password")) return accounts->SetPassword(value);
  if (Equal(name, "--map-certificate")) return accounts->AddMapping(value);
  if (Equal(name, "--admin")) return accounts->AddAdmin(value);
  if (!Equal(name, "--domain")) return false;
  if (accounts->has_users()) return accounts->SetDomain(value);
  options->domain = value;
  return true;
}

bool ParseOption(Text name, const char* value, WebPageOptions* options, Accounts* accounts) {
  for (const TextOption& option : kTexts) {
    if (!Equal(name, option.name)) continue;
    options->*option.where = value;
    return true;
  }
  if (Equal(name, "--port")) {
    uint32_t number = 0;
    if (!ParseNumber(value, kMostPort, &number)) return false;
    options->port = static_cast<uint16_t>(number);
    options->has_port = true;
    return true;
  }
  if (Equal(name, "--timeout")) return ParseSeconds(value, &options->settings.timeout);
  if (Equal(name, "--handshake-timeout")) return ParseSeconds(value, &options->settings.handshake_timeout);
  if (Equal(name, "--bindings")) return ParseBindings(value, &options->settings.bindings);
  return ParseAccount(name, value, options, accounts);
}

}  // namespace

const char kWebPageUsage[] =
    "usage: baresspi-httpd [--address A] [--port N] [--computer NAME] [--domain D] [--timeout SECONDS] "
    "[--proxy-mode]\n"
    "  [--certificate FILE --key FILE [--trust FILE] [--bindings none|offered|required] [--no-dates]\n"
    "   [--handshake-timeout SECONDS] [--map-certificate "
    "cn:NAME=ACCOUNT|upn:USER@REALM=ACCOUNT|sha256:HEX=ACCOUNT]...]\n"
    "  --user U [--domain D] [--password P] [--user U ...] [--admin ACCOUNT]...\n"
    "  A page for these accounts, which log in by Negotiate or NTLM. Without a domain of its own an account "
    "is let\n"
    "  in whatever domain it says; without a password, by a certificate alone. ACCOUNT is DOMAIN\\user, or "
    "user.\n"
    "  Port 0: a free one, which is printed.\n"
    "  --certificate, --key: HTTPS, with these (PEM or DER). --trust: whose certificates of clients count; "
    "the rules\n"
    "  say whom they stand for. --bindings: what a login inside TLS has to say of the connection that it is "
    "made\n"
    "  over; offered: it may say nothing. --admin: who may see /settings. --no-dates: clients' certificates "
    "are good\n"
    "  at any time. --proxy-mode: asks as a proxy does.\n";

bool ParseWebPageOptions(int count, char** arguments, WebPageOptions* options, Accounts* accounts) {
  *options = {};
  accounts->Clear();
  for (int i = 1; i < count; ++i) {
    if (Equal(arguments[i], "--proxy-mode")) {
      options->settings.place = http::Place::kProxy;
    } else if (Equal(arguments[i], "--no-dates")) {
      options->no_dates = true;
    } else if (i + 1 == count || !ParseOption(arguments[i], arguments[i + 1], options, accounts)) {
      return false;
    } else {
      ++i;
    }
  }
  const bool tls = options->certificate != nullptr;
  if (!options->has_port) options->port = tls ? kTlsPort : kPort;
  // What belongs to TLS says so without it; a rule for certificates that nobody checks would let anybody in.
  if (tls != (options->key != nullptr) || (options->trust != nullptr && !tls)) return false;
  if (!tls && options->settings.bindings == BindingsPolicy::kRequired) return false;
  if (accounts->has_mappings() && options->trust == nullptr) return false;
  return !accounts->empty();
}

}  // namespace examples
