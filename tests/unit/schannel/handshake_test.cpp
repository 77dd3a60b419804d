// SPDX-License-Identifier: Apache-2.0
// The handshake as the API shows it.
#include "tests/support/scripted_port.h"
#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;

class TlsHandshake : public Test {};

TEST_F(TlsHandshake, BothVersionsAndKindsOfKeyAreEstablishedAndConverse) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    for (const bool rsa : {false, true}) {
      ClientSetup client_setup;
      Config server_setup;
      if (rsa) {
        server_setup.Show(pki::kServerRsa, pki::kServerRsaKey);
      } else {
        server_setup.Show(pki::kServer, pki::kServerKey);
      }
      client_setup.cred.grbitEnabledProtocols = protocol;
      Client client(client_setup);
      Server server(server_setup);
      ASSERT_STATUS(SEC_E_OK, client.acquired());
      ASSERT_STATUS(SEC_E_OK, server.acquired());
      Establish(client, server);
      Converse(client, server);
    }
  }
}

}  // namespace
}  // namespace tls_sides
