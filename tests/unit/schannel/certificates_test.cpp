// SPDX-License-Identifier: Apache-2.0
// How the peer's certificate is checked: by whom it was issued, when, for whom and for what.
#include <string.h>

#include <memory>

#include "core/schannel/context.h"
#include "tests/support/scripted_port.h"
#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;

constexpr ULONG kVersions[] = {SP_PROT_TLS1_2, SP_PROT_TLS1_3};

// A client and a server of one version each, to be changed before they meet.
struct Meeting {
  explicit Meeting(ULONG version) {
    client.cred.grbitEnabledProtocols = server.cred.grbitEnabledProtocols = version;
  }
  Meeting(const Meeting&) = delete;
  Meeting& operator=(const Meeting&) = delete;

  Meeting& Shows(const pki::Octets& certificate, const pki::Octets& key,
                 const pki::Octets* intermediate = nullptr) {
    server.Show(certificate, key, intermediate);
    return *this;
  }
  Outcome Run() {
    Client client_side(client);
    Server server_side(server);
    EXPECT_STATUS(SEC_E_OK, client_side.acquired());
    EXPECT_STATUS(SEC_E_OK, server_side.acquired());
    return Connect(client_side, server_side, client_call, server_call);
  }
  // What the client makes of the server. The other side agrees, or has an error too.
  SECURITY_STATUS OfClient() {
    const Outcome outcome = Run();
    EXPECT_EQ(outcome.client.status == SEC_E_OK, outcome.server.status == SEC_E_OK);
    server_status = outcome.server.status;
    return outcome.client.status;
  }

  Config client;
  Config server;
  Call client_call;
  Call server_call;
  SECURITY_STATUS server_status = SEC_E_OK;
};

// What a client that trusts kRoot makes of a server, in TLS 1.2 and 1.3; the server reads the reason from the
// alert in TLS 1.2, where that is in the clear.
void ExpectRefused(const pki::Octets& certificate, const pki::Octets& key, SECURITY_STATUS expected,
                   SECURITY_STATUS expected_of_server, const char* target = kHost) {
  for (const ULONG version : kVersions) {
    Meeting meeting(version);
    meeting.client.Trust(pki::kRoot);
    meeting.client_call.target = target;
    EXPECT_STATUS(expected, meeting.Shows(certificate, key).OfClient()) << version;
    if (version == SP_PROT_TLS1_2) {
      EXPECT_STATUS(expected_of_server, meeting.server_status);
    }
  }
}

class TlsCertificates : public Test {};

TEST_F(TlsCertificates, AnIssuerNobodyTrustsIsRefused) {
  ExpectRefused(pki::kServerUntrusted, pki::kServerKey, SEC_E_UNTRUSTED_ROOT, SEC_E_UNTRUSTED_ROOT);
  ExpectRefused(pki::kServerSelf, pki::kServerKey, SEC_E_UNTRUSTED_ROOT, SEC_E_UNTRUSTED_ROOT);
  // Also when the name is wrong: who he claims to be does not matter any more.
  ExpectRefused(pki::kServerUntrusted, pki::kServerKey, SEC_E_UNTRUSTED_ROOT, SEC_E_CERT_UNKNOWN,
                "other.test");
}

TEST_F(TlsCertificates, WithoutAnchorsNobodyIsTrusted) {
  for (const bool empty : {false, true}) {
    for (const ULONG version : kVersions) {
      Meeting meeting(version);
      if (!empty) meeting.client.cred.hRootStore = nullptr;
      EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, meeting.Shows(pki::kServer, pki::kServerKey).OfClient());
    }
  }
}

TEST_F(TlsCertificates, DatesAreComparedWithThePortsClock) {
  ExpectRefused(pki::kServerExpired, pki::kServerKey, SEC_E_CERT_EXPIRED, SEC_E_CERT_EXPIRED);
  ExpectRefused(pki::kServerFuture, pki::kServerKey, SEC_E_CERT_EXPIRED, SEC_E_CERT_UNKNOWN);
  // To the second: kServerExpired is valid from 2020-01-01 to 2021-01-01, 00:00:00 UTC, both seconds
  // included.
  constexpr uint64_t kFrom = 132223104000000000;
  constexpr uint64_t kTo = 132539328000000000;
  struct {
    uint64_t now;
    SECURITY_STATUS expected;
  } const cases[] = {{kFrom - 1, SEC_E_CERT_EXPIRED},
                     {kFrom, SEC_E_OK},
                     {kTo, SEC_E_OK},
                     {kTo + 9999999, SEC_E_OK},
                     {kTo + 10000000, SEC_E_CERT_EXPIRED}};
  for (const auto& c : cases) {
    for (const ULONG version : kVersions) {
      scripted_port::SetClock(c.now);
      Meeting meeting(version);
      meeting.client.Trust(pki::kRoot);
      EXPECT_STATUS(c.expected, meeting.Shows(pki::kServerExpired, pki::kServerKey).OfClient()) << c.now;
    }
  }
}

