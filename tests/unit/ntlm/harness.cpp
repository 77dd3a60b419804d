// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ntlm/harness.h"

#include <string.h>

namespace ntlm_test {
namespace {

unsigned char* Letters(const std::string& text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
}
unsigned short* Units(std::u16string_view text) {
  return reinterpret_cast<unsigned short*>(const_cast<char16_t*>(text.data()));
}
ULONG Length(size_t size) {
  return static_cast<ULONG>(size);
}

template <typename Call>
SECURITY_STATUS OnPieces(std::vector<Piece>* pieces, Call call) {
  std::vector<SecBuffer> buffers;
  for (Piece& piece : *pieces) {
    buffers.push_back({Length(piece.octets.size()), piece.type, piece.octets.data()});
  }
  SecBufferDesc description = {SECBUFFER_VERSION, Length(buffers.size()), buffers.data()};
  const SECURITY_STATUS status = call(&description);
  for (size_t i = 0; i < buffers.size(); ++i) {
    Piece& piece = (*pieces)[i];
    const auto* at = static_cast<const uint8_t*>(buffers[i].pvBuffer);
    if (at != piece.octets.data()) {
      piece.octets = Octets(at, at + buffers[i].cbBuffer);  // where the plaintext of a stream lies
    } else if (buffers[i].cbBuffer < piece.octets.size()) {
      piece.octets.resize(buffers[i].cbBuffer);
    }
  }
  return status;
}

}  // namespace

Endpoint::~Endpoint() {
  if (has_context_) {
    EXPECT_EQ(DeleteSecurityContext(&context_), SEC_E_OK);
  }
  EXPECT_EQ(FreeCredentialsHandle(&credential_), SEC_E_OK);
}

void Endpoint::SetPolicy(ULONG flags) {
  BARESSPI_POLICY policy = {flags};
  ASSERT_EQ(SetCredentialsAttributesA(&credential_, BARESSPI_CRED_ATTR_POLICY, &policy, sizeof policy),
            SEC_E_OK);
}

Octets Endpoint::SessionKey() {
  SecPkgContext_SessionKey key = {};
  if (QueryContextAttributesA(&context_, SECPKG_ATTR_SESSION_KEY, &key) != SEC_E_OK) return {};
  return Octets(key.SessionKey, key.SessionKey + key.SessionKeyLength);
}

ULONG Endpoint::KeyBits() {
  SecPkgContext_KeyInfoA info = {};
  EXPECT_EQ(QueryContextAttributesA(&context_, SECPKG_ATTR_KEY_INFO, &info), SEC_E_OK);
  return info.KeySize;
}

SECURITY_STATUS Endpoint::Status() {
  SecPkgContext_Sizes sizes = {};
  return QueryContextAttributesA(&context_, SECPKG_ATTR_SIZES, &sizes);
}

SECURITY_STATUS Endpoint::SignPieces(std::vector<Piece>* pieces, ULONG number) {
  return OnPieces(pieces,
                  [&](SecBufferDesc* message) { return MakeSignature(&context_, 0, message, number); });
}
SECURITY_STATUS Endpoint::VerifyPieces(std::vector<Piece>* pieces, ULONG number) {
  return OnPieces(
      pieces, [&](SecBufferDesc* message) { return VerifySignature(&context_, message, number, nullptr); });
}
SECURITY_STATUS Endpoint::SealPieces(std::vector<Piece>* pieces, ULONG qop, ULONG number) {
  return OnPieces(pieces,
                  [&](SecBufferDesc* message) { return EncryptMessage(&context_, qop, message, number); });
}
SECURITY_STATUS Endpoint::UnsealPieces(std::vector<Piece>* pieces, ULONG* qop, ULONG number) {
  return OnPieces(pieces,
                  [&](SecBufferDesc* message) { return DecryptMessage(&context_, message, number, qop); });
}

Protected Endpoint::Sign(const Octets& data, ULONG qop, ULONG number) {
  std::vector<Piece> pieces = {{kData, data}, {kToken, Octets(16)}};
  const SECURITY_STATUS status = OnPieces(
      &pieces, [&](SecBufferDesc* message) { return MakeSignature(&context_, qop, message, number); });
  return {status, pieces[0].octets, pieces[1].octets, 0};
}

Protected Endpoint::Seal(const Octets& data, ULONG qop, ULONG number) {
  std::vector<Piece> pieces = {{kData, data}, {kToken, Octets(16)}};
  const SECURITY_STATUS status = SealPieces(&pieces, qop, number);
  return {status, pieces[0].octets, pieces[1].octets, 0};
}

Protected Endpoint::Verify(const Octets& data, const Octets& signature, ULONG number) {
  std::vector<Piece> pieces = {{kData, data}, {kToken, signature}};
  ULONG qop = 99;
  const SECURITY_STATUS status = OnPieces(
      &pieces, [&](SecBufferDesc* message) { return VerifySignature(&context_, message, number, &qop); });
  return {status, pieces[0].octets, pieces[1].octets, qop};
}

Protected Endpoint::Unseal(const Octets& data, const Octets& signature, ULONG number, bool qop_wanted) {
  std::vector<Piece> pieces = {{kData, data}, {kToken, signature}};
  ULONG qop = 99;
  const SECURITY_STATUS status = UnsealPieces(&pieces, qop_wanted ? &qop : nullptr, number);
  return {status, pieces[0].octets, pieces[1].octets, qop};
}

Step Endpoint::Run(const Octets* input, bool client, const char* target) {
  // Copies of their own size, so that a sanitizer sees a step over their ends.
  Octets token = input != nullptr ? *input : Octets();
  Octets binding = bindings;
  SecBuffer in[2] = {{Length(token.size()), SECBUFFER_TOKEN, token.data()},
                     {Length(binding.size()), SECBUFFER_CHANNEL_BINDINGS, binding.data()}};
  SecBufferDesc in_description = {SECBUFFER_VERSION, binding.empty() ? 1U : 2U, in};
  Octets output(room, 0xEE);
  SecBuffer out = {Length(output.size()), SECBUFFER_TOKEN, output.data()};
  SecBufferDesc out_description = {SECBUFFER_VERSION, 1, &out};
  CtxtHandle* old = has_context_ ? &context_ : nullptr;
  CtxtHandle fresh = {};
  Step step = {SEC_E_INTERNAL_ERROR, {}, 0};
  if (client) {
    const bool nothing = input == nullptr && binding.empty();
    step.status = InitializeSecurityContextA(&credential_, old, target, requested, 0, SECURITY_NATIVE_DREP,
                                             nothing ? nullptr : &in_description, 0, &fresh, &out_description,
                                             &step.attributes, nullptr);
  } else {
    step.status = AcceptSecurityContext(&credential_, old, &in_description, requested, SECURITY_NATIVE_DREP,
                                        &fresh, &out_description, &step.attributes, nullptr);
  }
  given_back_ = fresh;
  if (old == nullptr && step.status >= 0) {
    context_ = fresh;
    has_context_ = true;
  }
  if (step.status >= 0) step.token = Part(output, 0, out.cbBuffer);
  return step;
}

Client::Client(const Identity& identity, ULONG request) {
  requested = request;
  SEC_WINNT_AUTH_IDENTITY_A data = {};
  data.User = Letters(identity.user);
  data.UserLength = Length(identity.user.size());
  data.Domain = Letters(identity.domain);
  data.DomainLength = Length(identity.domain.size());
  data.Password = Letters(identity.password);
  data.PasswordLength = Length(identity.password.size());
  data.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  EXPECT_EQ(AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_OUTBOUND, nullptr, &data, nullptr, nullptr,
                                      &credential_, nullptr),
            SEC_E_OK);
}

