// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/rc4.h"

#include "config/baresspi_config.h"
#include "core/base/byte_reader.h"

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

// i and j stay in registers: through the members each octet would wait until those of the octet before it are
// stored. Both are as wide as an address, so that an index needs no conversion.
namespace {

// The next octet of the key stream. place is where i is in the table s.
[[gnu::always_inline]] inline uint8_t Next(uint8_t* s, uint8_t* place, size_t& j) {
  const size_t si = *place;
  j = (j + si) & 0xff;
  const size_t sj = s[j];
  s[j] = static_cast<uint8_t>(si);
  *place = static_cast<uint8_t>(sj);
  return s[(si + sj) & 0xff];
}

// Four of them, the first one lowest, as LoadU32le reads them.
[[gnu::always_inline]] inline uint32_t NextFour(uint8_t* s, uint8_t* place, size_t& j) {
  uint32_t stream = Next(s, place, j);
  stream |= static_cast<uint32_t>(Next(s, place + 1, j)) << 8;
  stream |= static_cast<uint32_t>(Next(s, place + 2, j)) << 16;
  return stream | static_cast<uint32_t>(Next(s, place + 3, j)) << 24;
}

}  // namespace

void Rc4::Key(const uint8_t* key, size_t size) {
  uint8_t* const table = s;
  for (size_t n = 0; n < sizeof s; ++n) table[n] = static_cast<uint8_t>(n);
  size_t y = 0, k = 0;
  for (uint8_t* place = table; place != table + sizeof s; ++place) {
    y += key[k];
    Next(table, place, y);
    if (++k == size) k = 0;
  }
  i = j = 0;
}

void Rc4::Apply(uint8_t* data, size_t size) {
  uint8_t* const table = s;
  size_t next = (i + 1U) & 0xff, y = j;
  for (uint8_t* const end = data + size; data != end;) {
    if (next % 8 == 0 && end - data >= 8) {  // so that the eight do not cross the table's end
      uint8_t* const place = table + next;
      StoreU32le(data, LoadU32le(data) ^ NextFour(table, place, y));
      StoreU32le(data + 4, LoadU32le(data + 4) ^ NextFour(table, place + 4, y));
      data += 8;
      next = (next + 8) & 0xff;
    } else {
      *data = static_cast<uint8_t>(*data ^ Next(table, table + next, y));
      ++data;
      next = (next + 1) & 0xff;
    }
  }
  i = static_cast<uint8_t>(next - 1);
  j = static_cast<uint8_t>(y);
}

#else

void Rc4::Key(const uint8_t* key, size_t size) {
  i = 0;
  do s[i] = i;
  while (++i != 0);
  j = 0;
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
