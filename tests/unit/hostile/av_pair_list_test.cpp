// SPDX-License-Identifier: Apache-2.0
// AV_PAIR lists ([MS-NLMP] 2.2.2.1), in a CHALLENGE for the client and in a response, with a right proof, for
// the server.
#include <string.h>

#include "core/crypto/hmac_md5.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/hostile/attack.h"

namespace two_sides {
namespace {

const Octets kEnd = {0, 0, 0, 0};

Octets Pair(uint32_t id, const Octets& value) {
  Octets head(4);
  PutU16(&head, 0, id);
  PutU16(&head, 2, static_cast<uint32_t>(value.size()));
  return Joined({head, value});
}

// A pair that claims another length than it has.
Octets Lying(uint32_t id, uint32_t length, const Octets& value) {
  Octets pair = Pair(id, value);
  PutU16(&pair, 2, length);
  return pair;
}

struct Case {
  const char* what;
  Octets list;
};

std::vector<Case> GoodLists() {
  const Octets name = {'X', 0};
  return {
      {"nothing but the end", kEnd},
      {"one name", Joined({Pair(2, name), kEnd})},
      {"names in another order", Joined({Pair(5, name), Pair(3, name), Pair(1, name), Pair(2, name), kEnd})},
      {"an empty name", Joined({Pair(2, {}), kEnd})},
      {"an id that nobody knows", Joined({Pair(99, name), kEnd})},
      {"the highest id", Joined({Pair(0xFFFF, name), kEnd})},
      {"MsvAvSingleHost", Joined({Pair(8, Octets(48)), kEnd})},
      {"something behind the end", Joined({Pair(2, name), kEnd, {1, 2, 3, 4, 5}})},
      {"zero flags", Joined({Pair(6, Octets(4)), kEnd})},
      {"bindings of zeroes", Joined({Pair(10, Octets(16)), kEnd})},
      {"a target", Joined({Pair(9, name), kEnd})}};
}

std::vector<Case> BadLists() {
  const Octets name = {'X', 0};
  std::vector<Case> lists = {{"one octet", {0}},
                             {"three octets", {0, 0, 0}},
                             {"no end", Pair(2, name)},
                             {"half an end", Joined({Pair(2, name), {0, 0}})},
                             {"three quarters of an end", Joined({Pair(2, name), {0, 0, 0}})},
                             {"an end with a length", {0, 0, 2, 0}},
                             {"an end with a length and as much behind it", {0, 0, 2, 0, 1, 1}},
                             {"an end with the largest length", {0, 0, 0xFF, 0xFF}},
                             {"an odd length", Joined({Pair(2, {'X', 0, 'Y'}), kEnd})},
                             {"a length of one", Joined({Pair(2, {'X'}), kEnd})},
                             {"one octet over the end", Lying(2, 6, {1, 2, 3, 4, 5})},
                             {"two octets over the end", Lying(2, 4, {1, 2})},
                             {"the largest length", Joined({Lying(2, 0xFFFF, name), kEnd})},
                             {"the largest even length", Joined({Lying(2, 0xFFFE, name), kEnd})},
                             {"half of the largest length", Joined({Lying(2, 0x8000, name), kEnd})},
                             {"a length that takes the end in", Joined({Lying(2, 6, name), kEnd})}};
  static const char* const kTwice[] = {nullptr,   "1 twice", "2 twice", "3 twice", "4 twice", "5 twice",
                                       "6 twice", "7 twice", "8 twice", "9 twice", "10 twice"};
  const size_t sizes[] = {0, 2, 2, 2, 2, 2, 4, 8, 48, 2, 16};
  for (uint32_t id = 1; id <= 10; ++id) {
    lists.push_back({kTwice[id], Joined({Pair(id, Octets(sizes[id])), Pair(99, name),
                                         Pair(id, Octets(sizes[id])), kEnd})});
  }
  const struct {
    const char* what;
    uint32_t id;
    size_t size;
  } wrong_sizes[] = {{"flags of 0", 6, 0},      {"flags of 2", 6, 2},       {"flags of 6", 6, 6},
                     {"flags of 8", 6, 8},      {"timestamp of 0", 7, 0},   {"timestamp of 4", 7, 4},
                     {"timestamp of 6", 7, 6},  {"timestamp of 10", 7, 10}, {"timestamp of 16", 7, 16},
                     {"bindings of 0", 10, 0},  {"bindings of 14", 10, 14}, {"bindings of 18", 10, 18},
                     {"bindings of 32", 10, 32}};
  for (const auto& one : wrong_sizes)
    lists.push_back({one.what, Joined({Pair(one.id, Octets(one.size)), kEnd})});
  return lists;
}

// Without a clock no timestamp stands in the server's CHALLENGE, so that a list without one is no sign of an
// attack.
class AvPairLists : public Attack {
 protected:
  void SetUp() override {
    Test::SetUp();
    scripted_port::SetClockUnknown();
    server_.DeleteContext();
    client_.DeleteContext();
  }

