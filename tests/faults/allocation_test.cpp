// SPDX-License-Identifier: Apache-2.0
// The arena has nothing left at its n-th allocation, mbed TLS's and ours, for every n of what
// tests/unit/schannel/memory does not have: that takes the eight kinds of whole handshakes; here are
// credentials that are tried out, resumption, tickets, queries, messages and last words. The allocation
// function is the linker's detour here (--wrap).
#include <stdlib.h>

#include "core/schannel/arena.h"
#include "tests/faults/support/authority.h"
#include "tests/faults/support/surroundings.h"
#include "tests/support/scripted_port.h"

namespace {

using baresspi::schannel::Arena;

struct Script {
  std::vector<faults::What>* kinds = nullptr;  // of each allocation
  faults::What now = faults::What::kAcquire;
  unsigned calls = 0;
  unsigned fails_at = 0;
  bool filling = false;
  Arena* filled = nullptr;
  std::vector<void*> blocks;
};
Script script;

// Few sizes: to learn that a size is nowhere left takes the arena longer than to give a block out.
void Fill(Arena* arena) {
  script.filling = true;
  script.filled = arena;
  for (size_t size = 65536; size != 0; size /= 4) {
    for (void* block = nullptr; (block = arena->TryAllocate(size)) != nullptr;)
      script.blocks.push_back(block);
  }
  script.filling = false;
}

// Gives it back, unless the context is gone, and its arena with it.
void Empty() {
  if (script.filled != nullptr && script.filled->open()) {
    for (void* block : script.blocks) script.filled->Free(block);
  }
  script.blocks.clear();
  script.filled = nullptr;
}

}  // namespace

// Arena::Allocate(size_t, bool), as the compiler names it.
extern "C" {
void* __real__ZN8baresspi8schannel5Arena8AllocateEmb(Arena* arena, size_t size, bool reserve);
void* __wrap__ZN8baresspi8schannel5Arena8AllocateEmb(Arena* arena, size_t size, bool reserve);
}

void* __wrap__ZN8baresspi8schannel5Arena8AllocateEmb(Arena* arena, size_t size, bool reserve) {
  if (!script.filling) {
    if (script.kinds != nullptr) script.kinds->push_back(script.now);
    if (++script.calls == script.fails_at) Fill(arena);
  }
  return __real__ZN8baresspi8schannel5Arena8AllocateEmb(arena, size, reserve);
}

namespace faults {
namespace {

enum class After : uint8_t { kMended, kBroken, kRefused };
struct Rule {
  What what;
  SECURITY_STATUS status;
  After after;
  const char* says;
};
constexpr Rule kRules[] = {
    {What::kAcquire, SEC_E_INSUFFICIENT_MEMORY, After::kMended,
     "schannel.h, SCHANNEL_CRED: an arena is too small to try the certificates out"},
    {What::kHandshake, SEC_E_INTERNAL_ERROR, After::kBroken, "core/README.md: the arena is exhausted"},
    {What::kQuery, SEC_E_INSUFFICIENT_MEMORY, After::kMended,
     "attributes.h: a query that finds no room has changed nothing"},
    {What::kQuery, kNotResumed, After::kRefused, "a session that finds no room is not kept"},
    {What::kProtect, SEC_E_INTERNAL_ERROR, After::kBroken, "message.h: the context is over"},
    {What::kUnprotect, SEC_E_INTERNAL_ERROR, After::kBroken, "message.h: the context is over"},
    {What::kControl, SEC_E_INTERNAL_ERROR, After::kBroken, "core/README.md: the arena is exhausted"},
};

const Rule* FindRule(const Made& made) {
  for (const Rule& rule : kRules) {
    if (rule.what == made.what && rule.status == made.status) return &rule;
  }
  return nullptr;
}

Made Next(Exchange& exchange) {
  script.now = exchange.next();
  return exchange.Next();
}

// True: it went on to its end.
void Try(const Scenario& scenario, unsigned n, Row* row) {
  SCOPED_TRACE(testing::Message() << scenario.name << ", allocation " << n);
  script = Script();
  Restart();
  Exchange exchange(scenario);
  script.fails_at = n;
  bool failed = false;
  while (!exchange.over()) {
    const Use before = UseOfPools();
    const Made made = Next(exchange);
    ExpectPortAtRest();
    if (made.status >= 0) {
      Empty();
      continue;
    }
    failed = true;
    ++row->statuses[made.status];
    const Rule* const rule = FindRule(made);
    ASSERT_NE(rule, nullptr) << NameOf(made.what) << " may not answer " << two_sides::StatusText(made.status);
    EXPECT_TRUE(made.quiet);
    EXPECT_TRUE(UseOfPools() == before) << "a failed call took or lost a place";
    if (rule->after == After::kMended || made.began_context) {
      Empty();
      ASSERT_GE(Next(exchange).status, 0) << "the same call once more";
      ++row->mended;
      continue;
    }
    if (rule->after == After::kBroken) {
      EXPECT_STATUS(made.status, Next(exchange).status) << "for good";
      EXPECT_STATUS(made.status, made.who->Query(SECPKG_ATTR_STREAM_SIZES));
      ++row->broken;
    } else {
      ++row->refused;
    }
    break;
  }
  Empty();
  if (!failed) ++row->unharmed;
  exchange.End();
}

// All of the calls that are short, and samples of handshakes and of the check of a key: elliptic curves have
// thousands of the same. BARESSPI_EVERY_ALLOCATION in the environment: all of those, too.
std::vector<unsigned> Chosen(const std::vector<What>& kinds) {
  constexpr unsigned kMost = 80;  // of a kind, besides its first
  unsigned of_kind[16] = {};
  for (const What what : kinds) ++of_kind[static_cast<size_t>(what)];
  const bool every = getenv("BARESSPI_EVERY_ALLOCATION") != nullptr;
  std::vector<unsigned> chosen;
  unsigned seen[16] = {};
  for (unsigned n = 1; n <= kinds.size(); ++n) {
    const auto kind = static_cast<size_t>(kinds[n - 1]);
    const unsigned step = every || of_kind[kind] < 4 * kMost ? 1 : of_kind[kind] / kMost;
    const unsigned nth = seen[kind]++;
    if (nth < 50 || nth % step == 0) chosen.push_back(n);
  }
  return chosen;
}

struct ArenaFaults : Test, testing::WithParamInterface<size_t> {};
INSTANTIATE_TEST_SUITE_P(Of, ArenaFaults, testing::Range(size_t{0}, TlsConnections().size()));

TEST_P(ArenaFaults, AtItsAllocations) {
  const Scenario& scenario = TlsConnections()[GetParam()];
  Bystanders bystanders(true);
  std::vector<What> kinds;
  {
    script = Script();
    script.kinds = &kinds;
    Restart();
    Exchange exchange(scenario);
    while (!exchange.over()) ASSERT_GE(Next(exchange).status, 0);
    script = Script();
  }
  Row row;
  row.calls = static_cast<unsigned>(kinds.size());
  const Use before = UseOfPools();
  unsigned tried = 0;
  for (const unsigned n : Chosen(kinds)) {
    Try(scenario, n, &row);
    ++row.tried;
    ASSERT_FALSE(HasFatalFailure());
    EXPECT_TRUE(UseOfPools() == before);
    bystanders.Converse(++tried % 8 == 0);
  }
  script = Script();
  Restart();
  Exchange(scenario).Finish();
  Print(scenario.name, "arena has nothing left", row);
}

}  // namespace
}  // namespace faults
