// SPDX-License-Identifier: Apache-2.0
// The acceptor, RFC 4178 and [MS-SPNG] 3.2: takes the client's list, chooses, answers with NegTokenResp.
#include "core/base/memory.h"
#include "core/negotiate/context.h"

#if BARESSPI_NEGOTIATE && BARESSPI_NTLM_SERVER

namespace baresspi::negotiate {
namespace {

// The mechanism that we like best of those that the client names, and whether the client names it first.
size_t Choose(const NegotiateContext& context, const Bytes& mechanisms, bool* is_first) {
  size_t best = kMechanismCount;
  DerReader reader(mechanisms);
  Bytes oid;
  for (bool first = true; reader.Take(kDerOid, &oid); first = false) {
    const size_t found = FindMechanism(context, oid);
    if (found >= best) continue;
    best = found;
    *is_first = first;
  }
  return reader.at_end() && reader.ok() ? best : kMechanismCount;
}

// Runs the mechanism on the client's token. What follows is another round, or the end. form: kWithMech or 0.
SECURITY_STATUS Answer(NegotiateContext& context, HandshakeCall& call, const NegToken& received,
                       unsigned form) {
  SECURITY_STATUS status = RunInner(context, call, received.token);
  if (status < 0) return status;
  if (status == SEC_E_OK) {
    static_assert(static_cast<unsigned>(NegState::kAcceptCompleted) == 0);
    // One that is due and absent was taken away on its way.
    status = CheckMic(context, received.mech_list_mic, IsMicDue(context));
    if (status != SEC_E_OK) return status;
    if (!received.mech_list_mic.empty()) form |= kWithMic;
  } else {
    form |= static_cast<unsigned>(NegState::kAcceptIncomplete);
  }
  return Send(context, call, form);
}

// The client's first token, with or without SPNEGO around it.
SECURITY_STATUS Begin(NegotiateContext& context, HandshakeCall& call, TokenKind kind, const NegToken& init) {
  const bool raw = kind == TokenKind::kRaw;
  bool is_first = false;
  if (init.mech_types.size() > sizeof context.list) return SEC_E_UNSUPPORTED_FUNCTION;
  const size_t chosen =
      raw ? FindMechanism(context, init.mechanisms) : Choose(context, init.mechanisms, &is_first);
  if (chosen == kMechanismCount) return SEC_E_SECPKG_NOT_FOUND;
  Copy(context.list, init.mech_types.data(), init.mech_types.size());
  context.list_size = static_cast<uint8_t>(init.mech_types.size());
  const SECURITY_STATUS status = BeginInner(context, call, chosen);
  if (status != SEC_E_OK) return status;
  if (raw) {
    context.step = Step::kRaw;
    return RunInner(context, call, call.token);
  }
  if (is_first && !init.token.empty()) return Answer(context, call, init, kWithMech);
  // The client's optimistic token, if any, is for a mechanism that it likes better: it begins anew, and both
  // sign the list.
  context.mic_required = !is_first;
  // kAcceptIncomplete or kRequestMic, which is that and a bit more.
  const unsigned more = is_first ? 0 : 2;
  static_assert(static_cast<unsigned>(NegState::kAcceptIncomplete) == 1 &&
                static_cast<unsigned>(NegState::kRequestMic) == 3);
  return Send(context, call, kWithMech | 1 | more);
}

}  // namespace

SECURITY_STATUS Accept(Context& base, HandshakeCall& call) {
  auto& context = static_cast<NegotiateContext&>(base);
  // What a raw mechanism's token is, it says itself.
  if (context.step == Step::kRaw) return RunInner(context, call, call.token);
  NegToken token;
  const TokenKind kind = ReadToken(call.token, &token);
  if (context.step == Step::kGoesOn) {
    if (kind != TokenKind::kNegTokenResp) return SEC_E_INVALID_TOKEN;
    if (token.neg_state == NegState::kReject) return SEC_E_LOGON_DENIED;
    if (token.neg_state == NegState::kRequestMic || token.token.empty()) return SEC_E_INVALID_TOKEN;
    return Answer(context, call, token, 0);
  }
  if (kind == TokenKind::kNegTokenInit || kind == TokenKind::kRaw) return Begin(context, call, kind, token);
  if (kind != TokenKind::kEmpty || context.step != Step::kStart) return SEC_E_INVALID_TOKEN;
  // [MS-SPNG] 3.2.5.2: the client has sent nothing, so we tell it what we have.
  MakeList(context);
  return Send(context, call, kHint);
}

}  // namespace baresspi::negotiate

#endif
