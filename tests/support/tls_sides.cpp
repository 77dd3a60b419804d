// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tls_sides.h"

#include <string.h>

#include "config/baresspi_config.h"
#include "tests/support/scripted_port.h"

namespace tls_sides {

using two_sides::Buffer;

Config::Config() {
  roots_.Version = BARESSPI_CERT_STORE_VERSION;
  roots_.Certificates = anchors_;
  cred.dwVersion = SCHANNEL_CRED_VERSION;
  cred.paCred = list_;
  cred.hRootStore = &roots_;
}

void Config::Show(const baresspi::pki::Octets& certificate, const baresspi::pki::Octets& key,
                  const baresspi::pki::Octets* intermediate) {
  const size_t i = cred.cCreds++;
  Shown& shown = shown_[i];
  list_[i] = &shown.certificate;
  shown.store.Version = BARESSPI_CERT_STORE_VERSION;
  shown.store.PrivateKey = key.data;
  shown.store.cbPrivateKey = static_cast<ULONG>(key.size);
  if (intermediate != nullptr) {
    shown.intermediate = {static_cast<ULONG>(intermediate->size), intermediate->data};
    shown.store.cCertificates = 1;
    shown.store.Certificates = &shown.intermediate;
  }
  shown.certificate = {X509_ASN_ENCODING, const_cast<BYTE*>(certificate.data),
                       static_cast<DWORD>(certificate.size), nullptr, &shown.store};
}

void Config::Trust(const baresspi::pki::Octets& anchor) {
  anchors_[roots_.cCertificates++] = {static_cast<ULONG>(anchor.size), anchor.data};
}

ClientSetup::ClientSetup() {
  Trust(baresspi::pki::kRoot);
  Trust(baresspi::pki::kRootRsa);
}

ServerSetup::ServerSetup() {
  Trust(baresspi::pki::kRoot);
  Trust(baresspi::pki::kRootRsa);
  Show(baresspi::pki::kServer, baresspi::pki::kServerKey);
}

Side::Side(ULONG use, const void* auth_data) : use_(use) {
  TimeStamp expiry;
  acquired_ = AcquireCredentialsHandleA(nullptr, UNISP_NAME_A, use, nullptr, const_cast<void*>(auth_data),
                                        nullptr, nullptr, &credential_, &expiry);
}

Side::~Side() {
  DeleteContext();
  FreeCredential();
}

void Side::DeleteContext() {
  if (has_context_) {
    EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context_));
  }
  has_context_ = false;
}

void Side::FreeCredential() {
  if (acquired_ == SEC_E_OK) {
    EXPECT_STATUS(SEC_E_OK, FreeCredentialsHandle(&credential_));
  }
  acquired_ = SEC_E_INVALID_HANDLE;
}

Result Side::Step(const Octets& token, const Call& call) {
  Buffer in(token);
  Buffer out(call.room);
  Buffer alert(64);
  SecBuffer inputs[3] = {{static_cast<ULONG>(token.size()), SECBUFFER_TOKEN, in.data()},
                         {0, SECBUFFER_EMPTY, nullptr},
                         {0, SECBUFFER_EMPTY, nullptr}};
  if (call.protocols != nullptr) {
    inputs[2] = {static_cast<ULONG>(call.protocols->size()), SECBUFFER_APPLICATION_PROTOCOLS,
                 const_cast<uint8_t*>(call.protocols->data())};
  }
  SecBuffer outputs[2] = {{static_cast<ULONG>(call.room), SECBUFFER_TOKEN, out.data()},
                          {static_cast<ULONG>(alert.size()), SECBUFFER_ALERT, alert.data()}};
  SecBufferDesc input = {SECBUFFER_VERSION, 1 + call.empties, inputs};
  SecBufferDesc output = {SECBUFFER_VERSION, call.outputs, outputs};
  Result result;
  CredHandle* const credential = call.credential != nullptr ? call.credential : &credential_;
  CtxtHandle* const old = has_context_ ? &context_ : nullptr;
  if ((use_ & SECPKG_CRED_OUTBOUND) != 0) {
    result.status = InitializeSecurityContextA(credential, old, call.target,
                                               (kClientFlags & ~call.dropped) | call.requested, 0, 0, &input,
                                               0, &context_, &output, &result.attributes, &result.expiry);
  } else {
    result.status =
        AcceptSecurityContext(credential, old, &input, (kServerFlags & ~call.dropped) | call.requested, 0,
                              &context_, &output, &result.attributes, &result.expiry);
  }
  if (result.status >= 0) has_context_ = true;
  result.size = outputs[0].cbBuffer;
  if (result.status != SEC_E_BUFFER_TOO_SMALL && result.size <= call.room)
    result.token = out.First(result.size);
  if (result.status < 0 && outputs[1].cbBuffer <= alert.size())
    result.alert = alert.First(outputs[1].cbBuffer);
  for (const SecBuffer& buffer : inputs) {
    if (buffer.BufferType == SECBUFFER_EXTRA) result.extra = buffer.cbBuffer;
    if (buffer.BufferType == SECBUFFER_MISSING) result.missing = buffer.cbBuffer;
  }
  return result;
}

