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
  uint16_t refs;
  uint16_t index;  // its own while it is taken; the next free one's + 1 (0: none) while it is not
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
  // The slot that an open handle names; nullptr: no such handle. mask: the bits of the generation that the
  // handle carries.
  [[nodiscard]] Slot* Find(HandleValue handle, Then then, uint32_t mask = UINT32_MAX) const;
  // One reference more.
  void Retain(Slot* slot) const;
  // Ends a reference. True when it was the last: nobody can reach the slot any more, and the caller gives it back.
  [[nodiscard]] bool Drop(Slot* slot) const;
  // Wipes a slot without references and puts it back.
  void GiveBack(Slot* slot) const;

  constexpr HandleValue HandleOf(const Slot* slot) const {
    return {(static_cast<uint32_t>(tag_) << 16) | slot->index, slot->generation};
  }
  constexpr uint16_t tag() const { return tag_; }
  constexpr size_t slot_size() const { return slot_size_; }

 private:
  Slot* At(size_t index) const;

  void* slots_;
  PoolState* state_;
  uint16_t slot_size_;
  uint16_t count_;
  uint16_t tag_;
};

constexpr uint16_t TagOf(HandleValue handle) {
  return static_cast<uint16_t>(handle.lower >> 16);
}

}  // namespace baresspi
