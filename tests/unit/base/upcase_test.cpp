// SPDX-License-Identifier: Apache-2.0
// Upper case against the table that Samba has (tests/interop/upcase_check.py asks Samba itself), and against
// Unicode where the two differ.
#include "core/base/upcase.h"

#include <gtest/gtest.h>
#include <stdint.h>

#include <string>
#include <vector>

#include "config/baresspi_config.h"

namespace baresspi {
namespace {

struct Run {
  uint16_t first, last;
  uint8_t step;
  int16_t distance;  // from the small letter to its capital
};

// All small letters of Samba 4.17's table.
const Run kSamba[] = {
    {0x61, 0x7a, 1, -32},     {0xe0, 0xf6, 1, -32},     {0xf8, 0xfe, 1, -32},     {0xff, 0xff, 1, 121},
    {0x101, 0x12f, 2, -1},    {0x133, 0x137, 2, -1},    {0x13a, 0x148, 2, -1},    {0x14b, 0x177, 2, -1},
    {0x17a, 0x17e, 2, -1},    {0x183, 0x185, 2, -1},    {0x188, 0x188, 1, -1},    {0x18c, 0x18c, 1, -1},
    {0x192, 0x192, 1, -1},    {0x199, 0x199, 1, -1},    {0x1a1, 0x1a5, 2, -1},    {0x1a8, 0x1a8, 1, -1},
    {0x1ad, 0x1ad, 1, -1},    {0x1b0, 0x1b0, 1, -1},    {0x1b4, 0x1b6, 2, -1},    {0x1b9, 0x1b9, 1, -1},
    {0x1bd, 0x1bd, 1, -1},    {0x1c6, 0x1c6, 1, -2},    {0x1c9, 0x1c9, 1, -2},    {0x1cc, 0x1cc, 1, -2},
    {0x1ce, 0x1dc, 2, -1},    {0x1dd, 0x1dd, 1, -79},   {0x1df, 0x1ef, 2, -1},    {0x1f3, 0x1f3, 1, -2},
    {0x1f5, 0x1f5, 1, -1},    {0x1fb, 0x217, 2, -1},    {0x253, 0x253, 1, -210},  {0x254, 0x254, 1, -206},
    {0x256, 0x257, 1, -205},  {0x259, 0x259, 1, -202},  {0x25b, 0x25b, 1, -203},  {0x260, 0x260, 1, -205},
    {0x263, 0x263, 1, -207},  {0x268, 0x268, 1, -209},  {0x269, 0x269, 1, -211},  {0x26f, 0x26f, 1, -211},
    {0x272, 0x272, 1, -213},  {0x275, 0x275, 1, -214},  {0x283, 0x283, 1, -218},  {0x288, 0x288, 1, -218},
    {0x28a, 0x28b, 1, -217},  {0x292, 0x292, 1, -219},  {0x3ac, 0x3ac, 1, -38},   {0x3ad, 0x3af, 1, -37},
    {0x3b1, 0x3c1, 1, -32},   {0x3c2, 0x3c2, 1, -31},   {0x3c3, 0x3cb, 1, -32},   {0x3cc, 0x3cc, 1, -64},
    {0x3cd, 0x3ce, 1, -63},   {0x3e3, 0x3ef, 2, -1},    {0x430, 0x44f, 1, -32},   {0x451, 0x45c, 1, -80},
    {0x45e, 0x45f, 1, -80},   {0x461, 0x481, 2, -1},    {0x491, 0x4bf, 2, -1},    {0x4c2, 0x4c4, 2, -1},
    {0x4c8, 0x4c8, 1, -1},    {0x4cc, 0x4cc, 1, -1},    {0x4d1, 0x4eb, 2, -1},    {0x4ef, 0x4f5, 2, -1},
    {0x4f9, 0x4f9, 1, -1},    {0x561, 0x586, 1, -48},   {0x1e01, 0x1e95, 2, -1},  {0x1ea1, 0x1ef9, 2, -1},
    {0x1f00, 0x1f07, 1, 8},   {0x1f10, 0x1f15, 1, 8},   {0x1f20, 0x1f27, 1, 8},   {0x1f30, 0x1f37, 1, 8},
    {0x1f40, 0x1f45, 1, 8},   {0x1f51, 0x1f57, 2, 8},   {0x1f60, 0x1f67, 1, 8},   {0x1f70, 0x1f71, 1, 74},
    {0x1f72, 0x1f75, 1, 86},  {0x1f76, 0x1f77, 1, 100}, {0x1f78, 0x1f79, 1, 128}, {0x1f7a, 0x1f7b, 1, 112},
    {0x1f7c, 0x1f7d, 1, 126}, {0x1fb0, 0x1fb1, 1, 8},   {0x1fd0, 0x1fd1, 1, 8},   {0x1fe0, 0x1fe1, 1, 8},
    {0x1fe5, 0x1fe5, 1, 7},   {0x2170, 0x217f, 1, -16}, {0x24d0, 0x24e9, 1, -26}, {0xff41, 0xff5a, 1, -32}};

std::vector<char16_t> SambaTable() {
  std::vector<char16_t> table(0x10000);
  for (uint32_t c = 0; c < table.size(); ++c) table[c] = static_cast<char16_t>(c);
  for (const Run& run : kSamba) {
    for (uint32_t c = run.first; c <= run.last; c += run.step) {
      table[c] = static_cast<char16_t>(static_cast<int32_t>(c) + run.distance);
    }
  }
  return table;
}

std::u16string Upper(std::u16string text) {
  for (char16_t& c : text) c = UpCase(c);
  return text;
}

// EXPECT_EQ of what GoogleTest on a small board cannot print.
#define EXPECT_UPPER(text, upper) EXPECT_TRUE(Upper(text) == (upper)) << "line " << __LINE__

TEST(UpCase, NeverSaysOtherThanSamba) {
  const std::vector<char16_t> samba = SambaTable();
  uint32_t folded = 0;
  for (uint32_t c = 0; c < samba.size(); ++c) {
    const char16_t upper = UpCase(static_cast<char16_t>(c));
    if (upper == c) continue;
    ++folded;
    EXPECT_TRUE(upper == samba[c]) << std::hex << c;
  }
  EXPECT_GT(folded, 300u);
}

#if BARESSPI_UNICODE_FULL
TEST(UpCase, FullTableIsSambas) {
  const std::vector<char16_t> samba = SambaTable();
  for (uint32_t c = 0; c < samba.size(); ++c) {
    EXPECT_TRUE(UpCase(static_cast<char16_t>(c)) == samba[c]) << std::hex << c;
  }
}
#endif

TEST(UpCase, FoldsTheAlphabetsOfEurope) {
  EXPECT_UPPER(u"abcdefghijklmnopqrstuvwxyz", u"ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  EXPECT_UPPER(u"àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ", u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ");
  EXPECT_UPPER(u"āăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķ", u"ĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĲĴĶ");
  EXPECT_UPPER(u"ĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżž", u"ĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŹŻŽ");
  EXPECT_UPPER(u"αβγδεζηθικλμνξοπρστυφχψωϊϋάέήίόύώ", u"ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫΆΈΉΊΌΎΏ");
  EXPECT_UPPER(u"абвгдежзийклмнопрстуфхцчшщъыьэюя", u"АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ");
  EXPECT_UPPER(u"ёђѓєѕіїјљњћќўџґ", u"ЁЂЃЄЅІЇЈЉЊЋЌЎЏҐ");
  EXPECT_UPPER(u"աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ", u"ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ");
}

TEST(UpCase, FoldsVietnameseKazakhAndFullwidthLatin) {
  EXPECT_UPPER(u"nguyễn thị hương, đặng đức trưởng", u"NGUYỄN THỊ HƯƠNG, ĐẶNG ĐỨC TRƯỞNG");
  EXPECT_UPPER(u"әғқңөұүһі", u"ӘҒҚҢӨҰҮҺІ");
  EXPECT_UPPER(u"ａｚ", u"ＡＺ");
}

TEST(UpCase, FinalSigmaBecomesSigma) {
  EXPECT_TRUE(UpCase(0x03c2) == 0x03a3);
}
TEST(UpCase, YWithDiaeresisLeavesLatin1) {
  EXPECT_TRUE(UpCase(0x00ff) == 0x0178);
}

TEST(UpCase, WhatUnicodeFoldsAndSambaDoesNotStays) {
  // Micro sign, dotless i, long s, sharp s, Romanian s and t with comma below, curled beta, lunate sigma,
  // Cyrillic ie with grave
  for (const int c : {0x00b5, 0x0131, 0x017f, 0x00df, 0x0219, 0x021b, 0x03d0, 0x03f2, 0x0450}) {
    EXPECT_TRUE(UpCase(static_cast<char16_t>(c)) == c) << std::hex << c;
  }
}

TEST(UpCase, CapitalsDigitsSignsAndOtherScriptsStay) {
  const std::u16string text = u"AZ09 @[`{~ÀÞ×÷ŸΑΩАЯԱՖ中文かなحروف한글";
  EXPECT_UPPER(text, text);
}

TEST(UpCase, SurrogatesStay) {
  for (uint32_t c = 0xd800; c < 0xe000; ++c) ASSERT_TRUE(UpCase(static_cast<char16_t>(c)) == c);
}

TEST(UpCase, TwiceIsTheSameAsOnce) {
  for (uint32_t c = 0; c < 0x10000; ++c) {
    const char16_t upper = UpCase(static_cast<char16_t>(c));
    ASSERT_TRUE(UpCase(upper) == upper) << std::hex << c;
  }
}

}  // namespace
}  // namespace baresspi
