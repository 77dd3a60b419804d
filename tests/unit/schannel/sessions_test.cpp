// SPDX-License-Identifier: Apache-2.0
// Which connections go on with an earlier one's session, and which do not. Both sides are ours; that sessions
// are resumed with others is the interop tests' to show.
#include <string.h>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"
#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;

constexpr uint64_t kHour = uint64_t{3600} * 1000 * 10000;  // of a FILETIME
constexpr uint64_t kDay = 24 * kHour;

bool SaysResumed(Side& side) {
  SecPkgContext_SessionInfo info = {};
  EXPECT_STATUS(SEC_E_OK, side.Query(SECPKG_ATTR_SESSION_INFO, &info));
  return (info.dwFlags & SSL_SESSION_RECONNECT) != 0;
}

// One connection more of these credentials. Whether it resumed, as both sides say.
bool Resumes(Side& client, Side& server, const Call& client_call = {}, const Call& server_call = {}) {
  client.DeleteContext();
  server.DeleteContext();
  Establish(client, server, client_call, server_call);
  const bool resumed = SaysResumed(client);
  EXPECT_EQ(resumed, SaysResumed(server));
  Converse(client, server);
  return resumed;
}

struct OldClient : ClientSetup {
  explicit OldClient(ULONG protocol) { cred.grbitEnabledProtocols = protocol; }
};

class TlsSession : public Test {};

class TlsSessions : public Test, public testing::WithParamInterface<ULONG> {};
INSTANTIATE_TEST_SUITE_P(Versions, TlsSessions, testing::Values(SP_PROT_TLS1_2, SP_PROT_TLS1_3));

TEST_P(TlsSessions, AreResumedAgainAndAgain) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  EXPECT_FALSE(Resumes(client, server));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Resumes(client, server));
}

TEST_P(TlsSessions, KnowOfTheServersCertificateWhatQueriesNeed) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Octets first;
  int64_t expiry = 0;
  for (const bool resumed : {false, true, true}) {
    EXPECT_EQ(resumed, Resumes(client, server));
    SecPkgContext_Bindings bindings = {};
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_ENDPOINT_BINDINGS, &bindings));
    const auto* octets = reinterpret_cast<const uint8_t*>(bindings.Bindings);
    const Octets now(octets, octets + bindings.BindingsLength);
    SecPkgContext_Lifespan lifespan = {};
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_LIFESPAN, &lifespan));
    if (!resumed) {
      first = now;
      expiry = lifespan.tsExpiry.QuadPart;
    }
    EXPECT_EQ(first, now);
    EXPECT_EQ(expiry, lifespan.tsExpiry.QuadPart);
  }
}

TEST_P(TlsSessions, AreOfOneName) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Call other;
  other.target = "localhost";
  EXPECT_FALSE(Resumes(client, server));
  EXPECT_FALSE(Resumes(client, server, other));
  EXPECT_TRUE(Resumes(client, server, other));
  EXPECT_TRUE(Resumes(client, server));
}

TEST_P(TlsSessions, AreOfOneAddress) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Call address;
  address.target = "127.0.0.1";
  EXPECT_FALSE(Resumes(client, server, address));
  EXPECT_TRUE(Resumes(client, server, address));
}

TEST_P(TlsSessions, AreOfOneCredentialOfTheClient) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  EXPECT_FALSE(Resumes(client, server));
  Client other(client_setup);
  EXPECT_FALSE(Resumes(other, server));
  EXPECT_TRUE(Resumes(client, server));
}

TEST_P(TlsSessions, AreOfOneCredentialOfTheServer) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  EXPECT_FALSE(Resumes(client, server));
  Server other(server_setup);
  EXPECT_FALSE(Resumes(client, other));
}

TEST_P(TlsSessions, AreOfOneLogon) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  EXPECT_FALSE(Resumes(client, server));
  int logon;
  baresspi_port_set_task_token(&logon);
  EXPECT_FALSE(Resumes(client, server));
  EXPECT_TRUE(Resumes(client, server));
  baresspi_port_set_task_token(nullptr);
  EXPECT_TRUE(Resumes(client, server));
}

