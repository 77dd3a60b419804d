// SPDX-License-Identifier: Apache-2.0
// In the n-th call of a function of the port, for every n of a whole exchange, another task has its turn:
// what it may do by the contract (port/port.h, README's limits) harms nobody. A lock cannot fail, so that
// this is what can happen around it. That no lock is taken twice, or given back untaken, the scripted port
// sees to.
#include <stdlib.h>

#include "port/port.h"
#include "tests/faults/support/authority.h"
#include "tests/faults/support/surroundings.h"
#include "tests/support/scripted_port.h"

namespace faults {
namespace {

// What the other task does.
enum Deed : uint8_t {
  kLogsIn,            // a whole login of its own
  kTalks,             // messages of contexts of its own
  kTriesBadHandles,   // stale and forged ones
  kFillsThePool,      // takes all contexts that are free, and gives them back
  kFreesCredentials,  // those of the exchange: contexts need them no more than as they are
  kDeletesContext,    // the one at work, in a handshake's call, which holds it until it returns
  kDeeds
};
constexpr const char* kNames[kDeeds] = {
    "logs in", "talks", "tries bad handles", "fills the pool", "frees credentials", "deletes the context"};

class Other {
 public:
  Other(Exchange& exchange, Bystanders& bystanders, Deed deed)
      : exchange_(exchange), bystanders_(bystanders), deed_(deed) {}

  void Act() {
    const bool tls_is_locked = scripted_port::TlsLockDepth() != 0;
    EXPECT_EQ(scripted_port::LockDepth(), 0);
    EXPECT_EQ(baresspi_port_task_token(), nullptr) << "a task's token is its own";
    switch (deed_) {
      case kLogsIn:
        LogIn();
        break;
      case kTalks:
        bystanders_.Converse(!tls_is_locked);
        break;
      case kTriesBadHandles:
        TryBadHandles();
        break;
      case kFillsThePool:
        Fill();
        break;
      case kFreesCredentials:
        for (Party* party : {&exchange_.client(), &exchange_.server()}) {
          if (!party->owns_credential() || (tls_is_locked && party->package() == Package::kTls)) continue;
          const SECURITY_STATUS status = party->Free();
          if (exchange_.next() == What::kFree && status == SEC_E_INVALID_HANDLE) continue;  // it was faster
          EXPECT_STATUS(SEC_E_OK, status);
          freed = true;
        }
        break;
      default:
        for (Party* party : {&exchange_.client(), &exchange_.server()}) {
          if (!at_work || !party->has_context() || party != exchange_.at_work()) continue;
          CtxtHandle copy = *party->context();
          EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&copy));
          deleted = party;
        }
    }
  }

  bool at_work = false;  // the exchange is in a handshake's call
  bool freed = false;
  Party* deleted = nullptr;

 private:
  void LogIn() {
    Exchange login(Logins().front(), *bystanders_.login().client().credential(),
                   *bystanders_.login().server().credential());
    login.Finish();
  }

  void TryBadHandles() {
    for (ULONG_PTR i = 0; i < 4; ++i) {
      CtxtHandle context = *bystanders_.login().client().context();
      context.dwUpper -= 1 + i;
      EXPECT_STATUS(SEC_E_INVALID_HANDLE, DeleteSecurityContext(&context));
      CredHandle credential = *bystanders_.login().server().credential();
      credential.dwLower ^= ULONG_PTR{1} << (16 + i);
      EXPECT_STATUS(SEC_E_INVALID_HANDLE, FreeCredentialsHandle(&credential));
    }
  }

  void Fill() {
    std::vector<std::unique_ptr<Party>> taken;
    for (;;) {
      auto party = std::make_unique<Party>(Package::kNtlm, SECPKG_CRED_OUTBOUND, nullptr);
      party->Borrow(*bystanders_.login().client().credential());
      if (party->Step({}).status != SEC_I_CONTINUE_NEEDED) break;
      taken.push_back(std::move(party));
    }
    EXPECT_GT(taken.size(), 0u);
  }

  Exchange& exchange_;
  Bystanders& bystanders_;
  Deed deed_;
};

