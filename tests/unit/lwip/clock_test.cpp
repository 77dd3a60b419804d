// SPDX-License-Identifier: Apache-2.0
// The clock, and how it asks an SNTP server: one of the test's.
#include "port/lwip/clock.h"

#include <functional>
#include <string>

#include "lwip/udp.h"
#include "port/port.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/lwip/network.h"

// The scripted port has a clock, too: this test looks at the one of port/lwip, which is compiled under this
// name for it.
extern "C" int baresspi_lwip_clock_under_test(uint64_t* filetime);

namespace lwip_test {
namespace {

constexpr uint16_t kPort = 12300;
constexpr uint64_t kTime = 134117966450000000;  // 2026-01-02 03:04:05
constexpr uint32_t kNtpSeconds = 3976311845;    // the same
constexpr uint64_t kMillisecond = 10000;

uint64_t Clock() {
  uint64_t filetime = 0;
  return baresspi_lwip_clock_under_test(&filetime) != 0 ? filetime : 0;
}

class LwipClock : public Network {
 protected:
  void SetUp() override {
    Network::SetUp();
    static bool any_before = false;
    is_first_ = !any_before;
    any_before = true;
    server_ = udp_new();
    ip_addr_t here;
    (void)ipaddr_aton(kHere, &here);
    ASSERT_EQ(udp_bind(server_, &here, kPort), ERR_OK);
    udp_recv(server_, OnQuestion, this);
    baresspi_lwip_clock_get_report(&before_);
  }
  void TearDown() override {
    baresspi_lwip_clock_stop();
    udp_remove(server_);
    Network::TearDown();
  }
  baresspi_lwip_clock_report Report() const {
    baresspi_lwip_clock_report report;
    baresspi_lwip_clock_get_report(&report);
    return {report.asked - before_.asked, report.answered - before_.answered,
            report.ignored - before_.ignored, report.refused - before_.refused};
  }
  // What the server makes of its answer before it is sent; empty: it sends none.
  std::function<std::string(std::string)> change_ = [](std::string answer) { return answer; };
  bool is_first_ = false;
  std::string last_question_;
  ip_addr_t client_ = {};
  uint16_t client_port_ = 0;

  void Send(const std::string& packet, udp_pcb* from = nullptr) {
    pbuf* const reply = pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(packet.size()), PBUF_RAM);
    (void)pbuf_take(reply, packet.data(), static_cast<u16_t>(packet.size()));
    EXPECT_EQ(udp_sendto(from != nullptr ? from : server_, reply, &client_, client_port_), ERR_OK);
    pbuf_free(reply);
    Pass(2);
  }
  static std::string AnswerTo(const std::string& question, uint32_t seconds = kNtpSeconds) {
    std::string answer(48, '\0');
    answer[0] = 4 << 3 | 4;
    answer[1] = 1;
    answer.replace(24, 8, question, 40, 8);
    for (const size_t at : {32u, 40u}) {
      for (size_t i = 0; i < 4; ++i) answer[at + i] = static_cast<char>(seconds >> 8 * (3 - i));
    }
    return answer;
  }

 private:
  static void OnQuestion(void* test, udp_pcb* pcb, pbuf* question, const ip_addr_t* from, u16_t port) {
    auto& self = *static_cast<LwipClock*>(test);
    self.last_question_.assign(question->tot_len, '\0');
    (void)pbuf_copy_partial(question, self.last_question_.data(), question->tot_len, 0);
    pbuf_free(question);
    self.client_ = *from;
    self.client_port_ = port;
    const std::string answer = self.change_(AnswerTo(self.last_question_));
    if (answer.empty()) return;
    pbuf* const reply = pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(answer.size()), PBUF_RAM);
    (void)pbuf_take(reply, answer.data(), static_cast<u16_t>(answer.size()));
    EXPECT_EQ(udp_sendto(pcb, reply, from, port), ERR_OK);
    pbuf_free(reply);
  }
  udp_pcb* server_ = nullptr;
  baresspi_lwip_clock_report before_ = {};
};

TEST_F(LwipClock, ANotKnownIsSaid) {
  if (!is_first_) GTEST_SKIP() << "the clock has been set by another test";
  EXPECT_EQ(Clock(), 0u);
  change_ = [](const std::string&) { return std::string(); };
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, 0), 1);
  EXPECT_EQ(baresspi_lwip_clock_wait(500), 0);
  EXPECT_EQ(Clock(), 0u);
  EXPECT_EQ(Report().asked, 1u);
}

TEST_F(LwipClock, SetItGoesOn) {
  baresspi_lwip_clock_set(kTime);
  EXPECT_EQ(Clock(), kTime);
  Pass(1234);
  EXPECT_EQ(Clock(), kTime + 1234 * kMillisecond);
}

TEST_F(LwipClock, GoesOnWhenTheMillisecondsWrapAround) {
  SetNow(0xffffff00);
  baresspi_lwip_poll();
  baresspi_lwip_clock_set(kTime);
  for (int i = 1; i <= 200; ++i) {  // a year, a look every other day
    SetNow(Now() + 172800000);
    baresspi_lwip_poll();
    ASSERT_EQ(Clock(), kTime + uint64_t{172800000} * static_cast<uint64_t>(i) * kMillisecond);
  }
}

