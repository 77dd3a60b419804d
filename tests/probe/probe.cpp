// SPDX-License-Identifier: Apache-2.0
// An image that does one thing after another to its board, as its first argument says; check.py looks at what
// comes of it.
#include <stdint.h>

#include "boards/common/console.h"
#include "port/port.h"

namespace {

void Put(const char* text) {
  size_t length = 0;
  while (text[length] != 0) ++length;
  board::Write(text, length);
}

void PutHex(const uint8_t* octets, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    const char digits[] = {"0123456789abcdef"[octets[i] >> 4], "0123456789abcdef"[octets[i] & 15]};
    board::Write(digits, sizeof digits);
  }
}

void PutNumber(uint64_t value) {
  uint8_t octets[8];
  for (int i = 7; i >= 0; --i, value >>= 8) octets[i] = static_cast<uint8_t>(value);
  PutHex(octets, sizeof octets);
}

// Keeps its frame in use on both sides of the call, so that it cannot become a loop.
int UseStack(int depth) {
  volatile uint8_t frame[128];
  frame[0] = static_cast<uint8_t>(depth);
  const int below = depth > 0 ? UseStack(depth - 1) : 0;
  return below + frame[0];
}

int Echo() {
  for (int octet = board::ReadOctet(); octet >= 0; octet = board::ReadOctet()) {
    const char text = static_cast<char>(octet);
    board::Write(&text, 1);
    if (octet == '\n') board::Flush();
  }
  return 0;
}

int Arguments(int count, char** arguments) {
  for (int i = 2; i < count; ++i) {
    Put("<");
    Put(arguments[i]);
    Put(">\n");
  }
  return count - 2;
}

int Clock() {
  uint64_t now = 0;
  if (baresspi_port_clock(&now) == 0) return 1;
  PutNumber(now);
  Put("\n");
  return 0;
}

int Random() {
  uint8_t octets[64];
  for (int i = 0; i < 4; ++i) {
    if (baresspi_port_random(octets, sizeof octets) == 0) return 1;
    PutHex(octets, sizeof octets);
    Put("\n");
  }
  return 0;
}

int TaskToken() {
  int somebody = 0;
  if (baresspi_port_task_token() != nullptr) return 1;
  baresspi_port_set_task_token(&somebody);
  if (baresspi_port_task_token() != &somebody) return 2;
  baresspi_port_set_task_token(nullptr);
  return baresspi_port_task_token() == nullptr ? 0 : 3;
}

int Device() {
  static const BARESSPI_DEVICE device = {};
  if (baresspi_port_device() != nullptr) return 1;
  board::SetDevice(&device);
  return baresspi_port_device() == &device ? 0 : 2;
}

bool Is(const char* a, const char* b) {
  while (*a != 0 && *a == *b) {
    ++a;
    ++b;
  }
  return *a == *b;
}

int Run(int count, char** arguments) {
  const char* const what = count > 1 ? arguments[1] : "";
  if (Is(what, "echo")) return Echo();
  if (Is(what, "arguments")) return Arguments(count, arguments);
  if (Is(what, "clock")) return Clock();
  if (Is(what, "random")) return Random();
  if (Is(what, "task-token")) return TaskToken();
  if (Is(what, "device")) return Device();
  if (Is(what, "stack-1000")) return UseStack(1000 / 128) & 0;
  if (Is(what, "stack-2000")) return UseStack(2000 / 128) & 0;
  if (Is(what, "stack-overflow")) return UseStack(1 << 20) & 0;
  if (Is(what, "fault")) __builtin_trap();
  if (Is(what, "log")) baresspi_port_log(BARESSPI_EVENT_CLOCK_SKEW, 0x1234);
  return Is(what, "log") ? 0 : 99;
}

}  // namespace

int main(int argc, char** argv) {
  const int status = Run(argc, argv);
  board::Flush();
  return status;
}
