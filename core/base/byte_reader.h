// SPDX-License-Identifier: Apache-2.0
// Numbers in a message, which are little-endian: at any alignment, on machines of either byte order. That
// they are there is the caller's to know.
#pragma once

#include "core/base/span.h"

namespace baresspi {

constexpr bool kLittleEndian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

// At any alignment: the compiler makes one load or store of it where the machine can, and octets where it
// cannot.
inline uint16_t LoadU16le(const uint8_t* p) {
  uint16_t v;
  __builtin_memcpy(&v, p, sizeof v);
  return kLittleEndian ? v : __builtin_bswap16(v);
}
inline uint32_t LoadU32le(const uint8_t* p) {
  uint32_t v;
  __builtin_memcpy(&v, p, sizeof v);
  return kLittleEndian ? v : __builtin_bswap32(v);
}
inline void StoreU16le(uint8_t* p, uint32_t value) {
  const auto v =
      static_cast<uint16_t>(kLittleEndian ? value : __builtin_bswap16(static_cast<uint16_t>(value)));
  __builtin_memcpy(p, &v, sizeof v);
}
inline void StoreU32le(uint8_t* p, uint32_t value) {
  const uint32_t v = kLittleEndian ? value : __builtin_bswap32(value);
  __builtin_memcpy(p, &v, sizeof v);
}

}  // namespace baresspi
