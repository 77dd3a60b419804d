// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/pair.h"

#include "config/baresspi_config.h"
#include "core/base/memory.h"
#include "tests/support/pki/certificates.h"

namespace bench {
namespace {

constexpr size_t kRecordRoom = 16384 + 256;
constexpr int kMostTurns = 10000;

// The longest flight and what was left over of one before.
constinit uint8_t inboxes[2][2 * BARESSPI_SCHANNEL_MAX_TOKEN];
constinit uint8_t record[kRecordRoom];

[[gnu::always_inline]] inline uintptr_t StackPointer() {
#if defined(__arm__)
  uintptr_t sp;
  asm volatile("mov %0, sp" : "=r"(sp));
  return sp;
#else
  return 0;
#endif
}

// What the credentials lean on, which stays.
struct Store {
  BARESSPI_CERT_STORE own;
  CERT_CONTEXT certificate;
  PCCERT_CONTEXT list[1];
  BARESSPI_BLOB anchor;
  BARESSPI_CERT_STORE roots;
};
constinit Store stores[2];

void Show(Store& store, const baresspi::pki::Octets& certificate, const baresspi::pki::Octets& key) {
  store.own = {BARESSPI_CERT_STORE_VERSION, 0, nullptr, key.data, static_cast<ULONG>(key.size), nullptr};
  store.certificate = {X509_ASN_ENCODING, const_cast<BYTE*>(certificate.data),
                       static_cast<DWORD>(certificate.size), nullptr, &store.own};
  store.list[0] = &store.certificate;
}

void Trust(Store& store, const baresspi::pki::Octets& anchor) {
  store.anchor = {static_cast<ULONG>(anchor.size), anchor.data};
  store.roots = {BARESSPI_CERT_STORE_VERSION, 1, &store.anchor, nullptr, 0, nullptr};
}

}  // namespace

bool Pair::Acquire(const Scenario& scenario) {
  namespace pki = baresspi::pki;
  *this = Pair();
  Trust(stores[kClient], scenario.rsa ? pki::kRootRsa : pki::kRoot);
  Trust(stores[kServer], pki::kRoot);
  Show(stores[kClient], pki::kClient, pki::kClientKey);
  Show(stores[kServer], scenario.rsa ? pki::kServerRsa : pki::kServer,
       scenario.rsa ? pki::kServerRsaKey : pki::kServerKey);
  server_flags_ = ASC_REQ_CONFIDENTIALITY | ASC_REQ_STREAM;
  if (scenario.client_certificate) server_flags_ |= ASC_REQ_MUTUAL_AUTH;
  for (const Who who : kBoth) {
    SCHANNEL_CRED credential = {};
    credential.dwVersion = SCHANNEL_CRED_VERSION;
    credential.cCreds = who == kServer || scenario.client_certificate;
    credential.paCred = stores[who].list;
    credential.hRootStore = &stores[who].roots;
    credential.grbitEnabledProtocols = scenario.protocols;
    credential.dwFlags = SCH_CRED_DISABLE_RECONNECTS;
    SEC_CHAR package[] = UNISP_NAME_A;
    TimeStamp expiry;
    status_ = AcquireCredentialsHandleA(nullptr, package,
                                        who == kClient ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND, nullptr,
                                        &credential, nullptr, nullptr, &credentials_[who], &expiry);
    if (status_ != SEC_E_OK) return false;
  }
  return true;
}

// Feeds a side what waits for it; what it says goes to the other. While a computation goes on it is given no
// input.
bool Pair::Step(Who who) {
  const Who other = who == kClient ? kServer : kClient;
  uint8_t* const inbox = inboxes[who];
  SecBuffer inputs[2] = {{static_cast<ULONG>(waiting_[who]), SECBUFFER_TOKEN, inbox},
                         {0, SECBUFFER_EMPTY, nullptr}};
  SecBuffer token = {static_cast<ULONG>(sizeof inboxes[0] - waiting_[other]), SECBUFFER_TOKEN,
                     inboxes[other] + waiting_[other]};
  SecBufferDesc input = {SECBUFFER_VERSION, 2, inputs};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &token};
  ULONG attributes = 0;
  TimeStamp expiry;
  PCtxtHandle const old = has_context_[who] ? &contexts_[who] : nullptr;
  PSecBufferDesc const given = computes_ || (old == nullptr && who == kClient) ? nullptr : &input;
  if (who == kClient) {
    SEC_CHAR target[] = "device.example.test";
    CallBegins(StackPointer());
    status_ =
        InitializeSecurityContextA(&credentials_[who], old, target, ISC_REQ_CONFIDENTIALITY | ISC_REQ_STREAM,
                                   0, 0, given, 0, &contexts_[who], &output, &attributes, &expiry);
  } else {
    CallBegins(StackPointer());
    status_ = AcceptSecurityContext(&credentials_[who], old, given, server_flags_, 0, &contexts_[who],
                                    &output, &attributes, &expiry);
  }
  CallEnds(who, &contexts_[who], status_);
  if (status_ < 0) return false;
  has_context_[who] = true;
  established_[who] = status_ == SEC_E_OK;
  computes_ = status_ == SEC_I_ASYNC_CALL_PENDING;
  waiting_[other] += token.cbBuffer;
  if (given == nullptr) return true;
  const size_t left = inputs[1].BufferType == SECBUFFER_EXTRA ? inputs[1].cbBuffer : 0;
  __builtin_memmove(inbox, inbox + waiting_[who] - left, left);
  waiting_[who] = left;
  return true;
}

