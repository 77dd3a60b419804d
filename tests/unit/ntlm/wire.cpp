// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ntlm/wire.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ntlm_test {
namespace {

// "NTLMSSP\0" and the type.
Octets Head(uint32_t type) {
  return Join({Ascii("NTLMSSP"), {0}, U32(type)});
}

void CheckHead(const Octets& token, uint32_t type) {
  ASSERT_GE(token.size(), 12u);
  EXPECT_EQ(Hex(Part(token, 0, 12)), Hex(Head(type)));
}

// Len, MaxLen, BufferOffset; the value goes to the end of the payload.
Octets Field(const Octets& value, size_t header, Octets* payload) {
  const auto size = static_cast<uint32_t>(value.size());
  const auto offset = static_cast<uint32_t>(header + payload->size());
  payload->insert(payload->end(), value.begin(), value.end());
  return Join({U16(size), U16(size), U32(offset)});
}

Octets ReadField(const Octets& token, size_t at, size_t* lowest = nullptr) {
  const size_t size = GetU16(token, at);
  const size_t offset = GetU32(token, at + 4);
  EXPECT_EQ(GetU16(token, at + 2), size) << "MaxLen of the field at " << at;
  if (size == 0) return {};
  EXPECT_LE(offset, token.size());
  EXPECT_LE(size, token.size() - offset);
  if (lowest != nullptr) *lowest = std::min(*lowest, offset);
  return Part(token, offset, size);
}

}  // namespace

Octets U16(uint32_t value) {
  return {static_cast<uint8_t>(value), static_cast<uint8_t>(value >> 8)};
}
Octets U32(uint32_t value) {
  return Join({U16(value & 0xFFFF), U16(value >> 16)});
}
Octets U64(uint64_t value) {
  return Join({U32(static_cast<uint32_t>(value)), U32(static_cast<uint32_t>(value >> 32))});
}

Octets Utf16(std::u16string_view text) {
  Octets octets;
  for (const char16_t unit : text) {
    octets.push_back(static_cast<uint8_t>(unit));
    octets.push_back(static_cast<uint8_t>(unit >> 8));
  }
  return octets;
}

Octets Ascii(std::string_view text) {
  return Octets(text.begin(), text.end());
}