  // What the client says of a CHALLENGE with this list.
  Result AskClient(const Octets& list, size_t room = 2048) {
    client_.DeleteContext();
    client_.Step({}, client_call_);
    Octets challenge = Truncated(tokens_.challenge, 56);
    PutU32(&challenge, 12, 0);  // no target's name
    PutU16(&challenge, 40, static_cast<uint32_t>(list.size()));
    PutU16(&challenge, 42, static_cast<uint32_t>(list.size()));
    PutU32(&challenge, 44, 56);
    return client_.Step(Joined({challenge, list}), {kSeal, kTarget, nullptr, room});
  }

  // What the server says of an AUTHENTICATE of alice's with this list, without a MIC and without a key to
  // exchange.
  SECURITY_STATUS AskServer(const Octets& list) {
    server_.DeleteContext();
    const Octets challenge = server_.Step(tokens_.negotiate).token;
    return server_.Step(Authenticate(Octets(challenge.begin() + 24, challenge.begin() + 32), list)).status;
  }

  static Octets Mac(const Octets& key, const Octets& message) {
    Octets mac(16);
    baresspi::HmacMd5 hmac(key.data());
    hmac.Update(message.data(), message.size());
    hmac.Finish(mac.data());
    return mac;
  }

  static Octets Utf16(const char* text) {
    Octets octets;
    for (; *text != 0; ++text) octets.insert(octets.end(), {static_cast<uint8_t>(*text), 0});
    return octets;
  }

  // [MS-NLMP] 2.2.1.3 and 3.3.2, written down once more.
  static Octets Authenticate(const Octets& server_challenge, const Octets& list) {
    Octets hash(16);
    EXPECT_STATUS(SEC_E_OK, BareSspiNtHash("Passw0rd!", 9, hash.data()));
    const Octets domain = Utf16("EXAMPLE"), user = Utf16("alice");
    const Octets ntowfv2 = Mac(hash, Joined({Utf16("ALICE"), domain}));
    const Octets temp = Joined({{1, 1, 0, 0, 0, 0, 0, 0}, Octets(8), Octets(8, 0xAA), Octets(4), list});
    const Octets response = Joined({Mac(ntowfv2, Joined({server_challenge, temp})), temp});
    Octets head(88);
    memcpy(head.data(), "NTLMSSP\0\3", 9);
    uint32_t offset = 88;
    const auto put_field = [&head, &offset](size_t field, const Octets& value) {
      PutU16(&head, field, static_cast<uint32_t>(value.size()));
      PutU16(&head, field + 2, static_cast<uint32_t>(value.size()));
      PutU32(&head, field + 4, offset);
      offset += static_cast<uint32_t>(value.size());
    };
    put_field(28, domain);
    put_field(36, user);
    put_field(44, {});
    put_field(12, {});
    put_field(20, response);
    put_field(52, {});
    PutU32(&head, 60, 0x00080201);  // UNICODE, NTLM, EXTENDED_SESSIONSECURITY
    return Joined({head, domain, user, response});
  }
};

TEST_F(AvPairLists, GoodOnesPass) {
  for (const Case& one : GoodLists()) {
    EXPECT_STATUS(SEC_E_OK, AskServer(one.list)) << one.what;
    EXPECT_STATUS(SEC_E_OK, AskClient(one.list).status) << one.what;
  }
}

TEST_F(AvPairLists, BadOnesAreMalformedTokens) {
  for (const Case& one : BadLists()) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskServer(one.list)) << one.what;
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskClient(one.list).status) << one.what;
  }
}

