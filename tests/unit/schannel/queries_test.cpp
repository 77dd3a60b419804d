// SPDX-License-Identifier: Apache-2.0
// What a TLS context tells about itself.
#include <string.h>

#include <string>

#include "tests/support/scripted_port.h"
#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;

std::string Narrow(const SEC_WCHAR* text) {
  std::string out;
  for (; *text != 0; ++text) {
    EXPECT_GT(0x80, *text);
    out += static_cast<char>(*text);
  }
  return out;
}

Octets DerOf(PCCERT_CONTEXT certificate) {
  return Octets(certificate->pbCertEncoded, certificate->pbCertEncoded + certificate->cbCertEncoded);
}
Octets DerOf(const pki::Octets& octets) {
  return Octets(octets.data, octets.data + octets.size);
}

class TlsQueries : public Test {};

// What one kind of connection has to tell; names and numbers as Windows' list of cipher suites has them.
struct Kind {
  std::vector<ALG_ID> algorithms;  // of the client
  ULONG protocols;
  bool rsa;

  ULONG protocol;  // of the client
  ULONG suite;
  std::string name;
  ULONG header, trailer;
  ALG_ID cipher;
  ULONG cipher_bits;
  ALG_ID hash;
  ULONG mac_bits;
  std::string certificate;
};

const Kind kKinds[] = {
    {{CALG_AES_128, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_ECDSA},
     SP_PROT_TLS1_2,
     false,
     SP_PROT_TLS1_2_CLIENT,
     0xC02B,
     "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
     13,
     16,
     CALG_AES_128,
     128,
     CALG_SHA_256,
     0,
     "ECDSA"},
    {{CALG_AES_256, CALG_SHA_384, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_RSA_SIGN},
     SP_PROT_TLS1_2,
     true,
     SP_PROT_TLS1_2_CLIENT,
     0xC030,
     "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
     13,
     16,
     CALG_AES_256,
     256,
     CALG_SHA_384,
     0,
     "RSA"},
    {{CALG_AES_128, CALG_SHA_256, CALG_ECDH_EPHEM, CALG_ECDSA},
     SP_PROT_TLS1_3,
     false,
     SP_PROT_TLS1_3_CLIENT,
     0x1301,
     "TLS_AES_128_GCM_SHA256",
     5,
     0,  // at least a tag and the content's type
     CALG_AES_128,
     128,
     CALG_SHA_256,
     0,
     ""},
};

void ExpectCipherInfo(const Kind& kind, const SecPkgContext_CipherInfo& info) {
  EXPECT_EQ(SECPKGCONTEXT_CIPHERINFO_V1, info.dwVersion);
  EXPECT_EQ(kind.protocols == SP_PROT_TLS1_3 ? 0x0304U : 0x0303U, info.dwProtocol);
  EXPECT_EQ(kind.suite, info.dwCipherSuite);
  EXPECT_EQ(kind.suite, info.dwBaseCipherSuite);
  EXPECT_EQ(kind.name, Narrow(info.szCipherSuite));
  EXPECT_EQ("AES", Narrow(info.szCipher));
  EXPECT_EQ(kind.cipher_bits, info.dwCipherLen);
  EXPECT_EQ(16U, info.dwCipherBlockLen);
  EXPECT_EQ("", Narrow(info.szHash)) << "AEAD has no other MAC";
  EXPECT_EQ(0U, info.dwHashLen);
  EXPECT_EQ(kind.certificate.empty() ? "" : "ECDH", Narrow(info.szExchange));
  EXPECT_EQ(kind.certificate, Narrow(info.szCertificate));
  EXPECT_EQ(0U, info.dwKeyType);
}

