// SPDX-License-Identifier: Apache-2.0
// Whose certificate is asked for, shown, missing or refused, and what each side learns of it.
#include "tests/support/scripted_port.h"
#include "tests/unit/schannel/pair.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;

class TlsClientCertificate : public Test {};

constexpr Kind kMutual12 = {"TLS 1.2", SP_PROT_TLS1_2, false, true};
constexpr Kind kNone12 = {"TLS 1.2", SP_PROT_TLS1_2, false, false};

// A client without a certificate and a server that asks for one, at the point where the client has the
// server's question in its hands.
struct Asked {
  Asked() : pair(kNone12) {
    pair.server_call.requested = ASC_REQ_MUTUAL_AUTH;
    const Octets hello = pair.client.Step({}).token;
    flight = pair.server.Step(hello, pair.server_call).token;
  }
  // The rest of the handshake, from the client's answer on.
  Result Finish(const Result& answer) {
    Result server = pair.server.Step(answer.token, pair.server_call);
    if (server.status == SEC_E_OK) last = pair.client.Step(server.token, call);
    return server;
  }

  Pair pair;
  Octets flight;
  Call call;
  Result last;
};

TEST_F(TlsClientCertificate, WhoIsAskedAndHasNoneMayBringACredentialWithTheSameInput) {
  Asked asked;
  EXPECT_STATUS(SEC_I_INCOMPLETE_CREDENTIALS, asked.pair.client.Step(asked.flight).status);
  SecPkgContext_IssuerListInfoEx issuers = {};
  EXPECT_STATUS(SEC_E_OK, asked.pair.client.Query(SECPKG_ATTR_ISSUER_LIST_EX, &issuers));
  const ClientSetupOf setup(kMutual12);
  {
    Client other(setup);
    ASSERT_STATUS(SEC_E_OK, other.acquired());
    asked.call.credential = other.credential();
    const Result answer = asked.pair.client.Step(asked.flight, asked.call);
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, answer.status);
    EXPECT_STATUS(SEC_E_OK, asked.Finish(answer).status);
    EXPECT_STATUS(SEC_E_OK, asked.last.status);
    // The context leans on the new credential; its handle may go.
  }
  CERT_CONTEXT const* shown = nullptr;
  EXPECT_STATUS(SEC_E_OK, asked.pair.server.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &shown));
  ASSERT_NE(nullptr, shown);
  EXPECT_EQ(Octets(pki::kClient.data, pki::kClient.data + pki::kClient.size),
            Octets(shown->pbCertEncoded, shown->pbCertEncoded + shown->cbCertEncoded));
  Converse(asked.pair.client, asked.pair.server);
}

TEST_F(TlsClientCertificate, TheOldCredentialInLaterCallsIsTheNewOneStill) {
  Asked asked;
  EXPECT_STATUS(SEC_I_INCOMPLETE_CREDENTIALS, asked.pair.client.Step(asked.flight).status);
  const ClientSetupOf setup(kMutual12);
  Client other(setup);
  Call call;
  call.credential = other.credential();
  const Result answer = asked.pair.client.Step(asked.flight, call);
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, answer.status);
  EXPECT_STATUS(SEC_E_OK, asked.Finish(answer).status) << "with the side's own, as some programs do";
  EXPECT_STATUS(SEC_E_OK, asked.last.status);
  CERT_CONTEXT const* own = nullptr;
  EXPECT_STATUS(SEC_E_OK, asked.pair.client.Query(SECPKG_ATTR_LOCAL_CERT_CONTEXT, &own));
  ASSERT_NE(nullptr, own);
  EXPECT_EQ(pki::kClient.size, own->cbCertEncoded);
  Converse(asked.pair.client, asked.pair.server);
}

TEST_F(TlsClientCertificate, UseSuppliedCredsGoesOnWithoutOne) {
  Asked asked;
  EXPECT_STATUS(SEC_I_INCOMPLETE_CREDENTIALS, asked.pair.client.Step(asked.flight).status);
  EXPECT_STATUS(SEC_I_INCOMPLETE_CREDENTIALS, asked.pair.client.Step(asked.flight).status) << "still so";
  asked.call.requested = ISC_REQ_USE_SUPPLIED_CREDS;
  const Result answer = asked.pair.client.Step(asked.flight, asked.call);
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, answer.status);
  // This server insists.
  const Result server = asked.Finish(answer);
  EXPECT_STATUS(SEC_E_INCOMPLETE_CREDENTIALS, server.status);
  ASSERT_FALSE(server.token.empty());
  EXPECT_LT(asked.pair.client.Step(server.token, asked.call).status, 0);
}

