// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/token/console.h"

#include "boards/common/console.h"

namespace console {

std::string input;
std::string output;

}  // namespace console

namespace board {

int ReadOctet() {
  if (console::input.empty()) return -1;
  const int octet = static_cast<uint8_t>(console::input.front());
  console::input.erase(0, 1);
  return octet;
}

void Write(const char* octets, size_t size) {
  console::output.append(octets, size);
}

void Flush() {}

}  // namespace board
