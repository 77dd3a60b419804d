// SPDX-License-Identifier: Apache-2.0
// Four threads on the port for POSIX, each with contexts of its own, of credentials that all share:
// handshakes, some of them resumed, and data. Preset host-tsan has ThreadSanitizer watch.
#include <baresspi/schannel.h>
#include <gtest/gtest.h>
#include <stdio.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/pki/certificates.h"

namespace {

namespace pki = baresspi::pki;

using Octets = std::vector<uint8_t>;
constexpr ULONG kRoom = 18432;

std::string Text(SECURITY_STATUS status) {
  char text[16];
  snprintf(text, sizeof text, "0x%08lX", static_cast<unsigned long>(static_cast<uint32_t>(status)));
  return text;
}

// Both sides' credentials, for one version.
struct Credentials {
  explicit Credentials(ULONG protocol) {
    roots.Version = store.Version = BARESSPI_CERT_STORE_VERSION;
    roots.cCertificates = 1;
    roots.Certificates = &anchor;
    store.PrivateKey = pki::kServerKey.data;
    store.cbPrivateKey = static_cast<ULONG>(pki::kServerKey.size);
    SCHANNEL_CRED settings = {};
    settings.dwVersion = SCHANNEL_CRED_VERSION;
    settings.grbitEnabledProtocols = protocol;
    settings.hRootStore = &roots;
    client = Acquire(SECPKG_CRED_OUTBOUND, settings);
    settings.cCreds = 1;
    settings.paCred = list;
    server = Acquire(SECPKG_CRED_INBOUND, settings);
  }
  ~Credentials() {
    EXPECT_EQ(SEC_E_OK, FreeCredentialsHandle(&client));
    EXPECT_EQ(SEC_E_OK, FreeCredentialsHandle(&server));
  }
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;

  static CredHandle Acquire(ULONG use, SCHANNEL_CRED settings) {
    CredHandle handle;
    char name[] = UNISP_NAME_A;
    EXPECT_EQ(SEC_E_OK, AcquireCredentialsHandleA(nullptr, name, use, nullptr, &settings, nullptr, nullptr,
                                                  &handle, nullptr));
    return handle;
  }

  BARESSPI_BLOB anchor = {static_cast<ULONG>(pki::kRoot.size), pki::kRoot.data};
  BARESSPI_CERT_STORE roots = {};
  BARESSPI_CERT_STORE store = {};
  CERT_CONTEXT certificate = {X509_ASN_ENCODING, const_cast<BYTE*>(pki::kServer.data),
                              static_cast<DWORD>(pki::kServer.size), nullptr, &store};
  PCCERT_CONTEXT list[1] = {&certificate};
  CredHandle client;
  CredHandle server;
};

class Side {
 public:
  Side(CredHandle* credential, bool client) : credential_(credential), client_(client) {}
  ~Side() {
    if (has_context_) {
      EXPECT_EQ(SEC_E_OK, DeleteSecurityContext(&context_));
    }
  }
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  SECURITY_STATUS Step(Octets token, Octets* answer) {
    answer->resize(kRoom);
    SecBuffer inputs[2] = {{static_cast<ULONG>(token.size()), SECBUFFER_TOKEN, token.data()},
                           {0, SECBUFFER_EMPTY, nullptr}};
    SecBuffer output = {kRoom, SECBUFFER_TOKEN, answer->data()};
    SecBufferDesc in = {SECBUFFER_VERSION, 2, inputs};
    SecBufferDesc out = {SECBUFFER_VERSION, 1, &output};
    CtxtHandle* old = has_context_ ? &context_ : nullptr;
    ULONG attributes = 0;
    char host[] = "device.example.test";
    const SECURITY_STATUS status =
        client_ ? InitializeSecurityContextA(credential_, old, host, ISC_REQ_STREAM | ISC_REQ_CONFIDENTIALITY,
                                             0, 0, &in, 0, &context_, &out, &attributes, nullptr)
                : AcceptSecurityContext(credential_, old, &in, ASC_REQ_STREAM | ASC_REQ_CONFIDENTIALITY, 0,
                                        &context_, &out, &attributes, nullptr);
    has_context_ = has_context_ || status >= 0;
    answer->resize(status < 0 ? 0 : output.cbBuffer);
    return status;
  }

  Octets Seal(const Octets& text) {
    SecPkgContext_StreamSizes sizes = {};
    EXPECT_EQ(SEC_E_OK, QueryContextAttributesA(&context_, SECPKG_ATTR_STREAM_SIZES, &sizes));
    Octets record(sizes.cbHeader);
    record.insert(record.end(), text.begin(), text.end());
    record.resize(record.size() + sizes.cbTrailer);
    SecBuffer buffers[3] = {
        {sizes.cbHeader, SECBUFFER_STREAM_HEADER, record.data()},
        {static_cast<ULONG>(text.size()), SECBUFFER_DATA, record.data() + sizes.cbHeader},
        {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, record.data() + sizes.cbHeader + text.size()}};
    SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};
    EXPECT_EQ(SEC_E_OK, EncryptMessage(&context_, 0, &message, 0));
    record.resize(buffers[0].cbBuffer + buffers[1].cbBuffer + buffers[2].cbBuffer);
    return record;
  }

