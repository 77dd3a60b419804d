// SPDX-License-Identifier: Apache-2.0
#include "core/negotiate/tokens.h"

#include "config/baresspi_config.h"
#include "core/base/memory.h"

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

// The fields [0] to [4] of a SEQUENCE, all optional, in order, as the content of each; others are skipped
// when that is allowed.
bool ReadFields(const Bytes& sequence, bool skip_unknown, Bytes fields[5]) {
  DerReader reader(sequence);
  unsigned least = 0;
  uint8_t tag = 0;
  Bytes content;
  while (reader.Next(&tag, &content)) {
    const unsigned number = tag - ContextTag(0);
    if (number < least) return false;
    if (number > 4) {
      if (!skip_unknown) return false;
      continue;
    }
    fields[number] = content;
    least = number + 1;
  }
  return reader.ok();
}

}  // namespace

TokenKind KindOf(Bytes* token, Bytes* oid) {
  static constexpr uint8_t kNtlm[] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', '\0'};
  static constexpr uint8_t kNtlmOid[] = {0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0A};
  if (token->empty()) return TokenKind::kEmpty;
  *oid = kNtlmOid;
  if (Equal(token->Sub(0, sizeof kNtlm), kNtlm)) return TokenKind::kRaw;
  if ((*token)[0] == ContextTag(1)) return TokenKind::kNegTokenResp;
  // RFC 4178 has a NegTokenInit framed as RFC 2743 3.1 says; a bare one comes too.
  if ((*token)[0] == ContextTag(0)) return TokenKind::kNegTokenInit;
  Bytes frame;
  if (!DerOnly(*token, kDerApplication0, &frame)) return TokenKind::kUnknown;
  DerReader reader(frame);
  if (!reader.Take(kDerOid, oid)) return TokenKind::kUnknown;
  if (!Equal(*oid, Bytes(kSpnego).Sub(2))) return TokenKind::kRaw;
  *token = reader.rest();
  return TokenKind::kNegTokenInit;
}

bool ParseNegToken(const Bytes& token, TokenKind kind, NegToken* parsed) {
  static_assert(offsetof(NegToken, behind_hints) == 4 * sizeof(Bytes));
  const bool init = kind == TokenKind::kNegTokenInit;
  auto* fields = reinterpret_cast<Bytes*>(parsed);
  Bytes level;
  if (!DerOnly(token, ContextTag(init ? 0 : 1), &level) || !DerOnly(level, kDerSequence, &level) ||
      !ReadFields(level, init, fields)) {
    return false;
  }
  if (init) {
    fields[1] = {};  // reqFlags, which nobody heeds
    if (!DerOnly(fields[0], kDerSequence, &parsed->mechanisms)) return false;
    // [3] is a mechListMIC, or negHints, a SEQUENCE, with the mechListMIC behind it.
    if (DerOnly(fields[3], kDerSequence, &level)) fields[3] = fields[4];
  } else {
    if (!fields[4].empty()) return false;
    if (!fields[0].empty()) {
      if (!DerOnly(fields[0], kDerEnumerated, &level) || level.size() != 1 || level[0] > 3) return false;
      parsed->neg_state = static_cast<NegState>(level[0]);
    }
  }
  uint8_t tag = kDerOid;
  for (int i = 1; i < 4; ++i) {
    if (!fields[i].empty() && !DerOnly(fields[i], tag, &fields[i])) return false;
    tag = kDerOctetString;
  }
  return true;
}

TokenKind ReadToken(const Bytes& octets, NegToken* parsed) {
  Bytes body = octets;
  const TokenKind kind = KindOf(&body, &parsed->mechanisms);
  if (kind != TokenKind::kNegTokenInit && kind != TokenKind::kNegTokenResp) return kind;
  return ParseNegToken(body, kind, parsed) ? kind : TokenKind::kUnknown;
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

// A field with an element of this content; nothing for an empty one. Out of line: it is called three times.
[[gnu::noinline]] uint8_t* PrependField(uint8_t* at, const Bytes& content, unsigned number, uint8_t tag) {
  return content.empty() ? at : PrependHeads(Prepend(at, content), at, number, tag);
}

}  // namespace

size_t Write(const OutToken& token, uint8_t* out, size_t front, size_t inner_size) {
  uint8_t* at = out + front;
  uint8_t* end = at + inner_size;
  if (inner_size != 0) at = PrependHeads(at, end, 2, kDerOctetString);
  if (BARESSPI_SERVERS && token.hint) {
    Copy(end, kHints, kHintsSize);
    end += kHintsSize;
  }
  if (!token.mech_list_mic.empty()) {
    // It goes behind: its heads are as long as they are.
    end += 4 + token.mech_list_mic.size();
    (void)PrependField(end, token.mech_list_mic, 3, kDerOctetString);
  }
  if (BARESSPI_SERVERS) at = PrependField(at, token.supported_mech, 1, kDerOid);
  const auto state = static_cast<uint8_t>(token.neg_state);
  if (token.neg_state != NegState::kAbsent) at = PrependField(at, {&state, 1}, 0, kDerEnumerated);
  const bool init = !token.mech_types.empty();
  if (init) at = DerPrepend(Prepend(at, token.mech_types), at, ContextTag(0));
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
