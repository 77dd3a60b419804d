// SPDX-License-Identifier: Apache-2.0
// MD4 and MD5 for speed: all steps of a block unrolled.
#include "config/baresspi_config.h"

#if BARESSPI_CRYPTO_FAST

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/crypto/md.h"
#include "core/crypto/md5_steps.h"
#include "core/crypto/rc4.h"

namespace baresspi {
namespace {

constexpr uint32_t kInnerPad = 0x36363636, kOuterPad = 0x5c5c5c5c;
constexpr uint32_t kFromInnerToOuter = kInnerPad ^ kOuterPad;

// Written so that b, which the step before has only just made, comes in as late as it can.
using Mix = uint32_t(uint32_t b, uint32_t c, uint32_t d);
constexpr uint32_t Choose(uint32_t b, uint32_t c, uint32_t d) {
  return d ^ (b & (c ^ d));
}
constexpr uint32_t Majority(uint32_t b, uint32_t c, uint32_t d) {
  return (c & d) | (b & (c | d));
}
constexpr uint32_t Parity(uint32_t b, uint32_t c, uint32_t d) {
  return b ^ (c ^ d);
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

#ifdef __OPTIMIZE_SIZE__

// One after the other, since two kinds of blocks more would be twice the flash.

struct Nothing {
  template <uint32_t step>
  void After() {}
};

void Md5Alone(uint32_t* state, const uint32_t* block) {
  Nothing nothing;
  Md5Block(state, block, nothing);
}

void Md5BothPads(uint32_t* state, uint32_t* outer, uint32_t* block) {
  Md5Alone(state, block);
  for (uint32_t n = 0; n < 16; ++n) block[n] ^= kFromInnerToOuter;
  Md5Alone(outer, block);
}

void Md5AndRc4(uint32_t* state, const uint32_t* block, CipherWork* work) {
  const size_t size = work->ready < 64 ? work->ready : 64;
  if (size != 0) work->cipher->Apply(work->data, size);
  work->data += size;
  work->ready -= size;
  Md5Alone(state, block);
}

#else

// The block of HMAC's other pad under the same key, in the same time.
struct OtherPad {
  const uint32_t* block;
  uint32_t v[4];

  template <uint32_t step>
  [[gnu::always_inline]] void After() {
    Md5Step<step>(v, block[Md5Word(step)] ^ kFromInnerToOuter);
  }
};

// RC4's next four octets after each fourth step, as long as there are as many.
struct Octets {
  Rc4Run run;
  uint8_t* data;
  uint32_t left;

  template <uint32_t step>
  [[gnu::always_inline]] void After() {
    if constexpr (step % 4 == 3) {
      if (left < 4) return;
      left -= 4;
      run.Four(data);
      data += 4;
    }
  }
};

void Md5BothPads(uint32_t* state, uint32_t* outer, const uint32_t* block) {
  OtherPad other = {block, {outer[0], outer[1], outer[2], outer[3]}};
  Md5Block(state, block, other);
  for (uint32_t n = 0; n < 4; ++n) outer[n] += other.v[n];
}

void Md5AndRc4(uint32_t* state, const uint32_t* block, CipherWork* work) {
  Octets octets = {Rc4Run(work->cipher), work->data,
                   work->ready < 64 ? static_cast<uint32_t>(work->ready) : 64};
  Md5Block(state, block, octets);
  work->ready -= static_cast<size_t>(octets.data - work->data);
  work->data = octets.data;
  octets.run.Keep(work->cipher);
}

#endif

constexpr uint32_t kInitial[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

// What was octets, as words.
inline void ToWords([[maybe_unused]] uint32_t* block) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  for (uint32_t n = 0; n < 16; ++n) block[n] = __builtin_bswap32(block[n]);
#endif
}

}  // namespace

void MdStream::Start(Algorithm algorithm) {
  for (uint32_t n = 0; n < 4; ++n) state_[n] = kInitial[n];
  length_ = 0;
  algorithm_ = algorithm;
}

void MdStream::Compress(CipherWork* beside) {
  ToWords(block_);
  if (algorithm_ == kMd4) {
    State s = {state_[0], state_[1], state_[2], state_[3]};
    Md4Block(s, block_);
    state_[0] += s.a;
    state_[1] += s.b;
    state_[2] += s.c;
    state_[3] += s.d;
    return;
  }
  CipherWork none = {nullptr, nullptr, 0};
  Md5AndRc4(state_, block_, beside != nullptr ? beside : &none);
}

// The octets go through the object, not through a copy on the stack that nobody would wipe.
void MdStream::UpdateBeside(const void* data, size_t size, CipherWork* beside) {
  const uint8_t* rest = static_cast<const uint8_t*>(data);
  while (size != 0) {
    const uint32_t filled = length_ % 64;
    const uint32_t room = 64 - filled;
    const uint32_t part = size < room ? static_cast<uint32_t>(size) : room;
    Copy(reinterpret_cast<uint8_t*>(block_) + filled, rest, part);
    length_ += part;
    rest += part;
    size -= part;
    if (part == room) Compress(beside);
  }
}

void MdStream::Update(const void* data, size_t size) {
  UpdateBeside(data, size, nullptr);
}

// Whole words are written wherever whole words are read next: a word made of what several stores have left
// has to wait until the last of them is through.

void MdStream::StartKeyed(const uint8_t key[16], uint32_t outer[4]) {
  Start(kMd5);
  for (size_t n = 0; n < 16; ++n) block_[n] = kInnerPad ^ (n < 4 ? LoadU32le(key + 4 * n) : 0);
  length_ = 64;
  for (uint32_t n = 0; n < 4; ++n) outer[n] = kInitial[n];
  Md5BothPads(state_, outer, block_);
}

void MdStream::Pad(CipherWork* beside) {
  uint8_t* octets = reinterpret_cast<uint8_t*>(block_);
  const uint32_t bits = length_ % 4 * 8;
  uint32_t filled = length_ % 64 - length_ % 4;
  StoreU32le(octets + filled, (LoadU32le(octets + filled) & ~(~0U << bits)) | 0x80U << bits);
  filled += 4;
  if (filled > 56) {
    Fill(octets + filled, 0, 64 - filled);
    Compress(beside);
    filled = 0;
  }
  Fill(octets + filled, 0, 56 - filled);
  StoreU32le(octets + 56, length_ << 3);
  StoreU32le(octets + 60, length_ >> 29);
  Compress(beside);
}

void MdStream::HashFrom(const uint32_t outer[4], CipherWork* beside) {
  uint8_t* octets = reinterpret_cast<uint8_t*>(block_);
  for (size_t n = 0; n < 4; ++n) StoreU32le(octets + 4 * n, state_[n]);
  for (size_t n = 0; n < 4; ++n) state_[n] = outer[n];
  length_ = 64 + 16;
  Pad(beside);
}

void MdStream::Take(uint8_t digest[16]) const {
  for (size_t n = 0; n < 4; ++n) StoreU32le(digest + n * sizeof(uint32_t), state_[n]);
}

void MdStream::Finish(uint8_t digest[16]) {
  Pad(nullptr);
  Take(digest);
  Wipe(this, sizeof *this);
}

}  // namespace baresspi

#endif
