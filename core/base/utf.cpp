// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf.h"

namespace baresspi {

Text Text::Terminated(const void* s, bool wide) {
  size_t n = 0;
  if (s != nullptr) {
    while ((wide ? static_cast<const char16_t*>(s)[n] : static_cast<const uint8_t*>(s)[n]) != 0) ++n;
  }
  return {s, n, wide};
}

// The code point whose first octet, 0x80 or more, was read; 0 when it is none, and the reader has failed.
uint32_t TextReader::Decode(uint32_t lead) {
  // Each bit of the lead after its first, down to the first 0, stands for an octet that follows. As the code
  // point is shifted to take one in, bit moves along with them.
  uint32_t code = lead, bit = 0x40;
  while ((code & bit) != 0 && next_ != end_ && (*next_ & 0xc0) == 0x80) {
    code = (code << 6) | (*next_++ & 0x3fU);
    bit <<= 5;
  }
  const bool whole = (code & bit) == 0;
  code &= bit - 1;
  // One bit fewer holds what fits in one octet fewer: bit >> 5. Two octets are the exception, 0x80 instead of
  // 0x40, and a continuation in the lead's place ends up below 0x80 too.
  if (whole && lead < 0xf8 && code >= 0x80 && code >= bit >> 5 && code <= 0x10ffff &&
      code >> 11 != 0xd800 >> 11) {
    return code;
  }
  ok_ = false;
  next_ = end_;
  return 0;
}

bool TextReader::Next(char16_t* unit) {
  uint32_t code = trail_;
  trail_ = 0;
  if (code == 0) {
    if (next_ == end_) return false;
    if (wide_) {
      char16_t whole;  // in the machine's order, at any address: SECBUFFER_TARGET promises none
      __builtin_memcpy(&whole, next_, sizeof whole);
      code = whole;
      next_ += sizeof whole;
    } else {
      code = *next_++;
      if (code >= 0x80) code = Decode(code);
      if (code >= 0x10000) {
        trail_ = static_cast<char16_t>(0xdc00 | (code & 0x3ff));
        code = (0xd800 - (0x10000 >> 10)) + (code >> 10);
      }
    }
  }
  *unit = static_cast<char16_t>(code);
  return ok_;
}

}  // namespace baresspi