// A call in progress makes a handle of the slot after another task has closed it: the next owner's it is not.
void ExpectNobodys(const SecHandle& stale, Bystanders& bystanders) {
  std::vector<std::unique_ptr<Party>> taken;
  for (Exchange* exchange : {&bystanders.login(), bystanders.connection()}) {
    while (exchange != nullptr) {
      auto party = std::make_unique<Party>(exchange->client().package(), SECPKG_CRED_OUTBOUND, nullptr);
      party->Borrow(*exchange->client().credential());
      if (party->Step({}).status != SEC_I_CONTINUE_NEEDED) break;
      taken.push_back(std::move(party));
    }
  }
  CtxtHandle copy = stale;
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, CompleteAuthToken(&copy, nullptr));
}

using scripted_port::Function;

// function kFunctions: the authority's.
void Try(const Scenario& scenario, Function function, unsigned n, Deed deed, Bystanders* bystanders,
         Row* row) {
  SCOPED_TRACE(testing::Message() << scenario.name << ": another task " << kNames[deed] << " in call " << n);
  Exchange exchange(scenario);
  Other other(exchange, *bystanders, deed);
  const auto act = [&other] { other.Act(); };
  if (function == scripted_port::kFunctions) {
    AtAuthorityCall(n, act);
  } else {
    scripted_port::AtCall(function, n, act);
  }
  bool failed = false;
  while (!exchange.over() && !failed) {
    other.at_work = exchange.next() == What::kHandshake;
    const Made made = exchange.Next();
    ExpectPortAtRest();
    if (made.status >= 0) continue;
    failed = true;
    ++row->statuses[made.status];
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, made.status) << NameOf(made.what);
    const bool expected = (other.freed && (made.what == What::kFree || made.began_context)) ||
                          (other.deleted != nullptr && other.deleted == made.who);
    EXPECT_TRUE(expected) << NameOf(made.what);
  }
  if (other.deleted != nullptr) {
    EXPECT_TRUE(failed) << "the context was deleted";
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, other.deleted->Query(SECPKG_ATTR_SIZES));
    const CtxtHandle stale = other.deleted->given_back();
    other.deleted->Abandon();
    exchange.End();
    ExpectNobodys(stale, *bystanders);
  }
  ++(failed ? row->refused : row->unharmed);
  exchange.End();
}

void TryAll(const Scenario& scenario, Function function, Bystanders* bystanders, bool sampled) {
  Row row;
  const bool authority = function == scripted_port::kFunctions;
  Restart();
  Exchange(scenario).Finish();
  row.calls = authority ? AuthorityCalls() : scripted_port::Calls(function);
  const Use before = UseOfPools();
  // mbed TLS asks for the arena thousands of times.
  const unsigned step = two_sides::kOnBoard ? 7 : sampled && row.calls > 200 ? row.calls / 40 : 1;
  for (unsigned n = 1; n <= row.calls; n += step) {
    for (unsigned deed = 0; deed < kDeeds; ++deed) {
      if (sampled && deed != n / step % kDeeds) continue;
      Restart();
      Try(scenario, function, n, static_cast<Deed>(deed), bystanders, &row);
      ++row.tried;
      EXPECT_TRUE(UseOfPools() == before) << "places are lost";
      bystanders->Converse(n % 8 == 1);
      if (testing::Test::HasFailure()) return;
    }
  }
  const std::string what =
      std::string("another task in ") + (authority ? "authority" : scripted_port::NameOf(function));
  Print(scenario.name, what.c_str(), row);
}

struct AnotherTask : Test {
  void Run(const std::vector<Scenario>& scenarios, bool tls) {
    Bystanders bystanders(tls);
    const bool sampled = tls && getenv("BARESSPI_EVERY_FAULT") == nullptr;
    for (const Scenario& scenario : scenarios) {
      for (unsigned function = 0; function <= scripted_port::kFunctions; ++function)
        TryAll(scenario, static_cast<Function>(function), &bystanders, sampled);
    }
  }
};

TEST_F(AnotherTask, InEveryCallOfThePortDuringEveryLogin) {
  Run(Logins(), false);
}

TEST_F(AnotherTask, InCallsOfThePortDuringEveryTlsConnection) {
  if (TlsConnections().empty()) GTEST_SKIP();
  Run(TlsConnections(), true);
}

}  // namespace
}  // namespace faults
