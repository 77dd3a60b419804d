// SPDX-License-Identifier: Apache-2.0
#include "core/base/upcase.h"

#include <stdint.h>

#include "config/baresspi_config.h"

namespace baresspi {
namespace {

// Runs of small letters in octets of these forms (as a struct they would be twice as large):
//   PAGE, 0             what follows is in this page of 256 units: a first unit is given by its low octet
//   FIRST, n            n small letters, each between its capital and the next letter's: first, first + 2,
//   ... FIRST, kBy | n, d   n small letters in a row, each with its capital d units lower FIRST, kUp | n, d
//   likewise, d units higher
// They are in the order of their letters.
constexpr uint8_t kBy = 0x80;
constexpr uint8_t kUp = 0xc0;
constexpr uint8_t kHigher = kUp ^ kBy;
constexpr uint8_t kCount = 0x3f;

// clang-format off
constexpr uint8_t kRuns[] = {
    // Basic Latin, Latin-1
    0x61, kBy | 26, 32,  0xe0, kBy | 23, 32,  0xf8, kBy | 7, 32,  0xff, kUp | 1, 121,
    // Latin Extended-A
    0x01, 0,
    0x01, 24,  0x33, 3,  0x3a, 8,  0x4b, 23,  0x7a, 3,
#if BARESSPI_UNICODE_FULL
    // Latin Extended-B, but for what is Vietnamese
    0x83, 2,  0x88, 1,  0x8c, 1,  0x92, 1,  0x99, 1,
#endif
    // o with horn and the two letters after it, u with horn
    0xa1, 3,
#if BARESSPI_UNICODE_FULL
    0xa8, 1,  0xad, 1,
#endif
    0xb0, 1,
#if BARESSPI_UNICODE_FULL
    0xb4, 2,  0xb9, 1,  0xbd, 1,
    0xc6, kBy | 1, 2,  0xc9, kBy | 1, 2,  0xcc, kBy | 1, 2,  0xce, 8,  0xdd, kBy | 1, 79,
    0xdf, 9,  0xf3, kBy | 1, 2,  0xf5, 1,  0xfb, 3,
    // Latin Extended-B, continued, and IPA Extensions
    0x02, 0,
    0x01, 12,
    0x53, kBy | 1, 210,  0x54, kBy | 1, 206,  0x56, kBy | 2, 205,  0x59, kBy | 1, 202,  0x5b, kBy | 1, 203,
    0x60, kBy | 1, 205,  0x63, kBy | 1, 207,  0x68, kBy | 1, 209,  0x69, kBy | 1, 211,  0x6f, kBy | 1, 211,
    0x72, kBy | 1, 213,  0x75, kBy | 1, 214,  0x83, kBy | 1, 218,  0x88, kBy | 1, 218,  0x8a, kBy | 2, 217,
    0x92, kBy | 1, 219,
#endif
    // Greek; final sigma (0xc2) is one unit lower than the sigma that it shares its capital with
    0x03, 0,
    0xac, kBy | 1, 38,  0xad, kBy | 3, 37,  0xb1, kBy | 17, 32,  0xc2, kBy | 1, 31,  0xc3, kBy | 9, 32,
    0xcc, kBy | 1, 64,  0xcd, kBy | 2, 63,
#if BARESSPI_UNICODE_FULL
    // Coptic
    0xe3, 7,
#endif
    // Cyrillic
    0x04, 0,
    0x30, kBy | 32, 32,  0x51, kBy | 12, 80,  0x5e, kBy | 2, 80,
#if BARESSPI_UNICODE_FULL
    0x61, 17,
#endif
    0x91, 24,
#if BARESSPI_UNICODE_FULL
    0xc2, 2,  0xc8, 1,  0xcc, 1,
#endif
    0xd1, 14,
#if BARESSPI_UNICODE_FULL
    0xef, 4,  0xf9, 1,
#endif
    // Armenian
    0x05, 0,
    0x61, kBy | 38, 48,
    // Latin Extended Additional, whose second part is Vietnamese
    0x1e, 0,
#if BARESSPI_UNICODE_FULL
    0x01, 63,  0x7f, 12,
#endif
    0xa1, 45,
#if BARESSPI_UNICODE_FULL
    // Greek Extended
    0x1f, 0,
    0x00, kUp | 8, 8,  0x10, kUp | 6, 8,  0x20, kUp | 8, 8,  0x30, kUp | 8, 8,  0x40, kUp | 6, 8,
    0x51, kUp | 1, 8,  0x53, kUp | 1, 8,  0x55, kUp | 1, 8,  0x57, kUp | 1, 8,  0x60, kUp | 8, 8,
    0x70, kUp | 2, 74,  0x72, kUp | 4, 86,  0x76, kUp | 2, 100,  0x78, kUp | 2, 128,  0x7a, kUp | 2, 112,
    0x7c, kUp | 2, 126,  0xb0, kUp | 2, 8,  0xd0, kUp | 2, 8,  0xe0, kUp | 2, 8,  0xe5, kUp | 1, 7,
    // Roman numerals, circled letters
    0x21, 0,
    0x70, kBy | 16, 16,
    0x24, 0,
    0xd0, kBy | 26, 26,
#endif
    // Fullwidth Latin
    0xff, 0,
    0x41, kBy | 26, 32,
    // The end: the last unit of all, which is its own capital
    0xff, kBy | 1, 0,
};
// clang-format on

}  // namespace

char16_t UpCase(char16_t c) {
  uint32_t page = 0;
  for (const uint8_t* p = kRuns;;) {
    const uint32_t first = *p++;
    const uint32_t rule = *p++;
    if (rule == 0) {
      page = first << 8;
      continue;
    }
    uint32_t index = c - (page + first);
    if (index >> 31 != 0) return c;  // what follows is beyond c
    uint32_t down = 1;
    if ((rule & kBy) != 0) {
      down = *p++;
      if ((rule & kHigher) != 0) down = 0U - down;
    } else {
      index = (index >> 1) | (index << 31);  // an odd one is between two small letters: far out
    }
    if (index < (rule & kCount)) return static_cast<char16_t>(c - down);
  }
}

}  // namespace baresspi
