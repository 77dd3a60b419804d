// SPDX-License-Identifier: Apache-2.0
// Octets that are handed to a call: no more than asked for, so that AddressSanitizer sees what goes beyond
// them, and elsewhere with a guard behind them.
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/model/world.h"

namespace model {

class Memory {
 public:
  explicit Memory(size_t size) : size_(size), octets_(static_cast<uint8_t*>(malloc(size + kGuard))) {
    memset(octets_, kFill, size + kGuard);
  }
  explicit Memory(const Octets& octets) : Memory(octets.size()) {
    if (!octets.empty()) memcpy(octets_, octets.data(), octets.size());
  }
  ~Memory() { free(octets_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  uint8_t* data() { return octets_; }
  size_t size() const { return size_; }
  Octets First(size_t count) const { return Octets(octets_, octets_ + count); }
  bool Is(const Octets& octets) const {
    return octets.size() == size_ && (size_ == 0 || memcmp(octets.data(), octets_, size_) == 0);
  }
  void Check(World& world) const {
    for (size_t i = 0; i < kGuard; ++i)
      Require(world, octets_[size_ + i] == kFill, "written beyond a buffer");
  }

 private:
  static constexpr uint8_t kFill = 0xC7;
#if defined(__SANITIZE_ADDRESS__)
  static constexpr size_t kGuard = 0;
#else
  static constexpr size_t kGuard = 16;
#endif
  size_t size_;
  uint8_t* octets_;
};

}  // namespace model
