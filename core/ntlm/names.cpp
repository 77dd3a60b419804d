// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/names.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

namespace baresspi::ntlm {

void AccountNames::EndDomain(MessageWriter* writer) {
  domain_size_ = static_cast<uint8_t>(writer->size());
  if (domain_size_ != 0) writer->U16('\\');
  user_start_ = static_cast<uint8_t>(writer->size());
}

SECURITY_STATUS AccountNames::EndUser(MessageWriter* writer) {
  user_size_ = static_cast<uint8_t>(writer->size() - user_start_);
  writer->U16(0);
  used_ = static_cast<uint8_t>(writer->size());
  if (writer->fits()) return SEC_E_OK;
  return writer->malformed() ? SEC_E_UNKNOWN_CREDENTIALS : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS AccountNames::Set(const Bytes& domain_utf16le, const Bytes& user_utf16le) {
  MessageWriter writer(text_, sizeof text_);
  writer.Put(domain_utf16le);
  EndDomain(&writer);
  writer.Put(user_utf16le);
  return EndUser(&writer);
}

SECURITY_STATUS AccountNames::Set(const Text& domain, const Text& user) {
  MessageWriter writer(text_, sizeof text_);
  writer.Utf16le(domain);
  EndDomain(&writer);
  writer.Utf16le(user);
  return EndUser(&writer);
}

const void* AccountNames::String(uint32_t form) {
  if (form == kAccount && kLittleEndian) return text_;  // it stands there as it is
  if (made_[form] != 0) return text_ + made_[form];
  const size_t from_size = form < kDomain ? user_start_ + user_size_ : domain_size_;
  const size_t start = (used_ + 1U) & ~size_t{1};
  const size_t room = sizeof text_ - start;
  uint8_t* to = text_ + start;
  size_t size = from_size;
  if ((form & 1) != 0) {
    size = Utf16leToUtf8(text_, from_size, to, room);
  } else if (size < room) {
    Copy(to, text_, size);
    for (size_t i = 0; !kLittleEndian && i < size; i += 2) {  // in the machine's own order
      to[i] = text_[i + 1];
      to[i + 1] = text_[i];
    }
    to[size++] = 0;
  }
  if (size >= room) return nullptr;
  to[size++] = 0;
  made_[form] = static_cast<uint8_t>(start);
  used_ = static_cast<uint8_t>(start + size);
  return to;
}

}  // namespace baresspi::ntlm
