// SPDX-License-Identifier: Apache-2.0
// Writes a message into a buffer, or only counts it, or feeds it to a MAC: own messages are made anew for the
// MIC instead of being kept, by the same code that sent them.
#pragma once

#include "core/base/memory.h"
#include "core/base/utf.h"
#include "core/crypto/hmac_md5.h"

namespace baresspi::ntlm {

class MessageWriter {
 public:
  MessageWriter() = default;                           // counts
  explicit MessageWriter(uint8_t* out) : out_(out) {}  // writes; the caller has counted before
  explicit MessageWriter(HmacMd5* mac) : mac_(mac) {}  // digests

  void Put(const void* data, size_t size);
  void Put(Bytes bytes) { Put(bytes.data(), bytes.size()); }
  void Zeroes(size_t size);
  void U16(uint32_t value);
  void U32(uint32_t value);
  void U64(uint64_t value);
  void Utf16le(const Text& text);
  // "NTLMSSP\0" and the type ([MS-NLMP] 2.2.1).
  void Header(uint32_t message_type);
  // Len, MaxLen and BufferOffset of a field whose payload begins at *offset, which moves on behind it.
  void Fields(size_t size, size_t* offset);
  // VERSION, [MS-NLMP] 2.2.2.10.
  void Version();

  size_t size() const { return size_; }

 private:
  uint8_t* out_ = nullptr;
  HmacMd5* mac_ = nullptr;
  size_t size_ = 0;
};

// The octets of text in UTF-16LE; SIZE_MAX when it is not well-formed.
size_t Utf16leSize(const Text& text);

}  // namespace baresspi::ntlm
