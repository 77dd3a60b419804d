// SPDX-License-Identifier: Apache-2.0
#include "core/negotiate/tokens.h"

#include "config/baresspi_config.h"
#include "core/base/memory.h"
#include "core/sspi/mechanisms.h"

#if BARESSPI_NEGOTIATE

namespace baresspi::negotiate {
namespace {

// SPNEGO's OID, 1.3.6.1.5.5.2, with its head.
constexpr uint8_t kSpnego[] = {kDerOid, 6, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x02};
// negHints ([3], SEQUENCE, hintName [0], GeneralString) as Windows' servers write them ([MS-SPNG] 3.2.5.2).
constexpr char kHints[] = "\xA3\x2A\x30\x28\xA0\x26\x1B\x24not_defined_in_RFC4178@please_ignore";
constexpr size_t kHintsSize = sizeof kHints - 1;
static_assert(kHintsSize == 2 + 0x2A);

constexpr uint8_t ContextTag(unsigned n) {
  return static_cast<uint8_t>(kDerContext0 + n);
}

// The tags of the fields' elements; 0: not looked at.
constexpr uint8_t kInitTags[kFields] = {kDerSequence, 0, kDerOctetString, kDerOctetString, kDerOctetString};
constexpr uint8_t kRespTags[kFields] = {kDerEnumerated, kDerOid, kDerOctetString, kDerOctetString, 0};

// body: the token without a frame around it.
bool ReadFields(Bytes body, bool init, NegToken* parsed) {
  if (!DerOpen(&body, ContextTag(init ? 0 : 1)) || !DerOpen(&body, kDerSequence)) return false;
  unsigned least = 0;
  uint8_t tag = 0;
  Bytes content;
  while (DerNext(&body, &tag, &content)) {
    unsigned number = tag - ContextTag(0);
    if (number < least) return false;
    if (number > (init ? kBehindHints : kMechListMic)) {
      if (!init) return false;
      continue;
    }
    least = number + 1;
    const uint8_t wanted = (init ? kInitTags : kRespTags)[number];
    if (wanted == 0) continue;
    if (init) {
      if (number == kMechTypes) parsed->mech_types = content;
      if (number == kBehindHints)
        number = kMechListMic;
      else if (number == kMechListMic && !content.empty() && content[0] == kDerSequence)
        continue;
    }
    if (!DerOpen(&content, wanted)) return false;
    if (!init && number == kMechTypes) {
      if (content.size() != 1 || content[0] > 3) return false;
      parsed->neg_state = static_cast<NegState>(content[0]);
    }
    parsed->fields[number] = content;
  }
  return body.empty() && !(init && parsed->mech_types.empty());
}

}  // namespace

TokenKind ReadToken(const Bytes& octets, NegToken* parsed) {
  static constexpr uint8_t kNtlm[] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', '\0'};
  if (octets.empty()) return TokenKind::kEmpty;
  Bytes& mechanism = parsed->fields[kMechTypes];
  if (Equal(octets.Sub(0, sizeof kNtlm), kNtlm)) {
    mechanism = ntlm::kOid;
    return TokenKind::kRaw;
  }
  Bytes body = octets;
  // RFC 4178 has a NegTokenInit framed as RFC 2743 3.1 says; a bare one comes too.
  if (octets[0] == kDerApplication0) {
    if (!DerOpen(&body, kDerApplication0)) return TokenKind::kUnknown;
    const uint8_t* const begin = body.data();
    Bytes oid;
    if (!DerTake(&body, kDerOid, &oid)) return TokenKind::kUnknown;
    if (!Equal(oid, Bytes(kSpnego).Sub(2))) {
      mechanism = {begin, static_cast<size_t>(body.data() - begin)};
      return TokenKind::kRaw;
    }
  }
  const bool init = octets[0] != ContextTag(1);
  if (!ReadFields(body, init, parsed)) return TokenKind::kUnknown;
  return init ? TokenKind::kNegTokenInit : TokenKind::kNegTokenResp;
}

namespace {

// [number] and an element's head before what lies from at to end.
uint8_t* PrependHeads(uint8_t* at, const uint8_t* end, unsigned number, uint8_t tag) {
  at = DerPrepend(at, end, tag);
  return DerPrepend(at, end, ContextTag(number));
}

uint8_t* Prepend(uint8_t* at, const Bytes& octets) {
  at -= octets.size();
  Copy(at, octets.data(), octets.size());
  return at;
}

}  // namespace

size_t Write(unsigned form, const Bytes& names, uint8_t* out, size_t front, size_t inner_size) {
  const bool init = (form & kInit & ~kStateMask) != 0;
  uint8_t* at = out + front;
  uint8_t* end = at + inner_size;
  if (inner_size != 0) at = PrependHeads(at, end, 2, kDerOctetString);
  if (BARESSPI_SERVERS && (form & kHint & ~kInit) != 0) {
    Copy(end, kHints, kHintsSize);
    end += kHintsSize;
  }
  if ((form & kWithMic) != 0) {
    end[0] = ContextTag(3);
    end[1] = kMicSize + 2;
    end[2] = kDerOctetString;
    end[3] = kMicSize;
    end += kMicHead + kMicSize;
  }
  if (init || (BARESSPI_SERVERS && (form & kWithMech) != 0))
    at = DerPrepend(Prepend(at, names), at, ContextTag(init ? 0 : 1));
  if (!init) {
    at -= 5;
    at[0] = ContextTag(0);
    at[1] = 3;
    at[2] = kDerEnumerated;
    at[3] = 1;
    at[4] = static_cast<uint8_t>(form & kStateMask);
  }
  at = PrependHeads(at, end, init ? 0 : 1, kDerSequence);
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

#endif
