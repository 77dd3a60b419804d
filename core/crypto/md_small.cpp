// SPDX-License-Identifier: Apache-2.0
// MD4 and MD5 in as little flash as we could: one rolled loop of steps for both.
#include "config/baresspi_config.h"

#if !BARESSPI_CRYPTO_FAST

#include "core/base/memory.h"
#include "core/crypto/md.h"

namespace baresspi {
namespace {

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
constexpr uint32_t kSwap = 3;
#else
constexpr uint32_t kSwap = 0;
#endif

constexpr uint32_t kSines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

// Shifts of step n of a round, four rounds of MD5, then three of MD4.
constexpr uint8_t kShifts[7][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21},
                                   {3, 7, 11, 19},  {3, 5, 9, 13},  {3, 9, 11, 15}};
constexpr uint8_t kReversed[16] = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};

constexpr uint32_t Choose(uint32_t x, uint32_t y, uint32_t z) {
  return z ^ (x & (y ^ z));
}

}  // namespace

void MdStream::Start(uint32_t steps) {
  state_[0] = 0x67452301;
  state_[1] = 0xefcdab89;
  state_[2] = 0x98badcfe;
  state_[3] = 0x10325476;
  length_ = 0;
  steps_ = steps;
}

void MdStream::Compress() {
  uint32_t a = state_[0], b = state_[1], c = state_[2], d = state_[3];
  const bool md5 = steps_ == 64;
  for (uint32_t i = 0; i < steps_; ++i) {
    const uint32_t round = i / 16;
    uint32_t f, g, k = kSines[i];
    switch (round) {
      case 0:
        f = Choose(b, c, d);
        g = i;
        if (!md5) k = 0;
        break;
      case 1:
        f = md5 ? Choose(d, b, c) : Choose(b ^ c, d, b);
        g = md5 ? 5 * i + 1 : 4 * i + (i % 16) / 4;
        if (!md5) k = 0x5a827999;
        break;
      case 2:
        f = b ^ c ^ d;
        g = md5 ? 3 * i + 5 : kReversed[i % 16];
        if (!md5) k = 0x6ed9eba1;
        break;
      default:
        f = c ^ (b | ~d);
        g = 7 * i;
    }
    f += a + k + words_[g % 16];
    const uint32_t shift = kShifts[md5 ? round : round + 4][i % 4];
    f = (f << shift) | (f >> (32 - shift));
    if (md5) f += b;
    a = d;
    d = c;
    c = b;
    b = f;
  }
  state_[0] += a;
  state_[1] += b;
  state_[2] += c;
  state_[3] += d;
}

void MdStream::Append(uint8_t octet) {
  reinterpret_cast<uint8_t*>(words_)[(length_ % 64) ^ kSwap] = octet;
  if (++length_ % 64 == 0) Compress();
}

void MdStream::Update(const void* data, size_t size) {
  const uint8_t* p = static_cast<const uint8_t*>(data);
  for (; size != 0; --size) Append(*p++);
}

void MdStream::Finish(uint8_t digest[16]) {
  const uint32_t length = length_;
  uint8_t padding = 0x80;
  do {
    Append(padding);
    padding = 0;
  } while (length_ % 64 != 56);
  words_[14] = length << 3;
  words_[15] = length >> 29;
  Compress();
  for (uint32_t i = 0; i < 16; ++i) digest[i] = reinterpret_cast<uint8_t*>(state_)[i ^ kSwap];
  Wipe(this, sizeof *this);
}

}  // namespace baresspi

#endif
