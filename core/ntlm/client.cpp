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
[[gnu::noinline]] void WriteNegotiate(uint32_t flags, MessageWriter* writer) {
  uint8_t message[kNegotiateSize];
  StartMessage(kNegotiateMessage, kNegotiateVersionAt, sizeof message, message);
  StoreU32le(message + kSignatureAndType, flags);
  writer->Put(message, sizeof message);
}

// True when a name carries marshalled target information behind the host's name
// (CREDENTIAL_TARGET_INFORMATION in base64 begins so): whoever made a device connect to it wants its logon
// for another host.
bool HasMarshalledTarget(const Bytes& target_utf16le) {
  static constexpr char kMark[] = "1UWhRC";
  const char* expected = kMark;
  for (size_t i = 0; i < target_utf16le.size(); i += 2) {
    const uint32_t unit = LoadU16le(&target_utf16le[i]);
    if (unit != static_cast<uint8_t>(*expected))
      expected = kMark;  // no other prefix of it is a suffix of one
    if (unit == static_cast<uint8_t>(*expected)) ++expected;
    if (*expected == 0) return true;
  }
  return false;
}

SECURITY_STATUS ReadArguments(HandshakeCall& call, ClientArguments* arguments) {
  MessageWriter writer(arguments->target, sizeof arguments->target);
  writer.Utf16le(call.target);
  if (!writer.fits() || HasMarshalledTarget({arguments->target, writer.size()}))
    return call.Mendable(SEC_E_TARGET_UNKNOWN);
  arguments->target_size = static_cast<uint16_t>(writer.size());
  arguments->bindings.Keep(call);
  return SEC_E_OK;
}

// NegotiateFlags that requests (ISC_REQ_*) ask for.
uint32_t FlagsForRequest(ULONG requested) {
  uint32_t flags = kBasicFlags | kRequestTarget | kNegotiateAlwaysSign | kNegotiate128 | kNegotiate56;
  flags |= Translate(requested & ~ISC_REQ_NULL_SESSION, kInitiatorAttributes, kFlags);
  if ((flags & kNegotiateSeal) != 0) flags |= kNegotiateSign;
  // Without signing and sealing implementations differ on whether a key goes over (3.1.5.1.2 says it does
  // not).
  if ((flags & (kNegotiateSign | kNegotiateDatagram)) != 0) flags |= kNegotiateKeyExch;
  return flags;
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
  MessageWriter writer(static_cast<uint8_t*>(call.output->pvBuffer), size);
  WriteNegotiate(context.flags, &writer);  // nothing, when there is room for nothing
  return SEC_I_CONTINUE_NEEDED;
}

// The payload's parts, in the order in which they are written.
enum Part : uint8_t { kDomain, kUser, kWorkstation, kLmResponse, kNtResponse, kSessionKey, kParts };

// What one AUTHENTICATE is made of. Its payload is written first, but for proofs and key, then the head that
// says where everything is.
struct Authentication {
  ChallengeMessage challenge;
  AvPairs server;         // what the server says of itself
  uint32_t flags;         // agreed; kAnonymous: there are no names and no proofs
  uint32_t av_flags;      // MsvAvFlags; kAvFlagMic: there is a MIC
  size_t at[kParts + 1];  // where each part begins, and the last one ends
  struct {
    uint8_t exported_key[kKeySize];
    uint8_t client_challenge[kChallengeSize];
  } random;
};

