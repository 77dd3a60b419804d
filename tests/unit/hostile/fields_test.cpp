// SPDX-License-Identifier: Apache-2.0
// The lengths and offsets in the three messages, at every value where reading could run astray.
#include "tests/unit/hostile/attack.h"

namespace two_sides {
namespace {

class Fields : public Attack {
 protected:
  static constexpr uint32_t kNotLookedAt = UINT32_MAX;

  // Puts all pairs of a length and an offset into the field (Len, MaxLen, BufferOffset) at this place of a
  // token. A field that begins before `payload` or ends behind the token makes it malformed; kNotLookedAt: it
  // may lie anywhere.
  void ExpectRefused(const Octets& token, size_t field, Attempt attempt, uint32_t payload) {
    const auto size = static_cast<uint32_t>(token.size());
    const uint32_t old_length = GetU16(token, field), old_offset = GetU32(token, field + 4);
    for (uint32_t length :
         std::initializer_list<uint32_t>{0U, 1U, 2U, 8U, 24U, size - 1, size, size + 1, 0x7FFFU, 0x8000U,
                                         0xFFFEU, 0xFFFFU, old_length - 1, old_length + 1}) {
      length &= 0xFFFF;
      for (uint32_t offset : std::initializer_list<uint32_t>{0U,
                                                             1U,
                                                             12U,
                                                             63U,
                                                             64U,
                                                             72U,
                                                             87U,
                                                             88U,
                                                             size - 1,
                                                             size,
                                                             size + 1,
                                                             size - length,
                                                             size - length + 1,
                                                             0x7FFFFFFFU,
                                                             0x80000000U,
                                                             0xFFFFFFFEU,
                                                             0xFFFFFFFFU,
                                                             0U - length,
                                                             1U - length,
                                                             old_offset - 1,
                                                             old_offset + 1,
                                                             old_offset}) {
        if (length == old_length && offset == old_offset) continue;
        Octets bad = token;
        PutU16(&bad, field, length);
        PutU32(&bad, field + 4, offset);
        const SECURITY_STATUS status = (this->*attempt)(bad);
        EXPECT_TRUE(IsRefusal(status)) << "length " << length << ", offset " << offset << " at " << field;
        const bool outside = offset < payload || offset > size || length > size - offset;
        if (payload != kNotLookedAt && length != 0 && outside) {
          EXPECT_STATUS(SEC_E_INVALID_TOKEN, status)
              << "length " << length << ", offset " << offset << " at " << field;
        }
      }
    }
    // MaxLen, which nobody needs
    for (uint32_t maximum :
         std::initializer_list<uint32_t>{0U, 1U, 0x7FFFU, 0xFFFFU, old_length - 1, old_length + 1}) {
      if (maximum == old_length) continue;
      Octets bad = token;
      PutU16(&bad, field + 2, maximum & 0xFFFF);
      EXPECT_TRUE(IsRefusal((this->*attempt)(bad))) << "maximum " << maximum << " at " << field;
    }
  }
};

TEST_F(Fields, NamesOfANegotiate) {
  for (size_t field : {size_t{16}, size_t{24}})
    ExpectRefused(tokens_.negotiate, field, &Attack::WithNegotiate, kNotLookedAt);
}

TEST_F(Fields, TargetNameOfAChallenge) {
  ExpectRefused(tokens_.challenge, 12, &Attack::WithChallenge, 0);
}

TEST_F(Fields, TargetInfoOfAChallenge) {
  ExpectRefused(tokens_.challenge, 40, &Attack::WithChallenge, 0);
}

TEST_F(Fields, LmResponse) {
  ExpectRefused(tokens_.authenticate, 12, &Attack::WithAuthenticate, 64);
}

TEST_F(Fields, NtResponse) {
  ExpectRefused(tokens_.authenticate, 20, &Attack::WithAuthenticate, 64);
}

TEST_F(Fields, Domain) {
  ExpectRefused(tokens_.authenticate, 28, &Attack::WithAuthenticate, 64);
}

TEST_F(Fields, User) {
  ExpectRefused(tokens_.authenticate, 36, &Attack::WithAuthenticate, 64);
}

TEST_F(Fields, Workstation) {
  ExpectRefused(tokens_.authenticate, 44, &Attack::WithAuthenticate, 64);
}

TEST_F(Fields, SessionKey) {
  ExpectRefused(tokens_.authenticate, 52, &Attack::WithAuthenticate, 64);
}

// All fields over each other, and all of the same octets.
TEST_F(Fields, AllAtOnce) {
  constexpr size_t kFields[] = {12, 20, 28, 36, 44, 52};
  const auto size = static_cast<uint32_t>(tokens_.authenticate.size());
  for (uint32_t length : std::initializer_list<uint32_t>{1U, 16U, 24U, size, 0xFFFFU}) {
    for (uint32_t offset :
         std::initializer_list<uint32_t>{0U, 64U, 88U, size - 1, size, 0xFFFFFFFFU, 0U - length}) {
      Octets bad = tokens_.authenticate;
      for (size_t field : kFields) {
        PutU16(&bad, field, length);
        PutU32(&bad, field + 4, offset);
      }
      EXPECT_TRUE(IsRefusal(WithAuthenticate(bad))) << length << ", " << offset;
    }
  }
}

// An empty field's offset means nothing, wherever it points: peers put anything there.
TEST_F(Fields, OffsetOfAnEmptyFieldIsNotLookedAt) {
  for (uint32_t offset : std::initializer_list<uint32_t>{0U, 1U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    Octets negotiate = tokens_.negotiate;
    PutU32(&negotiate, 20, offset);
    server_.DeleteContext();
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, server_.Step(negotiate).status);
    // A CHALLENGE without a target's name
    Octets challenge = tokens_.challenge;
    PutU16(&challenge, 12, 0);
    PutU32(&challenge, 16, offset);
    client_.DeleteContext();
    client_.Step({}, client_call_);
    EXPECT_STATUS(SEC_E_OK, client_.Step(challenge, client_call_).status) << offset;
  }
}

TEST_F(Fields, NamesWithAnOddOctetAreRefused) {
  // A copy of the message whose names lie at its end, one octet longer
  for (size_t field : {size_t{28}, size_t{36}, size_t{44}}) {
    Octets bad = tokens_.authenticate;
    const uint32_t length = GetU16(bad, field);
    const uint32_t offset = length == 0 ? 88U : GetU32(bad, field + 4);
    PutU16(&bad, field, length + 1);
    PutU32(&bad, field + 4, offset);
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, WithAuthenticate(bad)) << field;
  }
}

}  // namespace
}  // namespace two_sides
