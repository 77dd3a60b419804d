// SPDX-License-Identifier: Apache-2.0
// QueryContextAttributes and QueryCredentialsAttributes for NTLM.
#include "core/base/memory.h"
#include "core/ntlm/context.h"
#include "core/ntlm/package.h"
#include "core/sspi/time.h"
#include "port/port.h"

namespace baresspi::ntlm {
namespace {

// The interface's string fields have no const, and their A and W structures differ in what they point to
// alone: both are filled through this.
struct OneString {
  const void* string;
};
struct TwoStrings {
  const void* first;
  const void* second;
};
static_assert(sizeof(OneString) == sizeof(SecPkgContext_NamesA) &&
              sizeof(OneString) == sizeof(SecPkgContext_NamesW));
static_assert(sizeof(TwoStrings) == sizeof(SecPkgContext_NativeNamesA));

constexpr char16_t kEmpty[] = u"";  // its octets are an empty string in UTF-8, too

// Several tasks may ask one credential.
SECURITY_STATUS GetString(AccountNames& names, AccountNames::Form form, bool wide, const void** string) {
  if (!wide) form = static_cast<AccountNames::Form>(form + 1);
  baresspi_port_lock();
  *string = names.String(form);
  baresspi_port_unlock();
  return *string == nullptr ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

AccountNames& NamesOf(NtlmContext& context) {
#if BARESSPI_NTLM_SERVER
  if (!context.initiator) return context.caller;
#endif
  return CredentialOf(context).names;
}

SECURITY_STATUS Name(NtlmContext& context, AccountNames::Form form, const QueryCall& call) {
  OneString answer = {};
  const SECURITY_STATUS status = GetString(NamesOf(context), form, call.wide, &answer.string);
  if (status == SEC_E_OK) Copy(call.buffer, &answer, sizeof answer);
  return status;
}

SECURITY_STATUS NativeNames(NtlmContext& context, const QueryCall& call) {
  TwoStrings answer = {nullptr, kEmpty};  // NTLM does not prove who the server is
  const SECURITY_STATUS status =
      GetString(NamesOf(context), AccountNames::kAccount, call.wide, &answer.first);
  if (status == SEC_E_OK) Copy(call.buffer, &answer, sizeof answer);
  return status;
}

void Sizes(void* buffer) {
  const SecPkgContext_Sizes sizes = {kMaxToken, kMessageSignature, 0, kMessageSignature};
  Copy(buffer, &sizes, sizeof sizes);
}

void Lifespan(void* buffer) {
  SecPkgContext_Lifespan lifespan = {};
  StoreTime(kNever, &lifespan.tsExpiry);
  Copy(buffer, &lifespan, sizeof lifespan);
}

void PasswordExpiry(void* buffer) {
  SecPkgContext_PasswordExpiry expiry;
  StoreTime(kNever, &expiry.tsPasswordExpires);
  Copy(buffer, &expiry, sizeof expiry);
}

void KeyInfo(const NtlmContext& context, const QueryCall& call) {
  SecPkgContext_KeyInfoA a = {};
  SecPkgContext_KeyInfoW w = {};
  ULONG bits = 40;
  if ((context.flags & kNegotiate56) != 0) bits = 56;
  if ((context.flags & kNegotiate128) != 0) bits = 128;
  constexpr ULONG kHmacMd5 = 0xFFFFFF76;  // KERB_CHECKSUM_HMAC_MD5 (-138)
  constexpr ULONG kRc4 = 0x00006801;      // CALG_RC4
  if (call.wide) {
    w = {const_cast<SEC_WCHAR*>(u"HMAC-MD5"), const_cast<SEC_WCHAR*>(u"RC4"), bits, kHmacMd5, kRc4};
    Copy(call.buffer, &w, sizeof w);
    return;
  }
  a = {const_cast<SEC_CHAR*>("HMAC-MD5"), const_cast<SEC_CHAR*>("RC4"), bits, kHmacMd5, kRc4};
  Copy(call.buffer, &a, sizeof a);
}

// PACKAGE_INFO, and NEGOTIATION_INFO, which begins with it.
void PackageInfo(const QueryCall& call) {
  const OneString answer = {call.wide ? static_cast<const void*>(&kInfoW)
                                      : static_cast<const void*>(&kInfoA)};
  Copy(call.buffer, &answer, sizeof answer);
  if (call.attribute != SECPKG_ATTR_NEGOTIATION_INFO) return;
  constexpr ULONG kState = SECPKG_NEGOTIATION_COMPLETE;
  Copy(static_cast<uint8_t*>(call.buffer) + offsetof(SecPkgContext_NegotiationInfoA, NegotiationState),
       &kState, sizeof kState);
}

void SessionKey(NtlmContext& context, void* buffer) {
  const SecPkgContext_SessionKey key = {kKeySize, context.session_key};
  Copy(buffer, &key, sizeof key);
}

SECURITY_STATUS DceInfo(NtlmContext& context, const QueryCall& call) {
  constexpr ULONG kAuthorizationByName = 1;  // RPC_C_AUTHZ_NAME
  SecPkgContext_DceInfo info = {kAuthorizationByName, nullptr};
  const void* name = nullptr;
  // pPac is the client's name in UTF-16, whichever function asks.
  const SECURITY_STATUS status = GetString(NamesOf(context), AccountNames::kAccount, true, &name);
  info.pPac = const_cast<void*>(name);
  if (status == SEC_E_OK) Copy(call.buffer, &info, sizeof info);
  return status;
}

SECURITY_STATUS AccessToken(const NtlmContext& context, const QueryCall& call) {
  if (context.initiator) return SEC_E_UNSUPPORTED_FUNCTION;
  SecHandle handle;
  StoreHandle(kPackage.contexts->HandleOf(&context), &handle);
  SecPkgContext_AccessToken answer = {};
  const SECURITY_STATUS status = QuerySecurityContextToken(&handle, &answer.AccessToken);
  if (status == SEC_E_OK) Copy(call.buffer, &answer, sizeof answer);
  return status;
}

SECURITY_STATUS TargetInformation([[maybe_unused]] NtlmContext& context,
                                  [[maybe_unused]] const QueryCall& call) {
#if BARESSPI_NTLM_TARGET_INFORMATION_BYTES
  if (!context.initiator) return SEC_E_UNSUPPORTED_FUNCTION;
  if (context.target_information_size > sizeof context.target_information) return SEC_E_INSUFFICIENT_MEMORY;
  const SecPkgContext_TargetInformation answer = {context.target_information_size,
                                                  context.target_information};
  Copy(call.buffer, &answer, sizeof answer);
  return SEC_E_OK;
#else
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

SECURITY_STATUS ClientSpecifiedTarget([[maybe_unused]] NtlmContext& context,
                                      [[maybe_unused]] const QueryCall& call) {
#if BARESSPI_NTLM_CLIENT_TARGET_BYTES
  if (context.initiator) return SEC_E_UNSUPPORTED_FUNCTION;
  if (context.client_target_size == 0) return SEC_E_TARGET_UNKNOWN;
  if (context.client_target_size + 2U > sizeof context.client_target) return SEC_E_INSUFFICIENT_MEMORY;
  const OneString answer = {
      context.client_target};  // UTF-16, whichever function asks: the structure has no A form
  Copy(call.buffer, &answer, sizeof answer);
  return SEC_E_OK;
#else
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

}  // namespace

SECURITY_STATUS QueryContext(Context& base, const QueryCall& call) {
  auto& context = static_cast<NtlmContext&>(base);
  switch (call.attribute) {
    case SECPKG_ATTR_SIZES:
      Sizes(call.buffer);
      return SEC_E_OK;
    case SECPKG_ATTR_NAMES:
      return Name(context, AccountNames::kAccount, call);
    case SECPKG_ATTR_AUTHORITY:
      return Name(context, AccountNames::kDomain, call);
    case SECPKG_ATTR_NATIVE_NAMES:
      return NativeNames(context, call);
    case SECPKG_ATTR_LIFESPAN:
      Lifespan(call.buffer);
      return SEC_E_OK;
    case SECPKG_ATTR_PASSWORD_EXPIRY:
      PasswordExpiry(call.buffer);
      return SEC_E_OK;
    case SECPKG_ATTR_FLAGS:
      Copy(call.buffer, &context.attributes, sizeof context.attributes);
      return SEC_E_OK;
    case SECPKG_ATTR_PACKAGE_INFO:
    case SECPKG_ATTR_NEGOTIATION_INFO:
      PackageInfo(call);
      return SEC_E_OK;
    case SECPKG_ATTR_SESSION_KEY:
      SessionKey(context, call.buffer);
      return SEC_E_OK;
    case SECPKG_ATTR_KEY_INFO:
      KeyInfo(context, call);
      return SEC_E_OK;
    case SECPKG_ATTR_DCE_INFO:
      return DceInfo(context, call);
    case SECPKG_ATTR_ACCESS_TOKEN:
      return AccessToken(context, call);
    case SECPKG_ATTR_TARGET_INFORMATION:
      return TargetInformation(context, call);
    case SECPKG_ATTR_CLIENT_SPECIFIED_TARGET:
      return ClientSpecifiedTarget(context, call);
    default:
      return SEC_E_UNSUPPORTED_FUNCTION;
  }
}

SECURITY_STATUS QueryCredential(Credential& base, const QueryCall& call) {
  auto& credential = static_cast<NtlmCredential&>(base);
  if (call.attribute == BARESSPI_CRED_ATTR_POLICY) {
    const BARESSPI_POLICY policy = {credential.policy};
    Copy(call.buffer, &policy, sizeof policy);
    return SEC_E_OK;
  }
  if (call.attribute != SECPKG_CRED_ATTR_NAMES) return SEC_E_UNSUPPORTED_FUNCTION;
  if (!credential.has_identity) return SEC_E_NO_CREDENTIALS;
  OneString answer = {};
  const SECURITY_STATUS status =
      GetString(credential.names, AccountNames::kAccount, call.wide, &answer.string);
  if (status == SEC_E_OK) Copy(call.buffer, &answer, sizeof answer);
  return status;
}

}  // namespace baresspi::ntlm