// Reads the CHALLENGE and settles the flags that hold: what we asked for and the server granted.
SECURITY_STATUS ReadChallenge(const NtlmContext& context, const Bytes& token, Authentication* a) {
  const NtlmCredential& credential = CredentialOf(context);
  const uint32_t policy = PolicyOf(credential);
  if (!ParseChallenge(token, &a->challenge)) return SEC_E_INVALID_TOKEN;
  const bool has_info = !a->challenge.target_info.empty();
  // Without TargetInfo there could be no MIC, no bindings and no SPN: an old server, or somebody in the
  // middle.
  if (!has_info && (policy & BARESSPI_POLICY_ALLOW_NO_TARGET_INFO) == 0) return SEC_E_UNSUPPORTED_FUNCTION;
  const bool anonymous = (context.attributes & ISC_REQ_NULL_SESSION) != 0 || credential.names.user().empty();
  a->av_flags = (policy & BARESSPI_POLICY_UNVERIFIED_SPN) != 0 ? kAvFlagUnverifiedSpn : 0;
  // With a timestamp a MIC is a must (3.1.5.1.2). Without one it is sent all the same: else whoever takes the
  // timestamp out on the way would be rid of the MIC.
  if (!anonymous && has_info && (policy & BARESSPI_POLICY_NO_MIC) == 0) a->av_flags |= kAvFlagMic;
  return Agree(context, a->challenge.flags, anonymous, &a->flags);
}

