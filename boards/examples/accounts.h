// SPDX-License-Identifier: Apache-2.0
// Whom the web page lets in: accounts with passwords, certificates that stand for accounts, and which of them
// administer the device. What BareSSPI asks as its authority.
#pragma once

#include <baresspi/authority.h>

#include "boards/examples/certificate_names.h"
#include "boards/http/login.h"

namespace examples {

constexpr size_t kMostAccounts = 8;
constexpr size_t kMostMappings = 8;
constexpr size_t kMostAdmins = 4;
constexpr size_t kNameRoom = 128;  // octets of a mapped account's domain, and of its user, in UTF-16LE

// A rule "KEY=ACCOUNT". KEY: cn:NAME, the subject's common name; upn:USER@REALM, of subjectAltName;
// sha256:HEX, of the certificate, with or without colons. ACCOUNT: DOMAIN\user, or user.
class Mapping {
 public:
  bool Set(const char* rule);
  bool Matches(const uint8_t* certificate, size_t size) const;
  http::Text account() const { return account_; }
  BARESSPI_NAME domain() const { return {domain_, static_cast<ULONG>(domain_size_)}; }
  BARESSPI_NAME user() const { return {user_, static_cast<ULONG>(user_size_)}; }

 private:
  enum class Key : uint8_t { kCommonName, kPrincipalName, kFingerprint };
  bool SetFingerprint();

  Key kind_ = Key::kCommonName;
  http::Text key_;
  http::Text account_;
  uint8_t fingerprint_[kFingerprintSize] = {};
  size_t domain_size_ = 0;
  size_t user_size_ = 0;
  uint8_t domain_[kNameRoom] = {};
  uint8_t user_[kNameRoom] = {};
};

// The texts stay the caller's.
class Accounts {
 public:
  // Forgets what was before; of the passwords' hashes nothing is left.
  void Clear();
  // The begin of an account; domain and password can be set until the next one. Without a password nobody
  // logs in by one: it is for a certificate alone.
  bool AddUser(const char* user);
  bool SetDomain(const char* domain);
  bool SetPassword(const char* password);
  bool AddMapping(const char* rule);
  bool AddAdmin(const char* account);  // DOMAIN\user, or user: in whatever domain
  bool empty() const { return count_ == 0 && mapping_count_ == 0; }
  bool has_users() const { return count_ != 0; }
  bool has_mappings() const { return mapping_count_ != 0; }

  // Once all is said. SEC_E_INVALID_PARAMETER: a password is no UTF-8.
  SECURITY_STATUS Finish();
  const BARESSPI_AUTHORITY* authority() const { return &authority_; }
  // user_id: of BARESSPI_TOKEN_INFO.
  bool IsAdmin(ULONG user_id) const;

 private:
  static SECURITY_STATUS GetNtHash(const void* context, const BARESSPI_NAME* domain,
                                   const BARESSPI_NAME* user, uint8_t hash[16], BARESSPI_ACCOUNT* account);
  static SECURITY_STATUS MapCertificate(const void* context, const uint8_t* certificate, ULONG size,
                                        BARESSPI_NAME* domain, BARESSPI_NAME* user,
                                        BARESSPI_ACCOUNT* account);
  bool IsNamed(size_t index, http::Text account) const;
  ULONG IdOf(http::Text account, size_t mapping) const;

  size_t count_ = 0;
  size_t mapping_count_ = 0;
  size_t admin_count_ = 0;
  http::Account users_[kMostAccounts];
  Mapping mappings_[kMostMappings];
  const char* admins_[kMostAdmins] = {};
  uint8_t hashes_[kMostAccounts][16] = {};
  BARESSPI_ACCOUNT_ENTRY entries_[kMostAccounts] = {};
  BARESSPI_ACCOUNT_TABLE table_ = {};
  BARESSPI_AUTHORITY authority_ = {};
};

}  // namespace examples
