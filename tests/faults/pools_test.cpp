// SPDX-License-Identifier: Apache-2.0
// Pools with 0, 1, 2 places left before every call of every exchange: a call that needs a place says
// SEC_E_INSUFFICIENT_MEMORY when there is none, and works when it is made again with one; no other call
// minds.
#include "config/baresspi_config.h"
#include "tests/faults/support/authority.h"
#include "tests/faults/support/surroundings.h"
#include "tests/support/scripted_port.h"

namespace faults {
namespace {

enum Kind : uint8_t { kContexts, kCredentials };

BARESSPI_POOL_USE UseOf(Package package) {
  BARESSPI_POOL_USE use = {};
  EXPECT_STATUS(SEC_E_OK, BareSspiQueryPoolUse(NameOf(package), &use));
  return use;
}

unsigned Left(Package package, Kind kind) {
  const BARESSPI_POOL_USE use = UseOf(package);
  return kind == kContexts ? use.MaxContexts - use.Contexts : use.MaxCredentials - use.Credentials;
}

// Takes places of a pool until so many are left, and gives them back.
class Filler {
 public:
  // Its contexts are of this credential.
  Filler(Package package, Kind kind, const CredHandle& credential)
      : package_(package), kind_(kind), credential_(credential), identity_(two_sides::Alice()) {}

  void FillTo(unsigned left) {
    while (Left(package_, kind_) > left) {
      // TLS: one without certificates takes no context to be tried out.
      auto party = std::make_unique<Party>(package_, SECPKG_CRED_OUTBOUND,
                                           package_ == Package::kTls ? nullptr : &identity_);
      if (kind_ == kContexts) {
        party->Borrow(credential_);
        ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, party->Step({}).status);
      } else {
        ASSERT_STATUS(SEC_E_OK, party->Acquire());
      }
      taken_.push_back(std::move(party));
    }
  }
  // False: it has none.
  bool FreeOne() {
    if (taken_.empty()) return false;
    taken_.pop_back();
    return true;
  }

 private:
  Package package_;
  Kind kind_;
  CredHandle credential_;
  SEC_WINNT_AUTH_IDENTITY_A identity_;
  std::vector<std::unique_ptr<Party>> taken_;
};

// Places that a call needs. A TLS credential with certificates or anchors is tried out in a free context.
unsigned Needs(const Made& made, Kind kind) {
  if (made.what == What::kAcquire)
    return kind == kCredentials || made.who->package() == Package::kTls ? 1 : 0;
  return made.began_context && kind == kContexts ? 1 : 0;
}

bool SharePools(Package one, Package other) {
  return (one == Package::kTls) == (other == Package::kTls);
}

struct PoolFaults : Test {
  void Try(const Scenario& scenario, Package package, Kind kind, unsigned left, Row* row) {
    SCOPED_TRACE(testing::Message() << scenario.name << ": " << left << " places left in "
                                    << NameOf(package));
    Restart();
    Party lender(package, SECPKG_CRED_OUTBOUND, package == Package::kTls ? nullptr : &identity_);
    if (kind == kContexts) {
      ASSERT_STATUS(SEC_E_OK, lender.Acquire());
      if (package == Package::kTls) lender.requested = ISC_REQ_MANUAL_CRED_VALIDATION;
    }
    Exchange exchange(scenario);
    Filler filler(package, kind, *lender.credential());
    while (!exchange.over()) {
      filler.FillTo(left);
      const unsigned before = Left(package, kind);
      ASSERT_LE(before, left);
      const Made made = exchange.Next();
      ExpectPortAtRest();
      ++row->calls;
      const unsigned needs = SharePools(made.who->package(), package) ? Needs(made, kind) : 0;
      if (made.status >= 0) {
        EXPECT_LE(needs, before) << NameOf(made.what);
        ++row->unharmed;
        continue;
      }
      ++row->statuses[made.status];
      ASSERT_STATUS(SEC_E_INSUFFICIENT_MEMORY, made.status) << NameOf(made.what);
      ASSERT_GT(needs, before) << NameOf(made.what);
      EXPECT_TRUE(made.quiet);
      EXPECT_TRUE(scripted_port::Log().empty()) << "nobody was refused";
      EXPECT_EQ(Left(package, kind), before);
      const Made again = exchange.Next();
      ASSERT_STATUS(SEC_E_INSUFFICIENT_MEMORY, again.status);
      ASSERT_TRUE(filler.FreeOne()) << "nothing was taken";
      ASSERT_GE(exchange.Next().status, 0) << "the same call once more";
      ++row->mended;
    }
    ++row->tried;
  }

  void TryAll(const Scenario& scenario) {
    std::vector<Package> packages = {scenario.client};
    if (scenario.inside) packages.push_back(Package::kNtlm);
    for (const Package package : packages) {
      for (const Kind kind : {kContexts, kCredentials}) {
        Row row;
        for (unsigned left = 0; left <= 2; ++left) {
          Try(scenario, package, kind, left, &row);
          if (HasFatalFailure()) return;
        }
        // What the exchange holds itself is taken, too: none left from the first call on.
        EXPECT_GE(row.mended, 2u) << "both sides had to wait for a place";
        Print(scenario.name, kind == kContexts ? "contexts all taken" : "credentials all taken", row);
      }
    }
    Restart();
    Exchange(scenario).Finish();
  }

  SEC_WINNT_AUTH_IDENTITY_A identity_ = two_sides::Alice();
};

TEST_F(PoolFaults, BeforeEveryCallOfEveryLogin) {
  for (const Scenario& scenario : Logins()) TryAll(scenario);
}

TEST_F(PoolFaults, BeforeEveryCallOfEveryTlsConnection) {
  if (TlsConnections().empty()) GTEST_SKIP();
  for (const Scenario& scenario : TlsConnections()) TryAll(scenario);
}

}  // namespace
}  // namespace faults
