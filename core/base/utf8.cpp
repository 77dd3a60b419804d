// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf8.h"

#include "core/base/byte_reader.h"

namespace baresspi {

size_t Utf16leToUtf8(const uint8_t* utf16le, size_t size, uint8_t* out, size_t room) {
  size_t needed = 0;
  for (size_t i = 0; i + 2 <= size; i += 2) {
    uint32_t code = LoadU16le(utf16le + i);
    if (code >> 11 == 0xD800 >> 11) {
      const uint32_t trail = i + 4 <= size ? LoadU16le(utf16le + i + 2) : 0;
      if (code < 0xDC00 && trail >> 10 == 0xDC00 >> 10) {
        code = (code << 10) + trail - ((0xD800U << 10) + 0xDC00 - 0x10000);
        i += 2;
      } else {
        code = 0xFFFD;
      }
    }
    // From the last octet to the first: six bits each, until what is left fits beside the first one's mark.
    uint32_t octets = 0;
    uint32_t most = 0x7F;
    while (code > most) {
      octets = (octets << 8) | 0x80 | (code & 0x3F);
      code >>= 6;
      most = most == 0x7F ? 0x1F : most >> 1;
    }
    if (octets != 0) code |= 0xFF & ~(2 * most + 1);
    octets = (octets << 8) | code;
    do {
      if (needed < room) out[needed] = static_cast<uint8_t>(octets);
      ++needed;
      octets >>= 8;
    } while (octets != 0);
  }
  return needed;
}

}  // namespace baresspi
