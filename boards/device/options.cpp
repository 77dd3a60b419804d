// SPDX-License-Identifier: Apache-2.0
#include "boards/device/options.h"

#include "boards/http/text.h"

namespace device {
namespace {

using http::Equal;
using http::Text;
using http::TextWriter;

// Cuts text at the first such character, and returns what is behind it; nullptr: there is none.
char* Cut(char* text, char at) {
  while (*text != 0 && *text != at) ++text;
  if (*text == 0) return nullptr;
  *text = 0;
  return text + 1;
}

void PutNetmask(uint32_t bits, Options* options) {
  const uint32_t mask = bits == 0 ? 0 : 0xFFFFFFFFU << (32 - bits);
  TextWriter out(options->netmask, sizeof options->netmask - 1);
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.PutNumber((mask >> shift) & 255);
    if (shift != 0) out.Put(".");
  }
}

bool ParseAddress(char* value, Options* options) {
  options->dhcp = Equal(value, "dhcp");
  if (options->dhcp) return true;
  options->address = value;
  char* const gateway = Cut(value, ',');
  if (gateway != nullptr) {
    options->name_server = Cut(gateway, ',');
    if (*gateway != 0) options->gateway = gateway;
  }
  const char* const bits = Cut(value, '/');
  uint32_t count = 0;
  if (bits == nullptr || !http::ParseNumber(bits, 32, &count)) return false;
  PutNetmask(count, options);
  return true;
}

bool ParseTime(char* value, Options* options) {
  if (Equal(value, "none")) {
    options->time = TimeFrom::kNowhere;
    return true;
  }
  if (http::ParseNumber(value, UINT32_MAX, &options->unix_seconds)) {
    options->time = TimeFrom::kGiven;
    return true;
  }
  options->time = TimeFrom::kSntp;
  char* const server = Cut(value, ':');
  options->time_server = server;
  if (server == nullptr || !Equal(value, "sntp")) return false;
  const char* const port = Cut(server, ':');
  uint32_t number = 0;
  if (port != nullptr && !http::ParseNumber(port, UINT16_MAX, &number)) return false;
  options->time_port = static_cast<uint16_t>(number);
  return *server != 0;
}

}  // namespace

const char kUsage[] =
    "usage: baresspi-device [--address dhcp | IP/BITS[,GATEWAY[,DNS]]]\n"
    "  [--time sntp:HOST[:PORT] | UNIXSECONDS | none]\n"
    "  A device behind a console: brings its network up, says what it is and `ready`, and then obeys a line\n"
    "  each (help: which there are). --address and --time are for boards: a program of a machine has that\n"
    "  machine's. Without --time a board has its emulator's clock.\n";

bool ParseOptions(int count, char** arguments, Options* options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const bool good = Equal(arguments[i], "--address") ? ParseAddress(arguments[i + 1], options)
                      : Equal(arguments[i], "--time")  ? ParseTime(arguments[i + 1], options)
                                                       : false;
    if (!good) return false;
  }
  return count % 2 == 1 || count == 0;
}

}  // namespace device
