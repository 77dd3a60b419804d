// SPDX-License-Identifier: Apache-2.0
// A handshake that the peer broke is final: the context keeps its error, and takes nothing but its end.
#include "core/ntlm/context.h"
#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"
#include "tests/unit/sspi/functions.h"

namespace two_sides {
namespace {

class Broken : public Test {
 protected:
  // Everything that may be asked of a broken context answers with its error; the rest is as ever.
  static void ExpectFinal(Side& side, SECURITY_STATUS error, const Octets& right_token) {
    EXPECT_STATUS(error, side.Step(right_token).status) << "the right token comes too late";
    const Result again = side.Step({});
    EXPECT_STATUS(error, again.status);
    EXPECT_EQ(0u, again.size) << "what the room held is no token";
    for (const Function& function : ContextFunctions()) {
      if (function.wants_established) {
        EXPECT_STATUS(error, function.call(side.context())) << function.name;
      }
    }
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, CompleteAuthToken(side.context(), nullptr));
    CtxtHandle context = *side.context();
    side.DeleteContext();
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, DeleteSecurityContext(&context));
  }

  // Client and server up to the server's answer.
  Octets Begin(Side& client, Side& server, const Call& call = {}) {
    return client.Step(server.Step(client.Step({}, call).token, call).token, call).token;
  }

  Server server_;
};

TEST_F(Broken, ClientByAMalformedChallenge) {
  Client client;
  const Octets challenge = server_.Step(client.Step({}).token).token;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step(Octets(challenge.begin(), challenge.begin() + 31)).status);
  ExpectFinal(client, SEC_E_INVALID_TOKEN, challenge);
}

TEST_F(Broken, ClientByNoChallengeAtAll) {
  Client client;
  const Octets challenge = server_.Step(client.Step({}).token).token;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step({}).status);
  ExpectFinal(client, SEC_E_INVALID_TOKEN, challenge);
}

TEST_F(Broken, ClientByAServerThatCannot) {
  Client client;
  Octets challenge = server_.Step(client.Step({}).token).token;
  const Octets right = challenge;
  challenge[22] ^= 0x08;  // NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, client.Step(challenge).status);
  ExpectFinal(client, SEC_E_UNSUPPORTED_FUNCTION, right);
}

TEST_F(Broken, ServerByAMalformedAuthenticate) {
  Client client;
  const Octets authenticate = Begin(client, server_);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN,
                server_.Step(Octets(authenticate.begin(), authenticate.begin() + 63)).status);
  ExpectFinal(server_, SEC_E_INVALID_TOKEN, authenticate);
}

TEST_F(Broken, ServerByASecondNegotiate) {
  Client client;
  const Octets negotiate = client.Step({}).token;
  const Octets authenticate = client.Step(server_.Step(negotiate).token).token;
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, server_.Step(negotiate).status);
  ExpectFinal(server_, SEC_E_INVALID_TOKEN, authenticate);
}

TEST_F(Broken, ServerByAWrongPasswordOrAnUnknownUser) {
  Octets right;
  {
    Client alice;
    right = Begin(alice, server_);
  }
  for (const auto& identity :
       {Identity("alice", "EXAMPLE", "wrong"), Identity("bob", "EXAMPLE", "Passw0rd!"),
        Identity("alice", "ELSEWHERE", "Passw0rd!"), Identity("alice", "EXAMPLE", "")}) {
    server_.DeleteContext();
    SetUp();
    Client client(identity);
    EXPECT_STATUS(SEC_E_LOGON_DENIED, server_.Step(Begin(client, server_)).status);
    ExpectFinal(server_, SEC_E_LOGON_DENIED, right);
  }
}

// An unknown user is checked against a hash of zeroes, for the same time; that must not be a password.
TEST_F(Broken, ServerByAnUnknownUserWithAHashOfZeroes) {
  uint8_t zeroes[16] = {};
  SEC_WINNT_AUTH_IDENTITY_A bob = Identity("bob", "EXAMPLE", "");
  bob.Password = zeroes;
  bob.PasswordLength = sizeof zeroes;
  bob.Flags |= BARESSPI_AUTH_IDENTITY_NT_HASH;
  Client client(bob);
  EXPECT_STATUS(SEC_E_LOGON_DENIED, server_.Step(Begin(client, server_)).status);
}

TEST_F(Broken, ServerByAWrongMic) {
  Client client;
  const Octets authenticate = Begin(client, server_);
  Octets altered = authenticate;
  altered[72] ^= 1;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, server_.Step(altered).status);
  ExpectFinal(server_, SEC_E_MESSAGE_ALTERED, authenticate);
}

TEST_F(Broken, ServerByBindings) {
  const Octets bindings = TlsBindings("tls-server-end-point:x");
  Client client;
  const Octets authenticate = Begin(client, server_);
  EXPECT_STATUS(SEC_E_BAD_BINDINGS, server_.Step(authenticate, {0, nullptr, &bindings, 1024}).status);
  ExpectFinal(server_, SEC_E_BAD_BINDINGS, authenticate);
}

TEST_F(Broken, ServerByAClientThatCannotWhatIsDemanded) {
  Client client;
  const Octets authenticate = client.Step(server_.Step(client.Step({}).token).token).token;
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, server_.Step(authenticate, {ASC_REQ_CONFIDENTIALITY}).status);
  ExpectFinal(server_, SEC_E_UNSUPPORTED_FUNCTION, authenticate);
}

TEST_F(Broken, DemandThatTheNegotiateCannotMeetLeavesNoContext) {
  for (ULONG demand : std::initializer_list<ULONG>{ASC_REQ_INTEGRITY, ASC_REQ_CONFIDENTIALITY,
                                                   ASC_REQ_REPLAY_DETECT, ASC_REQ_SEQUENCE_DETECT}) {
    Client client;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, server_.Step(client.Step({}).token, {demand}).status) << demand;
    EXPECT_FALSE(server_.has_context());
  }
}

