// SPDX-License-Identifier: Apache-2.0
#include "core/base/pool.h"

#include "core/base/memory.h"
#include "core/base/shared.h"
#include "port/port.h"

namespace baresspi {
namespace {

class PoolLock {
 public:
  PoolLock() { baresspi_port_lock(); }
  ~PoolLock() { baresspi_port_unlock(); }
  PoolLock(const PoolLock&) = delete;
  PoolLock& operator=(const PoolLock&) = delete;
};

}  // namespace

Slot* Pool::At(size_t index) const {
  return reinterpret_cast<Slot*>(static_cast<uint8_t*>(slots_) + index * slot_size_);
}

Slot* Pool::Take() const {
  const PoolLock lock;
  const uint32_t index = state_->first_free;
  if (index == count_) return nullptr;
  Slot* slot = At(index);
  state_->first_free = static_cast<uint16_t>(index + 1 + slot->index);
  slot->index = static_cast<uint16_t>(index);
  slot->refs = 1;
  return slot;
}

Slot* Pool::Find(uintptr_t lower, uintptr_t upper, Then then) const {
  const PoolLock lock;
  const uintptr_t index = lower ^ Lower(0);  // too large with another tag
  if (index >= count_) return nullptr;
  Slot* slot = At(index);
  // A slot that only waits for its last reference has a newer generation already.
  if (slot->refs <= 0 || slot->generation != upper) return nullptr;  // overflowed counts are negative
  if (then == Then::kPin) ++slot->refs;
  // Who has pinned the slot may read this without the lock (StoreHandle).
  if (then == Then::kClose) StoreShared(&slot->generation, slot->generation + 1);
  return slot;
}

uint32_t Pool::Generation(uint32_t index, uint32_t low, uint32_t mask) const {
  const PoolLock lock;
  return index < count_ ? (At(index)->generation & ~mask) | low : 0;
}

// With the lock held: a few hundred octets are soon zeroed, and nobody can find the slot half done.
[[gnu::always_inline]] inline void Pool::Free(Slot* slot) const {
  Wipe(slot + 1, slot_size_ - sizeof(Slot));
  // A handle that a call in progress made of the slot after its close must not be the next owner's.
  ++slot->generation;
  const uint16_t index = slot->index;
  slot->index = static_cast<uint16_t>(state_->first_free - index - 1);
  state_->first_free = index;
}

size_t Pool::CountTaken() const {
  const PoolLock lock;
  size_t taken = 0;
  for (size_t i = 0; i < count_; ++i) taken += At(i)->refs != 0;
  return taken;
}

bool Pool::Release(Slot* slot) const {
  const PoolLock lock;
  if (--slot->refs != 0) return false;
  Free(slot);
  return true;
}

bool Pool::Drop(Slot* slot) const {
  const PoolLock lock;
  return --slot->refs == 0;
}

void Pool::GiveBack(Slot* slot) const {
  const PoolLock lock;
  Free(slot);
}

}  // namespace baresspi
