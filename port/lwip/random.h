// SPDX-License-Identifier: Apache-2.0
// Random numbers for lwIP (LWIP_RAND, LWIP_HOOK_TCP_ISN), whose functions cannot say that there are none.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace lwip_port {

// Takes a key from baresspi_port_random. False: there is none, and lwIP must not be begun.
bool SeedRandom();

struct SipKey {
  uint64_t low, high;
};
// SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012).
uint64_t SipHash(const SipKey& key, const uint8_t* octets, size_t size);

}  // namespace lwip_port
