// SPDX-License-Identifier: Apache-2.0
// What requests, flags and policy have to do with each other.
#include "core/base/memory.h"
#include "core/ntlm/context.h"

namespace baresspi::ntlm {

void KeptBindings::Keep(const HandshakeCall& call) {
  given = call.has_bindings;
  Copy(hash, call.bindings, sizeof hash);
}

uint32_t FlagsForRequest(ULONG requested) {
  uint32_t flags = kBasicFlags | kRequestTarget | kNegotiateAlwaysSign | kNegotiate128 | kNegotiate56;
  constexpr ULONG kSigning = ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT;
  // Without signing and sealing implementations differ on whether a key goes over (3.1.5.1.2 says it does
  // not).
  if ((requested & kSigning) != 0) flags |= kNegotiateSign | kNegotiateKeyExch;
  if ((requested & ISC_REQ_CONFIDENTIALITY) != 0)
    flags |= kNegotiateSign | kNegotiateSeal | kNegotiateKeyExch;
  if ((requested & ISC_REQ_IDENTIFY) != 0) flags |= kNegotiateIdentify;
  if ((requested & ISC_REQ_DATAGRAM) != 0) flags |= kNegotiateDatagram | kNegotiateKeyExch;
  return flags;
}

uint32_t AgreedFlags(uint32_t both) {
  uint32_t flags = kBasicFlags | (both & kAgreedFlags);
  if ((flags & kNegotiateSeal) != 0) flags |= kNegotiateSign;
  if ((flags & kNegotiateDatagram) != 0) flags |= kNegotiateKeyExch;
  return flags;
}

SECURITY_STATUS CheckKeyStrength(uint32_t flags, uint32_t policy) {
  if ((flags & kNegotiateSign) == 0 || (flags & kNegotiate128) != 0) return SEC_E_OK;
  return (policy & BARESSPI_POLICY_ALLOW_WEAK_KEYS) != 0 ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION;
}

}  // namespace baresspi::ntlm
