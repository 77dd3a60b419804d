// SPDX-License-Identifier: Apache-2.0
// The packages, the tables of functions, and what needs neither credential nor context.
#include <string.h>

#include "tests/faults/model/world.h"

namespace model {
namespace {

// The functions themselves, in the order of their table.
constexpr SecurityFunctionTableA kThemselvesA = {5,
                                                 EnumerateSecurityPackagesA,
                                                 QueryCredentialsAttributesA,
                                                 AcquireCredentialsHandleA,
                                                 FreeCredentialsHandle,
                                                 nullptr,
                                                 InitializeSecurityContextA,
                                                 AcceptSecurityContext,
                                                 CompleteAuthToken,
                                                 DeleteSecurityContext,
                                                 ApplyControlToken,
                                                 QueryContextAttributesA,
                                                 ImpersonateSecurityContext,
                                                 RevertSecurityContext,
                                                 MakeSignature,
                                                 VerifySignature,
                                                 FreeContextBuffer,
                                                 QuerySecurityPackageInfoA,
                                                 nullptr,
                                                 nullptr,
                                                 ExportSecurityContext,
                                                 ImportSecurityContextA,
                                                 AddCredentialsA,
                                                 nullptr,
                                                 QuerySecurityContextToken,
                                                 EncryptMessage,
                                                 DecryptMessage,
                                                 SetContextAttributesA,
                                                 SetCredentialsAttributesA,
                                                 ChangeAccountPasswordA,
                                                 QueryContextAttributesExA,
                                                 QueryCredentialsAttributesExA};
constexpr SecurityFunctionTableW kThemselvesW = {5,
                                                 EnumerateSecurityPackagesW,
                                                 QueryCredentialsAttributesW,
                                                 AcquireCredentialsHandleW,
                                                 FreeCredentialsHandle,
                                                 nullptr,
                                                 InitializeSecurityContextW,
                                                 AcceptSecurityContext,
                                                 CompleteAuthToken,
                                                 DeleteSecurityContext,
                                                 ApplyControlToken,
                                                 QueryContextAttributesW,
                                                 ImpersonateSecurityContext,
                                                 RevertSecurityContext,
                                                 MakeSignature,
                                                 VerifySignature,
                                                 FreeContextBuffer,
                                                 QuerySecurityPackageInfoW,
                                                 nullptr,
                                                 nullptr,
                                                 ExportSecurityContext,
                                                 ImportSecurityContextW,
                                                 AddCredentialsW,
                                                 nullptr,
                                                 QuerySecurityContextToken,
                                                 EncryptMessage,
                                                 DecryptMessage,
                                                 SetContextAttributesW,
                                                 SetCredentialsAttributesW,
                                                 ChangeAccountPasswordW,
                                                 QueryContextAttributesExW,
                                                 QueryCredentialsAttributesExW};

bool ByTable(const Op& op) {
  return (op.seed >> 60 & 1) != 0;
}

template <typename Info>
SECURITY_STATUS Enumerate(World& world, SECURITY_STATUS (*call)(ULONG*, Info**), bool null, bool which) {
  ULONG count = 0;
  Info* infos = nullptr;
  const SECURITY_STATUS status = call(null && which ? nullptr : &count, null && !which ? nullptr : &infos);
  if (status == SEC_E_OK) {
    Require(world, count == 3 && infos[1].cbMaxToken == 2888 && infos[2].cbMaxToken == 6144,
            "other packages");
    world.handed_out = infos;
  }
  return status;
}

void RunEnumerate(World& world, const Op& op) {
  const bool null = op.fault == Fault::kNullArgument;
  const bool which = (op.seed & 1) != 0;
  const SECURITY_STATUS status =
      op.entry == Entry::EnumerateSecurityPackagesA
          ? Enumerate<SecPkgInfoA>(world, TableA(op).EnumerateSecurityPackagesA, null, which)
          : Enumerate<SecPkgInfoW>(world, TableW(op).EnumerateSecurityPackagesW, null, which);
  Judge(world, !null, {null ? SEC_E_INVALID_TOKEN : SEC_E_OK}, status);
}

void RunPackageInfo(World& world, const Op& op) {
  static const char* const kNames[] = {"ntlm", "NEGOTIATE", "schannel"};
  static const char16_t* const kWideNames[] = {u"NTLM", u"Negotiate",
                                               u"Microsoft Unified Security Protocol Provider"};
  const bool wrong = op.fault == Fault::kWrongName;
  const bool null = op.fault == Fault::kNullArgument;
  const auto which = op.seed % 3;
  SecPkgInfoA* narrow = nullptr;
  SecPkgInfoW* wide = nullptr;
  const SECURITY_STATUS status =
      op.entry == Entry::QuerySecurityPackageInfoA
          ? TableA(op).QuerySecurityPackageInfoA(wrong ? "WDigest" : kNames[which], null ? nullptr : &narrow)
          : TableW(op).QuerySecurityPackageInfoW(wrong ? nullptr : kWideNames[which], null ? nullptr : &wide);
  Judge(world, !wrong && !null,
        {wrong  ? SEC_E_SECPKG_NOT_FOUND
         : null ? SEC_E_INVALID_TOKEN
                : SEC_E_OK},
        status);
}

void RunPoolUse(World& world, const Op& op) {
  const bool wrong = op.fault == Fault::kWrongName;
  BARESSPI_POOL_USE use = {};
  const SECURITY_STATUS status = BareSspiQueryPoolUse(wrong ? "Kerberos" : "Negotiate", &use);
  Judge(world, !wrong, {wrong ? SEC_E_SECPKG_NOT_FOUND : SEC_E_OK}, status);
  Require(world, wrong || use.Contexts == ContextsInUse(world, false), "another number of contexts");
}

void RunArenaPeak(World& world, const Op& op) {
  Drawn drawn = DrawContext(world, op);
  const Context& context = world.contexts[op.slot % kContextSlots];
  const bool good = drawn.good && context.package == Package::kTls;
  ULONG peak = 0;
  ULONG size = 0;
  const SECURITY_STATUS status = BareSspiTlsArenaPeak(drawn.pointer(), &peak, &size);
  Judge(world, good, {good ? SEC_E_OK : SEC_E_INVALID_HANDLE}, status);
  Require(world, peak <= size, "more than there is");
}

}  // namespace

const SecurityFunctionTableA& TableA(const Op& op) {
  return ByTable(op) ? *InitSecurityInterfaceA() : kThemselvesA;
}
const SecurityFunctionTableW& TableW(const Op& op) {
  return ByTable(op) ? *InitSecurityInterfaceW() : kThemselvesW;
}

void RunPackageCall(World& world, const Op& op) {
  switch (op.entry) {
    case Entry::EnumerateSecurityPackagesA:
    case Entry::EnumerateSecurityPackagesW:
      return RunEnumerate(world, op);
    case Entry::QuerySecurityPackageInfoA:
    case Entry::QuerySecurityPackageInfoW:
      return RunPackageInfo(world, op);
    case Entry::InitSecurityInterfaceA:
      Judge(world, true, {SEC_E_OK}, SEC_E_OK);
      return Require(world, memcmp(InitSecurityInterfaceA(), &kThemselvesA, sizeof kThemselvesA) == 0,
                     "another table");
    case Entry::InitSecurityInterfaceW:
      Judge(world, true, {SEC_E_OK}, SEC_E_OK);
      return Require(world, memcmp(InitSecurityInterfaceW(), &kThemselvesW, sizeof kThemselvesW) == 0,
                     "another table");
    case Entry::BareSspiQueryPoolUse:
      return RunPoolUse(world, op);
    case Entry::BareSspiTlsArenaPeak:
      return RunArenaPeak(world, op);
    default: {  // FreeContextBuffer, which takes what is no buffer, too
      int none = 0;
      const bool wrong = op.fault != Fault::kNone;
      Judge(world, !wrong, {SEC_E_OK}, TableA(op).FreeContextBuffer(wrong ? &none : world.handed_out));
    }
  }
}

}  // namespace model
