// SPDX-License-Identifier: Apache-2.0
// Who the accounts are, and how credentials for them are made.
#pragma once

#include "tests/faults/model/world.h"

namespace model {

// The port's device, which maps certificates to accounts and has an identity: alice.
const BARESSPI_DEVICE& ThePortsDevice();
// A server's: with an authority that knows EXAMPLE\alice (UserId 7), or without.
const BARESSPI_DEVICE& ServerDevice(bool authority);

inline constexpr ULONG kAliceId = 7;
inline constexpr char kAliceName[] = "EXAMPLE\\alice";
inline constexpr char kHost[] = "device.example.test";

// An identity; the strings are constants.
SEC_WINNT_AUTH_IDENTITY_A IdentityOf(Who who);
// SCHANNEL_CRED for a credential of TLS; what it leads to is constant.
SCHANNEL_CRED TlsCredentialOf(const Credential& credential);

}  // namespace model
