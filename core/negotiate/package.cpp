// SPDX-License-Identifier: Apache-2.0
#include "core/negotiate/package.h"

#include "core/base/memory.h"
#include "core/negotiate/context.h"

#if BARESSPI_NEGOTIATE

namespace baresspi::negotiate {
namespace {

constinit NegotiateCredential credential_slots[BARESSPI_MAX_CREDENTIALS] = {};
constinit NegotiateContext context_slots[BARESSPI_MAX_CONTEXTS] = {};
constinit PoolState credential_state = {};
constinit PoolState context_state = {};

constexpr uint16_t kCredentialTag = 0x4743;  // "GC"
constexpr uint16_t kContextTag = 0x4758;     // "GX"

constexpr Pool kCredentials(kCredentialTag, credential_slots, sizeof(NegotiateCredential),
                            BARESSPI_MAX_CREDENTIALS, &credential_state);
constexpr Pool kContexts(kContextTag, context_slots, sizeof(NegotiateContext), BARESSPI_MAX_CONTEXTS,
                         &context_state);

// SEC_WINNT_AUTH_IDENTITY_EX.PackageList: "NTLM", "Kerberos,NTLM" allow what they name, "!NTLM" all but what
// it names.
bool Allows(const Text& list, const char* name) {
  constexpr unsigned kThis = 1;
  constexpr unsigned kOthers = 2;
  TextReader reader(list);
  unsigned named = 0;
  const char* expected = name;
  uint32_t wrong = 0;  // 0: as expected so far
  bool excludes = false;
  for (bool more = true; more;) {
    char16_t unit = 0;
    more = reader.Next(&unit);
    if (more && unit != u',') {
      if (unit == u'!') {
        excludes = true;
      } else if (unit != u' ') {
        const auto letter = static_cast<unsigned char>(*expected);
        wrong |= (unit ^ letter) & ~0x20U;
        if (letter != 0) ++expected;
      }
      continue;
    }
    // A name ends; none is empty but what stands behind a comma at the end.
    wrong |= static_cast<unsigned char>(*expected);
    if (excludes && wrong == 0) return false;
    if (!excludes && expected != name) named |= wrong == 0 ? kThis : kOthers;
    expected = name;
    wrong = 0;
    excludes = false;
  }
  return named != kOthers && reader.ok();
}

void EndCredential(Credential& base) {
  auto& credential = static_cast<NegotiateCredential&>(base);
  for (size_t i = 0; i < kMechanismCount; ++i) {
    // Not ReleaseCredential, which led here; as in EndInner.
    if (credential.inner[i] != nullptr) kMechanisms[i]->package->credentials->Release(credential.inner[i]);
    credential.inner[i] = nullptr;
  }
}

// After a failure the front door ends the credential, and with it what it has of the mechanisms by then.
SECURITY_STATUS Acquire(Credential& base, const AuthData& auth_data) {
  auto& credential = static_cast<NegotiateCredential&>(base);
  SECURITY_STATUS found = SEC_E_NO_CREDENTIALS;
  for (size_t i = 0; i < kMechanismCount; ++i) {
    const Mechanism& mechanism = *kMechanisms[i];
    const Pool& pool = *mechanism.package->credentials;
    if (!Allows(auth_data.identity.PackageList(), mechanism.package->name)) continue;
    auto* inner = static_cast<Credential*>(pool.Take());
    if (inner == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
    credential.inner[i] = inner;
    inner->package = mechanism.package;
    inner->use = base.use;
    const SECURITY_STATUS status = mechanism.acquire(*inner, auth_data);
    if (status == SEC_E_OK) {
      found = status;
    } else if (kMechanismCount == 1 || status != SEC_E_NO_CREDENTIALS) {
      return status;
    } else {
      pool.Release(inner);
      credential.inner[i] = nullptr;
    }
  }
  return found;
}

void EndContext(Context& context) {
  EndInner(static_cast<NegotiateContext&>(context));
}

// Asks the first mechanism: its names and its policy stand for all.
SECURITY_STATUS QueryCredential(Credential& base, const AttributeCall& call) {
  const auto& credential = static_cast<NegotiateCredential&>(base);
  const size_t i = FirstMechanism(credential);
  return kMechanisms[i]->query_credential(*credential.inner[i], call);
}

SECURITY_STATUS SetCredential(Credential& base, const AttributeCall& call) {
  const auto& credential = static_cast<NegotiateCredential&>(base);
  SECURITY_STATUS status = SEC_E_UNSUPPORTED_FUNCTION;
  for (size_t i = 0; i < kMechanismCount; ++i) {
    if (kMechanismCount > 1 && credential.inner[i] == nullptr) continue;
    status = kMechanisms[i]->set_credential(*credential.inner[i], call);
  }
  return status;
}

SECURITY_STATUS QueryContext(Context& base, const AttributeCall& call) {
  auto& context = static_cast<NegotiateContext&>(base);
  if (context.inner == nullptr) return SEC_E_INVALID_HANDLE;
  const Mechanism& mechanism = MechanismOf(context);
  // PACKAGE_INFO and NEGOTIATION_INFO name the mechanism, as they do on Windows.
  if (context.phase != Phase::kEstablished) {
    // Before the end nothing else can be asked.
    if (call.attribute != SECPKG_ATTR_NEGOTIATION_INFO) return SEC_E_INVALID_HANDLE;
    auto* info = static_cast<SecPkgContext_NegotiationInfoA*>(call.buffer);
    // A or W: the pointer is to one or the other.
    info->PackageInfo = static_cast<SecPkgInfoA*>(const_cast<void*>(InfoOf(*mechanism.package, *call.form)));
    info->NegotiationState =
        context.step == Step::kFirstReply ? SECPKG_NEGOTIATION_OPTIMISTIC : SECPKG_NEGOTIATION_IN_PROGRESS;
    return SEC_E_OK;
  }
  if (call.attribute == SECPKG_ATTR_ACCESS_TOKEN && !IsInitiator(context)) {
    static_cast<SecPkgContext_AccessToken*>(call.buffer)->AccessToken = TokenOf(context);
    return SEC_E_OK;
  }
  const SECURITY_STATUS status = mechanism.query_context(*context.inner, call);
  if (call.attribute == SECPKG_ATTR_SIZES)
    static_cast<SecPkgContext_Sizes*>(call.buffer)->cbMaxToken = kMaxToken;
  return status;
}

SECURITY_STATUS Protect(Context& base, const MessageCall& call) {
  auto& context = static_cast<NegotiateContext&>(base);
  return MechanismOf(context).protect(*context.inner, call);
}

#if BARESSPI_NTLM_SERVER
SECURITY_STATUS QueryToken(const Context& base, BARESSPI_TOKEN_INFO* info) {
  const auto& context = static_cast<const NegotiateContext&>(base);
  return MechanismOf(context).query_token(*context.inner, info);
}
#endif

}  // namespace

const Package kPackage = {
    .name = kNameA,
    .use =
        (BARESSPI_NTLM_SERVER ? SECPKG_CRED_INBOUND : 0) | (BARESSPI_NTLM_CLIENT ? SECPKG_CRED_OUTBOUND : 0),
    .credentials = &kCredentials,
    .contexts = &kContexts,
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
    .control = nullptr,
    .set_context = nullptr,
    .goes_on = false,
#endif
    .end_context = EndContext,
    .end_credential = EndCredential,
};

}  // namespace baresspi::negotiate

#endif
