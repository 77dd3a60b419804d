// SPDX-License-Identifier: Apache-2.0
// The port that unit tests run on: nothing in it comes from outside, so that the same test makes the same
// tokens every time. It counts what the library asks for and can fail on request.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <functional>
#include <initializer_list>
#include <vector>

#include "port/port.h"

namespace scripted_port {

// 2026-01-02 03:04:05 UTC: the clock's time after Reset().
inline constexpr uint64_t kResetTime = 134117966450000000u;

// As a device just switched on: the clock at kResetTime, random octets from a fixed sequence, no device, no
// token, no log.
void Reset();

// The clock stands still until it is set again; unknown: baresspi_port_clock() returns 0.
void SetClock(uint64_t filetime);
void SetClockUnknown();

// The octets that baresspi_port_random() hands out next, in this order; then the fixed sequence goes on.
void QueueRandom(const void* octets, size_t size);
void QueueRandom(std::initializer_list<uint8_t> octets);
// Where the fixed sequence stands from now on; returns where it stood. So each of several contexts can have a
// sequence of its own.
uint64_t SwapSequence(uint64_t sequence);
// baresspi_port_random() succeeds `calls` times more, then fails until Reset() or the next call of this.
void FailRandomAfter(unsigned calls);

// What baresspi_port_device() returns; NULL after Reset().
void SetDevice(const BARESSPI_DEVICE* device);

// Random octets handed out since Reset().
size_t RandomHandedOut();
// 0 outside of API calls, or a lock was not given back. A lock taken twice aborts the test.
int LockDepth();
// How often the lock was taken since Reset().
unsigned LocksTaken();

// ---- Faults at a certain call. ----
enum Function : uint8_t {
  kClock,
  kRandom,
  kDevice,
  kLock,
  kUnlock,
  kTlsLock,
  kTlsUnlock,
  kTaskArena,
  kSetTaskArena,
  kTaskToken,
  kSetTaskToken,
  kLog,
  kFunctions
};
const char* NameOf(Function function);
// Calls of a function since Reset(), those of a hook apart.
unsigned Calls(Function function);
// These calls of it fail, counted as Calls() does, from 1: clock and random return 0, device NULL; the others
// cannot fail. One function at a time.
void FailCalls(Function function, unsigned first, unsigned last);
// Such calls so far.
unsigned FailedCalls();
// In the n-th call of a function, before it does anything (of kUnlock and kTlsUnlock: after), this runs:
// once, as another task would at that point, with an arena and a token of its own. It may not take the TLS
// lock where TlsLockDepth() says that it is held.
void AtCall(Function function, unsigned n, std::function<void()> hook);
int TlsLockDepth();

struct LogEntry {
  baresspi_event event;
  uint32_t detail;
};
const std::vector<LogEntry>& Log();

}  // namespace scripted_port
