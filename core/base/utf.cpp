// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf.h"

namespace baresspi {

Text Text::Terminated(const void* s, bool wide) {
  size_t n = 0;
  if (s != nullptr && wide) {
    while (static_cast<const char16_t*>(s)[n] != 0) ++n;
  } else if (s != nullptr) {
    while (static_cast<const uint8_t*>(s)[n] != 0) ++n;
  }
  return {s, n, wide};
}

// The first or only unit of the code point that begins at next_, with an octet of 0x80 or more. What is
// malformed stays there to be read again.
uint32_t TextReader::Decode(uint32_t lead) {
  const uint8_t* next = next_ + 1;
  // Each bit of the lead after its first, down to the first 0, stands for an octet that follows. As the code
  // point is shifted to take one in, bit moves along with them.
  uint32_t code = lead, bit = 0x40;
  while ((code & bit) != 0 && next != end_ && (*next & 0xc0) == 0x80) {
    code = (code << 6) | (*next++ & 0x3fU);
    bit <<= 5;
  }
  const bool whole = (code & bit) == 0;
  code &= bit - 1;
  // One bit fewer holds what fits in one octet fewer: bit >> 5. Two octets are the exception, 0x80 instead of
  // 0x40, and a continuation in the lead's place ends up below 0x80 too.
  if (!whole || lead >= 0xf8 || code < 0x80 || code < bit >> 5 || code > 0x10ffff ||
      code >> 11 == 0xd800 >> 11) {
    return kMalformed;
  }
  next_ = next;
  if (code >= 0x10000) {
    trail_ = static_cast<char16_t>(0xdc00 | (code & 0x3ff));
    code = (0xd800 - (0x10000 >> 10)) + (code >> 10);
  }
  return code;
}

uint32_t TextReader::Next() {
  const uint32_t trail = trail_;
  if (trail != 0) {
    trail_ = 0;
    return trail;
  }
  const uint8_t* next = next_;
  if (next == end_) return kEnd;
  if (wide_) {
    char16_t unit;  // in the machine's order, at any address: SECBUFFER_TARGET promises none
    __builtin_memcpy(&unit, next, sizeof unit);
    next_ = next + sizeof unit;
    return unit;
  }
  const uint32_t octet = *next;
  if (octet >= 0x80) return Decode(octet);
  next_ = next + 1;
  return octet;
}

}  // namespace baresspi