TEST_F(TlsClientCertificate, UseSuppliedCredsFromTheBeginIsNotAsked) {
  Pair pair(kNone12);
  pair.client_call.requested = ISC_REQ_USE_SUPPLIED_CREDS;
  pair.server_call.requested = ASC_REQ_MUTUAL_AUTH;
  const Outcome outcome = pair.Connect();
  EXPECT_STATUS(SEC_E_INCOMPLETE_CREDENTIALS, outcome.server.status);
  EXPECT_LT(outcome.client.status, 0);
}

TEST_F(TlsClientCertificate, ACredentialThatIsNoneOrOfTheOtherSideMayBeMended) {
  Asked asked;
  EXPECT_STATUS(SEC_I_INCOMPLETE_CREDENTIALS, asked.pair.client.Step(asked.flight).status);
  CredHandle none;
  SecInvalidateHandle(&none);
  asked.call.credential = &none;
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, asked.pair.client.Step(asked.flight, asked.call).status);
  asked.call.credential = asked.pair.server.credential();
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, asked.pair.client.Step(asked.flight, asked.call).status);
  CredHandle ntlm;
  char name[] = "NTLM";
  SEC_WINNT_AUTH_IDENTITY_A alice = two_sides::Alice();
  ASSERT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(nullptr, name, SECPKG_CRED_OUTBOUND, nullptr, &alice,
                                                    nullptr, nullptr, &ntlm, nullptr));
  asked.call.credential = &ntlm;
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, asked.pair.client.Step(asked.flight, asked.call).status);
  EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&ntlm));
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, asked.pair.client.Step(asked.flight, asked.call).status)
      << "freed meanwhile";
  // Another one without a certificate is asked again.
  const ClientSetupOf bare_setup(kNone12);
  Client bare(bare_setup);
  asked.call.credential = bare.credential();
  EXPECT_STATUS(SEC_I_INCOMPLETE_CREDENTIALS, asked.pair.client.Step(asked.flight, asked.call).status);
  const ClientSetupOf setup(kMutual12);
  bare.FreeCredential();
  Client other(setup);
  asked.call.credential = other.credential();
  const Result answer = asked.pair.client.Step(asked.flight, asked.call);
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, answer.status);
  EXPECT_STATUS(SEC_E_OK, asked.Finish(answer).status);
  Converse(asked.pair.client, asked.pair.server);
}

// The first credential's checks may be over when the other one comes, so that it must not claim stricter
// ones.
TEST_F(TlsClientCertificate, TheOtherCredentialAsksForTheSameChecks) {
  constexpr ULONG kSets[] = {0, SCH_CRED_MANUAL_CRED_VALIDATION, SCH_CRED_NO_SERVERNAME_CHECK,
                             BARESSPI_SCH_CRED_NO_DATES};
  for (const ULONG first : kSets) {
    for (const ULONG second : kSets) {
      Pair pair(kNone12, first);
      pair.server_call.requested = ASC_REQ_MUTUAL_AUTH;
      const Octets flight = pair.server.Step(pair.client.Step({}).token, pair.server_call).token;
      EXPECT_STATUS(SEC_I_INCOMPLETE_CREDENTIALS, pair.client.Step(flight).status);
      const ClientSetupOf setup(kMutual12, second);
      Client other(setup);
      Call call;
      call.credential = other.credential();
      const SECURITY_STATUS status = pair.client.Step(flight, call).status;
      EXPECT_STATUS(first == second ? SEC_I_CONTINUE_NEEDED : SEC_E_NO_CREDENTIALS, status);
    }
  }
}

TEST_F(TlsClientCertificate, FlightsOctetByOctetAskAsWell) {
  Asked asked;
  Octets inbox;
  Result result;
  size_t at = 0;
  for (; at < asked.flight.size(); ++at) {
    inbox.push_back(asked.flight[at]);
    result = asked.pair.client.Step(inbox, asked.call);
    if (result.status == SEC_I_CONTINUE_NEEDED) inbox.clear();
    if (result.status == SEC_I_INCOMPLETE_CREDENTIALS) break;
  }
  ASSERT_STATUS(SEC_I_INCOMPLETE_CREDENTIALS, result.status);
  const ClientSetupOf setup(kMutual12);
  Client other(setup);
  asked.call.credential = other.credential();
  result = asked.pair.client.Step(inbox, asked.call);
  ASSERT_GE(result.status, 0);
  if (result.token.empty()) {
    result = asked.pair.client.Step(Tail(asked.flight, asked.flight.size() - at - 1), asked.call);
  }
  EXPECT_STATUS(SEC_E_OK, asked.Finish(result).status);
  Converse(asked.pair.client, asked.pair.server);
}