// A credential's slot, and its memory, are the next one's.
TEST_P(TlsSessions, EndWithTheirCredential) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Server server(server_setup);
  for (int i = 0; i < 3; ++i) {
    Client client(client_setup);
    EXPECT_FALSE(Resumes(client, server));
    EXPECT_TRUE(Resumes(client, server));
  }
}

// The clock that both have stands a while for both.
TEST_P(TlsSessions, LastTenHours) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  EXPECT_FALSE(Resumes(client, server));
  // Neither resumption nor a new ticket makes it longer.
  for (const uint64_t hours : {5, 9}) {
    scripted_port::SetClock(scripted_port::kResetTime + hours * kHour);
    // A server of TLS 1.3 looks at the age that the client says, by the same clock.
    EXPECT_TRUE(Resumes(client, server));
  }
  scripted_port::SetClock(scripted_port::kResetTime + 11 * kHour);
  EXPECT_FALSE(Resumes(client, server));
  EXPECT_TRUE(Resumes(client, server));
}

TEST_P(TlsSessions, LastAsLongAsTheCredentialSays) {
  OldClient client_setup(GetParam());
  client_setup.cred.dwSessionLifespan = 60 * 1000;
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  EXPECT_FALSE(Resumes(client, server));
  scripted_port::SetClock(scripted_port::kResetTime + kHour / 60);
  EXPECT_TRUE(Resumes(client, server));
  scripted_port::SetClock(scripted_port::kResetTime + kHour / 60 + 1);
  EXPECT_FALSE(Resumes(client, server));
}

TEST_P(TlsSessions, LastAsLongAsTheServerSays) {
  const OldClient client_setup(GetParam());
  ServerSetup server_setup;
  server_setup.cred.dwSessionLifespan = 60 * 1000;
  Client client(client_setup);
  Server server(server_setup);
  EXPECT_FALSE(Resumes(client, server));
  scripted_port::SetClock(scripted_port::kResetTime + kHour / 60 + 1);
  EXPECT_FALSE(Resumes(client, server));
}

TEST_P(TlsSessions, EndWithTheServersCertificate) {
  OldClient client_setup(GetParam());
  client_setup.cred.dwSessionLifespan = 0xFFFFFFFF;  // 49 days
  ServerSetup server_setup;
  server_setup.cred.dwSessionLifespan = 0xFFFFFFFF;
  Client client(client_setup);
  Server server(server_setup);
  // 2049-12-31 23:59:59 is the certificates' end.
  const uint64_t end = 141690815990000000;
  scripted_port::SetClock(end - kDay);
  EXPECT_FALSE(Resumes(client, server));
  EXPECT_TRUE(Resumes(client, server));
  scripted_port::SetClock(end + kHour);
  client.DeleteContext();
  server.DeleteContext();
  EXPECT_GT(0, Connect(client, server).client.status);  // a full handshake, which sees the dates
}

TEST_P(TlsSessions, AreResumedWithoutAClock) {
  scripted_port::SetClockUnknown();
  OldClient client_setup(GetParam());
  client_setup.cred.dwFlags |= BARESSPI_SCH_CRED_NO_DATES;
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  EXPECT_FALSE(Resumes(client, server));
  EXPECT_TRUE(Resumes(client, server));
  // What was made then is of an unknown age.
  scripted_port::SetClock(scripted_port::kResetTime);
  EXPECT_FALSE(Resumes(client, server));
}

TEST_P(TlsSessions, AreNotKeptWhereTheCredentialSaysSo) {
  for (const bool of_client : {false, true}) {
    OldClient client_setup(GetParam());
    ServerSetup server_setup;
    (of_client ? client_setup.cred : server_setup.cred).dwFlags |= SCH_CRED_DISABLE_RECONNECTS;
    Client client(client_setup);
    Server server(server_setup);
    EXPECT_FALSE(Resumes(client, server));
    EXPECT_FALSE(Resumes(client, server));
  }
}

