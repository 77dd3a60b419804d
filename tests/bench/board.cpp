// SPDX-License-Identifier: Apache-2.0
// TLS on the board, own client against own server by turns: for each scenario and side, one line of what it
// took. tests/bench/run compiles it with several configurations, boots it and compares.
//
//   SCENARIO client|server arena A stack S longest L handshake H calls N
//
// A: the arena's peak, octets. S: the deepest call, octets below its caller. L: the longest call,
// instructions. H: all of the handshake's calls. N: how many these were. Then a record of 1,024 octets goes
// over, which counts for the stack and the arena.
#include "config/baresspi_config.h"
#include "tests/bench/board_meter.h"
#include "tests/bench/pair.h"
#include "tests/bench/port.h"

namespace {

using bench::kBoth;
using bench::Say;
using bench::Scenario;
using bench::Who;

struct Cost {
  ULONG arena;
  uintptr_t stack;
  uint64_t longest, all;
  uint32_t calls;
};
constinit Cost costs[2];
constinit bool in_handshake;

constexpr Scenario kScenarios[] = {
    {"tls1.2", SP_PROT_TLS1_2, false, false},    {"tls1.2-client-certificate", SP_PROT_TLS1_2, false, true},
    {"tls1.2-rsa", SP_PROT_TLS1_2, true, false},
#if BARESSPI_TLS_1_3
    {"tls1.3", SP_PROT_TLS1_3, false, false},    {"tls1.3-client-certificate", SP_PROT_TLS1_3, false, true},
    {"tls1.3-rsa", SP_PROT_TLS1_3, true, false}, {"both", SP_PROT_TLS1_2 | SP_PROT_TLS1_3, false, false},
#endif
};

constinit bench::Pair pair;

int Fail(const Scenario& scenario, const char* what) {
  Say(scenario.name);
  Say(": ");
  Say(what);
  Say(" failed with ", static_cast<uint32_t>(pair.status()));
  Say("\n");
  return 1;
}

int Measure(const Scenario& scenario) {
  // What is done once for all, such as PSA's start, is done by another handshake before.
  for (int round = 0; round < 2; ++round) {
    for (Cost& cost : costs) cost = Cost();
    bench::StartRandomAnew();
    in_handshake = true;
    if (!pair.Acquire(scenario)) return Fail(scenario, "a credential");
    if (!pair.Connect()) return Fail(scenario, "the handshake");
    in_handshake = false;
    if (round == 1 && !pair.Transfer(1024)) return Fail(scenario, "a record");
    if (!pair.Disconnect() || !pair.Release()) return Fail(scenario, "the end");
  }
  for (const Who who : kBoth) {
    const Cost& cost = costs[who];
    Say(scenario.name);
    Say(who == bench::kClient ? " client" : " server");
    Say(" arena ", cost.arena);
    Say(" stack ", cost.stack);
    Say(" longest ", cost.longest);
    Say(" handshake ", cost.all);
    Say(" calls ", cost.calls);
    Say("\n");
  }
  return 0;
}

}  // namespace

namespace bench {

void CallBegins(uintptr_t stack_pointer) {
  CallStarts(stack_pointer);
}

void CallEnds(Who who, PCtxtHandle context, SECURITY_STATUS) {
  const CallCost call = CallStops();
  Cost& cost = costs[who];
  if (call.stack > cost.stack) cost.stack = call.stack;
  if (in_handshake) {
    if (call.instructions > cost.longest) cost.longest = call.instructions;
    cost.all += call.instructions;
    ++cost.calls;
  }
  ULONG size = 0;
  if (context != nullptr) (void)BareSspiTlsArenaPeak(context, &cost.arena, &size);
}

}  // namespace bench

int main() {
  bench::StartTimer();
  for (const Scenario& scenario : kScenarios) {
    const int status = Measure(scenario);
    if (status != 0) return status;
  }
  return 0;
}
