// SPDX-License-Identifier: Apache-2.0
#include "port/lwip/random.h"

#include "arch/cc.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/lwip/network.h"

namespace lwip_test {
namespace {

class LwipRandom : public Network {};

// The example at the end of "SipHash: a fast short-input PRF" (appendix A).
TEST_F(LwipRandom, SipHashIsAsPublished) {
  uint8_t octets[15];
  for (uint8_t i = 0; i < sizeof octets; ++i) octets[i] = i;
  const lwip_port::SipKey key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
  EXPECT_EQ(lwip_port::SipHash(key, octets, sizeof octets), 0xa129ca6149be45e5);
}

TEST_F(LwipRandom, IsThePorts) {
  scripted_port::QueueRandom({1, 2, 3, 4});
  uint32_t expected;
  const uint8_t octets[] = {1, 2, 3, 4};
  __builtin_memcpy(&expected, octets, sizeof expected);
  EXPECT_EQ(baresspi_lwip_random(), expected);
}

TEST_F(LwipRandom, IsNoCounterWhenThePortsHasFailed) {
  scripted_port::FailRandomAfter(0);
  const uint32_t first = baresspi_lwip_random(), second = baresspi_lwip_random(),
                 third = baresspi_lwip_random();
  EXPECT_NE(first, second);
  EXPECT_NE(second - first, third - second);
}

TEST_F(LwipRandom, SequenceNumbersOfOneConnectionRiseAndOfAnotherAreElsewhere) {
  const uint32_t first = baresspi_lwip_initial_sequence(1, 2, 3, 4);
  Pass(4);
  EXPECT_EQ(baresspi_lwip_initial_sequence(1, 2, 3, 4) - first, 1000u) << "4 microseconds each (RFC 6528 3)";
  const uint32_t others[] = {
      baresspi_lwip_initial_sequence(0, 2, 3, 4), baresspi_lwip_initial_sequence(1, 0, 3, 4),
      baresspi_lwip_initial_sequence(1, 2, 0, 4), baresspi_lwip_initial_sequence(1, 2, 3, 5)};
  for (const uint32_t other : others) EXPECT_GT(other - first + 1000, 2000u);
}

}  // namespace
}  // namespace lwip_test
