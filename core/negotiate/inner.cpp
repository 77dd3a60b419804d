// SPDX-License-Identifier: Apache-2.0
// What the initiator and the acceptor do alike: begin and run the mechanism, wrap its tokens, protect the
// list.
#include "core/base/memory.h"
#include "core/negotiate/context.h"

#if BARESSPI_NEGOTIATE

namespace baresspi::negotiate {
namespace {

// Signs the MechTypeList, or checks the peer's signature of it, with the mechanism: the direction's first
// message.
SECURITY_STATUS ProtectList(NegotiateContext& context, Protection protection, uint8_t* mic, size_t size) {
  SecBuffer buffers[2] = {{context.list_size, SECBUFFER_DATA, context.list},
                          {static_cast<ULONG>(size), SECBUFFER_TOKEN, mic}};
  SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
  ULONG qop = 0;
  return MechanismOf(context).protect(context, {protection, &message, 0, &qop});
}

}  // namespace

size_t FindMechanism(const NegotiateContext& context, const Bytes& oid) {
  size_t i = 0;
  for (; i < kMechanismCount; ++i) {
    if (Has(*context.credential, i) && Equal(oid, kMechanisms[i]->oid.Sub(2))) break;
  }
  return i;
}

void MakeList(NegotiateContext& context) {
  uint8_t* to = context.list + 2;
  for (size_t i = 0; i < kMechanismCount; ++i) {
    if (!Has(*context.credential, i)) continue;
    const Bytes oid = kMechanisms[i]->oid;
    Copy(to, oid.data(), oid.size());
    to += oid.size();
  }
  context.list[0] = kDerSequence;
  context.list_size = static_cast<uint8_t>(to - context.list);
  context.list[1] = static_cast<uint8_t>(context.list_size - 2);  // below 0x80: our mechanisms are few
}

void BeginInner(NegotiateContext& context, size_t mechanism) {
  if (IndexOf(context) == mechanism || kMechanismCount == 1) return;
  Context& header = context;
  Wipe(&header + 1, sizeof(MechanismContext) - sizeof(Context));
  context.mechanism = static_cast<uint8_t>(mechanism);
  context.inner_began = false;
  context.inner_done = false;
}

SECURITY_STATUS RunInner(NegotiateContext& context, HandshakeCall& call) {
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
  call.output = &output;
  call.requested &= ~static_cast<ULONG>(ISC_REQ_DATAGRAM);  // there is no such mode with tokens of ours
  SECURITY_STATUS status = SEC_E_OK;
  ULONG anonymous = ASC_RET_NULL_SESSION;
  if (IsInitiator(context)) {
    // The mechanism must be able to sign the list, whatever the application wants.
    call.requested |= ISC_REQ_INTEGRITY;
    anonymous = ISC_RET_NULL_SESSION;
    status = MechanismOf(context).initialize(context, call);
  } else {
    status = MechanismOf(context).accept(context, call);
  }
  call.output = whole;
  if (status == SEC_E_BUFFER_TOO_SMALL) return call.Reserve(output.cbBuffer + overhead);
  if (status < 0) return status;
  context.inner_began = true;
  context.answer_size = static_cast<uint16_t>(output.cbBuffer);
  if (raw && whole != nullptr) whole->cbBuffer = output.cbBuffer;
  if (status != SEC_E_OK) return status;
  context.inner_done = true;
  // An anonymous caller has no key to protect anything with.
  if ((context.attributes & anonymous) != 0) context.mic_required = false;
  return raw ? Established(context) : SEC_E_OK;
}

SECURITY_STATUS Established(NegotiateContext& context) {
  MechanismOf(context).restart_ciphers(context);
  return SEC_E_OK;
}

SECURITY_STATUS Send(NegotiateContext& context, HandshakeCall& call, unsigned form) {
  const size_t front = Front(context.list_size);
  const size_t least = Overhead(context.list_size);
  const MutableBytes room = call.Room();
  if (room.size() < least) return call.Reserve(least);
  if ((form & kWithMic) != 0) {
    const SECURITY_STATUS status = ProtectList(
        context, Protection::kSign, room.data() + front + context.answer_size + kMicHead, kMicSize);
    if (status != SEC_E_OK) return status;
  }
  const bool init = (form & kInit & ~kStateMask) != 0;
  const Bytes& oid = MechanismOf(context).oid;
  const Bytes names = init ? Bytes(context.list, context.list_size) : Bytes(oid.data(), oid.size());
  const SECURITY_STATUS status = call.Reserve(Write(form, names, room.data(), front, context.answer_size));
  if (status != SEC_E_OK) return status;
  context.step = init ? Step::kFirstReply : Step::kGoesOn;
  return BARESSPI_SERVERS && (form & kStateMask) == 0 ? Established(context) : SEC_I_CONTINUE_NEEDED;
}

SECURITY_STATUS CheckMic(NegotiateContext& context, const Bytes& mic) {
  // Some acceptors never send a mechListMIC. That is borne when our first choice was taken and nothing is to
  // be protected.
  const bool due = context.mic_required || (IsMicDue(context) && !context.unprotected);
  // What is verified is only read; and it lies in a SecBuffer of the application's, which is no const memory.
  const bool good = mic.empty() ? !due
                                : ProtectList(context, Protection::kVerify, const_cast<uint8_t*>(mic.data()),
                                              mic.size()) == SEC_E_OK;
  return good ? SEC_E_OK : SEC_E_MESSAGE_ALTERED;
}

bool IsMicDue(const NegotiateContext& context) {
  return context.mic_required || MechanismOf(context).protects_negotiation(context);
}

}  // namespace baresspi::negotiate

#endif
