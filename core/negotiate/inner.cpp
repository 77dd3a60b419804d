// SPDX-License-Identifier: Apache-2.0
// What the initiator and the acceptor do alike: begin, run and end the inner mechanism, wrap its tokens,
// protect the list.
#include "core/base/memory.h"
#include "core/negotiate/context.h"

#if BARESSPI_NEGOTIATE

namespace baresspi::negotiate {
namespace {

constexpr size_t kMicSize = 16;

// Signs the MechTypeList, or checks the peer's signature of it, with the inner mechanism: the direction's
// first message.
SECURITY_STATUS ProtectList(NegotiateContext& context, Protection protection, uint8_t* mic, size_t mic_size) {
  SecBuffer buffers[2] = {{context.list_size, SECBUFFER_DATA, context.list},
                          {static_cast<ULONG>(mic_size), SECBUFFER_TOKEN, mic}};
  SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
  ULONG qop = 0;
  return MechanismOf(context).protect(*context.inner, {protection, &message, 0, &qop});
}

}  // namespace

size_t FindMechanism(const NegotiateCredential& credential, Bytes oid) {
  size_t i = 0;
  for (; i < kMechanismCount; ++i) {
    if (credential.inner[i] != nullptr && Equal(oid, kMechanisms[i]->oid)) break;
  }
  return i;
}

size_t WriteMechTypes(const NegotiateCredential& credential, uint8_t* list) {
  uint8_t* to = list + 2;
  for (size_t i = 0; i < kMechanismCount; ++i) {
    if (credential.inner[i] == nullptr) continue;
    const Bytes oid = kMechanisms[i]->oid;
    *to++ = kDerOid;
    *to++ = static_cast<uint8_t>(oid.size());
    Copy(to, oid.data(), oid.size());
    to += oid.size();
  }
  list[0] = kDerSequence;
  list[1] = static_cast<uint8_t>(to - list - 2);  // below 0x80: our mechanisms are few
  return static_cast<size_t>(to - list);
}

void EndInner(NegotiateContext& context) {
  if (context.inner == nullptr) return;
  // Not ReleaseContext, which led here: a mechanism holds nothing of other pools, so there is no recursion.
  const Package& package = *MechanismOf(context).package;
  Credential* const credential = context.inner->credential;
  if (package.contexts->Release(context.inner)) package.credentials->Release(credential);
  context.inner = nullptr;
  context.inner_began = false;
  context.inner_done = false;
}

SECURITY_STATUS BeginInner(NegotiateContext& context, size_t mechanism) {
  if (context.inner != nullptr && context.mechanism == mechanism) return SEC_E_OK;
  EndInner(context);
  const Package& package = *kMechanisms[mechanism]->package;
  auto* inner = static_cast<Context*>(package.contexts->Take());
  if (inner == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  inner->credential = CredentialOf(context).inner[mechanism];
  package.credentials->Retain(inner->credential);
  inner->initiator = context.initiator;
  context.inner = inner;
  context.mechanism = static_cast<uint8_t>(mechanism);
  return SEC_E_OK;
}

SECURITY_STATUS RunInner(NegotiateContext& context, HandshakeCall& call, const Bytes& token) {
  const bool raw = context.step == Step::kRaw;
  const size_t overhead = raw ? 0 : Overhead(context.list_size);
  MutableBytes room = call.Room();
  // A mechanism that may end without an answer must not run before there is room for what goes around none.
  // Any other one answers, and so tells what it needs.
  if (room.size() < overhead && !IsInitiator(context) && context.inner_began) return call.Reserve(overhead);
  const size_t front = raw ? 0 : Front(context.list_size);
  room = room.Sub(front, room.size() < overhead ? 0 : room.size() - overhead);
  SecBuffer output = {static_cast<ULONG>(room.size()), SECBUFFER_TOKEN, room.data()};
  // The call itself is lent to the mechanism: a copy of it would take that much stack.
  SecBuffer* const whole = call.output;
  ULONG* const attributes = call.attributes;
  call.token = token;
  if (whole != nullptr) call.output = &output;
  call.attributes = &context.attributes;
  call.requested &= ~static_cast<ULONG>(ISC_REQ_DATAGRAM);  // there is no such mode with tokens of ours
  // The mechanism must be able to sign the list, whatever the application wants.
  if (IsInitiator(context)) call.requested |= ISC_REQ_INTEGRITY;
  const Mechanism& mechanism = MechanismOf(context);
  const SECURITY_STATUS status =
      (IsInitiator(context) ? mechanism.initialize : mechanism.accept)(*context.inner, call);
  call.output = whole;
  call.attributes = attributes;
  if (status == SEC_E_BUFFER_TOO_SMALL) return call.Reserve(output.cbBuffer + overhead);
  if (status < 0) return status;
  context.inner_began = true;
  if (status == SEC_E_OK) {
    context.inner->phase = Phase::kEstablished;
    context.inner_done = true;
    // An anonymous caller has no key to protect anything with.
    const ULONG anonymous = IsInitiator(context) ? ISC_RET_NULL_SESSION : ASC_RET_NULL_SESSION;
    if ((context.attributes & anonymous) != 0) context.mic_required = false;
  }
  context.answer_size = static_cast<uint16_t>(output.cbBuffer);
  if (!raw) return status;
  if (whole != nullptr) whole->cbBuffer = output.cbBuffer;
  return status == SEC_E_OK ? Established(context, call) : status;
}

SECURITY_STATUS Established(const NegotiateContext& context, HandshakeCall& call) {
  if (call.attributes != nullptr) *call.attributes = context.attributes;
  return SEC_E_OK;
}

SECURITY_STATUS Send(const NegotiateContext& context, HandshakeCall& call, unsigned form,
                     const uint8_t* mic) {
  OutToken token;
  if ((form & kInit) != 0) {
    token.mech_types = {context.list, context.list_size};
    token.hint = form == kHint;
  } else {
    token.neg_state = static_cast<NegState>(form & 3);
    if ((form & kWithMech) != 0) token.supported_mech = MechanismOf(context).oid;
  }
  if (mic != nullptr) token.mech_list_mic = {mic, kMicSize};
  const MutableBytes room = call.Room();
  const size_t least = Overhead(context.list_size);
  if (room.size() < least) return call.Reserve(least);
  return call.Reserve(Write(token, room.data(), Front(context.list_size), context.answer_size));
}

SECURITY_STATUS MakeMic(NegotiateContext& context, uint8_t mic[16]) {
  return ProtectList(context, Protection::kSign, mic, kMicSize);
}

SECURITY_STATUS VerifyMic(NegotiateContext& context, Bytes mic) {
  uint8_t copy[kMicSize];
  if (mic.size() != kMicSize) return SEC_E_MESSAGE_ALTERED;
  Copy(copy, mic.data(), sizeof copy);
  const SECURITY_STATUS status = ProtectList(context, Protection::kVerify, copy, sizeof copy);
  return status == SEC_E_OK ? SEC_E_OK : SEC_E_MESSAGE_ALTERED;
}

bool IsMicDue(const NegotiateContext& context) {
  return context.mic_required || MechanismOf(context).protects_negotiation(*context.inner);
}

void EndNegotiation(NegotiateContext& context) {
  MechanismOf(context).restart_ciphers(*context.inner);
}

}  // namespace baresspi::negotiate

#endif
