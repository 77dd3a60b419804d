// SPDX-License-Identifier: Apache-2.0
// Where tls_plain.cpp's mbed TLS allocates: plain_heap.cpp, the C library's heap; plain_arena.cpp, Schannel's
// arenas, one a side.
#pragma once

namespace bench {

enum Who { kClient, kServer };
inline constexpr Who kBoth[] = {kClient, kServer};

void AllocateFor(int who);

}  // namespace bench
