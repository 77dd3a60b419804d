// SPDX-License-Identifier: Apache-2.0
// Every truncation and every flipped bit of every leg: refused, or, where SPNEGO protects nothing, without
// any effect.
#include <algorithm>

#include "tests/unit/hostile/attack.h"
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

using two_sides::Flipped;
using two_sides::Truncated;

class NegotiateHostile : public NegotiateTest {
 protected:
  void SetUp() override {
    NegotiateTest::SetUp();
    legs_ = Again(SIZE_MAX, {}).legs;
    ASSERT_EQ(legs_.size(), 4u);
  }

  // A login with the same random, with this in the place of one leg's token.
  Login Again(size_t leg, const Octets& instead) {
    client_.DeleteContext();
    server_.DeleteContext();
    scripted_port::Reset();
    return LogIn(&client_, &server_,
                 [&](size_t number, const Octets& token) { return number == leg ? instead : token; });
  }

  // No login came about; what refused it is one of the statuses for that.
  void ExpectRefused(const Login& login, const std::string& what) {
    EXPECT_FALSE(login.established()) << what;
    const SECURITY_STATUS status = login.server < 0 ? login.server : login.client;
    const bool has_own_word = status == SEC_E_SECPKG_NOT_FOUND;
    EXPECT_TRUE(has_own_word || two_sides::IsRefusal(status))
        << what << ": " << two_sides::StatusText(status);
  }

  // negState is all that nothing protects.
  bool IsUnprotected(size_t leg, size_t bit) const {
    static const Octets kHead = {0xA0, 0x03, 0x0A, 0x01};
    const auto head = std::search(legs_[leg].begin(), legs_[leg].end(), kHead.begin(), kHead.end());
    return leg > 0 && static_cast<size_t>(head - legs_[leg].begin()) + kHead.size() == bit / 8;
  }

  Client client_;
  Server server_;
  std::vector<Octets> legs_;
};

TEST_F(NegotiateHostile, EveryTruncationIsRefused) {
  for (size_t leg = 0; leg < 4; ++leg) {
    for (size_t size = 1; size < legs_[leg].size(); ++size) {
      ExpectRefused(Again(leg, Truncated(legs_[leg], size)),
                    "leg " + std::to_string(leg) + ", " + std::to_string(size) + " octets");
    }
  }
}

TEST_F(NegotiateHostile, EveryLengtheningIsRefused) {
  for (size_t leg = 0; leg < 4; ++leg) {
    for (const uint8_t filler : {uint8_t{0}, uint8_t{0x30}, uint8_t{0xFF}}) {
      Octets longer = legs_[leg];
      for (int i = 0; i < 20; ++i) {
        longer.push_back(filler);
        ExpectRefused(Again(leg, longer), "leg " + std::to_string(leg));
      }
    }
  }
}

// What the two sides agreed on is what they would have agreed on without the flip.
TEST_F(NegotiateHostile, EveryFlippedBitIsRefusedOrWithoutEffect) {
  size_t harmless = 0;
  for (size_t leg = 0; leg < 4; ++leg) {
    for (size_t bit = 0; bit < legs_[leg].size() * 8; ++bit) {
      const Login login = Again(leg, Flipped(legs_[leg], bit));
      const std::string what = "leg " + std::to_string(leg) + ", bit " + std::to_string(bit % 8) +
                               " of octet " + std::to_string(bit / 8);
      if (!login.established()) {
        ExpectRefused(login, what);
        continue;
      }
      ++harmless;
      EXPECT_TRUE(IsUnprotected(leg, bit)) << what;
      EXPECT_TRUE(ReadResp(login.legs[2]).mic.has_value()) << what;
      EXPECT_TRUE(ReadResp(login.legs[3]).mic.has_value()) << what;
      ExpectWorking(&client_, &server_);
    }
  }
  EXPECT_EQ(harmless, 3u) << "the accept-incomplete of both sides, taken for another";
}

