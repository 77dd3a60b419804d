// SPDX-License-Identifier: Apache-2.0
// The names of an account, as the protocol wants them (UTF-16LE) and as queries hand them out, in one small
// block.
#pragma once

#include <baresspi/sspi.h>

#include "config/baresspi_config.h"
#include "core/ntlm/message_writer.h"

namespace baresspi::ntlm {

class AccountNames {
 public:
  // Takes both names, as UTF-16LE or as the application's text. SEC_E_INSUFFICIENT_MEMORY: they do not fit;
  // SEC_E_UNKNOWN_CREDENTIALS: they are not well-formed.
  [[nodiscard]] SECURITY_STATUS Set(const Bytes& domain_utf16le, const Bytes& user_utf16le);
  [[nodiscard]] SECURITY_STATUS Set(const Text& domain, const Text& user);

  Bytes domain() const { return {text_, domain_size_}; }
  Bytes user() const { return {text_ + user_start_, user_size_}; }

  // Strings for the application, zero-terminated, valid as long as this block: SEC_WCHAR* or, in UTF-8,
  // SEC_CHAR*. Made at the first request; nullptr when the block is full. The caller holds the port's lock if
  // other tasks may ask as well.
  enum Form : uint8_t { kAccount, kAccountUtf8, kDomain, kDomainUtf8, kForms };
  const void* String(uint32_t form);

 private:
  // What follows the domain's name and the user's, whoever wrote them.
  void EndDomain(MessageWriter* writer);
  [[nodiscard]] SECURITY_STATUS EndUser(MessageWriter* writer);

  uint8_t domain_size_;  // octets
  uint8_t user_start_;
  uint8_t user_size_;
  uint8_t used_;
  uint8_t made_[kForms];  // where each form starts; 0: not made
  // DOMAIN\user and its zero in UTF-16LE (user alone when there is no domain), then the forms that were asked
  // for.
  alignas(2) uint8_t text_[BARESSPI_NTLM_NAME_BYTES];
};
static_assert(BARESSPI_NTLM_NAME_BYTES >= 32 && BARESSPI_NTLM_NAME_BYTES <= 252, "offsets are octets");
static_assert(BARESSPI_NTLM_NAME_BYTES % 2 == 0, "it holds UTF-16");

}  // namespace baresspi::ntlm