TEST_F(AvPairLists, ResponseWithoutAListIsMalformed) {
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskServer({}));
}

TEST_F(AvPairLists, ChallengeWithoutAListIsRefused) {
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, AskClient({}).status);
}

// What the server never may say for the client: the client's own words take their place.
TEST_F(AvPairLists, FlagsTargetAndBindingsOfTheServerAreNotEchoed) {
  const Octets bindings(16, 0xBB), target = {'e', 0, 'v', 0, 'i', 0, 'l', 0};
  const Result result = AskClient(Joined({Pair(10, bindings), Pair(9, target), kEnd}));
  ASSERT_STATUS(SEC_E_OK, result.status);
  for (const Octets& part : {bindings, target}) {
    for (size_t i = 0; i + part.size() <= result.token.size(); ++i) {
      ASSERT_NE(Octets(result.token.begin() + static_cast<ptrdiff_t>(i),
                       result.token.begin() + static_cast<ptrdiff_t>(i + part.size())),
                part);
    }
  }
}

TEST_F(AvPairLists, EveryTruncationOfAGoodOneIsMalformed) {
  const Octets list = Joined({Pair(2, Octets(14)), Pair(1, Octets(6)), Pair(7, Octets(8)),
                              Pair(9, Octets(10)), Pair(99, {1, 2}), kEnd});
  for (size_t size = 1; size < list.size(); ++size) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskServer(Truncated(list, size))) << size;
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskClient(Truncated(list, size)).status) << size;
  }
}

// Lists as long as a field can be.
TEST_F(AvPairLists, OfSixtyFourKibibytes) {
  const auto long_list = [](size_t size) { return Joined({Pair(99, Octets(size - 8)), kEnd}); };
  // The response around it must fit 16 bits too
  constexpr size_t kLongest = 65534 - 44;
  EXPECT_STATUS(SEC_E_OK, AskServer(long_list(kLongest)));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskClient(long_list(kLongest)).status);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskClient(long_list(65534)).status);
  EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, AskClient(long_list(60000)).status);
  const Result result = AskClient(long_list(60000), 70000);
  EXPECT_STATUS(SEC_E_OK, result.status);
  EXPECT_GT(result.token.size(), 60000u);
  // Of many small pairs, and without an end
  Octets many;
  while (many.size() < 60000)
    many = Joined({many, many, Pair(99, {}), Pair(98, {1, 2}), Pair(97, Octets(40))});
  many.resize(60000);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskServer(many));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskClient(many).status);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskServer(Octets(60000, 0xFF)));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, AskClient(Octets(60000, 0xFF)).status);
}

TEST_F(AvPairLists, AnnouncedMicMustBeThere) {
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, AskServer(Joined({Pair(6, {2, 0, 0, 0}), kEnd}))) << "sixteen zeroes";
}

// Somebody who takes the time out of the CHALLENGE would keep a client from making a MIC. But then it cannot
// give the time back.
TEST_F(AvPairLists, TimeOfAServerWithAClockMustComeBack) {
  scripted_port::SetClock(0x0123456789ABCDEF);
  const Octets right = {0xEF, 0xCD, 0xAB, 0x89, 0x67, 0x45, 0x23, 0x01};
  Octets wrong = right;
  wrong[0] ^= 1;
  EXPECT_STATUS(SEC_E_OK, AskServer(Joined({Pair(7, right), kEnd}))) << "a client that makes no MIC";
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, AskServer(kEnd));
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, AskServer(Joined({Pair(2, {'X', 0}), kEnd})));
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, AskServer(Joined({Pair(7, wrong), kEnd})));
}

TEST_F(AvPairLists, NamesOfACallerThatDoNotFitRefuseIt) {
  // As the message above, whose domain and user are one long stretch of it
  server_.DeleteContext();
  const Octets challenge = server_.Step(tokens_.negotiate).token;
  Octets message = Authenticate(Octets(challenge.begin() + 24, challenge.begin() + 32),
                                Joined({Pair(99, Octets(400)), kEnd}));
  PutU16(&message, 36, 400);
  EXPECT_TRUE(IsRefusal(server_.Step(message).status));
}

}  // namespace
}  // namespace two_sides
