// SPDX-License-Identifier: Apache-2.0
// The device's authority fails at its n-th call, with every status that it may have and some that it may not
// ([authority.h] BARESSPI_AUTHORITY). One exchange and one status at a time in detail: tests/unit/ntlm and
// tests/unit/sspi, authority_test.cpp; here all exchanges, and what is around them.
#include "tests/faults/support/authority.h"
#include "port/port.h"
#include "tests/faults/support/surroundings.h"
#include "tests/support/scripted_port.h"

namespace faults {
namespace {

// What the authority answers, and what the server's application hears.
struct Answer {
  SECURITY_STATUS status;
  SECURITY_STATUS heard;  // of a login
};
constexpr Answer kAnswers[] = {{SEC_E_LOGON_DENIED, SEC_E_LOGON_DENIED},
                               {SEC_E_NO_AUTHENTICATING_AUTHORITY, SEC_E_NO_AUTHENTICATING_AUTHORITY},
                               {SEC_E_INTERNAL_ERROR, SEC_E_LOGON_DENIED},
                               {SEC_E_INSUFFICIENT_MEMORY, SEC_E_LOGON_DENIED},
                               {SEC_E_BUFFER_TOO_SMALL, SEC_E_LOGON_DENIED},
                               {SEC_E_INVALID_HANDLE, SEC_E_LOGON_DENIED},
                               {SEC_I_CONTINUE_NEEDED, SEC_E_LOGON_DENIED},
                               {1, SEC_E_LOGON_DENIED},
                               {-1, SEC_E_LOGON_DENIED}};

bool LoggedRefusal(SECURITY_STATUS status) {
  unsigned refusals = 0;
  for (const scripted_port::LogEntry& entry : scripted_port::Log()) {
    EXPECT_NE(entry.event, BARESSPI_EVENT_LOGON) << "nobody was let in";
    refusals += entry.event == BARESSPI_EVENT_LOGON_DENIED && entry.detail == static_cast<uint32_t>(status);
  }
  return refusals == 1;
}

// The authority's call is the server's alone: whatever comes before it goes well.
void Try(const Scenario& scenario, unsigned n, const Answer& answer, Row* row) {
  SCOPED_TRACE(testing::Message() << scenario.name << ": " << two_sides::StatusText(answer.status));
  Exchange exchange(scenario);
  AuthorityAnswers(n, answer.status);
  Made made = {};
  do {
    made = exchange.Next();
    ExpectPortAtRest();
  } while (made.status >= 0 && !exchange.over());
  ASSERT_FALSE(exchange.over()) << "it was not heard";
  ++row->statuses[made.status];
  EXPECT_FALSE(made.who->client());
  EXPECT_TRUE(made.quiet);
  if (made.what == What::kToken) {  // TLS: the connection stands, but is nobody's
    EXPECT_STATUS(SEC_E_NO_IMPERSONATION, made.status);
    EXPECT_TRUE(exchange.established());
    ConverseBetween(exchange.client(), exchange.server());
    ++row->refused;
  } else {
    EXPECT_EQ(made.what, What::kHandshake);
    EXPECT_STATUS(answer.heard, made.status);
    EXPECT_TRUE(LoggedRefusal(answer.heard));
    EXPECT_STATUS(answer.heard, exchange.Next().status) << "for good";
    EXPECT_STATUS(answer.heard, ImpersonateSecurityContext(made.who->context()));
    EXPECT_EQ(baresspi_port_task_token(), nullptr);
    EXPECT_EQ(AuthorityCalls(), n) << "it is not asked again";
    ++row->broken;
  }
  exchange.End();
}

struct AuthorityFaults : Test {
  void Run(const std::vector<Scenario>& scenarios, bool tls) {
    Bystanders bystanders(tls);
    for (const Scenario& scenario : scenarios) {
      Row row;
      Restart();
      Exchange(scenario).Finish();
      row.calls = AuthorityCalls();
      for (unsigned n = 1; n <= row.calls; ++n) {
        for (const Answer& answer : kAnswers) {
          Restart();
          Try(scenario, n, answer, &row);
          ++row.tried;
          bystanders.Converse(true);
          ASSERT_FALSE(HasFatalFailure());
        }
      }
      Restart();
      Exchange(scenario).Finish();
      Print(scenario.name, "authority answers otherwise", row);
    }
  }
};

TEST_F(AuthorityFaults, RefuseEveryLoginAndNothingElse) {
  Run(Logins(), false);
}

TEST_F(AuthorityFaults, LeaveTlsConnectionsWithoutAToken) {
  if (TlsConnections().empty()) GTEST_SKIP();
  Run(TlsConnections(), true);
}

}  // namespace
}  // namespace faults
