// SPDX-License-Identifier: Apache-2.0
#include "core/negotiate/tokens.h"

#include "core/base/memory.h"

namespace baresspi::negotiate {
namespace {

constexpr uint8_t kSpnegoOid[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x02};  // 1.3.6.1.5.5.2
// What Windows' servers write into negHints' hintName ([MS-SPNG] 3.2.5.2).
constexpr char kHintName[] = "not_defined_in_RFC4178@please_ignore";

constexpr uint8_t ContextTag(unsigned n) {
  return static_cast<uint8_t>(kDerContext0 + n);
}

// The optional fields [0] to [4] of a SEQUENCE, in order, as the content of each; unknown ones are skipped
// when allowed.
bool ReadFields(Bytes sequence, bool skip_unknown, Bytes fields[5]) {
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

// The content of an OCTET STRING that is all of a field; an absent field is empty.
bool ReadOctets(Bytes field, Bytes* octets) {
  *octets = {};
  return field.empty() || DerOnly(field, kDerOctetString, octets);
}

}  // namespace

TokenKind KindOf(Bytes token, Bytes* oid) {
  static constexpr uint8_t kNtlm[] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', '\0'};
  static constexpr uint8_t kNtlmOid[] = {0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0A};
  if (token.empty()) return TokenKind::kEmpty;
  *oid = kNtlmOid;
  if (Equal(token.Sub(0, sizeof kNtlm), kNtlm)) return TokenKind::kRaw;
  if (token[0] == ContextTag(1)) return TokenKind::kNegTokenResp;
  // RFC 4178 has a NegTokenInit framed as RFC 2743 3.1 says; a bare one comes too.
  if (token[0] == ContextTag(0)) return TokenKind::kNegTokenInit;
  Bytes frame;
  if (!DerOnly(token, kDerApplication0, &frame)) return TokenKind::kUnknown;
  DerReader reader(frame);
  if (!reader.Take(kDerOid, oid)) return TokenKind::kUnknown;
  return Equal(*oid, kSpnegoOid) ? TokenKind::kNegTokenInit : TokenKind::kRaw;
}

bool ParseNegTokenInit(Bytes token, NegTokenInit* parsed) {
  *parsed = {};
  Bytes frame;
  if (DerOnly(token, kDerApplication0, &frame)) {
    DerReader reader(frame);
    Bytes oid;
    if (!reader.Take(kDerOid, &oid) || !Equal(oid, kSpnegoOid)) return false;
    token = reader.rest();
  }
  Bytes choice;
  Bytes sequence;
  if (!DerOnly(token, ContextTag(0), &choice) || !DerOnly(choice, kDerSequence, &sequence)) return false;
  Bytes fields[5];
  if (!ReadFields(sequence, true, fields)) return false;
  Bytes list;
  if (!DerOnly(fields[0], kDerSequence, &list)) return false;
  parsed->mech_types = fields[0];
  if (!ReadOctets(fields[2], &parsed->mech_token)) return false;
  // [3] is a mechListMIC, or negHints, a SEQUENCE, with the mechListMIC behind it.
  Bytes hints;
  const bool is_hint = DerOnly(fields[3], kDerSequence, &hints);
  return ReadOctets(is_hint ? fields[4] : fields[3], &parsed->mech_list_mic);
}

bool ParseNegTokenResp(Bytes token, NegTokenResp* parsed) {
  *parsed = {};
  parsed->neg_state = NegState::kAbsent;
  Bytes choice;
  Bytes sequence;
  if (!DerOnly(token, ContextTag(1), &choice) || !DerOnly(choice, kDerSequence, &sequence)) return false;
  Bytes fields[5];
  if (!ReadFields(sequence, false, fields) || !fields[4].empty()) return false;
  if (!fields[0].empty()) {
    Bytes state;
    if (!DerOnly(fields[0], kDerEnumerated, &state) || state.size() != 1 || state[0] > 3) return false;
    parsed->neg_state = static_cast<NegState>(state[0]);
  }
  if (!fields[1].empty() && !DerOnly(fields[1], kDerOid, &parsed->supported_mech)) return false;
  return ReadOctets(fields[2], &parsed->response_token) && ReadOctets(fields[3], &parsed->mech_list_mic);
}

// ---- Writing: one walk over the token, which counts when there is no place to write to. ----
namespace {

// A field: [number] around an element.
constexpr size_t FieldSize(size_t size) {
  return DerSize(DerSize(size));
}

uint8_t* FieldHead(uint8_t* to, unsigned number, uint8_t tag, size_t size) {
  return DerHead(DerHead(to, ContextTag(number), DerSize(size)), tag, size);
}

uint8_t* WriteField(uint8_t* to, unsigned number, uint8_t tag, Bytes content) {
  to = FieldHead(to, number, tag, content.size());
  Copy(to, content.data(), content.size());
  return to + content.size();
}

size_t HintSize() {
  return DerSize(DerSize(DerSize(DerSize(sizeof kHintName - 1))));
}

// What the SEQUENCE of a token holds.
size_t ContentSize(const OutToken& token) {
  size_t size = 0;
  if (!token.mech_types.empty()) size += DerSize(token.mech_types.size());
  if (token.neg_state != NegState::kAbsent) size += FieldSize(1);
  if (!token.supported_mech.empty()) size += FieldSize(token.supported_mech.size());
  if (token.has_token) size += FieldSize(token.token_size);
  if (!token.mech_list_mic.empty()) size += FieldSize(token.mech_list_mic.size());
  if (token.hint) size += HintSize();
  return size;
}

}  // namespace

size_t SizeOf(const OutToken& token) {
  const size_t choice = DerSize(DerSize(ContentSize(token)));
  return token.mech_types.empty() ? choice : DerSize(DerSize(sizeof kSpnegoOid) + choice);
}

void Write(const OutToken& token, const uint8_t* inner, uint8_t* out) {
  const bool init = !token.mech_types.empty();
  const size_t content = ContentSize(token);
  uint8_t* to = out;
  if (init) {
    to = DerHead(to, kDerApplication0, DerSize(sizeof kSpnegoOid) + DerSize(DerSize(content)));
    to = DerHead(to, kDerOid, sizeof kSpnegoOid);
    Copy(to, kSpnegoOid, sizeof kSpnegoOid);
    to += sizeof kSpnegoOid;
  }
  to = DerHead(to, ContextTag(init ? 0 : 1), DerSize(content));
  to = DerHead(to, kDerSequence, content);
  if (init) {
    to = DerHead(to, ContextTag(0), token.mech_types.size());
    Copy(to, token.mech_types.data(), token.mech_types.size());
    to += token.mech_types.size();
  }
  if (token.neg_state != NegState::kAbsent) {
    const auto state = static_cast<uint8_t>(token.neg_state);
    to = WriteField(to, 0, kDerEnumerated, {&state, 1});
  }
  if (!token.supported_mech.empty()) to = WriteField(to, 1, kDerOid, token.supported_mech);
  if (token.has_token) {
    to = FieldHead(to, 2, kDerOctetString, token.token_size);
    __builtin_memmove(to, inner, token.token_size);
    to += token.token_size;
  }
  if (token.hint) {
    to = DerHead(to, ContextTag(3), DerSize(DerSize(DerSize(sizeof kHintName - 1))));
    to = DerHead(to, kDerSequence, DerSize(DerSize(sizeof kHintName - 1)));
    to = WriteField(to, 0, kDerGeneralString,
                    {reinterpret_cast<const uint8_t*>(kHintName), sizeof kHintName - 1});
  }
  if (!token.mech_list_mic.empty()) (void)WriteField(to, 3, kDerOctetString, token.mech_list_mic);
}

}  // namespace baresspi::negotiate
