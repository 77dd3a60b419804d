// SPDX-License-Identifier: Apache-2.0
#include "core/negotiate/package.h"

#include "core/base/memory.h"
#include "core/negotiate/context.h"
#include "core/sspi/pools.h"

#if BARESSPI_NEGOTIATE

namespace baresspi::negotiate {
namespace {

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
  uint32_t unit;
  do {
    unit = reader.Next();
    const auto letter = static_cast<unsigned char>(*expected);
    if (!TextReader::IsUnit(unit) || unit == u',') {
      // None is empty but what stands behind a comma at the end.
      wrong |= letter;
      if (excludes && wrong == 0) return false;
      if (!excludes && expected != name) named |= wrong == 0 ? kThis : kOthers;
      expected = name;
      wrong = 0;
      excludes = false;
    } else if (unit == u'!') {
      excludes = true;
    } else if (unit != u' ') {
      wrong |= (unit ^ letter) & ~0x20U;
      if (letter != 0) ++expected;
    }
  } while (TextReader::IsUnit(unit));
  return named != kOthers && unit == TextReader::kEnd;
}

SECURITY_STATUS Acquire(Credential& credential, const AuthData& auth_data) {
  SECURITY_STATUS found = SEC_E_NO_CREDENTIALS;
  for (size_t i = 0; i < kMechanismCount; ++i) {
    const Mechanism& mechanism = *kMechanisms[i];
    if (!Allows(auth_data.identity.PackageList(), mechanism.name)) continue;
    const SECURITY_STATUS status = mechanism.acquire(credential, auth_data);
    if (kMechanismCount == 1) return status;
    if (status == SEC_E_OK) {
      credential.use |= UseOf(i);
      found = status;
    } else if (status != SEC_E_NO_CREDENTIALS) {
      return status;
    }
  }
  return found;
}

SECURITY_STATUS QueryContext(Context& base, const AttributeCall& call) {
  auto& context = static_cast<NegotiateContext&>(base);
  const bool done = context.phase == Phase::kEstablished;
  if (!done) {
    // Before the end nothing else can be asked, and nothing at all before there is a mechanism.
    const bool begun = IsInitiator(context) || context.step != Step::kFirstReply;
    if (!begun || call.attribute != SECPKG_ATTR_NEGOTIATION_INFO) return SEC_E_INVALID_HANDLE;
  }
  // PACKAGE_INFO and NEGOTIATION_INFO name the mechanism, as they do on Windows.
  const SECURITY_STATUS status = MechanismOf(context).query_context(context, call);
  if (call.attribute == SECPKG_ATTR_SIZES)
    static_cast<SecPkgContext_Sizes*>(call.buffer)->cbMaxToken = kMaxToken;
  if (!done) {
    static_cast<SecPkgContext_NegotiationInfoA*>(call.buffer)->NegotiationState =
        context.step == Step::kFirstReply ? SECPKG_NEGOTIATION_OPTIMISTIC : SECPKG_NEGOTIATION_IN_PROGRESS;
  }
  return status;
}

// The only one: more would need functions here that ask MechanismOf.
constexpr Mechanism kMechanism = *kMechanisms[0];
static_assert(kMechanismCount == 1);

}  // namespace

const Package kPackage = {
    .name = kNameA,
    .use =
        (BARESSPI_NTLM_SERVER ? SECPKG_CRED_INBOUND : 0) | (BARESSPI_NTLM_CLIENT ? SECPKG_CRED_OUTBOUND : 0),
    .answers_early = true,
    .credentials = &kSharedCredentials,
    .contexts = &kSharedContexts,
    .acquire = Acquire,
    .query_credential = kMechanism.query_credential,
    .set_credential = kMechanism.set_credential,
    .initialize = BARESSPI_CLIENTS ? Handshake : nullptr,
    .accept = BARESSPI_SERVERS ? Handshake : nullptr,
    .query_context = QueryContext,
    .protect = kMechanism.protect,
    .query_token = kMechanism.query_token,
#if BARESSPI_SCHANNEL
    .stream = nullptr,
#endif
};

}  // namespace baresspi::negotiate

#endif
