// SPDX-License-Identifier: Apache-2.0
// Octets that a target reads its input from, and hands to the library.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/base/span.h"

namespace fuzz {

using Octets = std::vector<uint8_t>;

// Octets of the heap, no more than asked for: AddressSanitizer sees what reads or writes beyond them. (A
// vector may have more than it says.)
class Buffer {
 public:
  explicit Buffer(size_t size) : octets_(new uint8_t[size]), size_(size) {
    if (size != 0) memset(octets_.get(), 0xA5, size);
  }
  Buffer(const uint8_t* octets, size_t size) : Buffer(size) {
    if (size != 0) memcpy(octets_.get(), octets, size);
  }
  explicit Buffer(const Octets& octets) : Buffer(octets.data(), octets.size()) {}

  uint8_t* data() const { return octets_.get(); }
  size_t size() const { return size_; }
  baresspi::Bytes bytes() const { return {octets_.get(), size_}; }
  Octets First(size_t count) const { return Octets(octets_.get(), octets_.get() + count); }

 private:
  std::unique_ptr<uint8_t[]> octets_;
  size_t size_;
};

// An input read from its front: what a target does follows from it. At its end it yields zeroes.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : at_(data), left_(size) {}

  size_t left() const { return left_; }
  bool empty() const { return left_ == 0; }
  uint8_t U8() {
    if (left_ == 0) return 0;
    --left_;
    return *at_++;
  }
  // Little-endian.
  uint16_t U16() {
    const unsigned low = U8();
    return static_cast<uint16_t>(low | static_cast<unsigned>(U8()) << 8);
  }
  uint32_t U32() {
    const uint32_t low = U16();
    return low | static_cast<uint32_t>(U16()) << 16;
  }
  // So many octets, or what is left.
  Octets Take(size_t count) {
    count = std::min(count, left_);
    Octets taken(at_, at_ + count);
    at_ += count;
    left_ -= count;
    return taken;
  }
  // Octets behind their number, U16.
  Octets Counted() {
    const size_t count = U16();
    return Take(count);
  }
  Octets Rest() { return Take(left_); }

 private:
  const uint8_t* at_;
  size_t left_;
};

// Whether a view that a parser made lies in what it was given. Empty ones mean nothing.
inline bool IsInside(const baresspi::Bytes& part, const baresspi::Bytes& whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.end() <= whole.end() && part.size() <= whole.size());
}

}  // namespace fuzz
