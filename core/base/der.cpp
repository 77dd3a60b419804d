// SPDX-License-Identifier: Apache-2.0
#include "core/base/der.h"

namespace baresspi {

bool DerReader::Next(uint8_t* tag, Bytes* content) {
  *content = {};
  if (rest_.empty()) return false;
  const Bytes all = rest_;
  ok_ = false;
  rest_ = {};
  if (all.size() < 2) return false;
  size_t size = all[1];
  size_t head = 2;
  if (size >= 0x80) {
    // 0x80 alone would be an indefinite length. Five octets and more are nobody's length.
    size_t octets = size & 0x7F;
    if (octets == 0 || octets > 4 || octets > all.size() - head) return false;
    size = 0;
    for (; octets != 0; --octets) size = (size << 8) | all[head++];
  }
  if (size > all.size() - head) return false;
  *tag = all[0];
  *content = all.Sub(head, size);
  rest_ = all.Sub(head + size);
  ok_ = true;
  return true;
}

bool DerReader::Take(uint8_t tag, Bytes* content) {
  const Bytes before = rest_;
  uint8_t found = 0;
  if (!Next(&found, content)) return false;
  if (found == tag) return true;
  rest_ = before;
  *content = {};
  return false;
}

bool DerOnly(Bytes level, uint8_t tag, Bytes* content) {
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
