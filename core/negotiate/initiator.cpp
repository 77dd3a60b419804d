// SPDX-License-Identifier: Apache-2.0
// The initiator, RFC 4178 and [MS-SPNG] 3.1: NegTokenInit with an optimistic token out, NegTokenResp to and
// fro.
#include "core/base/memory.h"
#include "core/negotiate/context.h"

#if BARESSPI_NEGOTIATE && BARESSPI_NTLM_CLIENT

namespace baresspi::negotiate {
namespace {

SECURITY_STATUS SendInit(NegotiateContext& context, HandshakeCall& call) {
  // A server that speaks first sends a NegTokenInit2: a hint, which need not be followed.
  Bytes body = call.token;
  Bytes oid;
  NegToken hint;
  const TokenKind kind = KindOf(&body, &oid);
  if (kind != TokenKind::kEmpty && (kind != TokenKind::kNegTokenInit || !ParseNegToken(body, kind, &hint)))
    return SEC_E_INVALID_TOKEN;
  context.list_size = static_cast<uint8_t>(WriteMechTypes(CredentialOf(context), context.list));
  SECURITY_STATUS status = BeginInner(context, FirstMechanism(CredentialOf(context)));
  if (status != SEC_E_OK) return call.Mendable(status);
  context.requested = call.requested;
  status = RunInner(context, call, Bytes());
  if (status < 0) return status;
  status = Send(context, call, kInit, nullptr);
  if (status != SEC_E_OK) return status;
  context.step = Step::kFirstReply;
  return SEC_I_CONTINUE_NEEDED;
}

// The acceptor's choice, in its first reply; *restart: another than our first, which begins anew.
SECURITY_STATUS TakeChoice(NegotiateContext& context, HandshakeCall& call, const NegToken& reply,
                           bool* restart) {
  size_t chosen = context.mechanism;
  if (!reply.supported_mech.empty()) chosen = FindMechanism(CredentialOf(context), reply.supported_mech);
  const bool another = chosen != context.mechanism;
  const bool wants_mic = reply.neg_state == NegState::kRequestMic;
  // Later replies have no say in that any more.
  const bool may_choose = kMechanismCount > 1 && context.step == Step::kFirstReply;
  if (chosen == kMechanismCount || (another && !may_choose)) return SEC_E_INVALID_TOKEN;
  if (wants_mic && context.step != Step::kFirstReply) return SEC_E_INVALID_TOKEN;
  if (wants_mic || another) context.mic_required = true;
  if (!another) return SEC_E_OK;
  *restart = true;
  const SECURITY_STATUS status = BeginInner(context, chosen);
  return status == SEC_E_OK ? status : call.Mendable(status);
}

// The acceptor's last word.
SECURITY_STATUS Finish(NegotiateContext& context, HandshakeCall& call, const NegToken& reply) {
  constexpr ULONG kProtection =
      ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT;
  if (reply.neg_state == NegState::kAcceptIncomplete)
    return SEC_E_INVALID_TOKEN;  // we have nothing more to say
  if (!reply.mech_list_mic.empty()) {
    const SECURITY_STATUS status = VerifyMic(context, reply.mech_list_mic);
    if (status != SEC_E_OK) return status;
  } else if (context.mic_required || (IsMicDue(context) && (context.requested & kProtection) != 0)) {
    // Some acceptors never send one. That is borne when our first choice was taken and nothing is to be
    // protected.
    return SEC_E_MESSAGE_ALTERED;
  }
  EndNegotiation(context);
  if (call.output != nullptr) call.output->cbBuffer = 0;
  return Established(context, call);
}

SECURITY_STATUS TakeReply(NegotiateContext& context, HandshakeCall& call) {
  NegToken reply;
  if (!ParseNegToken(call.token, TokenKind::kNegTokenResp, &reply)) return SEC_E_INVALID_TOKEN;
  // Old acceptors put their response there once more.
  if (Equal(reply.mech_list_mic, reply.token)) reply.mech_list_mic = {};
  bool restart = false;
  SECURITY_STATUS status = SEC_E_OK;
  if (reply.neg_state != NegState::kReject) status = TakeChoice(context, call, reply, &restart);
  if (status != SEC_E_OK) return status;
  if (context.inner_done) {
    if (reply.neg_state == NegState::kReject) return SEC_E_LOGON_DENIED;
    return reply.token.empty() ? Finish(context, call, reply) : SEC_E_INVALID_TOKEN;
  }
  if (reply.neg_state == NegState::kReject) {
    // The mechanism may find in the acceptor's token why; without one, or when it finds nothing, that is all
    // we know. In any case it is over.
    if (!reply.token.empty()) status = RunInner(context, call, reply.token);
    const bool tells = status < 0 && status != SEC_E_INVALID_TOKEN && !call.mendable;
    call.mendable = false;
    return tells ? status : SEC_E_LOGON_DENIED;
  }
  if (!restart && reply.token.empty()) return SEC_E_INVALID_TOKEN;
  status = RunInner(context, call, restart ? Bytes() : reply.token);
  if (status < 0) return status;
  uint8_t room[16];
  const uint8_t* mic = nullptr;
  if (status == SEC_E_OK && IsMicDue(context)) {
    status = MakeMic(context, room);
    if (status != SEC_E_OK) return status;
    mic = room;
  }
  context.step = Step::kGoesOn;
  status = Send(context, call, static_cast<unsigned>(NegState::kAcceptIncomplete), mic);
  return status == SEC_E_OK ? SEC_I_CONTINUE_NEEDED : status;
}

}  // namespace

SECURITY_STATUS Initialize(Context& base, HandshakeCall& call) {
  auto& context = static_cast<NegotiateContext&>(base);
  if (context.step == Step::kStart) return SendInit(context, call);
  Bytes body = call.token;
  Bytes oid;
  // A server that answers without SPNEGO gets along without it from then on.
  if (context.step == Step::kFirstReply && KindOf(&body, &oid) == TokenKind::kRaw) context.step = Step::kRaw;
  if (context.step == Step::kRaw) return RunInner(context, call, call.token);
  return TakeReply(context, call);
}

}  // namespace baresspi::negotiate

#endif
