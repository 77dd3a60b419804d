// SPDX-License-Identifier: Apache-2.0
// A login of our own two sides whose client makes a MIC: no bit of its three tokens can be turned, and none
// of them be cut, without the server refusing.
#include "config/baresspi_config.h"
#include "tests/unit/hostile/attack.h"

namespace two_sides {
namespace {

using OneLogin = Attack;

TEST_F(OneLogin, UntouchedGoesWell) {
  EXPECT_STATUS(SEC_E_OK, WithNegotiate(tokens_.negotiate));
  EXPECT_STATUS(SEC_E_OK, WithChallenge(tokens_.challenge));
  EXPECT_STATUS(SEC_E_OK, WithAuthenticate(tokens_.authenticate));
}

TEST_F(OneLogin, FlippedNegotiate) {
  ExpectEveryFlipRefused(tokens_.negotiate, &OneLogin::WithNegotiate);
}

TEST_F(OneLogin, FlippedChallenge) {
  ExpectEveryFlipRefused(tokens_.challenge, &OneLogin::WithChallenge);
}

TEST_F(OneLogin, FlippedAuthenticate) {
  ExpectEveryFlipRefused(tokens_.authenticate, &OneLogin::WithAuthenticate);
}

TEST_F(OneLogin, TruncatedNegotiate) {
  ExpectEveryTruncationRefused(tokens_.negotiate, &OneLogin::WithNegotiate);
}

TEST_F(OneLogin, TruncatedChallenge) {
  ExpectEveryTruncationRefused(tokens_.challenge, &OneLogin::WithChallenge);
}

TEST_F(OneLogin, TruncatedAuthenticate) {
  ExpectEveryTruncationRefused(tokens_.authenticate, &OneLogin::WithAuthenticate);
}

TEST_F(OneLogin, LengthenedTokens) {
  for (size_t more : {size_t{1}, size_t{2}, size_t{4}, size_t{16}, size_t{100}}) {
    for (uint8_t filler : {uint8_t{0}, uint8_t{0xFF}}) {
      Octets negotiate = tokens_.negotiate, challenge = tokens_.challenge,
             authenticate = tokens_.authenticate;
      for (Octets* token : {&negotiate, &challenge, &authenticate})
        token->resize(token->size() + more, filler);
      EXPECT_TRUE(IsRefusal(WithNegotiate(negotiate))) << more;
      EXPECT_TRUE(IsRefusal(WithChallenge(challenge))) << more;
      EXPECT_TRUE(IsRefusal(WithAuthenticate(authenticate))) << more;
    }
  }
}

TEST_F(OneLogin, OneTokenInPlaceOfAnother) {
  for (const Octets* wrong : {&tokens_.challenge, &tokens_.authenticate}) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, WithNegotiate(*wrong));
  }
  for (const Octets* wrong : {&tokens_.negotiate, &tokens_.authenticate}) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, WithChallenge(*wrong));
  }
  for (const Octets* wrong : {&tokens_.negotiate, &tokens_.challenge}) {
    EXPECT_STATUS(SEC_E_INVALID_TOKEN, WithAuthenticate(*wrong));
  }
}

// The server keeps the NEGOTIATE as it came, up to a bound.
TEST_F(OneLogin, NegotiateOfAnySizeUpToTheBoundIsAnswered) {
  for (size_t size = 16; size <= BARESSPI_NTLM_NEGOTIATE_MAX + 8; ++size) {
    Octets negotiate = tokens_.negotiate;
    negotiate.resize(size, 0xEE);
    server_.DeleteContext();
    const SECURITY_STATUS status = server_.Step(negotiate).status;
    EXPECT_STATUS(size <= BARESSPI_NTLM_NEGOTIATE_MAX ? SEC_I_CONTINUE_NEEDED : SEC_E_INVALID_TOKEN, status)
        << size;
  }
}

}  // namespace
}  // namespace two_sides