TEST_F(TlsCertificates, WithoutAClockCertificatesAreRefusedUnlessDatesDoNotMatter) {
  for (const ULONG version : kVersions) {
    scripted_port::SetClockUnknown();
    Meeting unknown(version);
    unknown.client.Trust(pki::kRoot);
    EXPECT_STATUS(SEC_E_TIME_SKEW, unknown.Shows(pki::kServer, pki::kServerKey).OfClient());
    // Whom nobody trusts is nobody's, with a clock and without.
    Meeting untrusted(version);
    untrusted.client.Trust(pki::kRoot);
    EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, untrusted.Shows(pki::kServerUntrusted, pki::kServerKey).OfClient());
    for (const bool known : {false, true}) {
      if (known) scripted_port::SetClock(scripted_port::kResetTime);
      for (const pki::Octets* certificate : {&pki::kServer, &pki::kServerExpired, &pki::kServerFuture}) {
        Meeting dateless(version);
        dateless.client.Trust(pki::kRoot);
        dateless.client.cred.dwFlags = BARESSPI_SCH_CRED_NO_DATES;
        EXPECT_STATUS(SEC_E_OK, dateless.Shows(*certificate, pki::kServerKey).OfClient());
      }
    }
  }
}

TEST_F(TlsCertificates, TheNameMustBeTheTargets) {
  ExpectRefused(pki::kServerOtherName, pki::kServerKey, SEC_E_WRONG_PRINCIPAL, SEC_E_CERT_UNKNOWN);
  ExpectRefused(pki::kServer, pki::kServerKey, SEC_E_WRONG_PRINCIPAL, SEC_E_CERT_UNKNOWN, "example.test");
  for (const char* target :
       {"device.example.test", "DEVICE.Example.TEST", "device.example.test.", "localhost"}) {
    for (const ULONG version : kVersions) {
      Meeting meeting(version);
      meeting.client.Trust(pki::kRoot);
      meeting.client_call.target = target;
      EXPECT_STATUS(SEC_E_OK, meeting.Shows(pki::kServer, pki::kServerKey).OfClient()) << target;
    }
  }
}

TEST_F(TlsCertificates, ServernameCheckCanBeLeftOut) {
  for (const char* target :
       {"device.example.test", "nobody.test", "192.0.2.77", static_cast<const char*>(nullptr), ""}) {
    for (const ULONG version : kVersions) {
      Meeting meeting(version);
      meeting.client.Trust(pki::kRoot);
      meeting.client.cred.dwFlags = SCH_CRED_NO_SERVERNAME_CHECK;
      meeting.client_call.target = target;
      EXPECT_STATUS(SEC_E_OK, meeting.Shows(pki::kServerOtherName, pki::kServerKey).OfClient());
      Meeting untrusted(version);
      untrusted.client.Trust(pki::kRoot);
      untrusted.client.cred.dwFlags = SCH_CRED_NO_SERVERNAME_CHECK;
      untrusted.client_call.target = target;
      EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, untrusted.Shows(pki::kServerUntrusted, pki::kServerKey).OfClient());
    }
  }
}

TEST_F(TlsCertificates, AnAddressMustBeAmongTheCertificatesAddresses) {
  struct {
    const pki::Octets& certificate;
    const char* target;
    SECURITY_STATUS expected;
  } const cases[] = {
      {pki::kServer, "127.0.0.1", SEC_E_OK},
      {pki::kServer, "127.0.0.2", SEC_E_WRONG_PRINCIPAL},
      {pki::kServer, "::1", SEC_E_WRONG_PRINCIPAL},
      {pki::kServerOtherName, "192.0.2.1", SEC_E_OK},
      {pki::kServerAddresses, "2001:db8::7", SEC_E_OK},
      {pki::kServerAddresses, "[2001:DB8:0:0::7]", SEC_E_OK},
      {pki::kServerAddresses, "2001:db8::8", SEC_E_WRONG_PRINCIPAL},
      {pki::kServerAddresses, "192.0.2.9", SEC_E_WRONG_PRINCIPAL},  // there it is a name
  };
  for (const auto& c : cases) {
    for (const ULONG version : kVersions) {
      Meeting meeting(version);
      meeting.client.Trust(pki::kRoot);
      meeting.client_call.target = c.target;
      EXPECT_STATUS(c.expected, meeting.Shows(c.certificate, pki::kServerKey).OfClient()) << c.target;
    }
  }
}

