// SPDX-License-Identifier: Apache-2.0
#include "boards/http/httpd_options.h"

namespace http {
namespace {

constexpr uint32_t kMostPort = 65535;
constexpr uint32_t kMostSeconds = 3600;

// --user begins an account, --domain and --password add to it; a --domain before them is the device's.
bool ParseAccount(Text name, const char* value, ServerOptions* options) {
  Account* const account =
      options->account_count != 0 ? &options->accounts[options->account_count - 1] : nullptr;
  if (Equal(name, "--user")) {
    if (options->account_count == kMostAccounts) return false;
    options->accounts[options->account_count++] = {value, nullptr, ""};
    return true;
  }
  if (Equal(name, "--domain")) {
    (account != nullptr ? account->domain : options->domain) = value;
    return true;
  }
  if (!Equal(name, "--password") || account == nullptr) return false;
  account->password = value;
  return true;
}

bool ParseOption(Text name, const char* value, ServerOptions* options) {
  uint32_t number = 0;
  if (Equal(name, "--address")) {
    options->address = value;
  } else if (Equal(name, "--computer")) {
    options->computer = value;
  } else if (Equal(name, "--port")) {
    if (!ParseNumber(value, kMostPort, &number)) return false;
    options->port = static_cast<uint16_t>(number);
  } else if (Equal(name, "--timeout")) {
    if (!ParseNumber(value, kMostSeconds, &number) || number == 0) return false;
    options->settings.timeout = number * 1000;
  } else {
    return ParseAccount(name, value, options);
  }
  return true;
}

}  // namespace

const char kServerUsage[] =
    "usage: baresspi-httpd [--address A] [--port N] [--computer NAME] [--domain D] [--proxy-mode] [--timeout "
    "SECONDS]\n"
    "  --user U [--domain D] [--password P] [--user U ...]\n"
    "  Lets these accounts in by Negotiate or NTLM, and tells them who they are. Without a domain of its own "
    "an account\n"
    "  is let in whatever domain it says. Port 0: a free one, which is printed. --proxy-mode: asks as a "
    "proxy does.\n";

bool ParseServerOptions(int count, char** arguments, ServerOptions* options) {
  for (int i = 1; i < count; ++i) {
    if (Equal(arguments[i], "--proxy-mode")) {
      options->settings.place = Place::kProxy;
      continue;
    }
    if (i + 1 == count || !ParseOption(arguments[i], arguments[i + 1], options)) return false;
    ++i;
  }
  return options->account_count != 0;
}

}  // namespace http
