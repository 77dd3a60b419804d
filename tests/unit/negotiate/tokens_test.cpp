// SPDX-License-Identifier: Apache-2.0
// core's tokens against the test's own: octet by octet what is written, field by field what is read.
#include "core/negotiate/tokens.h"

#include <gtest/gtest.h>

#include <functional>

#include "core/negotiate/writer.h"
#include "tests/support/two_sides.h"
#include "tests/unit/negotiate/spnego.h"

namespace negotiate_test {
namespace {

using baresspi::Bytes;
using baresspi::negotiate::NegState;
using baresspi::negotiate::NegToken;
using baresspi::negotiate::TokenKind;
using ntlm_test::Hex;
using two_sides::Buffer;

using baresspi::negotiate::kInit;
using baresspi::negotiate::kWithMech;
using baresspi::negotiate::kWithMic;
constexpr unsigned kHintForm = baresspi::negotiate::kHint;

constexpr char kHint[] = "not_defined_in_RFC4178@please_ignore";

Octets ToOctets(Bytes bytes) {
  return Octets(bytes.begin(), bytes.end());
}
Bytes View(const Octets& octets) {
  return {octets.data(), octets.size()};
}

struct ReadBack {
  bool read;
  Octets mech_types, token, mic, mech;
  NegState state;
};

// Reads a token as both roles do.
ReadBack Parse(const Octets& octets, TokenKind wanted) {
  Buffer copy(octets);
  NegToken token;
  Bytes view = {copy.data(), copy.size()};
  const bool read = ReadToken(&view, &token) == wanted;
  if (read) {
    EXPECT_EQ(Hex(ToOctets(view)), Hex(ToOctets(token.token()))) << "it is put in the whole one's place";
  }
  if (read && wanted == TokenKind::kNegTokenInit) {
    const Octets list = ToOctets(token.mech_types);
    const Octets mechanisms = ToOctets(token.mechanisms());
    EXPECT_EQ(Hex(Part(list, list.size() - mechanisms.size(), mechanisms.size())), Hex(mechanisms));
  }
  return {read,
          ToOctets(token.mech_types),
          ToOctets(token.token()),
          ToOctets(token.mech_list_mic()),
          ToOctets(token.supported_mech()),
          token.neg_state};
}
ReadBack ParseInit(const Octets& octets) {
  return Parse(octets, TokenKind::kNegTokenInit);
}
ReadBack ParseResp(const Octets& octets) {
  return Parse(octets, TokenKind::kNegTokenResp);
}

// What core writes around an inner token, in an output of just the room that it asks for.
std::string Written(unsigned form, const Octets& names, const Octets& inner, size_t list_size,
                    const Octets& mic = {}) {
  using baresspi::negotiate::Front;
  using baresspi::negotiate::Overhead;
  Buffer out(Overhead(list_size) + inner.size());
  std::copy(inner.begin(), inner.end(), out.data() + Front(list_size));
  const auto put_mic = [&](uint8_t* to) {
    std::copy(mic.begin(), mic.end(), to);
    return !mic.empty();
  };
  const size_t size =
      baresspi::negotiate::Write(form, View(names), out.data(), Front(list_size), inner.size(), put_mic);
  EXPECT_LE(size, out.size());
  return Hex(out.First(size));
}

constexpr size_t kSizes[] = {1,    16,   0x4F,  0x60,  0x70,   0x7F,   0x80,
                             0xC0, 0xFF, 0x100, 0x7FF, 0xFEFF, 0xFFFF, 0x10000};

TEST(SpnegoTokens, InitIsWrittenOctetByOctet) {
  const Octets list = MechTypes({kKerberos, kNtlm});
  for (const size_t size : kSizes) {
    const Octets inner = Scrambled(size, 7);
    Init init;
    init.mech_types = list;
    init.token = inner;
    EXPECT_EQ(Written(kInit, list, inner, list.size()), Hex(Make(init))) << size;
  }
  Init bare;
  bare.mech_types = list;
  EXPECT_EQ(Written(kInit, list, {}, list.size()), Hex(Make(bare)));
}

TEST(SpnegoTokens, HintIsWrittenOctetByOctet) {
  const Octets list = MechTypes({kNtlm});
  Init init;
  init.mech_types = list;
  init.hint = kHint;
  EXPECT_EQ(Written(kHintForm, list, {}, list.size()), Hex(Make(init)));
}

TEST(SpnegoTokens, RespIsWrittenOctetByOctet) {
  const Octets mic = Scrambled(16, 9);
  for (int parts = 0; parts < 8; ++parts) {
    for (const int state : {kCompleted, kIncomplete, kReject, kRequestMic}) {
      for (const size_t size : kSizes) {
        const Octets inner = Scrambled(size, 7);
        Resp resp;
        resp.state = state;
        auto form = static_cast<unsigned>(state);
        if ((parts & 1) != 0) {
          if (!BARESSPI_NTLM_SERVER) continue;  // a client never says it
          resp.mech = kNtlm;
          form |= kWithMech;
        }
        if ((parts & 2) != 0) resp.token = inner;
        if ((parts & 4) != 0) {
          resp.mic = mic;
          form |= kWithMic;
        }
        EXPECT_EQ(Written(form, Der(0x06, kNtlm), (parts & 2) != 0 ? inner : Octets(), 2,
                          (parts & 4) != 0 ? mic : Octets()),
                  Hex(Make(resp)))
            << parts << ", " << size;
        if (two_sides::kOnBoard && size > 0x100) break;
      }
    }
  }
}

TEST(SpnegoTokens, WhatGoesAroundFitsIntoWhatIsReservedForIt) {
  // The longest tokens of ours around the longest inner one that 16 bits count; a Buffer of that size is
  // written.
  const Octets mic(16);
  const Octets inner(0xFFFF);
  for (const size_t list_size : {size_t{2}, size_t{14}, size_t{0x7F}, size_t{0x80}, size_t{200}}) {
    const Octets list(list_size);
    (void)Written(kInit, list, inner, list_size);
    (void)Written(kRequestMic | kWithMech | kWithMic, Der(0x06, kNtlm), inner, list_size, mic);
    (void)Written(kHintForm, list, {}, list_size);
  }
}

TEST(SpnegoTokens, InitIsReadFieldByField) {
  for (int parts = 0; parts < 32; ++parts) {
    for (const size_t size : {size_t{1}, size_t{0x7F}, size_t{0x80}, size_t{0x200}}) {
      Init init;
      init.mech_types = MechTypes({kKerberos, kNegoex, kNtlm});
      if ((parts & 1) != 0) init.token = Scrambled(size, 3);
      if ((parts & 2) != 0) init.mic = Scrambled(16, 4);
      if ((parts & 4) != 0) init.hint = kHint;
      if ((parts & 8) != 0) init.flags = Octets{1, 0x40};
      init.framed = (parts & 16) == 0;
      const ReadBack back = ParseInit(Make(init));
      ASSERT_TRUE(back.read) << parts;
      EXPECT_EQ(back.mech_types, init.mech_types);
      EXPECT_EQ(back.token, init.token.value_or(Octets())) << parts;
      EXPECT_EQ(back.mic, init.mic.value_or(Octets())) << parts;
    }
  }
}

TEST(SpnegoTokens, RespIsReadFieldByField) {
  for (int parts = 0; parts < 8; ++parts) {
    for (int state = -1; state <= 3; ++state) {
      Resp resp;
      resp.state = state;
      if ((parts & 1) != 0) resp.mech = kNtlm;
      if ((parts & 2) != 0) resp.token = Scrambled(300, 3);
      if ((parts & 4) != 0) resp.mic = Scrambled(16, 4);
      const ReadBack back = ParseResp(Make(resp));
      ASSERT_TRUE(back.read) << parts;
      EXPECT_EQ(back.state, static_cast<NegState>(state < 0 ? kCompleted : state));
      EXPECT_EQ(back.mech, resp.mech.value_or(Octets()));
      EXPECT_EQ(back.token, resp.token.value_or(Octets()));
      EXPECT_EQ(back.mic, resp.mic.value_or(Octets()));
    }
  }
}

TEST(SpnegoTokens, LengthsThatAreNotTheShortestAreRead) {
  for (unsigned octets = 1; octets <= 4; ++octets) {
    const Octets inner = Scrambled(40, 5);
    const auto wrap = [&](uint8_t tag, const Octets& content) { return DerLong(tag, content, octets); };
    const Octets list = wrap(0x30, wrap(0x06, kNtlm));
    const Octets sequence = wrap(0x30, Join({wrap(0xA0, list), wrap(0xA2, wrap(0x04, inner))}));
    const ReadBack init = ParseInit(wrap(0x60, Join({wrap(0x06, kSpnego), wrap(0xA0, sequence)})));
    ASSERT_TRUE(init.read) << octets;
    EXPECT_EQ(init.mech_types, list) << "the list is as it went over";
    EXPECT_EQ(init.token, inner);
    const Octets fields = Join({wrap(0xA0, wrap(0x0A, {1})), wrap(0xA2, wrap(0x04, inner))});
    const ReadBack resp = ParseResp(wrap(0xA1, wrap(0x30, fields)));
    ASSERT_TRUE(resp.read) << octets;
    EXPECT_EQ(resp.token, inner);
    EXPECT_EQ(resp.state, NegState::kAcceptIncomplete);
  }
}

TEST(SpnegoTokens, TrailingOctetsAreRefused) {
  const Octets init = Make(Init());
  const Octets resp = Make(Resp{kIncomplete, kNtlm, Octets{1}, {}, {}});
  EXPECT_TRUE(ParseInit(init).read);
  EXPECT_TRUE(ParseResp(resp).read);
  EXPECT_FALSE(ParseInit(Join({init, {0}})).read);
  EXPECT_FALSE(ParseResp(Join({resp, {0}})).read);
  EXPECT_FALSE(ParseInit(Framed(kSpnego, Join({Make(Init{.framed = false}), {0x05, 0x00}}))).read);
  EXPECT_FALSE(ParseResp(Der(0xA1, Join({Der(0x30, {}), {0x05, 0x00}}))).read);
  EXPECT_FALSE(ParseInit(Der(0xA0, Der(0x30, Der(0xA0, Join({MechTypes({kNtlm}), {0}}))))).read);
}

TEST(SpnegoTokens, AFieldTwiceOrOutOfOrderIsRefused) {
  const Octets list = Der(0xA0, MechTypes({kNtlm}));
  const Octets token = Der(0xA2, Der(0x04, {1}));
  const Octets mic = Der(0xA3, Der(0x04, {2}));
  const auto init = [](const Octets& fields) { return Framed(kSpnego, Der(0xA0, Der(0x30, fields))); };
  EXPECT_TRUE(ParseInit(init(Join({list, token, mic}))).read);
  for (const Octets& fields :
       {Join({list, list}), Join({token, list}), Join({list, token, token}), Join({list, mic, token}),
        Join({list, mic, mic}), Join({list, Der(0xA5, {1}), token}), token, Octets()}) {
    EXPECT_FALSE(ParseInit(init(fields)).read) << Hex(fields);
  }
  const Octets state = Der(0xA0, Der(0x0A, {1}));
  const Octets mech = Der(0xA1, Der(0x06, kNtlm));
  const auto resp = [](const Octets& fields) { return Der(0xA1, Der(0x30, fields)); };
  EXPECT_TRUE(ParseResp(resp(Join({state, mech, token, mic}))).read);
  EXPECT_TRUE(ParseResp(resp({})).read) << "every field is optional";
  for (const Octets& fields : {Join({mech, state}), Join({state, state}), Join({token, mech}),
                               Join({mic, token}), Join({mic, mic}), Join({state, mech, mic, token})}) {
    EXPECT_FALSE(ParseResp(resp(fields)).read) << Hex(fields);
  }
}

TEST(SpnegoTokens, FieldsThatNobodyKnowsAreSkippedInAnInitAlone) {
  const Octets unknown = Join({Der(0xA5, {1, 2}), Der(0xBE, {}), Der(0x04, {9})});
  Init init;
  init.token = Octets{7};
  init.more = unknown;
  EXPECT_EQ(ParseInit(Make(init)).token, Octets{7});
  Resp resp = {kIncomplete, kNtlm, Octets{7}, {}, unknown};
  EXPECT_FALSE(ParseResp(Make(resp)).read);
  for (const uint8_t tag : {uint8_t{0xA4}, uint8_t{0xA5}, uint8_t{0x30}, uint8_t{0x80}}) {
    resp.more = Der(tag, {1});
    EXPECT_FALSE(ParseResp(Make(resp)).read) << unsigned{tag};
  }
}

TEST(SpnegoTokens, AnEmptyFieldIsAsGoodAsAbsent) {
  for (const uint8_t field : {uint8_t{0xA0}, uint8_t{0xA1}, uint8_t{0xA2}, uint8_t{0xA3}}) {
    const ReadBack resp = ParseResp(Der(0xA1, Der(0x30, Der(field, {}))));
    EXPECT_TRUE(resp.read) << unsigned{field};
    EXPECT_EQ(resp.state, NegState::kAcceptCompleted);
    EXPECT_EQ(Join({resp.mech, resp.token, resp.mic}), Octets());
  }
  const auto init = [](const Octets& list) {
    const Octets empty = Join({Der(0xA2, {}), Der(0xA3, {})});
    return ParseInit(Framed(kSpnego, Der(0xA0, Der(0x30, Join({Der(0xA0, list), empty})))));
  };
  EXPECT_TRUE(init(MechTypes({kNtlm})).read);
  EXPECT_FALSE(init({}).read) << "the list is a must";
}

TEST(SpnegoTokens, FieldsOfAnotherTypeAreRefused) {
  const auto resp = [](uint8_t field, const Octets& element) {
    return Der(0xA1, Der(0x30, Der(field, element)));
  };
  EXPECT_FALSE(ParseResp(resp(0xA0, Der(0x02, {1}))).read) << "an INTEGER for a negState";
  EXPECT_FALSE(ParseResp(resp(0xA0, Der(0x0A, {4}))).read) << "a negState that is none";
  EXPECT_FALSE(ParseResp(resp(0xA0, Der(0x0A, {0, 1}))).read);
  EXPECT_FALSE(ParseResp(resp(0xA0, Der(0x0A, {}))).read);
  EXPECT_FALSE(ParseResp(resp(0xA1, Der(0x04, kNtlm))).read);
  EXPECT_FALSE(ParseResp(resp(0xA2, Der(0x06, {1}))).read);
  EXPECT_FALSE(ParseResp(resp(0xA3, Der(0x30, {}))).read);
  EXPECT_FALSE(ParseResp(resp(0xA2, Join({Der(0x04, {1}), Der(0x04, {2})}))).read);
  const Octets list = Der(0xA0, MechTypes({kNtlm}));
  const auto init = [&](const Octets& more) {
    return Framed(kSpnego, Der(0xA0, Der(0x30, Join({list, more}))));
  };
  EXPECT_FALSE(ParseInit(init(Der(0xA2, Der(0x0A, {1})))).read);
  EXPECT_FALSE(ParseInit(init(Der(0xA3, Der(0x0A, {1})))).read);
  EXPECT_FALSE(ParseInit(Framed(kSpnego, Der(0xA0, Der(0x30, Der(0xA0, Der(0x31, {})))))).read);
  EXPECT_FALSE(ParseInit(Framed(kKerberos, Make(Init{.framed = false}))).read) << "another mechanism's frame";
}

TEST(SpnegoTokens, NoPartOfATokenIsAToken) {
  Init init;
  init.token = Scrambled(70, 1);
  init.mic = Scrambled(16, 2);
  init.hint = kHint;
  const Octets first = Make(init);
  const Octets second = Make(Resp{kIncomplete, kNtlm, Scrambled(200, 1), Scrambled(16, 2), {}});
  for (size_t size = 0; size < first.size(); ++size)
    EXPECT_FALSE(ParseInit(Part(first, 0, size)).read) << size;
  for (size_t size = 0; size < second.size(); ++size)
    EXPECT_FALSE(ParseResp(Part(second, 0, size)).read) << size;
}

TEST(SpnegoTokens, KindsAreToldByTheFirstOctets) {
  const auto kind = [](const Octets& token, Octets* oid = nullptr) {
    Buffer copy(token);
    NegToken found;
    Bytes view = {copy.data(), copy.size()};
    const TokenKind is = ReadToken(&view, &found);
    if (is == TokenKind::kRaw) {
      EXPECT_EQ(view.data(), copy.data()) << "it stays as it is";
      EXPECT_EQ(view.size(), copy.size());
    }
    if (oid != nullptr) *oid = ToOctets(found.mechanisms());
    return is;
  };
  Octets oid;
  EXPECT_EQ(kind({}), TokenKind::kEmpty);
  EXPECT_EQ(kind(Make(Init())), TokenKind::kNegTokenInit);
  EXPECT_EQ(kind(Make(Init{.framed = false})), TokenKind::kNegTokenInit);
  EXPECT_EQ(kind(Make(Resp())), TokenKind::kNegTokenResp);
  EXPECT_EQ(kind(ntlm_test::MakeNegotiate(ntlm_test::kUsual), &oid), TokenKind::kRaw);
  EXPECT_EQ(oid, Der(0x06, kNtlm));
  EXPECT_EQ(kind(Framed(kKerberos, {1, 0, 0x6E}), &oid), TokenKind::kRaw);
  EXPECT_EQ(oid, Der(0x06, kKerberos));
  EXPECT_EQ(kind(ntlm_test::Ascii("NTLMSSP")), TokenKind::kUnknown);
  EXPECT_EQ(kind({0x60}), TokenKind::kUnknown);
  EXPECT_EQ(kind({0x30, 0x00}), TokenKind::kUnknown);
  EXPECT_EQ(kind(Der(0x60, Der(0x04, {1}))), TokenKind::kUnknown);
}

}  // namespace
}  // namespace negotiate_test
