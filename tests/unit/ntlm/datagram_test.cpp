// SPDX-License-Identifier: Apache-2.0
// Datagram mode: no NEGOTIATE, a key exchange always, and a cipher for each message.
#include <memory>

#include "tests/unit/ntlm/datagram_vectors.h"
#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

constexpr uint32_t kDatagramFlags = kUsual | kDatagram;
const Octets kSessionKey = Octets(16, 0x55);
constexpr ULONG kClientRequest = ISC_REQ_DATAGRAM | ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY;

class NtlmDatagram : public NtlmTest {
 protected:
  // A client of ours at the peer's server, and a server of ours with the peer's client, whose session key
  // is 55..
  static Tokens LogInClient(Client* client, uint32_t flags = kDatagramFlags) {
    client->requested = kClientRequest;
    PeerServer server;
    server.flags = flags | kTargetInfo;
    Tokens tokens;
    const Step first = client->Start();
    EXPECT_EQ(first.status, SEC_I_CONTINUE_NEEDED);
    tokens.challenge = server.MakeChallenge();
    scripted_port::QueueRandom(kSessionKey.data(), 16);
    const Step step = client->Continue(tokens.challenge);
    tokens.client = step.status;
    tokens.authenticate = step.token;
    return tokens;
  }
  static Tokens LogInServer(PeerClient* client, Server* server) {
    server->requested = ASC_REQ_DATAGRAM;
    Tokens tokens;
    const Step step = server->Accept({});
    EXPECT_EQ(step.status, SEC_I_CONTINUE_NEEDED);
    tokens.challenge = step.token;
    tokens.authenticate = client->Answer({}, tokens.challenge);
    tokens.server = server->Accept(tokens.authenticate).status;
    return tokens;
  }
  static PeerClient Peer(uint32_t flags = kDatagramFlags) {
    PeerClient client;
    client.flags = flags;
    client.random_session_key = kSessionKey;
    return client;
  }
};

// ---- The login. ----
TEST_F(NtlmDatagram, Initiator_FirstTokenIsEmpty) {
  Client client({}, kClientRequest);
  const Step step = client.Start();
  EXPECT_EQ(step.status, SEC_I_CONTINUE_NEEDED);
  EXPECT_TRUE(step.token.empty());
}

TEST_F(NtlmDatagram, Acceptor_SpeaksFirstAndOffersAKeyExchange) {
  Server server;
  server.requested = ASC_REQ_DATAGRAM;
  const Step step = server.Accept({});
  ASSERT_EQ(step.status, SEC_I_CONTINUE_NEEDED);
  const uint32_t flags = ReadChallenge(step.token).flags;
  EXPECT_EQ(flags & kDatagram, kDatagram);
  EXPECT_EQ(flags & kKeyExch, kKeyExch);
  EXPECT_EQ(flags & (kSign | kSeal | k128), kSign | kSeal | k128);
}

TEST_F(NtlmDatagram, Acceptor_NeedsNoInputBuffersAtAll) {
  Server server;
  Octets output(1000);
  SecBuffer out = {1000, kToken, output.data()};
  SecBufferDesc description = {SECBUFFER_VERSION, 1, &out};
  CtxtHandle context = {};
  ASSERT_EQ(AcceptSecurityContext(server.credential(), nullptr, nullptr, ASC_REQ_DATAGRAM, 0, &context,
                                  &description, nullptr, nullptr),
            SEC_I_CONTINUE_NEEDED);
  EXPECT_EQ(ReadChallenge(Part(output, 0, out.cbBuffer)).flags & kDatagram, kDatagram);
  EXPECT_EQ(DeleteSecurityContext(&context), SEC_E_OK);
}

TEST_F(NtlmDatagram, Initiator_AuthenticateHasAKeyExchangeAlways) {
  for (const ULONG request : {0U, ISC_REQ_INTEGRITY, ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY}) {
    for (const uint32_t server_flags : {kDatagramFlags, kDatagramFlags & ~kKeyExch}) {
      Client client({}, request | ISC_REQ_DATAGRAM);
      PeerServer server;
      server.flags = server_flags | kTargetInfo;
      client.Start();
      const Octets challenge = server.MakeChallenge();
      const Step step = client.Continue(challenge);
      ASSERT_EQ(step.status, SEC_E_OK);
      EXPECT_EQ(step.attributes & ISC_RET_DATAGRAM, ISC_RET_DATAGRAM);
      // A number that came before is the caller's to notice.
      EXPECT_EQ(step.attributes & (ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT), 0u);
      const Login login = TakeLogin({}, challenge, step.token);
      EXPECT_EQ(login.message.flags & (kKeyExch | kDatagram), kKeyExch | kDatagram) << request;
      EXPECT_EQ(login.message.key.size(), 16u);
      EXPECT_TRUE(login.proof_is_right);
      EXPECT_EQ(login.session_key, client.SessionKey());
    }
  }
}

