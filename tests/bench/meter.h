// SPDX-License-Identifier: Apache-2.0
// What a stretch of a program costs on this machine. Under callgrind (--collect-atstart=no) it counts the
// instructions, and callgrind writes a profile named WHAT/WHO for each stretch. Without, it prints
//
//   WHAT/WHO stack S calls C peak P kept K
//
// S: octets below the caller. C: calls of the heap. P, K: octets that are allocated at most, and in the end,
// beyond those of the beginning. The last three are 0 unless libbench-heap.so is preloaded.
#pragma once

#include <valgrind/callgrind.h>

#include "tests/bench/who.h"

namespace bench {

void StretchBegins();
void StretchEnds(const char* what, Who who);

// call is measured, when measured is true; returns what it does.
template <typename Call>
auto Measure(bool measured, const char* what, Who who, Call call) {
  if (measured) StretchBegins();
  if (measured) CALLGRIND_TOGGLE_COLLECT;
  const auto result = call();
  if (measured) CALLGRIND_TOGGLE_COLLECT;
  if (measured) StretchEnds(what, who);
  return result;
}

}  // namespace bench
