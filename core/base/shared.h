// SPDX-License-Identifier: Apache-2.0
// A number that one task reads while another may write it: whole, and nothing more. Not a lock.
#pragma once

#include <stdint.h>

namespace baresspi {

// One load or store of an aligned word. Where a processor cannot compare and exchange (Cortex-M0, RV32
// without A), clang would call a library for it that is not there.
inline uint32_t LoadShared(const uint32_t* number) {
#if !defined(__clang__) || __GCC_ATOMIC_INT_LOCK_FREE == 2
  return __atomic_load_n(number, __ATOMIC_RELAXED);
#else
  return *static_cast<const volatile uint32_t*>(number);
#endif
}
// clang-tidy does not know that the builtin writes.
inline void StoreShared(uint32_t* number, uint32_t value) {  // NOLINT(readability-non-const-parameter)
#if !defined(__clang__) || __GCC_ATOMIC_INT_LOCK_FREE == 2
  __atomic_store_n(number, value, __ATOMIC_RELAXED);
#else
  *static_cast<volatile uint32_t*>(number) = value;
#endif
}

}  // namespace baresspi