// RFC 6066 3.
TEST_F(TlsCertificates, TheTargetIsSaidUnlessItIsAnAddress) {
  const ClientSetup setup;
  const auto says = [&setup](const char* target, const std::string& text) {
    Client client(setup);
    Call call;
    call.target = target;
    const Result result = client.Step({}, call);
    EXPECT_STATUS(SEC_I_CONTINUE_NEEDED, result.status);
    return std::string(result.token.begin(), result.token.end()).find(text) != std::string::npos;
  };
  EXPECT_TRUE(says("Device.Example.Test.", "device.example.test"));
  EXPECT_FALSE(says("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(says("[2001:db8::7]", "2001:db8::7"));
}

TEST_F(TlsCertificates, WhatIsNoHostsNameIsNoTarget) {
  const ClientSetup setup;
  const std::string long_name(BARESSPI_SCHANNEL_TARGET_BYTES, 'a');
  for (const char* target :
       {"HTTP/device.example.test", "device.example.test:443", "https://device.example.test", "a b",
        "d\xC3\xA9j\xC3\xA0", "*.example.test", "fe80::1%eth0", "[device.example.test]", "[::1]:443",
        "::1::2", "\xFF", "", ".", static_cast<const char*>(nullptr), long_name.c_str()}) {
    Client client(setup);
    Call call;
    call.target = target;
    EXPECT_STATUS(SEC_E_TARGET_UNKNOWN, client.Step({}, call).status)
        << (target == nullptr ? "NULL" : target);
  }
}

TEST_F(TlsCertificates, TheNameMayBeUtf16) {
  const ClientSetup setup;
  for (const bool good : {true, false}) {
    Client client(setup);
    CtxtHandle context = {};
    Octets room(18432);
    SecBuffer buffer = {static_cast<ULONG>(room.size()), SECBUFFER_TOKEN, room.data()};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    ULONG attributes = 0;
    std::u16string target = good ? u"device.example.test" : u"device.example.te\u0161t";
    const SECURITY_STATUS status =
        InitializeSecurityContextW(client.credential(), nullptr, target.data(), kClientFlags, 0, 0, nullptr,
                                   0, &context, &output, &attributes, nullptr);
    EXPECT_STATUS(good ? SEC_I_CONTINUE_NEEDED : SEC_E_TARGET_UNKNOWN, status);
    if (!good) continue;
    EXPECT_NE(std::string::npos,
              std::string(room.begin(), room.begin() + buffer.cbBuffer).find("device.example.test"));
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
  }
}

// mbed TLS's server shows no certificate that no client would take.
TEST_F(TlsCertificates, AServerDoesNotShowAClientsCertificate) {
  ExpectRefused(pki::kServerClientOnly, pki::kServerKey, SEC_E_ILLEGAL_MESSAGE, SEC_E_ALGORITHM_MISMATCH);
}

TEST_F(TlsCertificates, AWeakKeyIsRefused) {
  ExpectRefused(pki::kServerWeak, pki::kServerWeakKey, SEC_E_ALGORITHM_MISMATCH, SEC_E_CERT_UNKNOWN);
}

// Whether mbed TLS was built with SHA-1 (then it is refused by its profile) or without (then it cannot be
// read).
TEST_F(TlsCertificates, Sha1IsRefused) {
  Config server_setup;
  server_setup.Show(pki::kServerSha1, pki::kServerKey);
  Server server(server_setup);
#if defined(MBEDTLS_SHA1_C)
  ASSERT_STATUS(SEC_E_OK, server.acquired());
  ExpectRefused(pki::kServerSha1, pki::kServerKey, SEC_E_ALGORITHM_MISMATCH, SEC_E_CERT_UNKNOWN);
#else
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, server.acquired());
#endif
}

TEST_F(TlsCertificates, IntermediatesAreSentWithTheCertificate) {
  for (const ULONG version : kVersions) {
    Meeting whole(version);
    whole.client.Trust(pki::kRoot);
    EXPECT_STATUS(SEC_E_OK,
                  whole.Shows(pki::kServerChained, pki::kServerKey, &pki::kIntermediate).OfClient());
    Meeting lacking(version);
    lacking.client.Trust(pki::kRoot);
    EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, lacking.Shows(pki::kServerChained, pki::kServerKey).OfClient());
    // One text with both, and an anchor within a text of three.
    Meeting pem(version);
    pem.client.Trust({pki::kRootsPem.data, pki::kRootsPem.size + 1});
    EXPECT_STATUS(
        SEC_E_OK,
        pem.Shows({pki::kServerChainPem.data, pki::kServerChainPem.size + 1}, pki::kServerKey).OfClient());
    // The intermediate one itself can be trusted.
    Meeting anchor(version);
    anchor.client.Trust(pki::kIntermediate);
    EXPECT_STATUS(SEC_E_OK, anchor.Shows(pki::kServerChained, pki::kServerKey).OfClient());
  }
}

