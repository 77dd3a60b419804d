// SPDX-License-Identifier: Apache-2.0
#include "boards/http/login.h"

namespace http {
namespace {

unsigned char* Octets(const char* text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text));
}

ULONG Size(const char* text) {
  return static_cast<ULONG>(LengthOf(text));
}

SecBufferDesc Describe(SecBuffer* buffer) {
  return {SECBUFFER_VERSION, 1, buffer};
}

const char* PackageOf(CtxtHandle* context) {
  SecPkgContext_NegotiationInfoA info = {};
  const SECURITY_STATUS status = QueryContextAttributesA(context, SECPKG_ATTR_NEGOTIATION_INFO, &info);
  return status == SEC_E_OK ? info.PackageInfo->Name : nullptr;
}

// Whether a token begins a login: a raw NEGOTIATE ([MS-NLMP] 2.2.1.1), or GSS-API's initial token (RFC
// 2743, 3.1).
bool BeginsLogin(const uint8_t* token, size_t size) {
  const uint8_t negotiate[] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 1};
  constexpr uint8_t kInitialContextToken = 0x60;
  if (size != 0 && token[0] == kInitialContextToken) return true;
  size_t i = 0;
  while (i < size && i < sizeof negotiate && token[i] == negotiate[i]) ++i;
  return i == sizeof negotiate;
}

}  // namespace

SECURITY_STATUS ClientLogin::Begin(Scheme scheme, const Account& account, const char* target) {
  End();
  SEC_WINNT_AUTH_IDENTITY_A identity = {};
  identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  identity.User = Octets(account.user);
  identity.UserLength = Size(account.user);
  identity.Domain = Octets(account.domain);
  identity.DomainLength = Size(account.domain);
  identity.Password = Octets(account.password);
  identity.PasswordLength = Size(account.password);
  scheme_ = scheme;
  target_ = target;
  const SECURITY_STATUS status =
      AcquireCredentialsHandleA(nullptr, NameOf(scheme), SECPKG_CRED_OUTBOUND, nullptr, &identity, nullptr,
                                nullptr, &credential_, nullptr);
  state_ = status == SEC_E_OK ? State::kUnderway : State::kFailed;
  return status;
}

SECURITY_STATUS ClientLogin::Step(Text token, const SecBuffer& bindings, TokenRoom* room) {
  answer_size_ = 0;
  size_t size = 0;
  if (state_ != State::kUnderway || !DecodeBase64(token, room->in, sizeof room->in, &size)) {
    if (state_ == State::kUnderway) state_ = State::kFailed;
    return SEC_E_INVALID_TOKEN;
  }
  SecBuffer in[2] = {};  // the token but in the first step, and the bindings where there are any
  ULONG inputs = 0;
  if (has_context_) in[inputs++] = {static_cast<ULONG>(size), SECBUFFER_TOKEN, room->in};
  if (bindings.cbBuffer != 0) in[inputs++] = bindings;
  SecBuffer out = {sizeof room->out, SECBUFFER_TOKEN, room->out};
  SecBufferDesc input = {SECBUFFER_VERSION, inputs, in};
  SecBufferDesc output = Describe(&out);
  ULONG attributes = 0;
  const SECURITY_STATUS status = InitializeSecurityContextA(
      &credential_, has_context_ ? &context_ : nullptr, target_, ISC_REQ_CONNECTION, 0, SECURITY_NETWORK_DREP,
      inputs != 0 ? &input : nullptr, 0, &context_, &output, &attributes, nullptr);
  if (!SEC_SUCCESS(status)) {
    state_ = State::kFailed;
    return status;
  }
  has_context_ = true;
  if (status == SEC_E_OK) state_ = State::kEstablished;
  if (out.cbBuffer != 0) {
    TextWriter answer(answer_, sizeof answer_);
    answer.PutBase64(room->out, out.cbBuffer);
    answer_size_ = answer.text().size;
    ++answers_;
  }
  return status;
}

void ClientLogin::PutAnswer(Place place, TextWriter* request) {
  if (answer_size_ == 0) return;
  request->Put(AuthorizationField(place));
  request->Put(": ");
  request->Put(NameOf(scheme_));
  request->Put(" ");
  request->Put({answer_, answer_size_});
  request->Put("\r\n");
  answer_size_ = 0;
}

