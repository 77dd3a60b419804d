// SPDX-License-Identifier: Apache-2.0
// What every other unit test relies on: the scripted port does what its header says.
#include "tests/support/scripted_port.h"

#include <gtest/gtest.h>
#include <string.h>

namespace {

class ScriptedPort : public testing::Test {
 protected:
  void SetUp() override { scripted_port::Reset(); }
};

TEST_F(ScriptedPort, ClockStandsStillAtTheTimeSet) {
  uint64_t now = 0;
  ASSERT_EQ(baresspi_port_clock(&now), 1);
  EXPECT_EQ(now, scripted_port::kResetTime);

  scripted_port::SetClock(42);
  ASSERT_EQ(baresspi_port_clock(&now), 1);
  EXPECT_EQ(now, 42u);
}

TEST_F(ScriptedPort, ResetTimeIsTheDateItSays) {
  // 2026-01-02 03:04:05 UTC is 1767323045 seconds after 1970; FILETIME begins 11644473600 seconds earlier.
  EXPECT_EQ(scripted_port::kResetTime, (1767323045u + 11644473600u) * 10000000u);
}

TEST_F(ScriptedPort, UnknownClockLeavesTheOutputAlone) {
  scripted_port::SetClockUnknown();
  uint64_t now = 7;
  EXPECT_EQ(baresspi_port_clock(&now), 0);
  EXPECT_EQ(now, 7u);
}

TEST_F(ScriptedPort, RandomIsTheSameAfterEachResetAndNotConstant) {
  uint8_t first[16], second[16], again[16];
  ASSERT_EQ(baresspi_port_random(first, sizeof first), 1);
  ASSERT_EQ(baresspi_port_random(second, sizeof second), 1);
  scripted_port::Reset();
  ASSERT_EQ(baresspi_port_random(again, sizeof again), 1);
  EXPECT_EQ(memcmp(first, again, sizeof first), 0);
  EXPECT_NE(memcmp(first, second, sizeof first), 0);
}

TEST_F(ScriptedPort, QueuedOctetsComeFirst) {
  scripted_port::QueueRandom({1, 2, 3});
  uint8_t out[2] = {};
  ASSERT_EQ(baresspi_port_random(out, 2), 1);
  EXPECT_EQ(out[0], 1);
  EXPECT_EQ(out[1], 2);
  ASSERT_EQ(baresspi_port_random(out, 1), 1);
  EXPECT_EQ(out[0], 3);
  EXPECT_EQ(scripted_port::RandomHandedOut(), 3u);
}

TEST_F(ScriptedPort, RandomFailsWhenToldTo) {
  uint8_t out[8] = {};
  scripted_port::FailRandomAfter(1);
  EXPECT_EQ(baresspi_port_random(out, sizeof out), 1);
  EXPECT_EQ(baresspi_port_random(out, sizeof out), 0);
  EXPECT_EQ(baresspi_port_random(out, sizeof out), 0);
  scripted_port::Reset();
  EXPECT_EQ(baresspi_port_random(out, sizeof out), 1);
}

TEST_F(ScriptedPort, LockIsCounted) {
  baresspi_port_lock();
  EXPECT_EQ(scripted_port::LockDepth(), 1);
  baresspi_port_unlock();
  EXPECT_EQ(scripted_port::LockDepth(), 0);
  EXPECT_EQ(scripted_port::LocksTaken(), 1u);
}

TEST_F(ScriptedPort, LogKeepsEventsInOrder) {
  baresspi_port_log(BARESSPI_EVENT_LOGON, 5);
  baresspi_port_log(BARESSPI_EVENT_LOGON_DENIED, 6);
  ASSERT_EQ(scripted_port::Log().size(), 2u);
  EXPECT_EQ(scripted_port::Log()[0].event, BARESSPI_EVENT_LOGON);
  EXPECT_EQ(scripted_port::Log()[1].detail, 6u);
}

TEST_F(ScriptedPort, CallsAreCountedAndFailWhereTheTestSays) {
  scripted_port::FailCalls(scripted_port::kRandom, 2, 3);
  uint8_t out[4];
  const int succeeded[] = {1, 0, 0, 1};
  for (const int one : succeeded) EXPECT_EQ(baresspi_port_random(out, sizeof out), one);
  EXPECT_EQ(scripted_port::Calls(scripted_port::kRandom), 4u);
  EXPECT_EQ(scripted_port::FailedCalls(), 2u);
  EXPECT_EQ(scripted_port::Calls(scripted_port::kClock), 0u);
}

TEST_F(ScriptedPort, AnotherTaskRunsOnceWithPointersOfItsOwn) {
  int ran = 0;
  int mine = 0;
  scripted_port::AtCall(scripted_port::kLock, 2, [&ran] {
    ++ran;
    EXPECT_EQ(baresspi_port_task_token(), nullptr);
    baresspi_port_lock();
    baresspi_port_unlock();
  });
  baresspi_port_set_task_token(&mine);
  for (int i = 0; i < 3; ++i) {
    baresspi_port_lock();
    EXPECT_EQ(ran, i > 0 ? 1 : 0) << "before the lock is taken";
    baresspi_port_unlock();
  }
  EXPECT_EQ(baresspi_port_task_token(), &mine);
  EXPECT_EQ(scripted_port::Calls(scripted_port::kLock), 3u) << "those of the other task apart";
}

}  // namespace
