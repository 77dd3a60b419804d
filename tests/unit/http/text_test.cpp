// SPDX-License-Identifier: Apache-2.0
#include "boards/http/text.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/http/show.h"

namespace {

using http::Text;
using http_test::Show;
using http_test::View;

TEST(HttpText, ViewsStayWithinTheirText) {
  const Text text = "abc";
  EXPECT_EQ(Show(text.First(2)), "ab");
  EXPECT_EQ(Show(text.First(9)), "abc");
  EXPECT_EQ(Show(text.From(2)), "c");
  EXPECT_EQ(Show(text.From(3)), "");
  EXPECT_EQ(Show(text.From(9)), "");
  EXPECT_EQ(text.Find('c'), 2u);
  EXPECT_EQ(text.Find('x'), 3u);
}

TEST(HttpText, CaseOfLettersAloneIsIgnored) {
  EXPECT_TRUE(http::EqualIgnoringCase("NeGoTiAtE", "Negotiate"));
  EXPECT_FALSE(http::EqualIgnoringCase("Negotiate", "Negotiat"));
  EXPECT_FALSE(http::EqualIgnoringCase("[", "{"));
  EXPECT_FALSE(http::Equal("a", "A"));
  EXPECT_EQ(Show(http::Trim(" \t a b\t ")), "a b");
  EXPECT_EQ(Show(http::Trim(" \t ")), "");
}

TEST(HttpText, NumbersAreDigitsWithinTheirBound) {
  uint32_t value = 7;
  EXPECT_TRUE(http::ParseNumber("4294967295", 0xFFFFFFFFu, &value));
  EXPECT_EQ(value, 0xFFFFFFFFu);
  EXPECT_TRUE(http::ParseNumber("0008", 8, &value));
  EXPECT_EQ(value, 8u);
  for (const char* text : {"", "9", "10", "-1", "+1", "1 ", "0x1", "4294967304"}) {
    EXPECT_FALSE(http::ParseNumber(text, 8, &value)) << text;
  }
  EXPECT_FALSE(http::ParseNumber("4294967296", 0xFFFFFFFFu, &value));
}

std::string Encode(const std::vector<uint8_t>& octets) {
  char buffer[512];
  http::TextWriter out(buffer, sizeof buffer);
  out.PutBase64(octets.data(), octets.size());
  return Show(out.text());
}

// RFC 4648, section 10.
TEST(HttpBase64, IsThatOfTheRfc) {
  EXPECT_EQ(Encode({}), "");
  EXPECT_EQ(Encode({'f'}), "Zg==");
  EXPECT_EQ(Encode({'f', 'o'}), "Zm8=");
  EXPECT_EQ(Encode({'f', 'o', 'o', 'b', 'a', 'r'}), "Zm9vYmFy");
}

TEST(HttpBase64, RoundTripsEveryLength) {
  std::vector<uint8_t> octets;
  for (size_t length = 0; length < 200; ++length) {
    const std::string text = Encode(octets);
    std::vector<uint8_t> decoded(length);
    size_t size = 99;
    ASSERT_TRUE(http::DecodeBase64(View(text), decoded.data(), length, &size)) << length;
    ASSERT_EQ(size, length);
    ASSERT_EQ(decoded, octets);
    if (length != 0) {
      ASSERT_FALSE(http::DecodeBase64(View(text), decoded.data(), length - 1, &size)) << "there is no room";
    }
    octets.push_back(static_cast<uint8_t>(length * 151 + 7));
  }
}

TEST(HttpBase64, WhatIsNotBase64IsRefused) {
  uint8_t octets[16];
  size_t size = 0;
  for (const char* text :
       {"A", "AA", "AAA", "AAAAA", "AA=A", "A===", "====", "AA==AAAA", "A!AA", "AA A", "AAA\x80", "AA-_"}) {
    EXPECT_FALSE(http::DecodeBase64(text, octets, sizeof octets, &size)) << text;
  }
}

TEST(HttpTextWriter, WhatDoesNotFitIsLeftOutAndSaid) {
  char buffer[4] = {'?', '?', '?', '?'};
  http::TextWriter out(buffer, 3);
  out.Put("ab");
  EXPECT_TRUE(out.ok());
  out.PutNumber(12);
  EXPECT_FALSE(out.ok());
  EXPECT_EQ(Show(out.text()), "ab1");
  EXPECT_EQ(buffer[3], '?');
}

TEST(HttpTextWriter, NumbersAreWrittenWhole) {
  char buffer[64];
  http::TextWriter out(buffer, sizeof buffer);
  out.PutNumber(0);
  out.Put(" ");
  out.PutNumber(0xFFFFFFFFu);
  out.Put(" ");
  out.PutHex(0x8009030Cu);
  EXPECT_EQ(Show(out.text()), "0 4294967295 8009030c");
}

std::string Name(const std::u16string& name) {
  std::vector<uint8_t> octets;
  for (const char16_t unit : name) {
    octets.push_back(static_cast<uint8_t>(unit & 0xFF));
    octets.push_back(static_cast<uint8_t>(unit >> 8));
  }
  char buffer[64];
  http::TextWriter out(buffer, sizeof buffer);
  out.PutUtf16le(octets.data(), octets.size());
  return Show(out.text());
}

TEST(HttpTextWriter, NamesBecomeUtf8AndWhatIsNoCharacterAQuestionMark) {
  EXPECT_EQ(Name(u"al\u00efce\u20ac"),
            "al\xC3\xAF"
            "ce\xE2\x82\xAC");
  EXPECT_EQ(Name({0xD801, 0xDC28}), "\xF0\x90\x90\xA8");
  EXPECT_EQ(Name({'a', '\r', '\n', 0, 0x7F, 'b'}), "a????b");
  EXPECT_EQ(Name({0x80, 0x9B, 0x9F, 0xA0}), "???\xC2\xA0");  // some terminals obey those, too
  EXPECT_EQ(Name({0xD801}), "?");
  EXPECT_EQ(Name({0xDC28, 'a', 0xD801, 'b'}), "?a?b");
}

}  // namespace