TEST_F(TlsQueries, WhatWasAgreedIsToldAsWindowsDoes) {
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(kind.name);
    ClientSetup client_setup;
    std::vector<ALG_ID> algorithms = kind.algorithms;
    client_setup.cred.palgSupportedAlgs = algorithms.data();
    client_setup.cred.cSupportedAlgs = static_cast<DWORD>(algorithms.size());
    client_setup.cred.grbitEnabledProtocols = kind.protocols;
    Config server_setup;
    server_setup.Show(kind.rsa ? pki::kServerRsa : pki::kServer,
                      kind.rsa ? pki::kServerRsaKey : pki::kServerKey);
    Client client(client_setup);
    Server server(server_setup);
    ASSERT_STATUS(SEC_E_OK, client.acquired());
    Establish(client, server);
    for (Side* side : {static_cast<Side*>(&client), static_cast<Side*>(&server)}) {
      const bool is_client = side == &client;
      SecPkgContext_ConnectionInfo connection = {};
      ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_CONNECTION_INFO, &connection));
      EXPECT_EQ(is_client ? kind.protocol : kind.protocol >> 1, connection.dwProtocol);
      EXPECT_EQ(kind.cipher, connection.aiCipher);
      EXPECT_EQ(kind.cipher_bits, connection.dwCipherStrength);
      EXPECT_EQ(kind.hash, connection.aiHash);
      EXPECT_EQ(kind.mac_bits, connection.dwHashStrength);
      EXPECT_EQ(CALG_ECDH_EPHEM, connection.aiExch);

      SecPkgContext_CipherInfo cipher;
      memset(&cipher, 0xA5, sizeof cipher);
      ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_CIPHER_INFO, &cipher));
      ExpectCipherInfo(kind, cipher);

      SecPkgContext_KeyInfoA key_a = {};
      ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_KEY_INFO, &key_a));
      EXPECT_STREQ(kind.hash == CALG_SHA_384 ? "SHA384" : "SHA256", key_a.sSignatureAlgorithmName);
      EXPECT_STREQ("AES", key_a.sEncryptAlgorithmName);
      EXPECT_EQ(kind.cipher_bits, key_a.KeySize);
      EXPECT_EQ(kind.hash, key_a.SignatureAlgorithm);
      EXPECT_EQ(kind.cipher, key_a.EncryptAlgorithm);
      SecPkgContext_KeyInfoW key_w = {};
      ASSERT_STATUS(SEC_E_OK, QueryContextAttributesW(side->context(), SECPKG_ATTR_KEY_INFO, &key_w));
      EXPECT_EQ(key_a.sSignatureAlgorithmName, Narrow(key_w.sSignatureAlgorithmName));
      EXPECT_EQ("AES", Narrow(key_w.sEncryptAlgorithmName));

      SecPkgContext_StreamSizes sizes = {};
      ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_STREAM_SIZES, &sizes));
      EXPECT_EQ(kind.header, sizes.cbHeader);
      if (kind.trailer != 0) {
        EXPECT_EQ(kind.trailer, sizes.cbTrailer);
      } else {
        EXPECT_LE(17U, sizes.cbTrailer);
      }
      EXPECT_EQ(4U, sizes.cBuffers);
      EXPECT_EQ(16U, sizes.cbBlockSize);
      EXPECT_LE(2048U - 16U, sizes.cbMaximumMessage);
      SecPkgContext_Sizes plain = {};
      ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_SIZES, &plain));
      EXPECT_EQ(sizes.cbHeader + sizes.cbTrailer, plain.cbSecurityTrailer);
      PSecPkgInfoA info = nullptr;
      ASSERT_STATUS(SEC_E_OK, QuerySecurityPackageInfoA(const_cast<SEC_CHAR*>(UNISP_NAME_A), &info));
      EXPECT_EQ(info->cbMaxToken, plain.cbMaxToken);
      SecPkgContext_PackageInfoA package = {};
      ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_PACKAGE_INFO, &package));
      EXPECT_STREQ(info->Name, package.PackageInfo->Name);
      EXPECT_EQ(UNISP_RPC_ID, package.PackageInfo->wRPCID);
    }
  }
}

