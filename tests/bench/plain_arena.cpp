// SPDX-License-Identifier: Apache-2.0
// mbed TLS on Schannel's own allocator: what an arena costs or saves over the C library's heap, apart from
// all else that Schannel does.
#include "core/schannel/arena.h"
#include "port/port.h"
#include "tests/bench/plain_memory.h"

namespace bench {
namespace {

constexpr size_t kArena = 131072;
alignas(8) uint8_t memory[2][kArena];
baresspi::schannel::Arena arenas[2];

}  // namespace

void AllocateFor(int who) {
  if (!arenas[who].open()) arenas[who].Open({memory[who], kArena});
  baresspi_port_set_task_arena(&arenas[who]);
}

}  // namespace bench
