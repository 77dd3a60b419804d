// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/support/tls_party.h"

#include "config/baresspi_config.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/tls_edits.h"

namespace fuzz::tls {
namespace {

namespace pki = baresspi::pki;

constexpr size_t kRoom = 18432;
constexpr ULONG kUnknownType = 77;
constexpr uint8_t kAlert = 21;
constexpr uint8_t kApplicationData = 23;

BARESSPI_BLOB BlobOf(const pki::Octets& octets) {
  return {static_cast<ULONG>(octets.size), octets.data};
}

// "h2" and "http/1.1" (RFC 7301), as a SEC_APPLICATION_PROTOCOLS.
Octets Protocols() {
  static constexpr char kNames[] = "\2h2\10http/1.1";
  constexpr size_t kNamesSize = sizeof kNames - 1;
  constexpr size_t kHead = offsetof(SEC_APPLICATION_PROTOCOL_LIST, ProtocolList);
  SEC_APPLICATION_PROTOCOL_LIST head = {};
  head.ProtoNegoExt = SecApplicationProtocolNegotiationExt_ALPN;
  head.ProtocolListSize = kNamesSize;
  const ULONG size = kHead + kNamesSize;
  Octets octets(sizeof size + size);
  memcpy(octets.data(), &size, sizeof size);
  memcpy(octets.data() + sizeof size, &head, kHead);
  memcpy(octets.data() + sizeof size + kHead, kNames, kNamesSize);
  return octets;
}

// The statuses of core/README.md, "What a refusal says", and of schannel.h.
void CheckStatus(SECURITY_STATUS status) {
  FUZZ_STATUS(status, SEC_E_OK, SEC_I_CONTINUE_NEEDED, SEC_I_INCOMPLETE_CREDENTIALS, SEC_I_CONTEXT_EXPIRED,
              SEC_E_INCOMPLETE_MESSAGE, SEC_E_BUFFER_TOO_SMALL, SEC_E_INVALID_TOKEN, SEC_E_CONTEXT_EXPIRED,
              SEC_E_UNTRUSTED_ROOT, SEC_E_CERT_EXPIRED, SEC_E_WRONG_PRINCIPAL, SEC_E_CERT_WRONG_USAGE,
              SEC_E_CERT_UNKNOWN, SEC_E_TIME_SKEW, SEC_E_INCOMPLETE_CREDENTIALS, SEC_E_ALGORITHM_MISMATCH,
              SEC_E_UNSUPPORTED_FUNCTION, SEC_E_MESSAGE_ALTERED, SEC_E_ILLEGAL_MESSAGE, SEC_E_INTERNAL_ERROR,
              SEC_E_APPLICATION_PROTOCOL_MISMATCH, SEC_E_DECRYPT_FAILURE, CRYPT_E_REVOKED, SEC_E_LOGON_DENIED,
              SEC_E_UNFINISHED_CONTEXT_DELETED);
}

// What goes out with an error ends with an alert: in the clear or (TLS 1.3) as a record of two octets and a
// type, or (TLS 1.2) of two octets with all that a cipher puts around them. Before it there may be a whole
// flight, when what the peer sent was right up to some record.
bool EndsWithAlert(const Octets& octets) {
  const std::vector<Record> records = Split(octets);
  if (records.empty() || records.back().claimed >= 0) return false;
  const Record& last = records.back();
  return last.type == kAlert || (last.type == kApplicationData && last.content.size() == 2 + 1 + 16);
}

// What a query hands out is there to be read.
unsigned Sum(const void* octets, size_t size) {
  unsigned sum = 0;
  for (size_t i = 0; i < size; ++i) sum += static_cast<const uint8_t*>(octets)[i];
  return sum;
}

void ReadCertificate(const CERT_CONTEXT* certificate) {
  volatile unsigned sum = 0;
  if (certificate == nullptr) return;
  sum = sum + Sum(certificate->pbCertEncoded, certificate->cbCertEncoded);
  const CERT_CONTEXT* next = nullptr;
  while ((next = CertEnumCertificatesInStore(certificate->hCertStore, next)) != nullptr) {
    sum = sum + Sum(next->pbCertEncoded, next->cbCertEncoded);
  }
}

}  // namespace

bool IsFinal(SECURITY_STATUS status) {
  return status < 0 && status != SEC_E_INCOMPLETE_MESSAGE && status != SEC_E_BUFFER_TOO_SMALL;
}

Layout LayoutOf(uint8_t choice) {
  Layout layout;
  layout.empties = 2 - (choice & 3) % 3;
  layout.alert = (choice & 4) != 0;
  layout.small_first = (choice & 16) != 0;
  layout.stranger = (choice & 32) != 0;
  return layout;
}

Party::Party(const Setup& setup) : setup_(setup) {
  const bool shows = setup.shows || !setup.client;
  const pki::Octets& key = setup.client ? setup.rsa ? pki::kClientRsaKey : pki::kClientKey
                           : setup.rsa  ? pki::kServerRsaKey
                                        : pki::kServerKey;
  const pki::Octets& certificate = setup.client ? setup.rsa ? pki::kClientRsa : pki::kClient
                                   : setup.rsa  ? pki::kServerRsa
                                                : pki::kServer;
  anchors_[0] = BlobOf(pki::kRoot);
  anchors_[1] = BlobOf(pki::kRootRsa);
  roots_ = {BARESSPI_CERT_STORE_VERSION, 2, anchors_, nullptr, 0, nullptr};
  own_ = {BARESSPI_CERT_STORE_VERSION, 0, nullptr, key.data, static_cast<ULONG>(key.size), nullptr};
  certificate_ = {X509_ASN_ENCODING, const_cast<BYTE*>(certificate.data),
                  static_cast<DWORD>(certificate.size), nullptr, &own_};
  cred_.dwVersion = SCHANNEL_CRED_VERSION;
  cred_.hRootStore = &roots_;
  cred_.cCreds = shows ? 1 : 0;
  cred_.paCred = shows ? certificates_ : nullptr;
  cred_.grbitEnabledProtocols = setup.protocols;
  cred_.dwFlags = setup.flags;
  if (setup.speaks_alpn) protocols_ = Protocols();
  const ULONG use = setup.client ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND;
  const SECURITY_STATUS status = AcquireCredentialsHandleA(nullptr, UNISP_NAME_A, use, nullptr, &cred_,
                                                           nullptr, nullptr, &credential_, nullptr);
  FUZZ_STATUS(status, SEC_E_OK);
}

Party::~Party() {
  DeleteContext();
  FUZZ_CHECK(FreeCredentialsHandle(&credential_) == SEC_E_OK);
}

void Party::DeleteContext() {
  if (has_context_) FUZZ_CHECK(DeleteSecurityContext(&context_) == SEC_E_OK);
  has_context_ = false;
}

Answer Party::Call(const Octets& input, const Layout& layout, size_t room) {
  const Buffer in(input);
  const Buffer out(room);
  const Buffer alert(64);
  SecBuffer inputs[5] = {};
  ULONG count = 0;
  if (layout.stranger) inputs[count++] = {0, kUnknownType, nullptr};
  inputs[count++] = {static_cast<ULONG>(in.size()), SECBUFFER_TOKEN, in.size() == 0 ? nullptr : in.data()};
  for (unsigned i = 0; i < layout.empties; ++i) inputs[count++] = {0, SECBUFFER_EMPTY, nullptr};
  if (setup_.speaks_alpn) {
    inputs[count++] = {static_cast<ULONG>(protocols_.size()), SECBUFFER_APPLICATION_PROTOCOLS,
                       protocols_.data()};
  }
  SecBuffer outputs[2] = {{static_cast<ULONG>(room), SECBUFFER_TOKEN, out.data()},
                          {static_cast<ULONG>(alert.size()), SECBUFFER_ALERT, alert.data()}};
  SecBufferDesc from = {SECBUFFER_VERSION, count, inputs};
  SecBufferDesc to = {SECBUFFER_VERSION, layout.alert ? 2u : 1u, outputs};
  CtxtHandle* const old = has_context_ ? &context_ : nullptr;
  ULONG attributes = 0;
  TimeStamp expiry = {};
  Answer answer;
  if (setup_.client) {
    const ULONG requested = ISC_REQ_CONFIDENTIALITY | ISC_REQ_STREAM | setup_.requested |
                            (setup_.extended ? ISC_REQ_EXTENDED_ERROR : 0) |
                            (layout.supplied ? ISC_REQ_USE_SUPPLIED_CREDS : 0);
    answer.status = InitializeSecurityContextA(&credential_, old, setup_.target, requested, 0, 0, &from, 0,
                                               &context_, &to, &attributes, &expiry);
  } else {
    const ULONG requested = ASC_REQ_CONFIDENTIALITY | ASC_REQ_STREAM | setup_.requested |
                            (setup_.asks ? ASC_REQ_MUTUAL_AUTH : 0) |
                            (setup_.extended ? ASC_REQ_EXTENDED_ERROR : 0);
    answer.status =
        AcceptSecurityContext(&credential_, old, &from, requested, 0, &context_, &to, &attributes, &expiry);
  }
  CheckStatus(answer.status);
  has_context_ = has_context_ || answer.status >= 0;
  if (answer.status == SEC_E_BUFFER_TOO_SMALL) {
    FUZZ_CHECK(outputs[0].cbBuffer > room);
    return answer;
  }
  // An established side that has nothing to say, or may say no more, leaves all as it is.
  const bool leaves = answer.status == SEC_E_INCOMPLETE_MESSAGE || answer.status == SEC_E_INVALID_TOKEN ||
                      answer.status == SEC_E_CONTEXT_EXPIRED;
  if (!leaves) {
    FUZZ_CHECK(outputs[0].cbBuffer <= room);
    answer.output = out.First(outputs[0].cbBuffer);
  }
  if (IsFinal(answer.status) && !answer.output.empty()) {
    FUZZ_CHECK(setup_.extended);
    FUZZ_CHECK(EndsWithAlert(answer.output));
  }
  if (layout.alert && IsFinal(answer.status) && outputs[1].cbBuffer != 0 &&
      outputs[1].cbBuffer != alert.size()) {
    FUZZ_CHECK(EndsWithAlert(alert.First(outputs[1].cbBuffer)));
  }
  for (ULONG i = 0; i < count; ++i) {
    if (inputs[i].BufferType == SECBUFFER_EXTRA) answer.extra = inputs[i].cbBuffer;
    if (inputs[i].BufferType == SECBUFFER_MISSING) answer.missing = inputs[i].cbBuffer;
  }
  FUZZ_CHECK(answer.extra <= input.size());
  FUZZ_CHECK(answer.status != SEC_E_INCOMPLETE_MESSAGE || answer.extra == 0);
  FUZZ_CHECK(answer.missing == 0 || answer.status == SEC_E_INCOMPLETE_MESSAGE);
  return answer;
}

// Too small an output changes nothing, so that the call behind it is as if it had been the first.
Answer Party::Step(const Octets& input, const Layout& layout) {
  if (layout.small_first) {
    const Answer answer = Call(input, layout, BARESSPI_SCHANNEL_MAX_TOKEN - 1);
    if (answer.status != SEC_E_BUFFER_TOO_SMALL) return answer;
  }
  return Call(input, layout, kRoom);
}

Opened Party::Open(const Octets& records) {
  const Buffer data(records);
  SecBuffer buffers[4] = {{static_cast<ULONG>(records.size()), SECBUFFER_DATA, data.data()},
                          {0, SECBUFFER_EMPTY, nullptr},
                          {0, SECBUFFER_EMPTY, nullptr},
                          {0, SECBUFFER_EMPTY, nullptr}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  Opened opened;
  opened.status = DecryptMessage(&context_, &message, 0, nullptr);
  for (const SecBuffer& buffer : buffers) {
    const auto* octets = static_cast<const uint8_t*>(buffer.pvBuffer);
    const bool holds = buffer.BufferType == SECBUFFER_DATA || buffer.BufferType == SECBUFFER_EXTRA ||
                       buffer.BufferType == SECBUFFER_STREAM_HEADER ||
                       buffer.BufferType == SECBUFFER_STREAM_TRAILER;
    if (!holds || buffer.cbBuffer == 0) continue;
    FUZZ_CHECK(octets >= data.data() && buffer.cbBuffer <= data.size() &&
               static_cast<size_t>(octets - data.data()) <= data.size() - buffer.cbBuffer);
    if (buffer.BufferType == SECBUFFER_DATA && opened.status == SEC_E_OK)
      opened.text.assign(octets, octets + buffer.cbBuffer);
    if (buffer.BufferType == SECBUFFER_EXTRA) opened.extra.assign(octets, octets + buffer.cbBuffer);
  }
  return opened;
}

SECURITY_STATUS Party::Control(const Octets& token) {
  const Buffer octets(token);
  SecBuffer buffer = {static_cast<ULONG>(token.size()), SECBUFFER_TOKEN, octets.data()};
  SecBufferDesc list = {SECBUFFER_VERSION, 1, &buffer};
  return ApplyControlToken(&context_, &list);
}

void Party::QueryAll() {
  static constexpr ULONG kAttributes[] = {
      SECPKG_ATTR_SIZES,
      SECPKG_ATTR_NAMES,
      SECPKG_ATTR_LIFESPAN,
      SECPKG_ATTR_STREAM_SIZES,
      SECPKG_ATTR_KEY_INFO,
      SECPKG_ATTR_PACKAGE_INFO,
      SECPKG_ATTR_FLAGS,
      SECPKG_ATTR_UNIQUE_BINDINGS,
      SECPKG_ATTR_ENDPOINT_BINDINGS,
      SECPKG_ATTR_APPLICATION_PROTOCOL,
      SECPKG_ATTR_ISSUER_LIST_EX,
      SECPKG_ATTR_CONNECTION_INFO,
      SECPKG_ATTR_SESSION_INFO,
      SECPKG_ATTR_CIPHER_INFO,
      SECPKG_ATTR_SUPPORTED_SIGNATURES,
      SECPKG_ATTR_REMOTE_CERT_CONTEXT,
      SECPKG_ATTR_LOCAL_CERT_CONTEXT,
      SECPKG_ATTR_REMOTE_CERT_CHAIN,
      SECPKG_ATTR_KEYING_MATERIAL,
  };
  if (!has_context_) return;
  for (const ULONG attribute : kAttributes) {
    const Buffer answer(1024);
    memset(answer.data(), 0, answer.size());
    if (QueryContextAttributesA(&context_, attribute, answer.data()) != SEC_E_OK) continue;
    volatile unsigned sum = 0;
    if (attribute == SECPKG_ATTR_REMOTE_CERT_CONTEXT || attribute == SECPKG_ATTR_LOCAL_CERT_CONTEXT ||
        attribute == SECPKG_ATTR_REMOTE_CERT_CHAIN) {
      const CERT_CONTEXT* certificate = nullptr;
      memcpy(&certificate, answer.data(), sizeof certificate);
      ReadCertificate(certificate);
    } else if (attribute == SECPKG_ATTR_UNIQUE_BINDINGS || attribute == SECPKG_ATTR_ENDPOINT_BINDINGS) {
      SecPkgContext_Bindings bindings;
      memcpy(&bindings, answer.data(), sizeof bindings);
      sum = sum + Sum(bindings.Bindings, bindings.BindingsLength);
    } else if (attribute == SECPKG_ATTR_ISSUER_LIST_EX) {
      SecPkgContext_IssuerListInfoEx list;
      memcpy(&list, answer.data(), sizeof list);
      for (DWORD i = 0; i < list.cIssuers; ++i)
        sum = sum + Sum(list.aIssuers[i].pbData, list.aIssuers[i].cbData);
    }
  }
}

void Party::CheckLatched(SECURITY_STATUS status, const Octets& input) {
  if (!has_context_) return;
  for (const Octets& again : {input, Octets()}) {
    const Answer answer = Call(again, {}, kRoom);
    FUZZ_CHECK(answer.status == status);
    FUZZ_CHECK(answer.output.empty());
  }
  FUZZ_CHECK(Open(input).status == status);
  FUZZ_CHECK(Control({SCHANNEL_SHUTDOWN, 0, 0, 0}) == status);
  SecPkgContext_StreamSizes sizes = {};
  FUZZ_CHECK(QueryContextAttributesA(&context_, SECPKG_ATTR_STREAM_SIZES, &sizes) == status);
}

}  // namespace fuzz::tls