// EncryptMessage writes what STREAM_SIZES says, and the longest message goes through.
TEST_F(TlsQueries, StreamSizesAreTrue) {
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(kind.name);
    ClientSetup client_setup;
    std::vector<ALG_ID> algorithms = kind.algorithms;
    client_setup.cred.palgSupportedAlgs = algorithms.data();
    client_setup.cred.cSupportedAlgs = static_cast<DWORD>(algorithms.size());
    client_setup.cred.grbitEnabledProtocols = kind.protocols;
    Config server_setup;
    server_setup.Show(kind.rsa ? pki::kServerRsa : pki::kServer,
                      kind.rsa ? pki::kServerRsaKey : pki::kServerKey);
    Client client(client_setup);
    Server server(server_setup);
    Establish(client, server);
    SecPkgContext_StreamSizes sizes = {};
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_STREAM_SIZES, &sizes));
    for (size_t size = 0; size < 64; ++size) {
      Octets record;
      ASSERT_STATUS(SEC_E_OK, client.Seal(Octets(size, 'x'), &record));
      EXPECT_GE(sizes.cbHeader + size + sizes.cbTrailer, record.size());
      const Opened opened = server.Open(record);
      ASSERT_STATUS(SEC_E_OK, opened.status);
      EXPECT_EQ(size, opened.text.size());
    }
    Octets record;
    ASSERT_STATUS(SEC_E_OK, client.Seal(Octets(sizes.cbMaximumMessage, 'y'), &record));
    EXPECT_EQ(sizes.cbMaximumMessage, server.Open(record).text.size());
    EXPECT_GT(0, client.Seal(Octets(sizes.cbMaximumMessage + 1, 'z'), &record));
  }
}

TEST_F(TlsQueries, ThePeersCertificateAndItsChainAreHandedOut) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    ClientSetup client_setup;
    client_setup.cred.grbitEnabledProtocols = protocol;
    Config server_setup;
    server_setup.Show(pki::kServerChained, pki::kServerKey, &pki::kIntermediate);
    Client client(client_setup);
    Server server(server_setup);
    Establish(client, server);
    PCCERT_CONTEXT remote = nullptr;
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &remote));
    EXPECT_EQ(X509_ASN_ENCODING, remote->dwCertEncodingType);
    EXPECT_EQ(DerOf(pki::kServerChained), DerOf(remote));
    EXPECT_TRUE(CertFreeCertificateContext(remote));

    PCCERT_CONTEXT chain = nullptr;
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_REMOTE_CERT_CHAIN, &chain));
    EXPECT_EQ(DerOf(pki::kServerChained), DerOf(chain));
    const HCERTSTORE store = chain->hCertStore;
    PCCERT_CONTEXT first = CertEnumCertificatesInStore(store, nullptr);
    ASSERT_NE(nullptr, first);
    EXPECT_EQ(DerOf(pki::kServerChained), DerOf(first));
    PCCERT_CONTEXT second = CertEnumCertificatesInStore(store, first);
    ASSERT_NE(nullptr, second);
    EXPECT_EQ(DerOf(pki::kIntermediate), DerOf(second));
    EXPECT_EQ(nullptr, CertEnumCertificatesInStore(store, second));
    EXPECT_EQ(nullptr, CertEnumCertificatesInStore(store, server_setup.cred.paCred[0]))
        << "not of this store";
    EXPECT_EQ(nullptr, CertEnumCertificatesInStore(client_setup.cred.hRootStore, nullptr))
        << "the application's";
    EXPECT_EQ(nullptr, CertEnumCertificatesInStore(nullptr, nullptr));
    PCCERT_CONTEXT again = nullptr;
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_REMOTE_CERT_CHAIN, &again));
    EXPECT_EQ(chain, again);

    PCCERT_CONTEXT local = nullptr;
    ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_LOCAL_CERT_CONTEXT, &local));
    EXPECT_EQ(server_setup.cred.paCred[0], local);
    EXPECT_STATUS(SEC_E_NO_CREDENTIALS, client.Query(SECPKG_ATTR_LOCAL_CERT_CONTEXT, &local));
    EXPECT_STATUS(SEC_E_NO_CREDENTIALS, server.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &local));
    EXPECT_STATUS(SEC_E_NO_CREDENTIALS, server.Query(SECPKG_ATTR_REMOTE_CERT_CHAIN, &local));
    SecPkgContext_NamesA names = {};
    EXPECT_STATUS(SEC_E_NO_CREDENTIALS, server.Query(SECPKG_ATTR_NAMES, &names));
    client.DeleteContext();
    EXPECT_EQ(nullptr, CertEnumCertificatesInStore(store, nullptr)) << "its context is deleted";
  }
}

