// SPDX-License-Identifier: Apache-2.0
// The initiator, RFC 4178 and [MS-SPNG] 3.1: NegTokenInit with an optimistic token out, NegTokenResp to and
// fro.
#include "core/base/memory.h"
#include "core/negotiate/context.h"

#if BARESSPI_NEGOTIATE && BARESSPI_NTLM_CLIENT

namespace baresspi::negotiate {
namespace {

SECURITY_STATUS SendInit(NegotiateContext& context, HandshakeCall& call) {
  MakeList(context);
  SECURITY_STATUS status = BeginInner(context, call, FirstMechanism(CredentialOf(context)));
  if (status != SEC_E_OK) return status;
  context.requested = call.requested;
  status = RunInner(context, call, Bytes());
  return status < 0 ? status : Send(context, call, kInit);
}

// The acceptor did not want us. The mechanism may find in its token why; without one, or when it finds
// nothing, that is all we know. In any case it is over.
SECURITY_STATUS TakeReject(NegotiateContext& context, HandshakeCall& call, const Bytes& token) {
  SECURITY_STATUS status = SEC_E_INVALID_TOKEN;
  if (!context.inner_done && !token.empty()) status = RunInner(context, call, token);
  const bool tells = status < 0 && status != SEC_E_INVALID_TOKEN && !call.mendable;
  call.mendable = false;
  return tells ? status : SEC_E_LOGON_DENIED;
}

// The acceptor's last word.
SECURITY_STATUS Finish(NegotiateContext& context, HandshakeCall& call, const NegToken& reply) {
  constexpr ULONG kProtection =
      ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT;
  // Some acceptors never send a mechListMIC. That is borne when our first choice was taken and nothing is to
  // be protected.
  const bool due = context.mic_required || (IsMicDue(context) && (context.requested & kProtection) != 0);
  const SECURITY_STATUS status = CheckMic(context, reply.mech_list_mic, due);
  if (status != SEC_E_OK) return status;
  if (call.output != nullptr) call.output->cbBuffer = 0;
  return Established(context, call);
}

SECURITY_STATUS TakeReply(NegotiateContext& context, HandshakeCall& call, NegToken& reply) {
  if (reply.neg_state == NegState::kReject) return TakeReject(context, call, reply.token);
  // Old acceptors put their response there once more.
  if (Equal(reply.mech_list_mic, reply.token)) reply.mech_list_mic = {};
  // The acceptor's choice, in its first reply; another than our first begins anew. Later replies have no say
  // in that any more.
  const bool may_choose = context.step == Step::kFirstReply;
  size_t chosen = IndexOf(context);
  if (!reply.supported_mech.empty()) chosen = FindMechanism(context, reply.supported_mech);
  const bool another = chosen != IndexOf(context);
  const bool wants_mic = reply.neg_state == NegState::kRequestMic;
  if (chosen == kMechanismCount || ((another || wants_mic) && !may_choose)) return SEC_E_INVALID_TOKEN;
  if (another || wants_mic) context.mic_required = true;
  SECURITY_STATUS status = SEC_E_OK;
  if (kMechanismCount > 1 && another) {
    status = BeginInner(context, call, chosen);
    if (status != SEC_E_OK) return status;
    reply.token = {};
  } else if (context.inner_done != reply.token.empty()) {
    return SEC_E_INVALID_TOKEN;
  }
  if (context.inner_done) {
    // We have nothing more to say.
    return reply.neg_state == NegState::kAcceptIncomplete ? SEC_E_INVALID_TOKEN
                                                          : Finish(context, call, reply);
  }
  status = RunInner(context, call, reply.token);
  if (status < 0) return status;
  unsigned form = static_cast<unsigned>(NegState::kAcceptIncomplete);
  if (status == SEC_E_OK && IsMicDue(context)) form |= kWithMic;
  return Send(context, call, form);
}

}  // namespace

SECURITY_STATUS Initialize(Context& base, HandshakeCall& call) {
  auto& context = static_cast<NegotiateContext&>(base);
  NegToken token;
  const TokenKind kind = ReadToken(call.token, &token);
  if (context.step == Step::kStart) {
    // A server that speaks first sends a NegTokenInit2: a hint, which need not be followed.
    if (kind == TokenKind::kEmpty || kind == TokenKind::kNegTokenInit) return SendInit(context, call);
    return SEC_E_INVALID_TOKEN;
  }
  // A server that answers without SPNEGO gets along without it from then on.
  if (context.step == Step::kFirstReply && kind == TokenKind::kRaw) context.step = Step::kRaw;
  if (context.step == Step::kRaw) return RunInner(context, call, call.token);
  return kind == TokenKind::kNegTokenResp ? TakeReply(context, call, token) : SEC_E_INVALID_TOKEN;
}

}  // namespace baresspi::negotiate

#endif
