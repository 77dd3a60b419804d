// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/logon.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"

#if BARESSPI_NTLM_SERVER

namespace baresspi::ntlm {
namespace {

BARESSPI_NAME NameOf(const Bytes& name) {
  return {name.data(), static_cast<ULONG>(name.size())};
}

// Checks the proof under one domain's NTOWFv2: a mask of ones when it is right. session_key is then replaced
// by that mask, so that right and wrong cost the same.
uint8_t TryDomain(NtlmContext& context, const AuthenticateMessage& message, const uint8_t nt_hash[kKeySize],
                  const Bytes& domain) {
  struct {
    uint8_t ntowfv2[kKeySize];
    uint8_t proof[kKeySize];
    uint8_t base_key[kKeySize];
  } work;
  const WipeAtExit<decltype(work)> wipe(work);
  NtOwfV2(nt_hash, message.user, domain, work.ntowfv2);
  Proof(work.ntowfv2, context.server.challenge, message.nt_response.Sub(kKeySize), work.proof);
  const bool same = EqualConstantTime(work.proof, message.nt_response.data(), kKeySize);
  SessionBaseKey(work.ntowfv2, work.proof, work.base_key);
  const auto mask = static_cast<uint8_t>(0U - static_cast<unsigned>(same));
  uint8_t* key = context.session_key;
  for (size_t i = 0; i < kKeySize; ++i)
    key[i] = static_cast<uint8_t>(key[i] ^ ((key[i] ^ work.base_key[i]) & mask));
  return mask;
}

SECURITY_STATUS CheckByHash(NtlmContext& context, const AuthenticateMessage& message,
                            const BARESSPI_AUTHORITY& authority, BARESSPI_ACCOUNT* account) {
  const BARESSPI_NAME domain = NameOf(message.domain);
  const BARESSPI_NAME user = NameOf(message.user);
  uint8_t nt_hash[kKeySize] = {};
  const WipeAtExit<uint8_t[kKeySize]> wipe(nt_hash);
  const SECURITY_STATUS status = authority.GetNtHash(authority.Context, &domain, &user, nt_hash, account);
  if (status == SEC_E_NO_AUTHENTICATING_AUTHORITY) return status;
  // Clients differ in whether the domain goes into the hash when it was left empty. Whoever is refused, an
  // unknown user too, has had both ways tried, so that the time does not tell why.
  bool found = TryDomain(context, message, nt_hash, message.domain) != 0 && status == SEC_E_OK;
  if (!found) found = TryDomain(context, message, nt_hash, Bytes()) != 0 && status == SEC_E_OK;
  return found ? SEC_E_OK : SEC_E_LOGON_DENIED;
}

SECURITY_STATUS CheckElsewhere(NtlmContext& context, const AuthenticateMessage& message,
                               const BARESSPI_AUTHORITY& authority, BARESSPI_ACCOUNT* account) {
  BARESSPI_LOGON logon;
  logon.Domain = NameOf(message.domain);
  logon.User = NameOf(message.user);
  logon.Workstation = NameOf(message.workstation);
  Copy(logon.ServerChallenge, context.server.challenge, kChallengeSize);
  logon.NtResponse = message.nt_response.data();
  logon.cbNtResponse = static_cast<ULONG>(message.nt_response.size());
  const SECURITY_STATUS status =
      authority.ValidateResponse(authority.Context, &logon, context.session_key, account);
  return status == SEC_E_OK || status == SEC_E_NO_AUTHENTICATING_AUTHORITY ? status : SEC_E_LOGON_DENIED;
}

}  // namespace

bool IsAnonymous(const AuthenticateMessage& message) {
  if (!message.user.empty() || !message.nt_response.empty()) return false;
  const Bytes lm = message.lm_response;
  return lm.empty() || (lm.size() == 1 && lm[0] == 0);
}

SECURITY_STATUS ValidateLogon(NtlmContext& context, const AuthenticateMessage& message, AvPairs* pairs) {
  const Bytes nt = message.nt_response;
  const size_t lm_size = message.lm_response.size();
  if (lm_size != 0 && lm_size != kLmResponseSize) return SEC_E_INVALID_TOKEN;
  // An NTLMv1 response (24 octets), or none beside an LM response: those do not exist here.
  if (nt.empty() || nt.size() == kLmResponseSize || message.user.empty()) return SEC_E_LOGON_DENIED;
  MessageWriter nowhere;
  constexpr uint16_t kResponseVersion = 0x0101;
  if (nt.size() < kNtResponseHeader || LoadU16le(&nt[kKeySize]) != kResponseVersion ||
      !ParseAvPairs(nt.Sub(kNtResponseHeader), pairs, &nowhere)) {
    return SEC_E_INVALID_TOKEN;
  }
  const BARESSPI_DEVICE* device = CredentialOf(context).device;
  const BARESSPI_AUTHORITY* authority = device == nullptr ? nullptr : device->Authority;
  if (authority == nullptr) return SEC_E_NO_AUTHENTICATING_AUTHORITY;
  BARESSPI_ACCOUNT account = {};
  SECURITY_STATUS status = SEC_E_NO_AUTHENTICATING_AUTHORITY;
  if (authority->ValidateResponse != nullptr) {
    status = CheckElsewhere(context, message, *authority, &account);
  } else if (authority->GetNtHash != nullptr) {
    status = CheckByHash(context, message, *authority, &account);
  }
  context.user_id = account.UserId;
  return status;
}

}  // namespace baresspi::ntlm

#endif
