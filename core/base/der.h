// SPDX-License-Identifier: Apache-2.0
// DER (X.690), as much of it as tokens need: definite lengths, one-octet tags. A reader walks the elements of
// one level; the caller opens a level by reading its content, so that depth is what the caller's code has,
// and nothing recurses.
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

class DerReader {
 public:
  explicit DerReader(const Bytes& level) : rest_(level) {}

  // The next element's tag and content. False at the end of the level, and once the reader has failed: ok()
  // tells which. Lengths of up to four octets are read even where they are not minimal (some write such);
  // indefinite ones fail.
  [[nodiscard]] bool Next(uint8_t* tag, Bytes* content);
  // The next element, when it has this tag; else the reader stays where it is, and *content is empty.
  [[nodiscard]] bool Take(uint8_t tag, Bytes* content);

  Bytes rest() const { return rest_; }
  bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  Bytes rest_;
  bool ok_ = true;
};

// The content of an element that is the whole of a level; false when it is another one, or not the whole.
// content may be &level.
[[nodiscard]] bool DerOnly(const Bytes& level, uint8_t tag, Bytes* content);

// Writes an element's tag, and its length in the shortest form, before its content, which lies from at to
// end: tokens are written backwards, so that every length is known when its turn comes. Returns where the
// element begins, at most 6 octets further down (for a content below 4 GiB).
uint8_t* DerPrepend(uint8_t* at, const uint8_t* end, uint8_t tag);

}  // namespace baresspi
