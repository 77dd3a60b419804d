// SPDX-License-Identifier: Apache-2.0
// A reader over the peer's bytes that cannot run past their end. Once a read fails, every later one fails
// too: check ok() once, at the end. Bytes are read as bytes, so any alignment and either byte order works.
#pragma once

#include "core/base/span.h"

namespace baresspi {

constexpr uint16_t LoadU16le(const uint8_t* p) {
  return static_cast<uint16_t>(p[0] | (p[1] << 8));
}
constexpr uint32_t LoadU32le(const uint8_t* p) {
  return p[0] | (static_cast<uint32_t>(p[1]) << 8) | (static_cast<uint32_t>(p[2]) << 16) |
         (static_cast<uint32_t>(p[3]) << 24);
}
constexpr void StoreU32le(uint8_t* p, uint32_t v) {
  for (int i = 0; i < 4; ++i, v >>= 8) p[i] = static_cast<uint8_t>(v);
}

class ByteReader {
 public:
  constexpr explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  // Empty, and the reader has failed, when fewer than size are left.
  constexpr Bytes Take(size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.Sub(0, size);
    rest_ = rest_.Sub(size);
    return taken;
  }
  constexpr uint16_t U16le() {  // 0 when it fails
    const Bytes b = Take(2);
    return b.empty() ? uint16_t{0} : LoadU16le(b.data());
  }
  constexpr uint32_t U32le() {  // 0 when it fails
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
