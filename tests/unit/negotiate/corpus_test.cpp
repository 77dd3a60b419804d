// SPDX-License-Identifier: Apache-2.0
// Tokens of SPNEGO implementations that others wrote: core reads in them what the test's own decoder does,
// and their mechListMICs are what we would make.
#include "tests/corpus/spnego/real_logins.h"

#include "core/negotiate/tokens.h"
#include "tests/unit/negotiate/peer.h"

namespace negotiate_test {
namespace {

using baresspi::Bytes;
using baresspi::negotiate::NegState;
using baresspi::negotiate::NegToken;
using baresspi::negotiate::TokenKind;
using ntlm_test::From;
using real_spnego_logins::kLogins;
using real_spnego_logins::Token;

class NegotiateCorpus : public NegotiateTest {};

Octets ToOctets(const Token& token) {
  return Octets(token.data, token.data + token.size);
}
std::string ToHex(Bytes bytes) {
  return Hex(Octets(bytes.begin(), bytes.end()));
}
std::string ToHex(const std::optional<Octets>& octets) {
  return Hex(octets.value_or(Octets()));
}
Bytes View(const Token& token) {
  return {token.data, token.size};
}

TEST_F(NegotiateCorpus, InitsAreReadAsTheTestsDecoderReadsThem) {
  for (const auto& login : kLogins) {
    SCOPED_TRACE(login.what);
    for (const Token& token : {login.hint, login.legs[0]}) {
      if (token.size == 0) continue;
      NegToken parsed;
      Bytes octets = View(token);
      ASSERT_EQ(ReadToken(&octets, &parsed), TokenKind::kNegTokenInit);
      const Init init = ReadInit(ToOctets(token));
      EXPECT_EQ(ToHex(parsed.mech_types), Hex(init.mech_types));
      EXPECT_EQ(ToHex(parsed.token()), ToHex(init.token));
      EXPECT_EQ(ToHex(parsed.mech_list_mic()), ToHex(init.mic));
    }
  }
}

TEST_F(NegotiateCorpus, RespsAreReadAsTheTestsDecoderReadsThem) {
  for (const auto& login : kLogins) {
    SCOPED_TRACE(login.what);
    for (size_t leg = 1; leg < 5 && login.legs[leg].size != 0; ++leg) {
      NegToken parsed;
      Bytes octets = View(login.legs[leg]);
      ASSERT_EQ(ReadToken(&octets, &parsed), TokenKind::kNegTokenResp);
      const Resp resp = ReadResp(ToOctets(login.legs[leg]));
      EXPECT_EQ(parsed.neg_state, static_cast<NegState>(resp.state < 0 ? kCompleted : resp.state));
      EXPECT_EQ(ToHex(parsed.supported_mech()), ToHex(resp.mech));
      EXPECT_EQ(ToHex(parsed.token()), ToHex(resp.token));
      EXPECT_EQ(ToHex(parsed.mech_list_mic()), ToHex(resp.mic));
    }
  }
}

TEST_F(NegotiateCorpus, TheirMechListMicsAreWhatOursWouldBe) {
  size_t checked = 0;
  for (const auto& login : kLogins) {
    SCOPED_TRACE(login.what);
    const Init init = ReadInit(ToOctets(login.legs[0]));
    const Octets challenge = ReadResp(ToOctets(login.legs[1])).token.value_or(Octets());
    const Resp answer = ReadResp(ToOctets(login.legs[2]));
    const ntlm_test::Account account = {u"ALICE", u"EXAMPLE", u"Passw0rd!"};
    const ntlm_test::Login found = ntlm_test::TakeLogin(init.token.value_or(Octets()), challenge,
                                                        answer.token.value_or(Octets()), account);
    EXPECT_TRUE(found.proof_is_right);
    EXPECT_EQ(Hex(found.session_key), Hex(ToOctets(login.session_key)));
    const auto mic = [&](From from) {
      return MechListMic(found.session_key, found.message.flags, from, init.mech_types);
    };
    for (size_t leg = 2; leg < 5 && login.legs[leg].size != 0; ++leg) {
      const Resp resp = ReadResp(ToOctets(login.legs[leg]));
      if (!resp.mic) continue;
      EXPECT_EQ(ToHex(resp.mic), Hex(mic(leg % 2 == 0 ? From::kClient : From::kServer))) << "leg " << leg;
      ++checked;
    }
  }
  EXPECT_GE(checked, 2 * std::size(kLogins)) << "both sides of each";
}

TEST_F(NegotiateCorpus, OurServerAnswersTheirFirstTokens) {
  for (const auto& login : kLogins) {
    Server server;
    const Result reply = server.Step(ToOctets(login.legs[0]));
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, reply.status) << login.what;
    EXPECT_STATUS(SEC_E_LOGON_DENIED, server.Step(ToOctets(login.legs[2])).status)
        << "it answers another challenge";
  }
}

TEST_F(NegotiateCorpus, OurClientAnswersTheirHintsAndReplies) {
  for (const auto& login : kLogins) {
    Client client;
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, client.Step(ToOctets(login.hint)).status);
    const Result step = client.Step(ToOctets(login.legs[1]));
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, step.status) << login.what;
    EXPECT_TRUE(ReadResp(step.token).mic.has_value());
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, client.Step(ToOctets(login.legs[3])).status)
        << "its MIC is of another key";
  }
}

}  // namespace
}  // namespace negotiate_test
