// SPDX-License-Identifier: Apache-2.0
// The acceptor, RFC 4178 and [MS-SPNG] 3.2: takes the client's list, chooses, answers with NegTokenResp.
#include "core/base/memory.h"
#include "core/negotiate/context.h"

#if BARESSPI_NEGOTIATE && BARESSPI_NTLM_SERVER

namespace baresspi::negotiate {
namespace {

// The mechanism that we like best of those that the client names, and whether the client names it first.
size_t Choose(const NegotiateCredential& credential, Bytes mechanisms, bool* is_first) {
  size_t best = kMechanismCount;
  DerReader reader(mechanisms);
  Bytes oid;
  for (bool first = true; reader.Take(kDerOid, &oid); first = false) {
    const size_t found = FindMechanism(credential, oid);
    if (found >= best) continue;
    best = found;
    *is_first = first;
  }
  return reader.at_end() && reader.ok() ? best : kMechanismCount;
}

// [MS-SPNG] 3.2.5.2: the client has sent nothing, so we tell it what we have.
SECURITY_STATUS SendHint(NegotiateContext& context, HandshakeCall& call) {
  context.list_size = static_cast<uint8_t>(WriteMechTypes(CredentialOf(context), context.list));
  OutToken token;
  token.mech_types = {context.list, context.list_size};
  token.hint = true;
  const SECURITY_STATUS status = Send(context, call, token, Bytes());
  if (status != SEC_E_OK) return status;
  context.step = Step::kFirstReply;
  return SEC_I_CONTINUE_NEEDED;
}

// What follows when the mechanism has answered: another round, or the end.
SECURITY_STATUS Answer(NegotiateContext& context, HandshakeCall& call, SECURITY_STATUS status, Bytes answer,
                       Bytes client_mic, OutToken* token) {
  uint8_t mic[16];
  token->neg_state = NegState::kAcceptIncomplete;
  if (status == SEC_E_OK) {
    token->neg_state = NegState::kAcceptCompleted;
    if (!client_mic.empty()) {
      status = VerifyMic(context, client_mic);
      if (status == SEC_E_OK) status = MakeMic(context, mic);
      if (status != SEC_E_OK) return status;
      token->mech_list_mic = mic;
      EndNegotiation(context);
    } else if (IsMicDue(context)) {
      return SEC_E_MESSAGE_ALTERED;  // taken away on its way
    }
  }
  context.step = Step::kGoesOn;
  const SECURITY_STATUS sent = Send(context, call, *token, answer);
  if (sent != SEC_E_OK) return sent;
  return status == SEC_E_OK ? Established(context, call) : status;
}

SECURITY_STATUS TakeInit(NegotiateContext& context, HandshakeCall& call, const NegToken& init) {
  if (init.mech_types.size() > sizeof context.list) return SEC_E_UNSUPPORTED_FUNCTION;
  bool is_first = false;
  const size_t chosen = Choose(CredentialOf(context), init.mechanisms, &is_first);
  if (chosen == kMechanismCount) return SEC_E_SECPKG_NOT_FOUND;
  Copy(context.list, init.mech_types.data(), init.mech_types.size());
  context.list_size = static_cast<uint8_t>(init.mech_types.size());
  SECURITY_STATUS status = BeginInner(context, chosen);
  if (status != SEC_E_OK) return call.Mendable(status);
  OutToken token;
  token.supported_mech = kMechanisms[chosen]->oid;
  if (is_first && !init.token.empty()) {
    Bytes answer;
    status = RunInner(context, call, init.token, false, &answer);
    return status < 0 ? status : Answer(context, call, status, answer, init.mech_list_mic, &token);
  }
  // The client's optimistic token, if any, is for a mechanism that it likes better: it begins anew, and both
  // sign the list.
  context.mic_required = !is_first;
  token.neg_state = is_first ? NegState::kAcceptIncomplete : NegState::kRequestMic;
  status = Send(context, call, token, Bytes());
  if (status != SEC_E_OK) return status;
  context.step = Step::kGoesOn;
  return SEC_I_CONTINUE_NEEDED;
}

SECURITY_STATUS TakeResponse(NegotiateContext& context, HandshakeCall& call, const NegToken& response) {
  if (response.neg_state == NegState::kReject) return SEC_E_LOGON_DENIED;
  if (response.neg_state == NegState::kRequestMic || response.token.empty()) return SEC_E_INVALID_TOKEN;
  Bytes answer;
  const SECURITY_STATUS status = RunInner(context, call, response.token, false, &answer);
  if (status < 0) return status;
  OutToken token;
  return Answer(context, call, status, answer, response.mech_list_mic, &token);
}

// A mechanism's token without SPNEGO around it: what it says of itself decides.
SECURITY_STATUS TakeRaw(NegotiateContext& context, HandshakeCall& call, Bytes oid) {
  if (context.step != Step::kRaw) {
    const size_t mechanism = FindMechanism(CredentialOf(context), oid);
    if (mechanism == kMechanismCount) return SEC_E_SECPKG_NOT_FOUND;
    const SECURITY_STATUS status = BeginInner(context, mechanism);
    if (status != SEC_E_OK) return call.Mendable(status);
    context.step = Step::kRaw;
  }
  Bytes answer;
  return RunInner(context, call, call.token, true, &answer);
}

}  // namespace

SECURITY_STATUS Accept(Context& base, HandshakeCall& call) {
  auto& context = static_cast<NegotiateContext&>(base);
  const bool starting = context.step == Step::kStart || context.step == Step::kFirstReply;
  Bytes body = call.token;
  Bytes oid;
  const TokenKind kind = KindOf(&body, &oid);
  if (context.step == Step::kRaw || (starting && kind == TokenKind::kRaw)) return TakeRaw(context, call, oid);
  if (context.step == Step::kStart && kind == TokenKind::kEmpty) return SendHint(context, call);
  NegToken token;
  if (kind != (starting ? TokenKind::kNegTokenInit : TokenKind::kNegTokenResp) ||
      !ParseNegToken(body, kind, &token))
    return SEC_E_INVALID_TOKEN;
  return starting ? TakeInit(context, call, token) : TakeResponse(context, call, token);
}

}  // namespace baresspi::negotiate

#endif
