// SPDX-License-Identifier: Apache-2.0
#include "boards/token/session.h"

#include <baresspi/authority.h>

#include "boards/common/console.h"
#include "config/baresspi_config.h"

namespace token {
namespace {

// What BareSSPI keeps a pointer to: the device and, for a server, its one account. All from the options, so
// not const before Begin; never changed after.
constinit BARESSPI_DEVICE device = {};
#if BARESSPI_NTLM_SERVER
constinit uint8_t account_hash[16] = {};
constinit BARESSPI_ACCOUNT_ENTRY account = {};
constinit BARESSPI_ACCOUNT_TABLE accounts = {};
constinit BARESSPI_AUTHORITY authority = {};
constexpr ULONG kUserId = 1000;
#endif

struct Bindings {
  SEC_CHANNEL_BINDINGS header;
  uint8_t application_data[BARESSPI_TOKEN_BINDINGS];
};
constinit Bindings bindings = {};

ULONG Size(size_t size) {
  return static_cast<ULONG>(size);
}

unsigned char* Text(const char* text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text));
}

SecBuffer Buffer(ULONG type, Octets octets) {
  return {Size(octets.size), type, octets.data};
}

template <size_t N>
SecBufferDesc Describe(SecBuffer (&buffers)[N]) {
  return {SECBUFFER_VERSION, N, buffers};
}

void SetDevice(const Options& options) {
  device.Version = BARESSPI_DEVICE_VERSION;
  device.Length = sizeof device;
  device.NetBiosComputerName = options.workstation != nullptr ? options.workstation : "BARESSPI";
  device.NetBiosDomainName = options.client ? nullptr : options.domain;
  device.DnsComputerName = "baresspi";
  device.Policy = options.policy;
  board::SetDevice(&device);
}

// The bindings of gss_channel_bindings_struct with no addresses: the offsets count from the header's start.
void SetBindings(const Options& options) {
  bindings.header.cbApplicationDataLength = Size(options.bindings.size);
  bindings.header.dwApplicationDataOffset = offsetof(Bindings, application_data);
  for (size_t i = 0; i < options.bindings.size; ++i) bindings.application_data[i] = options.bindings.data[i];
}

}  // namespace

SECURITY_STATUS Session::Begin(const Options* options) {
  options_ = options;
  SetDevice(*options);
  SetBindings(*options);
  const SECURITY_STATUS status = options->client ? BeginClient() : BeginServer();
  has_credential_ = status == SEC_E_OK;
  return status;
}

// An anonymous logon is one of an identity without a user; no identity at all is SEC_E_NO_CREDENTIALS.
SECURITY_STATUS Session::BeginClient() {
  const Options& o = *options_;
  SEC_WINNT_AUTH_IDENTITY_A identity = {};
  identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  identity.User = Text(o.user != nullptr ? o.user : "");
  identity.UserLength = Size(Length(reinterpret_cast<char*>(identity.User)));
  identity.Domain = Text(o.domain != nullptr ? o.domain : "");
  identity.DomainLength = Size(Length(reinterpret_cast<char*>(identity.Domain)));
  identity.Password = Text(o.password != nullptr ? o.password : "");
  identity.PasswordLength = Size(Length(reinterpret_cast<char*>(identity.Password)));
  if (o.nt_hash.size != 0) {
    identity.Password = o.nt_hash.data;
    identity.PasswordLength = Size(o.nt_hash.size);
    identity.Flags |= BARESSPI_AUTH_IDENTITY_NT_HASH;
  }
  const bool has_identity = o.user != nullptr || (o.request & ISC_REQ_NULL_SESSION) != 0;
  TimeStamp expiry;
  return AcquireCredentialsHandleA(nullptr, o.package, SECPKG_CRED_OUTBOUND, nullptr,
                                   has_identity ? &identity : nullptr, nullptr, nullptr, &credential_,
                                   &expiry);
}

