// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/rc4.h"

namespace baresspi {
namespace {

// Exchanges s[x] and s[y]; their sum is the place of the key octet.
inline uint8_t Swap(uint8_t* s, uint8_t x, uint8_t y) {
  const uint8_t sx = s[x], sy = s[y];
  s[x] = sy;
  s[y] = sx;
  return static_cast<uint8_t>(sx + sy);
}

}  // namespace

#if BARESSPI_CRYPTO_FAST

namespace {

// Exchanges an octet of the table for the one that it, the key's octet and all before them lead to, whose
// place is y then.
[[gnu::always_inline]] inline uint32_t Shuffle(uint8_t* s, uint8_t* octet, uint32_t y, uint32_t key_octet) {
  const uint32_t before = *octet;
  y = (y + before + key_octet) & 0xff;
  *octet = s[y];
  s[y] = static_cast<uint8_t>(before);
  return y;
}

}  // namespace

void Rc4::Key(const uint8_t* key, size_t size) {
  uint32_t four = 0x03020100;
  for (uint32_t n = 0; n != sizeof s; n += 4, four += 0x04040404) StoreU32le(s + n, four);
  uint32_t y = 0;
  for (uint8_t *octet = s, *const end = s + sizeof s; octet != end;) {
    const uint8_t* k = key;
    size_t left = static_cast<size_t>(end - octet) < size ? static_cast<size_t>(end - octet) : size;
    for (; left >= 4; left -= 4, octet += 4, k += 4) {
      y = Shuffle(s, octet, y, k[0]);
      y = Shuffle(s, octet + 1, y, k[1]);
      y = Shuffle(s, octet + 2, y, k[2]);
      y = Shuffle(s, octet + 3, y, k[3]);
    }
    for (; left != 0; --left) y = Shuffle(s, octet++, y, *k++);
  }
  i = j = 0;
}

void Rc4::Apply(uint8_t* data, size_t size) {
  Rc4Run run(this);
  for (; size >= 4; data += 4, size -= 4) run.Four(data);
  for (; size != 0; ++data, --size) *data = static_cast<uint8_t>(*data ^ run.Next());
  run.Keep(this);
}

#else

void Rc4::Key(const uint8_t* key, size_t size) {
  uint32_t n = 0;
  do s[n] = static_cast<uint8_t>(n);
  while (++n != sizeof s);
  uint32_t y = 0;
  size_t k = 0;
  n = 0;
  do {
    y = static_cast<uint8_t>(y + s[n] + key[k]);
    Swap(s, static_cast<uint8_t>(n), static_cast<uint8_t>(y));
    if (++k == size) k = 0;
  } while (++n != sizeof s);
  i = j = 0;
}

void Rc4::Apply(uint8_t* data, size_t size) {
  for (size_t n = 0; n < size; ++n) {
    ++i;
    j = static_cast<uint8_t>(j + s[i]);
    data[n] ^= s[Swap(s, i, j)];
  }
}

#endif

void Rc4::Rewind(uint8_t* data, size_t size) {
  for (size_t n = size; n != 0;) {
    --n;
    // The key octet comes before the exchange is undone: it may be one of the two.
    data[n] ^= s[static_cast<uint8_t>(s[i] + s[j])];
    Swap(s, i, j);
    j = static_cast<uint8_t>(j - s[i]);
    --i;
  }
}

}  // namespace baresspi
