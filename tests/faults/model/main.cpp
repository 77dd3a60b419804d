// SPDX-License-Identifier: Apache-2.0
// Calls of the C API, legal and illegal ones, in any order, against a model that knows what each must answer.
//
//   test_model                           fixed seeds and a fresh one
//   BARESSPI_MODEL_CALLS=10000000 test_model    so many calls
//   BARESSPI_MODEL_SEED=N test_model     one sequence, every call of it shown
//
// A sequence that finds something is shortened, call by call, as long as it still does, and shown. Sequences
// run in a process of their own, so that one which dies can be shortened, too.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "tests/faults/model/world.h"

namespace model {
namespace {

constexpr uint32_t kLength = 400;  // calls of a sequence
constexpr uint64_t kCalls = 300000;

struct Shared {
  Tally tally;
  uint32_t op_count;
  Op ops[kLength];
};

template <typename Function>
bool Passes(bool silent, Function function) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    if (silent &&
        (freopen("/dev/null", "w", stdout) == nullptr || freopen("/dev/null", "w", stderr) == nullptr))
      _exit(2);
    function();
    fflush(stdout);
    _exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) abort();
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// One sequence, drawn. Its calls are kept for who wants to shorten it.
void Play(Shared* shared, uint64_t seed, bool tells) {
  static World world;
  world = World();
  world.tally = &shared->tally;
  world.tells = tells;
  shared->tally.seed = seed;
  shared->op_count = 0;
  ++shared->tally.sequences;
  Begin(world, seed);
  Random random(seed);
  for (uint32_t i = 0; i < kLength; ++i) {
    const Op op = Draw(world, random);
    shared->ops[shared->op_count++] = op;
    Run(world, op);
  }
  End(world);
}

void Replay(Shared* shared, uint64_t seed, const std::vector<Op>& ops, bool tells) {
  static World world;
  world = World();
  world.tally = &shared->tally;
  world.tells = tells;
  Begin(world, seed);
  for (const Op& op : ops) Run(world, op);
  End(world);
}

// The calls without which nothing is found.
std::vector<Op> Shorten(Shared* shared, uint64_t seed) {
  std::vector<Op> ops(shared->ops, shared->ops + shared->op_count);
  const uint64_t found = shared->tally.found;  // this, and nothing else
  for (size_t size = ops.size() / 2; size != 0; size /= 2) {
    for (size_t at = 0; at < ops.size();) {
      std::vector<Op> fewer(ops.begin(), ops.begin() + static_cast<ptrdiff_t>(at));
      if (at + size < ops.size())
        fewer.insert(fewer.end(), ops.begin() + static_cast<ptrdiff_t>(at + size), ops.end());
      shared->tally.found = 0;
      const bool passes = Passes(true, [&] { Replay(shared, seed, fewer, false); });
      if (passes || shared->tally.found != found) {
        at += size;
      } else {
        ops = fewer;
      }
    }
  }
  return ops;
}

int Found(Shared* shared) {
  const uint64_t seed = shared->tally.seed;
  const Tally before = shared->tally;
  printf("FAIL model: seed %llu, after %llu calls; to repeat: BARESSPI_MODEL_SEED=%llu\n",
         static_cast<unsigned long long>(seed), static_cast<unsigned long long>(before.calls),
         static_cast<unsigned long long>(seed));
  const std::vector<Op> ops = Shorten(shared, seed);
  printf("the shortest sequence found, %zu calls:\n", ops.size());
  if (Passes(false, [&] { Replay(shared, seed, ops, true); }))
    printf("it passes, and so depends on what was before\n");
  printf("0 passed, 1 failed\n");
  return 1;
}

uint64_t Number(const char* name, uint64_t otherwise) {
  const char* text = getenv(name);
  return text == nullptr || *text == 0 ? otherwise : strtoull(text, nullptr, 0);
}

int Main() {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 2;
  auto* shared = static_cast<Shared*>(memory);
  const uint64_t only = Number("BARESSPI_MODEL_SEED", 0);
  if (only != 0) {
    if (!Passes(false, [&] { Play(shared, only, true); })) return Found(shared);
    printf("ok model: seed %llu\n1 passed, 0 failed\n", static_cast<unsigned long long>(only));
    return 0;
  }
  const uint64_t calls = Number("BARESSPI_MODEL_CALLS", kCalls);
  uint32_t fresh = 0;
  if (getentropy(&fresh, sizeof fresh) != 0) return 2;
  printf("fresh seeds from %u on\n", fresh);
  const bool good = Passes(false, [&] {
    // Half of the calls by the fixed seeds, from 1 on.
    for (uint64_t seed = 1; shared->tally.calls < calls / 2; ++seed) Play(shared, seed, false);
    for (uint64_t seed = uint64_t{fresh} << 8 | 1; shared->tally.calls < calls; ++seed)
      Play(shared, seed, false);
  });
  if (!good) return Found(shared);
  const bool complete = Print(shared->tally);
  printf("%s", complete ? "ok model\n1 passed, 0 failed\n" : "0 passed, 1 failed\n");
  return complete ? 0 : 1;
}

}  // namespace
}  // namespace model

int main() {
  return model::Main();
}