Client::Client(std::u16string_view user, std::u16string_view domain, std::u16string_view password) {
  requested = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY;
  SEC_WINNT_AUTH_IDENTITY_W data = {};
  data.User = Units(user);
  data.UserLength = Length(user.size());
  data.Domain = Units(domain);
  data.DomainLength = Length(domain.size());
  data.Password = Units(password);
  data.PasswordLength = Length(password.size());
  data.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
  EXPECT_EQ(AcquireCredentialsHandleW(nullptr, u"NTLM", SECPKG_CRED_OUTBOUND, nullptr, &data, nullptr,
                                      nullptr, &credential_, nullptr),
            SEC_E_OK);
}

Server::Server() : Server(ULONG{0}) {}

Server::Server(ULONG policy, const Identity& identity, std::u16string_view password)
    : user_(identity.user), hash_(NtHash(password)) {
  entry_ = {nullptr, user_.c_str(), hash_.data(), 7};
  table_ = {&entry_, 1};
  authority_ = {&table_, BareSspiAccountTableGetNtHash, nullptr, nullptr};
  device_.Authority = &authority_;
  Acquire(policy, "DOMAIN");
}

Server::Server(const BARESSPI_AUTHORITY* authority, const char* net_bios_domain) {
  device_.Authority = authority;
  Acquire(0, net_bios_domain);
}

