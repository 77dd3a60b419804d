// SPDX-License-Identifier: Apache-2.0
// The pages of the device: who came, and what only an administrator may see.
#pragma once

#include "boards/examples/accounts.h"
#include "boards/http/page.h"

namespace examples {

struct WebPageContent {
  const char* device = "";             // its name
  const Accounts* accounts = nullptr;  // which of them administer it
  uint32_t began = 0;                  // in baresspi_milliseconds' time
  bool proxy = false;                  // everything is /whoami
};

// What the next pages are made of; kept until it is nullptr again.
void SetWebPageContent(const WebPageContent* content);

// An http::PageFunction.
void MakeWebPage(const http::Request& request, http::Text path, const http::Caller& caller, http::Page* page);

}  // namespace examples
