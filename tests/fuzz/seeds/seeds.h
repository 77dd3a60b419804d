// SPDX-License-Identifier: Apache-2.0
// The seeds: what fuzzing begins with. A file of this folder writes those of some targets, and says so with
//
//   const seeds::Source source([] { seeds::Write("target", input); });
//
// Every .cpp here is part of the program that writes them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <vector>

namespace seeds {

using Octets = std::vector<uint8_t>;

// A seed of a target, in the target's own form.
void Write(const char* target, const Octets& input);

// A function that writes seeds, known to the program by being there.
class Source {
 public:
  explicit Source(void (*write)());
};

// ---- An input's parts, as fuzz::Input reads them. ----

class Builder {
 public:
  Builder& U8(unsigned value) {
    octets_.push_back(static_cast<uint8_t>(value));
    return *this;
  }
  Builder& U16(unsigned value) { return U8(value).U8(value >> 8); }
  Builder& U32(uint32_t value) { return U16(value & 0xFFFF).U16(value >> 16); }
  Builder& Put(const uint8_t* data, size_t size) {
    octets_.insert(octets_.end(), data, data + size);
    return *this;
  }
  Builder& Put(const Octets& octets) { return Put(octets.data(), octets.size()); }
  Builder& Counted(const uint8_t* data, size_t size) {
    return U16(static_cast<unsigned>(size)).Put(data, size);
  }
  Builder& Counted(const Octets& octets) { return Counted(octets.data(), octets.size()); }
  operator const Octets&() const { return octets_; }  // NOLINT(google-explicit-constructor)

 private:
  Octets octets_;
};

}  // namespace seeds
