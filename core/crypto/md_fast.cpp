// SPDX-License-Identifier: Apache-2.0
// MD4 and MD5 for speed: all steps of a block unrolled.
#include "config/baresspi_config.h"

#if BARESSPI_CRYPTO_FAST

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/crypto/md.h"
#include "core/crypto/md_tables.h"

namespace baresspi {
namespace {

constexpr uint32_t RotateLeft(uint32_t x, uint32_t n) {
  return (x << n) | (x >> (32 - n));
}

// Written so that b, which the step before has only just made, comes in as late as it can.
using Mix = uint32_t(uint32_t b, uint32_t c, uint32_t d);
constexpr uint32_t Choose(uint32_t b, uint32_t c, uint32_t d) {
  return d ^ (b & (c ^ d));
}
constexpr uint32_t ChooseByD(uint32_t b, uint32_t c, uint32_t d) {
  return (c & ~d) | (b & d);
}
constexpr uint32_t Majority(uint32_t b, uint32_t c, uint32_t d) {
  return (c & d) | (b & (c | d));
}
constexpr uint32_t Parity(uint32_t b, uint32_t c, uint32_t d) {
  return b ^ (c ^ d);
}
constexpr uint32_t Skew(uint32_t b, uint32_t c, uint32_t d) {
  return c ^ (b | ~d);
}

struct State {
  uint32_t a, b, c, d;
};

// What the four steps of a group have of their round: how far each one's word is from the group's first, and
// each one's rotation.
struct Group {
  uint32_t word[4];
  uint32_t rotation[4];
};

template <Mix mix, Group g>
[[gnu::always_inline]] inline void Md4Steps(State& s, const uint32_t* block, uint32_t first,
                                            uint32_t addend) {
  s.a = RotateLeft(s.a + block[first + g.word[0]] + addend + mix(s.b, s.c, s.d), g.rotation[0]);
  s.d = RotateLeft(s.d + block[first + g.word[1]] + addend + mix(s.a, s.b, s.c), g.rotation[1]);
  s.c = RotateLeft(s.c + block[first + g.word[2]] + addend + mix(s.d, s.a, s.b), g.rotation[2]);
  s.b = RotateLeft(s.b + block[first + g.word[3]] + addend + mix(s.c, s.d, s.a), g.rotation[3]);
}

void Md4Block(State& s, const uint32_t* block) {
#pragma GCC unroll 4
  for (uint32_t n = 0; n < 4; ++n) {
    Md4Steps<Choose, Group{{0, 1, 2, 3}, {3, 7, 11, 19}}>(s, block, 4 * n, kMdAddends[0]);
  }
#pragma GCC unroll 4
  for (uint32_t n = 0; n < 4; ++n) {
    Md4Steps<Majority, Group{{0, 4, 8, 12}, {3, 5, 9, 13}}>(s, block, n, kMdAddends[1]);
  }
#pragma GCC unroll 4
  for (uint32_t n = 0; n < 4; ++n) {  // from the words 0, 2, 1, 3
    Md4Steps<Parity, Group{{0, 8, 4, 12}, {3, 9, 11, 15}}>(s, block, n % 2 * 2 + n / 2, kMdAddends[2]);
  }
}

template <Mix mix, Group g>
[[gnu::always_inline]] inline void Md5Steps(State& s, const uint32_t* block, uint32_t first,
                                            const uint32_t* addends) {
  s.a = s.b +
        RotateLeft(s.a + block[(first + g.word[0]) % 16] + addends[0] + mix(s.b, s.c, s.d), g.rotation[0]);
  s.d = s.a +
        RotateLeft(s.d + block[(first + g.word[1]) % 16] + addends[1] + mix(s.a, s.b, s.c), g.rotation[1]);
  s.c = s.d +
        RotateLeft(s.c + block[(first + g.word[2]) % 16] + addends[2] + mix(s.d, s.a, s.b), g.rotation[2]);
  s.b = s.c +
        RotateLeft(s.b + block[(first + g.word[3]) % 16] + addends[3] + mix(s.c, s.d, s.a), g.rotation[3]);
}

void Md5Block(State& s, const uint32_t* block) {
  const uint32_t* addends = kMdAddends + 3;
#pragma GCC unroll 4
  for (uint32_t n = 0; n < 16; n += 4) {
    Md5Steps<Choose, Group{{0, 1, 2, 3}, {7, 12, 17, 22}}>(s, block, n, addends + n);
  }
#pragma GCC unroll 4
  for (uint32_t n = 0; n < 16; n += 4) {
    Md5Steps<ChooseByD, Group{{0, 5, 10, 15}, {5, 9, 14, 20}}>(s, block, 5 * n + 1, addends + 16 + n);
  }
#pragma GCC unroll 4
  for (uint32_t n = 0; n < 16; n += 4) {
    Md5Steps<Parity, Group{{0, 3, 6, 9}, {4, 11, 16, 23}}>(s, block, 3 * n + 5, addends + 32 + n);
  }
#pragma GCC unroll 4
  for (uint32_t n = 0; n < 16; n += 4) {
    Md5Steps<Skew, Group{{0, 7, 14, 21}, {6, 10, 15, 21}}>(s, block, 7 * n, addends + 48 + n);
  }
}

}  // namespace

void MdStream::Start(Algorithm algorithm) {
  state_[0] = 0x67452301;
  state_[1] = 0xefcdab89;
  state_[2] = 0x98badcfe;
  state_[3] = 0x10325476;
  length_ = 0;
  algorithm_ = algorithm;
}

void MdStream::Compress() {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  for (uint32_t& word : block_) word = __builtin_bswap32(word);
#endif
  State s = {state_[0], state_[1], state_[2], state_[3]};
  if (algorithm_ == kMd4) {
    Md4Block(s, block_);
  } else {
    Md5Block(s, block_);
  }
  state_[0] += s.a;
  state_[1] += s.b;
  state_[2] += s.c;
  state_[3] += s.d;
}

// The octets go through the object, not through a copy on the stack that nobody would wipe.
void MdStream::Update(const void* data, size_t size) {
  const uint8_t* rest = static_cast<const uint8_t*>(data);
  while (size != 0) {
    const uint32_t filled = length_ % 64;
    const uint32_t room = 64 - filled;
    const uint32_t part = size < room ? static_cast<uint32_t>(size) : room;
    Copy(reinterpret_cast<uint8_t*>(block_) + filled, rest, part);
    length_ += part;
    rest += part;
    size -= part;
    if (part == room) Compress();
  }
}

void MdStream::StartKeyed(const uint8_t key[16], uint8_t pad) {
  Start(kMd5);
  uint8_t* octets = reinterpret_cast<uint8_t*>(block_);
  Fill(octets, pad, 64);
  for (int n = 0; n < 16; ++n) octets[n] ^= key[n];
  length_ = 64;
  Compress();
}

void MdStream::Finish(uint8_t digest[16]) {
  uint8_t* octets = reinterpret_cast<uint8_t*>(block_);
  uint32_t filled = length_ % 64;
  octets[filled++] = 0x80;
  if (filled > 56) {
    Fill(octets + filled, 0, 64 - filled);
    Compress();
    filled = 0;
  }
  Fill(octets + filled, 0, 56 - filled);
  StoreU32le(octets + 56, length_ << 3);
  StoreU32le(octets + 60, length_ >> 29);
  Compress();
  for (size_t n = 0; n < 4; ++n) StoreU32le(digest + n * sizeof(uint32_t), state_[n]);
  Wipe(this, sizeof *this);
}

}  // namespace baresspi

#endif
