// SPDX-License-Identifier: Apache-2.0
// A view of bytes that somebody else owns. Our own, because core needs no C++ standard library.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace baresspi {

template <typename T>
class Span {
 public:
  constexpr Span() = default;
  constexpr Span(T* data, size_t size) : data_(data), size_(size) {}
  template <size_t N>
  constexpr Span(T (&array)[N]) : data_(array), size_(N) {}  // NOLINT(google-explicit-constructor)

  constexpr T* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T& operator[](size_t i) const { return data_[i]; }
  constexpr T* begin() const { return data_; }
  constexpr T* end() const { return data_ + size_; }

  // The part from offset on, at most count long. Both are clipped, so that no arithmetic of the caller can
  // leave the view.
  constexpr Span Sub(size_t offset, size_t count = SIZE_MAX) const {
    if (offset > size_) offset = size_;
    const size_t left = size_ - offset;
    return {data_ + offset, count < left ? count : left};
  }
  constexpr operator Span<const T>() const { return {data_, size_}; }  // NOLINT(google-explicit-constructor)

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

using Bytes = Span<const uint8_t>;
using MutableBytes = Span<uint8_t>;

}  // namespace baresspi
