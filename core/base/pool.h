// SPDX-License-Identifier: Apache-2.0
// Pools of fixed slots, and the handles that name them. A handle is the pool's tag and the slot's index
// (lower half) and the slot's generation (upper half): a stale, forged or foreign one finds nothing. Taking,
// giving back and finding cost the same however many slots there are, and happen under the port's lock.
#pragma once

#include "core/base/span.h"

namespace baresspi {

// What every slot begins with. refs counts the open handle, each call at work on the slot, and each slot that
// leans on this one (a context on its credential); the slot is wiped and goes back when the last of them
// ends.
struct Slot {
  uint32_t generation;
  uint16_t refs;
  uint16_t next_free;  // index + 1; 0: none
};

struct HandleValue {
  uint32_t lower;
  uint32_t upper;
};

// All zero at start, so that it lies in .bss.
struct PoolState {
  uint16_t first_free;  // index + 1; 0: none
  uint16_t ever_used;   // slots from here on were never taken
};

class Pool {
 public:
  // tag is the pool's own (not 0), the same in no other pool.
  constexpr Pool(uint16_t tag, void* slots, size_t slot_size, size_t count, PoolState* state)
      : slots_(slots),
        state_(state),
        slot_size_(slot_size),
        count_(static_cast<uint16_t>(count)),
        tag_(tag) {}

  // A slot of zeroes with one reference; nullptr when all are taken.
  [[nodiscard]] Slot* Take() const;
  // The slot that an open handle names, with one reference more: end it with Release. nullptr: no such
  // handle. mask: the bits of the generation that the handle carries.
  [[nodiscard]] Slot* Pin(HandleValue handle, uint32_t mask = UINT32_MAX) const;
  // The slot that an open handle names, and the handle is stale from now on; its reference is the caller's to
  // end.
  [[nodiscard]] Slot* Close(HandleValue handle) const;
  // Makes a slot's handle stale; the handle's reference remains.
  void Invalidate(Slot* slot) const;
  void Retain(Slot* slot) const;
  // Ends a reference. True when it was the last: nobody can reach the slot any more, and the caller gives it
  // back.
  [[nodiscard]] bool Release(Slot* slot) const;
  // Wipes a slot without references and puts it back.
  void GiveBack(Slot* slot) const;
  [[nodiscard]] HandleValue HandleOf(const Slot* slot) const;
  constexpr uint16_t tag() const { return tag_; }

 private:
  Slot* At(size_t index) const;
  Slot* Find(HandleValue handle, uint32_t mask) const;
  size_t IndexOf(const Slot* slot) const;

  void* slots_;
  PoolState* state_;
  size_t slot_size_;
  uint16_t count_;
  uint16_t tag_;
};

constexpr uint16_t TagOf(HandleValue handle) {
  return static_cast<uint16_t>(handle.lower >> 16);
}

}  // namespace baresspi
