// SPDX-License-Identifier: Apache-2.0
// The DER reader and writer against X.690 8.1.3 (lengths) and 10.1 (the shortest form).
#include "core/base/der.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "tests/support/two_sides.h"
#include "tests/unit/crypto/octets.h"

namespace baresspi {
namespace {

using Octets = std::vector<uint8_t>;

// A view of a copy of its own size, so that a sanitizer sees a step over its end.
class Copied {
 public:
  explicit Copied(const Octets& octets) : size_(octets.size()), octets_(new uint8_t[octets.size()]) {
    std::copy(octets.begin(), octets.end(), octets_.get());
  }
  Bytes view() const { return {octets_.get(), size_}; }

 private:
  size_t size_;
  std::unique_ptr<uint8_t[]> octets_;
};

Octets ToOctets(Bytes bytes) {
  return Octets(bytes.begin(), bytes.end());
}

Octets With(Octets head, size_t content, uint8_t value = 0x5A) {
  head.insert(head.end(), content, value);
  return head;
}

// The one element of a level, or nothing when the reader refuses it.
struct Element {
  bool read;
  uint8_t tag;
  Octets content;
};
Element ReadOne(const Octets& octets) {
  const Copied level(octets);
  Bytes rest = level.view();
  Element element = {false, 0, {}};
  Bytes content;
  const int tag = DerNext(&rest, &content);
  element.read = tag >= 0;
  element.tag = static_cast<uint8_t>(tag);
  if (!element.read) {
    EXPECT_EQ(rest.data(), level.view().data()) << "nothing is taken";
    EXPECT_EQ(rest.size(), level.view().size());
  }
  element.content = ToOctets(content);
  return element;
}

TEST(DerReader, ShortLengths) {
  for (size_t size : {size_t{0}, size_t{1}, size_t{0x7E}, size_t{0x7F}}) {
    const Element element = ReadOne(With({0x04, static_cast<uint8_t>(size)}, size));
    EXPECT_TRUE(element.read) << size;
    EXPECT_EQ(element.tag, 0x04);
    EXPECT_EQ(element.content, Octets(size, 0x5A));
  }
}

TEST(DerReader, LongLengthsOfOneToFourOctets) {
  EXPECT_EQ(ReadOne(With({0x04, 0x81, 0x80}, 0x80)).content.size(), 0x80u);
  EXPECT_EQ(ReadOne(With({0x04, 0x81, 0xFF}, 0xFF)).content.size(), 0xFFu);
  EXPECT_EQ(ReadOne(With({0x04, 0x82, 0x01, 0x00}, 0x100)).content.size(), 0x100u);
  EXPECT_EQ(ReadOne(With({0x04, 0x82, 0xFF, 0xFF}, 0xFFFF)).content.size(), 0xFFFFu);
  EXPECT_EQ(ReadOne(With({0x04, 0x83, 0x01, 0x00, 0x00}, 0x10000)).content.size(), 0x10000u);
  EXPECT_EQ(ReadOne(With({0x04, 0x84, 0x00, 0x01, 0x00, 0x01}, 0x10001)).content.size(), 0x10001u);
}

TEST(DerReader, LengthsThatAreNotTheShortestAreRead) {
  for (unsigned octets = 1; octets <= 4; ++octets) {
    Octets head = {0x04, static_cast<uint8_t>(0x80 | octets)};
    head.insert(head.end(), octets - 1, 0);
    head.push_back(3);
    const Element element = ReadOne(With(head, 3));
    EXPECT_TRUE(element.read) << octets;
    EXPECT_EQ(element.content, Octets(3, 0x5A)) << octets;
  }
}

TEST(DerReader, IndefiniteLengthsAreRefused) {
  EXPECT_FALSE(ReadOne({0x30, 0x80, 0x04, 0x01, 0x5A, 0x00, 0x00}).read);
  EXPECT_FALSE(ReadOne({0x30, 0x80}).read);
}

TEST(DerReader, LengthsOfMoreThanFourOctetsAreRefused) {
  for (unsigned octets = 5; octets <= 0x7F; ++octets) {
    Octets head = {0x04, static_cast<uint8_t>(0x80 | octets)};
    head.insert(head.end(), octets - 1, 0);
    head.push_back(1);
    EXPECT_FALSE(ReadOne(With(head, 1)).read) << octets;
  }
}

TEST(DerReader, LengthsOverTheEndAreRefused) {
  for (const char* hex :
       {"04", "0401", "047f5a", "0481", "048180", "04820100", "0482ffff5a", "0483ffffff5a", "0484ffffffff5a",
        "04847fffffff5a", "0484800000005a", "0484fffffffa5a", "048400", "0484000000", "04"}) {
    EXPECT_FALSE(ReadOne(FromHex(hex)).read) << hex;
  }
  for (size_t size = 1; size < 0x300; ++size) {
    Octets whole = With({0x04, 0x82, static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)}, size);
    EXPECT_TRUE(ReadOne(whole).read) << size;
    whole.pop_back();
    EXPECT_FALSE(ReadOne(whole).read) << size;
  }
}

TEST(DerReader, EveryHeadOfThreeOctetsStaysInside) {
  // Whatever it says: what it hands out is in the level, and what is left lies behind it.
  for (unsigned a = 0; a < 0x100; ++a) {
    for (unsigned b = 0; b < 0x100; ++b) {
      const Octets octets = {0x30, static_cast<uint8_t>(a), static_cast<uint8_t>(b), 1, 2, 3};
      const Copied level(octets);
      Bytes rest = level.view();
      Bytes content;
      const bool read = DerNext(&rest, &content) >= 0;
      const uint8_t* end = level.view().end();
      ASSERT_EQ(rest.end(), end);
      if (!read) {
        EXPECT_TRUE(content.empty());
        ASSERT_EQ(rest.data(), level.view().data());
        continue;
      }
      ASSERT_LE(content.end(), end);
      ASSERT_EQ(rest.data(), content.end());
    }
  }
}

TEST(DerReader, WalksTheElementsOfALevelInOrder) {
  const Copied level(FromHex("0201070a010104020102"));
  Bytes rest = level.view();
  Bytes content;
  EXPECT_EQ(DerNext(&rest, &content), kDerInteger);
  EXPECT_EQ(ToOctets(content), Octets{7});
  EXPECT_FALSE(rest.empty());
  EXPECT_EQ(DerNext(&rest, &content), kDerEnumerated);
  EXPECT_EQ(DerNext(&rest, &content), kDerOctetString);
  EXPECT_EQ(ToOctets(content), (Octets{1, 2}));
  EXPECT_TRUE(rest.empty());
  EXPECT_LT(DerNext(&rest, &content), 0);
  EXPECT_TRUE(rest.empty()) << "an end is no failure";
}

TEST(DerReader, AFailureIsForGood) {
  const Copied level(FromHex("0480020107"));
  Bytes rest = level.view();
  Bytes content;
  for (int i = 0; i < 3; ++i) {
    EXPECT_LT(DerNext(&rest, &content), 0);
    EXPECT_EQ(rest.size(), 5u) << "no end, and nobody gets past it";
    EXPECT_FALSE(DerTake(&rest, kDerOctetString, &content));
  }
}

TEST(DerReader, TakeLeavesAnElementOfAnotherTagWhereItIs) {
  const Copied level(FromHex("02010704015a"));
  Bytes rest = level.view();
  Bytes content;
  EXPECT_FALSE(DerTake(&rest, kDerOctetString, &content));
  EXPECT_TRUE(content.empty());
  EXPECT_EQ(rest.size(), 6u);
  EXPECT_TRUE(DerTake(&rest, kDerInteger, &content));
  EXPECT_TRUE(DerTake(&rest, kDerOctetString, &content));
  EXPECT_EQ(ToOctets(content), Octets{0x5A});
  EXPECT_TRUE(rest.empty());
  EXPECT_FALSE(DerTake(&rest, kDerOctetString, &content));
}

TEST(DerReader, OpenWantsTheWholeLevel) {
  const Copied exact(FromHex("04025a5b"));
  Bytes level = exact.view();
  EXPECT_FALSE(DerOpen(&level, kDerSequence));
  level = exact.view();
  EXPECT_TRUE(DerOpen(&level, kDerOctetString));
  EXPECT_EQ(ToOctets(level), (Octets{0x5A, 0x5B}));
  for (const char* hex : {"", "04", "04035a5a", "04015a5a", "04025a5a00", "04025a5a0400"}) {
    const Copied other(FromHex(hex));
    level = other.view();
    EXPECT_FALSE(DerOpen(&level, kDerOctetString)) << hex;
  }
}

// ---- The writer. ----
struct Head {
  size_t size;
  const char* octets;
};
constexpr Head kHeads[] = {{0, "0400"},
                           {1, "0401"},
                           {0x7F, "047f"},
                           {0x80, "048180"},
                           {0xFF, "0481ff"},
                           {0x100, "04820100"},
                           {0xFFFF, "0482ffff"},
                           {0x10000, "0483010000"},
                           {0xFFFFFF, "0483ffffff"}};

// An element around content of a size, written backwards into a buffer of just its size.
Octets Write(uint8_t tag, size_t size, size_t head) {
  Octets octets(head + size, 0x5A);
  uint8_t* content = octets.data() + head;
  EXPECT_EQ(DerPrepend(content, content + size, tag), octets.data()) << size;
  return octets;
}

TEST(DerWriter, HeadsAreTheShortest) {
  for (const Head& head : kHeads) {
    if (two_sides::kOnBoard && head.size > 0x10000) continue;  // it has not got that much memory
    const Octets expected = FromHex(head.octets);
    EXPECT_EQ(Write(0x04, head.size, expected.size()), With(expected, head.size)) << head.size;
  }
}

TEST(DerWriter, WhatItWritesIsRead) {
  for (size_t size = 0; size <= 0x10001; size += size < 0x204 ? 1 : 0x1F3) {
    size_t head = 2;
    if (size >= 0x80) ++head;
    if (size >= 0x100) ++head;
    if (size >= 0x10000) ++head;
    const Element element = ReadOne(Write(0x30, size, head));
    EXPECT_TRUE(element.read) << size;
    EXPECT_EQ(element.tag, 0x30);
    EXPECT_EQ(element.content, Octets(size, 0x5A));
  }
}

}  // namespace
}  // namespace baresspi
