// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/message_writer.h"

#include "core/base/byte_reader.h"
#include "core/ntlm/protocol.h"

namespace baresspi::ntlm {

void MessageWriter::Put(const void* data, size_t size) {
  if (out_ != nullptr) Copy(out_ + size_, data, size);
  if (mac_ != nullptr) mac_->Update(data, size);
  size_ += size;
}

void MessageWriter::Zeroes(size_t size) {
  constexpr uint8_t kZero = 0;
  for (; size != 0; --size) Put(&kZero, 1);
}

void MessageWriter::U32(uint32_t value) {
  uint8_t octets[4];
  StoreU32le(octets, value);
  Put(octets, sizeof octets);
}

void MessageWriter::U16(uint32_t value) {
  const uint8_t octets[2] = {static_cast<uint8_t>(value), static_cast<uint8_t>(value >> 8)};
  Put(octets, sizeof octets);
}

void MessageWriter::U64(uint64_t value) {
  U32(static_cast<uint32_t>(value));
  U32(static_cast<uint32_t>(value >> 32));
}

void MessageWriter::Utf16le(const Text& text) {
  TextReader reader(text);
  char16_t unit = 0;
  while (reader.Next(&unit)) U16(unit);
}

void MessageWriter::Header(uint32_t message_type) {
  static constexpr char kSignature[8] = {'N', 'T', 'L', 'M', 'S', 'S', 'P', '\0'};
  Put(kSignature, sizeof kSignature);
  U32(message_type);
}

void MessageWriter::Fields(size_t size, size_t* offset) {
  const uint32_t length = static_cast<uint32_t>(size);
  U32(length | (length << 16));
  U32(static_cast<uint32_t>(*offset));
  *offset += size;
}

void MessageWriter::Version() {
  // Windows 10's numbers, and NTLMSSP_REVISION_W2K3: peers look for the revision, nobody for the rest.
  static constexpr uint8_t kVersion[8] = {10, 0, 0x61, 0x4A, 0, 0, 0, 0x0F};
  Put(kVersion, sizeof kVersion);
}

size_t Utf16leSize(const Text& text) {
  TextReader reader(text);
  char16_t unit = 0;
  size_t size = 0;
  while (reader.Next(&unit)) size += 2;
  return reader.ok() ? size : SIZE_MAX;
}

}  // namespace baresspi::ntlm