// Every AV_PAIR of the client's response, 3.1.5.1.2: the server's, then ours.
void WriteAvPairs(const NtlmContext& context, Authentication* a, MessageWriter* writer) {
  const Bytes& info = a->challenge.target_info;
  if (!info.empty()) {
    if (!ParseAvPairs(info, &a->server, writer)) writer->Fail();
    uint8_t flags[4];
    const uint32_t value = a->server.flags | a->av_flags;
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
  writer->U32(0);
}

// The payload of AUTHENTICATE_MESSAGE (2.2.1.3), with room for proofs and key. Where the server's
// TargetInfo is malformed, the writer fails.
void WritePayload(const NtlmContext& context, Authentication* a, MessageWriter* writer) {
  const NtlmCredential& credential = CredentialOf(context);
  const bool anonymous = (a->flags & kAnonymous) != 0;
  writer->Skip(kAuthenticateHeader);
  a->at[kDomain] = writer->size();
  if (!anonymous) writer->Put(credential.names.domain());
  a->at[kUser] = writer->size();
  if (!anonymous) writer->Put(credential.names.user());
  a->at[kWorkstation] = writer->size();
  writer->Utf16le(DeviceText(credential.device, &BARESSPI_DEVICE::NetBiosComputerName));
  a->at[kLmResponse] = writer->size();
  // Z(1) is the mark of an anonymous caller.
  writer->Skip(anonymous ? 1 : kLmResponseSize);
  a->at[kNtResponse] = writer->size();
  if (!anonymous) {
    writer->Skip(kNtResponseHeader);
    WriteAvPairs(context, a, writer);
  }
  a->at[kSessionKey] = writer->size();
  if ((a->flags & kNegotiateKeyExch) != 0) writer->Skip(kKeySize);
  a->at[kParts] = writer->size();
}

void WriteHead(const Authentication& a, uint8_t* out) {
  StartMessage(kAuthenticateMessage, kAuthenticateVersionAt, kAuthenticateHeader, out);
  static constexpr uint8_t kOrder[] = {kLmResponse, kNtResponse, kDomain, kUser, kWorkstation, kSessionKey};
  uint8_t* field = out + kSignatureAndType;
  for (const uint8_t part : kOrder) {
    StoreFields(a.at[part], a.at[part + 1], field);
    field += kFieldsSize;
  }
  StoreU32le(field, a.flags | kRequestTarget | kNegotiateTargetInfo);
}

// The server's time is the time; ours is for servers without one. Says so when the two are far apart.
void WriteTimestamp(const uint8_t* server_timestamp, uint8_t* out) {
  uint64_t ours = 0;
  const bool known = baresspi_port_clock(&ours) != 0;
  const auto high = static_cast<uint32_t>(ours >> 32);  // in steps of about 7.16 minutes
  StoreU32le(out, static_cast<uint32_t>(ours));
  StoreU32le(out + 4, high);
  if (server_timestamp == nullptr) return;
  Copy(out, server_timestamp, 8);
  const uint32_t theirs = LoadU32le(out + 4);
  const uint32_t apart = high > theirs ? high - theirs : theirs - high;
  constexpr uint32_t kThirtySixHours = 302;
  if (known && apart > kThirtySixHours)
    baresspi_port_log(BARESSPI_EVENT_CLOCK_SKEW, 7 * apart + 5 * apart / 32);
}

// The responses (2.2.2.3, 2.2.2.8), with their proof (3.3.2), and the KeyExchangeKey that follows from them.
void WriteResponses(NtlmContext& context, const Authentication& a, uint8_t* out) {
  // LmResponse is Z(24), with or without a timestamp. An LMv2 response covers no MsvAvFlags, no bindings and
  // no SPN: whoever takes the timestamp out of the CHALLENGE would get a logon out of it that is rid of them
  // all.
  uint8_t* nt = out + a.at[kNtResponse];
  Fill(out + a.at[kLmResponse], 0, kLmResponseSize + kNtResponseHeader);
  const uint8_t* client_challenge = a.random.client_challenge;
  nt[kKeySize] = 1;      // RespType
  nt[kKeySize + 1] = 1;  // HiRespType
  WriteTimestamp(a.server.timestamp, nt + kKeySize + 8);
  Copy(nt + kKeySize + 16, client_challenge, kChallengeSize);
  const uint8_t* ntowfv2 = CredentialOf(context).ntowfv2;
  const uint8_t* server_challenge = a.challenge.server_challenge;
  uint8_t* temp = nt + kKeySize;
  Proof(ntowfv2, server_challenge, {temp, static_cast<size_t>(out + a.at[kSessionKey] - temp)}, nt);
  SessionBaseKey(ntowfv2, nt, context.session_key);
}

// ExportedSessionKey, under the KeyExchangeKey (3.1.5.1.2), which is in session_key until then. The
// handshake's room serves as the cipher's from here on.
void ExchangeKey(NtlmContext& context, const Authentication& a, uint8_t* out) {
  Rc4& cipher = context.channels[0].cipher;
  cipher.Key(context.session_key, kKeySize);
  Copy(context.session_key, a.random.exported_key, kKeySize);
  uint8_t* encrypted = out + a.at[kSessionKey];
  Copy(encrypted, a.random.exported_key, kKeySize);
  cipher.Apply(encrypted, kKeySize);
}

// The MIC (3.1.5.1.2) over the three messages; the first is made anew.
void WriteMic(const NtlmContext& context, const Bytes& challenge, MutableBytes authenticate) {
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
  Authentication a;
  const WipeAtExit<decltype(a)> wipe(a);
  a.server.timestamp = nullptr;
  SECURITY_STATUS status = ReadChallenge(context, call.token, &a);
  if (status != SEC_E_OK) return status;
  if (baresspi_port_random(&a.random, sizeof a.random) == 0) return call.Mendable(SEC_E_INTERNAL_ERROR);
  uint8_t* out = call.Room().data();
  MessageWriter writer(out, call.Room().size());
  WritePayload(context, &a, &writer);
  const size_t size = writer.size();
  if (size > UINT16_MAX) return SEC_E_INVALID_TOKEN;  // a field's length has 16 bits
  status = call.Reserve(size);
  if (status != SEC_E_OK) return status;
  WriteHead(a, out);
  out[a.at[kLmResponse]] = 0;
  if ((a.flags & kAnonymous) == 0) WriteResponses(context, a, out);
  KeepTargetInformation(context, a.challenge.target_info);
  if ((a.flags & kNegotiateKeyExch) != 0) ExchangeKey(context, a, out);
  if ((a.av_flags & kAvFlagMic) != 0) {
    WriteMic(context, call.token, {out, size});
    if (kPackagesNest) a.flags |= kUsedMic;
  }
  StartMessageSecurity(context, a.flags);
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
