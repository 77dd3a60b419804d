// SPDX-License-Identifier: Apache-2.0
#include "core/base/der.h"

namespace baresspi {

int DerNext(Bytes* level, Bytes* content) {
  const uint8_t* at = level->data();
  size_t left = level->size();
  if (left < 2) return -1;
  left -= 2;
  const int tag = *at++;
  size_t size = *at++;
  if (size >= 0x80) {
    // 0x80 alone would be an indefinite length. Five octets and more are nobody's length.
    size_t octets = size - 0x80;
    if (octets - 1 >= 4 || octets > left) return -1;
    left -= octets;
    size = 0;
    for (; octets != 0; --octets) size = (size << 8) | *at++;
  }
  if (size > left) return -1;
  *level = {at + size, left - size};
  *content = {at, size};
  return tag;
}

bool DerTake(Bytes* level, uint8_t tag, Bytes* content) {
  return !level->empty() && (*level)[0] == tag && DerNext(level, content) >= 0;
}

bool DerOpen(Bytes* level, uint8_t tag) {
  Bytes whole = *level;
  return DerTake(&whole, tag, level) && whole.empty();
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
