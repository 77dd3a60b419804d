// SPDX-License-Identifier: Apache-2.0
// TLS on a stream where nothing goes wrong by itself: what each side learns, and how a connection ends.
#include <baresspi/authority.h>
#include <string.h>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/stream/harness.h"

namespace stream {
namespace {

namespace pki = baresspi::pki;
using two_sides::StatusText;

struct StreamTls : StreamTest, testing::WithParamInterface<size_t> {
  const Kind& kind() const { return tls_sides::kKinds[GetParam()]; }
};
INSTANTIATE_TEST_SUITE_P(Version, StreamTls, testing::Values(0, 1));

bool WasResumed(CtxtHandle* context) {
  SecPkgContext_SessionInfo info = {};
  EXPECT_STATUS(SEC_E_OK, QueryContextAttributesA(context, SECPKG_ATTR_SESSION_INFO, &info));
  return (info.dwFlags & SSL_SESSION_RECONNECT) != 0;
}

TEST_P(StreamTls, BothSidesTalkAndTheEndIsAnnounced) {
  Both both(kind());
  both.Play();
  ASSERT_TRUE(both.Converse(20000)) << both.last << StatusText(both.client.error());
  EXPECT_EQ(0, both.server.last()) << "the server knows that the client has ended";
  EXPECT_TRUE(both.client.secure());
  EXPECT_STATUS(SEC_E_OK, both.client.error());
  EXPECT_EQ(0u, scripted_sockets::TimeGone());
  uint8_t octet = 0;
  EXPECT_EQ(0, both.client.Receive(&octet, 1, kTimeout)) << "and stays so";
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.client.Send(&octet, 1, 0)) << "it has said that there is no more";
}

TEST_P(StreamTls, TheNextConnectionResumesTheSession) {
  Both both(kind());
  both.Play();
  ASSERT_TRUE(both.Converse(10));
  EXPECT_FALSE(WasResumed(both.client.context()));
  both.Close();
  ASSERT_TRUE(both.Converse(10));
  EXPECT_TRUE(WasResumed(both.client.context()));
  EXPECT_TRUE(WasResumed(both.server.stream()->context()));
}

TEST_P(StreamTls, BindingsAreTheSameOnBothSides) {
  Both both(kind());
  both.Play();
  EXPECT_EQ(0u, both.client.Bindings().cbBuffer) << "before there is a connection";
  ASSERT_EQ(1, both.Connect());
  ASSERT_TRUE(both.server.Pump() || both.server.shaken());
  const SecBuffer client = both.client.Bindings();
  const SecBuffer server = both.server.stream()->Bindings();
  EXPECT_EQ(ULONG{SECBUFFER_CHANNEL_BINDINGS}, client.BufferType);
  constexpr char kPrefix[] = "tls-server-end-point:";
  ASSERT_EQ(sizeof(SEC_CHANNEL_BINDINGS) + sizeof kPrefix - 1 + 32, client.cbBuffer);
  EXPECT_EQ(0, memcmp(static_cast<uint8_t*>(client.pvBuffer) + sizeof(SEC_CHANNEL_BINDINGS), kPrefix,
                      sizeof kPrefix - 1));
  ASSERT_EQ(client.cbBuffer, server.cbBuffer);
  EXPECT_EQ(0, memcmp(client.pvBuffer, server.pvBuffer, client.cbBuffer));
}

SECURITY_STATUS MapToAlice(const void*, const uint8_t* certificate, ULONG size, BARESSPI_NAME*,
                           BARESSPI_NAME* user, BARESSPI_ACCOUNT* account) {
  if (size != pki::kClient.size || memcmp(certificate, pki::kClient.data, size) != 0) {
    return SEC_E_LOGON_DENIED;
  }
  static constexpr uint8_t kAlice[] = {'a', 0, 'l', 0, 'i', 0, 'c', 0, 'e', 0};
  *user = {kAlice, sizeof kAlice};
  account->UserId = 7;
  return SEC_E_OK;
}

TEST_P(StreamTls, AClientsCertificateStandsForAnAccount) {
  BARESSPI_AUTHORITY authority = {};
  authority.MapCertificate = MapToAlice;
  BARESSPI_DEVICE device = two_sides::ServerDevice();
  device.Authority = &authority;
  scripted_port::SetDevice(&device);
  Both both(tls_sides::kKinds[GetParam() + 2]);
  both.Play();
  ASSERT_EQ(1, both.Connect()) << StatusText(both.client.error())
                               << StatusText(both.server.stream()->error());
  while (!both.server.shaken() && both.server.Pump()) {
  }
  CtxtHandle* const context = both.server.stream()->context();
  ASSERT_NE(nullptr, context);
  void* token = nullptr;
  ASSERT_STATUS(SEC_E_OK, QuerySecurityContextToken(context, &token));
  BARESSPI_TOKEN_INFO info = {};
  EXPECT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(token, &info));
  EXPECT_EQ(7u, info.UserId);
  scripted_port::SetDevice(nullptr);
}

