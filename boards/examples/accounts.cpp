// SPDX-License-Identifier: Apache-2.0
#include "boards/examples/accounts.h"

namespace examples {
namespace {

using http::Text;

constexpr ULONG kFirstUserId = 1000;
constexpr ULONG kFirstMappedId = 2000;

// UTF-8 as UTF-16LE. False: it is none, or does not fit.
bool ToUtf16le(Text text, uint8_t* out, size_t room, size_t* size) {
  *size = 0;
  const auto put = [&](uint32_t unit) {
    if (*size + 2 > room) return false;
    out[(*size)++] = static_cast<uint8_t>(unit);
    out[(*size)++] = static_cast<uint8_t>(unit >> 8);
    return true;
  };
  constexpr uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  while (!text.empty()) {
    const auto lead = static_cast<uint8_t>(text[0]);
    const size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if ((lead >= 0x80 && lead < 0xC0) || lead > 0xF4 || text.size <= more) return false;
    uint32_t value = more == 0 ? lead : lead & (0x3Fu >> more);
    for (size_t i = 1; i <= more; ++i) {
      const auto octet = static_cast<uint8_t>(text[i]);
      if ((octet & 0xC0) != 0x80) return false;
      value = value << 6 | (octet & 0x3Fu);
    }
    if (value < kLeast[more] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return false;
    const bool fits = value < 0x10000
                          ? put(value)
                          : put(0xD800 + ((value - 0x10000) >> 10)) && put(0xDC00 + (value & 0x3FF));
    if (!fits) return false;
    text = text.From(more + 1);
  }
  return true;
}

// DOMAIN\user, or user.
void SplitAccount(Text account, Text* domain, Text* user) {
  const size_t slash = account.Find('\\');
  *domain = slash < account.size ? account.First(slash) : Text();
  *user = slash < account.size ? account.From(slash + 1) : account;
}

// Whether one account is meant by DOMAIN\user, or by user.
bool IsMeant(Text account, Text by) {
  Text domain;
  Text user;
  Text wanted_domain;
  Text wanted_user;
  SplitAccount(account, &domain, &user);
  SplitAccount(by, &wanted_domain, &wanted_user);
  return EqualIgnoringCase(user, wanted_user) &&
         (wanted_domain.empty() || EqualIgnoringCase(domain, wanted_domain));
}

}  // namespace

bool Mapping::Set(const char* rule) {
  const Text text = rule;
  constexpr Text kKinds[] = {"cn:", "upn:", "sha256:"};  // in Key's order
  size_t kind = 0;
  while (kind < 3 && !StartsWithIgnoringCase(text, kKinds[kind])) ++kind;
  if (kind == 3) return false;
  kind_ = static_cast<Key>(kind);
  const Text rest = text.From(kKinds[kind].size);
  // A name may hold the sign, an account's cannot ([MS-SAMR] 3.1.1.6).
  size_t sign = rest.size;
  for (size_t i = 0; i < rest.size; ++i) {
    if (rest[i] == '=') sign = i;
  }
  key_ = rest.First(sign);
  account_ = rest.From(sign + 1);
  Text domain;
  Text user;
  SplitAccount(account_, &domain, &user);
  if (kind_ == Key::kFingerprint && !SetFingerprint()) return false;
  return !key_.empty() && !user.empty() && ToUtf16le(domain, domain_, sizeof domain_, &domain_size_) &&
         ToUtf16le(user, user_, sizeof user_, &user_size_);
}

bool Mapping::SetFingerprint() {
  size_t digits = 0;
  for (size_t i = 0; i < key_.size; ++i) {
    const char c = key_[i];
    if (c == ':' && digits % 2 == 0) continue;
    const int value = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (value < 0 || digits == 2 * kFingerprintSize) return false;
    uint8_t& octet = fingerprint_[digits++ / 2];
    octet = static_cast<uint8_t>(octet << 4 | value);
  }
  return digits == 2 * kFingerprintSize;
}

bool Mapping::Matches(const uint8_t* certificate, size_t size) const {
  if (kind_ == Key::kFingerprint) {
    uint8_t fingerprint[kFingerprintSize];
    return FingerprintOfCertificate(certificate, size, fingerprint) &&
           __builtin_memcmp(fingerprint, fingerprint_, sizeof fingerprint) == 0;
  }
  const CertificateNames names = NamesOfCertificate(certificate, size);
  return kind_ == Key::kPrincipalName ? EqualIgnoringCase(names.user_principal_name, key_)
                                      : Equal(names.common_name, key_);
}

void Accounts::Clear() {
  __builtin_memset(hashes_, 0, sizeof hashes_);
  count_ = 0;
  mapping_count_ = 0;
  admin_count_ = 0;
}

bool Accounts::AddUser(const char* user) {
  if (count_ == kMostAccounts) return false;
  users_[count_++] = {user, nullptr, nullptr};
  return true;
}

bool Accounts::SetDomain(const char* domain) {
  if (count_ == 0) return false;
  users_[count_ - 1].domain = domain;
  return true;
}

bool Accounts::SetPassword(const char* password) {
  if (count_ == 0) return false;
  users_[count_ - 1].password = password;
  return true;
}

bool Accounts::AddMapping(const char* rule) {
  return mapping_count_ < kMostMappings && mappings_[mapping_count_++].Set(rule);
}

bool Accounts::AddAdmin(const char* account) {
  if (admin_count_ == kMostAdmins) return false;
  admins_[admin_count_++] = account;
  return true;
}

SECURITY_STATUS Accounts::Finish() {
  ULONG entries = 0;
  for (size_t i = 0; i < count_; ++i) {
    const http::Account& user = users_[i];
    if (user.password == nullptr) continue;  // not an empty one, by which anybody would be in
    const auto size = static_cast<ULONG>(http::LengthOf(user.password));
    const SECURITY_STATUS status = BareSspiNtHash(user.password, size, hashes_[i]);
    if (status != SEC_E_OK) return status;
    entries_[entries++] = {user.domain, user.user, hashes_[i], static_cast<ULONG>(kFirstUserId + i)};
  }
  table_ = {entries_, entries};
  authority_ = {this, GetNtHash, nullptr, MapCertificate};
  return SEC_E_OK;
}

SECURITY_STATUS Accounts::GetNtHash(const void* context, const BARESSPI_NAME* domain,
                                    const BARESSPI_NAME* user, uint8_t hash[16], BARESSPI_ACCOUNT* account) {
  return BareSspiAccountTableGetNtHash(&static_cast<const Accounts*>(context)->table_, domain, user, hash,
                                       account);
}

SECURITY_STATUS Accounts::MapCertificate(const void* context, const uint8_t* certificate, ULONG size,
                                         BARESSPI_NAME* domain, BARESSPI_NAME* user,
                                         BARESSPI_ACCOUNT* account) {
  const auto& self = *static_cast<const Accounts*>(context);
  for (size_t i = 0; i < self.mapping_count_; ++i) {
    const Mapping& mapping = self.mappings_[i];
    if (!mapping.Matches(certificate, size)) continue;
    *domain = mapping.domain();
    *user = mapping.user();
    account->UserId = self.IdOf(mapping.account(), i);
    return SEC_E_OK;
  }
  return SEC_E_LOGON_DENIED;
}

// Whether the account of the table is meant by DOMAIN\user, or by user.
bool Accounts::IsNamed(size_t index, Text account) const {
  Text domain;
  Text user;
  SplitAccount(account, &domain, &user);
  const http::Account& known = users_[index];
  return EqualIgnoringCase(user, known.user) &&
         (domain.empty() || known.domain == nullptr || EqualIgnoringCase(domain, known.domain));
}

// An account that a certificate stands for and that has a password, too, is one account.
ULONG Accounts::IdOf(Text account, size_t mapping) const {
  for (size_t i = 0; i < count_; ++i) {
    if (IsNamed(i, account)) return static_cast<ULONG>(kFirstUserId + i);
  }
  return static_cast<ULONG>(kFirstMappedId + mapping);
}

bool Accounts::IsAdmin(ULONG user_id) const {
  for (size_t i = 0; i < admin_count_; ++i) {
    if (user_id >= kFirstMappedId) {
      if (user_id - kFirstMappedId >= mapping_count_) return false;
      if (IsMeant(mappings_[user_id - kFirstMappedId].account(), admins_[i])) return true;
    } else if (user_id >= kFirstUserId && user_id - kFirstUserId < count_) {
      if (IsNamed(user_id - kFirstUserId, admins_[i])) return true;
    }
  }
  return false;
}

}  // namespace examples
