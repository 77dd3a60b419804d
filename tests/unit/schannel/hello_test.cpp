// SPDX-License-Identifier: Apache-2.0
// What is read along of handshakes that others made, whole, in pieces, cut off and damaged.
#include "core/schannel/hello.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/schannel/arena.h"
#include "core/schannel/transcript.h"
#include "port/port.h"
#include "tests/corpus/tls/handshakes.h"
#include "tests/support/scripted_port.h"

namespace baresspi::schannel {
namespace {

using handshakes::Flight;
using handshakes::Handshake;
using handshakes::kHandshakes;
using Octets = std::vector<uint8_t>;  // of their exact size, for AddressSanitizer

constexpr uint8_t kChangeCipherSpec = 20;
constexpr uint8_t kAlert = 21;
constexpr uint8_t kHandshake = 22;

struct Sent {
  Hello::Direction direction;
  Octets octets;
};

std::vector<Sent> FlightsOf(const Handshake& handshake) {
  std::vector<Sent> all;
  for (size_t i = 0; i < handshake.count; ++i) {
    const Flight& flight = handshake.flights[i];
    all.push_back({flight.from_server ? Hello::kFromServer : Hello::kFromClient,
                   Octets(flight.data, flight.data + flight.size)});
  }
  return all;
}

// One for each record; those of handshake messages have at most this many octets.
std::vector<Sent> RecordsOf(const Handshake& handshake, size_t most) {
  std::vector<Sent> all;
  for (const Sent& flight : FlightsOf(handshake)) {
    bool encrypted = false;
    for (size_t at = 0; at + 5 <= flight.octets.size();) {
      const uint8_t* head = &flight.octets[at];
      const size_t size = static_cast<size_t>(head[3] << 8 | head[4]);
      encrypted = encrypted || head[0] == kChangeCipherSpec;
      const size_t piece = head[0] == kHandshake && !encrypted ? most : size;
      for (size_t done = 0; done < size; done += piece) {
        const size_t part = size - done < piece ? size - done : piece;
        Octets record = {head[0], head[1], head[2], static_cast<uint8_t>(part >> 8),
                         static_cast<uint8_t>(part)};
        record.insert(record.end(), head + 5 + done, head + 5 + done + part);
        all.push_back({flight.direction, record});
      }
      at += 5 + size;
    }
  }
  return all;
}

struct Answers {
  int asks = 0;  // how often
  Octets authorities;
};

Answers ReadAll(Hello* hello, const std::vector<Sent>& sent) {
  Answers answers;
  for (const Sent& part : sent) {
    const Bytes octets(part.octets.data(), part.octets.size());
    Bytes authorities;
    if (part.direction == Hello::kFromServer && hello->AsksForCertificate(octets, &authorities)) {
      ++answers.asks;
      answers.authorities.assign(authorities.begin(), authorities.end());
    }
    hello->Read(part.direction, octets);
  }
  return answers;
}

void ExpectAsRecorded(const Handshake& handshake, const std::vector<Sent>& sent) {
  SCOPED_TRACE(handshake.what);
  Hello hello = {};
  const Answers answers = ReadAll(&hello, sent);
  EXPECT_EQ(handshake.version, hello.version());
  EXPECT_EQ(handshake.resumed, hello.resumed());
  EXPECT_EQ(handshake.asks ? 1 : 0, answers.asks);
  EXPECT_EQ(handshake.has_ticket, hello.has_ticket());
  EXPECT_EQ(handshake.alert, hello.alert());
}

TEST(Hello, SaysOfRecordedHandshakesWhatTheirPeersSaid) {
  for (const Handshake& handshake : kHandshakes) ExpectAsRecorded(handshake, FlightsOf(handshake));
}

TEST(Hello, SaysTheSameOfSingleRecordsAndOfMessagesInPieces) {
  for (const Handshake& handshake : kHandshakes) {
    for (const size_t most : {size_t{16384}, size_t{37}, size_t{5}, size_t{4}, size_t{3}, size_t{1}}) {
      SCOPED_TRACE(most);
      ExpectAsRecorded(handshake, RecordsOf(handshake, most));
    }
  }
}

// distinguished_name has a size of two octets, and is a SEQUENCE.
size_t CountNames(const Octets& authorities) {
  size_t count = 0;
  size_t at = 0;
  while (at + 3 <= authorities.size() && authorities[at + 2] == 0x30) {
    at += 2 + static_cast<size_t>(authorities[at] << 8 | authorities[at + 1]);
    ++count;
  }
  EXPECT_EQ(authorities.size(), at);
  return count;
}

TEST(Hello, GivesTheNamesOfACertificateRequestThatIsWhole) {
  const Handshake& handshake = kHandshakes[12];
  ASSERT_STREQ("OpenSSL to GnuTLS, TLS 1.2", handshake.what);
  Hello hello = {};
  EXPECT_EQ(3U, CountNames(ReadAll(&hello, FlightsOf(handshake)).authorities));
  hello = {};
  const Answers in_pieces = ReadAll(&hello, RecordsOf(handshake, 20));
  EXPECT_EQ(1, in_pieces.asks);
  EXPECT_TRUE(in_pieces.authorities.empty());
}

TEST(Hello, AskingChangesNothing) {
  for (const Handshake& handshake : kHandshakes) {
    Hello hello = {};
    for (const Sent& part : FlightsOf(handshake)) {
      const Bytes octets(part.octets.data(), part.octets.size());
      Bytes first;
      Bytes second;
      EXPECT_EQ(hello.AsksForCertificate(octets, &first), hello.AsksForCertificate(octets, &second));
      EXPECT_EQ(first.data(), second.data());
      hello.Read(part.direction, octets);
      EXPECT_FALSE(hello.AsksForCertificate({}, &first));
    }
  }
}

// What reads outside of these octets is found by AddressSanitizer.
TEST(Hello, TakesEveryTruncation) {
  for (const Handshake& handshake : kHandshakes) {
    SCOPED_TRACE(handshake.what);
    const std::vector<Sent> flights = FlightsOf(handshake);
    for (size_t cut = 0; cut < flights.size(); ++cut) {
      for (size_t size = 0; size < flights[cut].octets.size(); ++size) {
        std::vector<Sent> damaged(flights.begin(), flights.begin() + static_cast<ptrdiff_t>(cut) + 1);
        damaged[cut].octets.resize(size);
        damaged[cut].octets.shrink_to_fit();
        Hello hello = {};
        ReadAll(&hello, damaged);
        EXPECT_TRUE(hello.version() == 0 || hello.version() == 0x0303 ||
                    hello.version() == handshake.version);
        EXPECT_TRUE(hello.alert() == 0 || hello.alert() == handshake.alert);
        EXPECT_TRUE(!hello.resumed() || handshake.resumed);
      }
    }
  }
}

TEST(Hello, TakesEveryFlippedBit) {
  for (const Handshake& handshake : kHandshakes) {
    const std::vector<Sent> flights = FlightsOf(handshake);
    // The server's first flight has all that is read of it; and what is read later goes on from there.
    std::vector<Sent> damaged = flights;
    for (Sent& flight : damaged) {
      if (flight.direction != Hello::kFromServer) continue;
      for (size_t bit = 0; bit < flight.octets.size() * 8; ++bit) {
        const auto mask = static_cast<uint8_t>(1U << bit % 8);
        flight.octets[bit / 8] ^= mask;
        Hello hello = {};
        const Answers answers = ReadAll(&hello, damaged);
        EXPECT_LE(answers.authorities.size(), flight.octets.size());
        flight.octets[bit / 8] ^= mask;
      }
    }
    ExpectAsRecorded(handshake, damaged);
  }
}

TEST(Hello, TakesNoise) {
  scripted_port::Reset();
  for (int round = 0; round < 20000; ++round) {
    Octets octets(static_cast<size_t>(1 + round % 60));
    ASSERT_EQ(1, baresspi_port_random(octets.data(), octets.size()));
    if (round % 2 != 0) octets[0] = static_cast<uint8_t>(20 + round / 2 % 4);
    if (round % 4 == 3 && octets.size() > 4) octets[3] = 0;
    Hello hello = {};
    for (const Hello::Direction direction : {Hello::kFromServer, Hello::kFromClient}) {
      Bytes authorities;
      hello.AsksForCertificate(Bytes(octets.data(), octets.size()), &authorities);
      hello.Read(direction, Bytes(octets.data(), octets.size()));
    }
  }
}

// A server of TLS 1.2 that repeats the session id of a client, but makes a full handshake, has resumed
// nothing: only ServerHelloDone tells.
TEST(Hello, ResumptionIsNotWhatAServerHelloClaims) {
  const uint8_t head[] = {kHandshake, 3, 3, 0, 4 + 38, 2, 0, 0, 38, 3, 3};
  Octets hello_message(head, head + sizeof head);
  hello_message.resize(5 + 4 + 38);
  const uint8_t done[] = {kHandshake, 3, 3, 0, 4, 14, 0, 0, 0};
  const uint8_t change[] = {kChangeCipherSpec, 3, 3, 0, 1, 1};
  for (const bool full : {false, true}) {
    Hello hello = {};
    hello.Read(Hello::kFromServer, Bytes(hello_message.data(), hello_message.size()));
    if (full) hello.Read(Hello::kFromServer, done);
    EXPECT_FALSE(hello.resumed());
    hello.Read(Hello::kFromServer, change);
    EXPECT_EQ(0x0303, hello.version());
    EXPECT_EQ(!full, hello.resumed());
  }
}

TEST(Hello, TakesAlertsInTheClearAlone) {
  const uint8_t warning[] = {kAlert, 3, 3, 0, 2, 1, 90};
  const uint8_t fatal[] = {kAlert, 3, 3, 0, 2, 2, 40};
  const uint8_t data[] = {23, 3, 3, 0, 1, 0};
  Hello hello = {};
  hello.Read(Hello::kFromServer, warning);
  EXPECT_EQ(0, hello.alert());
  hello.Read(Hello::kFromServer, data);
  hello.Read(Hello::kFromServer, fatal);
  EXPECT_EQ(0, hello.alert());
  hello.Read(Hello::kFromClient, fatal);
  EXPECT_EQ(40, hello.alert());
}

#if BARESSPI_SCHANNEL_TLS_UNIQUE

class HelloTranscript : public testing::Test {
 protected:
  HelloTranscript() {
    scripted_port::Reset();
    arena_.Open({memory_, sizeof memory_});
    baresspi_port_set_task_arena(&arena_);
    mbedtls_ssl_init(&ssl_);
    transcript_.Start(&ssl_);
    hello_.CopyTo(&transcript_);
  }
  ~HelloTranscript() override {
    mbedtls_ssl_free(&ssl_);
    baresspi_port_set_task_arena(nullptr);
  }
  void TakeSecret(const Handshake& handshake) {
    Transcript::TakeSecret(&transcript_, MBEDTLS_SSL_KEY_EXPORT_TLS12_MASTER_SECRET, handshake.master_secret,
                           48, nullptr, nullptr,
                           handshake.sha384 ? MBEDTLS_SSL_TLS_PRF_SHA384 : MBEDTLS_SSL_TLS_PRF_SHA256);
  }

