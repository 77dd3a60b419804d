// SPDX-License-Identifier: Apache-2.0
// The tokens of SPNEGO: RFC 4178 4.2, and what [MS-SPNG] 2.2 adds to it.
#pragma once

#include "core/base/der.h"

namespace baresspi::negotiate {

// negState, RFC 4178 4.2.2.
enum class NegState : uint8_t {
  kAcceptCompleted = 0,
  kAcceptIncomplete = 1,
  kReject = 2,
  kRequestMic = 3,
  kAbsent = 0xFF
};

// What a peer's token is, by its first octets.
enum class TokenKind : uint8_t { kEmpty, kNegTokenInit, kNegTokenResp, kRaw, kUnknown };

// kNegTokenInit: the frame of RFC 2743 3.1, if there is one, is taken off *token. kRaw: a mechanism's token
// without SPNEGO around it: NTLM's own, or one in that frame; *oid is the mechanism's.
TokenKind KindOf(Bytes* token, Bytes* oid);

// A NegTokenInit or NegTokenResp. Views into the token; what is absent is empty.
struct NegToken {
  // The fields [0] to [4], in order.
  Bytes mech_types;      // NegTokenInit: MechTypeList with its SEQUENCE head, what a mechListMIC is about
  Bytes supported_mech;  // NegTokenResp: the OID's content
  Bytes token;           // mechToken or responseToken
  Bytes mech_list_mic;
  Bytes behind_hints;  // NegTokenInit2: its mechListMIC, which the one above has too

  Bytes mechanisms;  // NegTokenInit: what mech_types holds
  NegState neg_state = NegState::kAbsent;
};

// kind: kNegTokenInit or kNegTokenResp, as KindOf says. False when the token is not a well-formed one:
// another structure, lengths that lie, trailing octets, a field twice or out of order. A NegTokenInit may be
// a server's NegTokenInit2 ([MS-SPNG] 2.2.1): its negHints are skipped, and so are fields that nobody knows.
[[nodiscard]] bool ParseNegToken(const Bytes& token, TokenKind kind, NegToken* parsed);

// Both in one: what a peer's token is and holds. kUnknown also for a malformed one. mechanisms is the OID
// alone where it is kRaw, and means nothing where it is kNegTokenResp.
TokenKind ReadToken(const Bytes& octets, NegToken* parsed);

// Every token that we send is one of these around an inner token or around none.
struct OutToken {
  Bytes mech_types;                        // NegTokenInit: the list; else empty
  NegState neg_state = NegState::kAbsent;  // NegTokenResp
  Bytes supported_mech;                    // NegTokenResp
  Bytes mech_list_mic;                     // 16 octets or none
  bool hint = false;                       // NegTokenInit2: the hint that Windows' servers send
};

// A token is written backwards from its inner one, which stands at Front in the output, and is then moved to
// the output's beginning. What goes around an inner token is never more than Overhead. Both for a
// MechTypeList of list_size.
constexpr size_t Front(size_t list_size) {
  return list_size + 40;
}
constexpr size_t Overhead(size_t list_size) {
  return Front(list_size) + 46;
}

// Writes it to out, whose inner token (0: none) stands at front. Returns the size.
size_t Write(const OutToken& token, uint8_t* out, size_t front, size_t inner_size);

}  // namespace baresspi::negotiate
