// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf8.h"

#include "core/base/byte_reader.h"

namespace baresspi {

size_t Utf16leToUtf8(Bytes utf16le, MutableBytes out) {
  size_t needed = 0;
  const auto put = [&](uint32_t octet) {
    if (needed < out.size()) out[needed] = static_cast<uint8_t>(octet);
    ++needed;
  };
  for (size_t i = 0; i + 2 <= utf16le.size(); i += 2) {
    uint32_t code = LoadU16le(&utf16le[i]);
    if ((code & 0xF800U) == 0xD800U) {
      const uint32_t trail = i + 4 <= utf16le.size() ? LoadU16le(&utf16le[i + 2]) : 0U;
      if ((code & 0x400U) == 0 && (trail & 0xFC00U) == 0xDC00U) {
        code = 0x10000 + ((code & 0x3FFU) << 10) + (trail & 0x3FFU);
        i += 2;
      } else {
        code = 0xFFFD;
      }
    }
    // The octets after the first hold six bits each.
    uint32_t shift = 0;
    if (code >= 0x80) shift = 6;
    if (code >= 0x800) shift = 12;
    if (code >= 0x10000) shift = 18;
    put((code >> shift) | (shift == 0 ? 0U : ~(0x7FU >> (shift / 6))));
    while (shift != 0) {
      shift -= 6;
      put(0x80U | ((code >> shift) & 0x3FU));
    }
  }
  return needed;
}

}  // namespace baresspi
