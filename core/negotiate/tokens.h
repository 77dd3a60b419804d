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

// Views into the token; what is absent is empty.
struct NegTokenInit {
  Bytes mech_types;  // MechTypeList with its SEQUENCE head: what a mechListMIC is about
  Bytes mech_token;
  Bytes mech_list_mic;
};

struct NegTokenResp {
  NegState neg_state;
  Bytes supported_mech;  // the OID's content
  Bytes response_token;
  Bytes mech_list_mic;
};

// kRaw: a mechanism's token without SPNEGO around it: NTLM's own, or one in the frame of RFC 2743 3.1; *oid
// is the mechanism's.
TokenKind KindOf(Bytes token, Bytes* oid);

// Each is false when the token is not well-formed: another structure, lengths that lie, trailing octets, a
// field twice or out of order. A NegTokenInit may be a server's NegTokenInit2 ([MS-SPNG] 2.2.1): its negHints
// are skipped, and so are fields that nobody knows.
[[nodiscard]] bool ParseNegTokenInit(Bytes token, NegTokenInit* parsed);
[[nodiscard]] bool ParseNegTokenResp(Bytes token, NegTokenResp* parsed);

// Every token that we send is one of these around an inner token, which stands in the output already and is
// moved to its place.
struct OutToken {
  Bytes mech_types;                        // NegTokenInit: the list; else empty
  NegState neg_state = NegState::kAbsent;  // NegTokenResp
  Bytes supported_mech;                    // NegTokenResp
  bool has_token = false;                  // responseToken or mechToken, of token_size octets
  size_t token_size = 0;
  Bytes mech_list_mic;
  bool hint = false;  // NegTokenInit2: the hint that Windows' servers send
};

size_t SizeOf(const OutToken& token);
// Writes it to out; the inner token stands at inner, which is in the same buffer and may overlap.
void Write(const OutToken& token, const uint8_t* inner, uint8_t* out);

// The most that a token of ours has around its inner one, for a MechTypeList of list_size.
constexpr size_t Overhead(size_t list_size) {
  return list_size + 104;
}

}  // namespace baresspi::negotiate
