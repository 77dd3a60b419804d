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
Arena::Links* Arena::LinksAt(uint32_t block) const {
  return reinterpret_cast<Links*>(base_ + (block + 1) * kUnit);
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

void Arena::Link(uint32_t block, uint32_t units) {
  uint16_t* list = ListFor(units);
  At(block)->size = static_cast<uint16_t>(units | kFree);
  *LinksAt(block) = {*list, 0};
  if (*list != 0) LinksAt(*list)->previous = static_cast<uint16_t>(block);
  *list = static_cast<uint16_t>(block);
}

void Arena::Unlink(uint32_t block, uint32_t units) {
  const Links links = *LinksAt(block);
  if (links.next != 0) LinksAt(links.next)->previous = links.previous;
  if (links.previous != 0) {
    LinksAt(links.previous)->next = links.next;
  } else {
    *ListFor(units) = links.next;
  }
}

// A free block of exactly this size; 0: there is none.
uint32_t Arena::TakeFree(uint32_t units) {
  uint32_t block = *ListFor(units);
  if (units > kLists) {
    while (block != 0 && At(block)->size != (units | kFree)) block = LinksAt(block)->next;
  }
  if (block != 0) Unlink(block, units);
  return block;
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

void* Arena::Use(uint32_t block, uint32_t units) {
  At(block)->size = static_cast<uint16_t>(units);
  void* octets = LinksAt(block);
  Fill(octets, 0, units * kUnit - sizeof(Header));
  return octets;
}

void* Arena::TryAllocate(size_t size) {
  if (base_ == nullptr || size > kMostUnits * kUnit - kUnit) return nullptr;
  const auto units = static_cast<uint32_t>((size + sizeof(Header) + kUnit - 1) / kUnit);
  uint32_t block = TakeFree(units);
  if (block == 0) block = Cut(units, end_);
  if (block == 0) {
    // The smallest free block that is large enough, as it is: what is left over would be of no use.
    uint32_t best = 0;
    for (uint32_t n = units < kLists ? units : kLists; n <= kLists; ++n) {
      for (uint32_t i = lists_[n]; i != 0; i = LinksAt(i)->next) {
        const uint32_t found = At(i)->size & ~uint32_t{kFree};
        if (found >= units && (best == 0 || found < (At(best)->size & ~uint32_t{kFree}))) best = i;
      }
      if (best != 0) break;
    }
    if (best == 0) return nullptr;
    const uint32_t found = At(best)->size & ~uint32_t{kFree};
    Unlink(best, found);
    return Use(best, found);
  }
  return Use(block, units);
}

void* Arena::Allocate(size_t size) {
  ++allocations_;
  void* octets = TryAllocate(size);
  if (octets != nullptr) return octets;
  exhausted_ = true;
  if (base_ == nullptr || size > kReserveBlock) return nullptr;
  const auto units = static_cast<uint32_t>((size + sizeof(Header) + kUnit - 1) / kUnit);
  const uint32_t block = Cut(units, hard_end_);
  return block == 0 ? nullptr : Use(block, units);
}

void Arena::Free(void* octets) {
  uint32_t block =
      static_cast<uint32_t>((static_cast<uint8_t*>(octets) - base_) / static_cast<ptrdiff_t>(kUnit)) - 1;
  uint32_t units = At(block)->size;
  if (block + units != top_) {
    Link(block, units);
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
    units &= ~uint32_t{kFree};
    Unlink(block, units);
  }
}

}  // namespace baresspi::schannel

#endif
