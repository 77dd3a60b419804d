// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf8.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"

namespace baresspi {

size_t Utf16leToUtf8(Bytes utf16le, MutableBytes out) {
  size_t needed = 0;
  for (size_t i = 0; i + 2 <= utf16le.size(); i += 2) {
    uint32_t code = LoadU16le(&utf16le[i]);
    if ((code & 0xF800U) == 0xD800U) {
      const uint32_t trail = i + 4 <= utf16le.size() ? LoadU16le(&utf16le[i + 2]) - 0xDC00U : UINT32_MAX;
      if (code < 0xDC00 && trail < 0x400) {
        code = 0x10000 + ((code - 0xD800U) << 10) + trail;
        i += 2;
      } else {
        code = 0xFFFD;
      }
    }
    // From the last octet to the first: six bits each, until what is left fits beside the first one's mark.
    uint8_t octets[4];
    uint8_t* start = octets + sizeof octets;
    uint32_t mark = 0x7F;
    while (code > mark) {
      *--start = static_cast<uint8_t>(0x80U | (code & 0x3FU));
      code >>= 6;
      mark = mark == 0x7F ? 0x1F : mark >> 1;
    }
    if (mark != 0x7F) code |= ~(2 * mark + 1);
    *--start = static_cast<uint8_t>(code);
    const auto size = static_cast<size_t>(octets + sizeof octets - start);
    if (needed + size <= out.size()) Copy(out.data() + needed, start, size);
    needed += size;
  }
  return needed;
}

}  // namespace baresspi
