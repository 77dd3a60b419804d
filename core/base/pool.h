// SPDX-License-Identifier: Apache-2.0
// Pools of fixed slots, and the handles that name them. A handle is the pool's tag and the slot's index
// (lower half) and the slot's generation (upper half): a stale, forged or foreign one finds nothing. Taking,
// giving back and finding cost the same however many slots there are, and happen under the port's lock.
#pragma once

#include "core/base/span.h"

namespace baresspi {

// What every slot begins with. refs counts the open handle and everybody who leans on the slot (a context on
// its credential, a call at work on a credential); the slot is wiped and goes back when the last of them
// ends.
struct Slot {
  uint32_t generation;
  int16_t refs;  // up to 32,767
  uint16_t
      index;  // its own while it is taken; while it is not, how far behind the next slot the next free is
};

// All zero at start, so that it lies in .bss: then slot 0 is free, and each slot's successor is the next one.
struct PoolState {
  uint16_t first_free;  // index; the pool's count: none
};

class Pool {
 public:
  // tag is the pool's own (not 0), the same in no other pool.
  constexpr Pool(uint16_t tag, void* slots, size_t slot_size, size_t count, PoolState* state)
      : slots_(slots),
        state_(state),
        slot_size_(static_cast<uint16_t>(slot_size)),
        count_(static_cast<uint16_t>(count)),
        tag_(tag) {}

  // A slot of zeroes with one reference; nullptr when all are taken.
  [[nodiscard]] Slot* Take() const;
  // What to do to a slot once it is found, under the same lock.
  enum class Then : uint8_t {
    kNothing,
    kPin,    // one reference more: end it with Release
    kClose,  // the handle is stale from now on; its reference is the caller's to end
  };
  // The slot that an open handle, by its halves, names; nullptr: no such handle.
  [[nodiscard]] Slot* Find(uintptr_t lower, uintptr_t upper, Then then) const;
  // The generation of a slot that has these lowest bits, if its own has them; 0 beyond the pool.
  [[nodiscard]] uint32_t Generation(uint32_t index, uint32_t low, uint32_t mask) const;
  // Ends a reference. With the last one the slot is wiped and goes back: true.
  bool Release(Slot* slot) const;
  // The same in two steps. True when it was the last: nobody can reach the slot any more, and the caller
  // gives it back.
  [[nodiscard]] bool Drop(Slot* slot) const;
  // Wipes a slot without references and puts it back.
  void GiveBack(Slot* slot) const;

  // How many slots are taken, and how many there are.
  [[nodiscard]] size_t CountTaken() const;
  constexpr size_t count() const { return count_; }

  // The lower half of the handle of a slot; the upper one is its generation.
  constexpr uint32_t Lower(uint32_t index) const { return (static_cast<uint32_t>(tag_) << 16) | index; }
  constexpr size_t slot_size() const { return slot_size_; }

 private:
  Slot* At(size_t index) const;
  void Free(Slot* slot) const;

  void* slots_;
  PoolState* state_;
  uint16_t slot_size_;
  uint16_t count_;
  uint16_t tag_;
};

}  // namespace baresspi