// The client has none: TLS 1.2's SEC_I_INCOMPLETE_CREDENTIALS.
TEST_P(StreamTls, AServerThatOnlyAsksLetsInWhoHasNone) {
  Both both(kind(), SCH_CRED_MANUAL_CRED_VALIDATION);
  both.server_settings.asks_for_certificate = true;
  both.Play();
  ASSERT_TRUE(both.Converse(100)) << both.last << StatusText(both.client.error());
  PCCERT_CONTEXT shown = nullptr;
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, QueryContextAttributesA(both.server.stream()->context(),
                                                              SECPKG_ATTR_REMOTE_CERT_CONTEXT, &shown));
}

TEST_P(StreamTls, ARefusedServerIsTold) {
  Both both(kind());
  tls_sides::Config strangers;
  strangers.Trust(pki::kOtherRoot);
  strangers.cred.grbitEnabledProtocols = kind().protocol;
  tls_sides::Client other(strangers);
  both.client_settings.credential = other.credential();
  both.Play();
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.Connect());
  EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, both.client.error());
  EXPECT_FALSE(both.client.open());
  EXPECT_EQ(nullptr, both.client.context());
  while (both.server.Pump()) {
  }
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.server.last());
  EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, both.server.stream()->error());
  // The next one is let in.
  both.Close();
  both.client_settings.credential = both.pair.client.credential();
  EXPECT_TRUE(both.Converse(10));
  EXPECT_STATUS(SEC_E_OK, both.client.error());
}

TEST_P(StreamTls, GarbageIsRefusedWithAnAlert) {
  Both both(kind());
  const scripted_sockets::Ends ends = scripted_sockets::Join();
  Stream& server = both.client;
  server.Open(ends.server);
  server.BeginTls(&both.server_settings, nullptr);
  const char words[] = "GET / HTTP/1.1\r\n\r\n";
  scripted_sockets::Inject(ends.server, Octets(words, words + sizeof words - 1));
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, server.Handshake(0));
  EXPECT_NE(SEC_E_OK, server.error());
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, server.Handshake(0)) << "for good";
  const Octets& sent = scripted_sockets::SentTo(ends.client);
  ASSERT_EQ(7u, sent.size());
  EXPECT_EQ(21, sent[0]) << "an alert";
  server.End();
  server.Close();
  EXPECT_NE(SEC_E_OK, server.error()) << "still to be asked";
  baresspi_socket_close(ends.client);
}

TEST_P(StreamTls, AnEndThatNobodyAnnouncedIsNone) {
  Both both(kind());
  both.Play();
  ASSERT_EQ(1, both.Connect());
  const Octets text = Text(300);
  both.SendAll(text);
  EXPECT_EQ(text, both.ReceiveSome(300));
  baresspi_socket_end(both.server.stream()->socket());
  uint8_t octet = 0;
  EXPECT_EQ(BARESSPI_SOCKET_CLOSED, both.client.Receive(&octet, 1, kTimeout));
  EXPECT_EQ(BARESSPI_SOCKET_CLOSED, both.client.Receive(&octet, 1, kTimeout));
}

TEST_P(StreamTls, AnAlteredRecordIsTheEnd) {
  Both both(kind());
  both.Play();
  ASSERT_TRUE(both.Connect() == 1);
  while (both.server.Pump()) {
  }
  uint8_t octet = 0;
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Receive(&octet, 1, 0)) << "tickets, perhaps";
  Octets record(40, 0x5A);
  record[0] = 23;
  record[1] = record[2] = 3;
  record[3] = 0;
  record[4] = 35;
  scripted_sockets::Inject(both.client.socket(), record);
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.client.Receive(&octet, 1, 0));
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, both.client.error());
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.client.Receive(&octet, 1, kTimeout));
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.client.Send(&octet, 1, kTimeout));
  EXPECT_FALSE(both.client.pending());
}