TEST_F(LwipClock, IsTheServers) {
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, kTime), 1);
  ASSERT_EQ(baresspi_lwip_clock_wait(1000), 1);
  Pass(100);
  EXPECT_GE(Clock(), kTime);
  EXPECT_LE(Clock(), kTime + 110 * kMillisecond);
  EXPECT_EQ(Report().answered, 1u);
}

TEST_F(LwipClock, TheWayOfTheAnswerCountsForHalf) {
  baresspi_lwip_clock_set(1);
  change_ = [](const std::string&) { return std::string(); };
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, 0), 1);
  Pass(1000);
  Send(AnswerTo(last_question_));
  EXPECT_NEAR(static_cast<double>(Clock() - kTime), 500.0 * kMillisecond, 10.0 * kMillisecond);
}

TEST_F(LwipClock, AsksEveryHourAndMoreOftenUntilItIsAnswered) {
  change_ = [](const std::string&) { return std::string(); };
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, 0), 1);
  Pass(63000);
  EXPECT_EQ(Report().asked, 6u) << "at 0, 2, 6, 14, 30 and 62 seconds";
  change_ = [](std::string answer) { return answer; };
  Pass(64000);
  EXPECT_EQ(Report().asked, 7u);
  EXPECT_EQ(Report().answered, 1u);
  Pass(3590000);
  EXPECT_EQ(Report().asked, 7u);
  Pass(20000);
  EXPECT_EQ(Report().asked, 8u);
}

TEST_F(LwipClock, AnAnswerNobodyAskedForIsIgnored) {
  baresspi_lwip_clock_set(kTime);
  change_ = [](const std::string&) { return std::string(); };
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, 0), 1);
  Pass(10);
  const uint32_t wrong = kNtpSeconds + 1000000;
  std::string guessed = AnswerTo(last_question_, wrong);
  guessed[31] = static_cast<char>(guessed[31] ^ 1);
  Send(guessed);
  Send(AnswerTo(last_question_, wrong).substr(0, 47));
  udp_pcb* const another = udp_new();
  Send(AnswerTo(last_question_, wrong), another);  // from a port that was not asked
  udp_remove(another);
  EXPECT_EQ(Report().ignored, 3u);
  EXPECT_LT(Clock(), kTime + 1000 * kMillisecond);
  Send(AnswerTo(last_question_, wrong));
  EXPECT_GT(Clock(), kTime + 999999000 * kMillisecond);
  const uint64_t set = Clock();
  Send(AnswerTo(last_question_, kNtpSeconds));
  EXPECT_GE(Clock(), set) << "a second answer to the same question";
  EXPECT_EQ(Report().ignored, 4u);
}

TEST_F(LwipClock, EachQuestionHasItsOwnNonceFromThePort) {
  change_ = [](const std::string&) { return std::string(); };
  scripted_port::QueueRandom({1, 2, 3, 4, 5, 6, 7, 8});
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, 0), 1);
  Pass(10);
  EXPECT_EQ(last_question_.substr(40), "\1\2\3\4\5\6\7\10");
  const std::string first = last_question_;
  Pass(2000);
  EXPECT_NE(last_question_.substr(40), first.substr(40));
  Send(AnswerTo(first));
  EXPECT_EQ(Report().ignored, 1u) << "an answer to the question before";
}

TEST_F(LwipClock, WithoutRandomItDoesNotAsk) {
  scripted_port::FailRandomAfter(0);
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, 0), 1);
  Pass(10000);
  EXPECT_EQ(Report().asked, 0u);
}

TEST_F(LwipClock, BeforeTheEarliestIsNotBelieved) {
  baresspi_lwip_clock_set(kTime + 5);
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, kTime + 1), 1);
  Pass(10);
  EXPECT_EQ(Report().ignored, 1u);
  EXPECT_EQ(Report().answered, 0u);
}

TEST_F(LwipClock, AServerThatRefusesIsLeftAloneForAnHour) {
  change_ = [](std::string answer) {
    answer[1] = 0;
    answer.replace(12, 4, "RATE");
    return answer;
  };
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, 0), 1);
  Pass(3500000);
  EXPECT_EQ(Report().asked, 1u);
  EXPECT_EQ(Report().refused, 1u);
  Pass(200000);
  EXPECT_EQ(Report().asked, 2u);
}

TEST_F(LwipClock, StoppedItAsksNoMoreAndGoesOn) {
  baresspi_lwip_clock_set(kTime);
  ASSERT_EQ(baresspi_lwip_clock_ask(kHere, kPort, 0), 1);
  baresspi_lwip_clock_stop();
  Pass(10000);
  EXPECT_LE(Report().asked, 1u);
  EXPECT_EQ(Report().answered, 0u);
  EXPECT_EQ(Clock(), kTime + 10000 * kMillisecond);
}

}  // namespace
}  // namespace lwip_test