void ClientLogin::End() {
  if (has_context_) (void)DeleteSecurityContext(&context_);
  if (state_ != State::kIdle) (void)FreeCredentialsHandle(&credential_);
  has_context_ = false;
  state_ = State::kIdle;
  answer_size_ = 0;
  answers_ = 0;
}

const char* ClientLogin::Who() {
  SecPkgContext_NamesA names = {};
  if (state_ != State::kEstablished) return nullptr;
  return QueryContextAttributesA(&context_, SECPKG_ATTR_NAMES, &names) == SEC_E_OK ? names.sUserName
                                                                                   : nullptr;
}

const char* ClientLogin::Package() {
  return state_ == State::kEstablished ? PackageOf(&context_) : nullptr;
}

SECURITY_STATUS ServerCredentials::Begin(BARESSPI_DEVICE* device) {
  for (const Scheme scheme : kOffered) {
    const SECURITY_STATUS status = AcquireCredentialsHandleA(
        nullptr, NameOf(scheme), SECPKG_CRED_INBOUND, nullptr, device, nullptr, nullptr, Of(scheme), nullptr);
    if (status != SEC_E_OK) return status;
  }
  return SEC_E_OK;
}

void ServerCredentials::End() {
  for (const Scheme scheme : kOffered) (void)FreeCredentialsHandle(Of(scheme));
}

ServerLogin::Verdict ServerLogin::Accept(ServerCredentials* credentials, Scheme scheme, Text token,
                                         const SecBuffer& bindings, BindingsPolicy policy, TokenRoom* room,
                                         SecBuffer* answer) {
  *answer = {sizeof room->out, SECBUFFER_TOKEN, room->out};
  size_t size = 0;
  status_ = SEC_E_INVALID_TOKEN;
  const bool sound = DecodeBase64(token, room->in, sizeof room->in, &size);
  // A client may log in anew at any time, also as somebody else.
  if (in_ || scheme != scheme_ || !sound || BeginsLogin(room->in, size)) End();
  if (!sound) return Verdict::kRefused;
  scheme_ = scheme;
  const bool bound = policy != BindingsPolicy::kNone && bindings.cbBuffer != 0;
  if (policy == BindingsPolicy::kRequired && !bound) {
    End();
    status_ = SEC_E_BAD_BINDINGS;
    return Verdict::kRefused;
  }
  SecBuffer in[] = {{static_cast<ULONG>(size), SECBUFFER_TOKEN, room->in}, bindings};
  SecBufferDesc input = {SECBUFFER_VERSION, bound ? 2u : 1u, in};
  SecBufferDesc output = Describe(answer);
  const ULONG wanted =
      ASC_REQ_CONNECTION | (policy == BindingsPolicy::kWhereSent ? ASC_REQ_ALLOW_MISSING_BINDINGS : 0);
  ULONG attributes = 0;
  status_ = AcceptSecurityContext(credentials->Of(scheme), has_context_ ? &context_ : nullptr, &input, wanted,
                                  SECURITY_NETWORK_DREP, &context_, &output, &attributes, nullptr);
  if (SEC_SUCCESS(status_)) {
    has_context_ = true;
    in_ = status_ == SEC_E_OK;
    return in_ ? Verdict::kIn : Verdict::kMore;
  }
  End();
  return status_ == SEC_E_INSUFFICIENT_MEMORY ? Verdict::kFull : Verdict::kRefused;
}

void ServerLogin::End() {
  if (has_context_) (void)DeleteSecurityContext(&context_);
  has_context_ = false;
  in_ = false;
}

void PutAccount(CtxtHandle* context, TextWriter* out) {
  void* token = nullptr;
  BARESSPI_TOKEN_INFO info = {};
  if (QuerySecurityContextToken(context, &token) != SEC_E_OK) return;
  if (BareSspiQueryTokenInformation(token, &info) != SEC_E_OK) return;
  if (info.Domain.cbUtf16le != 0) {
    out->PutUtf16le(info.Domain.Utf16le, info.Domain.cbUtf16le);
    out->Put("\\");
  }
  out->PutUtf16le(info.User.Utf16le, info.User.cbUtf16le);
}

const char* ServerLogin::Package() {
  const char* const package = in_ ? PackageOf(&context_) : nullptr;
  return package != nullptr ? package : "none";
}

}  // namespace http
