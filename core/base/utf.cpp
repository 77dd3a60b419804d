// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf.h"

namespace baresspi {
namespace {

template <typename T>
size_t Length(const T* s) {
  size_t n = 0;
  if (s != nullptr) {
    while (s[n] != 0) ++n;
  }
  return n;
}

}  // namespace

Text Text::Utf8(const char* s) {
  return {s, Length(s), false};
}
Text Text::Utf16(const char16_t* s) {
  return {s, Length(s), true};
}

bool TextReader::Next(char16_t* unit) {
  if (trail_ != 0) {
    *unit = trail_;
    trail_ = 0;
    return true;
  }
  if (!ok_ || at_ == text_.length()) return false;
  if (text_.wide()) {
    *unit = static_cast<const char16_t*>(text_.data())[at_++];
    return true;
  }
  const uint8_t* octets = static_cast<const uint8_t*>(text_.data());
  uint32_t code = octets[at_++];
  if (code >= 0x80) {
    // The smallest code point that needs this many octets; anything smaller is overlong.
    uint32_t least = 0x80, more = 1;
    if (code >= 0xf0) {
      least = 0x10000;
      more = 3;
      code ^= 0xf0;
    } else if (code >= 0xe0) {
      least = 0x800;
      more = 2;
      code ^= 0xe0;
    } else {
      code ^= 0xc0;  // a stray continuation octet becomes 0x40 and more: over the range below
    }
    if (code >= (0x40U >> more)) ok_ = false;
    for (; more != 0; --more) {
      const uint32_t next = at_ < text_.length() ? octets[at_++] ^ 0x80U : 0x40U;
      if (next >= 0x40) ok_ = false;
      code = (code << 6) | (next & 0x3f);
    }
    if (code < least || code > 0x10ffff || (code >> 11) == (0xd800 >> 11)) ok_ = false;
    if (!ok_) return false;
    if (code >= 0x10000) {
      code -= 0x10000;
      trail_ = static_cast<char16_t>(0xdc00 | (code & 0x3ff));
      code = 0xd800 | (code >> 10);
    }
  }
  *unit = static_cast<char16_t>(code);
  return true;
}

}  // namespace baresspi
