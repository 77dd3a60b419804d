// SPDX-License-Identifier: Apache-2.0
// Where tls_plain.cpp's mbed TLS allocates: plain_heap.cpp, the C library's heap; plain_arena.cpp, Schannel's
// arenas, one a side.
#pragma once

#include "tests/bench/who.h"

namespace bench {

void AllocateFor(int who);

}  // namespace bench