TEST_F(TlsQueries, NamesAreThePeersSubjectInBothForms) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  SecPkgContext_NamesA a = {};
  SecPkgContext_NamesW w = {};
  ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_NAMES, &a));
  EXPECT_NE(nullptr, strstr(a.sUserName, "CN=device.example.test")) << a.sUserName;
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesW(client.context(), SECPKG_ATTR_NAMES, &w));
  EXPECT_EQ(a.sUserName, Narrow(w.sUserName));
  SecPkgContext_NamesA again = {};
  ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_NAMES, &again));
  EXPECT_EQ(a.sUserName, again.sUserName);
}

TEST_F(TlsQueries, LifespanIsThePeersCertificates) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  SecPkgContext_Lifespan lifespan = {};
  ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_LIFESPAN, &lifespan));
  constexpr int64_t kYear2020 = 132223104000000000;  // 2020-01-01
  constexpr int64_t kDay = 864000000000;
  EXPECT_LE(kYear2020, lifespan.tsStart.QuadPart);
  EXPECT_GE(kYear2020 + kDay, lifespan.tsStart.QuadPart);
  EXPECT_LT(kYear2020 + 29 * 365 * kDay, lifespan.tsExpiry.QuadPart);
  EXPECT_GT(kYear2020 + 31 * 365 * kDay, lifespan.tsExpiry.QuadPart);
  ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_LIFESPAN, &lifespan));
  EXPECT_EQ(BARESSPI_TIME_NEVER, lifespan.tsExpiry.QuadPart);
}

TEST_F(TlsQueries, FlagsAreThoseOfTheHandshake) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  const Outcome outcome = Connect(client, server);
  ASSERT_STATUS(SEC_E_OK, outcome.client.status);
  SecPkgContext_Flags flags = {};
  ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_FLAGS, &flags));
  EXPECT_EQ(outcome.client.attributes, flags.Flags);
  EXPECT_EQ(kClientFlags, flags.Flags & kClientFlags);
  EXPECT_NE(0U, flags.Flags & ISC_RET_MUTUAL_AUTH);
  EXPECT_EQ(0U, flags.Flags & (ISC_RET_MANUAL_CRED_VALIDATION | ISC_RET_ALLOCATED_MEMORY |
                               ISC_RET_USED_SUPPLIED_CREDS));
  ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_FLAGS, &flags));
  EXPECT_EQ(outcome.server.attributes, flags.Flags);
  EXPECT_EQ(kServerFlags, flags.Flags & kServerFlags);
  EXPECT_EQ(0U, flags.Flags & ASC_RET_MUTUAL_AUTH) << "the client has shown no certificate";
}

TEST_F(TlsQueries, NobodyCheckedTheServerWhereTheApplicationDoes) {
  Config client_setup;  // trusts nobody
  client_setup.cred.dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION;
  ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  SecPkgContext_Flags flags = {};
  ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_FLAGS, &flags));
  EXPECT_EQ(ISC_RET_MANUAL_CRED_VALIDATION,
            flags.Flags & (ISC_RET_MANUAL_CRED_VALIDATION | ISC_RET_MUTUAL_AUTH));
}

