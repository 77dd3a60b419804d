// SPDX-License-Identifier: Apache-2.0
// HMAC-MD5 and RC4 in one loop give what they give one after the other, however the message is cut. With
// BARESSPI_TEST_NETTLE the one after the other is Nettle's, too.
#include "core/crypto/sealing_mac.h"

#include <gtest/gtest.h>
#include <string.h>
#ifdef BARESSPI_TEST_NETTLE
#include <nettle/arcfour.h>
#include <nettle/hmac.h>
#endif

#include <string>

#include "tests/unit/crypto/octets.h"

namespace baresspi {
namespace {

constexpr uint32_t kNumber = 0x81020304;
constexpr uint8_t kNumberOctets[4] = {0x04, 0x03, 0x02, 0x81};

struct Part {
  size_t size;
  bool sealed = true;
};

// What comes out: the message as it is then, the MAC, and where the cipher stands.
struct Outcome {
  std::vector<uint8_t> message;
  uint8_t mac[16];
  Rc4 cipher;
};

std::string Text(const Outcome& outcome) {
  return Hex(outcome.message.data(), outcome.message.size()) + " " + Hex(outcome.mac, sizeof outcome.mac) +
         " " + Hex(reinterpret_cast<const uint8_t*>(&outcome.cipher), sizeof outcome.cipher);
}

// Keys, message, and a cipher that has already been at work, of a seed.
struct Given {
  explicit Given(size_t size, uint32_t seed) : message(Scrambled(size, seed)), key(Scrambled(16, seed + 1)) {
    cipher.Key(Scrambled(16, seed + 2).data(), 16);
    uint8_t before[300] = {};
    cipher.Apply(before, seed % sizeof before);
  }
  std::vector<uint8_t> message, key;
  Rc4 cipher;
};

void RunCipher(Rc4* cipher, std::vector<uint8_t>* message, const std::vector<Part>& parts) {
  size_t at = 0;
  for (const Part& part : parts) {
    if (part.sealed) cipher->Apply(message->data() + at, part.size);
    at += part.size;
  }
}

Outcome OneAfterTheOther(const Given& given, const std::vector<Part>& parts, bool arrives, size_t sealed) {
  Outcome outcome = {given.message, {}, given.cipher};
  if (arrives) RunCipher(&outcome.cipher, &outcome.message, parts);
  HmacMd5 hmac(given.key.data());
  hmac.Update(kNumberOctets, sizeof kNumberOctets);
  hmac.Update(outcome.message.data(), outcome.message.size());
  hmac.Finish(outcome.mac);
  if (!arrives) RunCipher(&outcome.cipher, &outcome.message, parts);
  outcome.cipher.Apply(outcome.mac, sealed);
  return outcome;
}

// shift: how far from its place in memory the message is moved.
Outcome InOneLoop(const Given& given, const std::vector<Part>& parts, bool arrives, size_t sealed,
                  size_t shift = 0) {
  Outcome outcome = {{}, {}, given.cipher};
  std::vector<uint8_t> room(shift + given.message.size() + 8, 0xa5);
  std::copy(given.message.begin(), given.message.end(), room.begin() + static_cast<long>(shift));
  SealingMac mac(given.key.data(), kNumber, &outcome.cipher, arrives);
  uint8_t* data = room.data() + shift;
  for (const Part& part : parts) {
    if (part.sealed) {
      mac.UpdateSealed(data, part.size);
    } else {
      mac.Update(data, part.size);
    }
    data += part.size;
  }
  mac.Finish(outcome.mac, sealed);
  outcome.message.assign(room.data() + shift, data);
  // Nothing beside the message was touched, and nothing is left in the object.
  for (size_t n = 0; n < shift; ++n) EXPECT_EQ(room[n], 0xa5);
  for (size_t n = 0; n < 8; ++n) EXPECT_EQ(data[n], 0xa5);
  const std::vector<uint8_t> zeros(sizeof mac);
  EXPECT_EQ(memcmp(static_cast<void*>(&mac), zeros.data(), sizeof mac), 0);
  return outcome;
}

class SealingMacTest : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Arrives, SealingMacTest, testing::Bool());

TEST_P(SealingMacTest, EveryLengthInOnePartAtAnyAlignment) {
  for (size_t size = 0; size <= 1024; ++size) {
    const Given given(size, static_cast<uint32_t>(size) + 1);
    const std::vector<Part> whole = {{size}};
    for (const size_t sealed : {size_t{0}, size_t{8}}) {
      ASSERT_EQ(Text(InOneLoop(given, whole, GetParam(), sealed, size % 5)),
                Text(OneAfterTheOther(given, whole, GetParam(), sealed)))
          << size;
    }
  }
}

TEST_P(SealingMacTest, TwoPartsCutAnywhere) {
  for (const size_t size : {size_t{64}, size_t{131}, size_t{260}}) {
    const Given given(size, static_cast<uint32_t>(size));
    const std::string expected = Text(OneAfterTheOther(given, {{size}}, GetParam(), 8));
    for (size_t cut = 0; cut <= size; ++cut) {
      ASSERT_EQ(Text(InOneLoop(given, {{cut}, {size - cut}}, GetParam(), 8)), expected)
          << size << ", " << cut;
    }
  }
}

TEST_P(SealingMacTest, ThreePartsCutAnywhere) {
  const size_t size = 150;
  const Given given(size, 5);
  const std::string expected = Text(OneAfterTheOther(given, {{size}}, GetParam(), 8));
  for (size_t first = 0; first <= size; first += 3) {
    for (size_t second = first; second <= size; second += 1 + second % 2) {
      const std::vector<Part> parts = {{first}, {second - first}, {size - second}};
      ASSERT_EQ(Text(InOneLoop(given, parts, GetParam(), 8)), expected) << first << ", " << second;
    }
  }
}

TEST_P(SealingMacTest, PartsThatAreSignedAlone) {
  for (uint32_t seed = 1; seed < 40; ++seed) {
    const std::vector<uint8_t> sizes = Scrambled(4, seed);
    for (unsigned which = 0; which < 16; ++which) {
      std::vector<Part> parts;
      size_t size = 0;
      for (unsigned n = 0; n < 4; ++n) {
        parts.push_back({sizes[n], (which >> n & 1) != 0});
        size += sizes[n];
      }
      const Given given(size, seed);
      ASSERT_EQ(Text(InOneLoop(given, parts, GetParam(), 8)),
                Text(OneAfterTheOther(given, parts, GetParam(), 8)))
          << seed << ", " << which;
    }
  }
}

TEST(SealingMac, WhatWasSealedArrives) {
  for (size_t size = 0; size <= 16384; size = size * 3 + 61) {
    const Given given(size, static_cast<uint32_t>(size) + 9);
    const Outcome sealed = InOneLoop(given, {{size}}, false, 0);
    Given peer = given;
    peer.message = sealed.message;
    const Outcome opened = InOneLoop(peer, {{size}}, true, 0);
    EXPECT_EQ(opened.message, given.message) << size;
    EXPECT_EQ(Hex(opened.mac, 16), Hex(sealed.mac, 16)) << size;
  }
}

TEST(SealingMac, RewindUndoesIt) {
  for (const size_t size : {size_t{1}, size_t{64}, size_t{333}}) {
    const Given given(size, static_cast<uint32_t>(size) + 4);
    Outcome refused = InOneLoop(given, {{size}}, true, 8);
    refused.cipher.Rewind(refused.mac, 8);
    refused.cipher.Rewind(refused.message.data(), size);
    EXPECT_EQ(refused.message, given.message) << size;
    EXPECT_EQ(memcmp(&refused.cipher, &given.cipher, sizeof given.cipher), 0) << size;
  }
}

#ifdef BARESSPI_TEST_NETTLE
TEST(SealingMac, IsNettlesHmacMd5AndArcfour) {
  for (size_t size = 0; size <= 1024; ++size) {
    // Given a message and fresh keys
    const std::vector<uint8_t> message = Scrambled(size, static_cast<uint32_t>(size) + 1),
                               key = Scrambled(16, 77);
    std::vector<uint8_t> theirs = message, ours = message;
    uint8_t their_mac[16], our_mac[16];
    // When Nettle makes the MAC, and then enciphers the message and the MAC's first half
    hmac_md5_ctx hmac;
    hmac_md5_set_key(&hmac, key.size(), key.data());
    hmac_md5_update(&hmac, sizeof kNumberOctets, kNumberOctets);
    hmac_md5_update(&hmac, size, message.data());
    hmac_md5_digest(&hmac, sizeof their_mac, their_mac);
    arcfour_ctx arcfour;
    arcfour_set_key(&arcfour, key.size(), key.data());
    arcfour_crypt(&arcfour, size, theirs.data(), theirs.data());
    arcfour_crypt(&arcfour, 8, their_mac, their_mac);
    // Then ours are the same
    Rc4 cipher;
    cipher.Key(key.data(), key.size());
    SealingMac mac(key.data(), kNumber, &cipher, false);
    mac.UpdateSealed(ours.data(), size);
    mac.Finish(our_mac, 8);
    ASSERT_EQ(Hex(ours.data(), size), Hex(theirs.data(), size)) << size;
    ASSERT_EQ(Hex(our_mac, 16), Hex(their_mac, 16)) << size;
  }
}
#endif

}  // namespace
}  // namespace baresspi
