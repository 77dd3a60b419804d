// SPDX-License-Identifier: Apache-2.0
// The n-th allocation finds nothing left, for every n of a handshake. mbed TLS's calloc is the linker's
// detour here (--wrap): before the n-th call the arena is filled through its own functions, so that from
// there on all is as it were with an arena that small.
#include <stdlib.h>

#include "core/schannel/arena.h"
#include "port/port.h"
#include "tests/unit/schannel/replay.h"

namespace {

unsigned calls = 0;
unsigned fail_at = 0;  // 0: never

// Few sizes: to learn that a size is nowhere left takes the arena longer than to give a block out.
void Fill(baresspi::schannel::Arena& arena) {
  for (size_t size = 65536; size != 0; size /= 16) {
    while (arena.TryAllocate(size) != nullptr) {
    }
  }
}

}  // namespace

extern "C" {
void* __real_baresspi_tls_calloc(size_t count, size_t size);
void* __wrap_baresspi_tls_calloc(size_t count, size_t size);
}

void* __wrap_baresspi_tls_calloc(size_t count, size_t size) {
  if (++calls == fail_at) Fill(*static_cast<baresspi::schannel::Arena*>(baresspi_port_task_arena()));
  return __real_baresspi_tls_calloc(count, size);
}

namespace tls_sides {
namespace {

// Elliptic curves make thousands of the same. Kinds of handshake that differ in little else from the first
// two have every 13th of these, unless the environment wants all: ten minutes more.
bool WantsEvery() {
  return getenv("BARESSPI_EVERY_ALLOCATION") != nullptr;
}

struct TlsLongExhaustion : Test, testing::WithParamInterface<size_t> {
  const Kind& kind() const { return kKinds[GetParam()]; }
};
INSTANTIATE_TEST_SUITE_P(Kind, TlsLongExhaustion,
                         testing::Range(size_t{0}, sizeof kKinds / sizeof kKinds[0]));

TEST_P(TlsLongExhaustion, TheNthAllocationFailsForEveryN) {
  Pair others({"", SP_PROT_TLS1_3, false, false}, SCH_CRED_DISABLE_RECONNECTS);
  others.Establish();
  Pair pair(kind(), SCH_CRED_DISABLE_RECONNECTS);
  const Recording recording(pair);
  const bool samples = GetParam() >= 2 && !WantsEvery();
  for (size_t turn = 0; turn < recording.turns().size(); ++turn) {
    const Turn& mine = recording.turns()[turn];
    recording.ReplayTo(turn);
    calls = 0;
    fail_at = 0;
    ASSERT_STATUS(mine.result.status, recording.Give(turn, mine.input).status);
    const unsigned most = calls;
    unsigned tried = 0;
    unsigned survived = 0;
    for (unsigned n = 1; n <= most; n += samples && n > 500 ? 13 : 1) {
      recording.ReplayTo(turn);
      calls = 0;
      fail_at = n;
      const Result result = recording.Give(turn, mine.input);
      fail_at = 0;
      ++tried;
      Side& side = mine.client ? static_cast<Side&>(pair.client) : pair.server;
      // What is asked for last may have been freed a moment ago: then nothing failed.
      if (result.status >= 0) {
        ASSERT_STATUS(mine.result.status, result.status);
        ASSERT_EQ(mine.result.token, result.token);
        ++survived;
      } else {
        ASSERT_STATUS(SEC_E_INTERNAL_ERROR, result.status) << "turn " << turn << ", allocation " << n;
        if (side.has_context()) {
          ASSERT_STATUS(SEC_E_INTERNAL_ERROR, side.Step(mine.input).status) << "for good";
        }
      }
      pair.DeleteContexts();
      if (n % 16 == 0) Converse(others.client, others.server);
    }
    printf("%s, turn %zu: %u allocations, %u tried, %u had what they wanted from what was freed since\n",
           kind().name, turn, most, tried, survived);
    EXPECT_LE(survived, tried / 2);
    Converse(others.client, others.server);
  }
  pair.Establish();
  Converse(pair.client, pair.server);
}

}  // namespace
}  // namespace tls_sides
