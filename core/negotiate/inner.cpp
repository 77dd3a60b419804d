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

SECURITY_STATUS RunInner(NegotiateContext& context, HandshakeCall& call) {
  const bool raw = context.step == Step::kRaw;
  // The call itself is lent to the mechanism: a copy of it would take that much stack.
  SecBuffer* const whole = call.output;
  SecBuffer output = {0, SECBUFFER_TOKEN, nullptr};
  if (whole != nullptr) output = *whole;
  size_t overhead = 0;
  if (!raw) {
    overhead = Overhead(context.list_size);
    if (output.cbBuffer >= overhead) {
      output.cbBuffer -= static_cast<ULONG>(overhead);
      output.pvBuffer = static_cast<uint8_t*>(output.pvBuffer) + Front(context.list_size);
    } else if (!IsInitiator(context) && context.inner_began) {
      // A mechanism that may end without an answer must not run before there is room for what goes around
      // none. Any other one answers, and so tells what it needs.
      return call.Reserve(overhead);
    } else {
      output.cbBuffer = 0;
    }
  }
  call.output = &output;
  const Mechanism& mechanism = MechanismOf(context);
  const SECURITY_STATUS status =
      IsInitiator(context) ? mechanism.initialize(context, call) : mechanism.accept(context, call);
  call.output = whole;
  if (status == SEC_E_BUFFER_TOO_SMALL) return call.Reserve(output.cbBuffer + overhead);
  if (status < 0) return status;
  context.inner_began = true;
  context.answer_size = static_cast<uint16_t>(output.cbBuffer);
  if (raw && whole != nullptr) whole->cbBuffer = output.cbBuffer;
  if (status != SEC_E_OK) return status;
  context.inner_done = true;
  const ListProtection protection = MechanismOf(context).list_protection(context);
  if (protection == ListProtection::kImpossible) {
    context.mic = Mic::kNone;
  } else if (protection == ListProtection::kDue && context.mic == Mic::kNone) {
    context.mic = context.unprotected ? Mic::kWelcome : Mic::kRequired;
  }
  return SEC_E_OK;
}

SECURITY_STATUS Send(NegotiateContext& context, HandshakeCall& call, unsigned form) {
  const size_t least = Overhead(context.list_size);
  const MutableBytes room = call.Room();
  if (room.size() < least) return call.Reserve(least);
  const bool init = (form & kIsInit) != 0;
  const Bytes& oid = MechanismOf(context).oid;
  const Bytes names = init ? Bytes(context.list, context.list_size) : Bytes(oid.data(), oid.size());
  SECURITY_STATUS status = SEC_E_OK;
  const size_t size =
      Write(form, names, room.data(), Front(context.list_size), context.answer_size, [&](uint8_t* mic) {
        status = ProtectList(context, Protection::kSign, mic, kMicSize);
        return status == SEC_E_OK;
      });
  if (status != SEC_E_OK) return status;
  call.output->cbBuffer = static_cast<ULONG>(size);  // there is room: no more than Overhead goes around
  context.step = init ? Step::kFirstReply : Step::kGoesOn;
  return BARESSPI_SERVERS && (form & kStateMask) == 0 ? Established(context) : SEC_I_CONTINUE_NEEDED;
}

SECURITY_STATUS CheckMic(NegotiateContext& context, const Bytes& mic) {
  // What is verified is only read; and it lies in a SecBuffer of the application's, which is no const memory.
  const bool good = mic.empty() ? context.mic != Mic::kRequired
                                : ProtectList(context, Protection::kVerify, const_cast<uint8_t*>(mic.data()),
                                              mic.size()) == SEC_E_OK;
  return good ? SEC_E_OK : SEC_E_MESSAGE_ALTERED;
}

}  // namespace baresspi::negotiate

#endif
