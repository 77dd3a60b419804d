// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/identity.h"

#include "core/base/memory.h"
#include "port/port.h"

namespace baresspi {
namespace {

// SEC_WINNT_AUTH_IDENTITY_A and _W differ in what the pointers lead to, and the EX forms have them behind two
// words.
struct Names {
  const void* user;
  ULONG user_length;
  const void* domain;
  ULONG domain_length;
  const void* password;
  ULONG password_length;
  ULONG flags;
};
static_assert(sizeof(Names) == sizeof(SEC_WINNT_AUTH_IDENTITY_A) &&
              sizeof(Names) == sizeof(SEC_WINNT_AUTH_IDENTITY_W));

struct NamesEx {
  ULONG version;
  ULONG length;
  Names names;
};
static_assert(offsetof(NamesEx, names.user) == offsetof(SEC_WINNT_AUTH_IDENTITY_EXA, User));
static_assert(offsetof(NamesEx, names.flags) == offsetof(SEC_WINNT_AUTH_IDENTITY_EXA, Flags));

Text MakeText(const void* text, ULONG length, bool wide) {
  if (text == nullptr) length = 0;
  return wide ? Text::Utf16(static_cast<const char16_t*>(text), length)
              : Text::Utf8(static_cast<const char*>(text), length);
}

SECURITY_STATUS ReadNames(const Names& names, bool wide, Identity* identity) {
  constexpr ULONG kOpaque =
      SEC_WINNT_AUTH_IDENTITY_MARSHALLED | SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED |
      SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED | SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED |
      SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_ENCRYPTED;
  if ((names.flags & kOpaque) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
  if ((names.flags & SEC_WINNT_AUTH_IDENTITY_UNICODE) != 0) wide = true;
  if ((names.flags & SEC_WINNT_AUTH_IDENTITY_ANSI) != 0) wide = false;
  identity->user = MakeText(names.user, names.user_length, wide);
  identity->domain = MakeText(names.domain, names.domain_length, wide);
  identity->password = MakeText(names.password, names.password_length, wide);
  if ((names.flags & BARESSPI_AUTH_IDENTITY_NT_HASH) != 0) {
    if (names.password == nullptr || names.password_length != 16) return SEC_E_UNKNOWN_CREDENTIALS;
    identity->nt_hash = static_cast<const uint8_t*>(names.password);
    identity->password = {};
  }
  return SEC_E_OK;
}

SECURITY_STATUS ReadIdentity(const void* auth_data, bool wide, Identity* identity) {
  // The plain form begins with a pointer. On a device whose flash begins at 0 a pointer may well be 0x200, so
  // the second word, which is a size there and a length here, decides with it.
  NamesEx ex;
  Copy(&ex, auth_data, sizeof ex.version + sizeof ex.length);
  if (ex.version == SEC_WINNT_AUTH_IDENTITY_VERSION_2) return SEC_E_UNSUPPORTED_FUNCTION;
  Names names;
  if (ex.version != SEC_WINNT_AUTH_IDENTITY_VERSION || ex.length != sizeof(SEC_WINNT_AUTH_IDENTITY_EXA)) {
    Copy(&names, auth_data, sizeof names);
    return ReadNames(names, wide, identity);
  }
  SEC_WINNT_AUTH_IDENTITY_EXA whole;
  Copy(&whole, auth_data, sizeof whole);
  Copy(&names, static_cast<const uint8_t*>(auth_data) + offsetof(NamesEx, names), sizeof names);
  const SECURITY_STATUS status = ReadNames(names, wide, identity);
  identity->packages = MakeText(whole.PackageList, whole.PackageListLength, identity->user.wide());
  return status;
}

}  // namespace

SECURITY_STATUS ReadAuthData(const void* auth_data, bool wide, AuthData* parsed) {
  parsed->device = baresspi_port_device();
  if (auth_data != nullptr) {
    ULONG head[2];
    Copy(head, auth_data, sizeof head);
    if (head[0] == BARESSPI_DEVICE_VERSION && head[1] == sizeof(BARESSPI_DEVICE)) {
      parsed->device = static_cast<const BARESSPI_DEVICE*>(auth_data);
      auth_data = nullptr;
    }
  }
  if (auth_data == nullptr && parsed->device != nullptr) {
    auth_data = parsed->device->Identity;
    wide = false;
  }
  if (auth_data == nullptr) return SEC_E_OK;
  parsed->has_identity = true;
  return ReadIdentity(auth_data, wide, &parsed->identity);
}

}  // namespace baresspi
