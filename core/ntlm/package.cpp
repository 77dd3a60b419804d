// SPDX-License-Identifier: Apache-2.0
#include "core/ntlm/package.h"

#include "core/base/memory.h"
#include "core/base/shared.h"
#include "core/ntlm/context.h"
#include "core/sspi/pools.h"

namespace baresspi::ntlm {
namespace {

SECURITY_STATUS TakeIdentity(NtlmCredential& credential, const Identity& identity) {
  const SECURITY_STATUS status =
      credential.names.Set(identity.Get(Identity::kDomain), identity.Get(Identity::kUser));
  if (status != SEC_E_OK) return status;
  uint8_t* key = credential.ntowfv2;  // made out of the NT hash where that lies
  if (identity.nt_hash() != nullptr) {
    Copy(key, identity.nt_hash(), kKeySize);
  } else if (!NtHash(identity.Get(Identity::kPassword), key)) {
    return SEC_E_UNKNOWN_CREDENTIALS;
  }
  NtOwfV2(key, credential.names.user(), credential.names.domain(), key);
  credential.has_identity = true;
  return SEC_E_OK;
}

}  // namespace

SECURITY_STATUS Acquire(Credential& base, const AuthData& auth_data) {
  auto& credential = static_cast<NtlmCredential&>(base);
  credential.device = auth_data.device;
  if (auth_data.device != nullptr) credential.policy = auth_data.device->Policy;
  if ((base.use & SECPKG_CRED_OUTBOUND) == 0) return SEC_E_OK;
  // BOTH without an identity serves as an acceptor's; an initiator's alone has nobody to be.
  if (!auth_data.identity.given()) return base.use == SECPKG_CRED_OUTBOUND ? SEC_E_NO_CREDENTIALS : SEC_E_OK;
  return TakeIdentity(credential, auth_data.identity);
}

SECURITY_STATUS SetCredential(Credential& base, const AttributeCall& call) {
  if (call.attribute != BARESSPI_CRED_ATTR_POLICY) return SEC_E_UNSUPPORTED_FUNCTION;
  if (call.size < sizeof(BARESSPI_POLICY)) return SEC_E_BUFFER_TOO_SMALL;
  StoreShared(&static_cast<NtlmCredential&>(base).policy,
              static_cast<const BARESSPI_POLICY*>(call.buffer)->Flags);
  return SEC_E_OK;
}

const Package kPackage = {
    .name = kNameA,
    .use =
        (BARESSPI_NTLM_SERVER ? SECPKG_CRED_INBOUND : 0) | (BARESSPI_NTLM_CLIENT ? SECPKG_CRED_OUTBOUND : 0),
    .answers_early = false,
    .credentials = &kSharedCredentials,
    .contexts = &kSharedContexts,
    .acquire = Acquire,
    .query_credential = QueryCredential,
    .set_credential = SetCredential,
#if BARESSPI_NTLM_CLIENT
    .initialize = Initialize,
#else
    .initialize = nullptr,
#endif
#if BARESSPI_NTLM_SERVER
    .accept = Accept,
#else
    .accept = nullptr,
#endif
    .query_context = QueryContext,
    .protect = Protect,
#if BARESSPI_NTLM_SERVER
    .query_token = QueryToken,
#else
    .query_token = nullptr,
#endif
#if BARESSPI_SCHANNEL
    .stream = nullptr,
#endif
};

}  // namespace baresspi::ntlm
