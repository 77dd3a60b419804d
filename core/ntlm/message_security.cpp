// SPDX-License-Identifier: Apache-2.0
// Signing and sealing ([MS-NLMP] 3.4), with extended session security's signatures (2.2.2.9.2).
//
// A message that is refused leaves sequence, cipher and buffers as they were: RC4 is run backwards over what
// it has done.
#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/crypto/hmac_md5.h"
#include "core/ntlm/context.h"
#include "core/sspi/buffers.h"

namespace baresspi::ntlm {
namespace {

constexpr size_t kChecksumSize = 8;

// One message on its way through a channel.
struct Message {
  const SecBufferDesc* buffers;
  Channel* channel;
  uint32_t sequence;
  bool encrypts_checksum;  // 3.4.4.2: with KEY_EXCH, whether or not the message is sealed

  void RunCipher(bool forwards) const;
  void Checksum(uint8_t checksum[kKeySize]) const;
  SECURITY_STATUS Send(SecBuffer* token, bool seal) const;
  bool TryReceive(const uint8_t* received, bool sealed) const;
  SECURITY_STATUS Receive(const uint8_t* signature, bool may_be_sealed, bool tell, ULONG* qop) const;
};

void Message::RunCipher(bool forwards) const {
  constexpr ULONG kUntouched = SECBUFFER_READONLY | SECBUFFER_READONLY_WITH_CHECKSUM;
  const ULONG count = buffers->cBuffers;
  for (ULONG i = 0; i < count; ++i) {
    // Backwards, the last buffer comes first.
    const SecBuffer& buffer = buffers->pBuffers[forwards ? i : count - 1 - i];
    if ((buffer.BufferType & (~SECBUFFER_ATTRMASK | kUntouched)) != SECBUFFER_DATA) continue;
    auto* data = static_cast<uint8_t*>(buffer.pvBuffer);
    if (forwards) {
      channel->cipher.Apply(data, buffer.cbBuffer);
    } else {
      channel->cipher.Rewind(data, buffer.cbBuffer);
    }
  }
}

// The checksum before RC4: HMAC-MD5 over SeqNum and every buffer that is signed (3.4.4.2).
void Message::Checksum(uint8_t checksum[kKeySize]) const {
  StoreU32le(checksum, sequence);
  HmacMd5 hmac(channel->sign_key);
  hmac.Update(checksum, sizeof sequence);
  for (ULONG i = 0; i < buffers->cBuffers; ++i) {
    const SecBuffer& buffer = buffers->pBuffers[i];
    if ((buffer.BufferType & (~SECBUFFER_ATTRMASK | SECBUFFER_READONLY)) != SECBUFFER_DATA) continue;
    hmac.Update(buffer.pvBuffer, buffer.cbBuffer);
  }
  hmac.Finish(checksum);
}

SECURITY_STATUS Message::Send(SecBuffer* token, bool seal) const {
  auto* signature = static_cast<uint8_t*>(token->pvBuffer);
  uint8_t checksum[kKeySize];
  Checksum(checksum);
  if (seal) RunCipher(true);
  if (encrypts_checksum) channel->cipher.Apply(checksum, kChecksumSize);
  StoreU32le(signature, 1);  // Version
  Copy(signature + 4, checksum, kChecksumSize);
  StoreU32le(signature + 12, sequence);
  token->cbBuffer = kMessageSignature;
  SecBuffer* padding = FindBuffer(buffers, SECBUFFER_PADDING);
  if (padding != nullptr) padding->cbBuffer = 0;  // a stream cipher needs none
  return SEC_E_OK;
}

// One attempt at a received message: true when the checksum is right; else all is as before.
bool Message::TryReceive(const uint8_t* received, bool sealed) const {
  if (sealed) RunCipher(true);
  uint8_t checksum[kKeySize];
  Checksum(checksum);
  if (encrypts_checksum) channel->cipher.Apply(checksum, kChecksumSize);
  if (EqualConstantTime(checksum, received, kChecksumSize)) return true;
  if (encrypts_checksum) channel->cipher.Rewind(checksum, kChecksumSize);
  if (sealed) RunCipher(false);
  return false;
}

// Tries sealed first when the message may be, then signed only, since a sender may choose that
// (SECQOP_WRAP_NO_ENCRYPT): only the caller who asks for the QOP, and so is told, gets such a message.
SECURITY_STATUS Message::Receive(const uint8_t* signature, bool may_be_sealed, bool tell, ULONG* qop) const {
  if (LoadU32le(signature + 12) != sequence) return SEC_E_OUT_OF_SEQUENCE;
  if (LoadU32le(signature) != 1) return SEC_E_MESSAGE_ALTERED;
  ULONG found = 0;
  if (!may_be_sealed || !TryReceive(signature + 4, true)) {
    if (tell) found = SECQOP_WRAP_NO_ENCRYPT;
    if ((may_be_sealed && qop == nullptr) || !TryReceive(signature + 4, false)) return SEC_E_MESSAGE_ALTERED;
  }
  if (qop != nullptr) *qop = found;
  return SEC_E_OK;
}

// ALWAYS_SIGN without SIGN: version 1 and nothing else.
SECURITY_STATUS DummySignature(SecBuffer* token, ULONG* qop, bool sending) {
  static constexpr uint8_t kDummy[kMessageSignature] = {1};
  if (sending) {
    Copy(token->pvBuffer, kDummy, sizeof kDummy);
    token->cbBuffer = sizeof kDummy;
  } else {
    if (!Equal(BytesOf(token), kDummy)) return SEC_E_MESSAGE_ALTERED;
    if (qop != nullptr) *qop = 0;
  }
  return SEC_E_OK;
}

// Keys a channel's cipher: with the SealKey, or, in datagram mode, with MD5 of it and the message's number
// (3.4.3).
void KeyCipher(const NtlmContext& context, bool sending, const uint32_t* sequence, Channel* channel) {
  uint8_t key[kKeySize];
  const WipeAtExit<uint8_t[kKeySize]> wipe(key);
  SealKey(context.session_key, context.flags, DirectionOf(context, sending), key);
  if (sequence != nullptr) {
    uint8_t octets[4];
    StoreU32le(octets, *sequence);
    Md5 md5;
    md5.Update(key);
    md5.Update(octets);
    md5.Finish(key);
  }
  channel->cipher.Key(key, sizeof key);
}

}  // namespace

void StartMessageSecurity(NtlmContext& context, uint32_t flags, HandshakeCall& call) {
  context.flags = flags;
  // The attributes that ISC_RET_* and ASC_RET_* number alike, then those that they do not.
  uint32_t attributes = context.attributes & (ISC_REQ_CONNECTION | ISC_REQ_USE_DCE_STYLE);
  const uint32_t shift = context.initiator ? 0 : 1;
  if ((flags & kNegotiateSign) != 0) {
    attributes |= (ISC_RET_INTEGRITY << shift) | ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT;
  }
  if ((flags & kNegotiateSeal) != 0) attributes |= ISC_RET_CONFIDENTIALITY;
  if ((flags & kNegotiateDatagram) != 0) attributes |= ISC_RET_DATAGRAM;
  if ((flags & kNegotiateIdentify) != 0) attributes |= ISC_RET_IDENTIFY << (2 * shift);
  if ((flags & kAnonymous) != 0) attributes |= ISC_RET_NULL_SESSION << (2 * shift);
  static_assert(ASC_RET_INTEGRITY == ISC_RET_INTEGRITY << 1 && ASC_RET_IDENTIFY == ISC_RET_IDENTIFY << 2 &&
                ASC_RET_NULL_SESSION == ISC_RET_NULL_SESSION << 2);
  context.attributes = attributes;
  call.attributes = attributes;
  // What is left of the handshake is of no more use, and what it tells is nobody's business.
  Wipe(context.channels, sizeof context.channels);
  for (Channel& channel : context.channels) {
    const bool sending = &channel == context.channels;
    SignKey(context.session_key, DirectionOf(context, sending), channel.sign_key);
    KeyCipher(context, sending, nullptr, &channel);
  }
}

void RestartCiphers(Context& base) {
  auto& context = static_cast<NtlmContext&>(base);
  for (Channel& channel : context.channels) KeyCipher(context, &channel == context.channels, nullptr, &channel);
}

SECURITY_STATUS Protect(Context& base, const MessageCall& call) {
  auto& context = static_cast<NtlmContext&>(base);
  const uint32_t flags = context.flags;
  const bool sending = call.protection == Protection::kSign || call.protection == Protection::kSeal;
  bool seal = call.protection == Protection::kSeal || call.protection == Protection::kUnseal;
  if (seal && (flags & kNegotiateSign) == 0) return SEC_E_UNSUPPORTED_FUNCTION;
  if (sending && *call.qop != 0) {
    if (!seal || *call.qop != SECQOP_WRAP_NO_ENCRYPT) return SEC_E_QOP_NOT_SUPPORTED;
    seal = false;
  }
  if (seal && (flags & kNegotiateSeal) == 0) {
    if (sending) return SEC_E_UNSUPPORTED_FUNCTION;  // what was not agreed is refused, not left out
    seal = false;
  }
  SecBuffer* token = FindBuffer(call.message, SECBUFFER_TOKEN);
  Message message = {call.message, &context.channels[sending ? 0 : 1], 0, (flags & kNegotiateKeyExch) != 0};
  // SECBUFFER_STREAM holds signature and message in one; the SECBUFFER_DATA beside it is told where the
  // message lies.
  SecBuffer* data = nullptr;
  SecBuffer part;
  SecBufferDesc only_part = {SECBUFFER_VERSION, 1, &part};
  SecBuffer* stream = FindBuffer(call.message, SECBUFFER_STREAM);
  if (stream != nullptr && call.protection == Protection::kUnseal) {
    data = FindBuffer(call.message, SECBUFFER_DATA);
    if (data == nullptr) return SEC_E_INVALID_TOKEN;
    if (stream->cbBuffer < kMessageSignature) return SEC_E_MESSAGE_ALTERED;
    part = {static_cast<ULONG>(stream->cbBuffer - kMessageSignature), SECBUFFER_DATA,
            static_cast<uint8_t*>(stream->pvBuffer) + kMessageSignature};
    message.buffers = &only_part;
    token = stream;
  } else if (token == nullptr) {
    return SEC_E_INVALID_TOKEN;
  } else if (sending) {
    const ULONG room = token->cbBuffer;
    token->cbBuffer = kMessageSignature;
    if (room < kMessageSignature) return SEC_E_BUFFER_TOO_SMALL;
  } else if (token->cbBuffer != kMessageSignature) {
    return SEC_E_MESSAGE_ALTERED;
  }
  if ((flags & kNegotiateSign) == 0) return DummySignature(token, call.qop, sending);
  const bool datagram = (flags & kNegotiateDatagram) != 0;
  message.sequence = datagram ? call.sequence : message.channel->sequence;
  if (datagram) KeyCipher(context, sending, &message.sequence, message.channel);
  const SECURITY_STATUS status = sending ? message.Send(token, seal)
                                         : message.Receive(static_cast<const uint8_t*>(token->pvBuffer), seal,
                                                           call.protection == Protection::kUnseal, call.qop);
  if (status != SEC_E_OK) return status;
  message.channel->sequence = message.sequence + 1;
  if (data != nullptr) {
    data->pvBuffer = part.pvBuffer;
    data->cbBuffer = part.cbBuffer;
  }
  return SEC_E_OK;
}

}  // namespace baresspi::ntlm
