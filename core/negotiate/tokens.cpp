// SPDX-License-Identifier: Apache-2.0
#include "core/negotiate/tokens.h"

#include "config/baresspi_config.h"
#include "core/base/memory.h"
#include "core/sspi/mechanisms.h"

#if BARESSPI_NEGOTIATE

namespace baresspi::negotiate {
namespace {

// body: the token without a frame around it. choice: of NegotiationToken.
bool ReadFields(Bytes* body, uint8_t choice, NegToken* parsed) {
  if (!DerOpen(body, choice) || !DerOpen(body, kDerSequence)) return false;
  const bool init = choice == ContextTag(0);
  const uint8_t first = init ? kDerSequence : kDerEnumerated;
  unsigned least = 0;
  Bytes content;
  for (int tag = 0; (tag = DerNext(body, &content)) >= 0;) {
    auto number = static_cast<unsigned>(tag - ContextTag(0));
    uint8_t wanted = kDerOctetString;
    if (number < least) return false;
    least = number + 1;
    if (number > kMechListMic) {
      if (!init) return false;
      least = kFields;  // behind what nobody knows comes nothing that is known
      if (number != kBehindHints) continue;
      number = kMechListMic;
    }
    if (content.empty()) continue;  // as good as absent
    if (number == kMechTypes) {
      parsed->mech_types = content;
      wanted = first;
    } else if (number == kSupportedMech) {
      if (init) continue;
      wanted = kDerOid;
    } else if (number == kMechListMic && init && content[0] == kDerSequence) {
      continue;
    }
    if (!DerOpen(&content, wanted)) return false;
    parsed->fields[number] = content;
  }
  if (!body->empty()) return false;
  const Bytes& state = parsed->fields[kMechTypes];
  if (init) return !parsed->mech_types.empty();
  if (state.data() == nullptr) return true;
  if (state.size() != 1 || state[0] > 3) return false;
  parsed->neg_state = static_cast<NegState>(state[0]);
  return true;
}

}  // namespace

TokenKind ReadToken(Bytes* octets, NegToken* parsed) {
  static constexpr uint8_t kNtlm[] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', '\0'};
  Bytes body = *octets;
  if (body.empty()) return TokenKind::kEmpty;
  Bytes& mechanism = parsed->fields[kMechTypes];
  if (Equal(body.Sub(0, sizeof kNtlm), kNtlm)) {
    mechanism = ntlm::kOid;
    return TokenKind::kRaw;
  }
  const uint8_t first = body[0];
  // RFC 4178 has a NegTokenInit framed as RFC 2743 3.1 says; a bare one comes too.
  if (first == kDerApplication0) {
    if (!DerOpen(&body, kDerApplication0)) return TokenKind::kUnknown;
    const uint8_t* const begin = body.data();
    Bytes oid;
    if (!DerTake(&body, kDerOid, &oid)) return TokenKind::kUnknown;
    if (!Equal(oid, Bytes(kSpnego).Sub(2))) {
      mechanism = {begin, static_cast<size_t>(body.data() - begin)};
      return TokenKind::kRaw;
    }
  }
  const uint8_t choice = first == ContextTag(1) ? ContextTag(1) : ContextTag(0);
  if (!ReadFields(&body, choice, parsed)) return TokenKind::kUnknown;
  *octets = parsed->token();
  return static_cast<TokenKind>(choice - ContextTag(0) + 1);
}

}  // namespace baresspi::negotiate

#endif
