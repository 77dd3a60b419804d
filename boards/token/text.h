// SPDX-License-Identifier: Apache-2.0
// Lines in, words, base64, hexadecimal and numbers out: what a program without a C library needs of text.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace token {

struct Octets {
  uint8_t* data = nullptr;
  size_t size = 0;
};

size_t Length(const char* text);
bool Equal(const char* a, const char* b);

// Reads up to the end of the line, which is not part of it; a carriage return before it is dropped. The text
// is zero-terminated.
enum class LineStatus { kLine, kTooLong, kEnd };
LineStatus ReadLine(char* line, size_t size);

// Splits line in place at blanks. Words beyond capacity are ignored; a missing word is "".
void SplitWords(char* line, const char** words, size_t capacity);

// Both decode in place: the octets take the text's room. "-" is the protocol's word for no octets. False: not
// of that form.
bool DecodeBase64(const char* text, Octets* out);
bool DecodeHex(const char* text, Octets* out);

void Put(const char* text);
void PutHex(const uint8_t* octets, size_t size);
void PutHexNumber(uint32_t value);
void PutNumber(uint32_t value);

// Writes the octets of all pieces as one base64 text, "-" for none.
void PutBase64(const Octets* pieces, size_t count);

// Ends the answer.
void EndLine();

}  // namespace token
