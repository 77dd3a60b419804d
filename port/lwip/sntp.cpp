// SPDX-License-Identifier: Apache-2.0
#include "port/lwip/sntp.h"

namespace lwip_port {
namespace {

// Where the fields begin that are of interest here.
enum : size_t { kStratum = 1, kOriginate = 24, kReceive = 32, kTransmit = 40 };
constexpr uint8_t kClientVersion4 = 4 << 3 | 3;  // leap indicator 0, version 4, mode 3
constexpr uint8_t kServer = 4;                   // mode
constexpr uint8_t kUnsynchronised = 3;           // leap indicator
constexpr uint8_t kHighestStratum = 15;
constexpr uint64_t kSecondsFrom1601To1900 = 9435484800;
constexpr uint64_t kUnitsPerSecond = 10000000;

uint32_t U32be(const uint8_t* octets) {
  return uint32_t{octets[0]} << 24 | uint32_t{octets[1]} << 16 | uint32_t{octets[2]} << 8 | octets[3];
}

// 32 bits of seconds since 1900, or since 2036-02-07 where the highest is 0 (RFC 4330 3), and 32 of a
// fraction.
uint64_t FileTime(const uint8_t* timestamp) {
  const uint32_t seconds = U32be(timestamp);
  const uint64_t era = seconds >> 31 != 0 ? 0 : uint64_t{1} << 32;
  const uint64_t fraction = U32be(timestamp + 4) * kUnitsPerSecond >> 32;
  return (kSecondsFrom1601To1900 + era + seconds) * kUnitsPerSecond + fraction;
}

bool IsZero(const uint8_t* timestamp) {
  return U32be(timestamp) == 0 && U32be(timestamp + 4) == 0;
}

}  // namespace

void WriteSntpRequest(const uint8_t* nonce, uint8_t* packet) {
  __builtin_memset(packet, 0, kSntpSize);
  packet[0] = kClientVersion4;
  __builtin_memcpy(packet + kTransmit, nonce, kSntpNonceSize);
}

SntpVerdict ReadSntpReply(const uint8_t* packet, size_t size, const uint8_t* nonce, SntpTimes* times) {
  if (size < kSntpSize) return SntpVerdict::kIgnore;  // behind it: extensions, a message digest
  const uint8_t leap = packet[0] >> 6;
  const uint8_t version = packet[0] >> 3 & 7;
  if ((packet[0] & 7) != kServer || version < 3 || version > 4) return SntpVerdict::kIgnore;
  if (__builtin_memcmp(packet + kOriginate, nonce, kSntpNonceSize) != 0) return SntpVerdict::kIgnore;
  if (packet[kStratum] == 0) return SntpVerdict::kRefused;
  if (leap == kUnsynchronised || packet[kStratum] > kHighestStratum) return SntpVerdict::kIgnore;
  if (IsZero(packet + kReceive) || IsZero(packet + kTransmit)) return SntpVerdict::kIgnore;
  *times = {FileTime(packet + kReceive), FileTime(packet + kTransmit)};
  return times->transmit < times->receive ? SntpVerdict::kIgnore : SntpVerdict::kGood;
}

}  // namespace lwip_port
