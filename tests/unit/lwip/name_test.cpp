// SPDX-License-Identifier: Apache-2.0
// Names, as baresspi_socket_connect looks them up (RFC 1035), at a server of the test's.
#include <string>

#include "lwip/udp.h"
#include "tests/unit/lwip/network.h"

namespace lwip_test {
namespace {

enum class Answer { kAddress, kNoSuchName, kNothing, kTheOneBefore };

struct Question {
  std::string packet;
  ip_addr_t from = {};
  uint16_t port = 0;
};

class LwipName : public Network {
 protected:
  void SetUp() override {
    Network::SetUp();
    server_ = udp_new();
    ip_addr_t here;
    (void)ipaddr_aton(kHere, &here);
    ASSERT_EQ(udp_bind(server_, &here, 53), ERR_OK);
    udp_recv(server_, OnQuestion, this);
  }
  void TearDown() override {
    udp_remove(server_);
    Network::TearDown();
  }
  Answer answer_ = Answer::kAddress;
  int questions_ = 0;

 private:
  static void OnQuestion(void* test, udp_pcb*, pbuf* question, const ip_addr_t* from, u16_t port) {
    auto& self = *static_cast<LwipName*>(test);
    Question now = {std::string(question->tot_len, '\0'), *from, port};
    (void)pbuf_copy_partial(question, now.packet.data(), question->tot_len, 0);
    pbuf_free(question);
    ++self.questions_;
    if (self.answer_ == Answer::kTheOneBefore) {
      self.Say(self.before_, Answer::kAddress);
    } else if (self.answer_ != Answer::kNothing) {
      self.Say(now, self.answer_);
    }
    if (self.questions_ == 1) self.before_ = now;
  }
  void Say(const Question& question, Answer answer) {
    std::string packet = question.packet;
    packet[2] = '\x81';  // an answer, recursion was desired
    packet[3] = answer == Answer::kAddress ? '\x80' : '\x83';
    if (answer == Answer::kAddress) {
      packet[7] = 1;
      packet += std::string("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1", 16);  // the name's A: 127.0.0.1
    }
    pbuf* const reply = pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(packet.size()), PBUF_RAM);
    (void)pbuf_take(reply, packet.data(), static_cast<u16_t>(packet.size()));
    EXPECT_EQ(udp_sendto(server_, reply, &question.from, question.port), ERR_OK);
    pbuf_free(reply);
  }
  Question before_;
  udp_pcb* server_ = nullptr;
};

TEST_F(LwipName, IsConnectedTo) {
  uint16_t port = 0;
  const int listener = baresspi_socket_listen(kHere, &port);
  const int client = baresspi_socket_connect("one.example.test", port, 1000);
  EXPECT_GE(client, 0);
  EXPECT_EQ(questions_, 1);
  baresspi_socket_close(client);
  baresspi_socket_close(listener);
}

TEST_F(LwipName, ThatDoesNotExistIsUnreachable) {
  answer_ = Answer::kNoSuchName;
  const uint32_t begin = Now();
  EXPECT_EQ(baresspi_socket_connect("two.example.test", 80, 60000), BARESSPI_SOCKET_UNREACHABLE);
  EXPECT_LT(Now() - begin, 1000u);
}

TEST_F(LwipName, TakesNoLongerThanItMay) {
  answer_ = Answer::kNothing;
  const uint32_t begin = Now();
  EXPECT_EQ(baresspi_socket_connect("three.example.test", 80, 700), BARESSPI_SOCKET_TIMEOUT);
  EXPECT_EQ(Now() - begin, 700u);
}

TEST_F(LwipName, IsNotTheOneThatWasAskedForBefore) {
  answer_ = Answer::kNothing;
  EXPECT_EQ(baresspi_socket_connect("first.example.test", 80, 10), BARESSPI_SOCKET_TIMEOUT);
  answer_ = Answer::kTheOneBefore;
  EXPECT_EQ(baresspi_socket_connect("second.example.test", 80, 500), BARESSPI_SOCKET_TIMEOUT);
  EXPECT_GT(questions_, 1) << "the first one's answer came while the second one waited";
}

TEST_F(LwipName, ThatNobodyAnswersForIsUnreachableInTheEnd) {
  answer_ = Answer::kNothing;
  EXPECT_EQ(baresspi_socket_connect("five.example.test", 80, 600000), BARESSPI_SOCKET_UNREACHABLE);
  EXPECT_GT(questions_, 1);
}

TEST_F(LwipName, ThatIsNoneIsUnreachable) {
  EXPECT_EQ(baresspi_socket_connect("", 80, 1000), BARESSPI_SOCKET_UNREACHABLE);
  EXPECT_EQ(baresspi_socket_connect(std::string(300, 'a').c_str(), 80, 1000), BARESSPI_SOCKET_UNREACHABLE);
}

}  // namespace
}  // namespace lwip_test
