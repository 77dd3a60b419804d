// SPDX-License-Identifier: Apache-2.0
// Memory at an address whose lowest 32 bits are given. On a board it is the flash or RAM at that address
// itself; on 64-bit Linux a page is asked for; elsewhere there is none.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <baresspi/types.h>
#if defined(__linux__) && defined(__LP64__)
#include <sys/mman.h>
#endif

namespace two_sides {

class LowAddress {
 public:
  explicit LowAddress(uint32_t low) {
#if defined(__linux__) && defined(__LP64__)
    // Far from everything else, with nothing but zeros in the lower half but the offset.
    void* const wanted = reinterpret_cast<void*>(uintptr_t{0x200000000000});
    page_ = mmap(wanted, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page_ != wanted) return;
    memcpy(static_cast<char*>(page_) + low, "alice", 5);
    octets_ = static_cast<const uint8_t*>(page_) + low;
#elif defined(__ARM_EABI__) && !defined(__linux__)
    octets_ = reinterpret_cast<const uint8_t*>(uintptr_t{low});
#else
    (void)low;
#endif
  }
  ~LowAddress() {
#if defined(__linux__) && defined(__LP64__)
    if (page_ != MAP_FAILED) munmap(page_, kSize);
#endif
  }
  LowAddress(const LowAddress&) = delete;
  LowAddress& operator=(const LowAddress&) = delete;

  const uint8_t* octets() const {
    return octets_;
  }  // nullptr: none to be had
  // How many ASCII characters stand there, at most five.
  ULONG ascii_length() const {
    ULONG length = 0;
    while (length < 5 && octets_[length] < 0x80) ++length;
    return length;
  }

 private:
  static constexpr size_t kSize = 4096;
  void* page_ = nullptr;
  const uint8_t* octets_ = nullptr;
};

}  // namespace two_sides
