// SPDX-License-Identifier: Apache-2.0
// NTLM's credential and context, and what its parts say to each other.
#pragma once

#include <baresspi/authority.h>

#include "config/baresspi_config.h"
#include "core/base/shared.h"
#include "core/crypto/rc4.h"
#include "core/ntlm/keys.h"
#include "core/ntlm/names.h"
#include "core/sspi/mechanism_base.h"

namespace baresspi::ntlm {

struct NtlmCredential : Credential {
  const BARESSPI_DEVICE* device;  // may be nullptr
  uint32_t policy;                // BARESSPI_POLICY_*; PolicyOf reads it
  uint8_t ntowfv2[kKeySize];      // all that is kept of the password
  bool has_identity;              // names and ntowfv2 mean something
  AccountNames names;
};

// Channel bindings as the application gave them.
struct KeptBindings {
  bool given;
  uint8_t hash[kKeySize];  // MD5, MsvAvChannelBindings

  void Keep(const HandshakeCall& call);
};

// Until the server's CHALLENGE, a client needs what the application may have given with its first call only.
// What comes with the second is kept apart: that call may have to be repeated.
struct ClientArguments {
  KeptBindings bindings;
  uint16_t target_size;  // octets
  uint8_t target[256];   // the SPN, UTF-16LE
};
struct ClientHandshake {
  ClientArguments first;
  ClientArguments second;
};

// Until the client's AUTHENTICATE, a server needs what makes its CHALLENGE anew, and the client's NEGOTIATE.
struct ServerHandshake {
  KeptBindings bindings;
  uint32_t flags;  // NegotiateFlags of the CHALLENGE
  uint8_t challenge[kChallengeSize];
  uint8_t timestamp[8];
  bool has_timestamp;
  uint16_t info_start;      // of the CHALLENGE: where its TargetInfo begins
  uint16_t challenge_size;  // and where it ends
  uint16_t negotiate_size;
  uint8_t negotiate[BARESSPI_NTLM_NEGOTIATE_MAX];
};
static_assert(BARESSPI_NTLM_NEGOTIATE_MAX >= 104 && BARESSPI_NTLM_NEGOTIATE_MAX <= 480);

// What protects the messages of one direction.
struct Channel {
  uint8_t sign_key[kKeySize];
  uint32_t sequence;
  Rc4 cipher;  // in datagram mode keyed anew for each message
};

// attributes are ISC_REQ_* or ASC_REQ_* until the handshake is done.
struct NtlmContext : MechanismBase {
  uint32_t flags;                 // NegotiateFlags: asked for during the handshake, agreed afterwards
  uint8_t session_key[kKeySize];  // ExportedSessionKey
#if BARESSPI_NTLM_SERVER
  AccountNames caller;
#endif
  union {
    ClientHandshake client;
    ServerHandshake server;
    Channel channels[2];  // the one that we send on comes first
  };
#if BARESSPI_NTLM_TARGET_INFORMATION_BYTES
  uint16_t target_information_size;  // as received; larger than the room: not kept
  uint8_t target_information[BARESSPI_NTLM_TARGET_INFORMATION_BYTES];
#endif
#if BARESSPI_NTLM_CLIENT_TARGET_BYTES
  uint16_t client_target_size;  // octets of UTF-16; likewise
  alignas(2) uint8_t client_target[BARESSPI_NTLM_CLIENT_TARGET_BYTES];
#endif
};

inline NtlmCredential& CredentialOf(Context& context) {
  return *static_cast<NtlmCredential*>(context.credential);
}
inline NtlmCredential& CredentialOf(const Context& context) {
  return *static_cast<NtlmCredential*>(context.credential);
}

// SetCredentialsAttributes may change it while other tasks are in handshakes.
inline uint32_t PolicyOf(const NtlmCredential& credential) {
  return LoadShared(&credential.policy);
}

// The functions of the package table.
SECURITY_STATUS Initialize(Context& base, HandshakeCall& call);
SECURITY_STATUS Accept(Context& base, HandshakeCall& call);
SECURITY_STATUS Acquire(Credential& base, const AuthData& auth_data);
SECURITY_STATUS SetCredential(Credential& base, const AttributeCall& call);
SECURITY_STATUS Protect(Context& base, const MessageCall& call);
void RestartCiphers(Context& base);
SECURITY_STATUS QueryContext(Context& base, const AttributeCall& call);
SECURITY_STATUS QueryCredential(Credential& base, const AttributeCall& call);
SECURITY_STATUS QueryToken(const Context& base, BARESSPI_TOKEN_INFO* info);

// Some NegotiateFlags are what attributes are, too. These number them differently; what is asked for
// (ISC_REQ_*, ASC_REQ_*) and what is given (ISC_RET_*, ASC_RET_*) have the same numbers.
enum Language : uint8_t { kFlags, kInitiatorAttributes, kAcceptorAttributes };
uint32_t Translate(uint32_t bits, Language from, Language to);

// The flags that hold when both sides named these.
uint32_t AgreedFlags(uint32_t both);

// The flags that hold when the peer names theirs to what we named. SEC_E_UNSUPPORTED_FUNCTION: the peer lacks
// what nobody here does without, or the keys would be shorter than the policy allows. SEC_E_INVALID_TOKEN:
// one side is in datagram mode.
[[nodiscard]] SECURITY_STATUS Agree(const NtlmContext& context, uint32_t theirs, bool anonymous,
                                    uint32_t* agreed);

// Ends the handshake: message keys out of session_key and the flags agreed, and the attributes. The
// handshake's part of the context is gone then.
void StartMessageSecurity(NtlmContext& context, uint32_t flags);

// The device's name in a field of BARESSPI_DEVICE; empty when there is none.
inline Text DeviceText(const BARESSPI_DEVICE* device, const char* BARESSPI_DEVICE::*name) {
  return device == nullptr ? Text() : Text::Utf8(device->*name);
}

}  // namespace baresspi::ntlm
