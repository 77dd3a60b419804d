// SPDX-License-Identifier: Apache-2.0
// A context's memory for mbed TLS. A handshake makes thousands of small allocations, nearly all of a few
// sizes, so that what is freed is kept in lists of one exact size each; new blocks are cut from the rest, and
// what is freed next to the rest goes back to it.
//
// When nothing fits any more, that is latched: whatever mbed TLS makes of it, the context is lost. Until mbed
// TLS has found its way out, a reserve serves small blocks.
#pragma once

#include "core/base/span.h"

namespace baresspi::schannel {

class Arena {
 public:
  // Memory of zeroes or not, aligned to 8, at most 256 KiB. Everything of an earlier use is forgotten.
  void Open(MutableBytes memory);
  // Wipes all that was ever used of it, and is as if never opened.
  void Close();

  // Zeroed, aligned to 8; nullptr: exhausted, also when size is absurd.
  [[nodiscard]] void* Allocate(size_t size) { return Allocate(size, true); }
  // For what can be done without: nullptr says so, and nothing is latched.
  [[nodiscard]] void* TryAllocate(size_t size) { return Allocate(size, false); }
  void Free(void* octets);
  bool Owns(const void* block) const;

  bool open() const { return base_ != nullptr; }
  bool exhausted() const { return exhausted_; }
  // The same for want of random octets: mbed TLS has many codes for that, and goes on in places.
  void LoseRandom() { exhausted_ = without_random_ = true; }
  bool without_random() const { return without_random_; }
  // Octets from the begin to the highest that was ever in use, the reserve apart.
  size_t peak() const { return static_cast<size_t>(peak_) * kUnit; }
  // Calls of Allocate so far, modulo 2^32: what allocates nothing leaves it as it is.
  uint32_t allocations() const { return allocations_; }

 private:
  // All is counted in units of 8 octets. A block begins with a Header of half a unit, so that what follows it
  // is aligned; the arena's first half unit is left out for that. Block numbers are units from the base.
  static constexpr size_t kUnit = 8;
  static constexpr size_t kLists = 40;  // sizes of 1 to 40 units have a list each, larger ones share one
  struct Header {
    uint16_t size;      // in units, header included; the highest bit: it is free
    uint16_t previous;  // size of the block before it; 0: it is the first
  };

  Header* At(uint32_t block) const;
  uint16_t* NextOf(uint32_t block) const;
  uint16_t* ListFor(uint32_t units);
  uint32_t TakeFree(uint32_t units, uint32_t wanted);
  uint32_t Cut(uint32_t units, uint32_t end);
  void* Allocate(size_t size, bool reserve);

  uint8_t* base_ = nullptr;
  uint16_t end_ = 0;       // of what is given out in ordinary times
  uint16_t hard_end_ = 0;  // of the reserve too
  uint16_t top_ = 0;       // the rest begins here
  uint16_t top_size_ = 0;  // of the block before it
  uint16_t peak_ = 0;
  bool exhausted_ = false;
  bool without_random_ = false;
  uint32_t allocations_ = 0;
  uint16_t lists_[kLists + 1] = {};
};

}  // namespace baresspi::schannel
