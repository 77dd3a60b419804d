// SPDX-License-Identifier: Apache-2.0
// The words of a command: by place, and as name=value in any order.
#pragma once

#include "boards/token/text.h"

namespace tls {

using token::Octets;

// A part of a word.
struct Piece {
  const char* text = nullptr;
  size_t length = 0;

  bool Is(const char* other) const;
};

inline Piece Whole(const char* text) {
  return {text, token::Length(text)};
}

class Words {
 public:
  static constexpr size_t kMost = 24;

  // Splits the line in place.
  explicit Words(char* line);
  const char* operator[](size_t at) const { return at < count_ ? words_[at] : ""; }
  size_t count() const { return count_; }

  // What stands behind "name=" in the first word of that form from *at on, which *at then is behind; nullptr:
  // there is none.
  const char* Next(const char* name, size_t* at) const;
  const char* Value(const char* name) const;

 private:
  const char* words_[kMost];
  size_t count_ = 0;
};

// Takes the next item of a list off its front. False: the list is over.
bool TakeItem(const char** list, char separator, Piece* item);

// Decimal digits alone, below 2^32. False: something else.
bool ParseNumber(const Piece& text, uint32_t* number);
// Hexadecimal digits.
bool ParseHexNumber(const Piece& text, uint32_t* number);

// Names for bits, as flags=a,b,.. has them.
struct BitName {
  const char* name;
  uint32_t bits;
};
// False: a name that is not in the table. "none" is the empty list.
bool ParseBits(const BitName* table, size_t count, const char* list, uint32_t* bits);

}  // namespace tls
