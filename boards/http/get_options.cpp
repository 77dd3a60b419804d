// SPDX-License-Identifier: Apache-2.0
#include "boards/http/get_options.h"

namespace http {
namespace {

constexpr uint32_t kMostSeconds = 3600;

// An option that takes no value. False: it is none.
bool ParseSwitch(Text name, ClientSettings* settings) {
  if (Equal(name, "--negotiate")) {
    settings->scheme = Scheme::kNegotiate;
  } else if (Equal(name, "--ntlm")) {
    settings->scheme = Scheme::kNtlm;
  } else {
    return false;
  }
  return true;
}

bool ParseOption(Text name, const char* value, ClientSettings* settings) {
  struct Word {
    const char* name;
    const char** out;
  };
  const Word words[] = {
      {"--user", &settings->account.user},
      {"--domain", &settings->account.domain},
      {"--password", &settings->account.password},
      {"--proxy-user", &settings->proxy_account.user},
      {"--proxy-domain", &settings->proxy_account.domain},
      {"--proxy-password", &settings->proxy_account.password},
  };
  for (const Word& word : words) {
    if (!Equal(name, word.name)) continue;
    *word.out = value;
    return true;
  }
  if (Equal(name, "--proxy")) {
    settings->has_proxy = true;
    return ParseAddress(value, &settings->proxy);
  }
  if (Equal(name, "--post")) {
    settings->method = "POST";
    settings->body = value;
    return true;
  }
  uint32_t seconds = 0;
  if (!Equal(name, "--timeout") || !ParseNumber(value, kMostSeconds, &seconds)) return false;
  settings->timeout = seconds * 1000;
  return true;
}

}  // namespace

const char kGetUsage[] =
    "usage: baresspi-http-get URL [--user U --domain D --password P] [--negotiate | --ntlm]\n"
    "  [--proxy HOST:PORT] [--proxy-user U --proxy-domain D --proxy-password P] [--post TEXT] [--timeout "
    "SECONDS]\n"
    "  Without --proxy-user the proxy gets the same account as the server. Without a scheme it is Negotiate "
    "where that\n"
    "  is offered, else NTLM.\n"
    "exit status: 0 for an answer of 200 to 299, 1 for another, 2 for wrong options, 3 for no answer\n";

bool ParseGetOptions(int count, char** arguments, ClientSettings* settings) {
  for (int i = 1; i < count; ++i) {
    const Text name = arguments[i];
    if (!name.empty() && name[0] != '-') {
      if (!settings->url.empty()) return false;
      settings->url = name;
    } else if (!ParseSwitch(name, settings)) {
      if (i + 1 == count || !ParseOption(name, arguments[i + 1], settings)) return false;
      ++i;
    }
  }
  if (settings->proxy_account.user == nullptr) settings->proxy_account = settings->account;
  Address address;
  Text path;
  return ParseUrl(settings->url, &address, &path);
}

}  // namespace http
