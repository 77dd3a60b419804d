// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/message_writer.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/ntlm/protocol.h"

namespace baresspi::ntlm {

void MessageWriter::Put(const void* data, size_t size) {
  const size_t at = size_;
  size_ += size;
  if (fits()) Copy(out_ + at, data, size);
  if (sink_ != nullptr) sink_->Update(data, size);
}

void MessageWriter::Zeroes(size_t size) {
  for (; size != 0; size -= 2) U16(0);
}

void MessageWriter::U32(uint32_t value) {
  U16(value);
  U16(value >> 16);
}

void MessageWriter::U16(uint32_t value) {
  uint8_t octets[2];
  StoreU16le(octets, value);
  Put(octets, sizeof octets);
}

void MessageWriter::Utf16le(const Text& text) {
  TextReader reader(text);
  char16_t unit = 0;
  while (reader.Next(&unit)) U16(unit);
  if (!reader.ok()) size_ |= SIZE_MAX / 4;
}

void MessageWriter::Header(uint32_t message_type) {
  Put("NTLMSSP", 8);
  U32(message_type);
}

void MessageWriter::Fields(size_t start, size_t end) {
  const auto length = static_cast<uint32_t>(end - start);
  U16(length);
  U16(length);
  U32(static_cast<uint32_t>(start));
}

void MessageWriter::Version() {
  // Windows 10's numbers, and NTLMSSP_REVISION_W2K3: peers look for the revision, nobody for the rest.
  static constexpr uint8_t kVersion[8] = {10, 0, 0x61, 0x4A, 0, 0, 0, 0x0F};
  Put(kVersion, sizeof kVersion);
}

}  // namespace baresspi::ntlm
