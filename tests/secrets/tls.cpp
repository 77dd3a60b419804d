// SPDX-License-Identifier: Apache-2.0
// TLS connections between a client and a server of ours, both with certificates, with all that hands out
// keys.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include <baresspi/schannel.h>
#include <mbedtls/ssl.h>

#include "core/base/memory.h"
#include "tests/secrets/program.h"
#include "tests/support/pki/certificates.h"

// The linker has core call this instead (--wrap): a connection's secrets are told to the test by mbed TLS.
extern "C" int __real_mbedtls_ssl_setup(mbedtls_ssl_context* ssl, const mbedtls_ssl_config* conf);
extern "C" int __wrap_mbedtls_ssl_setup(mbedtls_ssl_context* ssl, const mbedtls_ssl_config* conf);

namespace secrets {
namespace {

namespace pki = baresspi::pki;

constexpr size_t kRoom = 20480;
constexpr size_t kMaterial = 48;
enum Who : uint8_t { kClient, kServer };

struct Case {
  const char* name;
  ULONG protocols;     // of the server
  bool shows_clients;  // the client shows a certificate; then no session is resumed
};
constexpr Case kCases[] = {
    {"TLS 1.2", SP_PROT_TLS1_2_SERVER, false},
    {"TLS 1.2, client's certificate", SP_PROT_TLS1_2_SERVER, true},
#if BARESSPI_TLS_1_3
    {"TLS 1.3", SP_PROT_TLS1_3_SERVER, false},
    {"TLS 1.3, client's certificate", SP_PROT_TLS1_3_SERVER, true},
#endif
};

void TakeKeys(void*, mbedtls_ssl_key_export_type, const unsigned char* secret, size_t size,
              const unsigned char*, const unsigned char*, mbedtls_tls_prf_types) {
  // A session that can be resumed has the master secret, until its credential goes.
  Note("secret of the connection", secret, size, Life::kCredential);
}

// The number in an ECPrivateKey (RFC 5915 3), which is its first OCTET STRING, and as mbed TLS computes with
// it.
void NoteKey(const pki::Octets& key) {
  constexpr size_t kAt = 7;
  constexpr size_t kSize = 32;
  uint8_t backwards[kSize];
  Expect("a key on P-256", key.size > kAt + kSize && key.data[kAt - 2] == 4 && key.data[kAt - 1] == kSize);
  for (size_t i = 0; i < kSize; ++i) backwards[i] = key.data[kAt + kSize - 1 - i];
  Note("private key", key.data + kAt, kSize, Life::kContext);
  Note("private key", backwards, kSize, Life::kContext);
}

class Connection {
 public:
  explicit Connection(const Case& its) : case_(its) {}
  void Run();

 private:
  void Acquire(Who who);
  void Step(Who who);
  void Handshake();
  void Export(Who who);
  void Converse(Who from, Who to);

  // Not on a stack: as large as flights may be.
  struct Inbox {
    uint8_t octets[kRoom];
    size_t size;
  };
  static constinit Inbox inboxes_[2];