TEST_F(NtlmDatagram, Initiator_MicCoversChallengeAndAuthenticateUnderTheExportedKey) {
  Client client;
  const Tokens tokens = LogInClient(&client);
  ASSERT_EQ(tokens.client, SEC_E_OK);
  const Login login = TakeLogin({}, tokens.challenge, tokens.authenticate);
  EXPECT_TRUE(login.mic_is_right);
  EXPECT_EQ(login.session_key, kSessionKey);
  EXPECT_EQ(client.SessionKey(), kSessionKey);
}

TEST_F(NtlmDatagram, Acceptor_TakesTheMicOfTwoMessagesAndNoOther) {
  PeerClient client = Peer();
  Server server;
  EXPECT_EQ(LogInServer(&client, &server).server, SEC_E_OK);
  EXPECT_EQ(server.SessionKey(), kSessionKey);

  Server other;
  other.requested = ASC_REQ_DATAGRAM;
  const Octets challenge = other.Accept({}).token;
  EXPECT_EQ(other.Accept(client.Answer(MakeNegotiate(kDatagramFlags), challenge)).status,
            SEC_E_MESSAGE_ALTERED);
}

TEST_F(NtlmDatagram, Acceptor_RefusesAWrongMic) {
  PeerClient client = Peer();
  Server server;
  server.requested = ASC_REQ_DATAGRAM;
  Octets authenticate = client.Answer({}, server.Accept({}).token);
  authenticate[80] ^= 1;
  EXPECT_EQ(server.Accept(authenticate).status, SEC_E_MESSAGE_ALTERED);
}

TEST_F(NtlmDatagram, BothRefuseAPeerInTheOtherMode) {
  Client datagram;
  EXPECT_EQ(LogInClient(&datagram, kUsual).client, SEC_E_INVALID_TOKEN);
  PeerServer datagram_server;
  datagram_server.flags |= kDatagram;
  Client connection;
  EXPECT_EQ(LogIn(&connection, datagram_server).client, SEC_E_INVALID_TOKEN);
  PeerClient without = Peer(kUsual);
  Server server;
  EXPECT_EQ(LogInServer(&without, &server).server, SEC_E_INVALID_TOKEN);
}

TEST_F(NtlmDatagram, Acceptor_ConnectionServerDoesNotTakeTheFlagOrAnEmptyToken) {
  Server server;
  const Step step = server.Accept(MakeNegotiate(kDatagramFlags));
  ASSERT_EQ(step.status, SEC_I_CONTINUE_NEEDED);
  EXPECT_EQ(ReadChallenge(step.token).flags & kDatagram, 0u);
  Server other;
  EXPECT_EQ(other.Accept({}).status, SEC_E_INVALID_TOKEN);
}

TEST_F(NtlmDatagram, BothOurs_LogInAndTalkInAnyOrder) {
  Client client({}, kClientRequest);
  Server server;
  server.requested = ASC_REQ_DATAGRAM | ASC_REQ_CONFIDENTIALITY;
  ASSERT_TRUE(client.Start().token.empty());
  const Step challenge = server.Accept({});
  const Step authenticate = client.Continue(challenge.token);
  ASSERT_EQ(authenticate.status, SEC_E_OK);
  const Step last = server.Accept(authenticate.token);
  ASSERT_EQ(last.status, SEC_E_OK);
  EXPECT_EQ(last.attributes & ASC_RET_DATAGRAM, ASC_RET_DATAGRAM);
  EXPECT_EQ(client.SessionKey(), server.SessionKey());
  const Protected five = client.Seal(Ascii("five"), 0, 5);
  const Protected six = client.Seal(Ascii("six"), 0, 6);
  EXPECT_EQ(server.Unseal(six.data, six.signature, 6).data, Ascii("six"));
  EXPECT_EQ(server.Unseal(five.data, five.signature, 5).data, Ascii("five"));
  const Protected back = server.Seal(Ascii("back"), 0, 0);
  EXPECT_EQ(client.Unseal(back.data, back.signature, 0).data, Ascii("back"));
}

// ---- Messages, against vectors that Python worked out. ----
class NtlmDatagramMessages : public NtlmDatagram {
 protected:
  // Our side as the sender of a vector, or as its receiver.
  Endpoint& Open(const DatagramVector& vector, bool ours_sends) {
    const uint32_t flags = (kDatagramFlags & ~(k128 | k56)) | vector.bits;
    client_.reset();
    server_.reset();
    if (vector.by_client == ours_sends) {
      client_ = std::make_unique<Client>();
      client_->SetPolicy(BARESSPI_POLICY_ALLOW_WEAK_KEYS);
      EXPECT_EQ(LogInClient(client_.get(), flags).client, SEC_E_OK);
      return *client_;
    }
    server_ = std::make_unique<Server>(ULONG{BARESSPI_POLICY_ALLOW_WEAK_KEYS});
    PeerClient peer = Peer(flags);
    EXPECT_EQ(LogInServer(&peer, server_.get()).server, SEC_E_OK);
    return *server_;
  }
  std::unique_ptr<Client> client_;
  std::unique_ptr<Server> server_;
};