TEST_P(StreamTls, ARecordLongerThanThereIsRoomForIsRefused) {
  Both both(kind());
  both.Play();
  ASSERT_TRUE(both.Connect() == 1);
  while (both.server.Pump()) {
  }
  uint8_t octet = 0;
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Receive(&octet, 1, 0));
  const size_t sent = scripted_sockets::SentTo(both.server.stream()->socket()).size();
  Octets record(5 + 16384 + 2048);
  record[0] = 23;
  record[1] = record[2] = 3;
  record[3] = 0x48;
  scripted_sockets::Inject(both.client.socket(), record);
  int32_t result = BARESSPI_SOCKET_TIMEOUT;
  for (int i = 0; i < 10 && result == BARESSPI_SOCKET_TIMEOUT; ++i) {
    result = both.client.Receive(&octet, 1, 0);
  }
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, result);
  EXPECT_STATUS(SEC_E_ILLEGAL_MESSAGE, both.client.error());
  EXPECT_EQ(1, both.client.Flush(0));
  EXPECT_LT(sent, scripted_sockets::SentTo(both.server.stream()->socket()).size()) << "the alert";
}

// A server that has no place for one more.
TEST_P(StreamTls, AFullPoolLosesNothing) {
  static_assert(BARESSPI_SCHANNEL_MAX_CONTEXTS >= 2);
  Both both(kind());
  both.Play();
  std::vector<std::unique_ptr<Stream>> others;
  std::vector<int> peers;
  for (int i = 0; i < BARESSPI_SCHANNEL_MAX_CONTEXTS - 1; ++i) {
    const scripted_sockets::Ends ends = scripted_sockets::Join();
    peers.push_back(ends.server);
    others.push_back(std::make_unique<Stream>());
    others.back()->Open(ends.client);
    others.back()->BeginTls(&both.client_settings, tls_sides::kHost);
    EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, others.back()->Handshake(0));
  }
  both.server.Listen();
  const int socket = baresspi_socket_connect("192.0.2.1", both.server.port(), 0);
  both.client.Open(socket);
  both.client.BeginTls(&both.client_settings, tls_sides::kHost);
  EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Handshake(10));
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.server.last());
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, both.server.stream()->error());
  EXPECT_EQ(nullptr, both.server.stream()->context());
  EXPECT_FALSE(both.server.stream()->pending()) << "there is nothing to be done now";
  both.server.Pump();
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, both.server.stream()->error());
  others.back()->Close();
  EXPECT_EQ(1, both.client.Handshake(kTimeout));
  both.SendAll(Text(100));
  EXPECT_EQ(Text(100), both.ReceiveSome(100));
  for (const auto& other : others) other->Close();
  for (const int peer : peers) baresspi_socket_close(peer);
}

// A client has to be told, too.
TEST_P(StreamTls, AClientWithoutAPlaceMayTryAgain) {
  Both both(kind());
  both.Play();
  std::vector<CtxtHandle> contexts(BARESSPI_SCHANNEL_MAX_CONTEXTS);
  Octets room(18432);
  for (CtxtHandle& context : contexts) {
    SecBuffer buffer = {static_cast<ULONG>(room.size()), SECBUFFER_TOKEN, room.data()};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    ULONG attributes = 0;
    char host[] = "device.example.test";
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED,
                  InitializeSecurityContextA(both.client_settings.credential, nullptr, host, 0, 0, 0, nullptr,
                                             0, &context, &output, &attributes, nullptr));
  }
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.Connect());
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, both.client.error());
  EXPECT_FALSE(both.client.open());
  both.Close();
  for (CtxtHandle& context : contexts) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
  EXPECT_TRUE(both.Converse(10));
}

TEST_P(StreamTls, AClosedStreamCanBeOpenedAgainInAnyState) {
  Both both(kind());
  both.Play();
  // Before the first flight, and in the middle of the handshake.
  for (const bool begun : {false, true}) {
    const scripted_sockets::Ends ends = scripted_sockets::Join();
    both.client.Open(ends.client);
    both.client.BeginTls(&both.client_settings, tls_sides::kHost);
    if (begun) {
      EXPECT_EQ(BARESSPI_SOCKET_TIMEOUT, both.client.Handshake(0));
    }
    both.client.End();
    both.client.Close();
    EXPECT_EQ(nullptr, both.client.context());
    EXPECT_FALSE(both.client.secure());
    EXPECT_FALSE(both.client.wants_to_send());
    baresspi_socket_close(ends.server);
  }
  EXPECT_TRUE(both.Converse(10));
  both.client.Close();
  both.client.Close();
}

TEST_P(StreamTls, BeforeTheHandshakeNothingIsSentOrReceived) {
  Both both(kind());
  const scripted_sockets::Ends ends = scripted_sockets::Join();
  both.client.Open(ends.client);
  both.client.BeginTls(&both.client_settings, tls_sides::kHost);
  uint8_t octet = 0;
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.client.Send("secret", 6, 0));
  EXPECT_EQ(BARESSPI_SOCKET_FAILED, both.client.Receive(&octet, 1, 0));
  EXPECT_TRUE(scripted_sockets::SentTo(ends.server).empty());
  baresspi_socket_close(ends.server);
}

}  // namespace
}  // namespace stream
