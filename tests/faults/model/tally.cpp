// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/model/tally.h"

#include <stdio.h>

namespace model {
namespace {

#define STATUS(name, of) \
  { name, #name, Class::of }
constexpr Known kKnown[] = {
    STATUS(SEC_E_OK, kOk),
    STATUS(SEC_I_CONTINUE_NEEDED, kGoOn),
    STATUS(SEC_I_INCOMPLETE_CREDENTIALS, kGoOn),
    STATUS(SEC_I_CONTEXT_EXPIRED, kGoOn),
    STATUS(SEC_E_INSUFFICIENT_MEMORY, kMend),
    STATUS(SEC_E_BUFFER_TOO_SMALL, kMend),
    STATUS(SEC_E_INCOMPLETE_MESSAGE, kMend),
    STATUS(SEC_E_INTERNAL_ERROR, kMend),
    STATUS(SEC_E_TARGET_UNKNOWN, kMend),
    STATUS(SEC_E_INVALID_HANDLE, kHandle),
    STATUS(SEC_E_INVALID_TOKEN, kArgument),
    STATUS(SEC_E_SECPKG_NOT_FOUND, kArgument),
    STATUS(SEC_E_NO_CREDENTIALS, kArgument),
    STATUS(SEC_E_UNKNOWN_CREDENTIALS, kArgument),
    STATUS(SEC_E_QOP_NOT_SUPPORTED, kArgument),
    STATUS(SEC_E_UNSUPPORTED_FUNCTION, kUnsupported),
    STATUS(SEC_E_LOGON_DENIED, kRefused),
    STATUS(SEC_E_NO_AUTHENTICATING_AUTHORITY, kRefused),
    STATUS(SEC_E_NO_IMPERSONATION, kRefused),
    STATUS(SEC_E_BAD_BINDINGS, kRefused),
    STATUS(SEC_E_CONTEXT_EXPIRED, kRefused),
    STATUS(SEC_E_UNTRUSTED_ROOT, kRefused),
    STATUS(SEC_E_INCOMPLETE_CREDENTIALS, kRefused),
    STATUS(SEC_E_ILLEGAL_MESSAGE, kRefused),
    STATUS(SEC_E_MESSAGE_ALTERED, kRefused),
    STATUS(SEC_E_OUT_OF_SEQUENCE, kRefused),
};
// These a peer's wrong token may get in place of SEC_E_ILLEGAL_MESSAGE; how often depends on its octets.
constexpr Known kMaybe[] = {
    STATUS(SEC_E_DECRYPT_FAILURE, kRefused),
    STATUS(SEC_E_ALGORITHM_MISMATCH, kRefused),
    STATUS(SEC_I_RENEGOTIATE, kGoOn),
};
#undef STATUS
constexpr uint32_t kCount = sizeof kKnown / sizeof kKnown[0];
static_assert(kCount + sizeof kMaybe / sizeof kMaybe[0] <= kMostKnown);

// What can be called wrongly in no way: they have no argument, or take any.
bool HasIllegal(Entry entry) {
  return entry != Entry::InitSecurityInterfaceA && entry != Entry::InitSecurityInterfaceW;
}

}  // namespace

const Known* Find(SECURITY_STATUS status) {
  for (const Known& known : kKnown) {
    if (known.status == status) return &known;
  }
  for (const Known& known : kMaybe) {
    if (known.status == status) return &known;
  }
  return nullptr;
}

const char* StatusName(SECURITY_STATUS status) {
  const Known* known = Find(status);
  return known == nullptr ? "a status that nobody is promised" : known->name;
}

void Count(Tally* tally, Entry entry, bool legal, SECURITY_STATUS status) {
  const auto row = static_cast<uint32_t>(entry);
  ++tally->calls;
  ++(legal ? tally->legal : tally->illegal)[row];
  const Known* known = Find(status);
  if (known == nullptr) return;
  ++tally->by_class[row][static_cast<uint32_t>(known->of)];
  if (known >= kKnown && known < kKnown + kCount) ++tally->by_status[known - kKnown];
}

bool Print(const Tally& tally) {
  bool good = true;
  printf("%-31s %9s %9s | %9s %9s %9s %9s %9s %9s %9s\n", "entry point", "legal", "illegal", "OK", "go on",
         "mendable", "handle", "argument", "unsupp.", "refused");
  for (uint32_t row = 0; row < kEntries; ++row) {
    printf("%-31s %9llu %9llu |", kEntryNames[row], static_cast<unsigned long long>(tally.legal[row]),
           static_cast<unsigned long long>(tally.illegal[row]));
    for (const uint64_t count : tally.by_class[row]) {
      if (count == 0) {
        printf(" %9s", ".");
      } else {
        printf(" %9llu", static_cast<unsigned long long>(count));
      }
    }
    printf("\n");
  }
  printf("statuses:");
  for (uint32_t i = 0; i < kCount; ++i)
    printf("%s %s %llu", i == 0 ? "" : ",", kKnown[i].name,
           static_cast<unsigned long long>(tally.by_status[i]));
  printf("\n%llu calls in %llu sequences\n", static_cast<unsigned long long>(tally.calls),
         static_cast<unsigned long long>(tally.sequences));
  for (uint32_t row = 0; row < kEntries; ++row) {
    const bool both = tally.illegal[row] != 0 || !HasIllegal(static_cast<Entry>(row));
    if (tally.legal[row] != 0 && both) continue;
    printf("FAIL model: %s was never called %s\n", kEntryNames[row],
           tally.legal[row] == 0 ? "legally" : "illegally");
    good = false;
  }
  for (uint32_t i = 0; i < kCount; ++i) {
    if (tally.by_status[i] != 0) continue;
    printf("FAIL model: %s was never returned\n", kKnown[i].name);
    good = false;
  }
  return good;
}

}  // namespace model
