// SPDX-License-Identifier: Apache-2.0
// What libbench-heap.so counts in a program that it is preloaded to. Without it these functions are not
// there.
#pragma once

#include <stddef.h>

struct HeapUse {
  size_t calls;  // of malloc and its like, and of free with a block
  // Octets more than at the beginning, as large as malloc made the blocks:
  size_t peak;  // at most
  long kept;    // now
};

extern "C" {
[[gnu::weak]] void bench_heap_begin();
[[gnu::weak]] HeapUse bench_heap_use();
}
