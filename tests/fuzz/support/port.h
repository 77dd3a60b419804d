// SPDX-License-Identifier: Apache-2.0
// The port that fuzzing runs on: nothing comes from outside, so that an input does the same every time, and
// nothing is allocated.
#pragma once

#include <stdint.h>

#include "port/port.h"

namespace fuzz::port {

// 2026-01-02 03:04:05 UTC: the clock's time after Reset().
inline constexpr uint64_t kResetTime = 134117966450000000u;

// As a device just switched on: the clock at kResetTime, the random sequence at its beginning, no device.
void Reset();

// 0: the clock does not know the time.
void SetClock(uint64_t filetime);
// What baresspi_port_random() hands out from now on is a function of this alone.
void SeedRandom(uint64_t seed);
// What baresspi_port_device() returns.
void SetDevice(const BARESSPI_DEVICE* device);

// No lock is held and no arena is the task's.
bool IsAtRest();

}  // namespace fuzz::port
