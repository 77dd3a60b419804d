// SPDX-License-Identifier: Apache-2.0
// QueryContextAttributes and QueryCredentialsAttributes for NTLM.
#include "core/ntlm/context.h"
#include "core/ntlm/package.h"
#include "core/sspi/time.h"
#include "port/port.h"

namespace baresspi::ntlm {
namespace {

// The interface's A and W structures differ in what their strings are alone, and have no const: both are
// filled through these.
struct Strings {
  const void* first;
  const void* second;  // of NATIVE_NAMES and KEY_INFO
};
static_assert(sizeof(SecPkgContext_NamesA) == sizeof(void*) && sizeof(SecPkgContext_NamesW) == sizeof(void*));
static_assert(sizeof(Strings) == sizeof(SecPkgContext_NativeNamesA));
static_assert(offsetof(SecPkgContext_KeyInfoA, KeySize) == sizeof(Strings));

constexpr char16_t kEmpty[] = u"";  // its octets are an empty string in UTF-8, too

AccountNames& NamesOf(NtlmContext& context) {
#if BARESSPI_NTLM_SERVER
  if (!IsInitiator(context)) return context.caller;
#endif
  return CredentialOf(context).names;
}

// Several tasks may ask one credential.
SECURITY_STATUS GetString(AccountNames& names, uint32_t form, const void** answer) {
  baresspi_port_lock();
  const void* string = names.String(form);
  baresspi_port_unlock();
  if (string == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  *answer = string;
  return SEC_E_OK;
}

void KeyInfo(const NtlmContext& context, const AttributeCall& call) {
  auto* info = static_cast<SecPkgContext_KeyInfoA*>(call.buffer);
  *static_cast<Strings*>(call.buffer) = {call.form->key_info[0], call.form->key_info[1]};
  info->KeySize = KeyBits(context.flags);
  info->SignatureAlgorithm = 0xFFFFFF76;  // KERB_CHECKSUM_HMAC_MD5 (-138)
  info->EncryptAlgorithm = 0x00006801;    // CALG_RC4
}

SECURITY_STATUS AccessToken([[maybe_unused]] NtlmContext& context,
                            [[maybe_unused]] const AttributeCall& call) {
#if BARESSPI_NTLM_SERVER
  if (IsInitiator(context)) return SEC_E_UNSUPPORTED_FUNCTION;  // a client has no token of its server's
  static_cast<SecPkgContext_AccessToken*>(call.buffer)->AccessToken = TokenOf(context);
  return SEC_E_OK;
#else
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

SECURITY_STATUS TargetInformation([[maybe_unused]] NtlmContext& context,
                                  [[maybe_unused]] const AttributeCall& call) {
#if BARESSPI_NTLM_TARGET_INFORMATION_BYTES
  if (!IsInitiator(context)) return SEC_E_UNSUPPORTED_FUNCTION;
  if (context.target_information_size > sizeof context.target_information) return SEC_E_INSUFFICIENT_MEMORY;
  *static_cast<SecPkgContext_TargetInformation*>(call.buffer) = {context.target_information_size,
                                                                 context.target_information};
  return SEC_E_OK;
#else
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

SECURITY_STATUS ClientSpecifiedTarget([[maybe_unused]] NtlmContext& context,
                                      [[maybe_unused]] const AttributeCall& call) {
#if BARESSPI_NTLM_CLIENT_TARGET_BYTES
  if (IsInitiator(context)) return SEC_E_UNSUPPORTED_FUNCTION;
  if (context.client_target_size == 0) return SEC_E_TARGET_UNKNOWN;
  if (context.client_target_size + 2U > sizeof context.client_target) return SEC_E_INSUFFICIENT_MEMORY;
  // UTF-16, whichever function asks: the structure has no A form.
  *static_cast<Strings**>(call.buffer) = reinterpret_cast<Strings*>(context.client_target);
  return SEC_E_OK;
#else
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

}  // namespace

SECURITY_STATUS QueryContext(Context& base, const AttributeCall& call) {
  auto& context = static_cast<NtlmContext&>(base);
  auto* strings = static_cast<Strings*>(call.buffer);
  uint32_t form = call.form->wide ? AccountNames::kAccount : AccountNames::kAccountUtf8;
  switch (call.attribute) {
    case SECPKG_ATTR_SIZES:
      *static_cast<SecPkgContext_Sizes*>(call.buffer) = {kMaxToken, kMessageSignature, 0, kMessageSignature};
      break;
    case SECPKG_ATTR_AUTHORITY:
      form += AccountNames::kDomain;
      [[fallthrough]];
    case SECPKG_ATTR_NAMES:
      return GetString(NamesOf(context), form, &strings->first);
    case SECPKG_ATTR_NATIVE_NAMES:
      strings->second = kEmpty;  // NTLM does not prove who the server is
      return GetString(NamesOf(context), form, &strings->first);
    case SECPKG_ATTR_DCE_INFO: {
      auto* info = static_cast<SecPkgContext_DceInfo*>(call.buffer);
      info->AuthzSvc = 1;  // RPC_C_AUTHZ_NAME: pPac is the client's name, in UTF-16 whichever function asks
      return GetString(NamesOf(context), AccountNames::kAccount, const_cast<const void**>(&info->pPac));
    }
    case SECPKG_ATTR_LIFESPAN: {
      auto* lifespan = static_cast<SecPkgContext_Lifespan*>(call.buffer);
      lifespan->tsStart.QuadPart = 0;
      StoreNever(&lifespan->tsExpiry);
      break;
    }
    case SECPKG_ATTR_PASSWORD_EXPIRY:
      StoreNever(&static_cast<SecPkgContext_PasswordExpiry*>(call.buffer)->tsPasswordExpires);
      break;
    case SECPKG_ATTR_FLAGS:
      static_cast<SecPkgContext_Flags*>(call.buffer)->Flags = context.attributes;
      break;
    case SECPKG_ATTR_NEGOTIATION_INFO:
      static_cast<SecPkgContext_NegotiationInfoA*>(call.buffer)->NegotiationState =
          SECPKG_NEGOTIATION_COMPLETE;
      [[fallthrough]];
    case SECPKG_ATTR_PACKAGE_INFO:
      strings->first = InfoOf(kPackage, *call.form);
      break;
    case SECPKG_ATTR_SESSION_KEY:
      *static_cast<SecPkgContext_SessionKey*>(call.buffer) = {kKeySize, context.session_key};
      break;
    case SECPKG_ATTR_KEY_INFO:
      KeyInfo(context, call);
      break;
    case SECPKG_ATTR_ACCESS_TOKEN:
      return AccessToken(context, call);
    case SECPKG_ATTR_TARGET_INFORMATION:
      return TargetInformation(context, call);
    case SECPKG_ATTR_CLIENT_SPECIFIED_TARGET:
      return ClientSpecifiedTarget(context, call);
    default:
      return SEC_E_UNSUPPORTED_FUNCTION;
  }
  return SEC_E_OK;
}

SECURITY_STATUS QueryCredential(Credential& base, const AttributeCall& call) {
  auto& credential = static_cast<NtlmCredential&>(base);
  if (call.attribute == BARESSPI_CRED_ATTR_POLICY) {
    static_cast<BARESSPI_POLICY*>(call.buffer)->Flags = PolicyOf(credential);
    return SEC_E_OK;
  }
  if (call.attribute != SECPKG_CRED_ATTR_NAMES) return SEC_E_UNSUPPORTED_FUNCTION;
  if (!credential.has_identity) return SEC_E_NO_CREDENTIALS;
  const uint32_t form = call.form->wide ? AccountNames::kAccount : AccountNames::kAccountUtf8;
  return GetString(credential.names, form, &static_cast<Strings*>(call.buffer)->first);
}

}  // namespace baresspi::ntlm
