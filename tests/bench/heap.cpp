// SPDX-License-Identifier: Apache-2.0
// libbench-heap.so: takes the place of the C library's heap, counts, and passes on to it.
#include "tests/bench/heap.h"

#include <errno.h>
#include <malloc.h>

extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* block, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* block);
}

namespace {

// Of one thread: the programs that are measured have no other.
size_t calls;
size_t live;
size_t live_at_begin;
size_t most;

void* Count(void* block) {
  ++calls;
  if (block != nullptr) live += malloc_usable_size(block);
  if (live > most) most = live;
  return block;
}

void Forget(void* block) {
  if (block != nullptr) live -= malloc_usable_size(block);
}

}  // namespace

void bench_heap_begin() {
  calls = 0;
  most = live_at_begin = live;
}

HeapUse bench_heap_use() {
  return {calls, most - live_at_begin, static_cast<long>(live - live_at_begin)};
}

extern "C" {

void* malloc(size_t size) {
  return Count(__libc_malloc(size));
}
void* calloc(size_t count, size_t size) {
  return Count(__libc_calloc(count, size));
}
void* realloc(void* block, size_t size) {
  const size_t before = block == nullptr ? 0 : malloc_usable_size(block);
  void* const anew = __libc_realloc(block, size);
  if (anew != nullptr || size == 0) live -= before;
  return Count(anew);
}
void free(void* block) {
  if (block == nullptr) return;
  ++calls;
  Forget(block);
  __libc_free(block);
}
void* memalign(size_t alignment, size_t size) {
  return Count(__libc_memalign(alignment, size));
}
void* aligned_alloc(size_t alignment, size_t size) {
  return memalign(alignment, size);
}
int posix_memalign(void** block, size_t alignment, size_t size) {
  *block = memalign(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}
}