void Server::Acquire(ULONG policy, const char* net_bios_domain) {
  device_.Version = BARESSPI_DEVICE_VERSION;
  device_.Length = sizeof device_;
  device_.NetBiosComputerName = "DEVICE";
  device_.NetBiosDomainName = net_bios_domain;
  device_.DnsComputerName = "device.domain.test";
  device_.DnsDomainName = "domain.test";
  device_.Policy = policy;
  EXPECT_EQ(AcquireCredentialsHandleA(nullptr, "NTLM", SECPKG_CRED_INBOUND, nullptr, &device_, nullptr,
                                      nullptr, &credential_, nullptr),
            SEC_E_OK);
}

Tokens LogIn(Client* client, Server* server) {
  Tokens tokens;
  tokens.negotiate = client->Start().token;
  tokens.challenge = server->Accept(tokens.negotiate).token;
  Step last = client->Continue(tokens.challenge);
  tokens.client = last.status;
  tokens.authenticate = last.token;
  if (last.status == SEC_E_OK) tokens.server = server->Accept(tokens.authenticate).status;
  return tokens;
}

Tokens LogIn(PeerClient* client, Server* server) {
  Tokens tokens;
  tokens.negotiate = client->Negotiate();
  const Step step = server->Accept(tokens.negotiate);
  EXPECT_EQ(step.status, SEC_I_CONTINUE_NEEDED);
  if (step.status != SEC_I_CONTINUE_NEEDED) return tokens;
  tokens.challenge = step.token;
  tokens.authenticate = client->Answer(tokens.negotiate, tokens.challenge);
  tokens.server = server->Accept(tokens.authenticate).status;
  return tokens;
}

Tokens LogIn(Client* client, const PeerServer& server) {
  Tokens tokens;
  tokens.negotiate = client->Start().token;
  tokens.challenge = server.MakeChallenge();
  const Step step = client->Continue(tokens.challenge);
  tokens.client = step.status;
  tokens.authenticate = step.token;
  return tokens;
}

Octets Bindings::Buffer() const {
  const auto head = static_cast<ULONG>(sizeof(SEC_CHANNEL_BINDINGS));
  SEC_CHANNEL_BINDINGS bindings = {};
  bindings.dwInitiatorAddrType = initiator_type;
  bindings.cbInitiatorLength = Length(initiator.size());
  bindings.dwInitiatorOffset = head;
  bindings.dwAcceptorAddrType = acceptor_type;
  bindings.cbAcceptorLength = Length(acceptor.size());
  bindings.dwAcceptorOffset = head + Length(initiator.size());
  bindings.cbApplicationDataLength = Length(application.size());
  bindings.dwApplicationDataOffset = head + Length(initiator.size() + acceptor.size());
  Octets buffer(sizeof bindings);
  memcpy(buffer.data(), &bindings, sizeof bindings);
  return Join({buffer, initiator, acceptor, application});
}

Octets Bindings::Md5() const {
  return HashMd5(
      Join({U32(initiator_type), U32(Length(initiator.size())), initiator, U32(acceptor_type),
            U32(Length(acceptor.size())), acceptor, U32(Length(application.size())), application}));
}

}  // namespace ntlm_test