TEST_F(NtlmDatagramMessages, OursAreTheVectors) {
  for (const DatagramVector& v : kDatagramVectors) {
    Endpoint& ours = Open(v, true);
    for (int again = 0; again < 2; ++again) {  // a message's octets follow from its number alone
      const Protected made =
          v.sealed ? ours.Seal(FromHex(v.text), 0, v.number) : ours.Sign(FromHex(v.text), 0, v.number);
      ASSERT_EQ(made.status, SEC_E_OK);
      EXPECT_EQ(Hex(made.data), v.data) << v.number;
      EXPECT_EQ(Hex(made.signature), v.signature) << v.number;
    }
  }
}

TEST_F(NtlmDatagramMessages, VectorsAreTaken) {
  for (const DatagramVector& v : kDatagramVectors) {
    Endpoint& ours = Open(v, false);
    const Protected taken = v.sealed ? ours.Unseal(FromHex(v.data), FromHex(v.signature), v.number)
                                     : ours.Verify(FromHex(v.data), FromHex(v.signature), v.number);
    ASSERT_EQ(taken.status, SEC_E_OK) << v.number;
    EXPECT_EQ(Hex(taken.data), v.text);
    EXPECT_EQ(taken.qop, 0u);
  }
}

TEST_F(NtlmDatagramMessages, VectorsOfOneContextAreTakenBackwards) {
  // The first half of the 128-bit vectors are the client's.
  Endpoint& server = Open(kDatagramVectors[0], false);
  for (size_t i = 12; i-- > 0;) {
    const DatagramVector& v = kDatagramVectors[i];
    ASSERT_TRUE(v.by_client && v.bits == (k128 | k56));
    const Protected taken = v.sealed ? server.Unseal(FromHex(v.data), FromHex(v.signature), v.number)
                                     : server.Verify(FromHex(v.data), FromHex(v.signature), v.number);
    EXPECT_EQ(taken.status, SEC_E_OK) << i;
    EXPECT_EQ(Hex(taken.data), v.text) << i;
  }
}

TEST_F(NtlmDatagramMessages, SignedOnlyIsDetected) {
  const DatagramVector& v = kDatagramVectors[1];
  ASSERT_FALSE(v.sealed);
  Endpoint& ours = Open(v, false);
  const Protected opened = ours.Unseal(FromHex(v.data), FromHex(v.signature), v.number);
  EXPECT_EQ(opened.status, SEC_E_OK);
  EXPECT_EQ(opened.qop, SECQOP_WRAP_NO_ENCRYPT);
  EXPECT_EQ(Hex(opened.data), v.text);
}

TEST_F(NtlmDatagramMessages, AnotherNumberIsOutOfSequenceAndThenTheRightOneIsTaken) {
  const DatagramVector& v = kDatagramVectors[2];
  Endpoint& ours = Open(v, false);
  for (const ULONG number : {v.number + 1, v.number - 1, v.number ^ 0x80000000U}) {
    const Protected refused = ours.Unseal(FromHex(v.data), FromHex(v.signature), number);
    EXPECT_EQ(refused.status, SEC_E_OUT_OF_SEQUENCE) << number;
    EXPECT_EQ(Hex(refused.data), v.data);
  }
  EXPECT_EQ(Hex(ours.Unseal(FromHex(v.data), FromHex(v.signature), v.number).data), v.text);
}

TEST_F(NtlmDatagramMessages, AlteredAtEveryPositionAndThenTheRightOneIsTaken) {
  for (const size_t index : {size_t{2}, size_t{3}}) {  // sealed, signed
    const DatagramVector& v = kDatagramVectors[index];
    Endpoint& ours = Open(v, false);
    const Octets data = FromHex(v.data);
    const Octets signature = FromHex(v.signature);
    ASSERT_GT(data.size(), 4u);
    for (size_t i = 0; i < data.size() + 16; ++i) {
      Octets wrong_data = data;
      Octets wrong_signature = signature;
      (i < 16 ? wrong_signature[i] : wrong_data[i - 16]) ^= 0x04;
      const Protected refused = ours.Unseal(wrong_data, wrong_signature, v.number);
      EXPECT_EQ(refused.status, i >= 12 && i < 16 ? SEC_E_OUT_OF_SEQUENCE : SEC_E_MESSAGE_ALTERED) << i;
      EXPECT_EQ(refused.data, wrong_data) << i;
    }
    EXPECT_EQ(Hex(ours.Unseal(data, signature, v.number).data), v.text);
  }
}

}  // namespace
}  // namespace ntlm_test
