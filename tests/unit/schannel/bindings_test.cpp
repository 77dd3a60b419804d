// SPDX-License-Identifier: Apache-2.0
// Channel bindings and exported keys. Both sides have to give the same; that they are what others compute is
// the interop tests' to show.
#include <mbedtls/md.h>
#include <string.h>

#include "config/baresspi_config.h"
#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;

Octets Digest(mbedtls_md_type_t type, const pki::Octets& of) {
  const mbedtls_md_info_t* md = mbedtls_md_info_from_type(type);
  Octets out(mbedtls_md_get_size(md));
  EXPECT_EQ(0, mbedtls_md(md, of.data, of.size, out.data()));
  return out;
}

// The application data of what a query gives, after a look at its structure.
Octets BindingsOf(Side& side, ULONG attribute) {
  SecPkgContext_Bindings bindings = {};
  const SECURITY_STATUS status = side.Query(attribute, &bindings);
  EXPECT_STATUS(SEC_E_OK, status);
  if (status != SEC_E_OK) return {};
  const SEC_CHANNEL_BINDINGS& all = *bindings.Bindings;
  EXPECT_EQ(0U, all.cbInitiatorLength);
  EXPECT_EQ(0U, all.cbAcceptorLength);
  EXPECT_EQ(bindings.BindingsLength, all.dwApplicationDataOffset + all.cbApplicationDataLength);
  const auto* octets = reinterpret_cast<const uint8_t*>(bindings.Bindings) + all.dwApplicationDataOffset;
  return Octets(octets, octets + all.cbApplicationDataLength);
}

Octets With(const char* prefix, const Octets& octets) {
  Octets all(prefix, prefix + strlen(prefix));
  all.insert(all.end(), octets.begin(), octets.end());
  return all;
}

Octets MaterialOf(Side& side) {
  SecPkgContext_KeyingMaterial material = {};
  const SECURITY_STATUS status = side.Query(SECPKG_ATTR_KEYING_MATERIAL, &material);
  EXPECT_STATUS(SEC_E_OK, status);
  if (status != SEC_E_OK) return {};
  return Octets(material.pbKeyingMaterial, material.pbKeyingMaterial + material.cbKeyingMaterial);
}

SECURITY_STATUS SetMaterial(Side& side, const std::string& label, const std::string* value, ULONG size) {
  std::string copy = label;
  std::string value_copy = value == nullptr ? "" : *value;
  SecPkgContext_KeyingMaterialInfo info = {};
  info.cbLabel = static_cast<WORD>(label.size() + 1);
  info.pszLabel = copy.data();
  info.cbContextValue = static_cast<WORD>(value_copy.size());
  info.pbContextValue = value == nullptr ? nullptr : reinterpret_cast<PBYTE>(value_copy.data());
  info.cbKeyingMaterial = size;
  return SetContextAttributesA(side.context(), SECPKG_ATTR_KEYING_MATERIAL_INFO, &info, sizeof info);
}

class TlsBindings : public Test {};

TEST_F(TlsBindings, TheEndpointIsTheServersCertificateByItsOwnHash) {
  struct Case {
    const pki::Octets& certificate;
    const pki::Octets& key;
    mbedtls_md_type_t hash;
  };
  const Case cases[] = {{pki::kServer, pki::kServerKey, MBEDTLS_MD_SHA256},
                        {pki::kServerP384, pki::kServerP384Key, MBEDTLS_MD_SHA384},
                        {pki::kServerSha512, pki::kServerKey, MBEDTLS_MD_SHA512}};
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    for (const Case& one : cases) {
      ClientSetup client_setup;
      client_setup.Trust(pki::kRootP384);
      client_setup.cred.grbitEnabledProtocols = protocol;
      Config server_setup;
      server_setup.Show(one.certificate, one.key);
      Client client(client_setup);
      Server server(server_setup);
      Establish(client, server);
      const Octets expected = With("tls-server-end-point:", Digest(one.hash, one.certificate));
      EXPECT_EQ(expected, BindingsOf(client, SECPKG_ATTR_ENDPOINT_BINDINGS));
      EXPECT_EQ(expected, BindingsOf(server, SECPKG_ATTR_ENDPOINT_BINDINGS));
      EXPECT_EQ(expected, BindingsOf(client, SECPKG_ATTR_ENDPOINT_BINDINGS)) << "asked again";
    }
  }
}