  const Case& case_;
  CredHandle credentials_[2] = {};
  CtxtHandle contexts_[2] = {};
  bool has_context_[2] = {};
  SECURITY_STATUS status_[2] = {SEC_I_CONTINUE_NEEDED, SEC_I_CONTINUE_NEEDED};
  BARESSPI_CERT_STORE own_ = {};
  BARESSPI_CERT_STORE roots_ = {};
  BARESSPI_BLOB anchor_ = {};
  CERT_CONTEXT certificate_[2] = {};
  BARESSPI_CERT_STORE stores_[2] = {};
};
constinit Connection::Inbox Connection::inboxes_[2] = {};

void Connection::Acquire(Who who) {
  const pki::Octets& certificate = who == kClient ? pki::kClient : pki::kServer;
  const pki::Octets& key = who == kClient ? pki::kClientKey : pki::kServerKey;
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  SCHANNEL_CRED credential = {};
  PCCERT_CONTEXT list[1] = {&certificate_[who]};
  anchor_ = {static_cast<ULONG>(pki::kRoot.size), pki::kRoot.data};
  roots_ = {BARESSPI_CERT_STORE_VERSION, 1, &anchor_, nullptr, 0, nullptr};
  stores_[who] = {BARESSPI_CERT_STORE_VERSION, 0, nullptr, key.data, static_cast<ULONG>(key.size), nullptr};
  certificate_[who] = {X509_ASN_ENCODING, const_cast<BYTE*>(certificate.data),
                       static_cast<DWORD>(certificate.size), nullptr, &stores_[who]};
  credential.dwVersion = SCHANNEL_CRED_VERSION;
  credential.cCreds = 1;
  credential.paCred = list;
  credential.hRootStore = &roots_;
  if (who == kServer) credential.grbitEnabledProtocols = case_.protocols;
  NoteKey(key);
  secrets::Run("TLS: AcquireCredentialsHandle", [&] {
    status = AcquireCredentialsHandleA(nullptr, UNISP_NAME_A,
                                       who == kClient ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND, nullptr,
                                       &credential, nullptr, nullptr, &credentials_[who], nullptr);
  });
  Expect("a credential", status == SEC_E_OK);
}

void Connection::Step(Who who) {
  Inbox& in = inboxes_[who];
  Inbox& out = inboxes_[1 - who];
  SecBuffer inputs[2] = {{static_cast<ULONG>(in.size), SECBUFFER_TOKEN, in.octets},
                         {0, SECBUFFER_EMPTY, nullptr}};
  SecBuffer token = {static_cast<ULONG>(kRoom - out.size), SECBUFFER_TOKEN, out.octets + out.size};
  SecBufferDesc input = {SECBUFFER_VERSION, 2, inputs};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &token};
  PCtxtHandle const old = has_context_[who] ? &contexts_[who] : nullptr;
  ULONG attributes = 0;
  secrets::Run(who == kClient ? "TLS: InitializeSecurityContext" : "TLS: AcceptSecurityContext", [&] {
    if (who == kClient) {
      status_[who] = InitializeSecurityContextA(
          &credentials_[who], old, "device.example.test", ISC_REQ_CONFIDENTIALITY | ISC_REQ_STREAM, 0, 0,
          old == nullptr ? nullptr : &input, 0, &contexts_[who], &output, &attributes, nullptr);
    } else {
      status_[who] = AcceptSecurityContext(
          &credentials_[who], old, &input,
          ASC_REQ_CONFIDENTIALITY | ASC_REQ_STREAM | (case_.shows_clients ? ASC_REQ_MUTUAL_AUTH : 0), 0,
          &contexts_[who], &output, &attributes, nullptr);
    }
  });
  if (status_[who] < 0) return;
  has_context_[who] = true;
  out.size += token.cbBuffer;
  const size_t rest = inputs[1].BufferType == SECBUFFER_EXTRA ? inputs[1].cbBuffer : 0;
  __builtin_memmove(in.octets, in.octets + in.size - rest, rest);
  in.size = rest;
}

void Connection::Handshake() {
  inboxes_[kClient].size = inboxes_[kServer].size = 0;
  Step(kClient);
  for (int turns = 0; turns < 20 && (status_[kClient] > 0 || status_[kServer] > 0); ++turns) {
    const Who who = turns % 2 == 0 ? kServer : kClient;
    if (status_[who] > 0 && inboxes_[who].size != 0) Step(who);
    if (status_[who] < 0) break;
  }
  Expect("a connection", status_[kClient] == SEC_E_OK && status_[kServer] == SEC_E_OK);
}

void Connection::Export(Who who) {
  char label[] = "EXPERIMENTAL-BARESSPI";
  SecPkgContext_KeyingMaterialInfo info = {sizeof label, label, 0, nullptr, kMaterial};
  SecPkgContext_KeyingMaterial material = {};
  SecPkgContext_Bindings bindings = {};
  SecPkgContext_SessionKey key = {};
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  secrets::Run("TLS: KEYING_MATERIAL", [&] {
    status = SetContextAttributesA(&contexts_[who], SECPKG_ATTR_KEYING_MATERIAL_INFO, &info, sizeof info);
    if (status == SEC_E_OK)
      status = QueryContextAttributesA(&contexts_[who], SECPKG_ATTR_KEYING_MATERIAL, &material);
    (void)QueryContextAttributesA(&contexts_[who], SECPKG_ATTR_UNIQUE_BINDINGS, &bindings);
    (void)QueryContextAttributesA(&contexts_[who], SECPKG_ATTR_SESSION_KEY, &key);
  });
  Expect("keying material", status == SEC_E_OK && material.cbKeyingMaterial == kMaterial);
  if (status == SEC_E_OK)
    Note("exported keying material", material.pbKeyingMaterial, kMaterial, Life::kContext);
}

void Connection::Converse(Who from, Who to) {
  uint8_t record[512] = {};
  SecPkgContext_StreamSizes sizes = {};
  SECURITY_STATUS status = QueryContextAttributesA(&contexts_[from], SECPKG_ATTR_STREAM_SIZES, &sizes);
  constexpr ULONG kText = 100;
  SecBuffer parts[4] = {{sizes.cbHeader, SECBUFFER_STREAM_HEADER, record},
                        {kText, SECBUFFER_DATA, record + sizes.cbHeader},
                        {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, record + sizes.cbHeader + kText},
                        {0, SECBUFFER_EMPTY, nullptr}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, parts};
  secrets::Run("TLS: EncryptMessage", [&] { status = EncryptMessage(&contexts_[from], 0, &message, 0); });
  Expect("sealed", status == SEC_E_OK);
  // Behind what is left of the handshake: tickets.
  Inbox& inbox = inboxes_[to];
  for (size_t i = 0; i < 3; ++i) {
    baresspi::Copy(inbox.octets + inbox.size, parts[i].pvBuffer, parts[i].cbBuffer);
    inbox.size += parts[i].cbBuffer;
  }
  for (int records = 0; records < 8; ++records) {
    SecBuffer given[4] = {{static_cast<ULONG>(inbox.size), SECBUFFER_DATA, inbox.octets}};
    message.pBuffers = given;
    secrets::Run("TLS: DecryptMessage",
                 [&] { status = DecryptMessage(&contexts_[to], &message, 0, nullptr); });
    if (status == SEC_I_RENEGOTIATE) {
      status_[to] = SEC_I_CONTINUE_NEEDED;
      inbox.size = given[1].cbBuffer;
      Step(to);
      continue;
    }
    Expect("opened", status == SEC_E_OK && given[1].cbBuffer == kText);
    break;
  }
  inbox.size = 0;
}

void Connection::Run() {
  SECURITY_STATUS status = SEC_E_OK;
  Acquire(kClient);
  Acquire(kServer);
  Ended("TLS: AcquireCredentialsHandle", Life::kContext);
  // Then the session is resumed.
  for (int round = 0; round < 2; ++round) {
    status_[kClient] = status_[kServer] = SEC_I_CONTINUE_NEEDED;
    has_context_[kClient] = has_context_[kServer] = false;
    Handshake();
    if (status_[kClient] == SEC_E_OK && status_[kServer] == SEC_E_OK) {
      SecPkgContext_SessionInfo info = {};
      (void)QueryContextAttributesA(&contexts_[kServer], SECPKG_ATTR_SESSION_INFO, &info);
      Expect("the second connection resumes the session of the first",
             ((info.dwFlags & SSL_SESSION_RECONNECT) != 0) == (round == 1 && !case_.shows_clients));
      Export(kClient);
      Export(kServer);
      Converse(kServer, kClient);
      Converse(kClient, kServer);
      Held("TLS: established", "secret of the connection");
    }
    for (int who = 0; who < 2; ++who) {
      if (!has_context_[who]) continue;
      secrets::Run("TLS: DeleteSecurityContext", [&] { status = DeleteSecurityContext(&contexts_[who]); });
      Expect("deleted", status == SEC_E_OK);
    }
    Ended("TLS: DeleteSecurityContext", Life::kContext);
  }
  for (CredHandle& credential : credentials_) {
    secrets::Run("TLS: FreeCredentialsHandle", [&] { status = FreeCredentialsHandle(&credential); });
    Expect("freed", status == SEC_E_OK);
  }
  // What the peer has sent over decrypted, and the inboxes, hold no key.
  Ended("TLS: FreeCredentialsHandle", Life::kCredential);
}

void Connect(const void* its) {
  Connection(*static_cast<const Case*>(its)).Run();
}

}  // namespace

void RunTls() {
  for (const Case& its : kCases) Repeat(its.name, Connect, &its, Random::kPublic);
}

}  // namespace secrets

int __wrap_mbedtls_ssl_setup(mbedtls_ssl_context* ssl, const mbedtls_ssl_config* conf) {
  const int error = __real_mbedtls_ssl_setup(ssl, conf);
  if (error == 0) mbedtls_ssl_set_export_keys_cb(ssl, secrets::TakeKeys, nullptr);
  return error;
}

#endif
