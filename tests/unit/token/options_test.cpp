// SPDX-License-Identifier: Apache-2.0
// The token program's command line, and how a board's command line is split.
#include "boards/token/options.h"

#include <baresspi/authority.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "boards/common/board.h"

namespace {

// Owns the arguments, which the options point into.
struct Parsed {
  explicit Parsed(std::vector<std::string> given) : texts(std::move(given)) {
    texts.insert(texts.begin(), "baresspi-token");
    for (std::string& text : texts) pointers.push_back(text.data());
    ok = token::ParseOptions(static_cast<int>(pointers.size()), pointers.data(), &options);
  }
  std::vector<std::string> texts;
  std::vector<char*> pointers;
  token::Options options;
  bool ok;
};

TEST(Options, AClientsDefaults) {
  const Parsed parsed({"client", "ntlm"});
  ASSERT_TRUE(parsed.ok);
  EXPECT_TRUE(parsed.options.client);
  EXPECT_STREQ(parsed.options.package, "ntlm");
  EXPECT_EQ(parsed.options.request, ISC_REQ_MUTUAL_AUTH | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT |
                                        ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY);
  EXPECT_EQ(parsed.options.user, nullptr);
  EXPECT_FALSE(parsed.options.has_bindings);
}

TEST(Options, AServerAsksForNothingUnlessTold) {
  EXPECT_EQ(Parsed({"server", "ntlm"}).options.request, 0u);
  EXPECT_EQ(Parsed({"server", "ntlm", "--flags", "integ,identify,allow-missing-bindings"}).options.request,
            ASC_REQ_INTEGRITY | ASC_REQ_IDENTIFY | ASC_REQ_ALLOW_MISSING_BINDINGS);
}

TEST(Options, FlagsReplaceTheDefault) {
  EXPECT_EQ(Parsed({"client", "ntlm", "--flags", "none"}).options.request, 0u);
  EXPECT_EQ(Parsed({"client", "ntlm", "--flags", "datagram,anon"}).options.request,
            ISC_REQ_DATAGRAM | ISC_REQ_NULL_SESSION);
}

TEST(Options, PolicyIsOfTheSideItConcerns) {
  EXPECT_EQ(Parsed({"client", "ntlm", "--policy", "no-mic,weak"}).options.policy,
            BARESSPI_POLICY_NO_MIC | BARESSPI_POLICY_ALLOW_WEAK_KEYS);
  EXPECT_FALSE(Parsed({"server", "ntlm", "--policy", "no-mic"}).ok);
  EXPECT_FALSE(Parsed({"client", "ntlm", "--policy", "require-mic"}).ok);
}

TEST(Options, EmptyBindingsAreBindings) {
  const Parsed parsed({"client", "ntlm", "--cb", ""});
  EXPECT_TRUE(parsed.ok);
  EXPECT_TRUE(parsed.options.has_bindings);
  EXPECT_EQ(parsed.options.bindings.size, 0u);
}

TEST(Options, WhatIsWrongIsRefused) {
  EXPECT_FALSE(Parsed({}).ok);
  EXPECT_FALSE(Parsed({"client"}).ok);
  EXPECT_FALSE(Parsed({"peer", "ntlm"}).ok);
  EXPECT_FALSE(Parsed({"client", "ntlm", "--user"}).ok);
  EXPECT_FALSE(Parsed({"client", "ntlm", "user", "alice"}).ok);
  EXPECT_FALSE(Parsed({"client", "ntlm", "--flags", ""}).ok);
  EXPECT_FALSE(Parsed({"client", "ntlm", "--flags", "integ,"}).ok);
  EXPECT_FALSE(Parsed({"client", "ntlm", "--flags", "allow-missing-bindings"}).ok);
  EXPECT_FALSE(Parsed({"client", "ntlm", "--cb", std::string(2 * BARESSPI_TOKEN_BINDINGS + 2, '0')}).ok);
  EXPECT_FALSE(Parsed({"client", "ntlm", "--nthash", std::string(30, '0')}).ok);
  EXPECT_FALSE(Parsed({"client", "ntlm", "--password", "", "--nthash", std::string(32, '0')}).ok);
}

std::vector<std::string> Split(std::string text, int capacity = 8) {
  std::vector<char*> arguments(static_cast<size_t>(capacity) + 1);
  const int count = board::SplitArguments(text.data(), arguments.data(), capacity);
  if (count < 0) return {"too many"};
  EXPECT_EQ(arguments[static_cast<size_t>(count)], nullptr);
  return {arguments.begin(), arguments.begin() + count};
}

using Texts = std::vector<std::string>;

TEST(BoardArguments, AreSplitAtBlanksThatNoBackslashKeeps) {
  EXPECT_EQ(Split(""), Texts{});
  EXPECT_EQ(Split("  image  "), Texts{"image"});
  EXPECT_EQ(Split("image a\\ b \"\" c\\\\d \\\"e"), (Texts{"image", "a b", "", "c\\d", "\"e"}));
  EXPECT_EQ(Split("image \"\""), (Texts{"image", ""}));
  EXPECT_EQ(Split("image ends\\"), (Texts{"image", "ends\\"}));
}

TEST(BoardArguments, MoreThanThereIsRoomForIsAnError) {
  EXPECT_EQ(Split("a b", 2), (Texts{"a", "b"}));
  EXPECT_EQ(Split("a b c", 2), Texts{"too many"});
}

}  // namespace