SECURITY_STATUS Side::Seal(const Octets& text, Octets* record) {
  SecPkgContext_StreamSizes sizes = {};
  SECURITY_STATUS status = Query(SECPKG_ATTR_STREAM_SIZES, &sizes);
  if (status != SEC_E_OK) return status;
  Buffer header(sizes.cbHeader);
  Buffer data(text);
  Buffer trailer(sizes.cbTrailer);
  SecBuffer buffers[4] = {{sizes.cbHeader, SECBUFFER_STREAM_HEADER, header.data()},
                          {static_cast<ULONG>(text.size()), SECBUFFER_DATA, data.data()},
                          {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, trailer.data()},
                          {0, SECBUFFER_EMPTY, nullptr}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  status = EncryptMessage(&context_, 0, &message, 0);
  if (status != SEC_E_OK) return status;
  *record = header.First(buffers[0].cbBuffer);
  const Octets middle = data.First(text.size());
  const Octets end = trailer.First(buffers[2].cbBuffer);
  record->insert(record->end(), middle.begin(), middle.end());
  record->insert(record->end(), end.begin(), end.end());
  return status;
}

Opened Side::Open(const Octets& records) {
  Buffer data(records);
  SecBuffer buffers[4] = {{static_cast<ULONG>(records.size()), SECBUFFER_DATA, data.data()},
                          {0, SECBUFFER_EMPTY, nullptr},
                          {0, SECBUFFER_EMPTY, nullptr},
                          {0, SECBUFFER_EMPTY, nullptr}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  Opened opened;
  opened.status = DecryptMessage(&context_, &message, 0, nullptr);
  for (const SecBuffer& buffer : buffers) {
    const auto* octets = static_cast<const uint8_t*>(buffer.pvBuffer);
    if (buffer.BufferType == SECBUFFER_DATA && opened.status == SEC_E_OK)
      opened.text.assign(octets, octets + buffer.cbBuffer);
    if (buffer.BufferType == SECBUFFER_EXTRA) opened.extra.assign(octets, octets + buffer.cbBuffer);
    if (buffer.BufferType == SECBUFFER_MISSING) opened.missing = buffer.cbBuffer;
  }
  return opened;
}

SECURITY_STATUS Side::Control(const void* token, size_t size) {
  SecBuffer buffer = {static_cast<ULONG>(size), SECBUFFER_TOKEN, const_cast<void*>(token)};
  SecBufferDesc description = {SECBUFFER_VERSION, 1, &buffer};
  return ApplyControlToken(&context_, &description);
}

Result Side::Shutdown() {
  const DWORD type = SCHANNEL_SHUTDOWN;
  EXPECT_STATUS(SEC_E_OK, Control(&type, sizeof type));
  return Step({});
}

Result Side::Alert(ULONG level, ULONG number) {
  const SCHANNEL_ALERT_TOKEN token = {SCHANNEL_ALERT, level, number};
  EXPECT_STATUS(SEC_E_OK, Control(&token, sizeof token));
  return Step({});
}

namespace {

// One call for a side: what it has from the other and has not used yet, and what it says goes to the other.
void Turn(Side& side, const Call& call, Octets* inbox, Octets* outbox, Result* result,
          std::vector<Octets>* sent) {
  *result = side.Step(*inbox, call);
  if (result->status == SEC_E_INCOMPLETE_MESSAGE) return;
  inbox->erase(inbox->begin(), inbox->end() - static_cast<ptrdiff_t>(result->extra));
  if (result->token.empty()) return;
  sent->push_back(result->token);
  outbox->insert(outbox->end(), result->token.begin(), result->token.end());
}

}  // namespace

Outcome Connect(Side& client, Side& server, const Call& client_call, const Call& server_call) {
  Outcome outcome;
  Octets to_client;
  Octets to_server;
  bool client_goes_on = true;
  bool server_goes_on = true;
  Turn(client, client_call, &to_client, &to_server, &outcome.client, &outcome.from_client);
  client_goes_on = outcome.client.status == SEC_I_CONTINUE_NEEDED;
  for (int turns = 0; turns < 20; ++turns) {
    bool moved = false;
    if (server_goes_on && !to_server.empty()) {
      Turn(server, server_call, &to_server, &to_client, &outcome.server, &outcome.from_server);
      server_goes_on = outcome.server.status == SEC_I_CONTINUE_NEEDED;
      moved = true;
    }
    if (client_goes_on && !to_client.empty()) {
      Turn(client, client_call, &to_client, &to_server, &outcome.client, &outcome.from_client);
      client_goes_on = outcome.client.status == SEC_I_CONTINUE_NEEDED;
      moved = true;
    }
    if (!moved) break;
  }
  // Tickets of TLS 1.3, which came with the server's last token; or its alert.
  if (outcome.client.status == SEC_E_OK && !to_client.empty() && outcome.server.status == SEC_E_OK)
    FeedBack(client, to_client);
  return outcome;
}

void FeedBack(Side& side, const Octets& records) {
  Octets rest = records;
  while (!rest.empty()) {
    const Opened opened = side.Open(rest);
    if (opened.status == SEC_E_OK && opened.text.empty()) {  // a ticket that nobody wants
      rest = opened.extra;
      continue;
    }
    ASSERT_STATUS(SEC_I_RENEGOTIATE, opened.status);
    const Result result = side.Step(opened.extra);
    ASSERT_STATUS(SEC_E_OK, result.status);
    rest.assign(opened.extra.end() - static_cast<ptrdiff_t>(result.extra), opened.extra.end());
  }
}

void Establish(Side& client, Side& server, const Call& client_call, const Call& server_call) {
  const Outcome outcome = Connect(client, server, client_call, server_call);
  EXPECT_STATUS(SEC_E_OK, outcome.client.status);
  EXPECT_STATUS(SEC_E_OK, outcome.server.status);
}

void Converse(Side& client, Side& server) {
  Octets record;
  const Octets question = {'w', 'h', 'o', '?'};
  const Octets answer(300, 'x');
  ASSERT_STATUS(SEC_E_OK, client.Seal(question, &record));
  Opened opened = server.Open(record);
  ASSERT_STATUS(SEC_E_OK, opened.status);
  EXPECT_EQ(question, opened.text);
  ASSERT_STATUS(SEC_E_OK, server.Seal(answer, &record));
  opened = client.Open(record);
  ASSERT_STATUS(SEC_E_OK, opened.status);
  EXPECT_EQ(answer, opened.text);
}

Octets Protocols(std::initializer_list<std::string> names) {
  Octets list;
  for (const std::string& name : names) {
    list.push_back(static_cast<uint8_t>(name.size()));
    list.insert(list.end(), name.begin(), name.end());
  }
  SEC_APPLICATION_PROTOCOL_LIST head = {};
  head.ProtoNegoExt = SecApplicationProtocolNegotiationExt_ALPN;
  head.ProtocolListSize = static_cast<unsigned short>(list.size());
  constexpr size_t kHead = offsetof(SEC_APPLICATION_PROTOCOL_LIST, ProtocolList);
  const auto size = static_cast<ULONG>(kHead + list.size());
  Octets octets(sizeof size + kHead);
  memcpy(octets.data(), &size, sizeof size);
  memcpy(octets.data() + sizeof size, &head, kHead);
  octets.insert(octets.end(), list.begin(), list.end());
  return octets;
}

void ExpectAllContextsFree() {
  const ClientSetup setup;
  Client sides[] = {Client(setup)};
  std::vector<CtxtHandle> contexts;
  Octets room(18432);
  for (;;) {
    SecBuffer buffer = {static_cast<ULONG>(room.size()), SECBUFFER_TOKEN, room.data()};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    CtxtHandle context;
    ULONG attributes;
    const SECURITY_STATUS status =
        InitializeSecurityContextA(sides[0].credential(), nullptr, kHost, kClientFlags, 0, 0, nullptr, 0,
                                   &context, &output, &attributes, nullptr);
    if (status != SEC_I_CONTINUE_NEEDED) {
      EXPECT_STATUS(SEC_E_INSUFFICIENT_MEMORY, status);
      break;
    }
    contexts.push_back(context);
  }
  EXPECT_EQ(size_t{BARESSPI_SCHANNEL_MAX_CONTEXTS}, contexts.size());
  for (CtxtHandle& context : contexts) EXPECT_STATUS(SEC_E_OK, DeleteSecurityContext(&context));
}

void Test::SetUp() {
  scripted_port::Reset();
}

Test::~Test() {
  EXPECT_EQ(0, scripted_port::LockDepth());
  ExpectAllContextsFree();
}

}  // namespace tls_sides
