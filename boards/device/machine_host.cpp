// SPDX-License-Identifier: Apache-2.0
// A program of this machine: all is the operating system's.
#include <sys/stat.h>

#include "boards/common/console.h"
#include "boards/device/machine.h"
#include "boards/device/output.h"

namespace device {
namespace {

constexpr int kMostDescriptors = 1024;

uint32_t CountSockets() {
  uint32_t count = 0;
  for (int i = 0; i < kMostDescriptors; ++i) {
    struct stat about = {};
    if (fstat(i, &about) == 0 && S_ISSOCK(about.st_mode)) ++count;
  }
  return count;
}

// Standard input and output may be sockets.
constinit uint32_t sockets_before = 0;

}  // namespace

bool BeginMachine(const Options& options) {
  sockets_before = CountSockets();
  if (options.address == nullptr && options.time == TimeFrom::kMachine) return true;
  board::Complain("baresspi-device: address and time are this machine's\n");
  return false;
}

void PutAddress() {
  Line() << "address: this machine's";
}

const char* ClockSource() {
  return "this machine's";
}

const char* RandomSource() {
  return "this machine's kernel (getentropy)";
}

void PutMachineUse() {
  Line() << "sockets: " << CountSockets() - sockets_before << " now";
}

// The operating system does it, while the program waits in ReadOctet.
void AwaitInput() {}

bool CountInstructions(uint64_t*) {
  return false;
}

}  // namespace device
