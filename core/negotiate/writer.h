// SPDX-License-Identifier: Apache-2.0
// Writes the tokens of SPNEGO. In a header, since it is called from one place alone: there it costs no call.
#pragma once

#include "config/baresspi_config.h"
#include "core/base/memory.h"
#include "core/negotiate/tokens.h"

namespace baresspi::negotiate {

// What Send sends: a NegTokenResp with a NegState, and maybe the mechanism and our mechListMIC; or one of
// the last two, whose lowest bits say that more is to come.
constexpr unsigned kStateMask = 3;
constexpr unsigned kWithMech = 0x10;
constexpr unsigned kWithMic = 0x80;
constexpr unsigned kInit = 0x21;
constexpr unsigned kHint = kInit | 0x40;  // NegTokenInit2, with the hint that Windows' servers send
// Of the two: what tells them from the others, and from each other.
constexpr unsigned kIsInit = kInit & ~kStateMask;
constexpr unsigned kIsHint = kHint & ~kInit;

// A token is written backwards from its inner one, which stands at Front in the output, and is then moved to
// the output's beginning. What goes around an inner token is never more than Overhead. Both for a
// MechTypeList of list_size.
constexpr size_t Front(size_t list_size) {
  return list_size + 40;
}
constexpr size_t Overhead(size_t list_size) {
  return Front(list_size) + 46;
}

constexpr size_t kMicSize = 16;

// negHints ([3], SEQUENCE, hintName [0], GeneralString) as Windows' servers write them ([MS-SPNG] 3.2.5.2).
inline constexpr char kHints[] = "\xA3\x2A\x30\x28\xA0\x26\x1B\x24not_defined_in_RFC4178@please_ignore";
constexpr size_t kHintsSize = sizeof kHints - 1;
static_assert(kHintsSize == 2 + 0x2A);

inline uint8_t* Prepend(uint8_t* at, const Bytes& octets) {
  at -= octets.size();
  Copy(at, octets.data(), octets.size());
  return at;
}

// Writes a token into out around its inner one (inner_size 0: none), which stands at front, and returns its
// size. names: of a NegTokenInit its MechTypeList, of a NegTokenResp with kWithMech its mechanism's OBJECT
// IDENTIFIER, either with its head. put_mic(to) puts a mechListMIC where it belongs; when it says false,
// there is no token: 0.
template <typename PutMic>
[[gnu::always_inline]] inline size_t Write(unsigned form, const Bytes& names, uint8_t* out, size_t front,
                                           size_t inner_size, PutMic put_mic) {
  const bool init = (form & kIsInit) != 0;
  // The number of NegTokenInit and of its MechTypeList, of NegTokenResp and of its supportedMech.
  const auto choice = static_cast<uint8_t>(ContextTag(1) - (form / kIsInit & 1));
  uint8_t* at = out + front;
  uint8_t* end = at + inner_size;
  if (inner_size != 0) at = DerPrepend(DerPrepend(at, end, kDerOctetString), end, ContextTag(kToken));
  if (BARESSPI_SERVERS && (form & kIsHint) != 0) {
    Copy(end, kHints, kHintsSize);
    end += kHintsSize;
  }
  if ((form & kWithMic) != 0) {
    end[0] = ContextTag(kMechListMic);
    end[1] = kMicSize + 2;
    end[2] = kDerOctetString;
    end[3] = kMicSize;
    end += 4;
    if (!put_mic(end)) return 0;
    end += kMicSize;
  }
  if (init || (BARESSPI_SERVERS && (form & kWithMech) != 0)) at = DerPrepend(Prepend(at, names), at, choice);
  if (!init) {
    const uint8_t* const behind = at;
    *--at = static_cast<uint8_t>(form & kStateMask);
    at = DerPrepend(DerPrepend(at, behind, kDerEnumerated), behind, ContextTag(0));
  }
  at = DerPrepend(DerPrepend(at, end, kDerSequence), end, choice);
  if (init) at = DerPrepend(Prepend(at, kSpnego), end, kDerApplication0);
  // Downwards, octet by octet: memmove would be a quarter of a kilobyte that nobody else needs.
  uint8_t* to = out;
  while (at != end) {
    *to++ = *at++;
    __asm__ volatile("" : : : "memory");  // or compilers make a memmove of it
  }
  return static_cast<size_t>(to - out);
}

}  // namespace baresspi::negotiate
