// SPDX-License-Identifier: Apache-2.0
// Signing and sealing ([MS-NLMP] 3.4), with extended session security's signatures (2.2.2.9.2).
//
// A message that is refused leaves sequence, cipher and buffers as they were: RC4 is run backwards over what
// it has done.
#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/crypto/sealing_mac.h"
#include "core/ntlm/context.h"
#include "core/sspi/buffers.h"

namespace baresspi::ntlm {
namespace {

constexpr size_t kChecksumSize = 8;

// The checksum in a signature, and room for the whole MAC that it is the first half of.
constexpr size_t kChecksum = 4;
constexpr size_t kSequence = kChecksum + kChecksumSize;
constexpr size_t kSignatureRoom = kChecksum + kKeySize;

#if BARESSPI_CRYPTO_FAST
bool IsSigned(const SecBuffer& buffer) {
  return (buffer.BufferType & (~SECBUFFER_ATTRMASK | SECBUFFER_READONLY)) == SECBUFFER_DATA;
}
bool IsSealed(const SecBuffer& buffer) {
  return IsSigned(buffer) && (buffer.BufferType & SECBUFFER_READONLY_WITH_CHECKSUM) == 0;
}
#endif

// One message on its way through a channel.
struct Message {
  const SecBuffer* buffers;
  size_t count;
  Channel* channel;
  uint32_t flags;  // NegotiateFlags
  bool receiving;

