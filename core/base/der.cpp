// SPDX-License-Identifier: Apache-2.0
#include "core/base/der.h"

namespace baresspi {

bool DerReader::Next(uint8_t* tag, Bytes* content) {
  *content = {};
  const uint8_t* at = rest_.data();
  size_t left = rest_.size();
  if (left == 0) return false;
  ok_ = false;
  rest_ = {};
  if (left < 2) return false;
  *tag = at[0];
  size_t size = at[1];
  at += 2;
  left -= 2;
  if (size >= 0x80) {
    // 0x80 alone would be an indefinite length. Five octets and more are nobody's length.
    size_t octets = size - 0x80;
    if (octets - 1 >= 4 || octets > left) return false;
    left -= octets;
    size = 0;
    for (; octets != 0; --octets) size = (size << 8) | *at++;
  }
  if (size > left) return false;
  *content = {at, size};
  rest_ = {at + size, left - size};
  ok_ = true;
  return true;
}

bool DerReader::Take(uint8_t tag, Bytes* content) {
  *content = {};
  uint8_t found = 0;
  return (rest_.empty() || rest_[0] == tag) && Next(&found, content);
}

bool DerOnly(const Bytes& level, uint8_t tag, Bytes* content) {
  DerReader reader(level);
  return reader.Take(tag, content) && reader.at_end();
}

uint8_t* DerPrepend(uint8_t* at, const uint8_t* end, uint8_t tag) {
  const auto size = static_cast<size_t>(end - at);
  uint8_t octets = 0x80;
  size_t left = size;
  do {
    *--at = static_cast<uint8_t>(left);
    left >>= 8;
    ++octets;
  } while (left != 0);
  if (size >= 0x80) *--at = octets;
  *--at = tag;
  return at;
}

}  // namespace baresspi
