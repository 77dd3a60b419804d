// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/options.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace ldap {
namespace {

// nullptr: refused.
std::unique_ptr<SearchOptions> Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "search");
  auto options = std::make_unique<SearchOptions>();
  const bool good =
      ParseSearchOptions(static_cast<int>(words.size()), const_cast<char**>(words.data()), options.get());
  return good ? std::move(options) : nullptr;
}

TEST(LdapOptions, SealUnlessToldOtherwise) {
  const auto options = Parse({"ldap://dc1.example.test", "--user", "DEV1$", "--password", "p"});
  ASSERT_NE(options, nullptr);
  EXPECT_STREQ(options->settings.host, "dc1.example.test");
  EXPECT_EQ(options->settings.address, nullptr);
  EXPECT_EQ(options->settings.port, 389);
  EXPECT_EQ(options->settings.protection, Protection::kSealed);
}

TEST(LdapOptions, InsideTlsThereIsNoLayer) {
  const auto options =
      Parse({"ldaps://[::1]:1636/", "--trust", "ca.pem", "--user", "u", "--connect", "10.0.2.2"});
  ASSERT_NE(options, nullptr);
  EXPECT_STREQ(options->settings.host, "::1");
  EXPECT_STREQ(options->settings.address, "10.0.2.2");
  EXPECT_EQ(options->settings.port, 1636);
  EXPECT_EQ(options->settings.protection, Protection::kNone);
  EXPECT_EQ(Parse({"ldaps://h", "--trust", "ca.pem", "--user", "u", "--seal"}), nullptr);
}

TEST(LdapOptions, WhatIsNotMeantIsRefused) {
  const std::vector<const char*> bad[] = {
      {},
      {"ldap://h"},
      {"--user", "u"},
      {"ldap://", "--user", "u"},
      {"ldap://h:0", "--user", "u"},
      {"ldap://h:65536", "--user", "u"},
      {"ldap://h h", "--user", "u"},
      {"ldap://h/x", "--user", "u"},
      {"http://h", "--user", "u"},
      {"ldap://h", "ldap://h", "--user", "u"},
      {"ldap://h", "--user"},
      {"ldap://h", "--user", "u", "--what", "x"},
      {"ldap://h", "--user", "u", "--timeout", "x"},
      {"ldap://h", "--user", "u", "--filter", "(a=b"},
      {"ldaps://h", "--user", "u"},
      {"ldap://h", "--user", "u", "--trust", "ca.pem"},
  };
  for (const auto& words : bad) EXPECT_EQ(Parse(words), nullptr) << words.size();
}

}  // namespace
}  // namespace ldap
