// SPDX-License-Identifier: Apache-2.0
// InitSecurityInterface. Naming a table links every function of the interface; firmware calls the functions
// themselves.
#include <baresspi/sspi.h>

namespace baresspi {
namespace {

constexpr SecurityFunctionTableW kTableW = {
    .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_5,
    .EnumerateSecurityPackagesW = ::EnumerateSecurityPackagesW,
    .QueryCredentialsAttributesW = ::QueryCredentialsAttributesW,
    .AcquireCredentialsHandleW = ::AcquireCredentialsHandleW,
    .FreeCredentialsHandle = ::FreeCredentialsHandle,
    .Reserved2 = nullptr,
    .InitializeSecurityContextW = ::InitializeSecurityContextW,
    .AcceptSecurityContext = ::AcceptSecurityContext,
    .CompleteAuthToken = ::CompleteAuthToken,
    .DeleteSecurityContext = ::DeleteSecurityContext,
    .ApplyControlToken = ::ApplyControlToken,
    .QueryContextAttributesW = ::QueryContextAttributesW,
    .ImpersonateSecurityContext = ::ImpersonateSecurityContext,
    .RevertSecurityContext = ::RevertSecurityContext,
    .MakeSignature = ::MakeSignature,
    .VerifySignature = ::VerifySignature,
    .FreeContextBuffer = ::FreeContextBuffer,
    .QuerySecurityPackageInfoW = ::QuerySecurityPackageInfoW,
    .Reserved3 = nullptr,
    .Reserved4 = nullptr,
    .ExportSecurityContext = ::ExportSecurityContext,
    .ImportSecurityContextW = ::ImportSecurityContextW,
    .AddCredentialsW = ::AddCredentialsW,
    .Reserved8 = nullptr,
    .QuerySecurityContextToken = ::QuerySecurityContextToken,
    .EncryptMessage = ::EncryptMessage,
    .DecryptMessage = ::DecryptMessage,
    .SetContextAttributesW = ::SetContextAttributesW,
    .SetCredentialsAttributesW = ::SetCredentialsAttributesW,
    .ChangeAccountPasswordW = ::ChangeAccountPasswordW,
    .QueryContextAttributesExW = ::QueryContextAttributesExW,
    .QueryCredentialsAttributesExW = ::QueryCredentialsAttributesExW,
};

constexpr SecurityFunctionTableA kTableA = {
    .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_5,
    .EnumerateSecurityPackagesA = ::EnumerateSecurityPackagesA,
    .QueryCredentialsAttributesA = ::QueryCredentialsAttributesA,
    .AcquireCredentialsHandleA = ::AcquireCredentialsHandleA,
    .FreeCredentialsHandle = ::FreeCredentialsHandle,
    .Reserved2 = nullptr,
    .InitializeSecurityContextA = ::InitializeSecurityContextA,
    .AcceptSecurityContext = ::AcceptSecurityContext,
    .CompleteAuthToken = ::CompleteAuthToken,
    .DeleteSecurityContext = ::DeleteSecurityContext,
    .ApplyControlToken = ::ApplyControlToken,
    .QueryContextAttributesA = ::QueryContextAttributesA,
    .ImpersonateSecurityContext = ::ImpersonateSecurityContext,
    .RevertSecurityContext = ::RevertSecurityContext,
    .MakeSignature = ::MakeSignature,
    .VerifySignature = ::VerifySignature,
    .FreeContextBuffer = ::FreeContextBuffer,
    .QuerySecurityPackageInfoA = ::QuerySecurityPackageInfoA,
    .Reserved3 = nullptr,
    .Reserved4 = nullptr,
    .ExportSecurityContext = ::ExportSecurityContext,
    .ImportSecurityContextA = ::ImportSecurityContextA,
    .AddCredentialsA = ::AddCredentialsA,
    .Reserved8 = nullptr,
    .QuerySecurityContextToken = ::QuerySecurityContextToken,
    .EncryptMessage = ::EncryptMessage,
    .DecryptMessage = ::DecryptMessage,
    .SetContextAttributesA = ::SetContextAttributesA,
    .SetCredentialsAttributesA = ::SetCredentialsAttributesA,
    .ChangeAccountPasswordA = ::ChangeAccountPasswordA,
    .QueryContextAttributesExA = ::QueryContextAttributesExA,
    .QueryCredentialsAttributesExA = ::QueryCredentialsAttributesExA,
};

}  // namespace
}  // namespace baresspi

PSecurityFunctionTableW SEC_ENTRY InitSecurityInterfaceW(void) {
  return const_cast<PSecurityFunctionTableW>(
      &baresspi::kTableW);  // the interface has no const; nobody writes to it
}

PSecurityFunctionTableA SEC_ENTRY InitSecurityInterfaceA(void) {
  return const_cast<PSecurityFunctionTableA>(&baresspi::kTableA);
}
