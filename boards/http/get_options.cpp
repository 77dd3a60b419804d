// SPDX-License-Identifier: Apache-2.0
#include "boards/http/get_options.h"

namespace http {
namespace {

constexpr uint32_t kMostSeconds = 3600;

// An option that takes no value. False: it is none.
bool ParseSwitch(Text name, GetOptions* options) {
  if (Equal(name, "--negotiate")) {
    options->settings.scheme = Scheme::kNegotiate;
  } else if (Equal(name, "--ntlm")) {
    options->settings.scheme = Scheme::kNtlm;
  } else if (Equal(name, "--no-dates")) {
    options->no_dates = true;
  } else if (Equal(name, "--apart")) {
    options->apart = true;
  } else {
    return false;
  }
  return true;
}

bool SetWord(Text name, const char* value, GetOptions* options) {
  struct Word {
    const char* name;
    const char** out;
  };
  const Word words[] = {
      {"--user", &options->settings.account.user},
      {"--domain", &options->settings.account.domain},
      {"--password", &options->settings.account.password},
      {"--proxy-user", &options->settings.proxy_account.user},
      {"--proxy-domain", &options->settings.proxy_account.domain},
      {"--proxy-password", &options->settings.proxy_account.password},
      {"--trust", &options->trust},
      {"--certificate", &options->certificate},
      {"--key", &options->key},
  };
  const char** out = nullptr;
  for (const Word& word : words) {
    if (Equal(name, word.name)) out = word.out;
  }
  if (out != nullptr) *out = value;
  return out != nullptr;
}

bool ParseOption(Text name, const char* value, GetOptions* options) {
  ClientSettings& settings = options->settings;
  if (SetWord(name, value, options)) return true;
  if (Equal(name, "--proxy")) {
    settings.has_proxy = true;
    return ParseAddress(value, &settings.proxy);
  }
  if (Equal(name, "--connect")) {
    settings.has_detour = true;
    return ParseAddress(value, &settings.detour);
  }
  uint32_t seconds = 0;
  if (!Equal(name, "--timeout") || !ParseNumber(value, kMostSeconds, &seconds)) return false;
  settings.timeout = seconds * 1000;
  return true;
}

// False: it is one already.
bool MakePost(const char* text, ClientRequest* request) {
  if (Equal(request->method, "POST")) return false;
  request->method = "POST";
  request->body = text;
  return true;
}

bool AddUrl(const char* text, const char* post, GetOptions* options) {
  Url url;
  if (options->request_count == kMostRequests || !ParseUrl(text, &url)) return false;
  ClientRequest* const request = &options->requests[options->request_count++];
  request->url = text;
  if (post != nullptr) (void)MakePost(post, request);
  (url.secure ? options->any_secure : options->any_plain) = true;
  return true;
}

bool IsConsistent(const GetOptions& options) {
  if ((options.certificate == nullptr) != (options.key == nullptr)) return false;
  // A proxy that is asked for http:// goes where the URL says.
  if (options.settings.has_detour && options.settings.has_proxy && options.any_plain) return false;
  return options.request_count != 0 && (!options.any_secure || options.trust != nullptr);
}

}  // namespace

const char kGetUsage[] =
    "usage: baresspi-http-get [--post TEXT] URL... [--user U --domain D --password P] [--negotiate | "
    "--ntlm]\n"
    "  [--trust FILE [--no-dates] [--certificate FILE --key FILE]] [--connect HOST:PORT]\n"
    "  [--proxy HOST:PORT] [--proxy-user U --proxy-domain D --proxy-password P] [--apart] [--timeout "
    "SECONDS]\n"
    "  Several URLs of one server go over one connection with one login; --apart: each over its own, where "
    "TLS\n"
    "  resumes the session of the one before. --post is for the URL behind it, or for\n"
    "  the last. https:// needs --trust: the certificates to trust, PEM or DER. --connect says where the "
    "server\n"
    "  really is; its name stays the URL's. Without --proxy-user the proxy gets the server's account. "
    "Without a\n"
    "  scheme it is Negotiate where that is offered, else NTLM. --timeout (30) is for everything together.\n"
    "exit status: 0 for answers of 200 to 299, 1 for others, 2 for wrong options, 3 for no answer\n";

bool ParseGetOptions(int count, char** arguments, GetOptions* options) {
  const char* post = nullptr;
  for (int i = 1; i < count; ++i) {
    const char* const word = arguments[i];
    if (word[0] != 0 && word[0] != '-') {
      if (!AddUrl(word, post, options)) return false;
      post = nullptr;
      continue;
    }
    if (ParseSwitch(word, options)) continue;
    if (++i == count) return false;
    if (Equal(word, "--post")) {
      if (post != nullptr) return false;
      post = arguments[i];
    } else if (!ParseOption(word, arguments[i], options)) {
      return false;
    }
  }
  if (!IsConsistent(*options)) return false;
  if (post != nullptr && !MakePost(post, &options->requests[options->request_count - 1])) return false;
  ClientSettings& settings = options->settings;
  if (settings.proxy_account.user == nullptr) settings.proxy_account = settings.account;
  return true;
}

}  // namespace http