TEST_F(TlsQueries, TheApplicationProtocolIsTheAgreedOne) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  const Octets protocols = Protocols({"h2", "http/1.1"});
  const Octets server_protocols = Protocols({"http/1.1"});
  Call client_call;
  client_call.protocols = &protocols;
  Call server_call;
  server_call.protocols = &server_protocols;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server, client_call, server_call);
  for (Side* side : {static_cast<Side*>(&client), static_cast<Side*>(&server)}) {
    SecPkgContext_ApplicationProtocol protocol;
    memset(&protocol, 0xA5, sizeof protocol);
    ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_APPLICATION_PROTOCOL, &protocol));
    EXPECT_EQ(SecApplicationProtocolNegotiationStatus_Success, protocol.ProtoNegoStatus);
    EXPECT_EQ(SecApplicationProtocolNegotiationExt_ALPN, protocol.ProtoNegoExt);
    EXPECT_EQ("http/1.1", std::string(reinterpret_cast<char*>(protocol.ProtocolId), protocol.ProtocolIdSize));
  }
  Client plain_client(client_setup);
  Server plain_server(server_setup);
  Establish(plain_client, plain_server);
  SecPkgContext_ApplicationProtocol protocol = {};
  ASSERT_STATUS(SEC_E_OK, plain_client.Query(SECPKG_ATTR_APPLICATION_PROTOCOL, &protocol));
  EXPECT_EQ(SecApplicationProtocolNegotiationStatus_None, protocol.ProtoNegoStatus);
  EXPECT_EQ(0, protocol.ProtocolIdSize);
}

TEST_F(TlsQueries, WhatIsNotAnsweredSaysSo) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Octets room(1024);
  const Result hello = client.Step({});
  ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, hello.status);
  // In the handshake.
  for (const ULONG attribute : {SECPKG_ATTR_STREAM_SIZES, SECPKG_ATTR_CIPHER_INFO,
                                SECPKG_ATTR_UNIQUE_BINDINGS, SECPKG_ATTR_LOCAL_CERT_CONTEXT, 0x12345U}) {
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, client.Query(attribute, room.data())) << attribute;
  }
  PCCERT_CONTEXT remote = nullptr;
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, client.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &remote));
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS, client.Query(SECPKG_ATTR_REMOTE_CERT_CHAIN, &remote));
  SecPkgContext_IssuerListInfoEx issuers = {};
  EXPECT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_ISSUER_LIST_EX, &issuers));
  EXPECT_EQ(0U, issuers.cIssuers);
  client.DeleteContext();
  // And behind it.
  Establish(client, server);
  for (const ULONG attribute : {SECPKG_ATTR_SESSION_KEY, SECPKG_ATTR_NEGOTIATION_INFO, SECPKG_ATTR_PROTO_INFO,
                                SECPKG_ATTR_NATIVE_NAMES, SECPKG_ATTR_TARGET_INFORMATION, 0x12345U}) {
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, client.Query(attribute, room.data())) << attribute;
  }
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, server.Query(SECPKG_ATTR_ISSUER_LIST_EX, &issuers));
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, QueryContextAttributesA(client.context(), SECPKG_ATTR_SIZES, nullptr));
}

TEST_F(TlsQueries, TheExFormLooksAtTheSize) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
  struct {
    ULONG attribute;
    ULONG size;
  } const cases[] = {
      {SECPKG_ATTR_STREAM_SIZES, sizeof(SecPkgContext_StreamSizes)},
      {SECPKG_ATTR_CONNECTION_INFO, sizeof(SecPkgContext_ConnectionInfo)},
      {SECPKG_ATTR_CIPHER_INFO, sizeof(SecPkgContext_CipherInfo)},
      {SECPKG_ATTR_SESSION_INFO, sizeof(SecPkgContext_SessionInfo)},
      {SECPKG_ATTR_APPLICATION_PROTOCOL, sizeof(SecPkgContext_ApplicationProtocol)},
      {SECPKG_ATTR_ISSUER_LIST_EX, sizeof(SecPkgContext_IssuerListInfoEx)},
      {SECPKG_ATTR_REMOTE_CERT_CONTEXT, sizeof(PCCERT_CONTEXT)},
      {SECPKG_ATTR_REMOTE_CERT_CHAIN, sizeof(PCCERT_CONTEXT)},
      {SECPKG_ATTR_SUPPORTED_SIGNATURES, sizeof(SecPkgContext_SupportedSignatures)},
      {SECPKG_ATTR_ENDPOINT_BINDINGS, sizeof(SecPkgContext_Bindings)},
      {SECPKG_ATTR_UNIQUE_BINDINGS, sizeof(SecPkgContext_Bindings)},
  };
  for (const auto& one : cases) {
    two_sides::Buffer exact(one.size);
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL,
                  QueryContextAttributesExA(client.context(), one.attribute, exact.data(), one.size - 1))
        << one.attribute;
    EXPECT_STATUS(SEC_E_OK,
                  QueryContextAttributesExW(client.context(), one.attribute, exact.data(), one.size))
        << one.attribute;
  }
}

