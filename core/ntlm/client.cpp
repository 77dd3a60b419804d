// SPDX-License-Identifier: Apache-2.0
// The initiator: NEGOTIATE out, CHALLENGE in, AUTHENTICATE out ([MS-NLMP] 3.1.5).
#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/crypto/hmac_md5.h"
#include "core/ntlm/av_pair.h"
#include "core/ntlm/context.h"
#include "core/ntlm/messages.h"
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
bool HasMarshalledTarget(Bytes target_utf16le) {
  static constexpr char16_t kMark[] = u"1UWhRC";
  const char16_t* expected = kMark;
  for (size_t i = 0; i < target_utf16le.size(); i += 2) {
    const uint32_t unit = LoadU16le(&target_utf16le[i]);
    if (unit != *expected) expected = kMark;  // no other prefix of it is a suffix of one
    if (unit == *expected) ++expected;
    if (*expected == 0) return true;
  }
  return false;
}

SECURITY_STATUS ReadArguments(HandshakeCall& call, ClientArguments* arguments) {
  MessageWriter writer(arguments->target, sizeof arguments->target);
  writer.Utf16le(call.target);
  if (!writer.fits()) return call.Mendable(SEC_E_TARGET_UNKNOWN);
  const bool usable = !HasMarshalledTarget({arguments->target, writer.size()});
  arguments->target_size = static_cast<uint16_t>(usable ? writer.size() : 0);
  arguments->bindings.Keep(call);
  return SEC_E_OK;
}

SECURITY_STATUS SendNegotiate(NtlmContext& context, HandshakeCall& call) {
  // Without an identity the caller can only be nobody.
  if (!CredentialOf(context).has_identity && (call.requested & ISC_REQ_NULL_SESSION) == 0)
    return SEC_E_NO_CREDENTIALS;
  // Datagram mode has no NEGOTIATE: the server speaks first ([MS-NLMP] 1.3.1.4).
  const size_t size = (call.requested & ISC_REQ_DATAGRAM) != 0 ? 0 : kNegotiateSize;
  const SECURITY_STATUS status = call.Reserve(size);
  if (status != SEC_E_OK) return status;
  context.flags = FlagsForRequest(call.requested);
  context.attributes = call.requested;
  MessageWriter writer(call.Room().data(), size);
  if (size != 0) WriteNegotiate(context.flags, &writer);
  return SEC_I_CONTINUE_NEEDED;
}

// The payload's parts, in the order in which they are written.
enum Part : uint8_t { kDomain, kUser, kWorkstation, kLmResponse, kNtResponse, kSessionKey, kParts };

// What one AUTHENTICATE is made of. Its payload is written first, then the head that says where everything
// is.
struct Authentication {
  ChallengeMessage challenge;
  AvPairs server;  // what the server says of itself
  uint32_t flags;  // agreed
  bool anonymous;
  bool with_mic;
  size_t at[kParts + 1];  // where each part begins, and the last one ends
};

struct Secrets {
  uint8_t exported_key[kKeySize];
  uint8_t client_challenge[kChallengeSize];
  uint8_t exchange_key[kKeySize];
};