SECURITY_STATUS Session::BeginServer() {
  const Options& o = *options_;
#if BARESSPI_NTLM_SERVER
  const uint8_t* hash = account_hash;
  if (o.nt_hash.size != 0) {
    hash = o.nt_hash.data;
  } else if (o.password != nullptr || o.user != nullptr) {
    const char* const password = o.password != nullptr ? o.password : "";
    const SECURITY_STATUS status = BareSspiNtHash(password, Size(Length(password)), account_hash);
    if (status != SEC_E_OK) return status;
  }
  account = {o.domain, o.user, hash, kUserId};
  accounts = {&account, o.user != nullptr ? 1u : 0u};
  authority = {&accounts, BareSspiAccountTableGetNtHash, nullptr, nullptr};
  device.Authority = &authority;
#endif
  TimeStamp expiry;
  return AcquireCredentialsHandleA(nullptr, o.package, SECPKG_CRED_INBOUND, nullptr, &device, nullptr,
                                   nullptr, &credential_, &expiry);
}

void Session::End() {
  if (has_context_) (void)DeleteSecurityContext(&context_);
  if (has_credential_) (void)FreeCredentialsHandle(&credential_);
  has_context_ = false;
  has_credential_ = false;
}

SECURITY_STATUS Session::Step(Octets in, Octets* out) {
  SecBuffer inputs[] = {
      Buffer(SECBUFFER_TOKEN, in),
      {options_->has_bindings ? Size(offsetof(Bindings, application_data) + options_->bindings.size) : 0,
       options_->has_bindings ? SECBUFFER_CHANNEL_BINDINGS : SECBUFFER_EMPTY, &bindings},
  };
  SecBuffer outputs[] = {Buffer(SECBUFFER_TOKEN, *out)};
  SecBufferDesc input = Describe(inputs);
  SecBufferDesc output = Describe(outputs);
  const bool first = !has_context_;
  PCtxtHandle const context = first ? nullptr : &context_;
  ULONG attributes = 0;
  TimeStamp expiry;
  SECURITY_STATUS status;
  if (options_->client) {
    // A client's first call has no token to give, but it may have bindings.
    if (first && in.size == 0) inputs[0].BufferType = SECBUFFER_EMPTY;
    status =
        InitializeSecurityContextA(&credential_, context, options_->target, options_->request, 0,
                                   SECURITY_NATIVE_DREP, &input, 0, &context_, &output, &attributes, &expiry);
  } else {
    status = AcceptSecurityContext(&credential_, context, &input, options_->request, SECURITY_NATIVE_DREP,
                                   &context_, &output, &attributes, &expiry);
  }
  // A first call that failed has made no context.
  if (first && SEC_SUCCESS(status)) has_context_ = true;
  out->size = outputs[0].cbBuffer;
  return status;
}

SECURITY_STATUS Session::Wrap(bool encrypt, Octets data, Octets* signature) {
  SecPkgContext_Sizes sizes = {};
  SECURITY_STATUS status = QueryContextAttributesA(&context_, SECPKG_ATTR_SIZES, &sizes);
  if (status != SEC_E_OK) return status;
  if (sizes.cbSecurityTrailer > signature->size) return SEC_E_BUFFER_TOO_SMALL;
  signature->size = sizes.cbSecurityTrailer;
  SecBuffer buffers[] = {Buffer(SECBUFFER_TOKEN, *signature), Buffer(SECBUFFER_DATA, data)};
  SecBufferDesc message = Describe(buffers);
  status = EncryptMessage(&context_, encrypt ? 0 : SECQOP_WRAP_NO_ENCRYPT, &message, sent_);
  if (status == SEC_E_OK) ++sent_;
  signature->size = buffers[0].cbBuffer;
  return status;
}

