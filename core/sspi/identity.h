// SPDX-License-Identifier: Apache-2.0
// Who a credential is for: SEC_WINNT_AUTH_IDENTITY in its A, W and EX forms, or a BARESSPI_DEVICE.
#pragma once

#include <baresspi/authority.h>

#include "config/baresspi_config.h"
#include "core/base/utf.h"

namespace baresspi {

// pAuthData of AcquireCredentialsHandle, sorted out. Views of what the caller gave.
class Identity {
 public:
  // SEC_WINNT_AUTH_IDENTITY_A and _W differ in what the pointers lead to alone, and the EX forms have the
  // same behind two words.
  using Names = SEC_WINNT_AUTH_IDENTITY_A;
  using NamesEx = SEC_WINNT_AUTH_IDENTITY_EXA;

  Identity() = default;  // not read yet
  constexpr Identity(const Names* names, bool wide, bool extended)
      : names_(names), wide_(wide), extended_(extended) {}

  constexpr bool given() const { return names_ != nullptr; }
  enum Name : uint8_t { kUser, kDomain, kPassword };  // in the structure's order
  Text Get(Name name) const;
  // Of the EX forms. In place, since one package alone asks.
  Text PackageList() const {
    if (!extended_) return Text();
    const auto* octets = reinterpret_cast<const uint8_t*>(names_) - offsetof(NamesEx, User);
    const auto* ex = reinterpret_cast<const NamesEx*>(octets);
    return Text::Either(ex->PackageList, ex->PackageList == nullptr ? 0 : ex->PackageListLength, wide_);
  }
  // 16 octets in place of the password; nullptr: none.
  const uint8_t* nt_hash() const {
    return (names_->Flags & BARESSPI_AUTH_IDENTITY_NT_HASH) != 0 ? names_->Password : nullptr;
  }

 private:
  const Names* names_;  // nullptr: none
  bool wide_;
  bool extended_;  // then there are names
};

struct AuthData {
  const BARESSPI_DEVICE* device;  // whose names, authority and policy hold; may be nullptr
  Identity identity;
#if BARESSPI_SCHANNEL
  const void* raw;  // pAuthData as it came: of TLS, which has neither of the above
#endif
};

// auth_data may be NULL: then the port's device counts, and its Identity. Returns SEC_E_OK;
// SEC_E_UNSUPPORTED_FUNCTION for a marshalled or encrypted identity and for SEC_WINNT_AUTH_IDENTITY_EX2;
// SEC_E_UNKNOWN_CREDENTIALS for a malformed one.
[[nodiscard]] SECURITY_STATUS ReadAuthData(const void* auth_data, bool wide, AuthData* parsed);

}  // namespace baresspi
