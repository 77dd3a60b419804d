// SPDX-License-Identifier: Apache-2.0
#include "boards/http/text.h"

namespace http {
namespace {

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kHex[] = "0123456789abcdef";

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

int Base64Value(char digit) {
  for (int i = 0; i < 64; ++i) {
    if (kBase64[i] == digit) return i;
  }
  return -1;
}

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

bool Equal(Text a, Text b) {
  if (a.size != b.size) return false;
  size_t i = 0;
  while (i < a.size && a[i] == b[i]) ++i;
  return i == a.size;
}

bool EqualIgnoringCase(Text a, Text b) {
  return a.size == b.size && StartsWithIgnoringCase(a, b);
}

bool StartsWithIgnoringCase(Text text, Text start) {
  if (text.size < start.size) return false;
  size_t i = 0;
  while (i < start.size && Lower(text[i]) == Lower(start[i])) ++i;
  return i == start.size;
}

Text Trim(Text text) {
  while (!text.empty() && IsBlank(text[0])) text = text.From(1);
  while (!text.empty() && IsBlank(text[text.size - 1])) --text.size;
  return text;
}

bool ParseNumber(Text text, uint32_t most, uint32_t* value) {
  uint32_t sum = 0;
  for (size_t i = 0; i < text.size; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    const auto digit = static_cast<uint32_t>(text[i] - '0');
    if (digit > most || sum > (most - digit) / 10) return false;
    sum = sum * 10 + digit;
  }
  *value = sum;
  return !text.empty();
}

bool DecodeBase64(Text text, uint8_t* octets, size_t room, size_t* size) {
  if (text.size % 4 != 0) return false;
  size_t padding = 0;
  while (padding < 2 && padding < text.size && text[text.size - 1 - padding] == '=') ++padding;
  const size_t length = text.size / 4 * 3 - padding;
  if (length > room) return false;
  uint32_t bits = 0;
  size_t written = 0;
  for (size_t i = 0; i < text.size; ++i) {
    const int value = i < text.size - padding ? Base64Value(text[i]) : 0;
    if (value < 0) return false;
    bits = (bits << 6) | static_cast<uint32_t>(value);
    if (i % 4 != 3) continue;
    for (int shift = 16; shift >= 0 && written < length; shift -= 8) {
      octets[written++] = static_cast<uint8_t>(bits >> shift);
    }
  }
  *size = length;
  return true;
}

void TextWriter::PutOne(char character) {
  if (used_ == room_) {
    ok_ = false;
    return;
  }
  buffer_[used_++] = character;
}

void TextWriter::Put(Text text) {
  for (size_t i = 0; i < text.size; ++i) PutOne(text[i]);
}

void TextWriter::PutNumber(uint32_t value) {
  char digits[10];
  size_t at = sizeof digits;
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  Put({digits + at, sizeof digits - at});
}

void TextWriter::PutHex(uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) PutOne(kHex[(value >> shift) & 15]);
}

void TextWriter::PutBase64(const uint8_t* octets, size_t size) {
  for (size_t i = 0; i < size; i += 3) {
    const size_t left = size - i;
    uint32_t bits = static_cast<uint32_t>(octets[i]) << 16;
    if (left > 1) bits |= static_cast<uint32_t>(octets[i + 1]) << 8;
    if (left > 2) bits |= octets[i + 2];
    PutOne(kBase64[bits >> 18]);
    PutOne(kBase64[(bits >> 12) & 63]);
    PutOne(left > 1 ? kBase64[(bits >> 6) & 63] : '=');
    PutOne(left > 2 ? kBase64[bits & 63] : '=');
  }
}

void TextWriter::PutCodePoint(uint32_t value) {
  if (value < 0x20 || (value >= 0x7F && value < 0xA0) || (value >= 0xD800 && value < 0xE000))
    return PutOne('?');
  if (value < 0x80) return PutOne(static_cast<char>(value));
  const int more = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
  const uint32_t lead = more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0;
  PutOne(static_cast<char>(lead | (value >> (6 * more))));
  for (int i = more - 1; i >= 0; --i) PutOne(static_cast<char>(0x80 | ((value >> (6 * i)) & 63)));
}

void TextWriter::PutUtf16le(const uint8_t* octets, size_t size) {
  for (size_t i = 0; i + 1 < size; i += 2) {
    uint32_t unit = static_cast<uint32_t>(octets[i] | octets[i + 1] << 8);
    if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < size) {
      const uint32_t low = static_cast<uint32_t>(octets[i + 2] | octets[i + 3] << 8);
      if (low >= 0xDC00 && low < 0xE000) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    PutCodePoint(unit);
  }
}

}  // namespace http
