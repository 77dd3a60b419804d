// SPDX-License-Identifier: Apache-2.0
// Messages as a directory sent them, whole and broken.
#include "boards/ldap/message.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "boards/ldap/ldif.h"
#include "tests/corpus/ldap/messages.h"

namespace ldap {
namespace {

using real_ldap_messages::kMessages;
using Bytes = std::vector<uint8_t>;

std::string printed;
void Print(Text piece) {
  printed.append(piece.data, piece.size);
}

// All that a client does with a message. False: it is refused.
bool ReadThrough(Octets octets) {
  Message message;
  Result result;
  Entry entry;
  BerReader urls({});
  Octets url;
  printed.clear();
  if (!ReadMessage(octets, &message)) return false;
  switch (message.operation) {
    case kSearchEntry:
      if (!entry.Read(message)) return false;
      PutEntry(entry, Print);
      return true;
    case kSearchReference:
      if (!ReadReference(message, &urls)) return false;
      while (urls.TakeIf(kOctetString, &url)) PutLine("url", TextOf(url), Print);
      return true;
    case kBindResponse:
    case kSearchDone:
    case kExtendedResponse:
      if (!ReadResult(message, &result)) return false;
      PutLine("text", result.diagnostic, Print);
      PutLine("token", TextOf(result.token), Print);
      return true;
    default:
      return false;
  }
}

TEST(LdapMessage, RealOnesAreRead) {
  for (const auto& each : kMessages) {
    Message message;
    ASSERT_TRUE(ReadMessage({each.data, each.size}, &message)) << each.asked;
    EXPECT_EQ(message.operation, each.operation) << each.asked;
    EXPECT_NE(message.id, 0u);
    EXPECT_TRUE(ReadThrough({each.data, each.size})) << each.asked;
  }
}

TEST(LdapMessage, RealOnesSayWhatTheDirectorySaid) {
  const uint32_t codes[] = {kSaslBindInProgress, 49, kSuccess, 0, kSuccess, 0, 0, kSuccess, 32, 32};
  ASSERT_EQ(sizeof codes / sizeof *codes, sizeof kMessages / sizeof *kMessages);
  for (size_t i = 0; i < sizeof codes / sizeof *codes; ++i) {
    const auto& each = kMessages[i];
    Message message;
    Result result;
    ASSERT_TRUE(ReadMessage({each.data, each.size}, &message));
    if (each.operation != kBindResponse && each.operation != kSearchDone) continue;
    ASSERT_TRUE(ReadResult(message, &result)) << each.asked;
    EXPECT_EQ(result.code, codes[i]) << each.asked;
    EXPECT_EQ(result.has_token, i == 0) << each.asked;
  }
  ASSERT_TRUE(ReadThrough({kMessages[3].data, kMessages[3].size}));
  EXPECT_EQ(printed, "dn: \ndefaultNamingContext: DC=example,DC=test\n\n");
  ASSERT_TRUE(ReadThrough({kMessages[5].data, kMessages[5].size}));
  EXPECT_EQ(printed.substr(0, 48), "dn: CN=DEV1,CN=Computers,DC=example,DC=test\nobje");
  EXPECT_NE(printed.find("\nobjectClass: computer\ncn: DEV1\n"), std::string::npos);
  EXPECT_NE(printed.find("\nobjectSid:: AQUAAAAAAAUVAAAA"), std::string::npos);
}

TEST(LdapMessage, CutShortAnywhereItIsRefused) {
  for (const auto& each : kMessages) {
    for (size_t size = 0; size < each.size; ++size) {
      const Bytes cut(each.data, each.data + size);  // so that sanitizers see where it ends
      EXPECT_FALSE(ReadThrough({cut.data(), cut.size()})) << each.asked << ' ' << size;
    }
  }
}

TEST(LdapMessage, WithAnOctetMoreItIsRefused) {
  for (const auto& each : kMessages) {
    Bytes more(each.data, each.data + each.size);
    more.push_back(0);
    EXPECT_FALSE(ReadThrough({more.data(), more.size()})) << each.asked;
  }
}

TEST(LdapMessage, WithABitFlippedItIsRefusedOrReadWithinItsEnds) {
  for (const auto& each : kMessages) {
    size_t refused = 0;
    for (size_t bit = 0; bit < 8 * each.size; ++bit) {
      Bytes flipped(each.data, each.data + each.size);
      flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      if (!ReadThrough({flipped.data(), flipped.size()})) ++refused;
      // Nothing of it reaches a terminal as it is.
      for (const char c : printed) ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
    }
    EXPECT_GT(refused, 24u) << each.asked;
  }
}

TEST(LdapMessage, ControlsOfAnAnswerAreSkipped) {
  const uint8_t with[] = {0x30, 0x10, 2, 1, 5, 0x65, 7, 10, 1, 0, 4, 0, 4, 0, 0xA0, 2, 0x30, 0};
  const uint8_t behind[] = {0x30, 0x0E, 2, 1, 5, 0x65, 7, 10, 1, 0, 4, 0, 4, 0, 4, 0};
  EXPECT_TRUE(ReadThrough({with, sizeof with}));
  EXPECT_FALSE(ReadThrough({behind, sizeof behind}));
}

TEST(LdapMessage, NoticeOfDisconnectionIsRead) {
  uint8_t room[128];
  BerWriter writer(room, sizeof room);
  const size_t whole = writer.Begin(kSequence);
  writer.PutNumber(kInteger, kUnsolicited);
  const size_t response = writer.Begin(kExtendedResponse);
  writer.PutNumber(kEnumerated, 52);
  writer.Put(kOctetString, Text());
  writer.Put(kOctetString, "going down");
  writer.Put(0x8A, kNoticeOfDisconnection);
  writer.End(response);
  writer.End(whole);
  Message message;
  Result result;
  ASSERT_TRUE(ReadMessage(writer.written(), &message));
  ASSERT_TRUE(ReadResult(message, &result));
  EXPECT_EQ(message.id, kUnsolicited);
  EXPECT_TRUE(http::Equal(result.name, kNoticeOfDisconnection));
  EXPECT_TRUE(http::Equal(ResultName(result.code), "unavailable"));
}

TEST(LdapMessage, AttributeNameThatIsNoneIsRefused) {
  for (const char* name : {"", "a b", "a:", "a\n", "\x1b[2J"}) {
    uint8_t room[128];
    BerWriter writer(room, sizeof room);
    writer.Put(kOctetString, "dn");
    const size_t list = writer.Begin(kSequence);
    const size_t attribute = writer.Begin(kSequence);
    writer.Put(kOctetString, name);
    writer.Put(kSet, Octets());
    writer.End(attribute);
    writer.End(list);
    Entry entry;
    EXPECT_FALSE(entry.Read({1, kSearchEntry, writer.written()})) << name;
  }
}

TEST(Ldif, WhatIsNotPrintableIsInBase64) {
  const struct {
    std::string value;
    const char* line;
  } cases[] = {
      {"abc", "n: abc\n"},        {"", "n: \n"},
      {" a", "n:: IGE=\n"},       {"a ", "n:: YSA=\n"},
      {":a", "n:: OmE=\n"},       {"<a", "n:: PGE=\n"},
      {"a\nb", "n:: YQpi\n"},     {"\x1b[2J", "n:: G1sySg==\n"},
      {"\xc3\xa4", "n:: w6Q=\n"}, {std::string(1, 0), "n:: AA==\n"},
  };
  for (const auto& each : cases) {
    printed.clear();
    PutLine("n", {each.value.data(), each.value.size()}, Print);
    EXPECT_EQ(printed, each.line);
  }
}

TEST(Ldif, LongValuesAreWhole) {
  const std::string value(1000, '\x01');
  printed.clear();
  PutLine("n", {value.data(), value.size()}, Print);
  uint8_t octets[1000];
  size_t size = 0;
  ASSERT_TRUE(http::DecodeBase64({printed.data() + 4, printed.size() - 5}, octets, sizeof octets, &size));
  EXPECT_EQ(std::string(reinterpret_cast<char*>(octets), size), value);
}

}  // namespace
}  // namespace ldap
