// SPDX-License-Identifier: Apache-2.0
// What was called how often, and what it returned: kept where the process that draws and the one that prints
// both see it.
#pragma once

#include <baresspi/sspi.h>
#include <stdint.h>

#include "tests/faults/model/entries.h"

namespace model {

// Statuses by what they tell the caller, as <baresspi/status.h> orders them.
enum class Class : uint8_t { kOk, kGoOn, kMend, kHandle, kArgument, kUnsupported, kRefused, kCount };

// A status that the model may expect, and its class.
struct Known {
  SECURITY_STATUS status;
  const char* name;
  Class of;
};
inline constexpr uint32_t kMostKnown = 48;

struct Tally {
  uint64_t calls;
  uint64_t sequences;
  uint64_t by_class[kEntries][static_cast<uint32_t>(Class::kCount)];
  uint64_t legal[kEntries];
  uint64_t illegal[kEntries];
  uint64_t by_status[kMostKnown];
  // The sequence at work, for whoever finds its process dead.
  uint64_t seed;
  // What was found: the entry point, and a hash of what was said of it.
  uint64_t found;
};

const Known* Find(SECURITY_STATUS status);  // nullptr: none that a caller is promised
const char* StatusName(SECURITY_STATUS status);

void Count(Tally* tally, Entry entry, bool legal, SECURITY_STATUS status);
// Prints the tables. False: an entry point was never called legally, or never illegally, or a status was
// never seen; and says which.
bool Print(const Tally& tally);

}  // namespace model
