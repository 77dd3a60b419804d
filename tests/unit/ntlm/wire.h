// SPDX-License-Identifier: Apache-2.0
// NTLM's messages, built and taken apart by the test's own code, so that tests look at octets instead of
// asking the core what the core thinks of them ([MS-NLMP] 2.2).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/crypto/octets.h"

namespace ntlm_test {

using Octets = std::vector<uint8_t>;

// NegotiateFlags, 2.2.2.5.
constexpr uint32_t kUnicode = 0x00000001;
constexpr uint32_t kOem = 0x00000002;
constexpr uint32_t kRequestTarget = 0x00000004;
constexpr uint32_t kSign = 0x00000010;
constexpr uint32_t kSeal = 0x00000020;
constexpr uint32_t kDatagram = 0x00000040;
constexpr uint32_t kNtlm = 0x00000200;
constexpr uint32_t kAnonymous = 0x00000800;
constexpr uint32_t kLocalCall = 0x00004000;
constexpr uint32_t kAlwaysSign = 0x00008000;
constexpr uint32_t kTargetTypeDomain = 0x00010000;
constexpr uint32_t kTargetTypeServer = 0x00020000;
constexpr uint32_t kExtendedSecurity = 0x00080000;
constexpr uint32_t kIdentify = 0x00100000;
constexpr uint32_t kTargetInfo = 0x00800000;
constexpr uint32_t kVersion = 0x02000000;
constexpr uint32_t k128 = 0x20000000;
constexpr uint32_t kKeyExch = 0x40000000;
constexpr uint32_t k56 = 0x80000000;

// What clients and servers of today say that sign and seal.
constexpr uint32_t kUsual = kUnicode | kRequestTarget | kSign | kSeal | kNtlm | kAlwaysSign |
                            kExtendedSecurity | kVersion | k128 | kKeyExch | k56;

// AvIds, 2.2.2.1, and the bits of MsvAvFlags.
constexpr uint16_t kAvEol = 0;
constexpr uint16_t kAvNbComputerName = 1;
constexpr uint16_t kAvNbDomainName = 2;
constexpr uint16_t kAvDnsComputerName = 3;
constexpr uint16_t kAvDnsDomainName = 4;
constexpr uint16_t kAvDnsTreeName = 5;
constexpr uint16_t kAvFlags = 6;
constexpr uint16_t kAvTimestamp = 7;
constexpr uint16_t kAvSingleHost = 8;
constexpr uint16_t kAvTargetName = 9;
constexpr uint16_t kAvChannelBindings = 10;
constexpr uint32_t kAvFlagMic = 2;
constexpr uint32_t kAvFlagUnverifiedSpn = 4;

// Octets in and out, least significant first.
Octets U16(uint32_t value);
Octets U32(uint32_t value);
Octets U64(uint64_t value);
Octets Utf16(std::u16string_view text);
Octets Ascii(std::string_view text);
Octets Join(std::initializer_list<Octets> parts);
Octets Part(const Octets& octets, size_t offset, size_t size = SIZE_MAX);
uint16_t GetU16(const Octets& octets, size_t offset);
uint32_t GetU32(const Octets& octets, size_t offset);
uint64_t GetU64(const Octets& octets, size_t offset);
void PutU16(Octets* octets, size_t offset, uint32_t value);
void PutU32(Octets* octets, size_t offset, uint32_t value);
std::string Hex(const Octets& octets);

// AV_PAIR lists. MakePairs ends with MsvAvEOL; ReadPairs wants it, and fails the test when the list is not
// one.
struct AvPair {
  uint16_t id;
  Octets value;
};
using AvPairs = std::vector<AvPair>;
Octets MakePairs(const AvPairs& pairs);
AvPairs ReadPairs(const Octets& list);
size_t CountOf(const AvPairs& pairs, uint16_t id);
// Empty when there is none, or when the value is.
Octets ValueOf(const AvPairs& pairs, uint16_t id);

// NEGOTIATE_MESSAGE, 2.2.1.1: 16 (flags alone), 32 (with empty names), 40 (with Version) or more octets.
Octets MakeNegotiate(uint32_t flags, size_t size = 40);

// CHALLENGE_MESSAGE, 2.2.1.2. size: 32 (up to the challenge), 48 (without Version), 56.
struct Challenge {
  uint32_t flags = 0;
  Octets challenge;  // 8
  Octets target_name;
  Octets target_info;
  Octets reserved = Octets(8);
  size_t header = 56;
};
Octets Make(const Challenge& challenge);
Challenge ReadChallenge(const Octets& token);

// AUTHENTICATE_MESSAGE, 2.2.1.3. header: where the payload begins, 64 (neither Version nor MIC), 72
// (Version), 80 (MIC alone), 88 (both). mic: empty, or 16 octets that go to 64 or 72.
struct Authenticate {
  uint32_t flags = 0;
  Octets lm, nt, domain, user, workstation, key;
  size_t header = 88;
  Octets mic;
};
constexpr size_t MicOffset(size_t header) {
  return header < 88 ? 64 : 72;
}
Octets Make(const Authenticate& authenticate);
// header becomes the lowest offset of the fields that are not empty, and mic is read for it.
Authenticate ReadAuthenticate(const Octets& token);

}  // namespace ntlm_test
