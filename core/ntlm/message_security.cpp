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

bool IsSealed(const SecBuffer& buffer) {
  return TypeOf(buffer) == SECBUFFER_DATA &&
         (buffer.BufferType & (SECBUFFER_READONLY | SECBUFFER_READONLY_WITH_CHECKSUM)) == 0;
}

bool IsSigned(const SecBuffer& buffer) {
  return TypeOf(buffer) == SECBUFFER_DATA && (buffer.BufferType & SECBUFFER_READONLY) == 0;
}

// One direction of a context, for one message.
struct Channel {
  NtlmContext& context;
  const SecBufferDesc& message;
  const uint8_t* sign_key;
  Rc4& cipher;
  uint32_t sequence;
  bool datagram;
};

Channel OpenChannel(NtlmContext& context, const MessageCall& call, bool sending) {
  const bool datagram = (context.flags & kNegotiateDatagram) != 0;
  uint32_t sequence = sending ? context.send_sequence : context.receive_sequence;
  if (datagram) sequence = call.sequence;
  Rc4& own = sending ? context.ciphers.send : context.ciphers.receive;
  Rc4& cipher = datagram ? context.datagram.scratch : own;
  if (datagram) {
    // Every message has a key of its own: MD5 of SealKey and SeqNum (3.4.3).
    uint8_t key[kKeySize];
    const WipeAtExit<uint8_t[kKeySize]> wipe(key);
    uint8_t octets[4];
    StoreU32le(octets, sequence);
    Md5 md5;
    md5.Update(sending ? context.datagram.send : context.datagram.receive, kKeySize);
    md5.Update(octets, sizeof octets);
    md5.Finish(key);
    cipher.Key(key, sizeof key);
  }
  return {context, *call.message, sending ? context.send_sign_key : context.receive_sign_key,
          cipher,  sequence,      datagram};
}

void CloseChannel(const Channel& channel, bool sending) {
  if (channel.datagram) {
    Wipe(&channel.cipher, sizeof channel.cipher);
    return;
  }
  ++(sending ? channel.context.send_sequence : channel.context.receive_sequence);
}

// The checksum before RC4: HMAC-MD5 over SeqNum and every buffer that is signed (3.4.4.2).
void Checksum(const Channel& channel, uint8_t checksum[kKeySize]) {
  uint8_t octets[4];
  StoreU32le(octets, channel.sequence);
  HmacMd5 hmac(channel.sign_key);
  hmac.Update(octets, sizeof octets);
  for (ULONG i = 0; i < channel.message.cBuffers; ++i) {
    const SecBuffer& buffer = channel.message.pBuffers[i];
    if (IsSigned(buffer)) hmac.Update(buffer.pvBuffer, buffer.cbBuffer);
  }
  hmac.Finish(checksum);
}

void ApplyCipher(const Channel& channel) {
  for (ULONG i = 0; i < channel.message.cBuffers; ++i) {
    const SecBuffer& buffer = channel.message.pBuffers[i];
    if (IsSealed(buffer)) channel.cipher.Apply(static_cast<uint8_t*>(buffer.pvBuffer), buffer.cbBuffer);
  }
}

void RewindCipher(const Channel& channel) {
  for (ULONG i = channel.message.cBuffers; i != 0; --i) {
    const SecBuffer& buffer = channel.message.pBuffers[i - 1];
    if (IsSealed(buffer)) channel.cipher.Rewind(static_cast<uint8_t*>(buffer.pvBuffer), buffer.cbBuffer);
  }
}

bool EncryptsChecksum(const Channel& channel) {
  return (channel.context.flags & kNegotiateKeyExch) != 0;
}

void WriteSignature(const Channel& channel, const uint8_t checksum[kChecksumSize], uint8_t* signature) {
  StoreU32le(signature, 1);  // Version
  Copy(signature + 4, checksum, kChecksumSize);
  StoreU32le(signature + 12, channel.sequence);
}

// ALWAYS_SIGN without SIGN: version 1 and nothing else.
SECURITY_STATUS DummySignature(const MessageCall& call, SecBuffer* token) {
  static constexpr uint8_t kDummy[kMessageSignature] = {1};
  if (call.protection == Protection::kSign) {
    Copy(token->pvBuffer, kDummy, sizeof kDummy);
    token->cbBuffer = sizeof kDummy;
    return SEC_E_OK;
  }
  return Equal(BytesOf(token), kDummy) ? SEC_E_OK : SEC_E_MESSAGE_ALTERED;
}

SECURITY_STATUS Send(NtlmContext& context, const MessageCall& call, SecBuffer* token, bool seal) {
  const Channel channel = OpenChannel(context, call, true);
  uint8_t checksum[kKeySize];
  Checksum(channel, checksum);
  if (seal) ApplyCipher(channel);
  if (EncryptsChecksum(channel)) channel.cipher.Apply(checksum, kChecksumSize);
  WriteSignature(channel, checksum, static_cast<uint8_t*>(token->pvBuffer));
  token->cbBuffer = kMessageSignature;
  SecBuffer* padding = FindBuffer(call.message, SECBUFFER_PADDING);
  if (padding != nullptr) padding->cbBuffer = 0;  // a stream cipher needs none
  CloseChannel(channel, true);
  return SEC_E_OK;
}

// One attempt at a received message: true when the checksum is right; else all is as before.
bool TryReceive(const Channel& channel, const uint8_t* received, bool sealed) {
  if (sealed) ApplyCipher(channel);
  uint8_t checksum[kKeySize];
  Checksum(channel, checksum);
  const bool encrypted = EncryptsChecksum(channel);
  if (encrypted) channel.cipher.Apply(checksum, kChecksumSize);
  if (EqualConstantTime(checksum, received, kChecksumSize)) return true;
  if (encrypted) channel.cipher.Rewind(checksum, kChecksumSize);
  if (sealed) RewindCipher(channel);
  return false;
}

