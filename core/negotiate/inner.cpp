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
SECURITY_STATUS ProtectList(NegotiateContext& context, Protection protection, uint8_t* mic) {
  SecBuffer buffers[2] = {{context.list_size, SECBUFFER_DATA, context.list},
                          {kMicSize, SECBUFFER_TOKEN, mic}};
  SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
  ULONG qop = 0;
  return MechanismOf(context).protect(*context.inner, {protection, &message, 0, &qop});
}

}  // namespace

size_t FindMechanism(const NegotiateContext& context, const Bytes& oid) {
  size_t i = 0;
  for (; i < kMechanismCount; ++i) {
    // With one mechanism every credential has it.
    if (kMechanismCount > 1 && CredentialOf(context).inner[i] == nullptr) continue;
    if (Equal(oid, kMechanisms[i]->oid)) break;
  }
  return i;
}

void MakeList(NegotiateContext& context) {
  uint8_t* to = context.list + 2;
  for (size_t i = 0; i < kMechanismCount; ++i) {
    if (kMechanismCount > 1 && CredentialOf(context).inner[i] == nullptr) continue;
    const Bytes oid = kMechanisms[i]->oid;
    *to++ = kDerOid;
    *to++ = static_cast<uint8_t>(oid.size());
    Copy(to, oid.data(), oid.size());
    to += oid.size();
  }
  context.list[0] = kDerSequence;
  context.list_size = static_cast<uint8_t>(to - context.list);
  context.list[1] = static_cast<uint8_t>(context.list_size - 2);  // below 0x80: our mechanisms are few
}

void EndInner(NegotiateContext& context) {
  Context* const inner = context.inner;
  if (inner == nullptr) return;
  // Not ReleaseContext, which led here: a mechanism holds nothing of other pools, so there is no recursion.
  const Package& package = *MechanismOf(context).package;
  Credential* const credential = inner->credential;
  if (package.contexts->Release(inner)) package.credentials->Release(credential);
}

SECURITY_STATUS BeginInner(NegotiateContext& context, HandshakeCall& call, size_t mechanism) {
  if (kMechanismCount == 1) mechanism = 0;  // as the caller knows, but not the compiler
  if (context.inner != nullptr) {
    if (IndexOf(context) == mechanism) return SEC_E_OK;
    EndInner(context);
    context.inner = nullptr;
    context.inner_began = false;
    context.inner_done = false;
  }
  const Package& package = *kMechanisms[mechanism]->package;
  auto* inner = static_cast<Context*>(package.contexts->Take());
  if (inner == nullptr) return call.Mendable(SEC_E_INSUFFICIENT_MEMORY);
  inner->credential = CredentialOf(context).inner[mechanism];
  package.credentials->Retain(inner->credential);
  inner->initiator = context.initiator;
  context.inner = inner;
  context.mechanism = static_cast<uint8_t>(mechanism);
  return SEC_E_OK;
}

SECURITY_STATUS RunInner(NegotiateContext& context, HandshakeCall& call, const Bytes& token) {
  const bool raw = context.step == Step::kRaw;
  const MutableBytes room = call.Room();
  SecBuffer output = {static_cast<ULONG>(room.size()), SECBUFFER_TOKEN, room.data()};
  size_t overhead = 0;
  if (!raw) {
    overhead = Overhead(context.list_size);
    output.cbBuffer = 0;
    if (room.size() >= overhead) {
      output.pvBuffer = room.data() + Front(context.list_size);
      output.cbBuffer = static_cast<ULONG>(room.size() - overhead);
    } else if (!IsInitiator(context) && context.inner_began) {
      // A mechanism that may end without an answer must not run before there is room for what goes around
      // none. Any other one answers, and so tells what it needs.
      return call.Reserve(overhead);
    }
  }
  // The call itself is lent to the mechanism: a copy of it would take that much stack.
  SecBuffer* const whole = call.output;
  ULONG* const attributes = call.attributes;
  call.token = token;
  call.output = &output;
  call.attributes = &context.attributes;
  call.requested &= ~static_cast<ULONG>(ISC_REQ_DATAGRAM);  // there is no such mode with tokens of ours
  SECURITY_STATUS status = SEC_E_OK;
  ULONG anonymous = ASC_RET_NULL_SESSION;
  if (IsInitiator(context)) {
    // The mechanism must be able to sign the list, whatever the application wants.
    call.requested |= ISC_REQ_INTEGRITY;
    anonymous = ISC_RET_NULL_SESSION;
    status = MechanismOf(context).initialize(*context.inner, call);
  } else {
    status = MechanismOf(context).accept(*context.inner, call);
  }
  call.output = whole;
  call.attributes = attributes;
  if (status == SEC_E_BUFFER_TOO_SMALL) return call.Reserve(output.cbBuffer + overhead);
  if (status < 0) return status;
  context.inner_began = true;
  context.answer_size = static_cast<uint16_t>(output.cbBuffer);
  if (raw && whole != nullptr) whole->cbBuffer = output.cbBuffer;
  if (status != SEC_E_OK) return status;
  context.inner->phase = Phase::kEstablished;
  context.inner_done = true;
  // An anonymous caller has no key to protect anything with.
  if ((context.attributes & anonymous) != 0) context.mic_required = false;
  return raw ? Established(context, call) : SEC_E_OK;
}

SECURITY_STATUS Established(const NegotiateContext& context, HandshakeCall& call) {
  MechanismOf(context).restart_ciphers(*context.inner);
  if (call.attributes != nullptr) *call.attributes = context.attributes;
  return SEC_E_OK;
}

SECURITY_STATUS Send(NegotiateContext& context, HandshakeCall& call, unsigned form) {
  const size_t least = Overhead(context.list_size);
  const MutableBytes room = call.Room();
  if (room.size() < least) return call.Reserve(least);
  uint8_t mic[kMicSize];
  OutToken token;
  Step next = Step::kGoesOn;
  if ((form & kInit & ~kStateMask) != 0) {
    token.mech_types = {context.list, context.list_size};
    token.hint = BARESSPI_SERVERS && (form & kHint & ~kInit) != 0;
    next = Step::kFirstReply;
  } else {
    token.neg_state = static_cast<NegState>(form & kStateMask);
    const Bytes& oid = MechanismOf(context).oid;
    if (BARESSPI_SERVERS && (form & kWithMech) != 0) token.supported_mech = {oid.data(), oid.size()};
  }
  if ((form & kWithMic) != 0) {
    const SECURITY_STATUS status = ProtectList(context, Protection::kSign, mic);
    if (status != SEC_E_OK) return status;
    token.mech_list_mic = mic;
  }
  const SECURITY_STATUS status =
      call.Reserve(Write(token, room.data(), Front(context.list_size), context.answer_size));
  if (status != SEC_E_OK) return status;
  context.step = next;
  return BARESSPI_SERVERS && (form & kStateMask) == 0 ? Established(context, call) : SEC_I_CONTINUE_NEEDED;
}

SECURITY_STATUS CheckMic(NegotiateContext& context, const Bytes& mic, bool due) {
  // What is verified is only read.
  const bool good = mic.empty()
                        ? !due
                        : mic.size() == kMicSize && ProtectList(context, Protection::kVerify,
                                                                const_cast<uint8_t*>(mic.data())) == SEC_E_OK;
  return good ? SEC_E_OK : SEC_E_MESSAGE_ALTERED;
}

bool IsMicDue(const NegotiateContext& context) {
  return context.mic_required || MechanismOf(context).protects_negotiation(*context.inner);
}

}  // namespace baresspi::negotiate

#endif
