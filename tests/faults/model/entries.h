// SPDX-License-Identifier: Apache-2.0
// The entry points of the C API: all that the function tables have, the tables, and BareSSPI's own that take
// what the others hand out.
#pragma once

#include <stdint.h>

namespace model {

// clang-format off
#define MODEL_ENTRIES(X) \
  X(AcquireCredentialsHandleA) X(AcquireCredentialsHandleW) X(AddCredentialsA) X(AddCredentialsW) \
  X(FreeCredentialsHandle) X(QueryCredentialsAttributesA) X(QueryCredentialsAttributesW) \
  X(QueryCredentialsAttributesExA) X(QueryCredentialsAttributesExW) X(SetCredentialsAttributesA) \
  X(SetCredentialsAttributesW) X(ChangeAccountPasswordA) X(ChangeAccountPasswordW) \
  X(InitializeSecurityContextA) X(InitializeSecurityContextW) X(AcceptSecurityContext) \
  X(CompleteAuthToken) X(ApplyControlToken) X(DeleteSecurityContext) X(QueryContextAttributesA) \
  X(QueryContextAttributesW) X(QueryContextAttributesExA) X(QueryContextAttributesExW) \
  X(SetContextAttributesA) X(SetContextAttributesW) X(MakeSignature) X(VerifySignature) X(EncryptMessage) \
  X(DecryptMessage) X(QuerySecurityContextToken) X(ImpersonateSecurityContext) X(RevertSecurityContext) \
  X(ExportSecurityContext) X(ImportSecurityContextA) X(ImportSecurityContextW) X(FreeContextBuffer) \
  X(EnumerateSecurityPackagesA) X(EnumerateSecurityPackagesW) X(QuerySecurityPackageInfoA) \
  X(QuerySecurityPackageInfoW) X(InitSecurityInterfaceA) X(InitSecurityInterfaceW) \
  X(BareSspiQueryTokenInformation) X(BareSspiQueryPoolUse) X(BareSspiTlsArenaPeak)
// clang-format on

enum class Entry : uint8_t {
#define MODEL_ENTRY(name) name,
  MODEL_ENTRIES(MODEL_ENTRY)
#undef MODEL_ENTRY
};

inline constexpr const char* kEntryNames[] = {
#define MODEL_ENTRY(name) #name,
    MODEL_ENTRIES(MODEL_ENTRY)
#undef MODEL_ENTRY
};
inline constexpr uint32_t kEntries = sizeof kEntryNames / sizeof kEntryNames[0];

inline const char* NameOf(Entry entry) {
  return kEntryNames[static_cast<uint32_t>(entry)];
}

}  // namespace model
