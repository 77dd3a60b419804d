// SPDX-License-Identifier: Apache-2.0
// DER (X.690), as much of it as tokens need: definite lengths, one-octet tags. The elements of one level are
// taken off its front one by one; a level is opened by putting its content in its place, so that depth is
// what the caller's code has, and nothing recurses.
#pragma once

#include "core/base/span.h"

namespace baresspi {

enum DerTag : uint8_t {
  kDerBoolean = 0x01,
  kDerInteger = 0x02,
  kDerOctetString = 0x04,
  kDerOid = 0x06,
  kDerEnumerated = 0x0A,
  kDerGeneralString = 0x1B,
  kDerSequence = 0x30,
  kDerApplication0 = 0x60,
  kDerContext0 = 0xA0,  // constructed; kDerContext0 + n is [n]
};

// Takes the next element off a level: its content, and returns its tag. Negative at the level's end, and
// where something is no element: then nothing is taken, so that level->empty() tells which. Lengths of up to
// four octets are read even where they are not minimal (some write such); indefinite ones are no lengths.
[[nodiscard]] int DerNext(Bytes* level, Bytes* content);

// The same where the next element has this tag; else nothing is taken..
[[nodiscard]] bool DerTake(Bytes* level, uint8_t tag, Bytes* content);

// Puts the content of an element that is the whole of a level in the level's place. False when it is another
// one, or not the whole; what the level is then means nothing.
[[nodiscard]] bool DerOpen(Bytes* level, uint8_t tag);

// Writes an element's tag, and its length in the shortest form, before its content, which lies from at to
// end: tokens are written backwards, so that every length is known when its turn comes. Returns where the
// element begins, at most 6 octets further down (for a content below 4 GiB).
uint8_t* DerPrepend(uint8_t* at, const uint8_t* end, uint8_t tag);

}  // namespace baresspi
