// SPDX-License-Identifier: Apache-2.0
// What stands behind a server's login: the application's pages.
#pragma once

#include "boards/http/login.h"

namespace http {

// How the caller got in. Who it is, the task's token says: BareSspiQueryTokenInformation of
// baresspi_port_task_token().
struct Caller {
  Text scheme;   // Negotiate, NTLM; Certificate: TLS's
  Text package;  // NTLM, Schannel
  bool by_certificate = false;
  bool secure = false;                              // the connection is TLS's
  BindingsPolicy bindings = BindingsPolicy::kNone;  // what the server asked of the login
};

// An answer, to be filled in. Content that does not fit becomes 500.
struct Page {
  Text status = "200 OK";
  Text type = "text/plain; charset=utf-8";
  TextWriter content;
};

// Makes the page for a request. Called while the task acts for the caller (ImpersonateSecurityContext), so
// that every access check below it can ask whom it is for; HEAD is told from GET by nobody but the server.
// path: the target's path and query, also of an absolute target; as a proxy, the whole target.
using PageFunction = void (*)(const Request& request, Text path, const Caller& caller, Page* page);

}  // namespace http
