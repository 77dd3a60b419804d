// SPDX-License-Identifier: Apache-2.0
// A reader over the peer's bytes that cannot run past their end. Once a read fails, every later one fails
// too: check ok() once, at the end. Bytes are read as bytes, so any alignment and either byte order works.
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

class ByteReader {
 public:
  constexpr explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  // Empty, and the reader has failed, when fewer than size are left.
  Bytes Take(size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.Sub(0, size);
    rest_ = rest_.Sub(size);
    return taken;
  }
  uint16_t U16le() {  // 0 when it fails
    const Bytes b = Take(2);
    return b.empty() ? uint16_t{0} : LoadU16le(b.data());
  }
  uint32_t U32le() {  // 0 when it fails
    const Bytes b = Take(4);
    return b.empty() ? 0U : LoadU32le(b.data());
  }
  constexpr void Fail() {
    ok_ = false;
    rest_ = {};
  }
  constexpr Bytes rest() const { return rest_; }
  [[nodiscard]] constexpr bool ok() const { return ok_; }

 private:
  Bytes rest_;
  bool ok_ = true;
};

}  // namespace baresspi