TEST_F(NegotiateHostile, EveryOctetReplacedByOthersIsRefusedOrWithoutEffect) {
  if (two_sides::kOnBoard) GTEST_SKIP() << "takes too long on a board";
  for (size_t leg = 0; leg < 4; ++leg) {
    for (size_t at = 0; at < legs_[leg].size(); ++at) {
      for (const int other :
           {0x00, 0x04, 0x06, 0x30, 0x60, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xA0, 0xA1, 0xA2, 0xA3, 0xFF}) {
        Octets token = legs_[leg];
        const auto value = static_cast<uint8_t>(other);
        if (token[at] == value) continue;
        token[at] = value;
        const Login login = Again(leg, token);
        if (login.established()) ExpectWorking(&client_, &server_);
      }
    }
  }
}

TEST_F(NegotiateHostile, OneLegInPlaceOfAnotherIsRefused) {
  for (size_t leg = 0; leg < 4; ++leg) {
    for (size_t other = 0; other < 4; ++other) {
      if (other == leg) continue;
      ExpectRefused(Again(leg, legs_[other]), std::to_string(other) + " for " + std::to_string(leg));
    }
  }
}

// ---- The other courses: a hint, a fallback. ----
TEST_F(NegotiateHostile, EveryFlippedOrCutHintIsRefusedOrIgnored) {
  server_.DeleteContext();
  const Octets hint = server_.Step({}).token;
  for (size_t bit = 0; bit < hint.size() * 8; ++bit) {
    client_.DeleteContext();
    const Result result = client_.Step(Flipped(hint, bit));
    if (result.status != SEC_I_CONTINUE_NEEDED) {
      EXPECT_STATUS(SEC_E_INVALID_TOKEN, result.status) << bit;
      EXPECT_FALSE(client_.has_context());
      continue;
    }
    EXPECT_EQ(Hex(result.token), Hex(legs_[0])) << "a hint changes nothing";
  }
  for (size_t size = 1; size < hint.size(); ++size) {
    client_.DeleteContext();
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, client_.Step(Truncated(hint, size)).status) << size;
  }
}

TEST_F(NegotiateHostile, EveryFlipOrCutOfAFallBackIsRefusedWithoutALogin) {
  PeerInitiator peer;
  peer.mechs = {kNegoex, kKerberos, kNtlm};
  peer.optimistic = Framed(kKerberos, Scrambled(30, 1));
  const auto login = [&](size_t leg, const Octets& instead) {
    server_.DeleteContext();
    scripted_port::Reset();
    Result step = server_.Step(leg == 0 ? instead : peer.First());
    if (step.status != SEC_I_CONTINUE_NEEDED) return step.status;
    if (!ReadResp(step.token).token) {
      step = server_.Step(leg == 1 ? instead : peer.Restart());
      if (step.status != SEC_I_CONTINUE_NEEDED) return step.status;
    }
    return server_.Step(leg == 2 ? instead : peer.Last(step.token)).status;
  };
  server_.DeleteContext();
  scripted_port::Reset();
  server_.Step(peer.First());
  const Octets last = peer.Last(server_.Step(peer.Restart()).token);
  const Octets legs[] = {peer.First(), peer.Restart(), last};
  for (size_t leg = 0; leg < 3; ++leg) {
    ASSERT_STATUS(SEC_E_OK, login(leg, legs[leg]));
    const Octets& token = legs[leg];
    const size_t stride = two_sides::kOnBoard ? 13 : 1;
    for (size_t bit = 0; bit < token.size() * 8; bit += stride) {
      const SECURITY_STATUS status = login(leg, Flipped(token, bit));
      // What is not in the list of mechanisms, a ticket for nobody for one, is not protected.
      const size_t at = bit / 8;
      const bool outside = leg == 0 && at >= 17 + peer.list().size() + 2;
      const bool state = leg > 0 && at < 14;
      if (status == SEC_E_OK) {
        EXPECT_TRUE(outside || state || leg == 0) << leg << ", bit " << bit % 8 << " of octet " << at;
        EXPECT_EQ(Hex(server_.SessionKey()), Hex(peer.ntlm.session_key));
      }
    }
    for (size_t size = 1; size < token.size(); ++size)
      EXPECT_LT(login(leg, Truncated(token, size)), 0) << size;
  }
}

}  // namespace
}  // namespace negotiate_test
