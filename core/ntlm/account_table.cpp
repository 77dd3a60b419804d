// SPDX-License-Identifier: Apache-2.0
// An authority that is ready to use: a const table of accounts and their NT hashes.
#include <baresspi/authority.h>

#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/base/upcase.h"
#include "core/base/utf.h"
#include "core/ntlm/keys.h"

namespace baresspi::ntlm {
namespace {

// A message's name against one of the table's, case aside. Every unit of the message's is looked at, so that
// time does not tell how far a guess is right.
bool SameName(const Bytes& utf16le, const char* name) {
  TextReader reader(Text::Utf8(name));
  uint32_t difference = 0;
  for (size_t at = 0; at + 2 <= utf16le.size(); at += 2) {
    const uint32_t unit = reader.Next();
    const auto ours = static_cast<char16_t>(TextReader::IsUnit(unit) ? unit : 0);  // theirs has no zeroes
    difference |=
        UpCase(static_cast<char16_t>(LoadU16le(&utf16le[at]))) ^ static_cast<uint32_t>(UpCase(ours));
  }
  return reader.Next() == TextReader::kEnd && difference == 0;
}

// user@realm: true, with the two parts.
bool SplitUpn(const Bytes& name, Bytes* user, Bytes* realm) {
  for (size_t at = name.size(); at >= 2; at -= 2) {
    if (LoadU16le(&name[at - 2]) != u'@') continue;
    *user = name.Sub(0, at - 2);
    *realm = name.Sub(at);
    return true;
  }
  return false;
}

bool SameDomain(const Bytes& domain, const BARESSPI_ACCOUNT_ENTRY& entry) {
  return domain.empty() || entry.Domain == nullptr || SameName(domain, entry.Domain);
}

bool Matches(const BARESSPI_ACCOUNT_ENTRY& entry, const Bytes& domain, const Bytes& name) {
  const bool same_domain = SameDomain(domain, entry);
  if (SameName(name, entry.User)) return same_domain;
  Bytes user;
  Bytes realm;
  return domain.empty() && SplitUpn(name, &user, &realm) && SameName(user, entry.User) &&
         SameDomain(realm, entry);
}

}  // namespace
}  // namespace baresspi::ntlm

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part
using namespace baresspi::ntlm;  // NOLINT(google-build-using-namespace)

SECURITY_STATUS BareSspiAccountTableGetNtHash(const void* Context, const BARESSPI_NAME* Domain,
                                              const BARESSPI_NAME* User, uint8_t NtHash[16],
                                              BARESSPI_ACCOUNT* Account) {
  const auto* table = static_cast<const BARESSPI_ACCOUNT_TABLE*>(Context);
  const Bytes domain(Domain->Utf16le, Domain->cbUtf16le);
  const Bytes user(User->Utf16le, User->cbUtf16le);
  const BARESSPI_ACCOUNT_ENTRY* found = nullptr;
  // All entries are looked at, so that the place of an account in the table does not show in the time.
  for (ULONG i = 0; i < table->Count; ++i) {
    const BARESSPI_ACCOUNT_ENTRY& entry = table->Entries[i];
    const bool matches = Matches(entry, domain, user);
    if (matches && found == nullptr) found = &entry;
  }
  if (found == nullptr) return SEC_E_LOGON_DENIED;
  Copy(NtHash, found->NtHash, kKeySize);
  Account->UserId = found->UserId;
  return SEC_E_OK;
}

SECURITY_STATUS BareSspiNtHash(const char* Password, ULONG cbPassword, uint8_t NtHash[16]) {
  const bool good = baresspi::ntlm::NtHash(Text::Utf8(Password, cbPassword), NtHash);
  ScrubStack<kScrubOther>();
  if (good) return SEC_E_OK;
  Wipe(NtHash, baresspi::ntlm::kKeySize);
  return SEC_E_INVALID_PARAMETER;
}
