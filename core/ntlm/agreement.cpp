// SPDX-License-Identifier: Apache-2.0
// What requests, flags and policy have to do with each other.
#include "core/base/memory.h"
#include "core/ntlm/context.h"

namespace baresspi::ntlm {

void KeptBindings::Keep(const HandshakeCall& call) {
  given = call.has_bindings;
  if (given) Copy(hash, call.bindings, sizeof hash);
}

uint32_t Translate(uint32_t bits, Language from, Language to) {
  struct Meaning {
    uint8_t bit[3];  // in each language, counted from the lowest
  };
  static constexpr Meaning kMeanings[] = {
      {{4, 2, 2}},     // SIGN: REPLAY_DETECT
      {{4, 3, 3}},     // SIGN: SEQUENCE_DETECT
      {{4, 16, 17}},   // SIGN: INTEGRITY
      {{5, 4, 4}},     // SEAL: CONFIDENTIALITY
      {{6, 10, 10}},   // DATAGRAM
      {{11, 18, 20}},  // anonymous: NULL_SESSION
      {{20, 17, 19}},  // IDENTIFY
  };
  uint32_t translated = 0;
  for (const Meaning& meaning : kMeanings) translated |= ((bits >> meaning.bit[from]) & 1) << meaning.bit[to];
  return translated;
}
static_assert(kNegotiateSign == 1 << 4 && kNegotiateSeal == 1 << 5 && kNegotiateDatagram == 1 << 6 &&
              kAnonymous == 1 << 11 && kNegotiateIdentify == 1 << 20);
static_assert(ISC_RET_REPLAY_DETECT == 1 << 2 && ISC_RET_SEQUENCE_DETECT == 1 << 3 &&
              ISC_RET_CONFIDENTIALITY == 1 << 4 && ISC_RET_DATAGRAM == 1 << 10 &&
              ISC_RET_INTEGRITY == 1 << 16 && ISC_RET_IDENTIFY == 1 << 17 && ISC_RET_NULL_SESSION == 1 << 18);
static_assert(ASC_RET_REPLAY_DETECT == 1 << 2 && ASC_RET_SEQUENCE_DETECT == 1 << 3 &&
              ASC_RET_CONFIDENTIALITY == 1 << 4 && ASC_RET_DATAGRAM == 1 << 10 &&
              ASC_RET_INTEGRITY == 1 << 17 && ASC_RET_IDENTIFY == 1 << 19 && ASC_RET_NULL_SESSION == 1 << 20);

uint32_t AgreedFlags(uint32_t both) {
  uint32_t flags = kBasicFlags | (both & kAgreedFlags);
  if ((flags & kNegotiateSeal) != 0) flags |= kNegotiateSign;
  if ((flags & kNegotiateDatagram) != 0) flags |= kNegotiateKeyExch;
  return flags;
}

SECURITY_STATUS Agree(const NtlmContext& context, uint32_t theirs, bool anonymous, uint32_t* agreed) {
  if (anonymous) {
    // It has no secret: a key that anyone can compute protects nothing. (Samba asks for it all the same, and
    // not for extended session security.)
    theirs &= ~static_cast<uint32_t>(kNegotiateSign | kNegotiateSeal | kNegotiateKeyExch);
    theirs |= kNegotiateExtendedSessionSecurity;
  }
  uint32_t lacking = ~theirs & (kNegotiateUnicode | kNegotiateExtendedSessionSecurity);
  if (((theirs ^ context.flags) & kNegotiateDatagram) != 0) return SEC_E_INVALID_TOKEN;
  theirs = AgreedFlags(theirs & context.flags);
  if ((theirs & kNegotiateSign) != 0 &&
      (PolicyOf(CredentialOf(context)) & BARESSPI_POLICY_ALLOW_WEAK_KEYS) == 0)
    lacking |= ~theirs & kNegotiate128;
  *agreed = theirs | (anonymous ? uint32_t{kAnonymous} : 0);
  return lacking != 0 ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_OK;
}

}  // namespace baresspi::ntlm
