// SPDX-License-Identifier: Apache-2.0
// The arena by itself: what mbed TLS relies on, and what the context relies on when it is exhausted.
#include "core/schannel/arena.h"

#include <gtest/gtest.h>
#include <string.h>

#include <map>
#include <vector>

#include "config/baresspi_config.h"

namespace baresspi::schannel {
namespace {

class TlsArena : public testing::Test {
 protected:
  static constexpr size_t kSize = 16384;

  TlsArena() { arena_.Open({memory_, sizeof memory_}); }
  // Takes blocks of a size until the arena says no.
  std::vector<void*> TakeAll(size_t size) {
    std::vector<void*> blocks;
    while (void* block = arena_.TryAllocate(size)) blocks.push_back(block);
    return blocks;
  }

  alignas(8) uint8_t memory_[kSize];
  Arena arena_;
};

TEST_F(TlsArena, BlocksAreZeroAlignedAndApart) {
  memset(memory_, 0xA5, sizeof memory_);
  uint32_t seed = 1;
  std::map<uint8_t*, size_t> blocks;
  for (int i = 0; i < 20000; ++i) {
    seed = seed * 1664525 + 1013904223;
    const size_t size = (seed >> 16) % 500;
    if ((seed >> 28) < 9 || blocks.empty()) {
      auto* block = static_cast<uint8_t*>(arena_.TryAllocate(size));
      if (block == nullptr) continue;
      ASSERT_EQ(0u, reinterpret_cast<uintptr_t>(block) % 8);
      ASSERT_TRUE(arena_.Owns(block));
      for (size_t k = 0; k < size; ++k) ASSERT_EQ(0, block[k]) << "octet " << k << " of " << size;
      const auto behind = blocks.lower_bound(block);
      if (behind != blocks.end()) {
        ASSERT_LE(block + size, behind->first);
      }
      if (behind != blocks.begin()) {
        const auto before = std::prev(behind);
        ASSERT_LE(before->first + before->second, block);
      }
      memset(block, 0xFF, size);
      blocks[block] = size;
    } else {
      auto victim = blocks.begin();
      std::advance(victim, (seed >> 8) % blocks.size());
      for (size_t k = 0; k < victim->second; ++k) ASSERT_EQ(0xFF, victim->first[k]);
      arena_.Free(victim->first);
      blocks.erase(victim);
    }
  }
  EXPECT_FALSE(arena_.exhausted());
  EXPECT_LE(arena_.peak(), kSize);
}

TEST_F(TlsArena, WhatIsFreedInAnyOrderCanBeHadAgainWhole) {
  const size_t most = TakeAll(1000).size();
  arena_.Open({memory_, sizeof memory_});
  for (const int order : {0, 1, 2}) {
    std::vector<void*> blocks = TakeAll(24);
    const size_t count = blocks.size();
    ASSERT_GT(count, 100u);
    for (size_t i = 0; i < count; ++i) {
      const size_t at = order == 0 ? i : order == 1 ? count - 1 - i : (i * 7919) % count;
      ASSERT_NE(nullptr, blocks[at]) << "7919 is prime to the count";
      arena_.Free(blocks[at]);
      blocks[at] = nullptr;
    }
    blocks = TakeAll(1000);
    EXPECT_EQ(most, blocks.size());
    for (void* block : blocks) arena_.Free(block);
  }
}

TEST_F(TlsArena, TheSameSizeAgainTakesNoMoreMemory) {
  void* keep = arena_.Allocate(64);
  void* block = arena_.Allocate(100);
  void* above = arena_.Allocate(64);
  const size_t peak = arena_.peak();
  for (int i = 0; i < 1000; ++i) {
    arena_.Free(block);
    block = arena_.Allocate(100);
  }
  EXPECT_EQ(peak, arena_.peak());
  EXPECT_EQ(1003u, arena_.allocations());
  arena_.Free(above);
  arena_.Free(block);
  arena_.Free(keep);
}

TEST_F(TlsArena, ExhaustionIsLatchedAndTheReserveServesSmallBlocksUntilThen) {
  const std::vector<void*> all = TakeAll(512);
  EXPECT_FALSE(arena_.exhausted()) << "TryAllocate latches nothing";
  EXPECT_EQ(nullptr, arena_.Allocate(512));
  EXPECT_TRUE(arena_.exhausted());
  void* small = arena_.Allocate(256);
  ASSERT_NE(nullptr, small);
  memset(small, 0xFF, 256);
  EXPECT_EQ(nullptr, arena_.Allocate(257));
  arena_.Free(small);
  for (void* block : all) arena_.Free(block);
  EXPECT_TRUE(arena_.exhausted()) << "for good";
  size_t served = 0;
  arena_.Open({memory_, sizeof memory_});
  (void)TakeAll(8);
  while (arena_.Allocate(200) != nullptr) ++served;
  EXPECT_EQ(size_t{BARESSPI_SCHANNEL_RESERVE_BYTES} / 208, served);
}

// mbed TLS may go on for thousands of allocations before it gives up.
TEST_F(TlsArena, OnceExhaustedItSearchesNoLargerBlocks) {
  const std::vector<void*> all = TakeAll(512);
  arena_.Free(all[3]);
  void* fitting = arena_.Allocate(300);
  EXPECT_EQ(all[3], fitting) << "the larger block, as it is";
  arena_.Free(fitting);
  EXPECT_EQ(nullptr, arena_.Allocate(1000));
  ASSERT_TRUE(arena_.exhausted());
  EXPECT_EQ(nullptr, arena_.Allocate(300));
  EXPECT_EQ(all[3], arena_.Allocate(512)) << "one of its own size is at hand";
}

TEST_F(TlsArena, AbsurdSizesAreNoMemory) {
  EXPECT_EQ(nullptr, arena_.TryAllocate(SIZE_MAX));
  EXPECT_EQ(nullptr, arena_.TryAllocate(SIZE_MAX - 3));
  EXPECT_EQ(nullptr, arena_.TryAllocate(kSize));
  EXPECT_EQ(nullptr, arena_.TryAllocate(0x40000));
  EXPECT_EQ(nullptr, Arena().TryAllocate(1)) << "not opened";
}

TEST_F(TlsArena, CloseWipesTheLastBlockToItsEnd) {
  for (size_t size = 1; size <= 40; ++size) {
    arena_.Open({memory_, sizeof memory_});
    memset(memory_, 0, sizeof memory_);
    memset(arena_.Allocate(size), 0xA5, size);
    arena_.Close();
    for (size_t k = 0; k < sizeof memory_; ++k) ASSERT_EQ(0, memory_[k]) << "octet " << k << " with " << size;
  }
}

TEST_F(TlsArena, CloseLeavesNothingOfWhatWasWritten) {
  memset(memory_, 0, sizeof memory_);
  arena_.Open({memory_, sizeof memory_});
  for (void* block : TakeAll(100)) {
    memset(block, 0xEE, 100);
    arena_.Free(block);
  }
  (void)arena_.Allocate(kSize);
  for (int i = 0; i < 3; ++i) memset(arena_.Allocate(200), 0xEE, 200);
  arena_.Close();
  for (size_t i = 0; i < sizeof memory_; ++i) ASSERT_EQ(0, memory_[i]) << i;
  EXPECT_FALSE(arena_.open());
}

}  // namespace
}  // namespace baresspi::schannel