  void Walk(HmacMd5* digest, bool forwards) const;
  void Sign(bool sealed, uint32_t sequence, uint8_t signature[kSignatureRoom]) const;
  void Undo(bool sealed, uint8_t signature[kSignatureRoom]) const;
};

// Takes every buffer that is signed to the digest, or, without one, every buffer that is sealed to the
// cipher.
void Message::Walk(HmacMd5* digest, bool forwards) const {
  const ULONG untouched = digest != nullptr ? 0 : SECBUFFER_READONLY_WITH_CHECKSUM;
  // Backwards, the last buffer comes first.
  const SecBuffer* buffer = forwards ? buffers : buffers + count - 1;
  for (size_t left = count; left != 0; --left) {
    if ((buffer->BufferType & (~SECBUFFER_ATTRMASK | SECBUFFER_READONLY | untouched)) == SECBUFFER_DATA) {
      auto* data = static_cast<uint8_t*>(buffer->pvBuffer);
      if (digest != nullptr) {
        digest->Update(data, buffer->cbBuffer);
      } else if (forwards) {
        channel->cipher.Apply(data, buffer->cbBuffer);
      } else {
        channel->cipher.Rewind(data, buffer->cbBuffer);
      }
    }
    buffer += forwards ? 1 : -1;
  }
}

// Checksum and SeqNum (3.4.4.2), and what is sealed through the cipher: the checksum is of the plain message.
[[gnu::noinline]] void Message::Sign(bool sealed, uint32_t sequence,
                                     uint8_t signature[kSignatureRoom]) const {
  Fill(signature, 0, kSignatureRoom);
  signature[0] = 1;  // Version
  if (flags == 0) return;
#if BARESSPI_CRYPTO_FAST
  SealingMac mac(channel->sign_key, sequence, &channel->cipher, receiving);
  for (size_t n = 0; n < count; ++n) {
    const SecBuffer& buffer = buffers[n];
    auto* data = static_cast<uint8_t*>(buffer.pvBuffer);
    if (sealed && IsSealed(buffer)) {
      mac.UpdateSealed(data, buffer.cbBuffer);
    } else if (IsSigned(buffer)) {
      mac.Update(data, buffer.cbBuffer);
    }
  }
  // With KEY_EXCH, whether or not the message is sealed.
  mac.Finish(signature + kChecksum, (flags & kNegotiateKeyExch) != 0 ? kChecksumSize : 0);
#else
  if (sealed && receiving) Walk(nullptr, true);
  uint8_t* checksum = signature + kChecksum;
  StoreU32le(checksum, sequence);
  HmacMd5 hmac(channel->sign_key);
  hmac.Update(checksum, sizeof sequence);
  Walk(&hmac, true);
  hmac.Finish(checksum);
  if (sealed && !receiving) Walk(nullptr, true);
  // With KEY_EXCH, whether or not the message is sealed.
  if ((flags & kNegotiateKeyExch) != 0) channel->cipher.Apply(checksum, kChecksumSize);
#endif
  StoreU32le(signature + kSequence, sequence);
}

void Message::Undo(bool sealed, uint8_t signature[kSignatureRoom]) const {
  if ((flags & kNegotiateKeyExch) != 0) channel->cipher.Rewind(signature, kChecksumSize);
  if (sealed) Walk(nullptr, false);
}

Direction DirectionOf(const NtlmContext& context, const Channel* channel) {
  return IsInitiator(context) == (channel == context.channels) ? Direction::kClientToServer
                                                               : Direction::kServerToClient;
}

// Keys a channel's cipher: with the SealKey, or, in datagram mode, with MD5 of it and the message's number
// (3.4.3). Out of line, since it is called from two places.
[[gnu::noinline]] void KeyCipher(const NtlmContext& context, Channel* channel, const uint8_t* sequence) {
  uint8_t key[kKeySize];
  const WipeAtExit<uint8_t[kKeySize]> wipe(key);
  SealKey(context.session_key, context.flags, DirectionOf(context, channel), key);
  if (sequence != nullptr) {
    Md5 md5;
    md5.Update(key);
    md5.Update(sequence, sizeof(uint32_t));
    md5.Finish(key);
  }
  channel->cipher.Key(key, sizeof key);
}

// Protection, bit by bit.
constexpr uint32_t kReceiving = 1;
constexpr uint32_t kSealing = 2;
static_assert(static_cast<uint32_t>(Protection::kSign) == 0 &&
              static_cast<uint32_t>(Protection::kVerify) == kReceiving &&
              static_cast<uint32_t>(Protection::kSeal) == kSealing &&
              static_cast<uint32_t>(Protection::kUnseal) == (kReceiving | kSealing));

}  // namespace

void StartMessageSecurity(NtlmContext& context, uint32_t flags) {
  context.flags = flags;
  uint32_t attributes =
      (context.attributes & (ISC_REQ_CONNECTION | ISC_REQ_USE_DCE_STYLE)) |
      Translate(flags, kFlags, IsInitiator(context) ? kInitiatorAttributes : kAcceptorAttributes);
  static_assert(ISC_REQ_CONNECTION == ASC_REQ_CONNECTION && ISC_REQ_USE_DCE_STYLE == ASC_REQ_USE_DCE_STYLE);
  // A datagram's number is the caller's own: that it came before, only the caller can know.
  if ((flags & kNegotiateDatagram) != 0) attributes &= ~(ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT);
  context.attributes = attributes;
  // What is left of the handshake is of no more use, and what it tells is nobody's business.
  Wipe(context.channels, sizeof context.channels);
  for (Channel& channel : context.channels) {
    SignKey(context.session_key, DirectionOf(context, &channel), channel.sign_key);
    KeyCipher(context, &channel, nullptr);
  }
}

void RestartCiphers(Context& base) {
  auto& context = static_cast<NtlmContext&>(base);
  for (Channel& channel : context.channels) KeyCipher(context, &channel, nullptr);
}

SECURITY_STATUS Protect(Context& base, const MessageCall& call) {
  auto& context = static_cast<NtlmContext&>(base);
  const bool receiving = (static_cast<uint32_t>(call.protection) & kReceiving) != 0;
  bool seal = (static_cast<uint32_t>(call.protection) & kSealing) != 0;
  const ULONG qop = receiving ? 0 : *call.qop;
  if (!seal) {
    if (qop != 0) return SEC_E_QOP_NOT_SUPPORTED;
  } else {
    // What was not agreed is refused, not left out.
    uint32_t needed = kNegotiateSign;
    if (qop == 0) {
      if (!receiving) needed = kNegotiateSeal;
    } else if (qop != SECQOP_WRAP_NO_ENCRYPT && qop != BARESSPI_SECQOP_WRAP_ENCRYPT) {
      return SEC_E_QOP_NOT_SUPPORTED;
    }
    if ((context.flags & needed) == 0) return SEC_E_UNSUPPORTED_FUNCTION;
    seal = qop != SECQOP_WRAP_NO_ENCRYPT;
  }
  // ALWAYS_SIGN without SIGN: a signature of version 1 and nothing else.
  const uint32_t flags = (context.flags & kNegotiateSign) != 0 ? context.flags : 0;
  SecBuffer* data = nullptr;
  SecBuffer part;
  Message message = {call.message->pBuffers, call.message->cBuffers, context.channels, flags, receiving};
  if (receiving) ++message.channel;
  // SECBUFFER_STREAM holds signature and message in one; the SECBUFFER_DATA beside it is told where the
  // message lies.
  SecBuffer* token = nullptr;
  if (call.protection == Protection::kUnseal) token = FindBuffer(call.message, SECBUFFER_STREAM);
  if (token != nullptr) {
    data = FindBuffer(call.message, SECBUFFER_DATA);
    if (data == nullptr) return SEC_E_INVALID_TOKEN;
    message.buffers = &part;
    message.count = 1;
  } else {
    token = FindBuffer(call.message, SECBUFFER_TOKEN);
    if (token == nullptr) return SEC_E_INVALID_TOKEN;
  }
  auto* signature = static_cast<uint8_t*>(token->pvBuffer);
  const ULONG size = token->cbBuffer;
  if (!receiving) {
    token->cbBuffer = kMessageSignature;
    if (size < kMessageSignature) return SEC_E_BUFFER_TOO_SMALL;
  } else if (size < kMessageSignature || (data == nullptr && size != kMessageSignature)) {
    return SEC_E_MESSAGE_ALTERED;
  }
  part = {static_cast<ULONG>(size - kMessageSignature), SECBUFFER_DATA, signature + kMessageSignature};
  uint8_t right[kSignatureRoom];
  uint32_t sequence = message.channel->sequence;
  if ((flags & kNegotiateDatagram) != 0) {
    sequence = call.sequence;
    StoreU32le(right, sequence);
    KeyCipher(context, message.channel, right);
  }
  if (receiving && flags != 0 && LoadU32le(signature + kSequence) != sequence) return SEC_E_OUT_OF_SEQUENCE;
  for (;;) {
    message.Sign(seal, sequence, right);
    if (!receiving || EqualConstantTime(right, signature, kMessageSignature)) break;
    message.Undo(seal, right);
    // A sender may choose to sign only (SECQOP_WRAP_NO_ENCRYPT): where sealing was agreed, only the caller
    // who asks for the QOP, and so is told, gets such a message.
    const bool insists = call.qop == nullptr && (context.flags & kNegotiateSeal) != 0;
    if (!seal || insists) return SEC_E_MESSAGE_ALTERED;
    seal = false;
  }
  message.channel->sequence = sequence + 1;
  if (!receiving) {
    Copy(signature, right, kMessageSignature);
    SecBuffer* padding = FindBuffer(call.message, SECBUFFER_PADDING);
    if (padding != nullptr) padding->cbBuffer = 0;  // a stream cipher needs none
    return SEC_E_OK;
  }
  if (call.qop != nullptr)
    *call.qop = call.protection == Protection::kUnseal && !seal ? SECQOP_WRAP_NO_ENCRYPT : 0;
  if (data != nullptr) {
    data->pvBuffer = part.pvBuffer;
    data->cbBuffer = part.cbBuffer;
  }
  return SEC_E_OK;
}

}  // namespace baresspi::ntlm
