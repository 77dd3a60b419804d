// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/support/ntlm_wire.h"

#include "core/base/byte_reader.h"
#include "core/crypto/hmac_md5.h"
#include "core/crypto/rc4.h"
#include "core/ntlm/keys.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/sides.h"

namespace fuzz {
namespace {

using namespace baresspi::ntlm;  // NOLINT(google-build-using-namespace)
using baresspi::LoadU16le;
using baresspi::LoadU32le;
using baresspi::StoreU16le;
using baresspi::StoreU32le;

constexpr size_t kLargest = 70000;  // a length of 16 bits can be too small for a list

ptrdiff_t At(size_t at) {
  return static_cast<ptrdiff_t>(at);
}

void Edit(Input* input, unsigned kind, Octets* octets) {
  const size_t size = octets->size();
  const size_t at = size == 0 ? 0 : input->U16() % size;
  const size_t left = size - at;
  switch (kind) {
    case 1:
      if (left >= 1) (*octets)[at] = input->U8();
      break;
    case 2:
      if (left >= 2) StoreU16le(&(*octets)[at], input->U16());
      break;
    case 3:
      if (left >= 4) StoreU32le(&(*octets)[at], input->U32());
      break;
    case 4: {
      const Octets more = input->Take(input->U8());
      octets->insert(octets->begin() + At(at), more.begin(), more.end());
      break;
    }
    case 5:
      octets->erase(octets->begin() + At(at), octets->begin() + At(at + std::min<size_t>(left, input->U8())));
      break;
    case 6: {
      const Octets again(octets->begin() + At(at),
                         octets->begin() + At(at + std::min<size_t>(left, input->U8())));
      octets->insert(octets->end(), again.begin(), again.end());
      break;
    }
    case 7:
      octets->resize(at);
      break;
    default:
      if (left >= 1) (*octets)[at] = static_cast<uint8_t>((*octets)[at] ^ (1U << (kind & 7)));
  }
}

void AppendField(Octets* head, const Octets& value, size_t* offset) {
  Octets field(8);
  StoreU16le(&field[0], static_cast<uint32_t>(value.size()));
  StoreU16le(&field[2], static_cast<uint32_t>(value.size()));
  StoreU32le(&field[4], static_cast<uint32_t>(*offset));
  *offset += value.size();
  head->insert(head->end(), field.begin(), field.end());
}

}  // namespace

void EditOctets(Input* input, Octets* octets) {
  for (unsigned edits = 0; edits < 16; ++edits) {
    const unsigned kind = input->U8() % 16;
    if (kind == 0 || octets->size() > kLargest) return;
    Edit(input, kind, octets);
  }
}

Pairs SplitPairs(const baresspi::Bytes& list) {
  Pairs pairs;
  Input input(list.data(), list.size());
  while (input.left() >= 4) {
    const uint16_t id = input.U16();
    const size_t size = input.U16();
    if (size > input.left() || id == kMsvAvEol) break;
    pairs.push_back({id, input.Take(size)});
  }
  return pairs;
}

Octets JoinPairs(const Pairs& pairs) {
  Octets list;
  for (const Pair& pair : pairs) {
    uint8_t head[4];
    StoreU16le(head, pair.id);
    StoreU16le(head + 2, static_cast<uint32_t>(pair.value.size()));
    list.insert(list.end(), head, head + 4);
    list.insert(list.end(), pair.value.begin(), pair.value.end());
  }
  list.insert(list.end(), 4, 0);
  return list;
}

const Octets* FindPair(const Pairs& pairs, uint16_t id) {
  for (const Pair& pair : pairs) {
    if (pair.id == id) return &pair.value;
  }
  return nullptr;
}

void EditPairs(Input* input, Pairs* pairs) {
  for (unsigned edits = 0; edits < 16; ++edits) {
    const unsigned kind = input->U8() % 8;
    if (kind == 0) return;
    const size_t at = pairs->empty() ? 0 : input->U8() % pairs->size();
    if (kind == 1 || pairs->empty()) {
      const uint16_t id = input->U8() % 12;
      const size_t sizes[] = {0, 2, 4, 8, 16, 64, 1, 255};
      Octets value = input->Take(sizes[input->U8() % 8]);
      pairs->insert(pairs->begin() + At(at), {id, value});
      continue;
    }
    Pair& pair = (*pairs)[at];
    switch (kind) {
      case 2:
        pairs->erase(pairs->begin() + At(at));
        break;
      case 3:
        pairs->push_back(Pair(pair));
        break;
      case 4:
        std::swap(pair, (*pairs)[input->U8() % pairs->size()]);
        break;
      case 5:
        pair.id = input->U8() % 40;
        break;
      case 6:
        pair.value.resize(input->U16() % 512);
        break;
      default:
        EditOctets(input, &pair.value);
    }
  }
}

Octets EditChallenge(Input* input, const Octets& challenge) {
  Octets out = challenge;
  const unsigned what = input->U8();
  if (what == 0) return out;
  FUZZ_CHECK(out.size() >= kChallengeHeader);
  const size_t name_size = LoadU16le(&out[12]);
  const baresspi::Bytes whole(challenge.data(), challenge.size());
  Pairs pairs = SplitPairs(whole.Sub(LoadU32le(&out[44]), LoadU16le(&out[40])));
  if ((what & 1) != 0) StoreU32le(&out[20], LoadU32le(&out[20]) ^ (1U << (input->U8() % 32)));
  if ((what & 2) != 0) StoreU32le(&out[24], input->U32());
  if ((what & 4) != 0) EditPairs(input, &pairs);
  out.resize(kChallengeHeader + name_size);
  if ((what & 8) != 0) {
    const Octets name = input->Take(input->U8());
    out.resize(kChallengeHeader);
    out.insert(out.end(), name.begin(), name.end());
    StoreU16le(&out[12], static_cast<uint32_t>(name.size()));
    StoreU16le(&out[14], static_cast<uint32_t>(name.size()));
  }
  const Octets list = JoinPairs(pairs);
  StoreU16le(&out[40], static_cast<uint32_t>(list.size()));
  StoreU16le(&out[42], static_cast<uint32_t>(list.size()));
  StoreU32le(&out[44], static_cast<uint32_t>(out.size()));
  out.insert(out.end(), list.begin(), list.end());
  if ((what & 16) != 0) EditOctets(input, &out);
  return out;
}

Octets Join(const Authenticate& m) {
  Octets out = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 3, 0, 0, 0};
  size_t offset = m.head;
  // The payload's order is that of the fields; receivers go by the offsets.
  const Octets* const parts[] = {&m.lm, &m.nt, &m.domain, &m.user, &m.workstation, &m.session_key};
  for (const Octets* part : parts) AppendField(&out, *part, &offset);
  out.resize(m.head);
  StoreU32le(&out[60], m.flags);
  for (const Octets* part : parts) out.insert(out.end(), part->begin(), part->end());
  return out;
}

