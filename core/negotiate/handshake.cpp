// SPDX-License-Identifier: Apache-2.0
// Initiator and acceptor: RFC 4178, [MS-SPNG] 3.1 and 3.2.
#include "core/base/memory.h"
#include "core/negotiate/context.h"

#if BARESSPI_NEGOTIATE

namespace baresspi::negotiate {
namespace {

// Goes on without SPNEGO.
SECURITY_STATUS GoRaw(NegotiateContext& context, HandshakeCall& call) {
  context.step = Step::kRaw;
  return RunInner(context, call);
}

// ---- The initiator: NegTokenInit with an optimistic token out, NegTokenResp to and fro. ----

// What is asked of the mechanism: it must be able to sign the list, whatever the application wants. Unless
// the application wants it not to: LDAP inside of TLS is refused to a login that could protect messages
// ([MS-ADTS] 5.1.1.1.2), and then the list goes unsigned.
ULONG AskedOfMechanism(ULONG requested) {
  if ((requested & ISC_REQ_NO_INTEGRITY) == 0) return requested | ISC_REQ_INTEGRITY;
  return requested & ~(ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT);
}

SECURITY_STATUS SendInit(NegotiateContext& context, HandshakeCall& call) {
  constexpr ULONG kProtection =
      ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT;
  MakeList(context);
  BeginInner(context, FirstMechanism(*context.credential));
  context.unprotected = (call.requested & kProtection) == 0;
  call.requested = AskedOfMechanism(call.requested);
  call.token = {};
  const SECURITY_STATUS status = RunInner(context, call);
  return status < 0 ? status : Send(context, call, kInit);
}

// The acceptor did not want us. The mechanism may find in its token why; without one, or when it finds
// nothing, that is all we know. In any case it is over.
SECURITY_STATUS TakeReject(NegotiateContext& context, HandshakeCall& call) {
  SECURITY_STATUS status = SEC_E_INVALID_TOKEN;
  if (!context.inner_done && !call.token.empty()) status = RunInner(context, call);
  const bool tells = status < 0 && status != SEC_E_INVALID_TOKEN && !call.mendable;
  call.mendable = false;
  return tells ? status : SEC_E_LOGON_DENIED;
}

SECURITY_STATUS TakeReply(NegotiateContext& context, HandshakeCall& call, NegToken& reply) {
  if (reply.neg_state == NegState::kReject) return TakeReject(context, call);
  // The acceptor's choice, in its first reply; another than our first begins anew. Later replies have no say
  // in that any more.
  bool another = false;
  if (!reply.supported_mech().empty()) {
    const size_t chosen = FindMechanism(context, reply.supported_mech());
    if (chosen == kMechanismCount) return SEC_E_INVALID_TOKEN;
    another = chosen != IndexOf(context) && kMechanismCount > 1;
    if (another) BeginInner(context, chosen);
  }
  if (another || reply.neg_state == NegState::kRequestMic) {
    if (context.step != Step::kFirstReply) return SEC_E_INVALID_TOKEN;
    context.mic = Mic::kRequired;
  }
  // A token while the mechanism goes on, and none when it is done.
  if (!another && context.inner_done != call.token.empty()) return SEC_E_INVALID_TOKEN;
  if (context.inner_done) {
    // We have nothing more to say.
    if (reply.neg_state == NegState::kAcceptIncomplete) return SEC_E_INVALID_TOKEN;
    const SECURITY_STATUS status = CheckMic(context, reply.mech_list_mic());
    if (status != SEC_E_OK) return status;
    if (call.output != nullptr) call.output->cbBuffer = 0;
    return Established(context);
  }
  if (another) {
    call.requested = AskedOfMechanism(call.requested);
    call.token = {};
  }
  // A mechListMIC means nothing before the last reply: old acceptors put their response there once more.
  const SECURITY_STATUS status = RunInner(context, call);
  if (status < 0) return status;
  unsigned form = static_cast<unsigned>(NegState::kAcceptIncomplete);
  if (status == SEC_E_OK && context.mic != Mic::kNone) form |= kWithMic;
  return Send(context, call, form);
}

// ---- The acceptor: takes the client's list, chooses, answers with NegTokenResp. ----

// The mechanism that we like best of those that the client names, and whether the client names it first.
size_t Choose(const NegotiateContext& context, Bytes mechanisms, bool* is_first) {
  size_t best = kMechanismCount;
  Bytes oid;
  for (bool first = true; DerTake(&mechanisms, kDerOid, &oid); first = false) {
    const size_t found = FindMechanism(context, oid);
    if (found >= best) continue;
    best = found;
    *is_first = first;
  }
  return mechanisms.empty() ? best : kMechanismCount;
}

// Runs the mechanism on the client's token. What follows is another round, or the end. form: kWithMech or 0.
SECURITY_STATUS Answer(NegotiateContext& context, HandshakeCall& call, const Bytes& mic, unsigned form) {
  SECURITY_STATUS status = RunInner(context, call);
  if (status < 0) return status;
  if (status == SEC_E_OK) {
    static_assert(static_cast<unsigned>(NegState::kAcceptCompleted) == 0);
    // One that is due and absent was taken away on its way.
    status = CheckMic(context, mic);
    if (status != SEC_E_OK) return status;
    if (!mic.empty()) form |= kWithMic;
  } else {
    form |= static_cast<unsigned>(NegState::kAcceptIncomplete);
  }
  return Send(context, call, form);
}

// The client's first token, with or without SPNEGO around it.
SECURITY_STATUS TakeInit(NegotiateContext& context, HandshakeCall& call, TokenKind kind,
                         const NegToken& init) {
  bool is_first = false;
  if (init.mech_types.size() > sizeof context.list) return SEC_E_UNSUPPORTED_FUNCTION;
  const size_t chosen = Choose(context, init.mechanisms(), &is_first);
  if (chosen == kMechanismCount) return SEC_E_SECPKG_NOT_FOUND;
  Copy(context.list, init.mech_types.data(), init.mech_types.size());
  context.list_size = static_cast<uint8_t>(init.mech_types.size());
  BeginInner(context, chosen);
  if (kind == TokenKind::kRaw) return GoRaw(context, call);
  // The client's optimistic token, if any, is for a mechanism that it likes better: it begins anew, and both
  // sign the list.
  if (!is_first) context.mic = Mic::kRequired;
  if (is_first && !call.token.empty()) return Answer(context, call, init.mech_list_mic(), kWithMech);
  // kAcceptIncomplete or kRequestMic, which is that and a bit more.
  const unsigned more = is_first ? 0 : 2;
  static_assert(static_cast<unsigned>(NegState::kAcceptIncomplete) == 1 &&
                static_cast<unsigned>(NegState::kRequestMic) == 3);
  return Send(context, call, kWithMech | 1 | more);
}

SECURITY_STATUS Take(NegotiateContext& context, HandshakeCall& call) {
  call.requested &= ~static_cast<ULONG>(ISC_REQ_DATAGRAM);  // there is no such mode with tokens of ours
  // What a raw mechanism's token is, it says itself.
  if (context.step == Step::kRaw) return RunInner(context, call);
  NegToken token;
  const TokenKind kind = ReadToken(&call.token, &token);
  if (IsInitiator(context)) {
    // A server that answers without SPNEGO gets along without it from then on.
    if (context.step == Step::kFirstReply && kind == TokenKind::kRaw) return GoRaw(context, call);
    // A server that speaks first sends a NegTokenInit2: a hint, which need not be followed.
    if (context.step == Step::kStart) {
      if (kind == TokenKind::kEmpty || kind == TokenKind::kNegTokenInit) return SendInit(context, call);
    } else if (kind == TokenKind::kNegTokenResp) {
      return TakeReply(context, call, token);
    }
  } else if (context.step == Step::kGoesOn) {
    if (kind == TokenKind::kNegTokenResp) {
      if (token.neg_state == NegState::kReject) return SEC_E_LOGON_DENIED;
      if (token.neg_state != NegState::kRequestMic && !call.token.empty())
        return Answer(context, call, token.mech_list_mic(), 0);
    }
  } else if (kind == TokenKind::kNegTokenInit || kind == TokenKind::kRaw) {
    return TakeInit(context, call, kind, token);
  } else if (kind == TokenKind::kEmpty && context.step == Step::kStart) {
    // [MS-SPNG] 3.2.5.2: the client has sent nothing, so we tell it what we have.
    MakeList(context);
    return Send(context, call, kHint);
  }
  return SEC_E_INVALID_TOKEN;
}

}  // namespace

SECURITY_STATUS Handshake(Context& base, HandshakeCall& call) {
  auto& context = static_cast<NegotiateContext&>(base);
  const Step step = context.step;
  const Mic mic = context.mic;
  const SECURITY_STATUS status = Take(context, call);
  if (call.mendable) {  // the token that comes with the repeated call may be another one
    context.step = step;
    context.mic = mic;
  }
  return status;
}

}  // namespace baresspi::negotiate

#endif
