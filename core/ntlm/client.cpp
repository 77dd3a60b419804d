// SPDX-License-Identifier: Apache-2.0
// The initiator: NEGOTIATE out, CHALLENGE in, AUTHENTICATE out ([MS-NLMP] 3.1.5).
#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/ntlm/av_pair.h"
#include "core/ntlm/context.h"
#include "core/ntlm/messages.h"
#include "core/sspi/buffers.h"
#include "core/sspi/time.h"
#include "port/port.h"

#if BARESSPI_NTLM_CLIENT

namespace baresspi::ntlm {
namespace {

// NEGOTIATE_MESSAGE, 2.2.1.1: names are not sent, so nothing but the flags differs and it can be made anew
// for the MIC.
void WriteNegotiate(uint32_t flags, MessageWriter* writer) {
  writer->Header(kNegotiateMessage);
  writer->U32(flags);
  writer->Zeroes(2 * kFieldsSize);
  writer->Version();
}

// True when a name carries marshalled target information behind the host's name
// (CREDENTIAL_TARGET_INFORMATION in base64 begins so): whoever made a device connect to it wants its logon
// for another host.
bool HasMarshalledTarget(const Text& target) {
  static constexpr char kMark[] = "1UWhRC";
  TextReader reader(target);
  char16_t unit = 0;
  size_t matched = 0;
  while (reader.Next(&unit)) {
    if (unit == static_cast<unsigned char>(kMark[matched])) {
      if (++matched == sizeof kMark - 1) return true;
    } else {
      matched = unit == static_cast<unsigned char>(kMark[0]) ? 1 : 0;  // no other prefix of it is a suffix
    }
  }
  return false;
}

// The application may give target and bindings with either call; what it gave last counts.
SECURITY_STATUS KeepArguments(NtlmContext& context, const HandshakeCall& call) {
  ClientHandshake& kept = context.client;
  if (!call.target.empty()) {
    const size_t size = Utf16leSize(call.target);
    if (size > sizeof kept.target) return SEC_E_TARGET_UNKNOWN;
    kept.target_size = 0;
    if (!HasMarshalledTarget(call.target)) {
      MessageWriter(kept.target).Utf16le(call.target);
      kept.target_size = static_cast<uint16_t>(size);
    }
  }
  if (!call.bindings.empty()) {
    HashBindings(call.bindings, kept.bindings);
    kept.has_bindings = true;
  }
  return SEC_E_OK;
}

SECURITY_STATUS SendNegotiate(NtlmContext& context, HandshakeCall& call) {
  NtlmCredential& credential = CredentialOf(context);
  if (!credential.has_identity && (call.requested & ISC_REQ_NULL_SESSION) == 0) return SEC_E_NO_CREDENTIALS;
  SECURITY_STATUS status = KeepArguments(context, call);
  if (status != SEC_E_OK) return status;
  const bool datagram = (call.requested & ISC_REQ_DATAGRAM) != 0;
  uint8_t* out = nullptr;
  // Datagram mode has no NEGOTIATE: the server speaks first ([MS-NLMP] 1.3.1.4).
  status = call.Reserve(datagram ? 0 : kNegotiateSize, &out);
  if (status != SEC_E_OK) return status;
  context.flags = FlagsForRequest(call.requested);
  context.attributes = call.requested;
  if (!datagram) {
    MessageWriter writer(out);
    WriteNegotiate(context.flags, &writer);
  }
  return SEC_I_CONTINUE_NEEDED;
}

// What one AUTHENTICATE is made of, all sizes known before the first octet is written.
struct Authentication {
  ChallengeMessage challenge;
  AvPairs server_pairs;
  ClientAvPairs client_pairs;
  uint32_t flags;  // agreed
  bool anonymous;
  bool with_mic;
  size_t nt_size;
  size_t lm_size;
  size_t key_size;
  Text workstation;
  size_t workstation_size;
};

// The flags that hold: what we asked for and the server granted.
SECURITY_STATUS AgreeFlags(const NtlmContext& context, uint32_t policy, Authentication* a) {
  constexpr uint32_t kNeeded = kNegotiateUnicode | kNegotiateExtendedSessionSecurity;
  const uint32_t offered = a->challenge.flags;
  if ((offered & kNeeded) != kNeeded) return SEC_E_UNSUPPORTED_FUNCTION;
  if (((offered ^ context.flags) & kNegotiateDatagram) != 0) return SEC_E_INVALID_TOKEN;
  a->flags = kBasicFlags | kRequestTarget | kNegotiateTargetInfo | (offered & context.flags & kAgreedFlags);
  if ((a->flags & kNegotiateSeal) != 0) a->flags |= kNegotiateSign;
  if ((a->flags & kNegotiateDatagram) != 0) a->flags |= kNegotiateKeyExch;
  // An anonymous caller has no secret: a key that anyone can compute protects nothing.
  if (a->anonymous) {
    a->flags &= ~static_cast<uint32_t>(kNegotiateSign | kNegotiateSeal | kNegotiateKeyExch);
    a->flags |= kAnonymous;
  }
  return CheckKeyStrength(a->flags, policy);
}

SECURITY_STATUS Prepare(NtlmContext& context, const HandshakeCall& call, Authentication* a) {
  const NtlmCredential& credential = CredentialOf(context);
  if (!ParseChallenge(call.token, &a->challenge)) return SEC_E_INVALID_TOKEN;
  const bool has_info = !a->challenge.target_info.empty();
  if (has_info && !ParseAvPairs(a->challenge.target_info, &a->server_pairs)) return SEC_E_INVALID_TOKEN;
  // Without it there could be no MIC, no bindings and no SPN: an old server, or somebody in the middle.
  if (!has_info && (credential.policy & BARESSPI_POLICY_ALLOW_NO_TARGET_INFO) == 0)
    return SEC_E_UNSUPPORTED_FUNCTION;
  a->anonymous = !credential.has_identity || (context.attributes & ISC_REQ_NULL_SESSION) != 0 ||
                 credential.names.user().empty();
  const SECURITY_STATUS status = AgreeFlags(context, credential.policy, a);
  if (status != SEC_E_OK) return status;
  a->with_mic = !a->anonymous && !a->server_pairs.timestamp.empty() &&
                (credential.policy & BARESSPI_POLICY_NO_MIC) == 0;
  const ClientHandshake& kept = context.client;
  if (has_info) {
    if (a->with_mic) a->client_pairs.flags |= kAvFlagMic;
    if ((credential.policy & BARESSPI_POLICY_UNVERIFIED_SPN) != 0)
      a->client_pairs.flags |= kAvFlagUnverifiedSpn;
    if (kept.has_bindings) a->client_pairs.channel_bindings = kept.bindings;
    a->client_pairs.target_name = Bytes(kept.target, kept.target_size);
  }
  MessageWriter count;
  WriteClientAvPairs(a->server_pairs, a->client_pairs, &count);
  a->nt_size = a->anonymous ? 0 : kNtResponseHeader + count.size() + 4;
  if (a->nt_size > UINT16_MAX) return SEC_E_INVALID_TOKEN;
  a->lm_size = a->anonymous ? 1 : kLmResponseSize;
  a->key_size = (a->flags & kNegotiateKeyExch) != 0 ? kKeySize : 0;
  a->workstation = DeviceText(credential.device, &BARESSPI_DEVICE::NetBiosComputerName);
  a->workstation_size = Utf16leSize(a->workstation);
  if (a->workstation_size > UINT16_MAX) a->workstation_size = 0;  // not well-formed; it is optional anyway
  return SEC_E_OK;
}

// The server's time is the time; ours is for servers without one. Says so when the two are far apart.
void WriteTimestamp(const Bytes& server_timestamp, MessageWriter* writer) {
  constexpr uint64_t kHour = UINT64_C(36000000000);
  uint64_t ours = 0;
  const bool known = baresspi_port_clock(&ours) != 0;
  if (server_timestamp.empty()) return writer->U64(known ? ours : 0);
  writer->Put(server_timestamp);
  if (!known) return;
  const uint64_t theirs = LoadU32le(server_timestamp.data()) |
                          (static_cast<uint64_t>(LoadU32le(server_timestamp.data() + 4)) << 32);
  const uint64_t apart = ours > theirs ? ours - theirs : theirs - ours;
  if (apart > 36 * kHour)
    baresspi_port_log(BARESSPI_EVENT_CLOCK_SKEW, static_cast<uint32_t>((apart >> 10) / (kHour >> 10)));
}

// LMv2_RESPONSE and NTLMv2_RESPONSE (2.2.2.4, 2.2.2.8, 3.3.2), and the KeyExchangeKey that follows from them.
void WriteResponses(const Authentication& a, const NtlmCredential& credential,
                    const uint8_t client_challenge[kChallengeSize], uint8_t* out, uint8_t key[kKeySize]) {
  const uint8_t* server_challenge = a.challenge.server_challenge.data();
  Fill(out, 0, a.lm_size);
  if (a.anonymous) {
    Fill(key, 0, kKeySize);
    return;
  }
  // With a timestamp there is an MIC, and no use for a second, weaker response.
  if (a.server_pairs.timestamp.empty()) {
    Proof(credential.ntowfv2, server_challenge, Bytes(client_challenge, kChallengeSize), out);
    Copy(out + kKeySize, client_challenge, kChallengeSize);
  }
  uint8_t* nt = out + a.lm_size;
  MessageWriter temp(nt + kKeySize);
  temp.U32(0x0101);  // RespType, HiRespType
  temp.U32(0);
  WriteTimestamp(a.server_pairs.timestamp, &temp);
  temp.Put(client_challenge, kChallengeSize);
  temp.U32(0);
  WriteClientAvPairs(a.server_pairs, a.client_pairs, &temp);
  temp.U32(0);
  Proof(credential.ntowfv2, server_challenge, Bytes(nt + kKeySize, temp.size()), nt);
  SessionBaseKey(credential.ntowfv2, nt, key);
}

// AUTHENTICATE_MESSAGE, 2.2.1.3, up to its responses; returns where they begin.
size_t WriteHead(const Authentication& a, const NtlmCredential& credential, uint8_t* out) {
  const Bytes domain = a.anonymous ? Bytes() : credential.names.domain();
  const Bytes user = a.anonymous ? Bytes() : credential.names.user();
  const size_t names = kAuthenticateHeader + domain.size() + user.size() + a.workstation_size;
  MessageWriter writer(out);
  writer.Header(kAuthenticateMessage);
  size_t responses = names;
  writer.Fields(a.lm_size, &responses);
  writer.Fields(a.nt_size, &responses);
  size_t offset = kAuthenticateHeader;
  writer.Fields(domain.size(), &offset);
  writer.Fields(user.size(), &offset);
  writer.Fields(a.workstation_size, &offset);
  writer.Fields(a.key_size, &responses);
  writer.U32(a.flags);
  writer.Version();
  writer.Zeroes(kMicSize);
  writer.Put(domain);
  writer.Put(user);
  if (a.workstation_size != 0) writer.Utf16le(a.workstation);
  return names;
}

// The MIC (3.1.5.1.2) over the three messages; the first is made anew.
void WriteMic(const NtlmContext& context, Bytes challenge, MutableBytes authenticate) {
  HmacMd5 mac(context.session_key);
  MessageWriter negotiate(&mac);
  if ((context.flags & kNegotiateDatagram) == 0) WriteNegotiate(context.flags, &negotiate);
  mac.Update(challenge);
  mac.Update(authenticate);
  mac.Finish(authenticate.data() + kAuthenticateMic);
}

ULONG AttributesFor(uint32_t flags, ULONG requested) {
  ULONG attributes = requested & (ISC_REQ_CONNECTION | ISC_REQ_USE_DCE_STYLE);
  if ((flags & kNegotiateSign) != 0)
    attributes |= ISC_RET_INTEGRITY | ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT;
  if ((flags & kNegotiateSeal) != 0) attributes |= ISC_RET_CONFIDENTIALITY;
  if ((flags & kNegotiateDatagram) != 0) attributes |= ISC_RET_DATAGRAM;
  if ((flags & kNegotiateIdentify) != 0) attributes |= ISC_RET_IDENTIFY;
  if ((flags & kAnonymous) != 0) attributes |= ISC_RET_NULL_SESSION;
  return attributes;
}

void KeepTargetInformation([[maybe_unused]] NtlmContext& context, [[maybe_unused]] Bytes target_info) {
#if BARESSPI_NTLM_TARGET_INFORMATION_BYTES
  context.target_information_size = static_cast<uint16_t>(target_info.size());
  const Bytes kept = target_info.size() <= sizeof context.target_information ? target_info : Bytes();
  Copy(context.target_information, kept.data(), kept.size());
#endif
}

SECURITY_STATUS SendAuthenticate(NtlmContext& context, HandshakeCall& call) {
  SECURITY_STATUS status = KeepArguments(context, call);
  if (status != SEC_E_OK) return status;
  Authentication a = {};
  status = Prepare(context, call, &a);
  if (status != SEC_E_OK) return status;
  const NtlmCredential& credential = CredentialOf(context);
  const size_t names = a.anonymous ? 0 : credential.names.domain().size() + credential.names.user().size();
  const size_t size = kAuthenticateHeader + names + a.workstation_size + a.lm_size + a.nt_size + a.key_size;
  uint8_t* out = nullptr;
  status = call.Reserve(size, &out);
  if (status != SEC_E_OK) return status;
  struct {
    uint8_t exported_key[kKeySize];
    uint8_t client_challenge[kChallengeSize];
    uint8_t exchange_key[kKeySize];
  } secrets;
  const WipeAtExit<decltype(secrets)> wipe(secrets);
  if (baresspi_port_random(&secrets, sizeof secrets.exported_key + sizeof secrets.client_challenge) == 0) {
    return SEC_E_INTERNAL_ERROR;
  }
  const size_t responses = WriteHead(a, credential, out);
  WriteResponses(a, credential, secrets.client_challenge, out + responses, secrets.exchange_key);
  KeepTargetInformation(context, a.challenge.target_info);
  // From here on the handshake's room serves as the cipher's.
  if (a.key_size != 0) {
    Copy(context.session_key, secrets.exported_key, kKeySize);
    Rc4& cipher = context.ciphers.send;
    cipher.Key(secrets.exchange_key, kKeySize);
    cipher.Apply(secrets.exported_key, kKeySize);
    Copy(out + size - kKeySize, secrets.exported_key, kKeySize);
  } else {
    Copy(context.session_key, secrets.exchange_key, kKeySize);
  }
  if (a.with_mic) WriteMic(context, call.token, MutableBytes(out, size));
  call.attributes = AttributesFor(a.flags, context.attributes);
  context.flags = a.flags;
  context.attributes = call.attributes;
  StartMessageSecurity(context);
  return SEC_E_OK;
}

}  // namespace

SECURITY_STATUS Initialize(Context& base, HandshakeCall& call) {
  auto& context = static_cast<NtlmContext&>(base);
  return context.flags == 0 ? SendNegotiate(context, call) : SendAuthenticate(context, call);
}

}  // namespace baresspi::ntlm

#endif
