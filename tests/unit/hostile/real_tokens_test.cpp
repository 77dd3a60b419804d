// SPDX-License-Identifier: Apache-2.0
// Tokens of real clients and servers (tests/corpus), with every bit turned and every octet cut, before our
// own sides.
#include <ctype.h>
#include <string.h>

#include <string>

#include "tests/corpus/ntlm/real_logins.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/hostile/attack.h"

namespace two_sides {
namespace {

using real_logins::kLogins;
using real_logins::Login;

Octets ToOctets(const real_logins::Token& token) {
  return Octets(token.data, token.data + token.size);
}

bool IsSane(SECURITY_STATUS status) {
  return status == SEC_E_OK || status == SEC_I_CONTINUE_NEEDED || IsRefusal(status);
}

class RealTokens : public Test, public testing::WithParamInterface<size_t> {
 protected:
  const Login& login() const { return kLogins[GetParam()]; }

  // Runs one attempt with each altered token.
  template <typename Attempt>
  static void ForEachAlteration(const Octets& token, Attempt attempt) {
    for (size_t bit = 0; bit < token.size() * 8; ++bit) attempt(Flipped(token, bit), bit / 8);
    for (size_t size = 0; size < token.size(); ++size) attempt(Truncated(token, size), size);
  }

  // True when this octet is covered by the client's proof: it lies in the NT response.
  static bool IsProven(const Octets& authenticate, size_t octet) {
    const uint32_t size = GetU16(authenticate, 20), offset = GetU32(authenticate, 24);
    return octet >= offset && octet - offset < size;
  }

  // The server up to the login's AUTHENTICATE, with the challenge that the client answered.
  static SECURITY_STATUS AnswerOf(Side& server, const Login& one, const Octets& authenticate) {
    server.DeleteContext();
    scripted_port::Reset();
    scripted_port::SetClockUnknown();  // the time that the client gives back is another server's
    scripted_port::QueueRandom(one.challenge.data + 24, 8);
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, server.Step(ToOctets(one.negotiate)).status);
    return server.Step(authenticate).status;
  }

  // Whether the response says that there is a MIC; it covers a CHALLENGE that is not ours.
  static bool HasMic(const Login& one) {
    static constexpr uint8_t kFlags[] = {6, 0, 4, 0, 2, 0, 0, 0};  // MsvAvFlags, MIC provided
    const Octets token = ToOctets(one.authenticate);
    for (size_t i = 88; i + sizeof kFlags <= token.size(); ++i) {
      if (memcmp(&token[i], kFlags, sizeof kFlags) == 0) return true;
    }
    return false;
  }
};

// What our server says of an AUTHENTICATE whose password is right: to a MIC over another server's CHALLENGE,
// and to names in OEM characters, which our own CHALLENGE does not offer.
SECURITY_STATUS Expected(const Login& one, bool has_mic) {
  const bool unicode = (one.authenticate.data[60] & 1) != 0;
  if (!unicode) return SEC_E_INVALID_TOKEN;
  return has_mic ? SEC_E_MESSAGE_ALTERED : SEC_E_OK;
}

TEST_P(RealTokens, NegotiateBeforeOurServer) {
  Server server;
  EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, server.Step(ToOctets(login().negotiate)).status);
  ForEachAlteration(ToOctets(login().negotiate), [&server](const Octets& token, size_t octet) {
    server.DeleteContext();
    const SECURITY_STATUS status = server.Step(token).status;
    EXPECT_TRUE(status == SEC_I_CONTINUE_NEEDED || IsRefusal(status))
        << StatusText(status) << " at " << octet;
  });
  server.DeleteContext();
  ExpectAllContextsFree();
}

TEST_P(RealTokens, ChallengeBeforeOurClient) {
  Client client(Identity(login().user, login().domain, login().password));
  const Call call = {kSeal, kTarget, nullptr, 2048};
  ForEachAlteration(ToOctets(login().challenge), [&](const Octets& token, size_t octet) {
    client.DeleteContext();
    client.Step({}, call);
    const SECURITY_STATUS status = client.Step(token, call).status;
    EXPECT_TRUE(status == SEC_E_OK || IsRefusal(status)) << StatusText(status) << " at " << octet;
  });
  client.DeleteContext();
  ExpectAllContextsFree();
}

TEST_P(RealTokens, AuthenticateBeforeOurServer) {
  Server server;
  const Octets authenticate = ToOctets(login().authenticate);
  EXPECT_STATUS(Expected(login(), HasMic(login())), AnswerOf(server, login(), authenticate));
  ForEachAlteration(authenticate, [&](const Octets& token, size_t octet) {
    const SECURITY_STATUS status = AnswerOf(server, login(), token);
    EXPECT_TRUE(IsSane(status)) << StatusText(status) << " at " << octet;
    if (HasMic(login()) || IsProven(authenticate, octet)) {
      EXPECT_NE(status, SEC_E_OK) << octet;
    }
  });
  server.DeleteContext();
  ExpectAllContextsFree();
}

TEST_P(RealTokens, WrongPasswordIsDenied) {
  // The server knows another password for the same name
  static uint8_t hash[16];
  ASSERT_STATUS(SEC_E_OK, BareSspiNtHash("another", 7, hash));
  const BARESSPI_ACCOUNT_ENTRY entry = {nullptr, login().user, hash, 1};
  const BARESSPI_ACCOUNT_TABLE table = {&entry, 1};
  const BARESSPI_AUTHORITY authority = {&table, BareSspiAccountTableGetNtHash, nullptr, nullptr};
  BARESSPI_DEVICE device = ServerDevice();
  device.Authority = &authority;
  Server server(device);
  EXPECT_STATUS(Expected(login(), false) == SEC_E_OK ? SEC_E_LOGON_DENIED : SEC_E_INVALID_TOKEN,
                AnswerOf(server, login(), ToOctets(login().authenticate)));
}

INSTANTIATE_TEST_SUITE_P(Login, RealTokens, testing::Range(size_t{0}, sizeof kLogins / sizeof kLogins[0]),
                         [](const testing::TestParamInfo<size_t>& number) {
                           std::string name;
                           for (const char* c = kLogins[number.param].what; *c != 0; ++c) {
                             if (isalnum(static_cast<unsigned char>(*c)) != 0) name += *c;
                           }
                           return name;
                         });

}  // namespace
}  // namespace two_sides