Octets Join(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Octets Part(const Octets& octets, size_t offset, size_t size) {
  EXPECT_LE(offset, octets.size());
  if (offset > octets.size()) return {};
  size = std::min(size, octets.size() - offset);
  const uint8_t* begin = octets.data() + offset;
  return Octets(begin, begin + size);
}

uint16_t GetU16(const Octets& octets, size_t offset) {
  const Octets two = Part(octets, offset, 2);
  EXPECT_EQ(two.size(), 2u) << "read at " << offset;
  if (two.size() < 2) return 0;
  return static_cast<uint16_t>(two[0] | (two[1] << 8));
}
uint32_t GetU32(const Octets& octets, size_t offset) {
  return GetU16(octets, offset) | (static_cast<uint32_t>(GetU16(octets, offset + 2)) << 16);
}
uint64_t GetU64(const Octets& octets, size_t offset) {
  return GetU32(octets, offset) | (static_cast<uint64_t>(GetU32(octets, offset + 4)) << 32);
}

void PutU16(Octets* octets, size_t offset, uint32_t value) {
  ASSERT_LE(offset + 2, octets->size());
  (*octets)[offset] = static_cast<uint8_t>(value);
  (*octets)[offset + 1] = static_cast<uint8_t>(value >> 8);
}
void PutU32(Octets* octets, size_t offset, uint32_t value) {
  PutU16(octets, offset, value & 0xFFFF);
  PutU16(octets, offset + 2, value >> 16);
}

std::string Hex(const Octets& octets) {
  return ::Hex(octets.data(), octets.size());
}

Octets MakePairs(const AvPairs& pairs) {
  Octets list;
  for (const AvPair& pair : pairs) {
    list = Join({list, U16(pair.id), U16(static_cast<uint32_t>(pair.value.size())), pair.value});
  }
  return Join({list, U32(0)});
}

AvPairs ReadPairs(const Octets& list) {
  AvPairs pairs;
  size_t at = 0;
  for (;;) {
    if (list.size() < 4 || at > list.size() - 4) {
      ADD_FAILURE() << "no MsvAvEOL in " << Hex(list);
      return pairs;
    }
    const uint16_t id = GetU16(list, at);
    const size_t size = GetU16(list, at + 2);
    at += 4;
    if (size > list.size() - at) {
      ADD_FAILURE() << "a pair runs over the end of " << Hex(list);
      return pairs;
    }
    if (id == kAvEol) {
      EXPECT_EQ(size, 0u);
      return pairs;
    }
    pairs.push_back({id, Part(list, at, size)});
    at += size;
  }
}

size_t CountOf(const AvPairs& pairs, uint16_t id) {
  size_t count = 0;
  for (const AvPair& pair : pairs) count += pair.id == id ? 1 : 0;
  return count;
}

Octets ValueOf(const AvPairs& pairs, uint16_t id) {
  for (const AvPair& pair : pairs) {
    if (pair.id == id) return pair.value;
  }
  return {};
}

Octets MakeNegotiate(uint32_t flags, size_t size) {
  Octets token = Join({Head(1), U32(flags)});
  if (size >= 40) {
    token.resize(32);
    token = Join({token, {6, 1, 0, 0, 0, 0, 0, 15}});
  }
  token.resize(size);
  return token;
}

Octets Make(const Challenge& challenge) {
  Octets payload;
  const Octets target = Field(challenge.target_name, challenge.header, &payload);
  const Octets info = Field(challenge.target_info, challenge.header, &payload);
  Octets token = Join({Head(2),
                       target,
                       U32(challenge.flags),
                       challenge.challenge,
                       challenge.reserved,
                       info,
                       {10, 0, 0x39, 0x38, 0, 0, 0, 15}});
  token.resize(challenge.header);
  return Join({token, payload});
}

Challenge ReadChallenge(const Octets& token) {
  CheckHead(token, 2);
  Challenge challenge;
  size_t lowest = token.size();
  challenge.target_name = ReadField(token, 12, &lowest);
  challenge.flags = GetU32(token, 20);
  challenge.challenge = Part(token, 24, 8);
  challenge.reserved = Part(token, 32, 8);
  challenge.target_info = ReadField(token, 40, &lowest);
  challenge.header = lowest;
  return challenge;
}

Octets Make(const Authenticate& a) {
  Octets payload;
  const Octets domain = Field(a.domain, a.header, &payload);
  const Octets user = Field(a.user, a.header, &payload);
  const Octets workstation = Field(a.workstation, a.header, &payload);
  const Octets lm = Field(a.lm, a.header, &payload);
  const Octets nt = Field(a.nt, a.header, &payload);
  const Octets key = Field(a.key, a.header, &payload);
  Octets token = Join({Head(3), lm, nt, domain, user, workstation, key, U32(a.flags)});
  token.resize(a.header);
  if (a.header == 72 || a.header >= 88) {
    const Octets version = {10, 0, 0x39, 0x38, 0, 0, 0, 15};
    std::copy(version.begin(), version.end(), token.begin() + 64);
  }
  if (!a.mic.empty()) {
    const size_t at = MicOffset(a.header);
    EXPECT_GE(a.header, at + 16) << "this header has no room for a MIC";
    if (a.header < at + 16) return {};
    std::copy(a.mic.begin(), a.mic.end(), token.begin() + static_cast<ptrdiff_t>(at));
  }
  return Join({token, payload});
}

Authenticate ReadAuthenticate(const Octets& token) {
  CheckHead(token, 3);
  Authenticate a;
  a.header = token.size();
  a.lm = ReadField(token, 12, &a.header);
  a.nt = ReadField(token, 20, &a.header);
  a.domain = ReadField(token, 28, &a.header);
  a.user = ReadField(token, 36, &a.header);
  a.workstation = ReadField(token, 44, &a.header);
  a.key = ReadField(token, 52, &a.header);
  a.flags = GetU32(token, 60);
  if (a.header >= 80) a.mic = Part(token, MicOffset(a.header), 16);
  return a;
}

}  // namespace ntlm_test