// ---- A client's certificate, and whose account it is. ----

struct Mapping {
  SECURITY_STATUS status = SEC_E_OK;
  unsigned calls = 0;
  Octets certificate;
} mapping;

constexpr uint8_t kAlice[] = {'a', 0, 'l', 0, 'i', 0, 'c', 0, 'e', 0};

SECURITY_STATUS Map(const void*, const uint8_t* certificate, ULONG size, BARESSPI_NAME* domain,
                    BARESSPI_NAME* user, BARESSPI_ACCOUNT* account) {
  ++mapping.calls;
  mapping.certificate.assign(certificate, certificate + size);
  EXPECT_EQ(0U, domain->cbUtf16le);
  *user = {kAlice, sizeof kAlice};
  account->UserId = 42;
  return mapping.status;
}

class TlsAccounts : public Test {
 protected:
  void SetUp() override {
    Test::SetUp();
    mapping = Mapping();
    authority_.MapCertificate = Map;
    device_ = two_sides::ServerDevice();
    device_.Authority = &authority_;
    scripted_port::SetDevice(&device_);
    client_setup_.Show(pki::kClient, pki::kClientKey);
    server_call_.requested = ASC_REQ_MUTUAL_AUTH;
  }

  BARESSPI_AUTHORITY authority_ = {};
  BARESSPI_DEVICE device_ = {};
  ClientSetup client_setup_;
  ServerSetup server_setup_;
  Call server_call_;
};

TEST_F(TlsAccounts, AMappedCertificateGivesAToken) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    mapping = Mapping();
    client_setup_.cred.grbitEnabledProtocols = protocol;
    Client client(client_setup_);
    Server server(server_setup_);
    Establish(client, server, {}, server_call_);
    EXPECT_EQ(1U, mapping.calls);
    EXPECT_EQ(DerOf(pki::kClient), mapping.certificate);
    void* token = nullptr;
    ASSERT_STATUS(SEC_E_OK, QuerySecurityContextToken(server.context(), &token));
    BARESSPI_TOKEN_INFO info = {};
    ASSERT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(token, &info));
    EXPECT_EQ(42U, info.UserId);
    EXPECT_EQ(0U, info.TokenFlags);
    EXPECT_EQ(0U, info.Domain.cbUtf16le);
    EXPECT_EQ(Octets(kAlice, kAlice + sizeof kAlice),
              Octets(info.User.Utf16le, info.User.Utf16le + info.User.cbUtf16le));
    EXPECT_STATUS(SEC_E_OK, ImpersonateSecurityContext(server.context()));
    EXPECT_EQ(token, baresspi_port_task_token());
    EXPECT_STATUS(SEC_E_OK, RevertSecurityContext(server.context()));
    EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, QuerySecurityContextToken(client.context(), &token));

    SecPkgContext_Flags flags = {};
    ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_FLAGS, &flags));
    EXPECT_NE(0U, flags.Flags & ASC_RET_MUTUAL_AUTH);
    PCCERT_CONTEXT certificate = nullptr;
    ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &certificate));
    EXPECT_EQ(DerOf(pki::kClient), DerOf(certificate));
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_LOCAL_CERT_CONTEXT, &certificate));
    EXPECT_EQ(client_setup_.cred.paCred[0], certificate);
    SecPkgContext_NamesA names = {};
    ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_NAMES, &names));
    EXPECT_NE(nullptr, strstr(names.sUserName, "CN=alice")) << names.sUserName;
    server.DeleteContext();
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, BareSspiQueryTokenInformation(token, &info));
  }
}

