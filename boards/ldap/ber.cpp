// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/ber.h"

namespace ldap {
namespace {

constexpr uint8_t kLongTag = 0x1F;     // the tag's number is in octets that follow
constexpr uint8_t kLongLength = 0x80;  // with how many octets of length follow
constexpr size_t kMostLengthOctets = 4;

// The size of tag and length; *content: the content's.
Extent HeadExtent(Octets octets, size_t* head, size_t* content) {
  if (octets.size < 2) return Extent::kUnknown;
  if ((octets.data[0] & kLongTag) == kLongTag) return Extent::kInvalid;
  const uint8_t first = octets.data[1];
  *head = 2;
  *content = first;
  if ((first & kLongLength) == 0) return Extent::kKnown;
  const size_t count = first & 0x7F;
  // 0 octets would be the indefinite form. More than are needed are no error: directories write four always.
  if (count == 0 || count > kMostLengthOctets) return Extent::kInvalid;
  if (octets.size - *head < count) return Extent::kUnknown;
  uint32_t length = 0;
  for (size_t i = 0; i < count; ++i) length = (length << 8) | octets.data[*head + i];
  *head += count;
  *content = length;
  return Extent::kKnown;
}

}  // namespace

Extent ElementExtent(Octets octets, size_t* size) {
  size_t head = 0;
  size_t content = 0;
  const Extent extent = HeadExtent(octets, &head, &content);
  if (extent != Extent::kKnown) return extent;
  if (content > SIZE_MAX - head) return Extent::kInvalid;
  *size = head + content;
  return extent;
}

void BerReader::Fail() {
  ok_ = false;
  rest_ = {};
}

bool BerReader::Next(uint8_t* tag, Octets* content) {
  if (rest_.empty()) return false;
  size_t head = 0;
  size_t size = 0;
  if (HeadExtent(rest_, &head, &size) != Extent::kKnown || size > rest_.size - head) {
    Fail();
    return false;
  }
  *tag = rest_.data[0];
  *content = {rest_.data + head, size};
  rest_ = {rest_.data + head + size, rest_.size - head - size};
  return true;
}

bool BerReader::TakeIf(uint8_t tag, Octets* content) {
  uint8_t found = 0;
  if (rest_.empty() || rest_.data[0] != tag) return false;
  return Next(&found, content);
}

Octets BerReader::Take(uint8_t tag) {
  Octets content;
  if (TakeIf(tag, &content)) return content;
  Fail();
  return {};
}

uint32_t BerReader::TakeNumber(uint8_t tag) {
  const Octets content = Take(tag);
  const bool padded = content.size > 1 && content.data[0] == 0 && content.data[1] < 0x80;
  if (content.empty() || content.size > sizeof(uint32_t) || content.data[0] >= 0x80 || padded) {
    Fail();
    return 0;
  }
  uint32_t value = 0;
  for (size_t i = 0; i < content.size; ++i) value = (value << 8) | content.data[i];
  return value;
}

void BerWriter::PutOctet(uint8_t octet) {
  if (used_ == capacity_) {
    ok_ = false;
    return;
  }
  room_[used_++] = octet;
}

size_t BerWriter::Begin(uint8_t tag) {
  PutOctet(tag);
  PutOctet(0);
  return used_;
}

void BerWriter::End(size_t mark) {
  if (!ok_) return;
  const size_t size = used_ - mark;
  if (size < kLongLength) {
    room_[mark - 1] = static_cast<uint8_t>(size);
    return;
  }
  // The content makes way for the octets of a long length, of which there is one so far.
  size_t count = 1;
  while (size >> (8 * count) != 0) ++count;
  if (capacity_ - used_ < count) {
    ok_ = false;
    return;
  }
  __builtin_memmove(room_ + mark + count, room_ + mark, size);
  room_[mark - 1] = static_cast<uint8_t>(kLongLength | count);
  for (size_t i = 0; i < count; ++i) room_[mark + i] = static_cast<uint8_t>(size >> (8 * (count - 1 - i)));
  used_ += count;
}

void BerWriter::Put(uint8_t tag, Octets content) {
  const size_t mark = Begin(tag);
  for (size_t i = 0; i < content.size; ++i) PutOctet(content.data[i]);
  End(mark);
}

void BerWriter::PutNumber(uint8_t tag, uint32_t value) {
  size_t count = 1;
  while (count < sizeof value && value >> (8 * count - 1) != 0) ++count;
  const size_t mark = Begin(tag);
  while (count != 0) PutOctet(static_cast<uint8_t>(value >> (8 * --count)));
  End(mark);
}

void BerWriter::PutBoolean(bool value) {
  const uint8_t octet = value ? 0xFF : 0;
  Put(kBoolean, {&octet, sizeof octet});
}

}  // namespace ldap
