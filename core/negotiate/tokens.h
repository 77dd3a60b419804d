// SPDX-License-Identifier: Apache-2.0
// The tokens of SPNEGO: RFC 4178 4.2, and what [MS-SPNG] 2.2 adds to it.
#pragma once

#include "core/base/der.h"
#include "core/base/memory.h"

namespace baresspi::negotiate {

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

// Says what a token is and reads it. kUnknown also for one that is not well-formed: another structure,
// lengths that lie, trailing octets, a field twice or out of order. A NegTokenInit comes in the frame of RFC
// 2743 3.1 or without; it may be a server's NegTokenInit2 ([MS-SPNG] 2.2.1): its hints are skipped, and so
// are fields that nobody knows.
[[nodiscard]] TokenKind ReadToken(const Bytes& octets, NegToken* parsed);

// What Send sends: a NegTokenResp with a NegState, and maybe the mechanism and our mechListMIC; or one of
// the last two, whose lowest bits say that more is to come.
constexpr unsigned kStateMask = 3;
constexpr unsigned kWithMech = 0x10;
constexpr unsigned kWithMic = 0x80;
constexpr unsigned kInit = 0x21;
constexpr unsigned kHint = kInit | 0x40;  // NegTokenInit2, with the hint that Windows' servers send

// A token is written backwards from its inner one, which stands at Front in the output, and is then moved to
// the output's beginning. What goes around an inner token is never more than Overhead. Both for a
// MechTypeList of list_size.
constexpr size_t Front(size_t list_size) {
  return list_size + 40;
}
constexpr size_t Overhead(size_t list_size) {
  return Front(list_size) + 46;
}

// Where the mechListMIC stands when there is one, behind an inner token that ends here: before Write, its
// octets are put there.
constexpr size_t kMicSize = 16;
constexpr size_t kMicHead = 4;

// Writes a token into out around its inner one (inner_size 0: none), which stands at front, and returns its
// size. names: of a NegTokenInit its MechTypeList, of a NegTokenResp with kWithMech its mechanism's OBJECT
// IDENTIFIER, either with its head.
size_t Write(unsigned form, const Bytes& names, uint8_t* out, size_t front, size_t inner_size);

}  // namespace baresspi::negotiate