TEST_F(TlsClientCertificate, Tls13SendsNoneWithoutAQuestion) {
  constexpr Kind kNone13 = {"TLS 1.3", SP_PROT_TLS1_3, false, false};
  Pair pair(kNone13);
  pair.server_call.requested = ASC_REQ_MUTUAL_AUTH;
  const Outcome outcome = pair.Connect();
  EXPECT_STATUS(SEC_E_OK, outcome.client.status) << "it has all it wants, and learns of the refusal later";
  EXPECT_STATUS(SEC_E_INCOMPLETE_CREDENTIALS, outcome.server.status);
  ASSERT_FALSE(outcome.server.token.empty());
  EXPECT_LT(pair.client.Open(outcome.server.token).status, 0);
}

TEST_F(TlsClientCertificate, ShownAndTrustedItIsThePeers) {
  for (const Kind& kind : kKinds) {
    if (!kind.mutual) continue;
    SCOPED_TRACE(kind.name);
    Pair pair(kind);
    pair.Establish();
    const pki::Octets& expected = kind.rsa ? pki::kClientRsa : pki::kClient;
    CERT_CONTEXT const* shown = nullptr;
    ASSERT_STATUS(SEC_E_OK, pair.server.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &shown));
    EXPECT_EQ(expected.size, shown->cbCertEncoded);
    Converse(pair.client, pair.server);
  }
}

TEST_F(TlsClientCertificate, UntrustedItIsRefusedAndTheClientLearnsWhy) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    ClientSetup client_setup;
    client_setup.cred.grbitEnabledProtocols = protocol;
    client_setup.Show(pki::kClientUntrusted, pki::kClientKey);
    const ServerSetup server_setup;
    Client client(client_setup);
    Server server(server_setup);
    Call server_call;
    server_call.requested = ASC_REQ_MUTUAL_AUTH;
    const Outcome outcome = Connect(client, server, {}, server_call);
    EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, outcome.server.status);
    if (protocol == SP_PROT_TLS1_2) {
      EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, outcome.client.status);
    } else {
      EXPECT_STATUS(SEC_E_OK, outcome.client.status);
      const Opened opened = client.Open(outcome.server.token);
      EXPECT_LT(opened.status, 0);
      EXPECT_STATUS(opened.status, client.Open(outcome.server.token).status) << "for good";
    }
  }
}

TEST_F(TlsClientCertificate, WhereItIsOptionalWhoHasNoneIsLetThroughAndIsNobody) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    Pair pair({"", protocol, false, false}, BARESSPI_SCH_CRED_CERTIFICATE_OPTIONAL);
    pair.client_call.requested = ISC_REQ_USE_SUPPLIED_CREDS;
    pair.server_call.requested = ASC_REQ_MUTUAL_AUTH;
    pair.Establish();
    CERT_CONTEXT const* shown = nullptr;
    EXPECT_STATUS(SEC_E_NO_CREDENTIALS, pair.server.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &shown));
    void* token = nullptr;
    EXPECT_STATUS(SEC_E_NO_IMPERSONATION, QuerySecurityContextToken(pair.server.context(), &token));
    Converse(pair.client, pair.server);
  }
}

TEST_F(TlsClientCertificate, WhereItIsOptionalOneThatIsShownCounts) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    Pair pair({"", protocol, false, true}, BARESSPI_SCH_CRED_CERTIFICATE_OPTIONAL);
    pair.Establish();
    CERT_CONTEXT const* shown = nullptr;
    ASSERT_STATUS(SEC_E_OK, pair.server.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &shown));
    EXPECT_EQ(pki::kClient.size, shown->cbCertEncoded);
    Converse(pair.client, pair.server);
  }
}

TEST_F(TlsClientCertificate, WhereItIsOptionalAnUntrustedOneIsRefusedAllTheSame) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    ClientSetup client_setup;
    client_setup.cred.grbitEnabledProtocols = protocol;
    client_setup.Show(pki::kClientUntrusted, pki::kClientKey);
    ServerSetup server_setup;
    server_setup.cred.dwFlags |= BARESSPI_SCH_CRED_CERTIFICATE_OPTIONAL;
    Client client(client_setup);
    Server server(server_setup);
    Call server_call;
    server_call.requested = ASC_REQ_MUTUAL_AUTH;
    const Outcome outcome = Connect(client, server, {}, server_call);
    EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, outcome.server.status);
    ASSERT_FALSE(outcome.server.token.empty()) << "the alert";
    if (protocol == SP_PROT_TLS1_2) {
      EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, outcome.client.status);
    } else {
      EXPECT_LT(client.Open(outcome.server.token).status, 0);
    }
  }
}

TEST_F(TlsClientCertificate, AServerThatDoesNotAskSeesNone) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    Pair pair({"", protocol, false, true});
    pair.server_call.requested = 0;
    pair.Establish();
    CERT_CONTEXT const* shown = nullptr;
    EXPECT_NE(SEC_E_OK, pair.server.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &shown));
  }
}

