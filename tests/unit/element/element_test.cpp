// SPDX-License-Identifier: Apache-2.0
// A private key that lies in a secure element: mbed TLS hands signing to the firmware, which finds the key by
// BARESSPI_CERT_STORE.Key.
#include <mbedtls/bignum.h>
#include <mbedtls/ecdsa.h>

#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

namespace pki = baresspi::pki;

// The element: it signs with its key and never gives that away.
struct Element {
  const uint8_t* key;
  size_t size;
  int signatures;
};

// A SEC 1 key of less than 128 octets begins with its head, a version and the head of the key itself; a
// longer one has an octet more in its own head.
Element ElementWith(const pki::Octets& sec1, size_t size) {
  return {sec1.data + (sec1.size < 130 ? 7 : 8), size, 0};
}

// A certificate whose key is in the element.
struct ElementSetup : ServerSetup {
  ElementSetup(const pki::Octets& certificate, const Element* element) {
    store = {BARESSPI_CERT_STORE_VERSION, 0, nullptr, nullptr, 0, element};
    shown = {X509_ASN_ENCODING, const_cast<BYTE*>(certificate.data), static_cast<DWORD>(certificate.size),
             nullptr, &store};
    cred.cCreds = 1;
    cred.paCred = &list;
    Trust(pki::kRootP384);
  }
  BARESSPI_CERT_STORE store = {};
  CERT_CONTEXT shown = {};
  PCCERT_CONTEXT list = &shown;
};

class TlsElement : public Test {};

TEST_F(TlsElement, ItSignsTheHandshake) {
  struct {
    const pki::Octets& certificate;
    const pki::Octets& key;
    size_t size;
  } const cases[] = {{pki::kServer, pki::kServerKey, 32}, {pki::kServerP384, pki::kServerP384Key, 48}};
  for (const auto& c : cases) {
    for (const ULONG version : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
      Element element = ElementWith(c.key, c.size);
      const ElementSetup server_setup(c.certificate, &element);
      Config client_setup;
      client_setup.Trust(pki::kRoot);
      client_setup.Trust(pki::kRootP384);
      client_setup.cred.grbitEnabledProtocols = version;
      Client client(client_setup);
      Server server(server_setup);
      ASSERT_STATUS(SEC_E_OK, server.acquired());
      Establish(client, server);
      Converse(client, server);
      EXPECT_EQ(1, element.signatures);
    }
  }
}

TEST_F(TlsElement, ItSignsForAClientToo) {
  for (const ULONG version : {SP_PROT_TLS1_2, SP_PROT_TLS1_3}) {
    Element element = ElementWith(pki::kClientKey, 32);
    ElementSetup client_setup(pki::kClient, &element);
    client_setup.cred.grbitEnabledProtocols = version;
    Element other = ElementWith(pki::kServerKey, 32);
    const ElementSetup server_setup(pki::kServer, &other);
    Client client(client_setup);
    Server server(server_setup);
    Call call;
    call.requested = ASC_REQ_MUTUAL_AUTH;
    Establish(client, server, {}, call);
    EXPECT_EQ(1, element.signatures);
    EXPECT_EQ(1, other.signatures);
  }
}

TEST_F(TlsElement, WithAnotherKeyTheHandshakeFails) {
  Element element = ElementWith(pki::kClientKey, 32);
  const ElementSetup server_setup(pki::kServer, &element);
  const ClientSetup client_setup;
  Client client(client_setup);
  Server server(server_setup);
  const Outcome outcome = Connect(client, server);
  EXPECT_LT(outcome.client.status, 0);
  EXPECT_EQ(1, element.signatures);
}

TEST_F(TlsElement, RsaKeysCannotBeThere) {
  Element element = {};
  const ElementSetup setup(pki::kServerRsa, &element);
  Server server(setup);
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, server.acquired());
}

// Keys of the application's own are signed with by the same function.
TEST_F(TlsElement, OtherKeysWorkBesideIt) {
  const ServerSetup server_setup;
  const ClientSetup client_setup;
  Client client(client_setup);
  Server server(server_setup);
  Establish(client, server);
}

// The element's bus, so to say. SEC 1 4.1.3.
int Sign(mbedtls_ecp_group* group, mbedtls_mpi* r, mbedtls_mpi* s, const mbedtls_mpi* key,
         const uint8_t* hash, size_t size, int (*random)(void*, unsigned char*, size_t), void* p) {
  const size_t length = (group->nbits + 7) / 8;
  mbedtls_mpi k;
  mbedtls_mpi e;
  mbedtls_ecp_point point;
  mbedtls_mpi_init(&k);
  mbedtls_mpi_init(&e);
  mbedtls_ecp_point_init(&point);
  uint8_t octets[1 + 2 * 48];
  size_t written = 0;
  int error = mbedtls_ecp_gen_privkey(group, &k, random, p);
  if (error == 0) error = mbedtls_ecp_mul(group, &point, &k, &group->G, random, p);
  if (error == 0) {
    error = mbedtls_ecp_point_write_binary(group, &point, MBEDTLS_ECP_PF_UNCOMPRESSED, &written, octets,
                                           sizeof octets);
  }
  if (error == 0) error = mbedtls_mpi_read_binary(r, octets + 1, length);
  if (error == 0) error = mbedtls_mpi_mod_mpi(r, r, &group->N);
  if (error == 0) error = mbedtls_mpi_read_binary(&e, hash, size < length ? size : length);
  if (error == 0) error = mbedtls_mpi_mul_mpi(s, r, key);
  if (error == 0) error = mbedtls_mpi_add_mpi(s, s, &e);
  if (error == 0) error = mbedtls_mpi_inv_mod(&k, &k, &group->N);
  if (error == 0) error = mbedtls_mpi_mul_mpi(s, s, &k);
  if (error == 0) error = mbedtls_mpi_mod_mpi(s, s, &group->N);
  mbedtls_ecp_point_free(&point);
  mbedtls_mpi_free(&e);
  mbedtls_mpi_free(&k);
  return error;
}

}  // namespace
}  // namespace tls_sides

// What the firmware brings: mbed TLS 3.6 was built without it.
int mbedtls_ecdsa_sign(mbedtls_ecp_group* grp, mbedtls_mpi* r, mbedtls_mpi* s, const mbedtls_mpi* d,
                       const unsigned char* buf, size_t blen, int (*f_rng)(void*, unsigned char*, size_t),
                       void* p_rng) {
  if (mbedtls_mpi_bitlen(d) > 64) return tls_sides::Sign(grp, r, s, d, buf, blen, f_rng, p_rng);
  uint8_t octets[8];
  int error = mbedtls_mpi_write_binary(d, octets, sizeof octets);
  uintptr_t address = 0;
  for (const uint8_t octet : octets) address = address << 8 | octet;
  auto* element = reinterpret_cast<tls_sides::Element*>(address);
  ++element->signatures;
  mbedtls_mpi key;
  mbedtls_mpi_init(&key);
  if (error == 0) error = mbedtls_mpi_read_binary(&key, element->key, element->size);
  if (error == 0) error = tls_sides::Sign(grp, r, s, &key, buf, blen, f_rng, p_rng);
  mbedtls_mpi_free(&key);
  return error;
}
