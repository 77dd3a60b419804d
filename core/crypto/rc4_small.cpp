// SPDX-License-Identifier: Apache-2.0
// RC4 in as little flash as we could.
#include "config/baresspi_config.h"

#if !BARESSPI_CRYPTO_FAST

#include "core/crypto/rc4.h"

namespace baresspi {
namespace {

// Exchanges s[x] and s[y] and returns their sum: the place of the key octet in the table.
uint8_t Swap(uint8_t* s, uint8_t x, uint8_t y) {
  const uint8_t sx = s[x], sy = s[y];
  s[x] = sy;
  s[y] = sx;
  return static_cast<uint8_t>(sx + sy);
}

}  // namespace

void Rc4::Key(const uint8_t* key, size_t size) {
  for (uint32_t n = 0; n < 256; ++n) s[n] = static_cast<uint8_t>(n);
  i = j = 0;
  size_t k = 0;
  do {
    j = static_cast<uint8_t>(j + s[i] + key[k]);
    Swap(s, i, j);
    if (++k == size) k = 0;
  } while (++i != 0);
  j = 0;
}

void Rc4::Apply(uint8_t* data, size_t size) {
  for (size_t n = 0; n < size; ++n) {
    ++i;
    j = static_cast<uint8_t>(j + s[i]);
    data[n] ^= s[Swap(s, i, j)];
  }
}

void Rc4::Rewind(uint8_t* data, size_t size) {
  for (size_t n = size; n != 0;) {
    --n;
    data[n] ^= s[Swap(s, i, j)];
    j = static_cast<uint8_t>(j - s[i]);
    --i;
  }
}

}  // namespace baresspi

#endif
