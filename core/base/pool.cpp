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

Slot* Pool::Take() const {
  const PoolLock lock;
  uint32_t index = state_->first_free;
  Slot* slot = nullptr;
  if (index != 0) {
    slot = At(--index);
    state_->first_free = slot->index;
  } else {
    index = state_->ever_used;
    if (index == count_) return nullptr;
    state_->ever_used = static_cast<uint16_t>(index + 1);
    slot = At(index);
  }
  slot->index = static_cast<uint16_t>(index);
  slot->refs = 1;
  return slot;
}

Slot* Pool::Find(HandleValue handle, Then then, uint32_t mask) const {
  const PoolLock lock;
  const uint32_t index = handle.lower ^ (static_cast<uint32_t>(tag_) << 16);  // too large with another tag
  if (index >= count_) return nullptr;
  Slot* slot = At(index);
  // A slot that only waits for its last reference has a newer generation already.
  if (slot->refs == 0 || slot->refs == UINT16_MAX || ((slot->generation ^ handle.upper) & mask) != 0)
    return nullptr;
  if (then == Then::kPin) ++slot->refs;
  if (then == Then::kClose) ++slot->generation;
  return slot;
}

void Pool::Retain(Slot* slot) const {
  const PoolLock lock;
  ++slot->refs;
}

bool Pool::Drop(Slot* slot) const {
  const PoolLock lock;
  return --slot->refs == 0;
}

void Pool::GiveBack(Slot* slot) const {
  Wipe(slot + 1, slot_size_ - sizeof(Slot));  // no list has it yet, so this needs no lock
  const PoolLock lock;
  const uint16_t index = slot->index;
  slot->index = state_->first_free;
  state_->first_free = static_cast<uint16_t>(index + 1);
}

}  // namespace baresspi
