// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/support/party.h"

#include <algorithm>

#include "tests/support/tls_sides.h"

namespace faults {
namespace {

using two_sides::Buffer;

constexpr size_t kSignature = 16;  // [MS-NLMP] 2.2.2.9
constexpr SecHandle kUntouched = {0x1234, 0x5678};

ULONG Size(size_t size) {
  return static_cast<ULONG>(size);
}

Octets Joined(const Octets& one, const Octets& other) {
  Octets all = one;
  all.insert(all.end(), other.begin(), other.end());
  return all;
}

bool AllZero(Buffer& buffer) {
  return std::all_of(buffer.data(), buffer.data() + buffer.size(), [](uint8_t octet) { return octet == 0; });
}

}  // namespace

const char* NameOf(Package package) {
  static constexpr const char* kNames[] = {"NTLM", "Negotiate", UNISP_NAME_A};
  return kNames[static_cast<size_t>(package)];
}

Party::Party(Package package, ULONG use, const void* auth_data)
    : package_(package), use_(use), auth_data_(auth_data) {}

Party::~Party() {
  if (has_context_) {
    EXPECT_STATUS(SEC_E_OK, Delete());
  }
  if (owns_credential()) {
    EXPECT_STATUS(SEC_E_OK, Free());
  }
}

SECURITY_STATUS Party::Acquire() {
  CredHandle fresh = kUntouched;
  const SECURITY_STATUS status =
      AcquireCredentialsHandleA(nullptr, NameOf(package_), use_, nullptr, const_cast<void*>(auth_data_),
                                nullptr, nullptr, &fresh, nullptr);
  if (status == SEC_E_OK) {
    credential_ = fresh;
    has_credential_ = true;
  } else {
    EXPECT_EQ(fresh.dwLower, kUntouched.dwLower);
    EXPECT_EQ(fresh.dwUpper, kUntouched.dwUpper);
  }
  return status;
}

void Party::Borrow(const CredHandle& credential) {
  credential_ = credential;
  has_credential_ = borrowed_ = true;
}

Handed Party::Step(const Octets& token) {
  Buffer in(token), bound(bindings), out(package_ == Package::kTls ? 18432 : 2888);
  SecBuffer inputs[3] = {{Size(in.size()), SECBUFFER_TOKEN, in.data()},
                         {0, SECBUFFER_EMPTY, nullptr},
                         {Size(bound.size()), SECBUFFER_CHANNEL_BINDINGS, bound.data()}};
  SecBufferDesc input = {SECBUFFER_VERSION, bindings.empty() ? 2U : 3U, inputs};
  SecBuffer room = {Size(out.size()), SECBUFFER_TOKEN, out.data()};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &room};
  CtxtHandle* const old = has_context_ ? &context_ : nullptr;
  CtxtHandle fresh = kUntouched;
  ULONG attributes = 0xFFFFFFFFU;
  Handed handed;
  if (client()) {
    const char* target = package_ == Package::kTls ? tls_sides::kHost : "http/device.example.test";
    handed.status = InitializeSecurityContextA(&credential_, old, target, requested, 0, 0, &input, 0, &fresh,
                                               &output, &attributes, nullptr);
  } else {
    handed.status =
        AcceptSecurityContext(&credential_, old, &input, requested, 0, &fresh, &output, &attributes, nullptr);
  }
  if (inputs[1].BufferType == SECBUFFER_EXTRA) handed.extra = inputs[1].cbBuffer;
  if (handed.status >= 0) {
    if (!has_context_) context_ = fresh;
    given_back_ = fresh;
    has_context_ = true;
    handed.token = out.First(room.cbBuffer);
  } else {
    const bool told = room.cbBuffer != 0 && (room.cbBuffer != out.size() || !AllZero(out));
    if (told) handed.token = out.First(std::min<size_t>(room.cbBuffer, out.size()));
    handed.quiet = !told && attributes == 0 && fresh.dwLower == kUntouched.dwLower &&
                   fresh.dwUpper == kUntouched.dwUpper;
  }
  return handed;
}

