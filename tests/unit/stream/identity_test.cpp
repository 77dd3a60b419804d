// SPDX-License-Identifier: Apache-2.0
// Credentials out of certificates, DER and PEM.
#include "boards/stream/identity.h"

#include "tests/unit/stream/harness.h"

namespace stream {
namespace {

namespace pki = baresspi::pki;

class StreamIdentity : public StreamTest {};

BARESSPI_BLOB Der(const pki::Octets& octets) {
  return {static_cast<ULONG>(octets.size), octets.data};
}

// Its zero counts.
BARESSPI_BLOB Pem(const pki::Octets& octets) {
  return {static_cast<ULONG>(octets.size + 1), octets.data};
}

bool Talks(Identity mine, Identity servers) {
  TlsCredential client;
  TlsCredential server;
  EXPECT_STATUS(SEC_E_OK, client.Begin(Side::kClient, mine));
  EXPECT_STATUS(SEC_E_OK, server.Begin(Side::kServer, servers));
  Both both(tls_sides::kTls13);
  both.client_settings.credential = client.handle();
  both.server_settings.credential = server.handle();
  both.server_settings.asks_for_certificate = servers.anchors.cb != 0;
  both.Play();
  const bool talks = both.Converse(10);
  both.Close();
  client.End();
  server.End();
  return talks;
}

TEST_F(StreamIdentity, DerAndPemAreTheSame) {
  EXPECT_TRUE(
      Talks({.anchors = Der(pki::kRoot)}, {.certificate = Der(pki::kServer), .key = Der(pki::kServerKey)}));
  EXPECT_TRUE(Talks({.anchors = Pem(pki::kRootsPem)},
                    {.certificate = Pem(pki::kServerPem), .key = Pem(pki::kServerKeyPem)}));
}

TEST_F(StreamIdentity, APemTextHasTheChainBehindTheCertificate) {
  EXPECT_TRUE(Talks({.anchors = Der(pki::kRoot)},
                    {.certificate = Pem(pki::kServerChainPem), .key = Der(pki::kServerKey)}));
  EXPECT_FALSE(Talks({.anchors = Der(pki::kRoot)},
                     {.certificate = Der(pki::kServerChained), .key = Der(pki::kServerKey)}));
}

TEST_F(StreamIdentity, AClientsCertificateIsShownToAServerWithAnchors) {
  const Identity server = {
      .anchors = Der(pki::kRoot), .certificate = Der(pki::kServer), .key = Der(pki::kServerKey)};
  EXPECT_TRUE(Talks(
      {.anchors = Der(pki::kRoot), .certificate = Der(pki::kClient), .key = Der(pki::kClientKey)}, server));
  EXPECT_FALSE(Talks(
      {.anchors = Der(pki::kRoot), .certificate = Der(pki::kClientUntrusted), .key = Der(pki::kClientKey)},
      server));
}

TEST_F(StreamIdentity, DatesAreCheckedUnlessTheDeviceHasNoClock) {
  const Identity expired = {.certificate = Der(pki::kServerExpired), .key = Der(pki::kServerKey)};
  EXPECT_FALSE(Talks({.anchors = Der(pki::kRoot)}, expired));
  EXPECT_TRUE(Talks({.anchors = Der(pki::kRoot), .no_dates = true}, expired));
}

TEST_F(StreamIdentity, WhoTrustsNobodyRefusesEverybody) {
  EXPECT_FALSE(Talks({}, {.certificate = Der(pki::kServer), .key = Der(pki::kServerKey)}));
}

TEST_F(StreamIdentity, WhatIsMissingOrDoesNotFitIsRefused) {
  TlsCredential credential;
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, credential.Begin(Side::kServer, {.anchors = Der(pki::kRoot)}));
  EXPECT_FALSE(credential.begun());
  EXPECT_STATUS(SEC_E_UNKNOWN_CREDENTIALS, credential.Begin(Side::kServer, {.certificate = Der(pki::kServer),
                                                                            .key = Der(pki::kClientKey)}));
  credential.End();
  // As often as it likes: nothing leaks.
  for (int i = 0; i < 2 * BARESSPI_SCHANNEL_MAX_CREDENTIALS; ++i) {
    EXPECT_STATUS(SEC_E_OK, credential.Begin(Side::kClient, {.anchors = Der(pki::kRoot)}));
  }
  credential.End();
  credential.End();
}

}  // namespace
}  // namespace stream
