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

// One direction of a context, for one message.
struct Channel {
  const SecBufferDesc* message;
  const uint8_t* sign_key;
  Rc4* cipher;
  uint32_t sequence;
  bool encrypts_checksum;  // 3.4.4.2: with KEY_EXCH, whether or not the message is sealed
};

enum class Pass : uint8_t { kApply, kRewind };

void RunCipher(const Channel& channel, Pass pass) {
  constexpr ULONG kUntouched = SECBUFFER_READONLY | SECBUFFER_READONLY_WITH_CHECKSUM;
  const ULONG count = channel.message->cBuffers;
  for (ULONG i = 0; i < count; ++i) {
    // Backwards, the last buffer comes first.
    const SecBuffer& buffer = channel.message->pBuffers[pass == Pass::kApply ? i : count - 1 - i];
    if ((buffer.BufferType & (~SECBUFFER_ATTRMASK | kUntouched)) != SECBUFFER_DATA) continue;
    auto* data = static_cast<uint8_t*>(buffer.pvBuffer);
    if (pass == Pass::kApply) {
      channel.cipher->Apply(data, buffer.cbBuffer);
    } else {
      channel.cipher->Rewind(data, buffer.cbBuffer);
    }
  }
}

// The checksum before RC4: HMAC-MD5 over SeqNum and every buffer that is signed (3.4.4.2).
void Checksum(const Channel& channel, uint8_t checksum[kKeySize]) {
  uint8_t octets[4];
  StoreU32le(octets, channel.sequence);
  HmacMd5 hmac(channel.sign_key);
  hmac.Update(octets, sizeof octets);
  for (ULONG i = 0; i < channel.message->cBuffers; ++i) {
    const SecBuffer& buffer = channel.message->pBuffers[i];
    if ((buffer.BufferType & (~SECBUFFER_ATTRMASK | SECBUFFER_READONLY)) != SECBUFFER_DATA) continue;
    hmac.Update(buffer.pvBuffer, buffer.cbBuffer);
  }
  hmac.Finish(checksum);
}

// Datagram mode: every message has a key of its own, MD5 of SealKey and SeqNum (3.4.3).
void KeyDatagram(const uint8_t seal_key[kKeySize], uint32_t sequence, Rc4* cipher) {
  uint8_t key[kKeySize];
  const WipeAtExit<uint8_t[kKeySize]> wipe(key);
  StoreU32le(key, sequence);
  Md5 md5;
  md5.Update(seal_key, kKeySize);
  md5.Update(key, sizeof sequence);
  md5.Finish(key);
  cipher->Key(key, sizeof key);
}

SECURITY_STATUS Send(const Channel& channel, const SecBufferDesc* message, SecBuffer* token, bool seal) {
  uint8_t checksum[kKeySize];
  Checksum(channel, checksum);
  if (seal) RunCipher(channel, Pass::kApply);
  if (channel.encrypts_checksum) channel.cipher->Apply(checksum, kChecksumSize);
  auto* signature = static_cast<uint8_t*>(token->pvBuffer);
  StoreU32le(signature, 1);  // Version
  Copy(signature + 4, checksum, kChecksumSize);
  StoreU32le(signature + 12, channel.sequence);
  token->cbBuffer = kMessageSignature;
  SecBuffer* padding = FindBuffer(message, SECBUFFER_PADDING);
  if (padding != nullptr) padding->cbBuffer = 0;  // a stream cipher needs none
  return SEC_E_OK;
}

// One attempt at a received message: true when the checksum is right; else all is as before.
bool TryReceive(const Channel& channel, const uint8_t* received, bool sealed) {
  if (sealed) RunCipher(channel, Pass::kApply);
  uint8_t checksum[kKeySize];
  Checksum(channel, checksum);
  if (channel.encrypts_checksum) channel.cipher->Apply(checksum, kChecksumSize);
  if (EqualConstantTime(checksum, received, kChecksumSize)) return true;
  if (channel.encrypts_checksum) channel.cipher->Rewind(checksum, kChecksumSize);
  if (sealed) RunCipher(channel, Pass::kRewind);
  return false;
}

// Tries sealed first when the message may be, then signed only, since a sender may choose that
// (SECQOP_WRAP_NO_ENCRYPT): the caller who asks for the QOP is told.
SECURITY_STATUS Receive(const Channel& channel, const uint8_t* signature, bool may_be_sealed, ULONG* qop) {
  if (LoadU32le(signature + 12) != channel.sequence) return SEC_E_OUT_OF_SEQUENCE;
  if (LoadU32le(signature) != 1) return SEC_E_MESSAGE_ALTERED;
  const uint8_t* checksum = signature + 4;
  const bool sealed = may_be_sealed && TryReceive(channel, checksum, true);
  if (!sealed && ((may_be_sealed && qop == nullptr) || !TryReceive(channel, checksum, false))) {
    return SEC_E_MESSAGE_ALTERED;
  }
  if (qop != nullptr) *qop = sealed ? 0 : SECQOP_WRAP_NO_ENCRYPT;
  return SEC_E_OK;
}

