// SPDX-License-Identifier: Apache-2.0
// Time: whose it is, a device without a clock, and clocks that are far apart.
#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

constexpr uint64_t kHour = 36000000000;  // in units of 100 ns
constexpr uint64_t kNow = scripted_port::kResetTime;

class NtlmTime : public NtlmTest {
 protected:
  static Login LogInAt(std::optional<uint64_t> server_time) {
    PeerServer server;
    server.time = server_time;
    Client client;
    const Tokens tokens = LogIn(&client, server);
    EXPECT_EQ(tokens.client, SEC_E_OK);
    const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
    EXPECT_TRUE(login.proof_is_right);
    return login;
  }
  // Minutes that the log speaks of; nothing when it is silent.
  static std::vector<uint32_t> Skews() {
    std::vector<uint32_t> minutes;
    for (const scripted_port::LogEntry& entry : scripted_port::Log()) {
      if (entry.event == BARESSPI_EVENT_CLOCK_SKEW) minutes.push_back(entry.detail);
    }
    return minutes;
  }
};

// ---- Whose time it is. ----
TEST_F(NtlmTime, Acceptor_TimestampIsTheDevicesClock) {
  scripted_port::SetClock(0x0123456789ABCDEF);
  Server server;
  const AvPairs pairs = ReadPairs(ReadChallenge(server.Accept(MakeNegotiate(kUsual)).token).target_info);
  EXPECT_EQ(ValueOf(pairs, kAvTimestamp), U64(0x0123456789ABCDEF));
}

TEST_F(NtlmTime, Initiator_UsesTheServersTimeNotItsOwn) {
  for (const uint64_t time : {kNow, kNow + 5 * kHour, kNow - 1000 * kHour, uint64_t{1}, ~uint64_t{0}}) {
    const Login login = LogInAt(time);
    EXPECT_EQ(login.time, time);
    EXPECT_EQ(ValueOf(login.pairs, kAvTimestamp), U64(time));
  }
}

TEST_F(NtlmTime, Initiator_UsesItsOwnTimeWhenTheServerHasNone) {
  const Login login = LogInAt(std::nullopt);
  EXPECT_EQ(login.time, kNow);
  EXPECT_EQ(CountOf(login.pairs, kAvTimestamp), 0u);
}

// ---- Without a clock. ----
TEST_F(NtlmTime, Initiator_WorksWithoutAClock) {
  scripted_port::SetClockUnknown();
  const Login login = LogInAt(kNow + 3 * kHour);
  EXPECT_EQ(login.time, kNow + 3 * kHour);
  EXPECT_TRUE(login.mic_is_right);
}

TEST_F(NtlmTime, Initiator_WorksWhenNobodyHasAClock) {
  scripted_port::SetClockUnknown();
  EXPECT_EQ(LogInAt(std::nullopt).time, 0u);
}

TEST_F(NtlmTime, Acceptor_WorksWithoutAClockAndSendsNoTimestamp) {
  scripted_port::SetClockUnknown();
  PeerClient client;
  Server server;
  const Tokens tokens = LogIn(&client, &server);
  EXPECT_EQ(tokens.server, SEC_E_OK);
  EXPECT_EQ(CountOf(ReadPairs(ReadChallenge(tokens.challenge).target_info), kAvTimestamp), 0u);
}

TEST_F(NtlmTime, BothOurs_WorkWithoutAClock) {
  scripted_port::SetClockUnknown();
  Client client;
  Server server;
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  EXPECT_EQ(client.SessionKey(), server.SessionKey());
}

TEST_F(NtlmTime, Acceptor_ClockThatIsSetMidwayDoesNotBreakTheMic) {
  // The CHALLENGE is made anew for the MIC: with the time that it was sent with.
  for (const bool known_before : {true, false}) {
    scripted_port::Reset();
    if (!known_before) scripted_port::SetClockUnknown();
    PeerClient client;
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    if (known_before) {
      scripted_port::SetClockUnknown();
    } else {
      scripted_port::SetClock(kNow);
    }
    EXPECT_EQ(server.Accept(client.Answer(client.Negotiate(), challenge)).status, SEC_E_OK) << known_before;
  }
}

TEST_F(NtlmTime, Acceptor_DoesNotRefuseAPeerForItsTime) {
  for (const uint64_t time : {uint64_t{0}, kNow - 100 * kHour, kNow + 100 * kHour, ~uint64_t{0}}) {
    PeerClient client;
    client.time = time;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK) << time;
  }
}

// ---- Clocks that are far apart. ----
TEST_F(NtlmTime, Initiator_SaysSoWhenTheClocksAreMoreThan36HoursApartAndGoesOn) {
  struct {
    uint64_t server;
    uint32_t minutes;
  } const cases[] = {
      {kNow + 37 * kHour, 37 * 60},
      {kNow - 37 * kHour, 37 * 60},
      {kNow + 73 * kHour / 2, 73 * 30},
      {kNow - 48 * kHour, 48 * 60},
      {kNow + 10000 * kHour, 10000 * 60},
      {kNow - 100000 * kHour, 100000 * 60},
      {0, static_cast<uint32_t>(kNow / kHour * 60)},
  };
  for (const auto& c : cases) {
    scripted_port::Reset();
    EXPECT_EQ(LogInAt(c.server).time, c.server);
    ASSERT_EQ(Skews().size(), 1u) << c.minutes;
    // About so many: it counts in steps of seven minutes and a bit.
    EXPECT_NEAR(Skews()[0], c.minutes, 8 + c.minutes / 500);
  }
}

TEST_F(NtlmTime, Initiator_SaysSoAboutTheLastTimeThatThereIs) {
  LogInAt(~uint64_t{0});
  EXPECT_EQ(Skews().size(), 1u);
}

TEST_F(NtlmTime, Initiator_SaysNothingUpTo36Hours) {
  for (const uint64_t time : {kNow, kNow + 36 * kHour, kNow - 36 * kHour, kNow + 1, kNow - kHour}) {
    LogInAt(time);
    EXPECT_TRUE(Skews().empty()) << time;
  }
}

TEST_F(NtlmTime, Initiator_SaysNothingWhenAClockIsUnknown) {
  LogInAt(std::nullopt);
  EXPECT_TRUE(Skews().empty());
  scripted_port::SetClockUnknown();
  LogInAt(kNow + 1000 * kHour);
  LogInAt(0);
  EXPECT_TRUE(Skews().empty());
}

}  // namespace
}  // namespace ntlm_test
