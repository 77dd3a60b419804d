// SPDX-License-Identifier: Apache-2.0
// The target's name: from the argument or from a SECBUFFER_TARGET, A and W, whichever call brings it.
#include <string.h>

#include <algorithm>
#include <string>

#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"

namespace two_sides {
namespace {

// UTF-16LE octets of text.
Octets Utf16le(const std::u16string& text) {
  Octets octets;
  for (char16_t unit : text) {
    octets.push_back(static_cast<uint8_t>(unit));
    octets.push_back(static_cast<uint8_t>(unit >> 8));
  }
  return octets;
}

bool Contains(const Octets& whole, const Octets& part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

class Target : public Test {
 protected:
  // MsvAvTargetName (id 9) with this value, as an AUTHENTICATE must hold it.
  static Octets Pair(const std::u16string& name) {
    return Utf16le(std::u16string{9, static_cast<char16_t>(name.size() * 2)} + name);
  }

  // A client that is about to answer the server's CHALLENGE.
  void Begin(const Call& call = {}) {
    client_.DeleteContext();
    server_.DeleteContext();
    challenge_ = server_.Step(client_.Step({}, call).token).token;
  }

  Client client_;
  Server server_;
  Octets challenge_;
};

TEST_F(Target, StandsInTheAuthenticateAsItWasGiven) {
  for (const char* name : {"cifs/device.example.org", "HTTP/Device", "x"}) {
    Begin();
    const Result result = client_.Step(challenge_, {0, name, nullptr, 1024});
    ASSERT_STATUS(SEC_E_OK, result.status);
    EXPECT_TRUE(Contains(result.token, Pair(std::u16string(name, name + strlen(name))))) << name;
  }
}

TEST_F(Target, OfTheFirstCallHoldsForTheSecond) {
  Begin({0, "cifs/first", nullptr, 1024});
  EXPECT_TRUE(Contains(client_.Step(challenge_).token, Pair(u"cifs/first")));
}

TEST_F(Target, OfTheSecondCallTakesThePlaceOfTheFirsts) {
  Begin({0, "cifs/first", nullptr, 1024});
  const Octets token = client_.Step(challenge_, {0, "cifs/other", nullptr, 1024}).token;
  EXPECT_TRUE(Contains(token, Pair(u"cifs/other")));
  EXPECT_FALSE(Contains(token, Pair(u"cifs/first")));
}

TEST_F(Target, EmptyIsNone) {
  Begin({0, "", nullptr, 1024});
  EXPECT_FALSE(Contains(client_.Step(challenge_, {0, "", nullptr, 1024}).token, Octets{9, 0}))
      << "no MsvAvTargetName at all";
}

TEST_F(Target, Utf8AndUtf16AreTheSame) {
  Begin();
  const Octets narrow = client_.Step(challenge_, {0, "http/größe.example", nullptr, 1024}).token;
  EXPECT_TRUE(Contains(narrow, Pair(u"http/größe.example")));
}

TEST_F(Target, ThatIsNoTextOrTooLongCanBeMended) {
  const std::string longest(128, 'x'), too_long(129, 'x');
  Begin();
  for (const char* bad : {"\xff", "a\xc0\x80", too_long.c_str()}) {
    EXPECT_STATUS(SEC_E_TARGET_UNKNOWN, client_.Step(challenge_, {0, bad, nullptr, 2048}).status);
  }
  EXPECT_STATUS(SEC_E_OK, client_.Step(challenge_, {0, longest.c_str(), nullptr, 2048}).status);
}

TEST_F(Target, ThatIsBadInTheFirstCallLeavesNoContext) {
  EXPECT_STATUS(SEC_E_TARGET_UNKNOWN, client_.Step({}, {0, "\xff", nullptr, 1024}).status);
  EXPECT_FALSE(client_.has_context());
}

// Windows' own way is a SECBUFFER_TARGET in UTF-16, with or without a zero at the end.
TEST_F(Target, FromABuffer) {
  const char16_t name[] = u"cifs/from-a-buffer";
  for (ULONG size : std::initializer_list<ULONG>{ULONG{sizeof name}, ULONG{sizeof name - 2}}) {
    Begin();
    Buffer in(challenge_), out(1024);
    alignas(2) uint8_t octets[sizeof name];
    memcpy(octets, name, sizeof name);
    List input({{size, SECBUFFER_TARGET, octets}, Of(SECBUFFER_TOKEN, in)}),
        output({Of(SECBUFFER_TOKEN, out)});
    ASSERT_STATUS(SEC_E_OK,
                  InitializeSecurityContextA(nullptr, client_.context(), nullptr, 0, 0, 0, input.get(), 0,
                                             nullptr, output.get(), nullptr, nullptr));
    EXPECT_TRUE(Contains(out.First(output[0].cbBuffer), Pair(u"cifs/from-a-buffer")));
    EXPECT_STATUS(SEC_E_OK, server_.Step(out.First(output[0].cbBuffer)).status);
  }
}

TEST_F(Target, ArgumentWinsOverTheBuffer) {
  char16_t name[] = u"cifs/from-a-buffer";
  Begin();
  Buffer in(challenge_), out(1024);
  List input({Of(SECBUFFER_TOKEN, in), {sizeof name, SECBUFFER_TARGET, name}}),
      output({Of(SECBUFFER_TOKEN, out)});
  ASSERT_STATUS(SEC_E_OK,
                InitializeSecurityContextW(nullptr, client_.context(), u"cifs/argument", 0, 0, 0, input.get(),
                                           0, nullptr, output.get(), nullptr, nullptr));
  EXPECT_TRUE(Contains(out.First(output[0].cbBuffer), Pair(u"cifs/argument")));
  EXPECT_FALSE(Contains(out.First(output[0].cbBuffer), Pair(u"cifs/from-a-buffer")));
}

TEST_F(Target, EmptyArgumentLeavesItToTheBuffer) {
  char16_t name[] = u"cifs/from-a-buffer";
  Begin();
  Buffer in(challenge_), out(1024);
  List input({Of(SECBUFFER_TOKEN, in), {sizeof name, SECBUFFER_TARGET, name}}),
      output({Of(SECBUFFER_TOKEN, out)});
  ASSERT_STATUS(SEC_E_OK, InitializeSecurityContextA(nullptr, client_.context(), "", 0, 0, 0, input.get(), 0,
                                                     nullptr, output.get(), nullptr, nullptr));
  EXPECT_TRUE(Contains(out.First(output[0].cbBuffer), Pair(u"cifs/from-a-buffer")));
}

TEST_F(Target, BufferOfOddSizeOrPlaceIsReadSafely) {
  alignas(2) uint8_t octets[8] = {'a', 0, 'b', 0, 'c', 0, 'd', 0};
  for (ULONG offset : std::initializer_list<ULONG>{0U, 1U}) {
    for (ULONG size = 0; size + offset <= sizeof octets; ++size) {
      Begin();
      Buffer in(challenge_), out(1024);
      List input({Of(SECBUFFER_TOKEN, in), {size, SECBUFFER_TARGET, octets + offset}}),
          output({Of(SECBUFFER_TOKEN, out)});
      const SECURITY_STATUS status =
          InitializeSecurityContextA(nullptr, client_.context(), nullptr, 0, 0, 0, input.get(), 0, nullptr,
                                     output.get(), nullptr, nullptr);
      // A buffer promises no alignment
      EXPECT_STATUS(SEC_E_OK, status) << offset << ", " << size;
    }
  }
}

TEST_F(Target, OfACallThatTheCallerMustRepeatDoesNotCount) {
  Begin({0, "cifs/first", nullptr, 1024});
  // Given a call that fails for want of room, with another name
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, client_.Step(challenge_, {0, "cifs/other", nullptr, 16}).status);
  // When it is made again without that name
  const Result result = client_.Step(challenge_);
  // Then the name of the first call holds
  ASSERT_STATUS(SEC_E_OK, result.status);
  EXPECT_TRUE(Contains(result.token, Pair(u"cifs/first")));
  EXPECT_FALSE(Contains(result.token, Pair(u"cifs/other")));
}

TEST_F(Target, TooLongOneDoesNotTakeThePlaceOfTheFirsts) {
  const std::string too_long(129, 'x');
  Begin({0, "cifs/first", nullptr, 1024});
  EXPECT_STATUS(SEC_E_TARGET_UNKNOWN, client_.Step(challenge_, {0, too_long.c_str(), nullptr, 2048}).status);
  EXPECT_TRUE(Contains(client_.Step(challenge_).token, Pair(u"cifs/first")));
}

}  // namespace
}  // namespace two_sides
