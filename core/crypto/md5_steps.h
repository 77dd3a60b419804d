// SPDX-License-Identifier: Apache-2.0
// The 64 steps of MD5's block (RFC 1321, 3.4), unrolled, with something else between them: each step waits
// for the one before it, so that a processor that does several things at once has time to spare.
//
// BARESSPI_CRYPTO_FAST 1 alone.
#pragma once

#include "core/crypto/md_tables.h"

namespace baresspi {

constexpr uint32_t RotateLeft(uint32_t x, uint32_t n) {
  return (x << n) | (x >> (32 - n));
}

// How far each fourth step of a round rotates to the left.
inline constexpr uint8_t kMd5Rotations[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

// The word of the block that a step takes.
constexpr uint32_t Md5Word(uint32_t step) {
  constexpr uint32_t kFactors[4] = {1, 5, 3, 7};
  constexpr uint32_t kFirst[4] = {0, 1, 5, 0};
  return (kFactors[step / 16] * step + kFirst[step / 16]) % 16;
}

// v is a, b, c, d; instead of them, their parts go round. What depends on b, which the step before has only
// just made, comes in as late as it can. The empty statements keep the compiler from another order: clang
// would add the constant last and make one expression of the second round's two.
template <uint32_t step>
[[gnu::always_inline]] inline void Md5Step(uint32_t (&v)[4], uint32_t word) {
  uint32_t& a = v[(64 - step) % 4];
  const uint32_t b = v[(65 - step) % 4], c = v[(66 - step) % 4], d = v[(67 - step) % 4];
  uint32_t sum = a + word + kMdAddends[3 + step];
  __asm__("" : "+r"(sum));
  if constexpr (step < 16) {
    sum += d ^ (b & (c ^ d));
  } else if constexpr (step < 32) {
    sum += c & ~d;
    __asm__("" : "+r"(sum));
    sum += b & d;
  } else if constexpr (step < 48) {
    sum += b ^ (c ^ d);
  } else {
    sum += c ^ (b | ~d);
  }
  a = b + RotateLeft(sum, kMd5Rotations[step / 16][step % 4]);
}

// Calls beside.After<n>() after each step n.
template <uint32_t step, typename Beside>
[[gnu::always_inline]] inline void Md5Steps(uint32_t (&v)[4], const uint32_t* block, Beside& beside) {
  Md5Step<step>(v, block[Md5Word(step)]);
  beside.template After<step>();
  if constexpr (step < 63) Md5Steps<step + 1>(v, block, beside);
}

// state += what 64 steps make of it. block: in the machine's order.
template <typename Beside>
[[gnu::always_inline]] inline void Md5Block(uint32_t* state, const uint32_t* block, Beside& beside) {
  uint32_t v[4] = {state[0], state[1], state[2], state[3]};
  Md5Steps<0>(v, block, beside);
  for (uint32_t n = 0; n < 4; ++n) state[n] += v[n];
}

}  // namespace baresspi
