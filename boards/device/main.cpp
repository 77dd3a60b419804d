// SPDX-License-Identifier: Apache-2.0
// baresspi-device: a device on a network, behind a console of lines. At the start it brings its network up
// and says what it is, then `ready`. A line is a command (commands.cpp); what it prints ends with an empty
// line (the line's end before it is not the command's) and `exit STATUS`.
#include "boards/common/console.h"
#include "boards/device/commands.h"
#include "boards/device/machine.h"
#include "boards/device/output.h"
#include "boards/device/report.h"

namespace device {
namespace {

constexpr int kUsageStatus = 2;
constexpr int kNoNetwork = 3;

constinit Options options;
constinit char line[BARESSPI_DEVICE_LINE];
constinit bool input_ended = false;  // it says so once

void PutExit(int status) {
  board::Write("\n", 1);
  { Line() << "exit " << static_cast<uint32_t>(status); }
  board::Flush();
}

// The next line, without its end. One that does not fit is answered here, and then empty. False: there is no
// more input.
bool ReadLine() {
  size_t size = 0;
  if (input_ended) return false;
  for (;;) {
    if (size == 0) AwaitInput();
    const int octet = board::ReadOctet();
    if (octet < 0) {
      input_ended = true;
      if (size == 0) return false;
      break;  // the last line may lack its end
    }
    if (octet == '\n' || octet == '\r') break;
    if (size < sizeof line) line[size++] = static_cast<char>(octet);
  }
  if (size == sizeof line) {
    { Line() << "baresspi-device: too long a line"; }
    PutExit(kUsageStatus);
    size = 0;
  }
  line[size] = 0;
  return true;
}

int Run() {
  if (!BeginMachine(options)) return kNoNetwork;
  PutIdentity();
  { Line() << "ready"; }
  board::Flush();
  board::StopAtInput();
  while (ReadLine()) {
    if (line[0] == 0) continue;
    const int status = Obey(line);
    if (status == kQuit) break;
    PutExit(status);
  }
  return 0;
}

}  // namespace
}  // namespace device

int main(int count, char** arguments) {
  if (!device::ParseOptions(count, arguments, &device::options)) {
    board::Complain(device::kUsage);
    return device::kUsageStatus;
  }
  return device::Run();
}
