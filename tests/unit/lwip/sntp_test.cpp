// SPDX-License-Identifier: Apache-2.0
// SNTP's packets (RFC 4330 4 and 5).
#include "port/lwip/sntp.h"

#include <gtest/gtest.h>

#include <array>

namespace {

using lwip_port::ReadSntpReply;
using lwip_port::SntpTimes;
using lwip_port::SntpVerdict;
using Packet = std::array<uint8_t, lwip_port::kSntpSize>;

constexpr uint8_t kNonce[] = {0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe};

void Put32(Packet* packet, size_t at, uint32_t value) {
  for (size_t i = 0; i < 4; ++i) (*packet)[at + i] = static_cast<uint8_t>(value >> 8 * (3 - i));
}

// A good answer: 2026-01-02 03:04:05 UTC, which is 3976311845 s after 1900; received half a second before.
Packet Reply() {
  Packet packet = {};
  packet[0] = 4 << 3 | 4;  // version 4, a server's
  packet[1] = 2;
  std::copy(kNonce, kNonce + 8, packet.begin() + 24);
  Put32(&packet, 32, 3976311844);
  Put32(&packet, 36, 0x80000000);
  Put32(&packet, 40, 3976311845);
  return packet;
}

SntpVerdict Read(const Packet& packet, SntpTimes* times) {
  return ReadSntpReply(packet.data(), packet.size(), kNonce, times);
}
SntpVerdict Read(const Packet& packet) {
  SntpTimes times;
  return Read(packet, &times);
}

TEST(LwipSntp, TheQuestionHasTheNonceForATimeAndSaysNothingElse) {
  Packet packet;
  packet.fill(0xff);
  lwip_port::WriteSntpRequest(kNonce, packet.data());
  EXPECT_EQ(packet[0], 0x23) << "version 4, a client's";
  for (size_t i = 1; i < 40; ++i) EXPECT_EQ(packet[i], 0) << i;
  EXPECT_TRUE(std::equal(kNonce, kNonce + 8, packet.begin() + 40));
}

TEST(LwipSntp, AGoodAnswerIsRead) {
  SntpTimes times = {};
  ASSERT_EQ(Read(Reply(), &times), SntpVerdict::kGood);
  EXPECT_EQ(times.transmit, 134117966450000000u);
  EXPECT_EQ(times.receive, 134117966445000000u);
}

TEST(LwipSntp, FractionsAreBinary) {
  Packet packet = Reply();
  Put32(&packet, 44, 0xffffffff);
  SntpTimes times = {};
  ASSERT_EQ(Read(packet, &times), SntpVerdict::kGood);
  EXPECT_EQ(times.transmit, 134117966459999999u);
}

// RFC 4330 3: after 2036-02-07 06:28:15 the seconds begin again at 0, and their highest bit is 0.
TEST(LwipSntp, TheNextEraBeginsIn2036) {
  SntpTimes times = {};
  Packet packet = Reply();
  Put32(&packet, 40, 0xffffffff);
  ASSERT_EQ(Read(packet, &times), SntpVerdict::kGood);
  EXPECT_EQ(times.transmit, 137304520950000000u);
  Put32(&packet, 32, 0);  // with a fraction: no zero
  Put32(&packet, 40, 1);
  ASSERT_EQ(Read(packet, &times), SntpVerdict::kGood);
  EXPECT_EQ(times.transmit, 137304520970000000u);
  Put32(&packet, 40, 0x7fffffff);
  ASSERT_EQ(Read(packet, &times), SntpVerdict::kGood);
  EXPECT_EQ(times.transmit, 137304520960000000u + 0x7fffffff * uint64_t{10000000}) << "2104";
}

TEST(LwipSntp, TruncatedItIsNone) {
  const Packet packet = Reply();
  SntpTimes times = {};
  for (size_t size = 0; size < packet.size(); ++size) {
    EXPECT_EQ(ReadSntpReply(packet.data(), size, kNonce, &times), SntpVerdict::kIgnore) << size;
  }
  EXPECT_EQ(times.transmit, 0u);
}

TEST(LwipSntp, AnswersNobodyAskedForAreIgnored) {
  for (size_t bit = 0; bit < 64; ++bit) {
    Packet packet = Reply();
    packet[24 + bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_EQ(Read(packet), SntpVerdict::kIgnore) << bit;
  }
}

TEST(LwipSntp, WhatIsNoServersOrOfAnotherVersionIsIgnored) {
  for (int first = 0; first < 256; ++first) {
    Packet packet = Reply();
    packet[0] = static_cast<uint8_t>(first);
    const int leap = first >> 6, version = first >> 3 & 7, mode = first & 7;
    const bool good = leap != 3 && (version == 3 || version == 4) && mode == 4;
    EXPECT_EQ(Read(packet), good ? SntpVerdict::kGood : SntpVerdict::kIgnore) << first;
  }
}

TEST(LwipSntp, AServerThatDoesNotKnowTheTimeIsIgnoredAndOneThatRefusesIsHeard) {
  for (int stratum = 0; stratum < 256; ++stratum) {
    Packet packet = Reply();
    packet[1] = static_cast<uint8_t>(stratum);
    const SntpVerdict expected = stratum == 0    ? SntpVerdict::kRefused
                                 : stratum <= 15 ? SntpVerdict::kGood
                                                 : SntpVerdict::kIgnore;
    EXPECT_EQ(Read(packet), expected) << stratum;
  }
  Packet packet = Reply();
  packet[1] = 0;
  packet[24] ^= 1;
  EXPECT_EQ(Read(packet), SntpVerdict::kIgnore) << "a refusal, but of somebody else's question";
}

TEST(LwipSntp, WithoutATimeOrWithOneBeforeTheQuestionCameItIsIgnored) {
  Packet packet = Reply();
  Put32(&packet, 40, 0);
  EXPECT_EQ(Read(packet), SntpVerdict::kIgnore);
  packet = Reply();
  Put32(&packet, 32, 0);
  Put32(&packet, 36, 0);
  EXPECT_EQ(Read(packet), SntpVerdict::kIgnore);
  packet = Reply();
  Put32(&packet, 40, 3976311843);
  EXPECT_EQ(Read(packet), SntpVerdict::kIgnore);
}

}  // namespace