// Reads the CHALLENGE and settles the flags that hold: what we asked for and the server granted.
SECURITY_STATUS ReadChallenge(const NtlmContext& context, Bytes token, Authentication* a) {
  const NtlmCredential& credential = CredentialOf(context);
  MessageWriter nowhere;
  if (!ParseChallenge(token, &a->challenge)) return SEC_E_INVALID_TOKEN;
  if (a->challenge.target_info.empty()) {
    // Without it there could be no MIC, no bindings and no SPN: an old server, or somebody in the middle.
    if ((credential.policy & BARESSPI_POLICY_ALLOW_NO_TARGET_INFO) == 0) return SEC_E_UNSUPPORTED_FUNCTION;
  } else if (!ParseAvPairs(a->challenge.target_info, &a->server, &nowhere)) {
    return SEC_E_INVALID_TOKEN;
  }
  constexpr uint32_t kNeeded = kNegotiateUnicode | kNegotiateExtendedSessionSecurity;
  const uint32_t offered = a->challenge.flags;
  if ((~offered & kNeeded) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
  if (((offered ^ context.flags) & kNegotiateDatagram) != 0) return SEC_E_INVALID_TOKEN;
  a->flags = AgreedFlags(offered & context.flags) | kRequestTarget | kNegotiateTargetInfo;
  a->anonymous = (context.attributes & ISC_REQ_NULL_SESSION) != 0 || credential.names.user().empty();
  if (a->anonymous) {
    // An anonymous caller has no secret: a key that anyone can compute protects nothing.
    a->flags &= ~static_cast<uint32_t>(kNegotiateSign | kNegotiateSeal | kNegotiateKeyExch);
    a->flags |= kAnonymous;
  } else {
    // With a timestamp it is a must (3.1.5.1.2). Without one it is sent all the same: else whoever takes the
    // timestamp out on the way would be rid of the MIC.
    a->with_mic = !a->challenge.target_info.empty() && (credential.policy & BARESSPI_POLICY_NO_MIC) == 0;
  }
  return CheckKeyStrength(a->flags, credential.policy);
}

// Every AV_PAIR of the client's response, 3.1.5.1.2.
void WriteAvPairs(const NtlmContext& context, const Authentication& a, MessageWriter* writer) {
  if (!a.challenge.target_info.empty()) {
    AvPairs again;
    (void)ParseAvPairs(a.challenge.target_info, &again, writer);  // echoes; it is known to be well-formed
    uint32_t value = a.server.flags;
    if (a.with_mic) value |= kAvFlagMic;
    if ((CredentialOf(context).policy & BARESSPI_POLICY_UNVERIFIED_SPN) != 0) value |= kAvFlagUnverifiedSpn;
    uint8_t flags[4];
    StoreU32le(flags, value);
    WriteAvPair(kMsvAvFlags, flags, value != 0 ? sizeof flags : 0, writer);
    // What the application gave with this call counts, else what it gave with the first.
    const ClientArguments& first = context.client.first;
    const ClientArguments& second = context.client.second;
    const KeptBindings& bindings = second.bindings.given ? second.bindings : first.bindings;
    const ClientArguments& named = second.target_size != 0 ? second : first;
    WriteAvPair(kMsvAvChannelBindings, bindings.hash, bindings.given ? kKeySize : 0, writer);
    WriteAvPair(kMsvAvTargetName, named.target, named.target_size, writer);
  }
  writer->U32(kMsvAvEol);
}

// The server's time is the time; ours is for servers without one. Says so when the two are far apart.
void WriteTimestamp(const uint8_t* server_timestamp, MessageWriter* writer) {
  uint64_t ours = 0;
  const bool known = baresspi_port_clock(&ours) != 0;
  const auto high = static_cast<uint32_t>(ours >> 32);  // in steps of about 7.16 minutes
  uint8_t octets[8];
  StoreU32le(octets, static_cast<uint32_t>(ours));
  StoreU32le(octets + 4, high);
  if (server_timestamp != nullptr) {
    Copy(octets, server_timestamp, sizeof octets);
    const uint32_t theirs = LoadU32le(octets + 4);
    const uint32_t apart = high > theirs ? high - theirs : theirs - high;
    constexpr uint32_t kThirtySixHours = 302;
    if (known && apart > kThirtySixHours) baresspi_port_log(BARESSPI_EVENT_CLOCK_SKEW, 7 * apart + apart / 6);
  }
  writer->Put(octets, sizeof octets);
}

// The payload of AUTHENTICATE_MESSAGE (2.2.1.3), proofs and key left open.
void WritePayload(const NtlmContext& context, const Secrets& secrets, Authentication* a,
                  MessageWriter* writer) {
  const NtlmCredential& credential = CredentialOf(context);
  writer->Zeroes(kAuthenticateHeader);
  a->at[kDomain] = kAuthenticateHeader;
  if (!a->anonymous) writer->Put(credential.names.domain());
  a->at[kUser] = writer->size();
  if (!a->anonymous) writer->Put(credential.names.user());
  a->at[kWorkstation] = writer->size();
  writer->Utf16le(DeviceText(credential.device, &BARESSPI_DEVICE::NetBiosComputerName));
  a->at[kLmResponse] = writer->size();
  // LmResponse: Z(24), or Z(1), which is the mark of an anonymous caller.
  static constexpr uint8_t kZeroes[kLmResponseSize] = {};
  writer->Put(kZeroes, a->anonymous ? 1 : kLmResponseSize);
  a->at[kNtResponse] = writer->size();
  if (!a->anonymous) {
    // NTLMv2_RESPONSE, 2.2.2.8: NTProofStr and what 3.3.2 calls temp.
    writer->Zeroes(kKeySize);
    writer->U32(0x0101);  // RespType, HiRespType
    writer->U32(0);
    WriteTimestamp(a->server.timestamp, writer);
    writer->Put(secrets.client_challenge, kChallengeSize);
    writer->U32(0);
    WriteAvPairs(context, *a, writer);
    writer->U32(0);
  }
  a->at[kSessionKey] = writer->size();
  if ((a->flags & kNegotiateKeyExch) != 0) writer->Zeroes(kKeySize);
  a->at[kParts] = writer->size();
}

void WriteHead(const Authentication& a, uint8_t* out) {
  MessageWriter writer(out, kAuthenticateHeader);
  writer.Header(kAuthenticateMessage);
  static constexpr uint8_t kOrder[] = {kLmResponse, kNtResponse, kDomain, kUser, kWorkstation, kSessionKey};
  for (const uint8_t part : kOrder) writer.Fields(a.at[part], a.at[part + 1]);
  writer.U32(a.flags);
  writer.Version();
}

// The proofs (3.3.2) and the KeyExchangeKey that follows from them.
void Prove(const NtlmContext& context, const Authentication& a, Secrets* secrets, uint8_t* out) {
  Fill(secrets->exchange_key, 0, kKeySize);
  if (a.anonymous) return;
  const uint8_t* ntowfv2 = CredentialOf(context).ntowfv2;
  const uint8_t* server_challenge = a.challenge.server_challenge;
  uint8_t* nt = out + a.at[kNtResponse];
  Proof(ntowfv2, server_challenge, {nt + kKeySize, a.at[kSessionKey] - a.at[kNtResponse] - kKeySize}, nt);
  SessionBaseKey(ntowfv2, nt, secrets->exchange_key);
  // A server that sends a timestamp has no use for a second, weaker response.
  if (a.server.timestamp != nullptr) return;
  uint8_t* lm = out + a.at[kLmResponse];
  Proof(ntowfv2, server_challenge, secrets->client_challenge, lm);
  Copy(lm + kKeySize, secrets->client_challenge, kChallengeSize);
}

// ExportedSessionKey, under the KeyExchangeKey (3.1.5.1.2). The handshake's room serves as the cipher's from
// here on.
void ExchangeKey(NtlmContext& context, const Authentication& a, Secrets* secrets, uint8_t* out) {
  if ((a.flags & kNegotiateKeyExch) == 0) {
    Copy(context.session_key, secrets->exchange_key, kKeySize);
    return;
  }
  Copy(context.session_key, secrets->exported_key, kKeySize);
  Rc4& cipher = context.channels[0].cipher;
  cipher.Key(secrets->exchange_key, kKeySize);
  cipher.Apply(secrets->exported_key, kKeySize);
  Copy(out + a.at[kSessionKey], secrets->exported_key, kKeySize);
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

void KeepTargetInformation([[maybe_unused]] NtlmContext& context, [[maybe_unused]] Bytes target_info) {
#if BARESSPI_NTLM_TARGET_INFORMATION_BYTES
  context.target_information_size = static_cast<uint16_t>(target_info.size());
  const Bytes kept = target_info.size() <= sizeof context.target_information ? target_info : Bytes();
  Copy(context.target_information, kept.data(), kept.size());
#endif
}

SECURITY_STATUS SendAuthenticate(NtlmContext& context, HandshakeCall& call) {
  Authentication a = {};
  SECURITY_STATUS status = ReadChallenge(context, call.token, &a);
  if (status != SEC_E_OK) return status;
  Secrets secrets;
  const WipeAtExit<Secrets> wipe(secrets);
  if (baresspi_port_random(&secrets, kKeySize + kChallengeSize) == 0)
    return call.Mendable(SEC_E_INTERNAL_ERROR);
  MutableBytes out = call.Room();
  MessageWriter writer(out.data(), out.size());
  WritePayload(context, secrets, &a, &writer);
  if (writer.size() > UINT16_MAX) return SEC_E_INVALID_TOKEN;  // a field's length has 16 bits
  status = call.Reserve(writer.size());
  if (status != SEC_E_OK) return status;
  out = out.Sub(0, writer.size());
  WriteHead(a, out.data());
  Prove(context, a, &secrets, out.data());
  KeepTargetInformation(context, a.challenge.target_info);
  ExchangeKey(context, a, &secrets, out.data());
  if (a.with_mic) WriteMic(context, call.token, out);
  StartMessageSecurity(context, a.flags | (a.with_mic ? kUsedMic : 0U), call);
  return SEC_E_OK;
}

}  // namespace

SECURITY_STATUS Initialize(Context& base, HandshakeCall& call) {
  auto& context = static_cast<NtlmContext&>(base);
  ClientHandshake& handshake = context.client;
  const SECURITY_STATUS status =
      ReadArguments(call, context.flags == 0 ? &handshake.first : &handshake.second);
  if (status != SEC_E_OK) return status;
  return context.flags == 0 ? SendNegotiate(context, call) : SendAuthenticate(context, call);
}

}  // namespace baresspi::ntlm

#endif
