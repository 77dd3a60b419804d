// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/messages.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"

namespace baresspi::ntlm {
namespace {

bool IsMessage(const Bytes& token, uint32_t message_type, size_t minimum) {
  return token.size() >= minimum && LoadU32le(&token[0]) == kNtlm && LoadU32le(&token[4]) == kSsp &&
         LoadU32le(&token[8]) == message_type;
}

// The field whose Len, MaxLen and BufferOffset are at an offset that the token is known to have. The offset
// of an empty field means nothing; *field, which is empty, stays so.
bool ReadField(const Bytes& token, size_t at, Bytes* field) {
  const size_t size = LoadU16le(&token[at]);
  const size_t offset = LoadU32le(&token[at + 4]);
  if (size == 0) return true;
  *field = token.Sub(offset, size);
  return field->size() == size;
}

// UTF-16 without a zero and without another unit: DOMAIN\user\0 is handed out as one string, and nobody must
// be able to choose where its parts end.
bool IsName(const Bytes& text, char16_t forbidden) {
  if ((text.size() & 1) != 0) return false;
  for (size_t i = 0; i < text.size(); i += 2) {
    const uint16_t unit = LoadU16le(&text[i]);
    if (unit == 0 || unit == forbidden) return false;
  }
  return true;
}

}  // namespace

bool ParseNegotiate(const Bytes& token, NegotiateMessage* message) {
  if (!IsMessage(token, kNegotiateMessage, kNegotiateMinimum)) return false;
  message->flags = LoadU32le(&token[kSignatureAndType]);
  return true;
}

bool ParseChallenge(const Bytes& token, ChallengeMessage* message) {
  if (!IsMessage(token, kChallengeMessage, kChallengeMinimum)) return false;
  Bytes target_name;
  if (!ReadField(token, kSignatureAndType, &target_name)) return false;
  message->flags = LoadU32le(&token[20]);
  message->server_challenge = &token[24];
  if ((message->flags & kNegotiateTargetInfo) == 0) return true;
  // Before it are 8 octets for a local logon, which does not exist here.
  constexpr size_t kTargetInfo = 40;
  return token.size() >= kTargetInfo + kFieldsSize && ReadField(token, kTargetInfo, &message->target_info);
}

bool ParseAuthenticate(const Bytes& token, AuthenticateMessage* message) {
  if (!IsMessage(token, kAuthenticateMessage, kAuthenticateMinimum)) return false;
  Bytes* const fields[] = {&message->lm_response, &message->nt_response, &message->domain,
                           &message->user,        &message->workstation, &message->session_key};
  size_t payload = token.size();
  size_t at = kSignatureAndType;
  for (Bytes* field : fields) {
    if (!ReadField(token, at, field)) return false;
    if (!field->empty()) {
      const auto offset = static_cast<size_t>(field->data() - token.data());
      if (offset < payload) payload = offset;
    }
    at += kFieldsSize;
  }
  message->flags = LoadU32le(&token[at]);
  if (payload < kAuthenticateMinimum) return false;
  message->mic_offset = 0;
  if (payload >= kAuthenticateMinimum + kMicSize) message->mic_offset = kAuthenticateMinimum;
  if (payload >= kAuthenticateHeader) message->mic_offset = kAuthenticateMic;
  return IsName(message->domain, u'\\') && IsName(message->user, 0) && IsName(message->workstation, 0);
}

}  // namespace baresspi::ntlm
