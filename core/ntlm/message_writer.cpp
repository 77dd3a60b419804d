// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/message_writer.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/ntlm/protocol.h"

namespace baresspi::ntlm {

void MessageWriter::Put(const void* data, size_t size) {
  const size_t at = size_;
  size_ += size;
  if (sink_ != nullptr) {
    sink_->Update(data, size);
  } else if (fits()) {
    Copy(out_ + at, data, size);
  }
}

void MessageWriter::U32(uint32_t value) {
  uint8_t octets[4];
  StoreU32le(octets, value);
  Put(octets, sizeof octets);
}

void MessageWriter::U16(uint32_t value) {
  uint8_t octets[2];
  StoreU16le(octets, value);
  Put(octets, sizeof octets);
}

#if BARESSPI_CRYPTO_FAST

// Many units at once, since a digest takes longer to take two octets in than to hash them; and ASCII, which
// most names are, without a reader that looks for more.
void MessageWriter::Utf16le(const Text& text) {
  uint8_t part[64];
  const WipeAtExit<uint8_t[sizeof part]> wipe(part);  // it may be a password
  size_t size = 0;
  const auto* octet = static_cast<const uint8_t*>(text.data());
  size_t left = text.wide() ? 0 : text.length();
  for (; left != 0 && *octet < 0x80; --left) {
    StoreU16le(part + size, *octet++);
    size += 2;
    if (size != sizeof part) continue;
    Put(part, size);
    size = 0;
  }
  TextReader reader(text.wide() ? text : Text::Either(octet, left, false));
  uint32_t unit;
  while (TextReader::IsUnit(unit = reader.Next())) {
    StoreU16le(part + size, unit);
    size += 2;
    if (size != sizeof part) continue;
    Put(part, size);
    size = 0;
  }
  Put(part, size);
  if (unit != TextReader::kEnd) Fail();
}

#else

void MessageWriter::Utf16le(const Text& text) {
  TextReader reader(text);
  uint32_t unit;
  while (TextReader::IsUnit(unit = reader.Next())) U16(unit);
  if (unit != TextReader::kEnd) Fail();
}

#endif

void StartMessage(uint32_t message_type, size_t version_at, size_t size, uint8_t* head) {
  Fill(head, 0, size);
  StoreU32le(head, kNtlm);
  StoreU32le(head + 4, kSsp);
  StoreU32le(head + 8, message_type);
  // Windows 10's numbers, and NTLMSSP_REVISION_W2K3: peers look for the revision, nobody for the rest.
  StoreU32le(head + version_at, 0x4A61000A);
  StoreU32le(head + version_at + 4, 0x0F000000);
}

void StoreFields(size_t start, size_t end, uint8_t* fields) {
  const auto length = static_cast<uint32_t>(end - start);
  StoreU16le(fields, length);
  StoreU16le(fields + 2, length);
  StoreU32le(fields + 4, static_cast<uint32_t>(start));
}

}  // namespace baresspi::ntlm