// ---- What is wrong with a server's certificate, what the client says, and what the server hears. ----
struct Flaw {
  const char* why;
  const pki::Octets* certificate;
  SECURITY_STATUS client;
  uint8_t alert;           // RFC 5246 7.2.2
  SECURITY_STATUS server;  // of that alert
};
const Flaw kFlaws[] = {
    {"expired", &pki::kServerExpired, SEC_E_CERT_EXPIRED, 45, SEC_E_CERT_EXPIRED},
    {"not yet valid", &pki::kServerFuture, SEC_E_CERT_EXPIRED, 0, SEC_E_CERT_UNKNOWN},
    {"of another name", &pki::kServerOtherName, SEC_E_WRONG_PRINCIPAL, 42, SEC_E_CERT_UNKNOWN},
    {"of an unknown root", &pki::kServerUntrusted, SEC_E_UNTRUSTED_ROOT, 48, SEC_E_UNTRUSTED_ROOT},
    {"without its intermediate", &pki::kServerChained, SEC_E_UNTRUSTED_ROOT, 48, SEC_E_UNTRUSTED_ROOT},
};

class TlsServerCertificate : public Test {};

TEST_F(TlsServerCertificate, EachFlawHasItsCodeAndTheServerHearsItsAlert) {
  for (const Flaw& flaw : kFlaws) {
    for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
      SCOPED_TRACE(flaw.why);
      ClientSetup client_setup;
      client_setup.cred.grbitEnabledProtocols = protocol;
      Config server_setup;
      server_setup.Show(*flaw.certificate, pki::kServerKey);
      Client client(client_setup);
      Server server(server_setup);
      const Octets hello = client.Step({}).token;
      const Octets flight = server.Step(hello).token;
      const Result refused = client.Step(flight);
      EXPECT_STATUS(flaw.client, refused.status);
      ASSERT_FALSE(refused.token.empty());
      EXPECT_EQ(refused.token, refused.alert) << "SECBUFFER_ALERT has it, too";
      if (protocol == SP_PROT_TLS1_2 && flaw.alert != 0) {
        EXPECT_EQ(flaw.alert, refused.token.back());
      }
      const Result heard = server.Step(refused.token);
      if (protocol == SP_PROT_TLS1_2) {
        EXPECT_STATUS(flaw.server, heard.status);
      } else {
        EXPECT_LT(heard.status, 0);
      }
      const Result again = client.Step(flight);
      EXPECT_STATUS(flaw.client, again.status) << "for good";
      EXPECT_TRUE(again.token.empty());
      EXPECT_TRUE(again.alert.empty()) << "what the room held is no alert";
      EXPECT_STATUS(heard.status, server.Step({}).status);
    }
  }
}

TEST_F(TlsServerCertificate, WithoutExtendedErrorNothingIsSaidButInTheAlertBuffer) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    ClientSetup client_setup;
    client_setup.cred.grbitEnabledProtocols = protocol;
    Config server_setup;
    server_setup.Show(pki::kServerExpired, pki::kServerKey);
    Client client(client_setup);
    Server server(server_setup);
    Call call;
    call.dropped = ISC_REQ_EXTENDED_ERROR;
    const Octets hello = client.Step({}, call).token;
    const Result refused = client.Step(server.Step(hello).token, call);
    EXPECT_STATUS(SEC_E_CERT_EXPIRED, refused.status);
    EXPECT_TRUE(refused.token.empty());
    EXPECT_EQ(0u, refused.size);
    EXPECT_EQ(0u, refused.attributes);
    EXPECT_FALSE(refused.alert.empty());
    EXPECT_LT(server.Step(refused.alert).status, 0) << "which is the record that could be sent";
  }
}

TEST_F(TlsServerCertificate, AnUnknownTimeIsNoTime) {
  Pair pair(kTls13);
  scripted_port::SetClockUnknown();
  Outcome outcome = pair.Connect();
  EXPECT_STATUS(SEC_E_TIME_SKEW, outcome.client.status);
  pair.DeleteContexts();
  Pair dateless(kTls13, BARESSPI_SCH_CRED_NO_DATES);
  dateless.Establish();
  scripted_port::SetClock(scripted_port::kResetTime);
  outcome = pair.Connect();
  EXPECT_STATUS(SEC_E_OK, outcome.client.status);
}

TEST_F(TlsServerCertificate, WhoChecksHimselfSeesTheUntrustedOne) {
  ClientSetup client_setup;
  client_setup.cred.dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION;
  Config server_setup;
  server_setup.Show(pki::kServerUntrusted, pki::kServerKey);
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  CERT_CONTEXT const* shown = nullptr;
  ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &shown));
  EXPECT_EQ(pki::kServerUntrusted.size, shown->cbCertEncoded);
  Converse(client, server);
}

}  // namespace
}  // namespace tls_sides
