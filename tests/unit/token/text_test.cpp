// SPDX-License-Identifier: Apache-2.0
// The text that the token program reads and writes.
#include "boards/token/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/token/console.h"

namespace {

using token::Octets;

std::string Encode(const std::vector<uint8_t>& octets, size_t split) {
  console::output.clear();
  std::vector<uint8_t> copy = octets;
  const Octets pieces[] = {{copy.data(), split}, {copy.data() + split, copy.size() - split}};
  token::PutBase64(pieces, 2);
  return console::output;
}

// Decoding changes its text, so it gets a copy of its own.
struct Decoded {
  explicit Decoded(const std::string& from, bool (*decode)(const char*, Octets*) = token::DecodeBase64)
      : text(from.c_str(), from.c_str() + from.size() + 1) {
    ok = decode(text.data(), &octets);
  }
  std::vector<uint8_t> value() const { return {octets.data, octets.data + octets.size}; }
  std::vector<char> text;
  Octets octets;
  bool ok;
};

// RFC 4648, section 10.
TEST(Base64, IsThatOfTheRfc) {
  const char* const pairs[][2] = {{"", "-"},
                                  {"f", "Zg=="},
                                  {"fo", "Zm8="},
                                  {"foo", "Zm9v"},
                                  {"foob", "Zm9vYg=="},
                                  {"fooba", "Zm9vYmE="},
                                  {"foobar", "Zm9vYmFy"}};
  for (const auto& pair : pairs) {
    const std::string plain = pair[0];
    const std::vector<uint8_t> octets(plain.begin(), plain.end());
    EXPECT_EQ(Encode(octets, 0), pair[1]);
    const Decoded decoded(pair[1]);
    EXPECT_TRUE(decoded.ok);
    EXPECT_EQ(decoded.value(), octets);
  }
}

TEST(Base64, RoundTripsEveryLengthAndEverySplit) {
  std::vector<uint8_t> octets;
  for (size_t length = 0; length < 100; ++length) {
    for (size_t split = 0; split <= length; split += 7) {
      const Decoded decoded(Encode(octets, split));
      ASSERT_TRUE(decoded.ok);
      ASSERT_EQ(decoded.value(), octets) << length << " split at " << split;
    }
    octets.push_back(static_cast<uint8_t>(length * 151 + 7));
  }
}

TEST(Base64, WhatIsNotBase64IsRefused) {
  for (const char* text :
       {"A", "AA", "AAA", "AAAAA", "AA=", "AA===", "A===", "====", "AA==AA", "AA==x", "A!AA", "AAA\x80"}) {
    EXPECT_FALSE(Decoded(text).ok) << text;
  }
}

TEST(Hex, BothCasesAndWholeOctetsOnly) {
  const Decoded decoded("00fFA5", token::DecodeHex);
  EXPECT_TRUE(decoded.ok);
  EXPECT_EQ(decoded.value(), (std::vector<uint8_t>{0x00, 0xff, 0xa5}));
  EXPECT_TRUE(Decoded("", token::DecodeHex).ok);
  EXPECT_FALSE(Decoded("0", token::DecodeHex).ok);
  EXPECT_FALSE(Decoded("0g", token::DecodeHex).ok);
  EXPECT_FALSE(Decoded("000", token::DecodeHex).ok);
}

TEST(Numbers, AreWrittenWhole) {
  console::output.clear();
  token::PutNumber(0);
  token::Put(" ");
  token::PutNumber(UINT32_MAX);
  token::Put(" ");
  token::PutHexNumber(0x8009030c);
  EXPECT_EQ(console::output, "0 4294967295 0x8009030c");
}

TEST(Lines, EndWithNewlineOrInputAndOverlongOnesAreSkippedWhole) {
  console::input = "one\r\n\nexactly8\ntoo long for it\nlast";
  char line[9];
  EXPECT_EQ(token::ReadLine(line, sizeof line), token::LineStatus::kLine);
  EXPECT_STREQ(line, "one");
  EXPECT_EQ(token::ReadLine(line, sizeof line), token::LineStatus::kLine);
  EXPECT_STREQ(line, "");
  EXPECT_EQ(token::ReadLine(line, sizeof line), token::LineStatus::kLine);
  EXPECT_STREQ(line, "exactly8");
  EXPECT_EQ(token::ReadLine(line, sizeof line), token::LineStatus::kTooLong);
  EXPECT_EQ(token::ReadLine(line, sizeof line), token::LineStatus::kLine);
  EXPECT_STREQ(line, "last");
  EXPECT_EQ(token::ReadLine(line, sizeof line), token::LineStatus::kEnd);
}

TEST(Words, MissingOnesAreEmpty) {
  char line[] = "  VERIFY   a ";
  const char* words[3];
  token::SplitWords(line, words, 3);
  EXPECT_STREQ(words[0], "VERIFY");
  EXPECT_STREQ(words[1], "a");
  EXPECT_STREQ(words[2], "");
}

}  // namespace
