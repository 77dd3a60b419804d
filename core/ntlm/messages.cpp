// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/messages.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"

namespace baresspi::ntlm {
namespace {

bool IsMessage(Bytes token, uint32_t message_type, size_t minimum) {
  static constexpr uint8_t kSignature[8] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', '\0'};
  return token.size() >= minimum && Equal(token.Sub(0, sizeof kSignature), kSignature) &&
         LoadU32le(&token[sizeof kSignature]) == message_type;
}

// Reads Len, MaxLen, BufferOffset. The offset of an empty field means nothing. *lowest becomes the start of
// the payload.
bool ReadField(Bytes token, ByteReader* reader, Bytes* field, size_t* lowest) {
  const size_t size = reader->U16le();
  (void)reader->U16le();
  const size_t offset = reader->U32le();
  *field = {};
  if (size == 0) return true;
  if (offset > token.size() || size > token.size() - offset) return false;
  if (offset < *lowest) *lowest = offset;
  *field = token.Sub(offset, size);
  return true;
}

bool IsUtf16(Bytes text) {
  return (text.size() & 1) == 0;
}

}  // namespace

bool ParseNegotiate(Bytes token, NegotiateMessage* message) {
  if (!IsMessage(token, kNegotiateMessage, kNegotiateMinimum)) return false;
  message->flags = LoadU32le(&token[kSignatureAndType]);
  return true;
}

bool ParseChallenge(Bytes token, ChallengeMessage* message) {
  if (!IsMessage(token, kChallengeMessage, kChallengeMinimum)) return false;
  ByteReader reader(token.Sub(kSignatureAndType));
  size_t payload = token.size();
  Bytes target_name;
  if (!ReadField(token, &reader, &target_name, &payload)) return false;
  message->flags = reader.U32le();
  message->server_challenge = reader.Take(kChallengeSize);
  message->target_info = {};
  if ((message->flags & kNegotiateTargetInfo) == 0) return true;
  (void)reader.Take(8);  // Reserved: the context of a local logon, which does not exist here
  return ReadField(token, &reader, &message->target_info, &payload) && reader.ok() &&
         payload >= kChallengeMinimum;
}

bool ParseAuthenticate(Bytes token, AuthenticateMessage* message) {
  if (!IsMessage(token, kAuthenticateMessage, kAuthenticateMinimum)) return false;
  ByteReader reader(token.Sub(kSignatureAndType));
  size_t payload = token.size();
  Bytes* const fields[] = {&message->lm_response, &message->nt_response, &message->domain,
                           &message->user,        &message->workstation, &message->session_key};
  for (Bytes* field : fields) {
    if (!ReadField(token, &reader, field, &payload)) return false;
  }
  message->flags = reader.U32le();
  if (payload < kAuthenticateMinimum) return false;
  message->mic_offset = 0;
  if (payload >= kAuthenticateMinimum + kMicSize) message->mic_offset = kAuthenticateMinimum;
  if (payload >= kAuthenticateHeader) message->mic_offset = kAuthenticateMic;
  return IsUtf16(message->domain) && IsUtf16(message->user) && IsUtf16(message->workstation);
}

}  // namespace baresspi::ntlm
