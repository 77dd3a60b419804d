// SPDX-License-Identifier: Apache-2.0
#include "core/schannel/arena.h"

#include "config/baresspi_config.h"
#include "core/base/memory.h"

#if BARESSPI_SCHANNEL

namespace baresspi::schannel {
namespace {

constexpr uint16_t kFree = 0x8000;
constexpr size_t kMostUnits = 0x7FFF;
constexpr size_t kReserveBlock = 256;  // octets: the largest block that the reserve is for

}  // namespace

static_assert(BARESSPI_SCHANNEL_ARENA_BYTES <= kMostUnits * 8, "an arena has at most 256 KiB");
static_assert(BARESSPI_SCHANNEL_RESERVE_BYTES < BARESSPI_SCHANNEL_ARENA_BYTES);

// Headers stand at the second half of a unit.
Arena::Header* Arena::At(uint32_t block) const {
  return reinterpret_cast<Header*>(base_ + block * kUnit + kUnit / 2);
}
// Of a free block, in its list; 0: none. It stands where the octets of a block in use begin.
uint16_t* Arena::NextOf(uint32_t block) const {
  return reinterpret_cast<uint16_t*>(At(block) + 1);
}
uint16_t* Arena::ListFor(uint32_t units) {
  return &lists_[units <= kLists ? units - 1 : kLists];
}

void Arena::Open(MutableBytes memory) {
  *this = Arena();
  base_ = memory.data();
  // Blocks are numbered from 1, since 0 is none; a last block's octets end half a unit before its
  // successor's.
  hard_end_ = static_cast<uint16_t>(memory.size() / kUnit);
  end_ = static_cast<uint16_t>(hard_end_ - BARESSPI_SCHANNEL_RESERVE_BYTES / kUnit);
  top_ = peak_ = 1;
}

void Arena::Close() {
  // The last block ends half a unit behind the peak.
  if (base_ != nullptr) Wipe(base_, (exhausted_ ? hard_end_ : size_t{peak_} + 1) * kUnit);
  *this = Arena();
}

bool Arena::Owns(const void* block) const {
  const auto* octets = static_cast<const uint8_t*>(block);
  return base_ != nullptr && octets >= base_ && octets < base_ + static_cast<size_t>(hard_end_) * kUnit;
}

// Takes a free block of exactly this size out of its list, a certain one if it is wanted (not 0); 0: there is
// none.
uint32_t Arena::TakeFree(uint32_t units, uint32_t wanted) {
  for (uint16_t* link = ListFor(units); *link != 0; link = NextOf(*link)) {
    const uint32_t block = *link;
    if (wanted == 0 ? At(block)->size != (units | kFree) : block != wanted) continue;
    *link = *NextOf(block);
    return block;
  }
  return 0;
}

// A block from the rest; 0: it would go beyond end.
uint32_t Arena::Cut(uint32_t units, uint32_t end) {
  const uint32_t block = top_;
  if (units >= end || block >= end - units) return 0;  // one unit stays for the last block's second half
  At(block)->previous = top_size_;
  top_size_ = static_cast<uint16_t>(units);
  top_ = static_cast<uint16_t>(block + units);
  if (top_ > peak_ && top_ <= end_) peak_ = top_;
  return block;
}

void* Arena::Allocate(size_t size, bool reserve) {
  allocations_ += reserve;
  uint32_t block = 0;
  auto units = static_cast<uint32_t>((size + sizeof(Header) + kUnit - 1) / kUnit);
  if (size < kMostUnits * kUnit - kUnit) {
    block = TakeFree(units, 0);
    if (block == 0) block = Cut(units, end_);
    // The smallest free block that is large enough, as it is: what is left over would be of no use. When all
    // is lost anyway it is not looked for, in thousands of sizes, thousands of times.
    for (uint32_t larger = exhausted_ ? hard_end_ : units; block == 0 && ++larger < hard_end_;) {
      block = TakeFree(larger, 0);
      if (block != 0) units = larger;
    }
  }
  if (block == 0 && reserve) {
    exhausted_ = true;
    if (size <= kReserveBlock) block = Cut(units, hard_end_);
  }
  if (block == 0) return nullptr;
  At(block)->size = static_cast<uint16_t>(units);
  void* octets = NextOf(block);
  Fill(octets, 0, units * kUnit - sizeof(Header));
  return octets;
}

void Arena::Free(void* octets) {
  uint32_t block =
      static_cast<uint32_t>((static_cast<uint8_t*>(octets) - base_) / static_cast<ptrdiff_t>(kUnit)) - 1;
  uint32_t units = At(block)->size;
  if (block + units != top_) {
    uint16_t* const list = ListFor(units);
    At(block)->size = static_cast<uint16_t>(units | kFree);
    *NextOf(block) = *list;
    *list = static_cast<uint16_t>(block);
    return;
  }
  // Back to the rest, with what lies free below it.
  for (;;) {
    top_ = static_cast<uint16_t>(block);
    top_size_ = At(block)->previous;
    if (top_size_ == 0) return;
    block -= top_size_;
    units = At(block)->size;
    if ((units & kFree) == 0) return;
    (void)TakeFree(units & ~uint32_t{kFree}, block);
  }
}

}  // namespace baresspi::schannel

#endif