// An authority that answers as it is told, whoever asks.
SECURITY_STATUS answer = SEC_E_OK;
SECURITY_STATUS GetNothing(const void*, const BARESSPI_NAME*, const BARESSPI_NAME*, uint8_t[16],
                           BARESSPI_ACCOUNT*) {
  return answer;
}
SECURITY_STATUS ValidateNothing(const void*, const BARESSPI_LOGON*, uint8_t[16], BARESSPI_ACCOUNT*) {
  return answer;
}

TEST_F(Broken, ServerByItsAuthority) {
  const struct {
    SECURITY_STATUS says, means;
  } cases[] = {{SEC_E_LOGON_DENIED, SEC_E_LOGON_DENIED},
               {SEC_E_NO_AUTHENTICATING_AUTHORITY, SEC_E_NO_AUTHENTICATING_AUTHORITY},
               {SEC_E_INTERNAL_ERROR, SEC_E_LOGON_DENIED},
               {SEC_E_BUFFER_TOO_SMALL, SEC_E_LOGON_DENIED},
               {SEC_I_CONTINUE_NEEDED, SEC_E_LOGON_DENIED},
               {1, SEC_E_LOGON_DENIED},
               {-1, SEC_E_LOGON_DENIED}};
  const BARESSPI_AUTHORITY authorities[] = {{nullptr, GetNothing, nullptr, nullptr},
                                            {nullptr, nullptr, ValidateNothing, nullptr}};
  for (const BARESSPI_AUTHORITY& authority : authorities) {
    BARESSPI_DEVICE device = ServerDevice();
    device.Authority = &authority;
    for (const auto& one : cases) {
      answer = one.says;
      Client client;
      Server server(device);
      const Octets authenticate = Begin(client, server);
      EXPECT_STATUS(one.means, server.Step(authenticate).status);
      ExpectFinal(server, one.means, authenticate);
    }
  }
}

TEST_F(Broken, AuthorityWithoutFunctionsIsNone) {
  const BARESSPI_AUTHORITY empty = {nullptr, nullptr, nullptr, nullptr};
  BARESSPI_DEVICE device = ServerDevice();
  for (const BARESSPI_AUTHORITY* authority : {&empty, static_cast<const BARESSPI_AUTHORITY*>(nullptr)}) {
    device.Authority = authority;
    Client client;
    Server server(device);
    EXPECT_STATUS(SEC_E_NO_AUTHENTICATING_AUTHORITY, server.Step(Begin(client, server)).status);
  }
}

// What a context holds behind what the front door needs of it, as it lies in memory.
Octets InsideOf(Side& side) {
  const baresspi::Context* context = baresspi::FindContext(side.context());
  EXPECT_NE(context, nullptr);
  if (context == nullptr) return {};
  const auto* begin = reinterpret_cast<const uint8_t*>(context + 1);
  return Octets(begin, begin + sizeof(baresspi::ntlm::NtlmContext) - sizeof(baresspi::Context));
}

TEST_F(Broken, SecretsAreWipedAtOnce) {
  Client client;
  Octets authenticate = Begin(client, server_);
  authenticate[72] ^= 1;  // the MIC: the server has worked out the session key by then
  EXPECT_NE(InsideOf(server_), Octets(InsideOf(server_).size()));
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, server_.Step(authenticate).status);
  EXPECT_EQ(InsideOf(server_), Octets(InsideOf(server_).size()));
  client.DeleteContext();
  client.Step({}, {kSeal, kTarget});
  EXPECT_NE(InsideOf(client), Octets(InsideOf(client).size()));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, client.Step({1}).status);
  EXPECT_EQ(InsideOf(client), Octets(InsideOf(client).size()));
}

TEST_F(Broken, AnErrorLeavesNoTokenAndNoAttributes) {
  Client client;
  Octets authenticate = Begin(client, server_);
  authenticate[72] ^= 1;
  const Result result = server_.Step(authenticate);
  EXPECT_EQ(result.size, 0u);
  EXPECT_EQ(result.attributes, 0u);
  EXPECT_EQ(result.expiry.QuadPart, 0) << "not written";
}

TEST_F(Broken, TheLogTellsWhatHappenedOnce) {
  using scripted_port::Log;
  Client client;
  const Octets authenticate = Begin(client, server_);
  EXPECT_TRUE(Log().empty());
  server_.Step(authenticate);
  ASSERT_EQ(Log().size(), 1u);
  EXPECT_EQ(Log()[0].event, BARESSPI_EVENT_LOGON);
  EXPECT_EQ(Log()[0].detail, kAliceId);
  SetUp();
  Client wrong(Identity("alice", "EXAMPLE", "wrong"));
  server_.DeleteContext();
  const Octets refused = Begin(wrong, server_);
  server_.Step(refused);
  server_.Step(refused);
  ASSERT_EQ(Log().size(), 1u) << "the second call only repeats the first one's error";
  EXPECT_EQ(Log()[0].event, BARESSPI_EVENT_LOGON_DENIED);
  EXPECT_EQ(Log()[0].detail, static_cast<uint32_t>(SEC_E_LOGON_DENIED));
  SetUp();
  client.DeleteContext();
  client.Step({});
  client.Step({1, 2, 3});
  ASSERT_EQ(Log().size(), 1u);
  EXPECT_EQ(Log()[0].event, BARESSPI_EVENT_PEER_REFUSED);
  EXPECT_EQ(Log()[0].detail, static_cast<uint32_t>(SEC_E_INVALID_TOKEN));
}

}  // namespace
}  // namespace two_sides
