// SPDX-License-Identifier: Apache-2.0
// Octets as tests of core/crypto write and compare them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string>
#include <vector>

inline std::string Hex(const uint8_t* data, size_t size) {
  static const char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (size_t n = 0; n < size; ++n) {
    hex += kDigits[data[n] >> 4];
    hex += kDigits[data[n] & 15];
  }
  return hex;
}

inline std::vector<uint8_t> FromHex(const std::string& hex) {
  std::vector<uint8_t> octets;
  for (size_t n = 0; n + 1 < hex.size(); n += 2) {
    octets.push_back(static_cast<uint8_t>(std::stoi(hex.substr(n, 2), nullptr, 16)));
  }
  return octets;
}

// The same octets on every machine and in every run (xorshift32); different for each seed but 0.
inline std::vector<uint8_t> Scrambled(size_t size, uint32_t seed) {
  std::vector<uint8_t> octets(size);
  uint32_t x = seed;
  for (uint8_t& octet : octets) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    octet = static_cast<uint8_t>(x >> 24);
  }
  return octets;
}
