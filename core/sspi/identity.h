// SPDX-License-Identifier: Apache-2.0
// Who a credential is for: SEC_WINNT_AUTH_IDENTITY in its A, W and EX forms, or a BARESSPI_DEVICE.
#pragma once

#include <baresspi/authority.h>

#include "core/base/utf.h"

namespace baresspi {

struct Identity {
  Text user;
  Text domain;
  Text password;
  Text packages;                     // PackageList; empty: not given
  const uint8_t* nt_hash = nullptr;  // 16 octets, in place of the password
};

// pAuthData of AcquireCredentialsHandle, sorted out.
struct AuthData {
  const BARESSPI_DEVICE* device = nullptr;  // whose names, authority and policy hold; may be nullptr
  bool has_identity = false;
  Identity identity;
};

// auth_data may be NULL: then the port's device counts, and its Identity. Returns SEC_E_OK;
// SEC_E_UNSUPPORTED_FUNCTION for a marshalled or encrypted identity and for SEC_WINNT_AUTH_IDENTITY_EX2;
// SEC_E_UNKNOWN_CREDENTIALS for a malformed one.
[[nodiscard]] SECURITY_STATUS ReadAuthData(const void* auth_data, bool wide, AuthData* parsed);

}  // namespace baresspi
