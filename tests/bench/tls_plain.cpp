// SPDX-License-Identifier: Apache-2.0
// TLS with mbed TLS alone, as its own example programs do it, with memory in the place of sockets: the
// yardstick of tls_ours.cpp. The same archive of mbed TLS, the same choices of algorithms and the same
// certificates, which are parsed for each connection too (BENCH_PARSE_ONCE: once for all). Where it allocates
// is said by plain_heap.cpp or plain_arena.cpp.
#include <mbedtls/ssl.h>
#if defined(MBEDTLS_PSA_CRYPTO_C)
#include <psa/crypto.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/schannel/algorithms.h"
#include "port/port.h"
#include "tests/bench/plain_memory.h"
#include "tests/bench/tls_measured.h"
#include "tests/support/pki/certificates.h"

namespace bench {
namespace {

constexpr uint16_t kGroups[] = {MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
                                MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, MBEDTLS_SSL_IANA_TLS_GROUP_SECP521R1,
                                MBEDTLS_SSL_IANA_TLS_GROUP_NONE};
constexpr uint16_t kSignatures[] = {0x0403, 0x0503, 0x0603, 0x0401, 0x0804,
                                    0x0501, 0x0805, 0x0601, 0x0806, MBEDTLS_TLS1_3_SIG_NONE};

[[noreturn]] void Fail(const char* what, int error) {
  fprintf(stderr, "%s: -0x%04x\n", what, static_cast<unsigned>(-error));
  exit(1);
}
void Check(const char* what, int error) {
  if (error != 0) Fail(what, error);
}

// What one side wrote and the other has not read yet.
struct Pipe {
  uint8_t octets[65536];
  size_t begin, end;
};

struct Side {
  mbedtls_ssl_config conf;
  mbedtls_ssl_context ssl;
  mbedtls_x509_crt own, root;
  mbedtls_pk_context key;
  int suites[32];
  Pipe in;  // what the other has sent
  Pipe* out;
};
Side sides[2];

int Send(void* p, const unsigned char* from, size_t size) {
  Pipe& pipe = *static_cast<Side*>(p)->out;
  if (size > sizeof pipe.octets - pipe.end) return MBEDTLS_ERR_SSL_WANT_WRITE;
  memcpy(pipe.octets + pipe.end, from, size);
  pipe.end += size;
  return static_cast<int>(size);
}

int Receive(void* p, unsigned char* to, size_t size) {
  Pipe& pipe = static_cast<Side*>(p)->in;
  const size_t part = size < pipe.end - pipe.begin ? size : pipe.end - pipe.begin;
  if (part == 0) return MBEDTLS_ERR_SSL_WANT_READ;
  memcpy(to, pipe.octets + pipe.begin, part);
  pipe.begin += part;
  if (pipe.begin == pipe.end) pipe.begin = pipe.end = 0;
  return static_cast<int>(part);
}

int Random(void*, unsigned char* out, size_t size) {
  return baresspi_port_random(out, size) != 0 ? 0 : -1;
}

void ChooseSuites(int* out, int version) {
  using baresspi::schannel::kSuites;
  using baresspi::schannel::kTls13Suite;
  for (const auto& suite : kSuites) {
    if (((suite.bits & kTls13Suite) != 0) == (version == 13) &&
        mbedtls_ssl_get_ciphersuite_name(suite.number)[0] == 'T') {
      *out++ = suite.number;
    }
  }
  *out = 0;
}

void Configure(Side& side, int who, int version) {
  namespace pki = baresspi::pki;
  AllocateFor(who);
  mbedtls_ssl_config_init(&side.conf);
  Check("config", mbedtls_ssl_config_defaults(&side.conf,
                                              who == kClient ? MBEDTLS_SSL_IS_CLIENT : MBEDTLS_SSL_IS_SERVER,
                                              MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT));
  mbedtls_ssl_conf_rng(&side.conf, Random, nullptr);
  const auto number = version == 13 ? MBEDTLS_SSL_VERSION_TLS1_3 : MBEDTLS_SSL_VERSION_TLS1_2;
  mbedtls_ssl_conf_min_tls_version(&side.conf, number);
  mbedtls_ssl_conf_max_tls_version(&side.conf, number);
  ChooseSuites(side.suites, version);
  mbedtls_ssl_conf_ciphersuites(&side.conf, side.suites);
  mbedtls_ssl_conf_groups(&side.conf, kGroups);
  mbedtls_ssl_conf_sig_algs(&side.conf, kSignatures);
  mbedtls_x509_crt_init(&side.root);
  mbedtls_x509_crt_init(&side.own);
  mbedtls_pk_init(&side.key);
  if (who == kClient) {
    Check("root", mbedtls_x509_crt_parse_der_nocopy(&side.root, pki::kRoot.data, pki::kRoot.size));
    mbedtls_ssl_conf_ca_chain(&side.conf, &side.root, nullptr);
  } else {
    Check("certificate", mbedtls_x509_crt_parse_der_nocopy(&side.own, pki::kServer.data, pki::kServer.size));
    Check("key", mbedtls_pk_parse_key(&side.key, pki::kServerKey.data, pki::kServerKey.size, nullptr, 0,
                                      Random, nullptr));
    Check("own", mbedtls_ssl_conf_own_cert(&side.conf, &side.own, &side.key));
  }
}

void Deconfigure(Side& side, int who) {
  AllocateFor(who);
  mbedtls_ssl_config_free(&side.conf);
  mbedtls_x509_crt_free(&side.root);
  mbedtls_x509_crt_free(&side.own);
  mbedtls_pk_free(&side.key);
}

void Open(Side& side, int who) {
  AllocateFor(who);
  mbedtls_ssl_init(&side.ssl);
  Check("setup", mbedtls_ssl_setup(&side.ssl, &side.conf));
  mbedtls_ssl_set_bio(&side.ssl, &side, Send, Receive, nullptr);
  if (who == kClient) Check("name", mbedtls_ssl_set_hostname(&side.ssl, "device.example.test"));
}

void ConfigureBoth(int version) {
  for (const int who : kBoth) Configure(sides[who], who, version);
}

void DeconfigureBoth() {
  for (const int who : kBoth) Deconfigure(sides[who], who);
}

int version_wanted;
uint8_t text[16384];

constexpr bool kParsesOnce =
#if defined(BENCH_PARSE_ONCE)
    true;
#else
    false;
#endif

}  // namespace

void Acquire(int version) {
#if defined(MBEDTLS_PSA_CRYPTO_C)
  Check("PSA", static_cast<int>(psa_crypto_init()));
#endif
  version_wanted = version;
  sides[kClient].out = &sides[kServer].in;
  sides[kServer].out = &sides[kClient].in;
  ConfigureBoth(version);
}

void Connect() {
  for (const int who : kBoth) Open(sides[who], who);
  bool done[2] = {};
  while (!done[kClient] || !done[kServer]) {
    for (const int who : kBoth) {
      if (done[who]) continue;
      AllocateFor(who);
      const int error = mbedtls_ssl_handshake(&sides[who].ssl);
      if (error != 0 && error != MBEDTLS_ERR_SSL_WANT_READ) Fail("handshake", error);
      done[who] = error == 0;
    }
  }
}

unsigned Suite() {
  return static_cast<unsigned>(mbedtls_ssl_get_ciphersuite_id_from_ssl(&sides[kClient].ssl));
}

size_t Largest() {
  return static_cast<size_t>(mbedtls_ssl_get_max_out_record_payload(&sides[kClient].ssl));
}

void PrintMemory() {}

void Transfer(size_t size) {
  AllocateFor(kClient);
  int done = mbedtls_ssl_write(&sides[kClient].ssl, text, size);
  if (done != static_cast<int>(size)) Fail("write", done);
  AllocateFor(kServer);
  done = mbedtls_ssl_read(&sides[kServer].ssl, text, size);
  if (done != static_cast<int>(size)) Fail("read", done);
}

void Disconnect() {
  for (const int who : kBoth) {
    AllocateFor(who);
    mbedtls_ssl_free(&sides[who].ssl);
  }
}

void Release() {
  DeconfigureBoth();
}

void BeginHandshakes() {
  if (!kParsesOnce) DeconfigureBoth();
}

void Handshake() {
  if (!kParsesOnce) ConfigureBoth(version_wanted);
  Connect();
  Disconnect();
  if (!kParsesOnce) DeconfigureBoth();
}

void EndHandshakes() {
  if (kParsesOnce) DeconfigureBoth();
}

}  // namespace bench
