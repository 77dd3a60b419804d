// SPDX-License-Identifier: Apache-2.0
// A function of the port fails at its n-th call, for every n of a whole exchange: what the call answers is
// right, nothing is told and nothing lost, others do not notice, and afterwards it works.
#include <limits.h>

#include "port/port.h"
#include "tests/faults/support/authority.h"
#include "tests/faults/support/surroundings.h"
#include "tests/support/scripted_port.h"

namespace faults {
namespace {

// ---- What may come out: of which fault, in which call of which package. ----
enum class After : uint8_t {
  kMended,  // nothing has changed: the same call works once the port does
  kBroken,  // the context answers so for good
  kRefused  // this call is refused, now and later; the context is well
};
enum class Fault : uint8_t { kRandom, kClockUnknown, kClockJumps, kDevice };

struct Rule {
  Fault fault;
  bool tls;
  What what;
  SECURITY_STATUS status;
  After after;
  const char* says;  // where it is written
};
constexpr Rule kRules[] = {
    {Fault::kRandom, false, What::kHandshake, SEC_E_INTERNAL_ERROR, After::kMended,
     "port.h, baresspi_port_random: no token goes out, calling again is allowed"},
    {Fault::kRandom, true, What::kHandshake, SEC_E_INTERNAL_ERROR, After::kBroken,
     "core/README.md, Schannel: mbed TLS cannot take a step of a handshake back"},
    {Fault::kRandom, true, What::kAcquire, SEC_E_INTERNAL_ERROR, After::kMended,
     "schannel.h: no random octets, with which a key is checked"},
    {Fault::kRandom, true, What::kUnprotect, SEC_E_INTERNAL_ERROR, After::kBroken, "the same, of a ticket"},
    {Fault::kClockUnknown, true, What::kHandshake, SEC_E_TIME_SKEW, After::kBroken,
     "port/README.md, baresspi_port_clock: without a clock all certificates are refused"},
    {Fault::kClockJumps, true, What::kHandshake, SEC_E_CERT_EXPIRED, After::kBroken,
     "RFC 5280 4.1.2.5: a certificate is good from notBefore to notAfter"},
    {Fault::kClockJumps, true, What::kHandshake, SEC_E_UNTRUSTED_ROOT, After::kBroken,
     "core/schannel/certificates.cpp: an anchor that has expired is none"},
    {Fault::kDevice, false, What::kAcquire, SEC_E_NO_CREDENTIALS, After::kMended,
     "authority.h, BARESSPI_DEVICE: no Identity"},
    {Fault::kDevice, false, What::kHandshake, SEC_E_NO_AUTHENTICATING_AUTHORITY, After::kBroken,
     "authority.h, BARESSPI_DEVICE: a credential acquired without a device has no Authority"},
    {Fault::kDevice, true, What::kToken, SEC_E_NO_IMPERSONATION, After::kRefused,
     "authority.h, MapCertificate: without one the context has no token"},
    {Fault::kRandom, true, What::kQuery, kNotResumed, After::kRefused,
     "a session is dropped when a handshake with it fails"},
    {Fault::kClockUnknown, true, What::kQuery, kNotResumed, After::kRefused, "a whole handshake instead"},
    {Fault::kClockJumps, true, What::kQuery, kNotResumed, After::kRefused,
     "SCH_CREDENTIALS.dwSessionLifespan: a session expires"},
};

const Rule* FindRule(Fault fault, const Made& made) {
  for (const Rule& rule : kRules) {
    if (rule.fault == fault && rule.tls == (made.who->package() == Package::kTls) && rule.what == made.what &&
        rule.status == made.status) {
      return &rule;
    }
  }
  return nullptr;
}

// ---- How it fails. ----
struct Way {
  const char* name;
  Fault fault;
  scripted_port::Function function;
  bool lasts;     // until it is healed; else this once
  int64_t jumps;  // the clock's, in FILETIME's units
};
constexpr int64_t kFortyYears = int64_t{40} * 365 * 24 * 3600 * 10000000;
constexpr Way kWays[] = {
    {"random fails once", Fault::kRandom, scripted_port::kRandom, false, 0},
    {"random fails from there on", Fault::kRandom, scripted_port::kRandom, true, 0},
    {"clock unknown once", Fault::kClockUnknown, scripted_port::kClock, false, 0},
    {"clock unknown from there on", Fault::kClockUnknown, scripted_port::kClock, true, 0},
    {"clock jumps 40 years back", Fault::kClockJumps, scripted_port::kClock, true, -kFortyYears},
    {"clock jumps 40 years ahead", Fault::kClockJumps, scripted_port::kClock, true, kFortyYears},
    {"device NULL once", Fault::kDevice, scripted_port::kDevice, false, 0},
    {"device NULL from there on", Fault::kDevice, scripted_port::kDevice, true, 0},
};

void Arm(const Way& way, unsigned n) {
  if (way.jumps != 0) {
    const auto time = static_cast<int64_t>(scripted_port::kResetTime) + way.jumps;
    scripted_port::AtCall(way.function, n, [time] { scripted_port::SetClock(static_cast<uint64_t>(time)); });
  } else {
    scripted_port::FailCalls(way.function, n, way.lasts ? UINT_MAX : n);
  }
}

void Heal() {
  scripted_port::FailCalls(scripted_port::kFunctions, 0, 0);
  scripted_port::SetClock(scripted_port::kResetTime);
}

// A context that broke says so, whatever it is asked, and holds nothing but that.
void ExpectBroken(Exchange& exchange, const Made& made) {
  const Made again = exchange.Next();
  EXPECT_STATUS(made.status, again.status);
  EXPECT_TRUE(again.quiet) << "a broken context has nothing to send";
  EXPECT_STATUS(made.status, made.who->Query(SECPKG_ATTR_SIZES));
  Octets wire;
  EXPECT_STATUS(made.status, made.who->Protect(true, {1, 2, 3}, &wire));
}

// One exchange with one fault. True: go on with the next n.
void Try(const Scenario& scenario, const Way& way, unsigned n, Row* row) {
  SCOPED_TRACE(testing::Message() << scenario.name << ", " << way.name << ", call " << n);
  Exchange exchange(scenario);
  Arm(way, n);
  bool failed = false;
  while (!exchange.over()) {
    const Use before = UseOfPools();
    const Made made = exchange.Next();
    ExpectPortAtRest();
    if (made.status >= 0) continue;
    failed = true;
    ++row->statuses[made.status];
    const Rule* const rule = FindRule(way.fault, made);
    ASSERT_NE(rule, nullptr) << NameOf(made.what) << " of " << NameOf(made.who->package())
                             << " may not answer " << two_sides::StatusText(made.status);
    EXPECT_TRUE(made.quiet) << "a token, attributes or a handle in spite of a failure";
    EXPECT_TRUE(UseOfPools() == before) << "a failed call took or lost a place";
    const bool mends = rule->after == After::kMended || made.began_context || made.what == What::kAcquire;
    if (mends) {
      if (way.lasts) {
        EXPECT_STATUS(made.status, exchange.Next().status);
      }
      Heal();
      ASSERT_GE(exchange.Next().status, 0) << "the same call once more";
      ++row->mended;
      continue;
    }
    Heal();
    if (rule->after == After::kBroken) {
      ExpectBroken(exchange, made);
      ++row->broken;
    } else {
      ConverseBetween(exchange.client(), exchange.server());
      ++row->refused;
    }
    break;
  }
  if (!failed) ++row->unharmed;
  exchange.End();
  Heal();
}

// A failure that nobody minds is as bad as one that does harm: all random octets are needed, a certificate
// needs the clock, and a login by the device's own account the device.
void ExpectNoticed(const Scenario& scenario, const Way& way, const Row& row) {
  SCOPED_TRACE(testing::Message() << scenario.name << ", " << way.name);
  const bool tls = scenario.client == Package::kTls;
  if (way.fault == Fault::kRandom) {
    EXPECT_GT(row.calls, 0u);
    EXPECT_EQ(row.unharmed, 0u) << "it went on without random octets";
  }
  if (way.fault == Fault::kDevice && scenario.device) {
    EXPECT_GT(row.calls, 0u);
    EXPECT_EQ(row.unharmed, 0u) << "it went on without the device";
  }
  if (way.function == scripted_port::kClock && way.lasts && tls) {
    EXPECT_GT(row.broken, 0u) << "a certificate was taken whatever the time is";
  }
}

void TryAll(const Scenario& scenario, const Way& way, Bystanders* bystanders) {
  Row row;
  const auto begin = [&] {
    Restart();
    if (scenario.device) scripted_port::SetDevice(&Device(scenario.elsewhere));
  };
  begin();
  Exchange(scenario).Finish();
  row.calls = scripted_port::Calls(way.function);
  const Use before = UseOfPools();
  for (unsigned n = 1; n <= row.calls; ++n) {
    begin();
    Try(scenario, way, n, &row);
    ++row.tried;
    EXPECT_TRUE(UseOfPools() == before) << "places are lost";
    bystanders->Converse(n % 8 == 1);
    if (testing::Test::HasFatalFailure()) return;
  }
  Restart();
  Exchange(scenario).Finish();  // all is as it was
  Print(scenario.name, way.name, row);
  ExpectNoticed(scenario, way, row);
}

struct PortFaults : Test {
  void Run(const std::vector<Scenario>& scenarios, bool with_tls) {
    Bystanders bystanders(with_tls);
    for (const Scenario& scenario : scenarios) {
      for (const Way& way : kWays) TryAll(scenario, way, &bystanders);
    }
  }
};

TEST_F(PortFaults, OfEveryLoginAtEveryCall) {
  Run(Logins(), false);
}

TEST_F(PortFaults, OfEveryTlsConnectionAtEveryCall) {
  if (TlsConnections().empty()) GTEST_SKIP();
  Run(TlsConnections(), true);
}

}  // namespace
}  // namespace faults
