// SPDX-License-Identifier: Apache-2.0
// Writes a message into a buffer, or only counts it, or feeds it to a digest: own messages are made anew for
// the MIC instead of being kept, by the same code that sent them.
#pragma once

#include "core/base/utf.h"
#include "core/crypto/md.h"

namespace baresspi::ntlm {

class MessageWriter {
 public:
  MessageWriter() = default;                               // counts
  explicit MessageWriter(MdStream* sink) : sink_(sink) {}  // digests
  MessageWriter(uint8_t* out, size_t room) : out_(out), room_(room) {}

  // What does not fit is counted, not written: fits() tells, at the end.
  void Put(const void* data, size_t size);
  void Put(Bytes bytes) { Put(bytes.data(), bytes.size()); }
  // Makes the size one that fits nowhere.
  void Fail() { size_ |= SIZE_MAX / 4; }
  // What will be written later.
  void Skip(size_t size) { size_ += size; }
  void U16(uint32_t value);
  void U32(uint32_t value);
  // In UTF-16LE. Malformed text makes the writer's size one that fits nowhere.
  void Utf16le(const Text& text);

  size_t size() const { return size_; }
  bool fits() const { return size_ <= room_; }
  bool malformed() const { return size_ >= SIZE_MAX / 4; }

 private:
  uint8_t* out_ = nullptr;
  size_t room_ = 0;
  size_t size_ = 0;
  MdStream* sink_ = nullptr;
};

// The head of a message of ours ([MS-NLMP] 2.2.1): "NTLMSSP\0" and the type, VERSION (2.2.2.10) at an offset,
// zeroes elsewhere.
void StartMessage(uint32_t message_type, size_t version_at, size_t size, uint8_t* head);
// Len, MaxLen and BufferOffset of a field whose payload lies between these offsets.
void StoreFields(size_t start, size_t end, uint8_t* fields);

}  // namespace baresspi::ntlm
