// SPDX-License-Identifier: Apache-2.0
// MD4 and MD5 in as little flash as we could: one rolled loop of steps, and three rounds and four rounds in
// one table.
#include "config/baresspi_config.h"

#if !BARESSPI_CRYPTO_FAST

#include "core/base/memory.h"
#include "core/crypto/md.h"
#include "core/crypto/md_tables.h"

namespace baresspi {
namespace {

// The block is kept as words of the machine, so that no step has to assemble one: octet n of it is at n ^
// kSwap.
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
constexpr uint32_t kSwap = 3;
#else
constexpr uint32_t kSwap = 0;
#endif

constexpr struct {
  // How far each fourth step of a round rotates to the right: 32 less the shift to the left that the RFCs
  // give.
  uint8_t rotations[7][4];
  // The order in which MD4's last round takes the words: the step's number with its bits reversed.
  uint8_t reversed[16];
} kSteps = {{{29, 25, 21, 13},
             {29, 27, 23, 19},
             {29, 23, 21, 17},
             {25, 20, 15, 10},
             {27, 23, 18, 12},
             {28, 21, 16, 9},
             {26, 22, 17, 11}},
            {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}};

constexpr uint32_t Choose(uint32_t x, uint32_t y, uint32_t z) {
  return z ^ (x & (y ^ z));
}

}  // namespace

void MdStream::Start(Algorithm algorithm) {
  // 01 23 45 67 89 ab cd ef fe dc ba 98 76 54 32 10: counted, since the four words would be larger as
  // constants.
  uint8_t* octets = reinterpret_cast<uint8_t*>(state_);
  uint8_t octet = 0x01;
  for (uint32_t n = 0; n < 8; ++n) {
    octets[n ^ kSwap] = octet;
    octets[(n + 8) ^ kSwap] = static_cast<uint8_t>(~octet);
    octet = static_cast<uint8_t>(octet + 0x22);
  }
  length_ = 0;
  algorithm_ = algorithm;
}

void MdStream::Compress() {
  uint32_t a = state_[0], b = state_[1], c = state_[2], d = state_[3];
  uint32_t round = algorithm_;
  const uint32_t* addend = kMdAddends + round;
  do {
    uint32_t step = 0;
    do {
      uint32_t f, word = step;
      switch (round) {
        case 0:
        case 3:
          f = Choose(b, c, d);
          break;
        case 1:
          f = Choose(b ^ c, d, b);  // the majority of the three
          word = 4 * step + step / 4;
          break;
        case 4:
          f = Choose(d, b, c);
          word = 5 * step + 1;
          break;
        case 5:
          f = b ^ c ^ d;
          word = 3 * step + 5;
          break;
        case 6:
          f = c ^ (b | ~d);
          word = 7 * step;
          break;
        default:
          f = b ^ c ^ d;
          word = kSteps.reversed[step];
      }
      f += a + *addend + block_[word % 16];
      const uint32_t rotation = kSteps.rotations[round][step % 4];
      f = (f >> rotation) | (f << (32 - rotation));
      if (round >= kMd5) {
        f += b;
        ++addend;
      }
      a = d;
      d = c;
      c = b;
      b = f;
    } while (++step != 16);
    if (round < kMd5) ++addend;
  } while (++round % 4 != 3);  // 3 ends MD4, 7 ends MD5

  // Volatile has them read once more. Without it compilers keep the four from the start to here, and spill
  // others.
  volatile uint32_t* state = state_;
  state[0] = state[0] + a;
  state[1] = state[1] + b;
  state[2] = state[2] + c;
  state[3] = state[3] + d;
}

void MdStream::Append(uint8_t octet) {
  reinterpret_cast<uint8_t*>(block_)[(length_ % 64) ^ kSwap] = octet;
  if (++length_ % 64 == 0) Compress();
}

void MdStream::Update(const void* data, size_t size) {
  const uint8_t* p = static_cast<const uint8_t*>(data);
  for (; size != 0; --size) Append(*p++);
}

void MdStream::StartKeyed(const uint8_t key[16], uint8_t pad) {
  Start(kMd5);
  for (uint32_t n = 0; n < 16; ++n) Append(static_cast<uint8_t>(key[n] ^ pad));
  do Append(pad);
  while (length_ != sizeof block_);
}

void MdStream::Finish(uint8_t digest[16]) {
  const uint32_t length = length_;
  uint8_t padding = 0x80;
  do {
    Append(padding);
    padding = 0;
  } while (length_ % 64 != 56);
  block_[14] = length << 3;
  block_[15] = length >> 29;
  Compress();
  if (kSwap == 0) Copy(digest, state_, 16);
  for (uint32_t n = 0; kSwap != 0 && n < 16; ++n) digest[n] = reinterpret_cast<uint8_t*>(state_)[n ^ kSwap];
  Wipe(this, sizeof *this);
}

}  // namespace baresspi

#endif