TEST_F(TlsCertificates, ASelfSignedCertificateCanBeAnAnchor) {
  for (const ULONG version : kVersions) {
    Meeting pinned(version);
    pinned.client.Trust(pki::kServerSelf);
    EXPECT_STATUS(SEC_E_OK, pinned.Shows(pki::kServerSelf, pki::kServerKey).OfClient());
    // It is still for one host, and none but itself.
    Meeting wrong_name(version);
    wrong_name.client.Trust(pki::kServerSelf);
    wrong_name.client_call.target = "other.example.test";
    EXPECT_STATUS(SEC_E_WRONG_PRINCIPAL, wrong_name.Shows(pki::kServerSelf, pki::kServerKey).OfClient());
    Meeting other(version);
    other.client.Trust(pki::kServerSelf);
    EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, other.Shows(pki::kServer, pki::kServerKey).OfClient());
  }
}

TEST_F(TlsCertificates, AnExpiredAnchorIsNoneAndHidesNoNewerOne) {
  for (const ULONG version : kVersions) {
    Meeting expired(version);
    expired.client.Trust(pki::kRootExpired);
    EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, expired.Shows(pki::kServer, pki::kServerKey).OfClient());
    for (const bool first : {true, false}) {
      Meeting both(version);
      both.client.Trust(first ? pki::kRootExpired : pki::kRoot);
      both.client.Trust(first ? pki::kRoot : pki::kRootExpired);
      EXPECT_STATUS(SEC_E_OK, both.Shows(pki::kServer, pki::kServerKey).OfClient());
    }
    Meeting dateless(version);
    dateless.client.Trust(pki::kRootExpired);
    dateless.client.cred.dwFlags = BARESSPI_SCH_CRED_NO_DATES;
    EXPECT_STATUS(SEC_E_OK, dateless.Shows(pki::kServer, pki::kServerKey).OfClient());
  }
}

TEST_F(TlsCertificates, AllKindsOfKeysAndHashesAreVerified) {
  struct {
    const pki::Octets& certificate;
    const pki::Octets& key;
    const pki::Octets& anchor;
  } const cases[] = {{pki::kServer, pki::kServerKey, pki::kRoot},
                     {pki::kServerP384, pki::kServerP384Key, pki::kRootP384},
                     {pki::kServerRsa, pki::kServerRsaKey, pki::kRootRsa},
                     {pki::kServerSha512, pki::kServerKey, pki::kRootRsa}};
  for (const auto& c : cases) {
    for (const ULONG version : kVersions) {
      Meeting meeting(version);
      meeting.client.Trust(c.anchor);
      EXPECT_STATUS(SEC_E_OK, meeting.Shows(c.certificate, c.key).OfClient());
    }
  }
}