Octets Utf16le(const char* ascii) {
  Octets out;
  for (; *ascii != 0; ++ascii) out.insert(out.end(), {static_cast<uint8_t>(*ascii), 0});
  return out;
}

void PutU32(Octets* octets, size_t at, uint32_t value) {
  if (at + 4 <= octets->size()) StoreU32le(octets->data() + at, value);
}

uint32_t GetU32(const Octets& octets, size_t at) {
  return at + 4 <= octets.size() ? LoadU32le(octets.data() + at) : 0;
}

Key NtOwf(const Octets& user, const Octets& domain) {
  Key key;
  FUZZ_CHECK(BareSspiNtHash(kPassword, sizeof kPassword - 1, key.data()) == SEC_E_OK);
  NtOwfV2(key.data(), {user.data(), user.size()}, {domain.data(), domain.size()}, key.data());
  return key;
}

Key ProofOf(const Key& ntowf, const uint8_t* server_challenge, const Octets& nt) {
  Key proof = {};
  const size_t head = std::min(nt.size(), proof.size());
  Proof(ntowf.data(), server_challenge, {nt.data() + head, nt.size() - head}, proof.data());
  return proof;
}

Key BaseKey(const Key& ntowf, const Key& proof) {
  Key key;
  SessionBaseKey(ntowf.data(), proof.data(), key.data());
  return key;
}

Octets Encrypted(const Key& key, const Octets& text) {
  baresspi::Rc4 cipher;
  cipher.Key(key.data(), key.size());
  Octets out = text;
  cipher.Apply(out.data(), out.size());
  return out;
}

Key Mic(const Key& session_key, const Octets& negotiate, const Octets& challenge, Octets authenticate,
        size_t mic_offset) {
  std::fill_n(authenticate.begin() + At(mic_offset), 16, uint8_t{0});
  baresspi::HmacMd5 mac(session_key.data());
  mac.Update(negotiate.data(), negotiate.size());
  mac.Update(challenge.data(), challenge.size());
  mac.Update(authenticate.data(), authenticate.size());
  Key mic;
  mac.Finish(mic.data());
  return mic;
}

}  // namespace fuzz
