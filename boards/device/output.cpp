// SPDX-License-Identifier: Apache-2.0
#include "boards/device/output.h"

#include "boards/common/console.h"

namespace device {

Line::~Line() {
  board::Write(text_.text().data, text_.text().size);
  board::Write("\n", 1);
}

Line& Line::operator<<(const char* text) {
  text_.Put(text);
  return *this;
}

Line& Line::operator<<(uint32_t value) {
  text_.PutNumber(value);
  return *this;
}

Line& Line::operator<<(uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  text_.Put({digits + at, sizeof digits - at});
  return *this;
}

Line& Line::Two(uint32_t value) {
  const char digits[] = {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
  text_.Put({digits, sizeof digits});
  return *this;
}

}  // namespace device