// ALWAYS_SIGN without SIGN: version 1 and nothing else.
SECURITY_STATUS DummySignature(SecBuffer* token, bool sending) {
  static constexpr uint8_t kDummy[kMessageSignature] = {1};
  if (!sending) return Equal(BytesOf(token), kDummy) ? SEC_E_OK : SEC_E_MESSAGE_ALTERED;
  Copy(token->pvBuffer, kDummy, sizeof kDummy);
  token->cbBuffer = sizeof kDummy;
  return SEC_E_OK;
}

// Runs a message through its channel. Sequence and cipher go on only when it succeeds.
SECURITY_STATUS Run(NtlmContext& context, const MessageCall& call, SecBuffer* token, bool sending,
                    bool seal) {
  const bool datagram = (context.flags & kNegotiateDatagram) != 0;
  MessageChannel& keys = sending ? context.send : context.receive;
  Channel channel = {call.message, keys.sign_key, sending ? &context.ciphers.send : &context.ciphers.receive,
                     datagram ? call.sequence : keys.sequence, (context.flags & kNegotiateKeyExch) != 0};
  if (datagram) {
    channel.cipher = &context.datagram.scratch;
    KeyDatagram(sending ? context.datagram.send : context.datagram.receive, channel.sequence, channel.cipher);
  }
  const SECURITY_STATUS status =
      sending ? Send(channel, call.message, token, seal)
              : Receive(channel, static_cast<const uint8_t*>(token->pvBuffer), seal, call.qop);
  if (datagram) {
    Wipe(channel.cipher, sizeof *channel.cipher);
  } else if (status == SEC_E_OK) {
    ++keys.sequence;
  }
  return status;
}

// SECBUFFER_STREAM holds signature and message in one; the SECBUFFER_DATA beside it is told where the message
// lies.
SECURITY_STATUS ReceiveStream(NtlmContext& context, const MessageCall& call, const SecBuffer& stream,
                              bool seal) {
  SecBuffer* data = FindBuffer(call.message, SECBUFFER_DATA);
  if (data == nullptr) return SEC_E_INVALID_TOKEN;
  if (stream.cbBuffer < kMessageSignature) return SEC_E_MESSAGE_ALTERED;
  SecBuffer part = {static_cast<ULONG>(stream.cbBuffer - kMessageSignature), SECBUFFER_DATA,
                    static_cast<uint8_t*>(stream.pvBuffer) + kMessageSignature};
  SecBuffer token = stream;
  SecBufferDesc description = {SECBUFFER_VERSION, 1, &part};
  const SECURITY_STATUS status =
      Run(context, {call.protection, &description, call.sequence, call.qop}, &token, false, seal);
  if (status == SEC_E_OK) {
    data->pvBuffer = part.pvBuffer;
    data->cbBuffer = part.cbBuffer;
  }
  return status;
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

  Wipe(&context.ciphers, sizeof context.ciphers);
  Direction direction = context.initiator ? Direction::kClientToServer : Direction::kServerToClient;
  for (int i = 0; i < 2; ++i) {
    const bool sending = i == 0;
    SignKey(context.session_key, direction, (sending ? context.send : context.receive).sign_key);
    uint8_t key[kKeySize];
    const WipeAtExit<uint8_t[kKeySize]> wipe(key);
    SealKey(context.session_key, flags, direction, key);
    if ((flags & kNegotiateDatagram) != 0) {
      Copy(sending ? context.datagram.send : context.datagram.receive, key, kKeySize);
    } else {
      (sending ? context.ciphers.send : context.ciphers.receive).Key(key, kKeySize);
    }
    direction = context.initiator ? Direction::kServerToClient : Direction::kClientToServer;
  }
}

SECURITY_STATUS Protect(Context& base, const MessageCall& call) {
  auto& context = static_cast<NtlmContext&>(base);
  const bool sending = call.protection == Protection::kSign || call.protection == Protection::kSeal;
  bool seal = call.protection == Protection::kSeal || call.protection == Protection::kUnseal;
  const bool can_sign = (context.flags & kNegotiateSign) != 0;
  const bool can_seal = (context.flags & kNegotiateSeal) != 0;
  if (seal && !can_sign) return SEC_E_UNSUPPORTED_FUNCTION;
  if (sending) {
    const bool sign_only = seal && *call.qop == SECQOP_WRAP_NO_ENCRYPT;
    if (*call.qop != 0 && !sign_only) return SEC_E_QOP_NOT_SUPPORTED;
    seal = seal && !sign_only;
    if (seal && !can_seal) return SEC_E_UNSUPPORTED_FUNCTION;  // what was not agreed is refused, not left out
  }
  const SecBuffer* stream = FindBuffer(call.message, SECBUFFER_STREAM);
  if (call.protection == Protection::kUnseal && stream != nullptr) {
    return ReceiveStream(context, call, *stream, can_seal);
  }
  SecBuffer* token = FindBuffer(call.message, SECBUFFER_TOKEN);
  if (token == nullptr) return SEC_E_INVALID_TOKEN;
  if (sending && token->cbBuffer < kMessageSignature) {
    token->cbBuffer = kMessageSignature;
    return SEC_E_BUFFER_TOO_SMALL;
  }
  if (!sending && token->cbBuffer != kMessageSignature) return SEC_E_MESSAGE_ALTERED;
  if (!can_sign) return DummySignature(token, sending);
  return Run(context, call, token, sending, seal && can_seal);
}

}  // namespace baresspi::ntlm