TEST_F(TlsCertificates, ManualValidationLeavesAllToTheApplication) {
  for (const bool of_credential : {true, false}) {
    for (const ULONG version : kVersions) {
      for (const pki::Octets* certificate :
           {&pki::kServerUntrusted, &pki::kServerExpired, &pki::kServerSelf}) {
        Config client_setup;
        client_setup.cred.grbitEnabledProtocols = version;
        Config server_setup;
        server_setup.Show(*certificate, pki::kServerKey);
        Call call;
        if (of_credential) {
          client_setup.cred.dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION;
        } else {
          call.requested = ISC_REQ_MANUAL_CRED_VALIDATION;
        }
        call.target = nullptr;
        Client client(client_setup);
        Server server(server_setup);
        Establish(client, server, call);
        PCCERT_CONTEXT shown = nullptr;
        ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &shown));
        ASSERT_EQ(certificate->size, shown->cbCertEncoded);
        EXPECT_EQ(0, memcmp(certificate->data, shown->pbCertEncoded, certificate->size));
      }
    }
  }
}

TEST_F(TlsCertificates, AServerThatAsksChecksTheClientsCertificate) {
  struct {
    const pki::Octets* certificate;
    const pki::Octets* key;
    SECURITY_STATUS expected;
    SECURITY_STATUS when_manual;
  } const cases[] = {
      {&pki::kClient, &pki::kClientKey, SEC_E_OK, SEC_E_OK},
      {&pki::kClientRsa, &pki::kClientRsaKey, SEC_E_OK, SEC_E_OK},
      {&pki::kClientUntrusted, &pki::kClientKey, SEC_E_UNTRUSTED_ROOT, SEC_E_OK},
      {&pki::kServer, &pki::kServerKey, SEC_E_CERT_WRONG_USAGE, SEC_E_OK},
      {nullptr, nullptr, SEC_E_INCOMPLETE_CREDENTIALS, SEC_E_OK},
  };
  for (const auto& c : cases) {
    for (const ULONG version : kVersions) {
      for (const bool manual : {false, true}) {
        ClientSetup client_setup;
        client_setup.cred.grbitEnabledProtocols = version;
        if (c.certificate != nullptr) client_setup.Show(*c.certificate, *c.key);
        ServerSetup server_setup;
        if (manual) server_setup.cred.dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION;
        Client client(client_setup);
        Server server(server_setup);
        Call client_call;
        client_call.requested = ISC_REQ_USE_SUPPLIED_CREDS;
        Call server_call;
        server_call.requested = ASC_REQ_MUTUAL_AUTH;
        const Outcome outcome = Connect(client, server, client_call, server_call);
        EXPECT_STATUS(manual ? c.when_manual : c.expected, outcome.server.status);
      }
    }
  }
}

TEST_F(TlsCertificates, ExpiryIsThePeersCertificates) {
  for (const ULONG version : kVersions) {
    Meeting meeting(version);
    meeting.client.Trust(pki::kRoot);
    const Outcome outcome = meeting.Shows(pki::kServer, pki::kServerKey).Run();
    ASSERT_STATUS(SEC_E_OK, outcome.client.status);
    EXPECT_EQ(141690815990000000, outcome.client.expiry.QuadPart);  // 2049-12-31 23:59:59
  }
}

TEST_F(TlsCertificates, TimesAreCountedFrom1601) {
  using baresspi::schannel::TimeOf;
  const auto time = [](int year, int month, int day, int hour, int minute, int second) {
    mbedtls_x509_time value = {};
    value.year = year;
    value.mon = month;
    value.day = day;
    value.hour = hour;
    value.min = minute;
    value.sec = second;
    return TimeOf(value);
  };
  EXPECT_EQ(0U, time(1601, 1, 1, 0, 0, 0));
  EXPECT_EQ(0U, time(1600, 12, 31, 23, 59, 59));
  EXPECT_EQ(0U, time(0, 1, 1, 0, 0, 0));
  EXPECT_EQ(116444736000000000U, time(1970, 1, 1, 0, 0, 0));
  EXPECT_EQ(125962991990000000U, time(2000, 2, 29, 11, 59, 59));
  EXPECT_EQ(scripted_port::kResetTime, time(2026, 1, 2, 3, 4, 5));
  EXPECT_EQ(2650467743990000000U, time(9999, 12, 31, 23, 59, 59));
  // Each day follows the one before, over leap years and centuries.
  constexpr uint64_t kDay = 864000000000;
  uint64_t last = time(1895, 12, 31, 0, 0, 0);
  for (int year = 1896; year <= 2105; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const int days[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= days[month - 1]; ++day) {
        const uint64_t next = time(year, month, day, 0, 0, 0);
        ASSERT_EQ(last + kDay, next) << year << '-' << month << '-' << day;
        last = next;
      }
    }
  }
}

}  // namespace
}  // namespace tls_sides