TEST_P(TlsSessions, AreNotKeptWhereTheApplicationChecksTheCertificate) {
  OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Server server(server_setup);
  {
    Client client(client_setup);
    Call manual;
    manual.requested = ISC_REQ_MANUAL_CRED_VALIDATION;
    EXPECT_FALSE(Resumes(client, server, manual));
    EXPECT_FALSE(Resumes(client, server, manual));
    EXPECT_FALSE(Resumes(client, server));
    EXPECT_FALSE(Resumes(client, server, manual));
  }
  client_setup.cred.dwFlags |= SCH_CRED_MANUAL_CRED_VALIDATION;
  Client client(client_setup);
  EXPECT_FALSE(Resumes(client, server));
  EXPECT_FALSE(Resumes(client, server));
}

// Who was let in without a certificate is not resumed where one is asked for, nor the other way round.
TEST_P(TlsSessions, AreNotKeptWhereTheServerAsksForACertificate) {
  OldClient client_setup(GetParam());
  client_setup.Show(pki::kClient, pki::kClientKey);
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Call asking;
  asking.requested = ASC_REQ_MUTUAL_AUTH;
  EXPECT_FALSE(Resumes(client, server));
  EXPECT_TRUE(Resumes(client, server));
  EXPECT_FALSE(Resumes(client, server, {}, asking));
  EXPECT_FALSE(Resumes(client, server, {}, asking));
}

SECURITY_STATUS SetReconnects(Side& side, DWORD flags) {
  const SCHANNEL_SESSION_TOKEN token = {SCHANNEL_SESSION, flags};
  return side.Control(&token, sizeof token);
}

TEST_P(TlsSessions, AreDroppedByASessionToken) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  for (const bool of_client : {false, true}) {
    Client client(client_setup);
    Server server(server_setup);
    EXPECT_FALSE(Resumes(client, server));
    ASSERT_STATUS(SEC_E_OK, SetReconnects(of_client ? static_cast<Side&>(client) : server,
                                          SSL_SESSION_DISABLE_RECONNECTS));
    EXPECT_FALSE(Resumes(client, server));
    EXPECT_TRUE(Resumes(client, server));
  }
}

// RFC 5246 7.2.2.
TEST_P(TlsSessions, AreDroppedWhenTheirConnectionBreaks) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  for (const bool at_client : {false, true}) {
    Client client(client_setup);
    Server server(server_setup);
    EXPECT_FALSE(Resumes(client, server));
    EXPECT_TRUE(Resumes(client, server));
    Side& from = at_client ? static_cast<Side&>(server) : client;
    Side& to = at_client ? static_cast<Side&>(client) : server;
    Octets record;
    ASSERT_STATUS(SEC_E_OK, from.Seal({1, 2, 3}, &record));
    record.back() ^= 1;
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, to.Open(record).status);
    EXPECT_FALSE(Resumes(client, server));
  }
}

TEST_P(TlsSessions, AreDroppedByAFatalAlertThatIsSent) {
  const OldClient client_setup(GetParam());
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  EXPECT_FALSE(Resumes(client, server));
  EXPECT_STATUS(SEC_E_OK, client.Alert(2, 40).status);
  EXPECT_FALSE(Resumes(client, server));
}

// Half of the cache's entries are the clients', half the servers'. One server with one name more than fit.
TEST_P(TlsSessions, TheOldestGivesItsPlace) {
  constexpr size_t kPairs = BARESSPI_SCHANNEL_SESSIONS / 2;
  static_assert(kPairs >= 2);
  OldClient client_setup(GetParam());
  client_setup.cred.dwFlags = SCH_CRED_NO_SERVERNAME_CHECK;
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  const auto resumes = [&](size_t name) {
    const std::string target = "name" + std::to_string(name) + ".example.test";
    Call call;
    call.target = target.c_str();
    return Resumes(client, server, call);
  };
  for (size_t name = 0; name <= kPairs; ++name) EXPECT_FALSE(resumes(name)) << name;
  for (size_t name = kPairs; name != 0; --name) EXPECT_TRUE(resumes(name)) << name;
  EXPECT_FALSE(resumes(0));
}

