// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/ber.h"

#include <gtest/gtest.h>

#include <vector>

namespace ldap {
namespace {

using Bytes = std::vector<uint8_t>;

Octets View(const Bytes& bytes) {
  return {bytes.data(), bytes.size()};
}
Bytes Copy(Octets octets) {
  return Bytes(octets.data, octets.data + octets.size);
}

TEST(Ber, LengthsOfUpToFourOctetsAreRead_AlsoLongerThanNeeded) {
  for (const Bytes& head :
       {Bytes{4, 2}, Bytes{4, 0x81, 2}, Bytes{4, 0x82, 0, 2}, Bytes{4, 0x84, 0, 0, 0, 2}}) {
    Bytes element = head;
    element.insert(element.end(), {7, 8});
    size_t size = 0;
    EXPECT_EQ(ElementExtent(View(element), &size), Extent::kKnown);
    EXPECT_EQ(size, element.size());
    BerReader reader(View(element));
    EXPECT_EQ(Copy(reader.Take(kOctetString)), (Bytes{7, 8}));
    EXPECT_TRUE(reader.done());
  }
}

TEST(Ber, IndefiniteLengthsAndLongerTagsAndLengthsAreNone) {
  for (const Bytes& bad : {Bytes{0x30, 0x80, 0, 0}, Bytes{4, 0x85, 0, 0, 0, 0, 1, 9}, Bytes{0x1F, 1, 0},
                           Bytes{0x7F, 1, 0}, Bytes{4, 0xFF, 1}}) {
    size_t size = 0;
    EXPECT_EQ(ElementExtent(View(bad), &size), Extent::kInvalid);
    uint8_t tag = 0;
    Octets content;
    BerReader reader(View(bad));
    EXPECT_FALSE(reader.Next(&tag, &content));
    EXPECT_FALSE(reader.ok());
  }
}

TEST(Ber, ExtentIsUnknownUntilTheLengthIsThere) {
  const Bytes element = {0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF};
  size_t size = 0;
  for (size_t i = 0; i < element.size(); ++i) {
    EXPECT_EQ(ElementExtent({element.data(), i}, &size), Extent::kUnknown) << i;
  }
  EXPECT_EQ(ElementExtent(View(element), &size), Extent::kKnown);
  EXPECT_EQ(size, 0x7FFFFFFFu + 6u);
}

TEST(Ber, ElementThatRunsOverItsLevelFailsTheReaderForGood) {
  const Bytes level = {4, 1, 5, 4, 3, 1, 2};
  BerReader reader(View(level));
  EXPECT_EQ(Copy(reader.Take(kOctetString)), Bytes{5});
  EXPECT_TRUE(reader.Take(kOctetString).empty());
  EXPECT_FALSE(reader.ok());
  EXPECT_TRUE(reader.Take(kOctetString).empty());
  EXPECT_FALSE(reader.done());
}

TEST(Ber, AnotherTagIsTakenOnlyIfItIsAskedFor) {
  const Bytes level = {4, 1, 5};
  Octets content;
  BerReader reader(View(level));
  EXPECT_FALSE(reader.TakeIf(kInteger, &content));
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.TakeIf(kOctetString, &content));
  EXPECT_TRUE(reader.done());
  EXPECT_TRUE(BerReader(View(level)).Take(kInteger).empty());
}

TEST(Ber, NumbersAreThoseThatLdapHas) {
  const struct {
    Bytes octets;
    uint32_t value;
    bool good;
  } cases[] = {
      {{0}, 0, true},
      {{0x7F}, 127, true},
      {{0x00, 0x80}, 128, true},
      {{0x7F, 0xFF, 0xFF, 0xFF}, 0x7FFFFFFF, true},
      {{}, 0, false},                              // none
      {{0x80}, 0, false},                          // negative
      {{0x00, 0x7F}, 0, false},                    // not the shortest form
      {{0x00, 0xFF, 0xFF, 0xFF, 0xFF}, 0, false},  // maxInt is 2^31 - 1
  };
  for (const auto& each : cases) {
    Bytes element = {kInteger, static_cast<uint8_t>(each.octets.size())};
    element.insert(element.end(), each.octets.begin(), each.octets.end());
    BerReader reader(View(element));
    EXPECT_EQ(reader.TakeNumber(kInteger), each.value);
    EXPECT_EQ(reader.done(), each.good);
  }
}

TEST(Ber, WhatIsWrittenIsRead) {
  for (const uint32_t value : {0u, 1u, 127u, 128u, 255u, 256u, 32767u, 32768u, 0x7FFFFFFFu}) {
    uint8_t room[16];
    BerWriter writer(room, sizeof room);
    writer.PutNumber(kEnumerated, value);
    ASSERT_TRUE(writer.ok());
    BerReader reader(writer.written());
    EXPECT_EQ(reader.TakeNumber(kEnumerated), value);
    EXPECT_TRUE(reader.done());
  }
}

TEST(Ber, LengthsAreInTheirShortestFormAtEveryDepth) {
  for (const size_t size : {0u, 127u, 128u, 255u, 256u, 1000u}) {
    Bytes room(size + 64);
    const Bytes content(size, 0x55);
    BerWriter writer(room.data(), room.size());
    const size_t outer = writer.Begin(kSequence);
    const size_t inner = writer.Begin(kSet);
    writer.Put(kOctetString, View(content));
    writer.End(inner);
    writer.PutBoolean(true);
    writer.End(outer);
    ASSERT_TRUE(writer.ok());
    const size_t head = size < 128 ? 2u : size < 256 ? 3u : 4u;
    BerReader reader(writer.written());
    BerReader sequence(reader.Take(kSequence));
    ASSERT_TRUE(reader.done());
    BerReader set(sequence.Take(kSet));
    const Octets octets = set.Take(kOctetString);
    EXPECT_EQ(Copy(octets), content);
    EXPECT_TRUE(set.done());
    EXPECT_EQ(Copy(sequence.Take(kBoolean)), Bytes{0xFF});
    EXPECT_TRUE(sequence.done());
    // No octet more than is needed.
    size_t whole = head + size;
    whole += whole < 128 ? 2 : whole < 256 ? 3 : 4;
    whole += 3;
    whole += whole < 128 ? 2 : whole < 256 ? 3 : 4;
    EXPECT_EQ(writer.written().size, whole);
  }
}

TEST(Ber, WriterWithoutRoomSaysSoAndWritesNothingBeyond) {
  const Bytes content(200, 0x55);
  Bytes whole(256);
  const auto write = [&](uint8_t* room, size_t capacity) {
    BerWriter writer(room, capacity);
    const size_t outer = writer.Begin(kSequence);
    writer.PutNumber(kInteger, 7);
    writer.Put(kOctetString, View(content));
    writer.End(outer);
    return writer.ok() ? writer.written().size : 0;
  };
  const size_t needed = write(whole.data(), whole.size());
  ASSERT_NE(needed, 0u);
  for (size_t capacity = 0; capacity < needed; ++capacity) {
    Bytes room(capacity + 1, 0xEE);
    EXPECT_EQ(write(room.data(), capacity), 0u) << capacity;
    EXPECT_EQ(room[capacity], 0xEE);
  }
}

}  // namespace
}  // namespace ldap
