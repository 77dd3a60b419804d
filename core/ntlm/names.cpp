// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/names.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

namespace baresspi::ntlm {

SECURITY_STATUS AccountNames::Finish(size_t domain_size, size_t user_start, MessageWriter* writer) {
  const size_t end = writer->size();
  writer->U16(0);
  if (!writer->fits()) return writer->malformed() ? SEC_E_UNKNOWN_CREDENTIALS : SEC_E_INSUFFICIENT_MEMORY;
  domain_size_ = static_cast<uint8_t>(domain_size);
  user_start_ = static_cast<uint8_t>(user_start);
  user_size_ = static_cast<uint8_t>(end - user_start);
  used_ = static_cast<uint8_t>(writer->size());
  return SEC_E_OK;
}

SECURITY_STATUS AccountNames::Set(const Bytes& domain_utf16le, const Bytes& user_utf16le) {
  MessageWriter writer(text_, sizeof text_);
  writer.Put(domain_utf16le);
  if (!domain_utf16le.empty()) writer.U16('\\');
  const size_t user_start = writer.size();
  writer.Put(user_utf16le);
  return Finish(domain_utf16le.size(), user_start, &writer);
}

SECURITY_STATUS AccountNames::Set(const Text& domain, const Text& user) {
  MessageWriter writer(text_, sizeof text_);
  writer.Utf16le(domain);
  const size_t domain_size = writer.size();
  if (domain_size != 0) writer.U16('\\');
  const size_t user_start = writer.size();
  writer.Utf16le(user);
  return Finish(domain_size, user_start, &writer);
}

const void* AccountNames::String(uint32_t form) {
  if (form == kAccount && kLittleEndian) return text_;  // it stands there as it is
  if (made_[form] != 0) return text_ + made_[form];
  const size_t from_size = form < kDomain ? user_start_ + user_size_ : domain_size_;
  const size_t start = (used_ + 1U) & ~size_t{1};
  const size_t room = sizeof text_ - start;
  uint8_t* to = text_ + start;
  size_t size = 0;
  if ((form & 1) != 0) {
    size = Utf16leToUtf8({text_, from_size}, {to, room});
    if (size >= room) return nullptr;
    to[size++] = 0;
  } else {
    if (from_size + 2 > room) return nullptr;
    for (; size < from_size; size += 2) {
      const auto unit = static_cast<char16_t>(LoadU16le(text_ + size));
      Copy(to + size, &unit, sizeof unit);  // in the machine's own order
    }
    to[size++] = 0;
    to[size++] = 0;
  }
  made_[form] = static_cast<uint8_t>(start);
  used_ = static_cast<uint8_t>(start + size);
  return to;
}

}  // namespace baresspi::ntlm