SECURITY_STATUS Receive(NtlmContext& context, const MessageCall& call, const SecBuffer* token, bool seal) {
  if (token->cbBuffer != kMessageSignature) return SEC_E_MESSAGE_ALTERED;
  const auto* signature = static_cast<const uint8_t*>(token->pvBuffer);
  const Channel channel = OpenChannel(context, call, false);
  SECURITY_STATUS status = SEC_E_MESSAGE_ALTERED;
  ULONG qop = 0;
  if (LoadU32le(signature + 12) != channel.sequence) {
    status = SEC_E_OUT_OF_SEQUENCE;
  } else if (LoadU32le(signature) == 1) {
    const bool unsealing = seal && (context.flags & kNegotiateSeal) != 0;
    bool right = TryReceive(channel, signature + 4, unsealing);
    // The sender may have signed only (SECQOP_WRAP_NO_ENCRYPT); whoever asks for the QOP is told.
    if (!right && unsealing && call.qop != nullptr) {
      right = TryReceive(channel, signature + 4, false);
      qop = SECQOP_WRAP_NO_ENCRYPT;
    } else if (seal && !unsealing) {
      qop = SECQOP_WRAP_NO_ENCRYPT;
    }
    if (right) status = SEC_E_OK;
  }
  if (status == SEC_E_OK) {
    CloseChannel(channel, false);
    if (call.qop != nullptr) *call.qop = qop;
  } else if (channel.datagram) {
    Wipe(&channel.cipher, sizeof channel.cipher);
  }
  return status;
}

// SECBUFFER_STREAM holds signature and message in one; the SECBUFFER_DATA beside it is told where the message
// lies.
SECURITY_STATUS ReceiveStream(NtlmContext& context, const MessageCall& call, const SecBuffer& stream) {
  SecBuffer* data = FindBuffer(call.message, SECBUFFER_DATA);
  if (data == nullptr) return SEC_E_INVALID_TOKEN;
  if (stream.cbBuffer < kMessageSignature) return SEC_E_MESSAGE_ALTERED;
  auto* octets = static_cast<uint8_t*>(stream.pvBuffer);
  SecBuffer parts[2] = {
      {kMessageSignature, SECBUFFER_TOKEN, octets},
      {static_cast<ULONG>(stream.cbBuffer - kMessageSignature), SECBUFFER_DATA, octets + kMessageSignature}};
  SecBufferDesc description = {SECBUFFER_VERSION, 2, parts};
  MessageCall inner = call;
  inner.message = &description;
  const SECURITY_STATUS status = Receive(context, inner, &parts[0], true);
  if (status == SEC_E_OK) {
    data->pvBuffer = parts[1].pvBuffer;
    data->cbBuffer = parts[1].cbBuffer;
  }
  return status;
}

}  // namespace

void StartMessageSecurity(NtlmContext& context) {
  const Direction out = context.initiator ? Direction::kClientToServer : Direction::kServerToClient;
  const Direction in = context.initiator ? Direction::kServerToClient : Direction::kClientToServer;
  SignKey(context.session_key, out, context.send_sign_key);
  SignKey(context.session_key, in, context.receive_sign_key);
  uint8_t key[2][kKeySize];
  const WipeAtExit<uint8_t[2][kKeySize]> wipe(key);
  SealKey(context.session_key, context.flags, out, key[0]);
  SealKey(context.session_key, context.flags, in, key[1]);
  Wipe(&context.ciphers, sizeof context.ciphers);
  if ((context.flags & kNegotiateDatagram) != 0) {
    Copy(context.datagram.send, key[0], kKeySize);
    Copy(context.datagram.receive, key[1], kKeySize);
    return;
  }
  context.ciphers.send.Key(key[0], kKeySize);
  context.ciphers.receive.Key(key[1], kKeySize);
}

SECURITY_STATUS Protect(Context& base, const MessageCall& call) {
  auto& context = static_cast<NtlmContext&>(base);
  const bool sending = call.protection == Protection::kSign || call.protection == Protection::kSeal;
  const bool sealing = call.protection == Protection::kSeal || call.protection == Protection::kUnseal;
  const bool sign_only = sending && *call.qop == SECQOP_WRAP_NO_ENCRYPT && sealing;
  if (sending && *call.qop != 0 && !sign_only) return SEC_E_QOP_NOT_SUPPORTED;
  const bool can_sign = (context.flags & kNegotiateSign) != 0;
  if (sealing && !can_sign) return SEC_E_UNSUPPORTED_FUNCTION;
  // Sealing that was not agreed is refused, not left out.
  if (call.protection == Protection::kSeal && !sign_only && (context.flags & kNegotiateSeal) == 0) {
    return SEC_E_UNSUPPORTED_FUNCTION;
  }
  const SecBuffer* stream = FindBuffer(call.message, SECBUFFER_STREAM);
  if (call.protection == Protection::kUnseal && stream != nullptr)
    return ReceiveStream(context, call, *stream);
  SecBuffer* token = FindBuffer(call.message, SECBUFFER_TOKEN);
  if (token == nullptr) return SEC_E_INVALID_TOKEN;
  if (sending && token->cbBuffer < kMessageSignature) {
    token->cbBuffer = kMessageSignature;
    return SEC_E_BUFFER_TOO_SMALL;
  }
  if (!can_sign) return DummySignature(call, token);
  return sending ? Send(context, call, token, sealing && !sign_only) : Receive(context, call, token, sealing);
}

}  // namespace baresspi::ntlm
