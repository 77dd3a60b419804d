// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/identity.h"

#include "config/baresspi_config.h"
#include "port/port.h"

namespace baresspi {
namespace {

using Names = Identity::Names;
using NamesEx = Identity::NamesEx;
static_assert(sizeof(Names) == sizeof(SEC_WINNT_AUTH_IDENTITY_W));
static_assert(offsetof(NamesEx, Flags) - offsetof(NamesEx, User) == offsetof(Names, Flags));

// The three names, one after the other.
struct Counted {
  const void* text;
  ULONG length;
};
static_assert(offsetof(Names, Domain) == sizeof(Counted) &&
              offsetof(Names, Password) == 2 * sizeof(Counted) &&
              offsetof(Names, DomainLength) - offsetof(Names, Domain) == offsetof(Counted, length));

}  // namespace

Text Identity::Get(Name name) const {
  const Counted& counted = reinterpret_cast<const Counted*>(names_)[name];
  const ULONG length = counted.text == nullptr ? 0 : counted.length;
  return Text::Either(counted.text, length, wide_);
}

SECURITY_STATUS ReadAuthData(const void* auth_data, bool wide, AuthData* parsed) {
  const auto* device = static_cast<const BARESSPI_DEVICE*>(auth_data);
  const bool is_device = device != nullptr && device->Version == BARESSPI_DEVICE_VERSION &&
                         device->Length == sizeof(BARESSPI_DEVICE);
  if (!is_device) device = baresspi_port_device();
  parsed->device = device;
  if (device != nullptr && (is_device || auth_data == nullptr)) {
    auth_data = device->Identity;
    wide = false;
  }
  const auto* names = static_cast<const Names*>(auth_data);
  bool extended = false;
  if (names != nullptr) {
    // The plain form begins with a pointer. On a device whose flash begins at 0 a pointer may well be 0x200,
    // so the second word, which is a size there and a length here, decides with it.
    const auto* ex = static_cast<const NamesEx*>(auth_data);
    if (ex->Version == SEC_WINNT_AUTH_IDENTITY_VERSION_2 &&
        static_cast<const SEC_WINNT_AUTH_IDENTITY_EX2*>(auth_data)->cbHeaderLength ==
            sizeof(SEC_WINNT_AUTH_IDENTITY_EX2)) {
      return SEC_E_UNSUPPORTED_FUNCTION;
    }
    extended = ex->Version == SEC_WINNT_AUTH_IDENTITY_VERSION && ex->Length == sizeof(NamesEx);
    if (extended) names = reinterpret_cast<const Names*>(&ex->User);
    constexpr ULONG kOpaque =
        SEC_WINNT_AUTH_IDENTITY_MARSHALLED | SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED |
        SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED | SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED |
        SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_ENCRYPTED;
    const ULONG flags = names->Flags;
    if ((flags & kOpaque) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
    if ((flags & BARESSPI_AUTH_IDENTITY_NT_HASH) != 0 &&
        (names->Password == nullptr || names->PasswordLength != 16)) {
      return SEC_E_UNKNOWN_CREDENTIALS;
    }
    const ULONG form = flags & (SEC_WINNT_AUTH_IDENTITY_UNICODE | SEC_WINNT_AUTH_IDENTITY_ANSI);
    if (form != 0) wide = form == SEC_WINNT_AUTH_IDENTITY_UNICODE;
  }
  parsed->identity = {names, wide, BARESSPI_NEGOTIATE != 0 && extended};  // nobody else asks
  return SEC_E_OK;
}

}  // namespace baresspi
