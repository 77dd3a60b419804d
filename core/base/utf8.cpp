// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf8.h"

#include "core/base/byte_reader.h"

namespace baresspi {
namespace {

bool IsLead(uint32_t unit) {
  return (unit & 0xFC00U) == 0xD800U;
}
bool IsTrail(uint32_t unit) {
  return (unit & 0xFC00U) == 0xDC00U;
}

// The octets of one code point; returns how many.
size_t Encode(uint32_t code, uint8_t octets[4]) {
  if (code < 0x80) {
    octets[0] = static_cast<uint8_t>(code);
    return 1;
  }
  size_t size = 2;
  if (code >= 0x800) size = 3;
  if (code >= 0x10000) size = 4;
  for (size_t i = size - 1; i != 0; --i, code >>= 6) octets[i] = static_cast<uint8_t>(0x80 | (code & 0x3F));
  octets[0] = static_cast<uint8_t>((0xF00U >> size) | code);
  return size;
}

}  // namespace

size_t Utf16leToUtf8(Bytes utf16le, MutableBytes out) {
  size_t needed = 0;
  ByteReader reader(utf16le);
  while (reader.rest().size() >= 2) {
    uint32_t code = reader.U16le();
    const Bytes rest = reader.rest();
    if (IsLead(code) && rest.size() >= 2 && IsTrail(LoadU16le(rest.data()))) {
      code = 0x10000 + ((code - 0xD800) << 10) + (static_cast<uint32_t>(reader.U16le()) - 0xDC00);
    } else if (IsLead(code) || IsTrail(code)) {
      code = 0xFFFD;
    }
    uint8_t octets[4];
    const size_t size = Encode(code, octets);
    for (size_t i = 0; i < size; ++i, ++needed) {
      if (needed < out.size()) out[needed] = octets[i];
    }
  }
  return needed;
}

}  // namespace baresspi