TEST_F(TlsBindings, AServerOfTwoCertificatesTellsTheOneItShowed) {
  for (const bool rsa : {false, true}) {
    ClientSetup client_setup;
    client_setup.cred.grbitEnabledProtocols = SP_PROT_TLS1_2;
    ALG_ID algorithms[] = {CALG_AES_128, CALG_SHA_256, CALG_ECDH_EPHEM, rsa ? CALG_RSA_SIGN : CALG_ECDSA};
    client_setup.cred.palgSupportedAlgs = algorithms;
    client_setup.cred.cSupportedAlgs = 4;
    ServerSetup server_setup;
    server_setup.Show(pki::kServerRsa, pki::kServerRsaKey);
    Client client(client_setup);
    Server server(server_setup);
    Establish(client, server);
    const pki::Octets& shown = rsa ? pki::kServerRsa : pki::kServer;
    const Octets expected = With("tls-server-end-point:", Digest(MBEDTLS_MD_SHA256, shown));
    EXPECT_EQ(expected, BindingsOf(client, SECPKG_ATTR_ENDPOINT_BINDINGS));
    EXPECT_EQ(expected, BindingsOf(server, SECPKG_ATTR_ENDPOINT_BINDINGS));
    PCCERT_CONTEXT local = nullptr;
    ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_LOCAL_CERT_CONTEXT, &local));
    EXPECT_EQ(server_setup.cred.paCred[rsa ? 1 : 0], local);
  }
}

// mbed TLS chooses by the client's curves, and does not tell.
TEST_F(TlsBindings, AServerOfTwoCertificatesOfAKindClaimsNone) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    ClientSetup client_setup;
    client_setup.cred.grbitEnabledProtocols = protocol;
    ServerSetup server_setup;
    server_setup.Show(pki::kServerP384, pki::kServerP384Key);
    Client client(client_setup);
    Server server(server_setup);
    Establish(client, server);
    PCCERT_CONTEXT local = nullptr;
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, server.Query(SECPKG_ATTR_LOCAL_CERT_CONTEXT, &local));
    SecPkgContext_Bindings bindings = {};
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, server.Query(SECPKG_ATTR_ENDPOINT_BINDINGS, &bindings));
    EXPECT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_ENDPOINT_BINDINGS, &bindings));
  }
}

TEST_F(TlsBindings, UniqueOnesAreTheExportersInTls13) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  client_setup.cred.grbitEnabledProtocols = SP_PROT_TLS1_3;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  const Octets of_client = BindingsOf(client, SECPKG_ATTR_UNIQUE_BINDINGS);
  EXPECT_EQ(of_client, BindingsOf(server, SECPKG_ATTR_UNIQUE_BINDINGS));
  // RFC 9266 4.2
  const std::string empty;
  ASSERT_STATUS(SEC_E_OK, SetMaterial(client, "EXPORTER-Channel-Binding", &empty, 32));
  EXPECT_EQ(With("tls-exporter:", MaterialOf(client)), of_client);

  Client other_client(client_setup);
  Server other_server(server_setup);
  Establish(other_client, other_server);
  EXPECT_NE(of_client, BindingsOf(other_client, SECPKG_ATTR_UNIQUE_BINDINGS));
}

