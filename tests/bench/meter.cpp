// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/meter.h"

#include <stdint.h>
#include <stdio.h>

#include "tests/bench/heap.h"

namespace bench {
namespace {

constexpr uintptr_t kDepth = 262144;
constexpr uintptr_t kOwnFrame = 96;  // what StretchBegins needs itself
constexpr uint64_t kPaint = 0x5aa55aa55aa55aa5;

uintptr_t top;

volatile uint64_t* Bottom() {
  return reinterpret_cast<volatile uint64_t*>((top - kDepth) & ~uintptr_t{7});
}

}  // namespace

[[gnu::noinline]] void StretchBegins() {
  if (RUNNING_ON_VALGRIND != 0) return;
  if (bench_heap_begin != nullptr) bench_heap_begin();
  top = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  for (volatile uint64_t* at = Bottom(); reinterpret_cast<uintptr_t>(at) < top - kOwnFrame; ++at)
    *at = kPaint;
}

[[gnu::noinline]] void StretchEnds(const char* what, Who who) {
  char name[64];
  if (RUNNING_ON_VALGRIND != 0) {
    snprintf(name, sizeof name, "%s/%s", what, who == kClient ? "client" : "server");
    CALLGRIND_DUMP_STATS_AT(name);
    return;
  }
  HeapUse heap = {0, 0, 0};
  if (bench_heap_begin != nullptr) heap = bench_heap_use();
  const volatile uint64_t* at = Bottom();
  while (reinterpret_cast<uintptr_t>(at) < top && *at == kPaint) ++at;
  printf("%s/%s stack %lu calls %lu peak %lu kept %ld\n", what, who == kClient ? "client" : "server",
         static_cast<unsigned long>(top - reinterpret_cast<uintptr_t>(at)),
         static_cast<unsigned long>(heap.calls), static_cast<unsigned long>(heap.peak), heap.kept);
}

}  // namespace bench
