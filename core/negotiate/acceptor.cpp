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
  const SECURITY_STATUS status = Send(context, call, kHint, nullptr);
  if (status != SEC_E_OK) return status;
  context.step = Step::kFirstReply;
  return SEC_I_CONTINUE_NEEDED;
}

// Runs the mechanism on the client's token. What follows is another round, or the end. form: kWithMech or 0.
SECURITY_STATUS Answer(NegotiateContext& context, HandshakeCall& call, const NegToken& received,
                       unsigned form) {
  const SECURITY_STATUS status = RunInner(context, call, received.token);
  if (status < 0) return status;
  uint8_t room[16];
  const uint8_t* mic = nullptr;
  form |= static_cast<unsigned>(NegState::kAcceptIncomplete);
  if (status == SEC_E_OK) {
    form ^= static_cast<unsigned>(NegState::kAcceptIncomplete) ^
            static_cast<unsigned>(NegState::kAcceptCompleted);
    if (!received.mech_list_mic.empty()) {
      SECURITY_STATUS signing = VerifyMic(context, received.mech_list_mic);
      if (signing == SEC_E_OK) signing = MakeMic(context, room);
      if (signing != SEC_E_OK) return signing;
      mic = room;
      EndNegotiation(context);
    } else if (IsMicDue(context)) {
      return SEC_E_MESSAGE_ALTERED;  // taken away on its way
    }
  }
  context.step = Step::kGoesOn;
  const SECURITY_STATUS sent = Send(context, call, form, mic);
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
  if (is_first && !init.token.empty()) return Answer(context, call, init, kWithMech);
  // The client's optimistic token, if any, is for a mechanism that it likes better: it begins anew, and both
  // sign the list.
  context.mic_required = !is_first;
  const NegState state = is_first ? NegState::kAcceptIncomplete : NegState::kRequestMic;
  status = Send(context, call, static_cast<unsigned>(state) | kWithMech, nullptr);
  if (status != SEC_E_OK) return status;
  context.step = Step::kGoesOn;
  return SEC_I_CONTINUE_NEEDED;
}

SECURITY_STATUS TakeResponse(NegotiateContext& context, HandshakeCall& call, const NegToken& response) {
  if (response.neg_state == NegState::kReject) return SEC_E_LOGON_DENIED;
  if (response.neg_state == NegState::kRequestMic || response.token.empty()) return SEC_E_INVALID_TOKEN;
  return Answer(context, call, response, 0);
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
  return RunInner(context, call, call.token);
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
