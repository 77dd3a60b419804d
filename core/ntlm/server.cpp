// SPDX-License-Identifier: Apache-2.0
// The acceptor: NEGOTIATE in, CHALLENGE out, AUTHENTICATE in ([MS-NLMP] 3.2.5).
#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/crypto/hmac_md5.h"
#include "core/ntlm/av_pair.h"
#include "core/ntlm/context.h"
#include "core/ntlm/logon.h"
#include "core/ntlm/messages.h"
#include "port/port.h"

#if BARESSPI_NTLM_SERVER

namespace baresspi::ntlm {
namespace {

// A device that names no domain is its own.
Text DomainName(const BARESSPI_DEVICE* device) {
  const Text domain = DeviceText(device, &BARESSPI_DEVICE::NetBiosDomainName);
  return domain.empty() ? DeviceText(device, &BARESSPI_DEVICE::NetBiosComputerName) : domain;
}

// TargetInfo, 2.2.2.1. Never an MsvAvFlags: a zero one breaks the MIC of Windows clients.
void WriteTargetInfo(const BARESSPI_DEVICE* device, const ServerHandshake& h, MessageWriter* writer) {
  WriteNamePair(kMsvAvNbDomainName, DomainName(device), writer);
  static constexpr struct {
    uint8_t id;
    const char* BARESSPI_DEVICE::*name;
  } kNames[] = {{kMsvAvNbComputerName, &BARESSPI_DEVICE::NetBiosComputerName},
                {kMsvAvDnsDomainName, &BARESSPI_DEVICE::DnsDomainName},
                {kMsvAvDnsComputerName, &BARESSPI_DEVICE::DnsComputerName},
                {kMsvAvDnsTreeName, &BARESSPI_DEVICE::DnsTreeName}};
  for (const auto& pair : kNames) WriteNamePair(pair.id, DeviceText(device, pair.name), writer);
  WriteAvPair(kMsvAvTimestamp, h.timestamp, h.has_timestamp ? sizeof h.timestamp : 0, writer);
  writer->U32(kMsvAvEol);
}

// CHALLENGE_MESSAGE, 2.2.1.2, made when it is sent, and once more for the MIC. The payload comes first, since
// it says where the parts are: TargetName, then TargetInfo, whose place is returned.
size_t WritePayload(const BARESSPI_DEVICE* device, const ServerHandshake& h, MessageWriter* writer) {
  writer->Utf16le(DomainName(device));
  const size_t info_start = writer->size();
  WriteTargetInfo(device, h, writer);
  return info_start;
}

void WriteHead(const ServerHandshake& h, uint8_t head[kChallengeHeader]) {
  StartMessage(kChallengeMessage, kChallengeVersionAt, kChallengeHeader, head);
  StoreFields(kChallengeHeader, h.info_start, head + 12);
  StoreU32le(head + 20, h.flags);
  Copy(head + 24, h.challenge, sizeof h.challenge);
  StoreFields(h.info_start, h.challenge_size, head + 40);
}

// What the application insists on, as flags that the client must have.
uint32_t RequiredFlags(ULONG requested) {
  // Flags that were agreed have SIGN where they have SEAL.
  return Translate(requested, kAcceptorAttributes, kFlags) & (kNegotiateSign | kNegotiateSeal);
}

// The flags of our CHALLENGE: what the client offered and we have. offered: NEGOTIATE's, or everything in
// datagram mode.
uint32_t ChallengeFlags(const BARESSPI_DEVICE* device, uint32_t offered) {
  uint32_t flags = AgreedFlags(offered) | kRequestTarget | kNegotiateTargetInfo;
  if ((flags & (kNegotiateSign | kNegotiateDatagram)) == 0)
    flags &= ~static_cast<uint32_t>(kNegotiateKeyExch);
  const bool has_domain = !DeviceText(device, &BARESSPI_DEVICE::NetBiosDomainName).empty();
  return flags | (has_domain ? kTargetTypeDomain : kTargetTypeServer);
}

SECURITY_STATUS SendChallenge(NtlmContext& context, HandshakeCall& call) {
  const NtlmCredential& credential = CredentialOf(context);
  const bool datagram = (call.requested & ASC_REQ_DATAGRAM) != 0 && call.token.empty();
  NegotiateMessage negotiate = {kAgreedFlags};
  if (!datagram) {
    if (call.token.size() > BARESSPI_NTLM_NEGOTIATE_MAX) return SEC_E_INVALID_TOKEN;
    if (!ParseNegotiate(call.token, &negotiate)) return SEC_E_INVALID_TOKEN;
    negotiate.flags &= ~static_cast<uint32_t>(kNegotiateDatagram);
  }
  const uint32_t required = RequiredFlags(call.requested);
  ServerHandshake& h = context.server;
  h.flags = ChallengeFlags(credential.device, negotiate.flags);
  if ((h.flags & required) != required) return SEC_E_UNSUPPORTED_FUNCTION;
  uint64_t now = 0;
  h.has_timestamp = baresspi_port_clock(&now) != 0;
  StoreU32le(h.timestamp, static_cast<uint32_t>(now));
  StoreU32le(h.timestamp + 4, static_cast<uint32_t>(now >> 32));
  if (baresspi_port_random(h.challenge, sizeof h.challenge) == 0) return call.Mendable(SEC_E_INTERNAL_ERROR);
  const MutableBytes out = call.Room();
  MessageWriter writer(out.data(), out.size());
  writer.Skip(kChallengeHeader);
  h.info_start = static_cast<uint16_t>(WritePayload(credential.device, h, &writer));
  if (writer.size() > UINT16_MAX)
    return SEC_E_UNSUPPORTED_FUNCTION;  // the device's names are not UTF-8, or endless
  h.challenge_size = static_cast<uint16_t>(writer.size());
  const SECURITY_STATUS status = call.Reserve(writer.size());
  if (status != SEC_E_OK) return status;
  WriteHead(h, out.data());
  const size_t kept = datagram ? 0 : call.token.size();
  Copy(h.negotiate, call.token.data(), kept);
  h.negotiate_size = static_cast<uint16_t>(kept);
  context.flags = h.flags;
  context.attributes = call.requested;
  return SEC_I_CONTINUE_NEEDED;
}

// MsvAvChannelBindings against the application's (extended protection). Bindings given: a match is required,
// or, with ASC_REQ_ALLOW_MISSING_BINDINGS, no pair at all passes too.
SECURITY_STATUS CheckBindings(const KeptBindings& ours, const HandshakeCall& call, const AvPairs& pairs) {
  if (!ours.given) return SEC_E_OK;
  if (pairs.channel_bindings == nullptr) {
    return (call.requested & ASC_REQ_ALLOW_MISSING_BINDINGS) != 0 ? SEC_E_OK : SEC_E_BAD_BINDINGS;
  }
  return EqualConstantTime(ours.hash, pairs.channel_bindings, kKeySize) ? SEC_E_OK : SEC_E_BAD_BINDINGS;
}

// The MIC (3.2.5.1.2) over the three messages: the first as received, the second made anew, the third with
// zeroes in its place.
bool IsMicRight(const NtlmContext& context, const Bytes& authenticate, size_t mic_offset) {
  const ServerHandshake& h = context.server;
  HmacMd5 mac(context.session_key);
  mac.Update(h.negotiate, h.negotiate_size);
  uint8_t head[kChallengeHeader];
  WriteHead(h, head);
  mac.Update(head);
  MessageWriter challenge(&mac);
  WritePayload(CredentialOf(context).device, h, &challenge);
  uint8_t expected[kMicSize] = {};
  const size_t rest = mic_offset + kMicSize;  // the message has room for it
  mac.Update(authenticate.data(), mic_offset);
  mac.Update(expected);
  mac.Update(authenticate.data() + rest, authenticate.size() - rest);
  mac.Finish(expected);
  return EqualConstantTime(expected, &authenticate[mic_offset], sizeof expected);
}

// A MIC that is announced must be there and right. Whether it is announced, the response itself says; and a
// client that was kept from announcing it, by taking our time out of the CHALLENGE, cannot give that time
// back.
SECURITY_STATUS CheckMic(const NtlmContext& context, const Bytes& token, const AuthenticateMessage& message,
                         const AvPairs& pairs) {
  const ServerHandshake& h = context.server;
  bool right = (PolicyOf(CredentialOf(context)) & BARESSPI_POLICY_REQUIRE_MIC) == 0;
  if ((pairs.flags & kAvFlagMic) != 0) {
    right = message.mic_offset != 0 && IsMicRight(context, token, message.mic_offset);
  }
  if (h.has_timestamp && !message.nt_response.empty()) {
    right = right && pairs.timestamp != nullptr && Equal({pairs.timestamp, 8}, h.timestamp);
  }
  return right ? SEC_E_OK : SEC_E_MESSAGE_ALTERED;
}

// ExportedSessionKey out of the KeyExchangeKey in session_key. Uses no room of the handshake's: that is still
// needed for the MIC.
SECURITY_STATUS ExchangeKey(NtlmContext& context, const AuthenticateMessage& message, uint32_t flags) {
  if ((flags & kNegotiateKeyExch) == 0) return SEC_E_OK;
  if (message.session_key.size() != kKeySize) return SEC_E_INVALID_TOKEN;
  Rc4 cipher;
  const WipeAtExit<Rc4> wipe(cipher);
  cipher.Key(context.session_key, kKeySize);
  Copy(context.session_key, message.session_key.data(), kKeySize);
  cipher.Apply(context.session_key, kKeySize);
  return SEC_E_OK;
}

void KeepClientTarget([[maybe_unused]] NtlmContext& context, [[maybe_unused]] Bytes target_name) {
#if BARESSPI_NTLM_CLIENT_TARGET_BYTES
  context.client_target_size = static_cast<uint16_t>(target_name.size());
  const bool fits = target_name.size() + 2 <= sizeof context.client_target;
  Fill(context.client_target, 0, sizeof context.client_target);
  for (size_t i = 0; fits && i < target_name.size(); i += 2) {
    const auto unit = static_cast<char16_t>(LoadU16le(&target_name[i]));
    Copy(context.client_target + i, &unit, sizeof unit);  // a query hands it out in the machine's order
  }
#endif
}

// What follows for a caller whose response is right: bindings, key, MIC, names.
SECURITY_STATUS Admit(NtlmContext& context, HandshakeCall& call, const AuthenticateMessage& message,
                      uint32_t flags, const AvPairs& pairs) {
  SECURITY_STATUS status = ExchangeKey(context, message, flags);
  if (status == SEC_E_OK) status = CheckMic(context, call.token, message, pairs);
  if (status == SEC_E_OK) status = CheckBindings(context.server.bindings, call, pairs);
  if (status != SEC_E_OK) return status;
  // An anonymous caller is nobody, whatever names it gives.
  const bool nobody = (flags & kAnonymous) != 0;
  if (context.caller.Set(nobody ? Bytes() : message.domain, nobody ? Bytes() : message.user) != SEC_E_OK)
    return SEC_E_INVALID_TOKEN;
  KeepClientTarget(context, pairs.target_name);
  context.attributes = call.requested;
  if (kPackagesNest && (pairs.flags & kAvFlagMic) != 0) flags |= kUsedMic;
  StartMessageSecurity(context, flags);
  return SEC_E_OK;
}

SECURITY_STATUS TakeAuthenticate(NtlmContext& context, HandshakeCall& call) {
  AuthenticateMessage message;
  if (!ParseAuthenticate(call.token, &message)) return SEC_E_INVALID_TOKEN;
  const bool anonymous = IsAnonymous(message);
  if (anonymous) {
    const bool allowed = (PolicyOf(CredentialOf(context)) & BARESSPI_POLICY_ALLOW_ANONYMOUS) != 0 ||
                         (call.requested & ASC_REQ_ALLOW_NULL_SESSION) != 0;
    if (!allowed) return SEC_E_LOGON_DENIED;
  }
  uint32_t flags = 0;
  SECURITY_STATUS status = Agree(context, message.flags, anonymous, &flags);
  if (status != SEC_E_OK) return status;
  // What was demanded with the first call is demanded of the end.
  const ULONG requested = context.attributes | call.requested;
  const uint32_t required = RequiredFlags(requested);
  if ((flags & required) != required) return SEC_E_UNSUPPORTED_FUNCTION;
  // To be looked at only: it is enough when one side says so.
  if ((requested & ASC_REQ_IDENTIFY) != 0) flags |= kNegotiateIdentify;
  flags |= message.flags & kNegotiateIdentify;
  AvPairs pairs = {};
  if (!anonymous) {
    status = ValidateLogon(context, message, &pairs);
    if (status != SEC_E_OK) return status;
  }
  return Admit(context, call, message, flags, pairs);
}

}  // namespace

SECURITY_STATUS Accept(Context& base, HandshakeCall& call) {
  auto& context = static_cast<NtlmContext&>(base);
  if (call.has_bindings) context.server.bindings.Keep(call);
  if (context.flags == 0) return SendChallenge(context, call);
  const SECURITY_STATUS status = TakeAuthenticate(context, call);
  if (status == SEC_E_OK && call.output != nullptr) call.output->cbBuffer = 0;
  return status;
}

SECURITY_STATUS QueryToken(const Context& base, BARESSPI_TOKEN_INFO* info) {
  const auto& context = static_cast<const NtlmContext&>(base);
  const Bytes domain = context.caller.domain();
  const Bytes user = context.caller.user();
  info->Domain = {domain.data(), static_cast<ULONG>(domain.size())};
  info->User = {user.data(), static_cast<ULONG>(user.size())};
  if ((context.flags & kAnonymous) != 0) info->TokenFlags |= BARESSPI_TOKEN_ANONYMOUS;
  if ((context.flags & kNegotiateIdentify) != 0) info->TokenFlags |= BARESSPI_TOKEN_IDENTIFY_ONLY;
  info->UserId = context.user_id;
  return SEC_E_OK;
}

}  // namespace baresspi::ntlm

#endif
