// SPDX-License-Identifier: Apache-2.0
// Text as the API gives it: UTF-8 to the A functions, UTF-16 to the W functions. A TextReader yields UTF-16
// code units from either, one by one, so that no converted copy is needed.
#pragma once

#include "core/base/span.h"

namespace baresspi {

// A view of somebody else's text. The zero-terminated factories take NULL as empty.
class Text {
 public:
  constexpr Text() = default;
  static constexpr Text Utf8(const char* s, size_t octets) { return {s, octets, false}; }
  static constexpr Text Utf16(const char16_t* s, size_t units) { return {s, units, true}; }
  static Text Terminated(const void* s, bool wide);
  static Text Utf8(const char* s) { return Terminated(s, false); }
  static Text Utf16(const char16_t* s) { return Terminated(s, true); }
  static constexpr Text Either(const void* s, size_t length, bool wide) { return {s, length, wide}; }

  constexpr const void* data() const { return data_; }
  constexpr size_t length() const { return length_; }  // in octets or units
  constexpr bool wide() const { return wide_; }        // UTF-16
  constexpr bool empty() const { return length_ == 0; }

 private:
  constexpr Text(const void* data, size_t length, bool wide) : data_(data), length_(length), wide_(wide) {}

  const void* data_ = nullptr;
  size_t length_ = 0;
  bool wide_ = false;
};

// UTF-8 must be well-formed: overlong forms, surrogates, code points over U+10FFFF and truncated sequences
// are malformed. Surrogates in UTF-16 pass as they are, also lone ones, as they do in Windows.
class TextReader {
 public:
  explicit TextReader(const Text& text)
      : next_(static_cast<const uint8_t*>(text.data())),
        end_(next_ + (text.wide() ? text.length() * sizeof(char16_t) : text.length())),
        wide_(text.wide()) {}

  // What Next returns in place of a code unit, from then on at each call.
  static constexpr uint32_t kEnd = UINT32_MAX;
  static constexpr uint32_t kMalformed = UINT32_MAX - 1;
  static constexpr bool IsUnit(uint32_t read) { return read <= 0xffff; }

  // The next code unit.
  [[nodiscard]] uint32_t Next();

 private:
  uint32_t Decode(uint32_t lead);

  const uint8_t* next_;
  const uint8_t* end_;
  char16_t trail_ = 0;  // the second unit of a pair whose first one was handed out; 0: none
  bool wide_;
};

}  // namespace baresspi
