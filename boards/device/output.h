// SPDX-License-Identifier: Apache-2.0
// A line for the console: put together, and written when it ends.
#pragma once

#include "boards/http/text.h"

namespace device {

class Line {
 public:
  Line() = default;
  ~Line();  // writes it, with the line's end
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Line& operator<<(const char* text);
  Line& operator<<(uint32_t value);
  Line& operator<<(uint64_t value);
  Line& Two(uint32_t value);  // two digits

 private:
  char buffer_[256] = {};
  http::TextWriter text_{buffer_, sizeof buffer_};
};

}  // namespace device
