// SPDX-License-Identifier: Apache-2.0
// The program whose link says what BareSSPI takes: it uses every function of the interface that the
// configured halves are for, names in UTF-8 (the A form of each function that has two). A firmware that does
// less gets less. What a function returns does not matter here; that it is reachable does.
#include <baresspi/authority.h>
#include <baresspi/schannel.h>
#include <baresspi/sspi.h>

#include "config/baresspi_config.h"

namespace {

using Function = void (*)();

template <typename F>
Function Use(F* function) {
  return reinterpret_cast<Function>(function);
}

}  // namespace

// Volatile, so that no compiler drops what nobody reads.
Function volatile budget_used;

extern "C" void BudgetMain() {
  budget_used = Use(EnumerateSecurityPackagesA);
  budget_used = Use(QuerySecurityPackageInfoA);
  budget_used = Use(AcquireCredentialsHandleA);
  budget_used = Use(AddCredentialsA);
  budget_used = Use(ChangeAccountPasswordA);
  budget_used = Use(FreeCredentialsHandle);
  budget_used = Use(QueryCredentialsAttributesA);
  budget_used = Use(QueryCredentialsAttributesExA);
  budget_used = Use(SetCredentialsAttributesA);
  budget_used = Use(CompleteAuthToken);
  budget_used = Use(ApplyControlToken);
  budget_used = Use(DeleteSecurityContext);
  budget_used = Use(QueryContextAttributesA);
  budget_used = Use(QueryContextAttributesExA);
  budget_used = Use(SetContextAttributesA);
  budget_used = Use(MakeSignature);
  budget_used = Use(VerifySignature);
  budget_used = Use(EncryptMessage);
  budget_used = Use(DecryptMessage);
  budget_used = Use(FreeContextBuffer);
  budget_used = Use(ExportSecurityContext);
  budget_used = Use(ImportSecurityContextA);
#if BARESSPI_SCHANNEL
  budget_used = Use(BareSspiTlsArenaPeak);
  budget_used = Use(CertEnumCertificatesInStore);
  budget_used = Use(CertFreeCertificateContext);
#endif
#if BARESSPI_CLIENTS
  budget_used = Use(InitializeSecurityContextA);
#endif
#if BARESSPI_SERVERS
  budget_used = Use(AcceptSecurityContext);
  budget_used = Use(QuerySecurityContextToken);
  budget_used = Use(ImpersonateSecurityContext);
  budget_used = Use(RevertSecurityContext);
  budget_used = Use(BareSspiQueryTokenInformation);
  budget_used = Use(BareSspiAccountTableGetNtHash);
  budget_used = Use(BareSspiNtHash);
#endif
}
