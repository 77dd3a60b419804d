// SPDX-License-Identifier: Apache-2.0
// TimeStamp: 100 ns since 1601-01-01 UTC, in two halves.
#pragma once

#include <baresspi/sspi.h>

namespace baresspi {

constexpr uint64_t kUnitsPerMillisecond = 10000;
constexpr uint64_t kNever = 0x7FFFFFFFFFFFFFFF;  // what Windows says of what does not expire

// stamp may be nullptr.
void StoreNever(TimeStamp* stamp);

inline void StoreTime(uint64_t filetime, TimeStamp* stamp) {
  stamp->QuadPart = static_cast<int64_t>(filetime);
}

}  // namespace baresspi
