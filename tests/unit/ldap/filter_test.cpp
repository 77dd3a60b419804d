// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/filter.h"

#include <gtest/gtest.h>

#include <string>

namespace ldap {
namespace {

constexpr char kRefused[] = "refused";

// What the filter is in BER, in hexadecimal.
std::string Written(const std::string& filter, size_t capacity = 512) {
  std::string room(capacity, 0);
  BerWriter writer(reinterpret_cast<uint8_t*>(room.data()), room.size());
  if (!PutFilter(&writer, {filter.data(), filter.size()})) return kRefused;
  if (!writer.ok()) return "no room";
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < writer.written().size; ++i) {
    const uint8_t octet = writer.written().data[i];
    text += kHex[octet >> 4];
    text += kHex[octet & 15];
  }
  return text;
}

TEST(LdapFilter, IsWhatRfc4511Says) {
  EXPECT_EQ(Written("(cn=ab)"), "a3080402636e04026162");
  EXPECT_EQ(Written("(cn=)"), "a3060402636e0400");
  EXPECT_EQ(Written("(cn=*)"), "8702636e");
  EXPECT_EQ(Written("(n>=5)"), "a50604016e040135");
  EXPECT_EQ(Written("(n<=5)"), "a60604016e040135");
  EXPECT_EQ(Written("(n~=5)"), "a80604016e040135");
  EXPECT_EQ(Written("(n=a=b)"), "a30804016e0403613d62");
  EXPECT_EQ(Written("(!(a=b))"),
            "a208a3060401610401"
            "62");
  EXPECT_EQ(Written("(&(a=b)(c=*))"),
            "a00ba30604016104016287"
            "0163");
  EXPECT_EQ(Written("(|(a=b)(&(c=d)))"), "a112a306040161040162a008a306040163040164");
  EXPECT_EQ(Written("(1.2.840.113556.1.4.221;x=b)").substr(0, 4), "a31d");
}

TEST(LdapFilter, SubstringsAreItsParts) {
  EXPECT_EQ(Written("(a=b*)"),
            "a40804016130038001"
            "62");
  EXPECT_EQ(Written("(a=*b)"),
            "a40804016130038201"
            "62");
  EXPECT_EQ(Written("(a=*b*)"),
            "a40804016130038101"
            "62");
  EXPECT_EQ(Written("(a=b*c*d*e)"),
            "a4110401613"
            "00c800162810163810164820165");
  EXPECT_EQ(Written("(a=b**c)"), "a40b0401613006800162820163");
  EXPECT_EQ(Written("(a=**)"), kRefused);
}

TEST(LdapFilter, EscapesAreOctets) {
  EXPECT_EQ(Written("(a=\\28\\2A\\29\\5c\\00\\ff)"),
            "a30b04016104"
            "06"
            "282a295c00ff");
  EXPECT_EQ(Written("(a=\\2a*)"),
            "a40804016130038001"
            "2a");
  for (const char* bad : {"(a=\\)", "(a=\\2)", "(a=\\2g)", "(a=\\g2)", "(a=b\\)", "(a=(b)", "(a=b(c)"}) {
    EXPECT_EQ(Written(bad), kRefused) << bad;
  }
  EXPECT_EQ(Written(std::string("(a=b\0c)", 7)), kRefused);
}

TEST(LdapFilter, WhatIsNoneIsRefused) {
  for (const char* bad : {"",
                          "a=b",
                          "(",
                          ")",
                          "()",
                          "(a)",
                          "(=b)",
                          "(a=b",
                          "(a=b))",
                          "(a=b)(c=d)",
                          "(a=b) ",
                          " (a=b)",
                          "(&)",
                          "(|)",
                          "(!)",
                          "(!(a=b)(c=d))",
                          "(&(a=b)",
                          "(&a=b)",
                          "(a b=c)",
                          "(a:=b)",
                          "(a:dn:1.2:=b)",
                          "(>=b)",
                          "(n>=5*)",
                          "(&(a=b)x(c=d))",
                          "(\xc3\xa4=b)"}) {
    EXPECT_EQ(Written(bad), kRefused) << bad;
  }
}

TEST(LdapFilter, DepthIsBounded) {
  const auto nested = [](size_t depth) {
    std::string filter = "(a=b)";
    for (size_t i = 0; i < depth; ++i) filter = "(!" + filter + ")";
    return filter;
  };
  EXPECT_NE(Written(nested(kFilterDepth)), kRefused);
  EXPECT_EQ(Written(nested(kFilterDepth + 1)), kRefused);
  EXPECT_EQ(Written(std::string(100000, '(')), kRefused);
}

TEST(LdapFilter, RoomIsNotOverrun) {
  const std::string filter = "(&(cn=abc*def)(|(a=b)(!(c=*))))";
  const size_t size = Written(filter).size() / 2;
  for (size_t capacity = 0; capacity < size; ++capacity)
    EXPECT_EQ(Written(filter, capacity), "no room") << capacity;
}

TEST(LdapFilter, AnyValueCanBeEscaped) {
  std::string value;
  for (int i = 0; i < 256; ++i) value += static_cast<char>(i);
  char room[1024];
  TextWriter escaped(room, sizeof room);
  PutFilterValue(&escaped, {value.data(), value.size()});
  ASSERT_TRUE(escaped.ok());
  const std::string text(escaped.text().data, escaped.text().size);
  std::string expected =
      "a382010"
      "7"
      "040161"
      "04820100";
  constexpr char kHex[] = "0123456789abcdef";
  for (int i = 0; i < 256; ++i) {
    expected += kHex[i >> 4];
    expected += kHex[i & 15];
  }
  EXPECT_EQ(Written("(a=" + text + ")", 1024), expected);
}

}  // namespace
}  // namespace ldap
