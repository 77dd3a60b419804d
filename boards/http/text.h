// SPDX-License-Identifier: Apache-2.0
// Text as HTTP has it: views of characters that lie in somebody's buffer, and a writer into a buffer. No
// heap, no C library.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace http {

constexpr size_t LengthOf(const char* text) {
  size_t length = 0;
  while (text[length] != 0) ++length;
  return length;
}

// Characters; no zero at the end.
struct Text {
  const char* data = nullptr;
  size_t size = 0;

  constexpr Text() = default;
  constexpr Text(const char* characters, size_t count) : data(characters), size(count) {}
  constexpr Text(const char* terminated) : data(terminated), size(LengthOf(terminated)) {}

  constexpr bool empty() const { return size == 0; }
  constexpr char operator[](size_t i) const { return data[i]; }
  // Up to the offset, and from it on; an offset beyond the end is the end.
  constexpr Text First(size_t offset) const { return {data, offset < size ? offset : size}; }
  constexpr Text From(size_t offset) const {
    return offset < size ? Text(data + offset, size - offset) : Text();
  }
  // The offset of the character, or size.
  constexpr size_t Find(char wanted) const {
    size_t i = 0;
    while (i < size && data[i] != wanted) ++i;
    return i;
  }
};

bool Equal(Text a, Text b);
bool EqualIgnoringCase(Text a, Text b);  // of ASCII letters
bool StartsWithIgnoringCase(Text text, Text start);
Text Trim(Text text);  // without blanks and tabs around it

// Decimal digits and nothing else, at most `most`.
bool ParseNumber(Text text, uint32_t most, uint32_t* value);

// base64 (RFC 4648, section 4), padding required. False: it is not that, or has more than room octets.
bool DecodeBase64(Text text, uint8_t* octets, size_t room, size_t* size);

// Writes to a buffer. What does not fit is left out, and ok() says so: check it once, at the end.
class TextWriter {
 public:
  TextWriter(char* buffer, size_t room) : buffer_(buffer), room_(room) {}
  void Put(Text text);
  void PutNumber(uint32_t value);
  void PutHex(uint32_t value);  // eight digits
  void PutBase64(const uint8_t* octets, size_t size);
  // A name as messages have it: UTF-16LE, at any alignment. Written in UTF-8; what is no character (controls,
  // halves of surrogate pairs) becomes a question mark.
  void PutUtf16le(const uint8_t* octets, size_t size);

  Text text() const { return {buffer_, used_}; }
  bool ok() const { return ok_; }

 private:
  void PutOne(char character);
  void PutCodePoint(uint32_t value);

  char* buffer_;
  size_t room_;
  size_t used_ = 0;
  bool ok_ = true;
};

}  // namespace http