// Somebody has seen a client's first message, and sends it again: the ticket of TLS 1.3 is gone (RFC
// 8446 8.1).
TEST_F(TlsSession, ATicketOfTls13IsTakenOnce) {
  const OldClient client_setup(SP_PROT_TLS1_3);
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  client.DeleteContext();
  server.DeleteContext();
  const Result hello = client.Step({});
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, hello.status);
  const Result answer = server.Step(hello.token);
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, answer.status);
  Server second(server_setup);
  Call of_first;
  of_first.credential = server.credential();
  const Result again = second.Step(hello.token, of_first);
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, again.status);
  // With the pre-shared key no certificate goes over.
  EXPECT_LT(answer.token.size(), again.token.size() - 300);
  second.DeleteContext();
  const Result done = client.Step(answer.token);
  ASSERT_STATUS(SEC_E_OK, done.status);
  EXPECT_STATUS(SEC_E_OK, server.Step(done.token).status);
  EXPECT_TRUE(SaysResumed(client));
}

// A ticket of TLS 1.3 that is shown in TLS 1.2 resumes nothing: its session has no master secret.
TEST_F(TlsSession, ATicketOfTls13IsNoneOfTls12) {
  const OldClient client_setup(SP_PROT_TLS1_3);
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  client.DeleteContext();
  server.DeleteContext();
  const Octets hello = client.Step({}).token;
  // pre_shared_key comes last, its ticket first in it.
  const uint8_t marks[] = {0, 38, 0, 32};  // identities, of which the only one has 32 octets
  size_t at = 0;
  while (at + 36 < hello.size() && memcmp(&hello[at], marks, sizeof marks) != 0) ++at;
  ASSERT_LT(at + 36, hello.size());
  const Octets ticket(hello.begin() + static_cast<ptrdiff_t>(at) + 4,
                      hello.begin() + static_cast<ptrdiff_t>(at) + 36);

  // A hello of TLS 1.2, the ticket behind its extensions.
  const OldClient old_setup(SP_PROT_TLS1_2);
  Client old(old_setup);
  Octets forged = old.Step({}).token;
  const uint8_t none[] = {0, 35, 0, 0};  // an empty session_ticket
  at = 43;
  while (at + 4 <= forged.size() && memcmp(&forged[at], none, sizeof none) != 0) ++at;
  ASSERT_LE(at + 4, forged.size());
  forged[at + 3] = 32;
  forged.insert(forged.begin() + static_cast<ptrdiff_t>(at) + 4, ticket.begin(), ticket.end());
  const auto grow = [&forged](size_t offset) {
    const auto size = static_cast<unsigned>((forged[offset] << 8 | forged[offset + 1]) + 32);
    forged[offset] = static_cast<uint8_t>(size >> 8);
    forged[offset + 1] = static_cast<uint8_t>(size);
  };
  grow(3);
  grow(7);
  const size_t session_id = 43;
  const size_t suites = session_id + 1 + forged[session_id];
  const size_t compressions = suites + 2 + static_cast<size_t>(forged[suites] << 8 | forged[suites + 1]);
  grow(compressions + 1 + forged[compressions]);
  const Result answer = server.Step(forged);
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, answer.status);
  EXPECT_GT(answer.token.size(), 500U);  // with its certificate
}

#if BARESSPI_SCHANNEL_TLS_UNIQUE

Octets UniqueOf(Side& side) {
  SecPkgContext_Bindings bindings = {};
  EXPECT_STATUS(SEC_E_OK, side.Query(SECPKG_ATTR_UNIQUE_BINDINGS, &bindings));
  if (bindings.Bindings == nullptr) return {};
  const auto* octets = reinterpret_cast<const uint8_t*>(bindings.Bindings);
  return Octets(octets + bindings.Bindings->dwApplicationDataOffset, octets + bindings.BindingsLength);
}

TEST_F(TlsSession, TlsUniqueIsTheConnectionsAlone) {
  const OldClient client_setup(SP_PROT_TLS1_2);
  const ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Octets before;
  for (const bool resumed : {false, true, true}) {
    EXPECT_EQ(resumed, Resumes(client, server));
    const Octets unique = UniqueOf(client);
    EXPECT_EQ(unique, UniqueOf(server));
    EXPECT_EQ(strlen("tls-unique:") + 12, unique.size());
    EXPECT_EQ(0, memcmp("tls-unique:", unique.data(), strlen("tls-unique:")));
    EXPECT_NE(before, unique);
    before = unique;
  }
}

#endif

}  // namespace
}  // namespace tls_sides
