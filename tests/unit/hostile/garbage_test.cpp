// SPDX-License-Identifier: Apache-2.0
// Tokens that nobody meant: random octets, half-right messages, good tokens with random wounds. The same ones
// in every run.
#include <string.h>

#include "tests/unit/hostile/attack.h"

namespace two_sides {
namespace {

constexpr int kRounds = kOnBoard ? 1000 : 4000;

class Garbage : public Attack {
 protected:
  uint32_t Next() {
    seed_ ^= seed_ << 13;
    seed_ ^= seed_ >> 17;
    seed_ ^= seed_ << 5;
    return seed_ >> 8;
  }
  size_t Below(size_t limit) { return Next() % limit; }

  Octets Random(size_t size) {
    Octets octets(size);
    for (uint8_t& octet : octets) octet = static_cast<uint8_t>(Next());
    return octets;
  }

  // A message's head of this type with random octets behind it.
  Octets RandomMessage(uint8_t type, size_t size) {
    Octets message = Random(size < 12 ? 12 : size);
    static constexpr uint8_t kSignature[] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0};
    memcpy(message.data(), kSignature, sizeof kSignature);
    PutU32(&message, 8, type);
    return message;
  }

  // A good token of which some octets were overwritten, stretches moved, the end cut or drawn out.
  Octets Wounded(Octets token) {
    for (size_t wounds = 1 + Below(6); wounds != 0 && !token.empty(); --wounds) {
      const size_t at = Below(token.size());
      switch (Below(6)) {
        case 0:
          token[at] = static_cast<uint8_t>(Next());
          break;
        case 1:
          token[at] = Below(2) == 0 ? 0 : 0xFF;
          break;
        case 2:
          token.resize(at);
          break;
        case 3:
          token.resize(token.size() + Below(64), static_cast<uint8_t>(Next()));
          break;
        case 4:
          token.erase(token.begin() + static_cast<ptrdiff_t>(at));
          break;
        default:
          for (size_t i = at; i < token.size() && i < at + 8; ++i) token[i] = token[Below(token.size())];
      }
    }
    return token;
  }

  // Each token in the place of each of the three.
  void Throw(const Octets& token) {
    EXPECT_TRUE(IsRefusal(WithNegotiate(token)));
    EXPECT_TRUE(IsRefusal(WithChallenge(token)));
    EXPECT_TRUE(IsRefusal(WithAuthenticate(token)));
  }

  uint32_t seed_ = 0x9E3779B9;
};

TEST_F(Garbage, RandomOctets) {
  for (int i = 0; i < kRounds; ++i) Throw(Random(Below(600)));
}

TEST_F(Garbage, RandomMessages) {
  for (int i = 0; i < kRounds; ++i) Throw(RandomMessage(static_cast<uint8_t>(1 + i % 3), Below(600)));
}

TEST_F(Garbage, WoundedTokens) {
  for (int i = 0; i < kRounds; ++i) {
    const Octets negotiate = Wounded(tokens_.negotiate), challenge = Wounded(tokens_.challenge),
                 authenticate = Wounded(tokens_.authenticate);
    // A wound may change nothing
    if (negotiate != tokens_.negotiate) {
      EXPECT_TRUE(IsRefusal(WithNegotiate(negotiate))) << i;
    }
    if (challenge != tokens_.challenge) {
      EXPECT_TRUE(IsRefusal(WithChallenge(challenge))) << i;
    }
    if (authenticate != tokens_.authenticate) {
      EXPECT_TRUE(IsRefusal(WithAuthenticate(authenticate))) << i;
    }
  }
}

TEST_F(Garbage, HeadsOfOneTokenOnTailsOfAnother) {
  const Octets* const all[] = {&tokens_.negotiate, &tokens_.challenge, &tokens_.authenticate};
  for (int i = 0; i < kRounds; ++i) {
    const Octets &head = *all[Below(3)], &tail = *all[Below(3)];
    const size_t cut = Below(head.size()), from = Below(tail.size());
    const Octets token =
        Joined({Truncated(head, cut), Octets(tail.begin() + static_cast<ptrdiff_t>(from), tail.end())});
    if (token == tokens_.negotiate || token == tokens_.challenge || token == tokens_.authenticate) continue;
    Throw(token);
  }
}

TEST_F(Garbage, ClientsFirstCallDoesNotReadAToken) {
  for (int i = 0; i < kRounds / 10; ++i) {
    client_.DeleteContext();
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, client_.Step(Random(Below(100))).status);
  }
}

TEST_F(Garbage, LargeTokens) {
  for (size_t size : {size_t{65535}, size_t{65536}, size_t{70000}}) {
    for (uint8_t type = 1; type <= 3; ++type) Throw(RandomMessage(type, size));
    Throw(Octets(size));
    Throw(Octets(size, 0xFF));
  }
}

}  // namespace
}  // namespace two_sides
