// SPDX-License-Identifier: Apache-2.0
#include "boards/device/commands.h"

#include "boards/common/board.h"
#include "boards/common/console.h"
#include "boards/device/machine.h"
#include "boards/device/output.h"
#include "boards/device/report.h"
#include "boards/examples/examples.h"
#include "config/baresspi_config.h"

namespace device {
namespace {

using http::Equal;
using http::Text;

constexpr int kMostArguments = 64;
constexpr int kWrong = 2;
constexpr uint32_t kMostRuns = 1000000000;

struct Command {
  const char* name;
  int (*run)(int count, char** arguments);
};

int Use(int, char**) {
  return PutUse();
}
int Quit(int, char**) {
  return kQuit;
}
int Help(int, char**) {
  const char text[] =
      "get URL...        a page by HTTP or HTTPS, with a login\n"
      "search ...        a login at a directory by LDAP or LDAPS, and an entry of it\n"
      "serve ...         a web page of one's own, until there is another line\n"
      "                  (get, search, serve alone: their options)\n"
      "repeat N [--expect STATUS] COMMAND   as long as its exit status is that (0)\n"
      "cost COMMAND      and how many instructions it took\n"
      "use               what is in use of the pools, the network's memory, the stack\n"
      "quit\n";
  board::Write(text, sizeof text - 1);
  return 0;
}

constexpr Command kCommands[] = {
#if BARESSPI_NTLM_CLIENT
    {"get", examples::HttpsGet},
    {"search", examples::LdapSearch},
#endif
#if BARESSPI_NTLM_SERVER
    {"serve", examples::WebPage},
#endif
    {"use", Use},
    {"help", Help},
    {"quit", Quit},
};

constinit char cut_line[BARESSPI_DEVICE_LINE];
constinit char* arguments[kMostArguments + 1];

int Refuse(const char* why) {
  Line() << "baresspi-device: " << why;
  return kWrong;
}

// Takes the first word off a line. Words of options and numbers, which are never quoted.
Text TakeWord(const char** line) {
  while (**line == ' ') ++*line;
  const char* const begin = *line;
  while (**line != 0 && **line != ' ') ++*line;
  const Text word(begin, static_cast<size_t>(*line - begin));
  while (**line == ' ') ++*line;
  return word;
}

// A command without a prefix. The line stays as it is: it may be wanted again.
int RunOnce(const char* line) {
  const size_t size = http::LengthOf(line);
  if (size >= sizeof cut_line) return Refuse("too long a line");
  __builtin_memcpy(cut_line, line, size + 1);
  const int count = board::SplitArguments(cut_line, arguments, kMostArguments);
  if (count < 0) return Refuse("too many arguments");
  if (count == 0) return 0;
  for (const Command& command : kCommands) {
    if (Equal(command.name, arguments[0])) return command.run(count, arguments);
  }
  return Refuse("no such command: help says which there are");
}

// cost COMMAND, or COMMAND.
int RunCounted(const char* line) {
  const char* rest = line;
  if (!Equal(TakeWord(&rest), "cost")) return RunOnce(line);
  uint64_t before = 0;
  uint64_t after = 0;
  const bool known = CountInstructions(&before);
  const int status = RunOnce(rest);
  if (known && CountInstructions(&after)) {
    Line() << "cost: " << after - before << " instructions, waiting taken off";
  } else {
    Line() << "cost: this machine does not count instructions";
  }
  return status;
}

int Repeat(const char* line) {
  uint32_t runs = 0;
  uint32_t expected = 0;
  if (!http::ParseNumber(TakeWord(&line), kMostRuns, &runs)) return Refuse("repeat: how often?");
  const char* rest = line;
  if (Equal(TakeWord(&rest), "--expect")) {
    if (!http::ParseNumber(TakeWord(&rest), 255, &expected)) return Refuse("repeat: which exit status?");
    line = rest;
  }
  uint32_t went = 0;
  int status = static_cast<int>(expected);
  while (went < runs) {
    status = RunCounted(line);
    if (status != static_cast<int>(expected)) break;
    ++went;
  }
  Line() << "repeated: " << went << " of " << runs << " with exit status " << expected;
  return went == runs ? 0 : status == 0 ? 1 : status;
}

}  // namespace

int Obey(const char* line) {
  const char* rest = line;
  return Equal(TakeWord(&rest), "repeat") ? Repeat(rest) : RunCounted(line);
}

}  // namespace device
