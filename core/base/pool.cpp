// SPDX-License-Identifier: Apache-2.0
#include "core/base/pool.h"

#include "core/base/memory.h"
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

size_t Pool::IndexOf(const Slot* slot) const {
  return static_cast<size_t>(reinterpret_cast<const uint8_t*>(slot) - static_cast<const uint8_t*>(slots_)) /
         slot_size_;
}

Slot* Pool::Take() const {
  const PoolLock lock;
  Slot* slot = nullptr;
  if (state_->first_free != 0) {
    slot = At(state_->first_free - 1U);
    state_->first_free = slot->next_free;
  } else if (state_->ever_used < count_) {
    slot = At(state_->ever_used++);
  }
  if (slot != nullptr) slot->refs = 1;
  return slot;
}

// With the lock held. A slot that only waits for its last reference has a newer generation already.
Slot* Pool::Find(HandleValue handle, uint32_t mask) const {
  const uint32_t index = handle.lower & 0xFFFFU;
  if (TagOf(handle) != tag_ || index >= count_) return nullptr;
  Slot* slot = At(index);
  if (slot->refs == 0 || slot->refs == UINT16_MAX || ((slot->generation ^ handle.upper) & mask) != 0)
    return nullptr;
  return slot;
}

Slot* Pool::Pin(HandleValue handle, uint32_t mask) const {
  const PoolLock lock;
  Slot* slot = Find(handle, mask);
  if (slot != nullptr) ++slot->refs;
  return slot;
}

Slot* Pool::Close(HandleValue handle) const {
  const PoolLock lock;
  Slot* slot = Find(handle, UINT32_MAX);
  if (slot != nullptr) ++slot->generation;
  return slot;
}

void Pool::Invalidate(Slot* slot) const {
  const PoolLock lock;
  ++slot->generation;
}

void Pool::Retain(Slot* slot) const {
  const PoolLock lock;
  ++slot->refs;
}

bool Pool::Release(Slot* slot) const {
  const PoolLock lock;
  return --slot->refs == 0;
}

void Pool::GiveBack(Slot* slot) const {
  Wipe(slot + 1, slot_size_ - sizeof(Slot));  // no list has it yet, so this needs no lock
  const PoolLock lock;
  slot->next_free = state_->first_free;
  state_->first_free = static_cast<uint16_t>(IndexOf(slot) + 1);
}

HandleValue Pool::HandleOf(const Slot* slot) const {
  return {(static_cast<uint32_t>(tag_) << 16) | static_cast<uint32_t>(IndexOf(slot)), slot->generation};
}

}  // namespace baresspi
