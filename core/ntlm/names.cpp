// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/names.h"

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "core/ntlm/message_writer.h"

namespace baresspi::ntlm {

bool AccountNames::Begin(size_t domain_size, size_t user_size) {
  const size_t separator = domain_size == 0 ? 0 : 2;
  // Each is checked alone first, so that the sum cannot wrap.
  if (domain_size > sizeof text_ || user_size > sizeof text_) return false;
  const size_t size = domain_size + separator + user_size + 2;
  if (size > sizeof text_) return false;
  Fill(this, 0, sizeof *this);
  domain_size_ = static_cast<uint8_t>(domain_size);
  user_size_ = static_cast<uint8_t>(user_size);
  used_ = static_cast<uint8_t>(size);
  if (separator != 0) text_[domain_size] = '\\';
  return true;
}

bool AccountNames::Set(Bytes domain_utf16le, Bytes user_utf16le) {
  if (!Begin(domain_utf16le.size(), user_utf16le.size())) return false;
  Copy(text_, domain_utf16le.data(), domain_utf16le.size());
  Copy(text_ + user_offset(), user_utf16le.data(), user_utf16le.size());
  return true;
}

bool AccountNames::Set(const Text& domain, const Text& user) {
  if (!Begin(Utf16leSize(domain), Utf16leSize(user))) return false;
  MessageWriter(text_).Utf16le(domain);
  MessageWriter(text_ + user_offset()).Utf16le(user);
  return true;
}

const void* AccountNames::String(Form form) {
  constexpr bool kLittleEndian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
  if (form == kAccount && kLittleEndian) return text_;  // it stands there as it is
  if (made_[form] == 0) return Make(form);
  return text_ + made_[form] - 1;
}

const void* AccountNames::Make(Form form) {
  const bool utf8 = form == kAccountUtf8 || form == kDomainUtf8;
  const bool domain_only = form == kDomain || form == kDomainUtf8;
  const size_t from_size = domain_only ? domain_size_ : user_offset() + user_size_;
  size_t start = used_;
  if (!utf8) start += start & 1;
  if (start > sizeof text_) return nullptr;
  uint8_t* to = text_ + start;
  const size_t room = sizeof text_ - start;
  size_t size = 0;
  if (utf8) {
    size = Utf16leToUtf8(Bytes(text_).Sub(0, from_size), MutableBytes(to, room));
  } else {
    size = from_size;
    if (size > room) return nullptr;
    for (size_t i = 0; i < size; i += 2) {
      const auto unit = static_cast<char16_t>(LoadU16le(text_ + i));
      Copy(to + i, &unit, sizeof unit);  // in the machine's own order
    }
  }
  const size_t terminator = utf8 ? 1 : 2;
  if (size > room || terminator > room - size) return nullptr;
  Fill(to + size, 0, terminator);
  used_ = static_cast<uint8_t>(start + size + terminator);
  made_[form] = static_cast<uint8_t>(start + 1);
  return to;
}

}  // namespace baresspi::ntlm
