// SPDX-License-Identifier: Apache-2.0
// SNTP's packets (RFC 4330 4, RFC 5905 7.3). No network here: octets in, octets out.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace lwip_port {

constexpr size_t kSntpSize = 48;
constexpr size_t kSntpNonceSize = 8;

// A client's question. The nonce stands where the client's time would: a server repeats it, and need not know
// the time of a device that does not.
void WriteSntpRequest(const uint8_t* nonce, uint8_t* packet);

enum class SntpVerdict : uint8_t {
  kGood,
  kIgnore,   // malformed, no answer to this question, or of a server that does not know the time itself
  kRefused,  // "kiss o' death" (RFC 4330 8)
};
struct SntpTimes {
  uint64_t receive;  // when the server got the question and when it sent the answer, as FILETIMEs
  uint64_t transmit;
};
SntpVerdict ReadSntpReply(const uint8_t* packet, size_t size, const uint8_t* nonce, SntpTimes* times);

}  // namespace lwip_port