SECURITY_STATUS Session::Unwrap(Octets message, Octets* text, bool* encrypted) {
  SecBuffer buffers[] = {Buffer(SECBUFFER_STREAM, message), Buffer(SECBUFFER_DATA, {})};
  SecBufferDesc description = Describe(buffers);
  ULONG qop = 0;
  const SECURITY_STATUS status = DecryptMessage(&context_, &description, received_, &qop);
  if (status == SEC_E_OK) ++received_;
  *text = {static_cast<uint8_t*>(buffers[1].pvBuffer), buffers[1].cbBuffer};
  *encrypted = qop != SECQOP_WRAP_NO_ENCRYPT;
  return status;
}

SECURITY_STATUS Session::MakeMic(Octets data, Octets* signature) {
  SecPkgContext_Sizes sizes = {};
  SECURITY_STATUS status = QueryContextAttributesA(&context_, SECPKG_ATTR_SIZES, &sizes);
  if (status != SEC_E_OK) return status;
  if (sizes.cbMaxSignature > signature->size) return SEC_E_BUFFER_TOO_SMALL;
  signature->size = sizes.cbMaxSignature;
  SecBuffer buffers[] = {Buffer(SECBUFFER_DATA, data), Buffer(SECBUFFER_TOKEN, *signature)};
  SecBufferDesc message = Describe(buffers);
  status = MakeSignature(&context_, 0, &message, sent_);
  if (status == SEC_E_OK) ++sent_;
  signature->size = buffers[1].cbBuffer;
  return status;
}

SECURITY_STATUS Session::VerifyMic(Octets data, Octets signature, ULONG* qop) {
  SecBuffer buffers[] = {Buffer(SECBUFFER_DATA, data), Buffer(SECBUFFER_TOKEN, signature)};
  SecBufferDesc message = Describe(buffers);
  const SECURITY_STATUS status = VerifySignature(&context_, &message, received_, qop);
  if (status == SEC_E_OK) ++received_;
  return status;
}

SECURITY_STATUS Session::PutKey() {
  SecPkgContext_SessionKey key = {};
  const SECURITY_STATUS status = QueryContextAttributesA(&context_, SECPKG_ATTR_SESSION_KEY, &key);
  if (status != SEC_E_OK) return status;
  Put("KEY ");
  PutHex(key.SessionKey, key.SessionKeyLength);
  (void)FreeContextBuffer(key.SessionKey);
  return SEC_E_OK;
}

SECURITY_STATUS Session::PutInfo() {
  SecPkgContext_Flags flags = {};
  SecPkgContext_Sizes sizes = {};
  SecPkgContext_PackageInfoA package = {};
  SecPkgContext_NativeNamesA names = {};
  SecPkgContext_KeyInfoA key = {};
  SECURITY_STATUS status = QueryContextAttributesA(&context_, SECPKG_ATTR_FLAGS, &flags);
  if (status == SEC_E_OK) status = QueryContextAttributesA(&context_, SECPKG_ATTR_SIZES, &sizes);
  if (status == SEC_E_OK) status = QueryContextAttributesA(&context_, SECPKG_ATTR_PACKAGE_INFO, &package);
  if (status == SEC_E_OK) status = QueryContextAttributesA(&context_, SECPKG_ATTR_NATIVE_NAMES, &names);
  if (status == SEC_E_OK) status = QueryContextAttributesA(&context_, SECPKG_ATTR_KEY_INFO, &key);
  if (status != SEC_E_OK) return status;
  Put("INFO src=");
  Put(names.sClientName != nullptr ? names.sClientName : "");
  Put(" dst=");
  Put(names.sServerName != nullptr ? names.sServerName : "");
  Put(" package=");
  Put(package.PackageInfo->Name);
  Put(" flags=");
  PutHexNumber(flags.Flags);
  Put(" key-bits=");
  PutNumber(key.KeySize);
  Put(" signature=");
  PutNumber(sizes.cbMaxSignature);
  Put(" trailer=");
  PutNumber(sizes.cbSecurityTrailer);
  (void)FreeContextBuffer(names.sClientName);
  (void)FreeContextBuffer(names.sServerName);
  (void)FreeContextBuffer(package.PackageInfo);
  return SEC_E_OK;
}

}  // namespace token
