// SPDX-License-Identifier: Apache-2.0
#include "boards/token/text.h"

#include "boards/common/console.h"

namespace token {
namespace {

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kHex[] = "0123456789abcdef";

// The value of a base64 digit, or -1.
int Base64Value(char digit) {
  if (digit >= 'A' && digit <= 'Z') return digit - 'A';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9') return digit - '0' + 52;
  if (digit == '+') return 62;
  if (digit == '/') return 63;
  return -1;
}

int HexValue(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// Room for decoded octets where their text stands. The text came in a line or an argument, which are the
// program's own to write; it is const to whoever only looks at words.
uint8_t* InPlace(const char* text) {
  return reinterpret_cast<uint8_t*>(const_cast<char*>(text));
}

class Base64Writer {
 public:
  void Add(uint8_t octet) {
    bits_ = (bits_ << 8) | octet;
    if (++held_ == 3) Emit(4);
  }
  void Finish() {
    if (held_ == 0) return;
    const size_t digits = held_ + 1;
    bits_ <<= 8 * (3 - held_);
    Emit(digits);
  }

 private:
  void Emit(size_t digits) {
    char text[4];
    for (size_t i = 0; i < 4; ++i) text[i] = i < digits ? kBase64[(bits_ >> (18 - 6 * i)) & 63] : '=';
    board::Write(text, 4);
    bits_ = 0;
    held_ = 0;
  }
  uint32_t bits_ = 0;
  size_t held_ = 0;
};

}  // namespace

size_t Length(const char* text) {
  size_t length = 0;
  while (text[length] != 0) ++length;
  return length;
}

bool Equal(const char* a, const char* b) {
  while (*a != 0 && *a == *b) {
    ++a;
    ++b;
  }
  return *a == *b;
}

LineStatus ReadLine(char* line, size_t size) {
  size_t length = 0;
  bool too_long = false;
  for (;;) {
    const int octet = board::ReadOctet();
    if (octet < 0 && length == 0) return LineStatus::kEnd;
    if (octet < 0 || octet == '\n') break;
    if (length + 1 == size) {
      too_long = true;
      continue;
    }
    line[length++] = static_cast<char>(octet);
  }
  if (length > 0 && line[length - 1] == '\r') --length;
  line[length] = 0;
  return too_long ? LineStatus::kTooLong : LineStatus::kLine;
}

void SplitWords(char* line, const char** words, size_t capacity) {
  for (size_t i = 0; i < capacity; ++i) {
    while (*line == ' ') ++line;
    words[i] = line;
    while (*line != 0 && *line != ' ') ++line;
    if (*line != 0) *line++ = 0;
  }
}

bool DecodeBase64(const char* text, Octets* out) {
  *out = {InPlace(text), 0};
  if (Equal(text, "-")) return true;
  uint32_t bits = 0;
  size_t digits = 0;
  for (; *text != 0 && *text != '='; ++text) {
    const int value = Base64Value(*text);
    if (value < 0) return false;
    bits = (bits << 6) | static_cast<uint32_t>(value);
    if (++digits % 4 != 0) continue;
    for (int shift = 16; shift >= 0; shift -= 8) out->data[out->size++] = static_cast<uint8_t>(bits >> shift);
  }
  size_t padding = 0;
  while (text[padding] == '=') ++padding;
  if (text[padding] != 0 || padding > 2 || (digits + padding) % 4 != 0) return false;
  if (padding == 2) out->data[out->size++] = static_cast<uint8_t>(bits >> 4);
  if (padding == 1) {
    out->data[out->size++] = static_cast<uint8_t>(bits >> 10);
    out->data[out->size++] = static_cast<uint8_t>(bits >> 2);
  }
  return true;
}

bool DecodeHex(const char* text, Octets* out) {
  *out = {InPlace(text), 0};
  for (; *text != 0; text += 2) {
    const int high = HexValue(text[0]);
    const int low = high < 0 ? -1 : HexValue(text[1]);
    if (low < 0) return false;
    out->data[out->size++] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

void Put(const char* text) {
  board::Write(text, Length(text));
}

void PutHex(const uint8_t* octets, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    const char digits[2] = {kHex[octets[i] >> 4], kHex[octets[i] & 15]};
    board::Write(digits, 2);
  }
}

void PutHexNumber(uint32_t value) {
  char digits[10] = {'0', 'x'};
  for (size_t i = 9; i >= 2; --i, value >>= 4) digits[i] = kHex[value & 15];
  board::Write(digits, sizeof digits);
}

void PutNumber(uint32_t value) {
  char digits[10];
  size_t at = sizeof digits;
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  board::Write(digits + at, sizeof digits - at);
}

void PutBase64(const Octets* pieces, size_t count) {
  Base64Writer writer;
  bool empty = true;
  for (size_t piece = 0; piece < count; ++piece) {
    for (size_t i = 0; i < pieces[piece].size; ++i) {
      writer.Add(pieces[piece].data[i]);
      empty = false;
    }
  }
  writer.Finish();
  if (empty) Put("-");
}

void EndLine() {
  Put("\n");
  board::Flush();
}

}  // namespace token
