// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/identity.h"

#include "port/port.h"

namespace baresspi {
namespace {

// SEC_WINNT_AUTH_IDENTITY_A and _W differ in what the pointers lead to alone, and the EX forms have the same
// behind two words.
using Names = SEC_WINNT_AUTH_IDENTITY_A;
using NamesEx = SEC_WINNT_AUTH_IDENTITY_EXA;
static_assert(sizeof(Names) == sizeof(SEC_WINNT_AUTH_IDENTITY_W));
static_assert(offsetof(NamesEx, Flags) - offsetof(NamesEx, User) == offsetof(Names, Flags));

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
  const ULONG flags = names.Flags;
  if ((flags & kOpaque) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
  if ((flags & SEC_WINNT_AUTH_IDENTITY_UNICODE) != 0) wide = true;
  if ((flags & SEC_WINNT_AUTH_IDENTITY_ANSI) != 0) wide = false;
  identity->user = MakeText(names.User, names.UserLength, wide);
  identity->domain = MakeText(names.Domain, names.DomainLength, wide);
  identity->password = MakeText(names.Password, names.PasswordLength, wide);
  if ((flags & BARESSPI_AUTH_IDENTITY_NT_HASH) != 0) {
    if (names.Password == nullptr || names.PasswordLength != 16) return SEC_E_UNKNOWN_CREDENTIALS;
    identity->nt_hash = names.Password;
  }
  return SEC_E_OK;
}

}  // namespace

SECURITY_STATUS ReadAuthData(const void* auth_data, bool wide, AuthData* parsed) {
  const auto* device = static_cast<const BARESSPI_DEVICE*>(auth_data);
  if (device == nullptr || device->Version != BARESSPI_DEVICE_VERSION ||
      device->Length != sizeof(BARESSPI_DEVICE)) {
    device = baresspi_port_device();
  } else {
    auth_data = nullptr;
  }
  parsed->device = device;
  if (auth_data == nullptr && device != nullptr) {
    auth_data = device->Identity;
    wide = false;
  }
  if (auth_data == nullptr) return SEC_E_OK;
  parsed->has_identity = true;
  // The plain form begins with a pointer. On a device whose flash begins at 0 a pointer may well be 0x200, so
  // the second word, which is a size there and a length here, decides with it.
  const auto* ex = static_cast<const NamesEx*>(auth_data);
  if (ex->Version == SEC_WINNT_AUTH_IDENTITY_VERSION_2 &&
      static_cast<const SEC_WINNT_AUTH_IDENTITY_EX2*>(auth_data)->cbHeaderLength ==
          sizeof(SEC_WINNT_AUTH_IDENTITY_EX2)) {
    return SEC_E_UNSUPPORTED_FUNCTION;
  }
  if (ex->Version != SEC_WINNT_AUTH_IDENTITY_VERSION || ex->Length != sizeof(NamesEx)) {
    return ReadNames(*static_cast<const Names*>(auth_data), wide, &parsed->identity);
  }
  const SECURITY_STATUS status =
      ReadNames(*reinterpret_cast<const Names*>(&ex->User), wide, &parsed->identity);
  parsed->identity.packages = MakeText(ex->PackageList, ex->PackageListLength, parsed->identity.user.wide());
  return status;
}

}  // namespace baresspi
