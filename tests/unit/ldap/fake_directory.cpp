// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ldap/fake_directory.h"

#include "tests/support/two_sides.h"

namespace ldap_test {
namespace {

constexpr size_t kRoom = 32768;
constexpr size_t kSignature = 16;

Octets Element(uint8_t tag, const Octets& content) {
  Octets room(content.size() + 8);
  ldap::BerWriter writer(room.data(), room.size());
  writer.Put(tag, ldap::Octets{content.data(), content.size()});
  return Octets(room.data(), room.data() + writer.written().size);
}

Octets Joined(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Octets Text(const std::string& text) {
  return Element(ldap::kOctetString, Octets(text.begin(), text.end()));
}

Octets Number(uint8_t tag, uint32_t value) {
  uint8_t room[8];
  ldap::BerWriter writer(room, sizeof room);
  writer.PutNumber(tag, value);
  return Octets(room, room + writer.written().size);
}

}  // namespace

Octets MessageOf(uint32_t id, uint8_t operation, const Octets& content) {
  return Element(ldap::kSequence, Joined({Number(ldap::kInteger, id), Element(operation, content)}));
}

Octets ResultOf(uint32_t code, const std::string& diagnostic, const Octets& more) {
  return Joined({Number(ldap::kEnumerated, code), Text(""), Text(diagnostic), more});
}

Octets EntryOf(const std::string& dn, const std::string& name, const std::string& value) {
  const Octets attribute = Element(ldap::kSequence, Joined({Text(name), Element(ldap::kSet, Text(value))}));
  return Joined({Text(dn), Element(ldap::kSequence, attribute)});
}

FakeDirectory::FakeDirectory() : device_(two_sides::ServerDevice()) {
  EXPECT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(nullptr, "Negotiate", SECPKG_CRED_INBOUND, nullptr,
                                                    &device_, nullptr, nullptr, &credential_, nullptr));
  listener_ = baresspi_socket_listen("127.0.0.1", &port_);
  on_search = [this](uint32_t id) {
    Say(MessageOf(id, ldap::kSearchEntry, EntryOf("cn=a", "cn", "a")));
    Say(MessageOf(id, ldap::kSearchDone, ResultOf(0)));
  };
  on_bind = [](uint32_t, const Octets& answer, SECURITY_STATUS) { return answer; };
}

FakeDirectory::~FakeDirectory() {
  Hang();
  EndLogin();
  (void)FreeCredentialsHandle(&credential_);
  baresspi_socket_close(listener_);
}

void FakeDirectory::EndLogin() {
  if (has_context_) (void)DeleteSecurityContext(&context_);
  has_context_ = established_ = layered_ = false;
}

void FakeDirectory::Hang() {
  if (socket_ >= 0) baresspi_socket_close(socket_);
  socket_ = -1;
}

bool FakeDirectory::Pump() {
  const size_t before = in_.size() + scripted_sockets::Moved();
  const int made = baresspi_socket_accept(listener_, 0);
  if (made >= 0) {
    Hang();
    EndLogin();
    in_.clear();
    out_.clear();
    socket_ = made;
    ++connections;
  }
  if (socket_ >= 0) Read();
  if (socket_ >= 0) Send();
  return made >= 0 || in_.size() + scripted_sockets::Moved() != before;
}

void FakeDirectory::Read() {
  uint8_t room[4096];
  const int32_t received = baresspi_socket_receive(socket_, room, sizeof room, 0);
  if (received == BARESSPI_SOCKET_TIMEOUT) return;
  if (received <= 0) return Hang();
  in_.insert(in_.end(), room, room + received);
  while (TakeMessage()) {
  }
}

bool FakeDirectory::TakeMessage() {
  ldap::Message message;
  if (layered_) {
    if (in_.size() < 4) return false;
    const size_t size = static_cast<size_t>(in_[0]) << 24 | static_cast<size_t>(in_[1]) << 16 |
                        static_cast<size_t>(in_[2]) << 8 | in_[3];
    if (size > kRoom || in_.size() < 4 + size) return false;
    Octets wrapped(in_.begin() + 4, in_.begin() + 4 + static_cast<ptrdiff_t>(size));
    in_.erase(in_.begin(), in_.begin() + 4 + static_cast<ptrdiff_t>(size));
    SecBuffer parts[] = {{static_cast<ULONG>(size), SECBUFFER_STREAM, wrapped.data()},
                         {0, SECBUFFER_DATA, nullptr}};
    SecBufferDesc list = {SECBUFFER_VERSION, 2, parts};
    ULONG qop = 0;
    refused_message = DecryptMessage(&context_, &list, 0, &qop) != SEC_E_OK || qop != 0 ||
                      !ReadMessage({static_cast<uint8_t*>(parts[1].pvBuffer), parts[1].cbBuffer}, &message);
    if (!refused_message) Answer(message);
    return !refused_message;
  }
  size_t size = 0;
  if (ldap::ElementExtent({in_.data(), in_.size()}, &size) != ldap::Extent::kKnown || in_.size() < size)
    return false;
  const Octets whole(in_.begin(), in_.begin() + static_cast<ptrdiff_t>(size));
  in_.erase(in_.begin(), in_.begin() + static_cast<ptrdiff_t>(size));
  EXPECT_TRUE(ReadMessage({whole.data(), whole.size()}, &message));
  Answer(message);
  return true;
}

void FakeDirectory::Answer(const ldap::Message& message) {
  if (message.operation == ldap::kBindRequest) return AnswerBind(message);
  if (message.operation == ldap::kSearchRequest) return on_search(message.id);
  if (message.operation == ldap::kUnbindRequest) ++unbinds;
}

void FakeDirectory::AnswerBind(const ldap::Message& message) {
  constexpr uint8_t kSasl = 0xA3;
  constexpr uint8_t kServerSaslCreds = 0x87;
  constexpr uint32_t kInvalidCredentials = 49;
  ldap::BerReader reader(message.content);
  EXPECT_EQ(reader.TakeNumber(ldap::kInteger), 3u);
  EXPECT_TRUE(reader.Take(ldap::kOctetString).empty());
  ldap::BerReader choice(reader.Take(kSasl));
  EXPECT_TRUE(http::Equal(ldap::TextOf(choice.Take(ldap::kOctetString)), "GSS-SPNEGO"));
  const ldap::Octets token = choice.Take(ldap::kOctetString);
  EXPECT_TRUE(reader.done() && choice.done());
  Octets answer(4096);
  SecBuffer in = {static_cast<ULONG>(token.size), SECBUFFER_TOKEN, const_cast<uint8_t*>(token.data)};
  SecBuffer out = {static_cast<ULONG>(answer.size()), SECBUFFER_TOKEN, answer.data()};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, &in};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
  const SECURITY_STATUS status =
      AcceptSecurityContext(&credential_, has_context_ ? &context_ : nullptr, &input, ASC_REQ_CONNECTION,
                            SECURITY_NETWORK_DREP, &context_, &output, &attributes_, nullptr);
  has_context_ = has_context_ || SEC_SUCCESS(status);
  established_ = status == SEC_E_OK;
  answer.resize(SEC_SUCCESS(status) ? out.cbBuffer : 0);
  const uint32_t code = established_          ? ldap::kSuccess
                        : SEC_SUCCESS(status) ? ldap::kSaslBindInProgress
                                              : kInvalidCredentials;
  const Octets creds = answer.empty() ? Octets() : Element(kServerSaslCreds, answer);
  SayRaw(on_bind(message.id, MessageOf(message.id, ldap::kBindResponse, ResultOf(code, "", creds)), status));
  layered_ = established_ && (attributes_ & (ASC_RET_INTEGRITY | ASC_RET_CONFIDENTIALITY)) != 0;
}

Octets FakeDirectory::Wrap(Octets message, ULONG qop) {
  Octets whole(4 + kSignature);
  const size_t size = kSignature + message.size();
  for (size_t i = 0; i < 4; ++i) whole[i] = static_cast<uint8_t>(size >> (8 * (3 - i)));
  SecBuffer parts[] = {{kSignature, SECBUFFER_TOKEN, whole.data() + 4},
                       {static_cast<ULONG>(message.size()), SECBUFFER_DATA, message.data()}};
  SecBufferDesc list = {SECBUFFER_VERSION, 2, parts};
  EXPECT_STATUS(SEC_E_OK, EncryptMessage(&context_, qop, &list, 0));
  whole.insert(whole.end(), message.begin(), message.end());
  return whole;
}

void FakeDirectory::Send() {
  while (!out_.empty()) {
    const int32_t sent = baresspi_socket_send(socket_, out_.data(), out_.size(), 0);
    if (sent == BARESSPI_SOCKET_TIMEOUT) return;
    if (sent <= 0) return Hang();
    out_.erase(out_.begin(), out_.begin() + sent);
  }
}

}  // namespace ldap_test