#if !BARESSPI_SCHANNEL_TLS_UNIQUE
TEST_F(TlsBindings, Tls12HasNoUniqueOnesUnlessConfigured) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  client_setup.cred.grbitEnabledProtocols = SP_PROT_TLS1_2;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  SecPkgContext_Bindings bindings = {};
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, client.Query(SECPKG_ATTR_UNIQUE_BINDINGS, &bindings));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, server.Query(SECPKG_ATTR_UNIQUE_BINDINGS, &bindings));
}
#endif

TEST_F(TlsBindings, ExportedKeysAreTheSameOnBothSides) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    ClientSetup client_setup;
    ServerSetup server_setup;
    client_setup.cred.grbitEnabledProtocols = protocol;
    Client client(client_setup);
    Server server(server_setup);
    Establish(client, server);
    SecPkgContext_KeyingMaterial nothing = {};
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, client.Query(SECPKG_ATTR_KEYING_MATERIAL, &nothing));
    const std::string value = "value";
    const std::string other = "other";
    const std::string empty;
    std::vector<Octets> all;
    for (const ULONG size : {1U, 32U, 200U}) {
      ASSERT_STATUS(SEC_E_OK, SetMaterial(client, "EXPERIMENTAL label", &value, size));
      ASSERT_STATUS(SEC_E_OK, SetMaterial(server, "EXPERIMENTAL label", &value, size));
      const Octets material = MaterialOf(client);
      EXPECT_EQ(size, material.size());
      EXPECT_EQ(material, MaterialOf(server));
      EXPECT_EQ(material, MaterialOf(client)) << "asked again";
      all.push_back(material);
    }
    ASSERT_STATUS(SEC_E_OK, SetMaterial(client, "EXPERIMENTAL label", &other, 200));
    EXPECT_NE(all.back(), MaterialOf(client));
    ASSERT_STATUS(SEC_E_OK, SetMaterial(client, "EXPERIMENTAL labe1", &value, 200));
    EXPECT_NE(all.back(), MaterialOf(client));
    // No value is another thing than an empty one in TLS 1.2 (RFC 5705 4), and the same in TLS 1.3.
    ASSERT_STATUS(SEC_E_OK, SetMaterial(client, "EXPERIMENTAL label", nullptr, 32));
    const Octets without = MaterialOf(client);
    ASSERT_STATUS(SEC_E_OK, SetMaterial(client, "EXPERIMENTAL label", &empty, 32));
    EXPECT_EQ(protocol == SP_PROT_TLS1_3, without == MaterialOf(client));
    Converse(client, server);
  }
}

TEST_F(TlsBindings, WhatToExportIsLookedAt) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, SetMaterial(client, "", nullptr, 32));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, SetMaterial(client, "label", nullptr, 0));
  SecPkgContext_KeyingMaterialInfo info = {};
  EXPECT_STATUS(
      SEC_E_BUFFER_TOO_SMALL,
      SetContextAttributesA(client.context(), SECPKG_ATTR_KEYING_MATERIAL_INFO, &info, sizeof info - 1));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, SetContextAttributesA(client.context(), SECPKG_ATTR_KEYING_MATERIAL_INFO,
                                                           nullptr, sizeof info));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION,
                SetContextAttributesW(client.context(), SECPKG_ATTR_KEY_INFO, &info, sizeof info));
  // More than can be exported, and more than the arena has: the connection goes on.
  SecPkgContext_KeyingMaterial material = {};
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, SetMaterial(client, "label", nullptr, 8161));
  const std::string long_value(60000, 'x');
  EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, SetMaterial(client, "label", &long_value, 8160));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, client.Query(SECPKG_ATTR_KEYING_MATERIAL, &material));
  Converse(client, server);
  // Again and again leaks nothing.
  for (int i = 0; i < 1000; ++i) {
    ASSERT_STATUS(SEC_E_OK, SetMaterial(client, "label", nullptr, 1000));
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_KEYING_MATERIAL, &material));
  }
}

}  // namespace
}  // namespace tls_sides