bool Pair::Connect() {
  has_context_[kClient] = has_context_[kServer] = false;
  established_[kClient] = established_[kServer] = false;
  waiting_[kClient] = waiting_[kServer] = 0;
  if (!Step(kClient)) return false;
  for (int turns = 0; !established_[kClient] || !established_[kServer];) {
    for (const Who who : kBoth) {
      while (computes_ || (!established_[who] && waiting_[who] != 0)) {
        if (++turns > kMostTurns || !Step(who)) return false;
      }
    }
    if (++turns > kMostTurns) return false;
  }
  status_ = QueryContextAttributesA(&contexts_[kClient], SECPKG_ATTR_STREAM_SIZES, &sizes_);
  return status_ == SEC_E_OK && sizes_.cbHeader + sizes_.cbMaximumMessage + sizes_.cbTrailer <= sizeof record;
}

bool Pair::Transfer(size_t size) {
  uint8_t* const text = record + sizes_.cbHeader;
  SecBuffer parts[4] = {{sizes_.cbHeader, SECBUFFER_STREAM_HEADER, record},
                        {static_cast<ULONG>(size), SECBUFFER_DATA, text},
                        {sizes_.cbTrailer, SECBUFFER_STREAM_TRAILER, text + size},
                        {0, SECBUFFER_EMPTY, nullptr}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, parts};
  CallBegins(StackPointer());
  status_ = EncryptMessage(&contexts_[kClient], 0, &message, 0);
  CallEnds(kClient, &contexts_[kClient], status_);
  if (status_ != SEC_E_OK) return false;
  const ULONG whole = parts[0].cbBuffer + parts[1].cbBuffer + parts[2].cbBuffer;
  parts[0] = {whole, SECBUFFER_DATA, record};
  for (int i = 1; i < 4; ++i) parts[i] = {0, SECBUFFER_EMPTY, nullptr};
  CallBegins(StackPointer());
  status_ = DecryptMessage(&contexts_[kServer], &message, 0, nullptr);
  CallEnds(kServer, &contexts_[kServer], status_);
  return status_ == SEC_E_OK && parts[1].BufferType == SECBUFFER_DATA && parts[1].cbBuffer == size;
}

unsigned Pair::Suite() {
  SecPkgContext_CipherInfo info = {};
  info.dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
  status_ = QueryContextAttributesA(&contexts_[kClient], SECPKG_ATTR_CIPHER_INFO, &info);
  return status_ == SEC_E_OK ? info.dwCipherSuite : 0;
}

bool Pair::Disconnect() {
  for (const Who who : kBoth) {
    CallBegins(StackPointer());
    status_ = DeleteSecurityContext(&contexts_[who]);
    CallEnds(who, nullptr, status_);
    if (status_ != SEC_E_OK) return false;
  }
  return true;
}

bool Pair::Release() {
  for (const Who who : kBoth) {
    status_ = FreeCredentialsHandle(&credentials_[who]);
    if (status_ != SEC_E_OK) return false;
  }
  return true;
}

}  // namespace bench
