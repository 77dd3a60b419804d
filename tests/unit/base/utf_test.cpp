// SPDX-License-Identifier: Apache-2.0
// What TextReader makes of UTF-8 and UTF-16.
#include "core/base/utf.h"

#include <gtest/gtest.h>

#include <string>

namespace baresspi {
namespace {

struct Reading {
  std::u16string units;
  bool ok;
};

Reading Read(const Text& text) {
  TextReader reader(text);
  Reading reading;
  uint32_t read;
  while (TextReader::IsUnit(read = reader.Next())) reading.units += static_cast<char16_t>(read);
  EXPECT_EQ(read, reader.Next()) << "it stays there";
  reading.ok = read == TextReader::kEnd;
  EXPECT_TRUE(reading.ok || read == TextReader::kMalformed);
  return reading;
}

Reading ReadUtf8(const std::string& octets) {
  return Read(Text::Utf8(octets.data(), octets.size()));
}

// UTF-8 by the definition, of any number below 0x200000: also of those that may not be encoded, and in more
// octets than needed.
std::string Encoded(uint32_t code, int octets) {
  if (octets == 1) return std::string(1, static_cast<char>(code));
  std::string text;
  for (int n = 0; n < octets - 1; ++n, code >>= 6) text.insert(0, 1, static_cast<char>(0x80 | (code & 0x3f)));
  const uint32_t mark = 0xf00u >> octets;
  return static_cast<char>((mark & 0xff) | code) + text;
}

int OctetsFor(uint32_t code) {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

std::u16string Utf16Of(uint32_t code) {
  if (code < 0x10000) return {static_cast<char16_t>(code)};
  code -= 0x10000;
  return {static_cast<char16_t>(0xd800 + code / 0x400), static_cast<char16_t>(0xdc00 + code % 0x400)};
}

TEST(TextReader, ReadsEveryCodePointOfUtf8) {
  for (uint32_t code = 1; code < 0x110000; ++code) {
    if (code == 0xd800) code = 0xe000;
    const Reading reading = ReadUtf8(Encoded(code, OctetsFor(code)) + "!");
    ASSERT_TRUE(reading.ok) << std::hex << code;
    ASSERT_TRUE(reading.units == Utf16Of(code) + u"!") << std::hex << code;
  }
}

TEST(TextReader, RefusesSurrogatesInUtf8) {
  for (uint32_t code = 0xd800; code < 0xe000; ++code) {
    const Reading reading = ReadUtf8("a" + Encoded(code, 3) + "b");
    ASSERT_FALSE(reading.ok) << std::hex << code;
    ASSERT_TRUE(reading.units == u"a") << std::hex << code;
  }
}

TEST(TextReader, RefusesMoreOctetsThanNeeded) {
  for (const uint32_t code : {0x00u, 0x01u, 0x2fu, 0x7fu}) {
    for (int octets = 2; octets <= 4; ++octets)
      EXPECT_FALSE(ReadUtf8(Encoded(code, octets)).ok) << code << " in " << octets;
  }
  EXPECT_FALSE(ReadUtf8(Encoded(0x7ff, 3)).ok);
  EXPECT_FALSE(ReadUtf8(Encoded(0x7ff, 4)).ok);
  EXPECT_FALSE(ReadUtf8(Encoded(0xffff, 4)).ok);
}

TEST(TextReader, RefusesWhatIsBeyondUnicode) {
  EXPECT_TRUE(ReadUtf8(Encoded(0x10ffff, 4)).ok);
  EXPECT_FALSE(ReadUtf8(Encoded(0x110000, 4)).ok);
  EXPECT_FALSE(ReadUtf8(Encoded(0x1fffff, 4)).ok);
}

TEST(TextReader, RefusesEveryOctetThatCannotBegin) {
  for (int octet = 0x80; octet < 0x100; ++octet) {
    if (octet >= 0xc2 && octet <= 0xf4) continue;
    EXPECT_FALSE(ReadUtf8(static_cast<char>(octet) + std::string("\x80\x80\x80\x80\x80")).ok)
        << std::hex << octet;
  }
}

TEST(TextReader, RefusesATruncatedSequence) {
  for (const uint32_t code : {0xe9u, 0x20acu, 0x1f600u}) {
    const std::string whole = Encoded(code, OctetsFor(code));
    for (size_t size = 1; size < whole.size(); ++size) {
      EXPECT_FALSE(ReadUtf8(whole.substr(0, size)).ok) << std::hex << code << " cut to " << size;
      EXPECT_FALSE(ReadUtf8(whole.substr(0, size) + "abcd").ok) << std::hex << code << " cut to " << size;
      EXPECT_FALSE(ReadUtf8(whole.substr(0, size) + whole).ok) << std::hex << code << " cut to " << size;
    }
  }
}

TEST(TextReader, ReadsNothingBeyondTheView) {
  // The two octets that would complete the sequence are there, but not in the view.
  const char octets[] = "\xe2\x82\xac";
  EXPECT_FALSE(Read(Text::Utf8(octets, 2)).ok);
  EXPECT_TRUE(Read(Text::Utf8(octets, 3)).ok);
  EXPECT_TRUE(Read(Text::Utf16(u"abc", 2)).units == u"ab");
}

TEST(TextReader, Utf16PassesAsItIs) {
  // Lone surrogates, also in the wrong order, and a zero, which a counted string may hold
  const std::u16string units = {u'a', 0xd83d, 0xde00, 0xdc00, 0xd800, 0, 0xffff, u'z', 0xd800};
  const Reading reading = Read(Text::Utf16(units.data(), units.size()));
  EXPECT_TRUE(reading.ok);
  EXPECT_TRUE(reading.units == units);
}

TEST(TextReader, CountedUtf8MayHoldAZero) {
  const Reading reading = ReadUtf8(std::string("a\0b", 3));
  EXPECT_TRUE(reading.ok);
  EXPECT_TRUE(reading.units == std::u16string(u"a\0b", 3));
}

TEST(Text, ZeroTerminatedOnesAreMeasured) {
  EXPECT_EQ(Text::Utf8("abc").length(), 3u);
  EXPECT_EQ(Text::Utf16(u"abcd").length(), 4u);
  EXPECT_FALSE(Text::Utf8("abc").wide());
  EXPECT_TRUE(Text::Utf16(u"abcd").wide());
  EXPECT_TRUE(Read(Text::Utf8("abc")).units == u"abc");
  EXPECT_TRUE(Read(Text::Utf16(u"abcd")).units == u"abcd");
}

TEST(Text, NullIsEmpty) {
  for (const Text& text :
       {Text(), Text::Utf8(nullptr), Text::Utf16(nullptr), Text::Utf8(nullptr, 0), Text::Utf16(nullptr, 0)}) {
    EXPECT_TRUE(text.empty());
    const Reading reading = Read(text);
    EXPECT_TRUE(reading.ok);
    EXPECT_TRUE(reading.units.empty());
  }
}

}  // namespace
}  // namespace baresspi
