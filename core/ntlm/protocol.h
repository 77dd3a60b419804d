// SPDX-License-Identifier: Apache-2.0
// The numbers of [MS-NLMP]: flags, message layouts, AvIds.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace baresspi::ntlm {

// NEGOTIATE flags, [MS-NLMP] 2.2.2.5.
enum NegotiateFlags : uint32_t {
  kNegotiateUnicode = 0x00000001,
  kRequestTarget = 0x00000004,
  kUsedMic =
      0x00000008,  // a reserved bit, never on the wire: of our own contexts whose AUTHENTICATE has a MIC
  kNegotiateSign = 0x00000010,
  kNegotiateSeal = 0x00000020,
  kNegotiateDatagram = 0x00000040,
  kNegotiateNtlm = 0x00000200,
  kAnonymous = 0x00000800,
  kNegotiateAlwaysSign = 0x00008000,
  kTargetTypeDomain = 0x00010000,
  kTargetTypeServer = 0x00020000,
  kNegotiateExtendedSessionSecurity = 0x00080000,
  kNegotiateIdentify = 0x00100000,
  kNegotiateTargetInfo = 0x00800000,
  kNegotiateVersion = 0x02000000,
  kNegotiate128 = 0x20000000,
  kNegotiateKeyExch = 0x40000000,
  kNegotiate56 = 0x80000000,
};

// What both sides must have named before it holds. The rest is either always there or one side's own.
constexpr uint32_t kAgreedFlags = kNegotiateSign | kNegotiateSeal | kNegotiateAlwaysSign | kNegotiate128 |
                                  kNegotiate56 | kNegotiateKeyExch | kNegotiateDatagram | kNegotiateIdentify;
// What a side that speaks NTLMv2 with extended session security always sets.
constexpr uint32_t kBasicFlags =
    kNegotiateUnicode | kNegotiateNtlm | kNegotiateExtendedSessionSecurity | kNegotiateVersion;

enum MessageType : uint32_t { kNegotiateMessage = 1, kChallengeMessage = 2, kAuthenticateMessage = 3 };

// AV_PAIR, [MS-NLMP] 2.2.2.1.
enum AvId : uint16_t {
  kMsvAvEol = 0,
  kMsvAvNbComputerName = 1,
  kMsvAvNbDomainName = 2,
  kMsvAvDnsComputerName = 3,
  kMsvAvDnsDomainName = 4,
  kMsvAvDnsTreeName = 5,
  kMsvAvFlags = 6,
  kMsvAvTimestamp = 7,
  kMsvAvSingleHost = 8,
  kMsvAvTargetName = 9,
  kMsvAvChannelBindings = 10,
};

// MsvAvFlags.
constexpr uint32_t kAvFlagMic = 0x00000002;
constexpr uint32_t kAvFlagUnverifiedSpn = 0x00000004;

// Layouts, in octets from the start of a message ([MS-NLMP] 2.2.1). A "fields" entry is Len, MaxLen,
// BufferOffset.
constexpr size_t kFieldsSize = 8;
constexpr size_t kSignatureAndType = 12;  // "NTLMSSP\0" and MessageType
constexpr uint32_t kNtlm = 0x4D4C544E;    // "NTLM", as it is read
constexpr uint32_t kSsp = 0x00505353;     // "SSP\0"
constexpr size_t kNegotiateMinimum = 16;
constexpr size_t kNegotiateSize = 40;  // ours: with Version, without names
constexpr size_t kNegotiateVersionAt = 32;
constexpr size_t kChallengeMinimum = 32;
constexpr size_t kChallengeHeader = 56;
constexpr size_t kChallengeVersionAt = 48;
constexpr size_t kAuthenticateMinimum = 64;
constexpr size_t kAuthenticateHeader = 88;  // ours: with Version and MIC
constexpr size_t kAuthenticateVersionAt = 64;
constexpr size_t kAuthenticateMic = 72;
constexpr size_t kMicSize = 16;

constexpr size_t kChallengeSize = 8;  // ServerChallenge, ClientChallenge
constexpr size_t kKeySize = 16;       // every key, NTProofStr, LMv2's proof
constexpr size_t kLmResponseSize = 24;
constexpr size_t kNtResponseHeader = 44;  // NTLMv2_RESPONSE up to its AV_PAIRs: NTProofStr and 28 octets
constexpr size_t kMessageSignature = 16;  // NTLMSSP_MESSAGE_SIGNATURE, 2.2.2.9.2
constexpr uint32_t kMaxToken = 2888;      // what Windows says of NTLM

}  // namespace baresspi::ntlm
