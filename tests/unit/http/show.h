// SPDX-License-Identifier: Apache-2.0
// The HTTP example's texts as GoogleTest can compare and print them.
#pragma once

#include <string>

#include "boards/http/text.h"

namespace http_test {

inline std::string Show(http::Text text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}

inline http::Text View(const std::string& text) {
  return {text.data(), text.size()};
}

}  // namespace http_test