  alignas(8) uint8_t memory_[4096] = {};
  Arena arena_;
  mbedtls_ssl_context ssl_;
  Transcript transcript_ = {};
  Hello hello_ = {};
};

class HelloTlsUnique : public HelloTranscript, public testing::WithParamInterface<size_t> {};

TEST_P(HelloTlsUnique, IsThatOfTheRecordedPeers) {
  const Handshake& handshake = kHandshakes[GetParam()];
  SCOPED_TRACE(handshake.what);
  if (handshake.master_secret == nullptr) {
    ReadAll(&hello_, FlightsOf(handshake));
    EXPECT_EQ(nullptr, transcript_.verify_data());
    return;
  }
  for (const Sent& part : RecordsOf(handshake, 16384)) {
    if (part.octets[0] == kChangeCipherSpec) TakeSecret(handshake);
    hello_.Read(part.direction, Bytes(part.octets.data(), part.octets.size()));
  }
  ASSERT_NE(nullptr, transcript_.verify_data());
  EXPECT_EQ(Octets(handshake.tls_unique, handshake.tls_unique + 12),
            Octets(transcript_.verify_data(), transcript_.verify_data() + 12));
}
INSTANTIATE_TEST_SUITE_P(Recorded, HelloTlsUnique, testing::Range(size_t{0}, std::size(kHandshakes)));

TEST_F(HelloTranscript, WithoutASecretItIsNotKnown) {
  ReadAll(&hello_, FlightsOf(kHandshakes[0]));
  EXPECT_EQ(nullptr, transcript_.verify_data());
  TakeSecret(kHandshakes[0]);  // too late
  EXPECT_EQ(nullptr, transcript_.verify_data());
}

#endif

}  // namespace
}  // namespace baresspi::schannel
