// SPDX-License-Identifier: Apache-2.0
// The tokens of SPNEGO: RFC 4178 4.2, and what [MS-SPNG] 2.2 adds to it.
#pragma once

#include "core/base/der.h"

namespace baresspi::negotiate {

// SPNEGO's OID, 1.3.6.1.5.5.2, with its head.
inline constexpr uint8_t kSpnego[] = {kDerOid, 6, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x02};

constexpr uint8_t ContextTag(unsigned n) {
  return static_cast<uint8_t>(kDerContext0 + n);
}

// negState, RFC 4178 4.2.2.
enum class NegState : uint8_t {
  kAcceptCompleted = 0,
  kAcceptIncomplete = 1,
  kReject = 2,
  kRequestMic = 3,
};

// What a peer's token is. kRaw: a mechanism's token without SPNEGO around it: NTLM's own, or one in the frame
// of RFC 2743 3.1.
enum class TokenKind : uint8_t { kEmpty, kNegTokenInit, kNegTokenResp, kRaw, kUnknown };

// The fields of NegTokenInit and NegTokenResp, by their number.
enum Field : uint8_t {
  kMechTypes = 0,      // NegTokenInit: what its MechTypeList holds. NegTokenResp has its NegState there
  kSupportedMech = 1,  // NegTokenResp. NegTokenInit has reqFlags there, which nobody heeds
  kToken = 2,          // mechToken or responseToken
  kMechListMic = 3,    // in NegTokenInit2 this is negHints
  kBehindHints = 4,    // and this the mechListMIC
  kFields
};

// What a token holds: views into it; what is absent is empty.
struct NegToken {
  Bytes mech_types;       // NegTokenInit: MechTypeList with its SEQUENCE head, what a mechListMIC is about
  Bytes fields[kFields];  // the content of each field's element
  NegState neg_state = NegState::kAcceptCompleted;  // also where it is absent

  // OBJECT IDENTIFIERs, with their heads. Of a raw token the one of its mechanism.
  const Bytes& mechanisms() const { return fields[kMechTypes]; }
  const Bytes& supported_mech() const { return fields[kSupportedMech]; }
  const Bytes& token() const { return fields[kToken]; }
  const Bytes& mech_list_mic() const { return fields[kMechListMic]; }
};

// Says what a token is and reads it. In place of one with SPNEGO around it is put the mechanism's token that
// it holds, or nothing. kUnknown also for one that is not well-formed: another structure,
// lengths that lie, trailing octets, a field twice or out of order. A NegTokenInit comes in the frame of RFC
// 2743 3.1 or without; it may be a server's NegTokenInit2 ([MS-SPNG] 2.2.1): its hints are skipped, and so
// are fields that nobody knows.
[[nodiscard]] TokenKind ReadToken(Bytes* octets, NegToken* parsed);

}  // namespace baresspi::negotiate
