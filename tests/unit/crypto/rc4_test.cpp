// SPDX-License-Identifier: Apache-2.0
// RC4 against RFC 6229, and backwards.
#include "core/crypto/rc4.h"

#include <gtest/gtest.h>
#include <string.h>

#include <string>

#include "tests/unit/crypto/octets.h"

namespace baresspi {
namespace {

Rc4 Keyed(const std::vector<uint8_t>& key) {
  Rc4 rc4;
  rc4.Key(key.data(), key.size());
  return rc4;
}

struct StreamPart {
  const char* key;
  size_t offset;
  const char* octets;
};

const StreamPart kRfc6229[] = {
    {"0102030405", 0, "b2396305f03dc027ccc3524a0a1118a86982944f18fc82d589c403a47a0d0919"},
    {"0102030405", 240, "28cb1132c96ce286421dcaadb8b69eae1cfcf62b03eddb641d77dfcf7f8d8c93"},
    {"0102030405", 4096, "ff25b58995996707e51fbdf08b34d875"},
    {"0102030405060708090a0b0c0d0e0f10", 0,
     "9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c"},
    {"0102030405060708090a0b0c0d0e0f10", 240,
     "065902e4b620f6cc36c8589f66432f2bd39d566bc6bce3010768151549f3873f"},
    {"0102030405060708090a0b0c0d0e0f10", 4096, "a36a4c301ae8ac13610ccbc12256cacc"},
    {"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 0,
     "eaa6bd25880bf93d3f5d1e4ca2611d91cfa45c9f7e714b54bdfa80027cb14380"},
    {"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 4096,
     "f3e4c0a2e02d1d01f7f0a74618af2b48"},
    {"833222772a", 0, "80ad97bdc973df8a2e879e92a497efda20f060c2f2e5126501d3d4fea10d5fc0"},
    {"ebb46227c6cc8b37641910833222772a", 0,
     "720c94b63edf44e131d950ca211a5a30c366fdeacf9ca80436be7c358424d20b"},
};

TEST(Rc4, Rfc6229KeyStreams) {
  for (const StreamPart& part : kRfc6229) {
    Rc4 rc4 = Keyed(FromHex(part.key));
    std::vector<uint8_t> stream(part.offset + strlen(part.octets) / 2);
    rc4.Apply(stream.data(), stream.size());
    EXPECT_EQ(Hex(stream.data() + part.offset, stream.size() - part.offset), part.octets)
        << part.key << " at " << part.offset;
  }
}

TEST(Rc4, LongestKey) {
  // A key of 256 octets reaches each place of the table; one octet more would have no place to go.
  std::vector<uint8_t> key = Scrambled(256, 7);
  Rc4 rc4 = Keyed(key);
  key[255] ^= 1;
  Rc4 other = Keyed(key);
  uint8_t stream[32] = {}, other_stream[32] = {};
  rc4.Apply(stream, sizeof stream);
  other.Apply(other_stream, sizeof other_stream);
  EXPECT_NE(memcmp(stream, other_stream, sizeof stream), 0);
}

TEST(Rc4, StreamDoesNotDependOnHowItIsCut) {
  const std::vector<uint8_t> key = Scrambled(16, 8);
  std::vector<uint8_t> whole = Scrambled(300, 9);
  std::vector<uint8_t> parts = whole;
  Rc4 rc4 = Keyed(key);
  rc4.Apply(whole.data(), whole.size());
  Rc4 cut = Keyed(key);
  for (size_t at = 0, size = 0; at < parts.size(); at += size) {
    size = size % 23 + 1;
    if (size > parts.size() - at) size = parts.size() - at;
    cut.Apply(parts.data() + at, size);
  }
  EXPECT_EQ(Hex(parts.data(), parts.size()), Hex(whole.data(), whole.size()));
  EXPECT_EQ(memcmp(&cut, &rc4, sizeof rc4), 0);
}

TEST(Rc4, NothingChangesWhenNothingIsApplied) {
  Rc4 rc4 = Keyed({1, 2, 3});
  const Rc4 before = rc4;
  rc4.Apply(nullptr, 0);
  rc4.Rewind(nullptr, 0);
  EXPECT_EQ(memcmp(&rc4, &before, sizeof rc4), 0);
}

TEST(Rc4, RewindUndoesApplyOfAnyLength) {
  Rc4 rc4 = Keyed(Scrambled(16, 10));
  for (size_t size = 0; size <= 700; size += size < 40 ? 1 : 33) {
    // Given a generator somewhere in its stream, and a message that it has deciphered
    uint8_t octets[37] = {};
    rc4.Apply(octets, sizeof octets);
    const Rc4 before = rc4;
    const std::vector<uint8_t> message = Scrambled(size, static_cast<uint32_t>(size) + 11);
    std::vector<uint8_t> data = message;
    rc4.Apply(data.data(), data.size());
    if (size >= 16) {
      ASSERT_NE(Hex(data.data(), size), Hex(message.data(), size)) << size;
    }
    // When it is rewound
    rc4.Rewind(data.data(), data.size());
    // Then message and generator are as they were
    ASSERT_EQ(Hex(data.data(), size), Hex(message.data(), size)) << size;
    ASSERT_EQ(memcmp(&rc4, &before, sizeof rc4), 0) << size;
  }
}

TEST(Rc4, RewindReachesBackOverSeveralApplies) {
  Rc4 rc4 = Keyed({0xff});
  const Rc4 before = rc4;
  uint8_t first[5] = {1, 2, 3, 4, 5}, second[260] = {};
  rc4.Apply(first, sizeof first);
  rc4.Apply(second, sizeof second);
  rc4.Rewind(second, sizeof second);
  rc4.Rewind(first, sizeof first);
  EXPECT_EQ(memcmp(&rc4, &before, sizeof rc4), 0);
  EXPECT_EQ(Hex(first, sizeof first), "0102030405");
}

}  // namespace
}  // namespace baresspi