SECURITY_STATUS Party::Protect(bool seal, const Octets& text, Octets* wire) {
  const bool tls = package_ == Package::kTls;
  SecPkgContext_StreamSizes sizes = {};
  if (tls) {
    const SECURITY_STATUS status = QueryContextAttributesA(&context_, SECPKG_ATTR_STREAM_SIZES, &sizes);
    if (status != SEC_E_OK) return status;
  }
  Buffer header(tls ? sizes.cbHeader : kSignature), data(text), trailer(sizes.cbTrailer);
  SecBuffer buffers[3] = {
      {Size(header.size()), tls ? SECBUFFER_STREAM_HEADER : SECBUFFER_TOKEN, header.data()},
      {Size(data.size()), SECBUFFER_DATA, data.data()},
      {Size(trailer.size()), tls ? SECBUFFER_STREAM_TRAILER : SECBUFFER_EMPTY, trailer.data()}};
  SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};
  const SECURITY_STATUS status =
      seal ? EncryptMessage(&context_, 0, &message, 0) : MakeSignature(&context_, 0, &message, 0);
  if (status != SEC_E_OK) return status;
  *wire = Joined(Joined(header.First(buffers[0].cbBuffer), data.First(text.size())),
                 trailer.First(tls ? buffers[2].cbBuffer : 0));
  return status;
}

SECURITY_STATUS Party::Unprotect(bool seal, const Octets& wire, Octets* text, Octets* extra) {
  const bool tls = package_ == Package::kTls;
  const size_t head = tls ? 0 : std::min(kSignature, wire.size());
  Buffer signature(Octets(wire.begin(), wire.begin() + static_cast<ptrdiff_t>(head)));
  Buffer data(Octets(wire.begin() + static_cast<ptrdiff_t>(head), wire.end()));
  SecBuffer buffers[4] = {{Size(data.size()), SECBUFFER_DATA, data.data()},
                          {Size(head), tls ? SECBUFFER_EMPTY : SECBUFFER_TOKEN, signature.data()},
                          {0, SECBUFFER_EMPTY, nullptr},
                          {0, SECBUFFER_EMPTY, nullptr}};
  SecBufferDesc message = {SECBUFFER_VERSION, tls ? 4U : 2U, buffers};
  const SECURITY_STATUS status = seal ? DecryptMessage(&context_, &message, 0, nullptr)
                                      : VerifySignature(&context_, &message, 0, nullptr);
  for (const SecBuffer& buffer : buffers) {
    const auto* octets = static_cast<const uint8_t*>(buffer.pvBuffer);
    if (status == SEC_E_OK && buffer.BufferType == SECBUFFER_DATA)
      text->assign(octets, octets + buffer.cbBuffer);
    if (extra != nullptr && buffer.BufferType == SECBUFFER_EXTRA)
      extra->assign(octets, octets + buffer.cbBuffer);
  }
  return status;
}

SECURITY_STATUS Party::Query(ULONG attribute) {
  union {
    SecPkgContext_StreamSizes sizes;
    SecPkgContext_ConnectionInfo connection;
    SecPkgContext_CipherInfo cipher;
    void* room[16];
  } answer = {};
  return QueryContextAttributesA(&context_, attribute, &answer);
}

Octets Party::Key() {
  if (package_ == Package::kTls) return {};
  SecPkgContext_SessionKey key = {};
  if (QueryContextAttributesA(&context_, SECPKG_ATTR_SESSION_KEY, &key) != SEC_E_OK) return {};
  return Octets(key.SessionKey, key.SessionKey + key.SessionKeyLength);
}

SECURITY_STATUS Party::ShutDown() {
  DWORD type = SCHANNEL_SHUTDOWN;
  SecBuffer buffer = {sizeof type, SECBUFFER_TOKEN, &type};
  SecBufferDesc description = {SECBUFFER_VERSION, 1, &buffer};
  return ApplyControlToken(&context_, &description);
}

SECURITY_STATUS Party::Delete() {
  const SECURITY_STATUS status = DeleteSecurityContext(&context_);
  if (status == SEC_E_OK) has_context_ = false;
  return status;
}

SECURITY_STATUS Party::Free() {
  const SECURITY_STATUS status = FreeCredentialsHandle(&credential_);
  if (status == SEC_E_OK) has_credential_ = false;
  return status;
}

}  // namespace faults