  // Records of data and tickets, whose text is added to *text.
  void Open(Octets records, Octets* text) {
    while (!records.empty()) {
      SecBuffer buffers[4] = {{static_cast<ULONG>(records.size()), SECBUFFER_DATA, records.data()}};
      SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
      const SECURITY_STATUS status = DecryptMessage(&context_, &message, 0, nullptr);
      ASSERT_TRUE(status == SEC_E_OK || status == SEC_I_RENEGOTIATE) << Text(status);
      Octets rest;
      for (const SecBuffer& buffer : buffers) {
        const auto* octets = static_cast<const uint8_t*>(buffer.pvBuffer);
        if (status == SEC_E_OK && buffer.BufferType == SECBUFFER_DATA)
          text->insert(text->end(), octets, octets + buffer.cbBuffer);
        if (buffer.BufferType == SECBUFFER_EXTRA) rest.assign(octets, octets + buffer.cbBuffer);
      }
      if (status == SEC_I_RENEGOTIATE) {
        // The application may skip the ticket instead of feeding it back.
        const size_t size = 5 + (size_t{rest[3]} << 8 | rest[4]);
        rest.erase(rest.begin(), rest.begin() + static_cast<ptrdiff_t>(size));
      }
      records = rest;
    }
  }

  bool resumed() {
    SecPkgContext_SessionInfo info = {};
    EXPECT_EQ(SEC_E_OK, QueryContextAttributesA(&context_, SECPKG_ATTR_SESSION_INFO, &info));
    return (info.dwFlags & SSL_SESSION_RECONNECT) != 0;
  }

 private:
  CredHandle* credential_;
  CtxtHandle context_ = {};
  bool client_;
  bool has_context_ = false;
};

// A connection from its begin to its end. False: there was no place for it at the moment.
bool Connect(Credentials& credentials, uint8_t number, std::atomic<unsigned>* resumed) {
  Side client(&credentials.client, true);
  Side server(&credentials.server, false);
  Octets to_server;
  Octets to_client;
  SECURITY_STATUS of_client = client.Step({}, &to_server);
  if (of_client == SEC_E_INSUFFICIENT_MEMORY) return false;
  SECURITY_STATUS of_server = SEC_I_CONTINUE_NEEDED;
  for (int turn = 0; turn < 6; ++turn) {
    if (of_server != SEC_E_OK && !to_server.empty()) {
      of_server = server.Step(to_server, &to_client);
      if (of_server == SEC_E_INSUFFICIENT_MEMORY) return false;
      EXPECT_GE(of_server, 0) << Text(of_server);
      to_server.clear();
    }
    if (of_client != SEC_E_OK && !to_client.empty()) {
      of_client = client.Step(to_client, &to_server);
      EXPECT_GE(of_client, 0) << Text(of_client);
      to_client.clear();
    }
  }
  EXPECT_EQ(SEC_E_OK, of_client) << Text(of_client);
  EXPECT_EQ(SEC_E_OK, of_server) << Text(of_server);
  if (of_client != SEC_E_OK || of_server != SEC_E_OK) return true;
  Octets text;
  client.Open(to_client, &text);  // tickets
  for (int i = 0; i < 10; ++i) {
    const Octets question(100, number);
    const Octets answer(1000, static_cast<uint8_t>(number + i));
    text.clear();
    server.Open(client.Seal(question), &text);
    EXPECT_EQ(question, text);
    text.clear();
    client.Open(server.Seal(answer), &text);
    EXPECT_EQ(answer, text);
  }
  if (client.resumed()) ++*resumed;
  return true;
}

TEST(TlsThreads, ContextsOfSharedCredentialsInFourThreads) {
  constexpr unsigned kThreads = 4;
  constexpr unsigned kConnections = 40;
  Credentials tls12(SP_PROT_TLS1_2);
  Credentials tls13(SP_PROT_TLS1_3);
  std::atomic<unsigned> resumed = 0;
  std::atomic<unsigned> done = 0;
  std::vector<std::thread> threads;
  for (unsigned number = 0; number < kThreads; ++number) {
    threads.emplace_back([&, number] {
      for (unsigned i = 0; i < kConnections;) {
        // There are fewer places than these threads want at times, which is an answer, too.
        if (Connect((i + number) % 2 == 0 ? tls12 : tls13, static_cast<uint8_t>(number), &resumed)) {
          ++i;
          ++done;
        } else {
          std::this_thread::yield();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(kThreads * kConnections, done);
  EXPECT_GT(resumed, 0u);
  printf("%u connections, %u of them resumed\n", done.load(), resumed.load());
}

TEST(TlsThreads, CredentialsComeAndGoBeside) {
  Credentials shared(SP_PROT_TLS1_3);
  std::atomic<bool> over = false;
  std::atomic<unsigned> resumed = 0;
  std::thread other([&] {
    for (int i = 0; i < 20;) {
      if (Connect(shared, 1, &resumed)) ++i;
    }
    over = true;
  });
  while (!over) {
    CredHandle handle;
    char name[] = SCHANNEL_NAME_A;
    SCHANNEL_CRED settings = {};
    settings.dwVersion = SCHANNEL_CRED_VERSION;
    settings.hRootStore = &shared.roots;
    const SECURITY_STATUS status = AcquireCredentialsHandleA(nullptr, name, SECPKG_CRED_OUTBOUND, nullptr,
                                                             &settings, nullptr, nullptr, &handle, nullptr);
    if (status == SEC_E_INSUFFICIENT_MEMORY) continue;
    EXPECT_EQ(SEC_E_OK, status) << Text(status);
    EXPECT_EQ(SEC_E_OK, FreeCredentialsHandle(&handle));
  }
  other.join();
}

}  // namespace