TEST_F(TlsAccounts, WithoutAMappingThereIsNoToken) {
  const auto no_token = [this](const Call& server_call) {
    Client client(client_setup_);
    Server server(server_setup_);
    Establish(client, server, {}, server_call);
    void* token = &token;
    EXPECT_STATUS(SEC_E_NO_IMPERSONATION, QuerySecurityContextToken(server.context(), &token));
    EXPECT_STATUS(SEC_E_NO_IMPERSONATION, ImpersonateSecurityContext(server.context()));
    EXPECT_EQ(nullptr, baresspi_port_task_token());
    Converse(client, server);
  };
  mapping.status = SEC_E_LOGON_DENIED;
  no_token(server_call_);
  EXPECT_EQ(1U, mapping.calls);
  mapping.status = SEC_E_OK;
  no_token({});  // it was not asked for
  server_setup_.cred.dwFlags = SCH_CRED_NO_SYSTEM_MAPPER;
  no_token(server_call_);
  server_setup_.cred.dwFlags = 0;
  authority_.MapCertificate = nullptr;
  no_token(server_call_);
  scripted_port::SetDevice(nullptr);
  no_token(server_call_);
  EXPECT_EQ(1U, mapping.calls);
}

TEST_F(TlsAccounts, ACertificateThatNobodyCheckedIsNobodys) {
  client_setup_.cred.cCreds = 0;
  client_setup_.Show(pki::kClientUntrusted, pki::kClientKey);
  server_setup_.cred.dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION;
  Client client(client_setup_);
  Server server(server_setup_);
  Establish(client, server, {}, server_call_);
  PCCERT_CONTEXT certificate = nullptr;
  ASSERT_STATUS(SEC_E_OK, server.Query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, &certificate));
  void* token = nullptr;
  EXPECT_STATUS(SEC_E_NO_IMPERSONATION, QuerySecurityContextToken(server.context(), &token));
  EXPECT_EQ(0U, mapping.calls);
}

// A server's flight of TLS 1.2, where each message has a record: its CertificateRequest with these octets for
// certificate_authorities, which says that they are so many.
Octets WithAuthorities(const Octets& flight, const Octets& authorities, size_t said) {
  Octets out;
  constexpr size_t kHeads = 5 + 4;
  for (size_t at = 0; at + kHeads <= flight.size();) {
    const size_t size = 5 + static_cast<size_t>(flight[at + 3] << 8 | flight[at + 4]);
    Octets record(flight.begin() + static_cast<ptrdiff_t>(at),
                  flight.begin() + static_cast<ptrdiff_t>(at + size));
    at += size;
    if (record[0] == 22 && record[5] == 13) {
      EXPECT_EQ(0, record[record.size() - 1] | record[record.size() - 2]) << "ours names nobody";
      record[record.size() - 2] = static_cast<uint8_t>(said >> 8);
      record[record.size() - 1] = static_cast<uint8_t>(said);
      record.insert(record.end(), authorities.begin(), authorities.end());
      record[3] = static_cast<uint8_t>((record.size() - 5) >> 8);
      record[4] = static_cast<uint8_t>(record.size() - 5);
      record[7] = static_cast<uint8_t>((record.size() - kHeads) >> 8);
      record[8] = static_cast<uint8_t>(record.size() - kHeads);
    }
    out.insert(out.end(), record.begin(), record.end());
  }
  return out;
}

class TlsIssuers : public TlsAccounts {
 protected:
  // What a client without a certificate is told of these authorities.
  void Ask(const Octets& authorities, size_t said, const std::vector<Octets>& expected) {
    ClientSetup client_setup;
    client_setup.cred.grbitEnabledProtocols = SP_PROT_TLS1_2;
    Client client(client_setup);
    Server server(server_setup_);
    const Result hello = client.Step({});
    const Result flight = server.Step(hello.token, server_call_);
    ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, flight.status);
    const Octets token = WithAuthorities(flight.token, authorities, said);
    ASSERT_STATUS(SEC_I_INCOMPLETE_CREDENTIALS, client.Step(token).status);
    for (int i = 0; i < 2; ++i) {
      SecPkgContext_IssuerListInfoEx issuers = {};
      ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_ISSUER_LIST_EX, &issuers));
      std::vector<Octets> names;
      for (DWORD n = 0; n < issuers.cIssuers; ++n) {
        const CERT_NAME_BLOB& name = issuers.aIssuers[n];
        names.emplace_back(name.pbData, name.pbData + name.cbData);
      }
      EXPECT_EQ(expected, names);
    }
  }
};

