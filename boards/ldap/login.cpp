// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/login.h"

namespace ldap {
namespace {

constexpr char kNegotiate[] = "Negotiate";

unsigned char* Characters(const char* text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text));
}

ULONG Length(const char* text) {
  return static_cast<ULONG>(http::LengthOf(text));
}

ULONG Wanted(Protection protection) {
  constexpr ULONG kIntegrity = ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT;
  switch (protection) {
    case Protection::kNone:
      return ISC_REQ_CONNECTION | ISC_REQ_NO_INTEGRITY;
    case Protection::kSigned:
      return ISC_REQ_CONNECTION | kIntegrity;
    case Protection::kSealed:
      return ISC_REQ_CONNECTION | kIntegrity | ISC_REQ_CONFIDENTIALITY;
  }
  return ISC_REQ_CONNECTION;
}

}  // namespace

SECURITY_STATUS Login::Begin(const Account& account, const char* target, Protection protection) {
  SEC_WINNT_AUTH_IDENTITY_A identity = {};
  identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  identity.User = Characters(account.user);
  identity.UserLength = Length(account.user);
  identity.Domain = Characters(account.domain);
  identity.DomainLength = Length(account.domain);
  identity.Password = Characters(account.password);
  identity.PasswordLength = Length(account.password);
  target_ = target;
  protection_ = protection;
  const SECURITY_STATUS status = AcquireCredentialsHandleA(
      nullptr, kNegotiate, SECPKG_CRED_OUTBOUND, nullptr, &identity, nullptr, nullptr, &credential_, nullptr);
  has_credential_ = status == SEC_E_OK;
  return status;
}

// The server takes a layer to be there if both sides agreed on it, so that a login with less or more
// protection than was asked for is none: less is not wanted, and more would be a layer that nobody expects.
bool Login::AgreedOn(ULONG attributes) const {
  const bool is_signed = (attributes & ISC_RET_INTEGRITY) != 0;
  const bool is_sealed = (attributes & ISC_RET_CONFIDENTIALITY) != 0;
  return is_signed == (protection_ != Protection::kNone) && is_sealed == (protection_ == Protection::kSealed);
}

SECURITY_STATUS Login::Step(Octets token, const SecBuffer& bindings, uint8_t* room, size_t capacity,
                            size_t* size) {
  *size = 0;
  if (!has_credential_ || established_) return SEC_E_INVALID_TOKEN;
  SecBuffer in[2] = {};
  ULONG inputs = 0;
  if (has_context_)
    in[inputs++] = {static_cast<ULONG>(token.size), SECBUFFER_TOKEN, const_cast<uint8_t*>(token.data)};
  if (bindings.cbBuffer != 0) in[inputs++] = bindings;
  SecBuffer out = {static_cast<ULONG>(capacity), SECBUFFER_TOKEN, room};
  SecBufferDesc input = {SECBUFFER_VERSION, inputs, in};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
  ULONG attributes = 0;
  const SECURITY_STATUS status = InitializeSecurityContextA(
      &credential_, has_context_ ? &context_ : nullptr, target_, Wanted(protection_), 0,
      SECURITY_NETWORK_DREP, &input, 0, &context_, &output, &attributes, nullptr);
  if (!SEC_SUCCESS(status)) return status;
  has_context_ = true;
  *size = out.cbBuffer;
  if (status != SEC_E_OK) return status;
  if (!AgreedOn(attributes)) return SEC_E_QOP_NOT_SUPPORTED;
  established_ = true;
  return SEC_E_OK;
}

void Login::End() {
  if (has_context_) (void)DeleteSecurityContext(&context_);
  if (has_credential_) (void)FreeCredentialsHandle(&credential_);
  has_context_ = false;
  has_credential_ = false;
  established_ = false;
}

uint32_t Login::KeyBits() {
  SecPkgContext_KeyInfoA info = {};
  if (!established_ || QueryContextAttributesA(&context_, SECPKG_ATTR_KEY_INFO, &info) != SEC_E_OK) return 0;
  return info.KeySize;
}

const char* Login::Who() {
  SecPkgContext_NamesA names = {};
  if (!established_ || QueryContextAttributesA(&context_, SECPKG_ATTR_NAMES, &names) != SEC_E_OK) return "?";
  return names.sUserName;
}

const char* Login::Package() {
  SecPkgContext_NegotiationInfoA info = {};
  if (!established_ || QueryContextAttributesA(&context_, SECPKG_ATTR_NEGOTIATION_INFO, &info) != SEC_E_OK)
    return "?";
  return info.PackageInfo->Name;
}

SECURITY_STATUS Login::Wrap(uint8_t* room, size_t size) {
  SecBuffer parts[] = {{kSignature, SECBUFFER_TOKEN, room + kSizeOctets},
                       {static_cast<ULONG>(size), SECBUFFER_DATA, room + kLayer}};
  SecBufferDesc message = {SECBUFFER_VERSION, 2, parts};
  const SECURITY_STATUS status = EncryptMessage(&context_, BARESSPI_SECQOP_WRAP_ENCRYPT, &message, 0);
  if (status != SEC_E_OK) return status;
  if (parts[0].cbBuffer != kSignature) return SEC_E_UNSUPPORTED_FUNCTION;
  const size_t wrapped = kSignature + size;
  for (size_t i = 0; i < kSizeOctets; ++i) room[i] = static_cast<uint8_t>(wrapped >> (8 * (3 - i)));
  return SEC_E_OK;
}

SECURITY_STATUS Login::Unwrap(uint8_t* message, size_t size, Octets* data) {
  SecBuffer parts[] = {{static_cast<ULONG>(size), SECBUFFER_STREAM, message}, {0, SECBUFFER_DATA, nullptr}};
  SecBufferDesc description = {SECBUFFER_VERSION, 2, parts};
  // Without a place for the QOP, a message that is only signed is refused where sealing was agreed.
  const SECURITY_STATUS status = DecryptMessage(&context_, &description, 0, nullptr);
  if (status != SEC_E_OK) return status;
  *data = {static_cast<const uint8_t*>(parts[1].pvBuffer), parts[1].cbBuffer};
  return SEC_E_OK;
}

}  // namespace ldap
