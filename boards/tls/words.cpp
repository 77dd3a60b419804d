// SPDX-License-Identifier: Apache-2.0
#include "boards/tls/words.h"

namespace tls {

bool Piece::Is(const char* other) const {
  size_t i = 0;
  for (; i < length && other[i] == text[i]; ++i) {
    if (other[i] == 0) return false;
  }
  return i == length && other[i] == 0;
}

Words::Words(char* line) {
  token::SplitWords(line, words_, kMost);
  while (count_ < kMost && words_[count_][0] != 0) ++count_;
}

const char* Words::Next(const char* name, size_t* at) const {
  while (*at < count_) {
    const char* word = words_[(*at)++];
    size_t i = 0;
    while (name[i] != 0 && word[i] == name[i]) ++i;
    if (name[i] == 0 && word[i] == '=') return word + i + 1;
  }
  return nullptr;
}

const char* Words::Value(const char* name) const {
  size_t at = 0;
  return Next(name, &at);
}

bool TakeItem(const char** list, char separator, Piece* item) {
  const char* end = *list;
  if (end == nullptr) return false;
  while (*end != 0 && *end != separator) ++end;
  *item = {*list, static_cast<size_t>(end - *list)};
  *list = *end == 0 ? nullptr : end + 1;
  return true;
}

bool ParseNumber(const Piece& text, uint32_t* number) {
  uint64_t value = 0;
  for (size_t i = 0; i < text.length; ++i) {
    if (text.text[i] < '0' || text.text[i] > '9') return false;
    value = value * 10 + static_cast<uint64_t>(text.text[i] - '0');
    if (value > 0xFFFFFFFFu) return false;
  }
  *number = static_cast<uint32_t>(value);
  return text.length > 0;
}

bool ParseHexNumber(const Piece& text, uint32_t* number) {
  *number = 0;
  for (size_t i = 0; i < text.length; ++i) {
    const char c = text.text[i];
    uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<uint32_t>(c - 'a') + 10;
    } else {
      return false;
    }
    *number = *number << 4 | digit;
  }
  return text.length > 0 && text.length <= 8;
}

bool ParseBits(const BitName* table, size_t count, const char* list, uint32_t* bits) {
  *bits = 0;
  Piece item;
  while (TakeItem(&list, ',', &item)) {
    size_t i = 0;
    while (i < count && !item.Is(table[i].name)) ++i;
    if (i == count && !item.Is("none")) return false;
    if (i < count) *bits |= table[i].bits;
  }
  return true;
}

}  // namespace tls