TEST_F(TlsIssuers, AreToldByName) {
  const Octets one = {0x30, 0x03, 1, 2, 3};
  const Octets two = {0x30, 0x01, 9};
  const Octets list = {0, 5, 0x30, 0x03, 1, 2, 3, 0, 3, 0x30, 0x01, 9};
  Ask(list, list.size(), {one, two});
  Ask({}, 0, {});
}

TEST_F(TlsIssuers, WhatIsNotWholeIsLeftOut) {
  const Octets one = {0x30, 0x03, 1, 2, 3};
  const Octets cut = {0, 5, 0x30, 0x03, 1, 2, 3, 0, 3, 0x30, 0x01};
  Ask(cut, cut.size(), {one});
  const Octets head_only = {0, 5, 0x30, 0x03, 1, 2, 3, 0};
  Ask(head_only, head_only.size(), {one});
  const Octets too_long = {0xFF, 0xFF, 0x30, 0x03, 1, 2, 3};
  Ask(too_long, too_long.size(), {});
  Ask(too_long, too_long.size() + 1, {});  // the list itself
}

// ---- A resumed session is of the same peer. ----

TEST_F(TlsQueries, AResumedSessionTellsWhatTheFirstOneDid) {
  for (const ULONG protocol : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    ClientSetup client_setup;
    ServerSetup server_setup;
    client_setup.cred.grbitEnabledProtocols = protocol;
    Client client(client_setup);
    Server server(server_setup);
    Octets endpoint;
    for (const ULONG flags : {0U, SSL_SESSION_RECONNECT}) {
      Establish(client, server);
      for (Side* side : {static_cast<Side*>(&client), static_cast<Side*>(&server)}) {
        SecPkgContext_SessionInfo session;
        memset(&session, 0xA5, sizeof session);
        ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_SESSION_INFO, &session));
        EXPECT_EQ(flags, session.dwFlags);
        EXPECT_EQ(0U, session.cbSessionId);
        SecPkgContext_Bindings bindings = {};
        ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_ENDPOINT_BINDINGS, &bindings));
        const auto* octets = reinterpret_cast<const uint8_t*>(bindings.Bindings);
        const Octets found(octets, octets + bindings.BindingsLength);
        if (endpoint.empty()) endpoint = found;
        EXPECT_EQ(endpoint, found);
        SecPkgContext_CipherInfo cipher = {};
        ASSERT_STATUS(SEC_E_OK, side->Query(SECPKG_ATTR_CIPHER_INFO, &cipher));
        EXPECT_EQ(protocol == SP_PROT_TLS1_3 ? 0x1301U : 0xC02BU, cipher.dwCipherSuite);
      }
      SecPkgContext_Lifespan lifespan = {};
      ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_LIFESPAN, &lifespan));
      EXPECT_GT(BARESSPI_TIME_NEVER, lifespan.tsExpiry.QuadPart);
      client.DeleteContext();
      server.DeleteContext();
    }
  }
}

TEST_F(TlsQueries, TheArenasPeakIsTold) {
  ClientSetup client_setup;
  ServerSetup server_setup;
  Client client(client_setup);
  Server server(server_setup);
  ULONG peak = 0;
  ULONG size = 0;
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, BareSspiTlsArenaPeak(client.credential(), &peak, &size));
  Establish(client, server);
  ASSERT_STATUS(SEC_E_OK, BareSspiTlsArenaPeak(client.context(), &peak, &size));
  EXPECT_LT(4096U, peak);
  EXPECT_LT(peak, size);
}

}  // namespace
}  // namespace tls_sides
