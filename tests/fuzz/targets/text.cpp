// SPDX-License-Identifier: Apache-2.0
// Text as the API takes it: UTF-8 and UTF-16 to each other against a second decoder, upper case, and the
// names that AcquireCredentialsHandle, InitializeSecurityContext and the queries read and hand out.
#include <baresspi/authority.h>

#include "core/base/byte_reader.h"
#include "core/base/upcase.h"
#include "core/base/utf.h"
#include "core/base/utf8.h"
#include "tests/fuzz/support/check.h"
#include "tests/fuzz/support/octets.h"
#include "tests/fuzz/support/port.h"

namespace {

using baresspi::Text;
using baresspi::TextReader;
using fuzz::Buffer;
using fuzz::Input;
using fuzz::Octets;
using Units = std::vector<char16_t>;

// UTF-8's table of well-formed sequences (Unicode 15, table 3-7), row by row: independent of how core does
// it. False: malformed.
bool Decode(const Octets& text, Units* units) {
  struct Row {
    uint8_t first, last, low, high;  // of the lead, and of what follows it at once
    unsigned more;                   // octets behind the lead
  };
  static constexpr Row kRows[] = {
      {0x00, 0x7F, 0, 0, 0},       {0xC2, 0xDF, 0x80, 0xBF, 1}, {0xE0, 0xE0, 0xA0, 0xBF, 2},
      {0xE1, 0xEC, 0x80, 0xBF, 2}, {0xED, 0xED, 0x80, 0x9F, 2}, {0xEE, 0xEF, 0x80, 0xBF, 2},
      {0xF0, 0xF0, 0x90, 0xBF, 3}, {0xF1, 0xF3, 0x80, 0xBF, 3}, {0xF4, 0xF4, 0x80, 0x8F, 3}};
  for (size_t at = 0; at < text.size();) {
    const uint8_t lead = text[at];
    const Row* row = std::find_if(std::begin(kRows), std::end(kRows),
                                  [=](const Row& r) { return lead >= r.first && lead <= r.last; });
    if (row == std::end(kRows) || text.size() - at <= row->more) return false;
    static constexpr uint8_t kMasks[] = {0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = lead & kMasks[row->more];
    for (unsigned i = 1; i <= row->more; ++i) {
      const uint8_t next = text[at + i];
      const bool first = i == 1;
      if (next < (first ? row->low : 0x80) || next > (first ? row->high : 0xBF)) return false;
      code = code * 64 + (next - 0x80U);
    }
    at += row->more + 1;
    if (code >= 0x10000) {
      code -= 0x10000;
      units->push_back(static_cast<char16_t>(0xD800 + code / 1024));
      code = 0xDC00 + code % 1024;
    }
    units->push_back(static_cast<char16_t>(code));
  }
  return true;
}

Octets LittleEndian(const Units& units) {
  Octets octets;
  for (const char16_t unit : units) {
    octets.push_back(static_cast<uint8_t>(unit));
    octets.push_back(static_cast<uint8_t>(unit >> 8));
  }
  return octets;
}

// Whether all of it is well-formed; the units up to where it is not.
bool ReadAll(const Text& text, Units* units) {
  TextReader reader(text);
  uint32_t read = reader.Next();
  for (; TextReader::IsUnit(read); read = reader.Next()) units->push_back(static_cast<char16_t>(read));
  FUZZ_CHECK(reader.Next() == read);  // there it stays
  FUZZ_CHECK(read == TextReader::kEnd || read == TextReader::kMalformed);
  return read == TextReader::kEnd;
}

void ReadUtf8(const Octets& text) {
  const Buffer exact(text);
  Units units;
  const bool read = ReadAll(Text::Utf8(reinterpret_cast<const char*>(exact.data()), exact.size()), &units);
  Units expected;
  const bool good = Decode(text, &expected);
  FUZZ_CHECK(read == good);
  if (!good) {  // what came before it was handed out
    FUZZ_CHECK(units.size() <= expected.size() && std::equal(units.begin(), units.end(), expected.begin()));
    return;
  }
  FUZZ_CHECK(units == expected);
  // And back: the same octets.
  const Buffer utf16(LittleEndian(units));
  const Buffer back(text.size());
  FUZZ_CHECK(baresspi::Utf16leToUtf8(utf16.data(), utf16.size(), back.data(), back.size()) == text.size());
  FUZZ_CHECK(back.First(back.size()) == text);
}

void WriteUtf8(const Octets& text, size_t room) {
  const Buffer utf16(text);
  const size_t needed = baresspi::Utf16leToUtf8(utf16.data(), utf16.size(), nullptr, 0);
  const Buffer part(std::min(room, needed + 2));
  const Buffer all(needed);
  FUZZ_CHECK(baresspi::Utf16leToUtf8(utf16.data(), utf16.size(), part.data(), part.size()) == needed);
  FUZZ_CHECK(baresspi::Utf16leToUtf8(utf16.data(), utf16.size(), all.data(), all.size()) == needed);
  const size_t written = std::min(part.size(), needed);
  FUZZ_CHECK(part.First(written) == all.First(written));
  for (size_t i = written; i < part.size(); ++i) FUZZ_CHECK(part.data()[i] == 0xA5);
  // It is well-formed, and says the same but for lone surrogates.
  Units units;
  FUZZ_CHECK(Decode(all.First(needed), &units));
  FUZZ_CHECK(units.size() == text.size() / 2);
  for (size_t i = 0; i < units.size(); ++i) {
    const uint16_t unit = baresspi::LoadU16le(&text[2 * i]);
    FUZZ_CHECK(units[i] == unit || (units[i] == 0xFFFD && unit >> 11 == 0xD800 >> 11));
  }
}

void RaiseCase(const Octets& text) {
  for (size_t i = 0; i + 2 <= text.size(); i += 2) {
    const auto unit = static_cast<char16_t>(baresspi::LoadU16le(&text[i]));
    const char16_t upper = baresspi::UpCase(unit);
    FUZZ_CHECK(baresspi::UpCase(upper) == upper);
    if (unit >> 11 == 0xD800 >> 11) FUZZ_CHECK(upper == unit);
    if (unit < 0x80) FUZZ_CHECK(upper == (unit >= 'a' && unit <= 'z' ? unit - 32 : unit));
  }
}

// A text on the heap, of its size: octets, or units at their alignment (a heap block is).
struct Name {
  Name(Input* input, bool wide)
      : octets(input->Take(input->U8())),
        exact(wide ? Octets(octets.begin(), octets.end() - static_cast<ptrdiff_t>(octets.size() % 2))
                   : octets),
        length(static_cast<ULONG>(exact.size() / (wide ? 2 : 1))) {}
  unsigned char* text() const { return exact.data(); }

  Octets octets;
  Buffer exact;
  ULONG length;
};

void QueryNames(CredHandle* credential) {
  SecPkgCredentials_NamesA narrow = {};
  SecPkgCredentials_NamesW wide = {};
  const SECURITY_STATUS a = QueryCredentialsAttributesA(credential, SECPKG_CRED_ATTR_NAMES, &narrow);
  const SECURITY_STATUS w = QueryCredentialsAttributesW(credential, SECPKG_CRED_ATTR_NAMES, &wide);
  FUZZ_STATUS(a, SEC_E_OK, SEC_E_NO_CREDENTIALS, SEC_E_INSUFFICIENT_MEMORY);
  FUZZ_STATUS(w, SEC_E_OK, SEC_E_NO_CREDENTIALS, SEC_E_INSUFFICIENT_MEMORY);
  if (a != SEC_E_OK || w != SEC_E_OK) return;
  // Both say the same. (Neither has a zero within, unless the name had.)
  Units units;
  FUZZ_CHECK(ReadAll(Text::Utf8(narrow.sUserName), &units));
  const Text same = Text::Utf16(reinterpret_cast<const char16_t*>(wide.sUserName));
  FUZZ_CHECK(units.size() == same.length());
  const auto* other = static_cast<const char16_t*>(same.data());
  for (size_t i = 0; i < units.size(); ++i) {
    FUZZ_CHECK(units[i] == other[i] || (units[i] == 0xFFFD && other[i] >> 11 == 0xD800 >> 11));
  }
}

// The target's name, in all three ways of giving it.
void NameTarget(CredHandle* credential, Input* input) {
  const uint8_t way = input->U8();
  Octets name = input->Rest();
  if (way % 3 != 2) name.insert(name.end(), 2, 0);  // zero-terminated
  if (way % 3 == 1 && name.size() % 2 != 0) name.push_back(0);
  const size_t odd = way % 3 == 2 ? (way >> 2) % 2 : 0;  // of a SECBUFFER_TARGET no alignment is asked
  Octets shifted(odd, 0);
  shifted.insert(shifted.end(), name.begin(), name.end());
  const Buffer exact(shifted);
  uint8_t* text = exact.data() + odd;
  SecBuffer target = {static_cast<ULONG>(name.size()), SECBUFFER_TARGET, text};
  SecBufferDesc in = {SECBUFFER_VERSION, 1, &target};
  const Buffer room(64);
  SecBuffer token = {64, SECBUFFER_TOKEN, room.data()};
  SecBufferDesc out = {SECBUFFER_VERSION, 1, &token};
  CtxtHandle context = {};
  ULONG attributes = 0;
  const SECURITY_STATUS status =
      way % 3 == 0
          ? InitializeSecurityContextA(credential, nullptr, reinterpret_cast<const char*>(text),
                                       ISC_REQ_NULL_SESSION, 0, 0, nullptr, 0, &context, &out, &attributes,
                                       nullptr)
          : InitializeSecurityContextW(credential, nullptr,
                                       way % 3 == 1 ? reinterpret_cast<const SEC_WCHAR*>(text) : nullptr,
                                       ISC_REQ_NULL_SESSION, 0, 0, way % 3 == 1 ? nullptr : &in, 0, &context,
                                       &out, &attributes, nullptr);
  FUZZ_STATUS(status, SEC_I_CONTINUE_NEEDED, SEC_E_TARGET_UNKNOWN);
  if (status == SEC_I_CONTINUE_NEEDED) FUZZ_CHECK(DeleteSecurityContext(&context) == SEC_E_OK);
}

void Acquire(Input* input) {
  const uint8_t form = input->U8();
  const bool wide = (form & 1) != 0;
  const Name user(input, wide), domain(input, wide), password(input, wide), list(input, wide);
  SEC_WINNT_AUTH_IDENTITY_EXA ex = {};
  ex.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
  ex.Length = sizeof ex;
  ex.User = user.text();
  ex.UserLength = user.length;
  ex.Domain = domain.text();
  ex.DomainLength = domain.length;
  ex.Password = password.text();
  ex.PasswordLength = password.length;
  ex.Flags = wide ? SEC_WINNT_AUTH_IDENTITY_UNICODE : SEC_WINNT_AUTH_IDENTITY_ANSI;
  if ((form & 2) != 0) ex.Flags |= BARESSPI_AUTH_IDENTITY_NT_HASH;
  if ((form & 4) != 0) ex.Flags |= input->U32();
  // Flags that say another form than the pointers lead to would be a lie of the caller's own.
  if (!wide) ex.Flags &= ~static_cast<ULONG>(SEC_WINNT_AUTH_IDENTITY_UNICODE);
  ex.PackageList = list.text();
  ex.PackageListLength = list.length;
  SEC_WINNT_AUTH_IDENTITY_A plain = {ex.User,     ex.UserLength,     ex.Domain, ex.DomainLength,
                                     ex.Password, ex.PasswordLength, ex.Flags};
  void* auth_data = (form & 8) != 0 ? static_cast<void*>(&ex) : &plain;
  char package[] = "NTLM";
  char negotiate[] = "Negotiate";
  CredHandle credential = {};
  const SECURITY_STATUS status =
      AcquireCredentialsHandleA(nullptr, (form & 16) != 0 ? negotiate : package, SECPKG_CRED_OUTBOUND,
                                nullptr, auth_data, nullptr, nullptr, &credential, nullptr);
  FUZZ_STATUS(status, SEC_E_OK, SEC_E_UNSUPPORTED_FUNCTION, SEC_E_UNKNOWN_CREDENTIALS, SEC_E_NO_CREDENTIALS,
              SEC_E_INSUFFICIENT_MEMORY);
  if (status != SEC_E_OK) return;
  QueryNames(&credential);
  if ((form & 16) == 0) NameTarget(&credential, input);
  FUZZ_CHECK(FreeCredentialsHandle(&credential) == SEC_E_OK);
}

// Names that mean no package are no crash, and both forms of the function agree.
void NamePackage(Octets name) {
  name.push_back(0);
  const Buffer exact(name);
  PSecPkgInfoA narrow = nullptr;
  PSecPkgInfoW wide = nullptr;
  const SECURITY_STATUS a = QuerySecurityPackageInfoA(reinterpret_cast<char*>(exact.data()), &narrow);
  FUZZ_STATUS(a, SEC_E_OK, SEC_E_SECPKG_NOT_FOUND);
  Octets doubled;
  for (const uint8_t octet : name) doubled.insert(doubled.end(), {octet, 0});
  const Buffer units(doubled);
  const SECURITY_STATUS w = QuerySecurityPackageInfoW(reinterpret_cast<SEC_WCHAR*>(units.data()), &wide);
  FUZZ_CHECK(a == w);
  if (a == SEC_E_OK) FUZZ_CHECK(narrow->cbMaxToken == wide->cbMaxToken);
}

// An account's name and domain as a message has them, looked up in a table.
void LookUp(Input* input) {
  static constexpr uint8_t kHash[16] = {1, 2, 3};
  static constexpr BARESSPI_ACCOUNT_ENTRY kEntries[] = {
      {"EXAMPLE", "alice", kHash, 7}, {nullptr, "bob@home", kHash, 8}, {"Ιθάκη", "Οδυσσεύς", kHash, 9}};
  static constexpr BARESSPI_ACCOUNT_TABLE kTable = {kEntries, 3};
  const Name domain(input, true), user(input, true);
  const BARESSPI_NAME domain_name = {domain.text(), domain.length * 2};
  const BARESSPI_NAME user_name = {user.text(), user.length * 2};
  uint8_t hash[16] = {};
  BARESSPI_ACCOUNT account = {};
  const SECURITY_STATUS status =
      BareSspiAccountTableGetNtHash(&kTable, &domain_name, &user_name, hash, &account);
  FUZZ_STATUS(status, SEC_E_OK, SEC_E_LOGON_DENIED);
  FUZZ_CHECK((status == SEC_E_OK) == (account.UserId != 0));
  FUZZ_CHECK((status == SEC_E_OK) == (hash[0] != 0));
}

void HashPassword(const Octets& password) {
  const Buffer exact(password);
  Units units;
  uint8_t hash[16];
  const SECURITY_STATUS status =
      BareSspiNtHash(reinterpret_cast<const char*>(exact.data()), static_cast<ULONG>(exact.size()), hash);
  FUZZ_CHECK(status == (Decode(password, &units) ? SEC_E_OK : SEC_E_INVALID_PARAMETER));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Case one;
  Input input(data, size);
  switch (input.U8() % 7) {
    case 0:
      ReadUtf8(input.Rest());
      break;
    case 1: {
      const size_t room = input.U8();
      WriteUtf8(input.Rest(), room);
      break;
    }
    case 2:
      RaiseCase(input.Rest());
      break;
    case 3:
      Acquire(&input);
      break;
    case 4:
      NamePackage(input.Rest());
      break;
    case 5:
      LookUp(&input);
      break;
    default:
      HashPassword(input.Rest());
  }
  return 0;
}
