// SPDX-License-Identifier: Apache-2.0
// QueryContextAttributes in its four forms, and SetContextAttributes: every attribute that <baresspi/*>
// names.
#include <string.h>

#include "tests/faults/model/device.h"
#include "tests/faults/model/memory.h"

namespace model {
namespace {

// Who answers, once established.
constexpr uint8_t kLogin = 1;    // NTLM and Negotiate, both sides
constexpr uint8_t kCallers = 2;  // their acceptors alone
constexpr uint8_t kTls = 4;
constexpr uint8_t kTlsClients = 8;
constexpr uint8_t kMaybe = 16;  // TLS: SEC_E_NO_CREDENTIALS, or what schannel_attributes.h says else
constexpr uint8_t kKeying = 32;

struct Attribute {
  ULONG number;
  ULONG size;
  uint8_t who;
};

template <typename T>
constexpr Attribute Of(ULONG number, uint8_t who) {
  return {number, sizeof(T), who};
}

constexpr Attribute kAttributes[] = {
    Of<SecPkgContext_Sizes>(SECPKG_ATTR_SIZES, kLogin | kTls),
    Of<SecPkgContext_NamesA>(SECPKG_ATTR_NAMES, kLogin | kTls | kMaybe),
    Of<SecPkgContext_Lifespan>(SECPKG_ATTR_LIFESPAN, kLogin | kTls),
    Of<SecPkgContext_DceInfo>(SECPKG_ATTR_DCE_INFO, kLogin),
    Of<SecPkgContext_KeyInfoA>(SECPKG_ATTR_KEY_INFO, kLogin | kTls),
    Of<SecPkgContext_AuthorityA>(SECPKG_ATTR_AUTHORITY, kLogin),
    Of<SecPkgContext_PasswordExpiry>(SECPKG_ATTR_PASSWORD_EXPIRY, kLogin),
    Of<SecPkgContext_SessionKey>(SECPKG_ATTR_SESSION_KEY, kLogin),
    Of<SecPkgContext_PackageInfoA>(SECPKG_ATTR_PACKAGE_INFO, kLogin | kTls),
    Of<SecPkgContext_NegotiationInfoA>(SECPKG_ATTR_NEGOTIATION_INFO, kLogin),
    Of<SecPkgContext_NativeNamesA>(SECPKG_ATTR_NATIVE_NAMES, kLogin),
    Of<SecPkgContext_Flags>(SECPKG_ATTR_FLAGS, kLogin | kTls),
    Of<SecPkgContext_TargetInformation>(SECPKG_ATTR_TARGET_INFORMATION, 0),
    Of<SecPkgContext_AccessToken>(SECPKG_ATTR_ACCESS_TOKEN, kCallers),
    Of<SecPkgContext_ClientSpecifiedTarget>(SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, 0),
    Of<SecPkgContext_StreamSizes>(SECPKG_ATTR_STREAM_SIZES, kTls),
    Of<SecPkgContext_Bindings>(SECPKG_ATTR_UNIQUE_BINDINGS, kTls),
    Of<SecPkgContext_Bindings>(SECPKG_ATTR_ENDPOINT_BINDINGS, kTls),
    Of<SecPkgContext_ApplicationProtocol>(SECPKG_ATTR_APPLICATION_PROTOCOL, kTls),
    Of<PCCERT_CONTEXT>(SECPKG_ATTR_REMOTE_CERT_CONTEXT, kTls | kMaybe),
    Of<PCCERT_CONTEXT>(SECPKG_ATTR_LOCAL_CERT_CONTEXT, kTls | kMaybe),
    Of<SecPkgContext_IssuerListInfoEx>(SECPKG_ATTR_ISSUER_LIST_EX, kTlsClients),
    Of<SecPkgContext_ConnectionInfo>(SECPKG_ATTR_CONNECTION_INFO, kTls),
    Of<SecPkgContext_SessionInfo>(SECPKG_ATTR_SESSION_INFO, kTls),
    Of<SecPkgContext_CipherInfo>(SECPKG_ATTR_CIPHER_INFO, kTls),
    Of<SecPkgContext_SupportedSignatures>(SECPKG_ATTR_SUPPORTED_SIGNATURES, kTls),
    Of<PCCERT_CONTEXT>(SECPKG_ATTR_REMOTE_CERT_CHAIN, kTls | kMaybe),
    Of<SecPkgContext_KeyingMaterial>(SECPKG_ATTR_KEYING_MATERIAL, kTls | kKeying),
    {SECPKG_ATTR_PROTO_INFO, 64, 0},
    {SECPKG_ATTR_USER_FLAGS, 64, 0},
    {SECPKG_ATTR_TARGET, 64, 0},
    {SECPKG_ATTR_LOGOFF_TIME, 64, 0},
    {SECPKG_ATTR_NEGO_STATUS, 64, 0},
    {SECPKG_ATTR_LOCAL_CRED, 64, 0},
    {SECPKG_ATTR_CONNECTION_INFO_EX, 1024, 0},
    {SECPKG_ATTR_SUBJECT_SECURITY_ATTRIBUTES, 64, 0},
};
constexpr uint32_t kCount = sizeof kAttributes / sizeof kAttributes[0];

// schannel_attributes.h: what a context of TLS tells before its end.
bool IsOfCertificates(ULONG number) {
  return number == SECPKG_ATTR_REMOTE_CERT_CONTEXT || number == SECPKG_ATTR_REMOTE_CERT_CHAIN ||
         number == SECPKG_ATTR_LOCAL_CERT_CONTEXT || number == SECPKG_ATTR_ISSUER_LIST_EX;
}

Expect AnswerOfTls(const Context& context, const Attribute& attribute) {
  if (attribute.who == kTlsClients)
    return context.initiator ? Expect{SEC_E_OK} : Expect{SEC_E_UNSUPPORTED_FUNCTION};
  if ((attribute.who & kTls) == 0) return {SEC_E_UNSUPPORTED_FUNCTION};
  if ((attribute.who & kKeying) != 0 && !context.keying) return {SEC_E_UNSUPPORTED_FUNCTION};
  if ((attribute.who & kMaybe) == 0) return {SEC_E_OK};
  // Each side of what was shown.
  const bool own = attribute.number == SECPKG_ATTR_LOCAL_CERT_CONTEXT;
  const bool servers = context.initiator != own;
  if (servers) return {SEC_E_OK};
  if (!own) return context.asks && context.shows ? Expect{SEC_E_OK} : Expect{SEC_E_NO_CREDENTIALS};
  if (!context.credential.certificate) return {SEC_E_NO_CREDENTIALS};
  return context.asks ? Expect{SEC_E_OK}
                      : Expect{context.version == SP_PROT_TLS1_3 ? SEC_E_OK : SEC_E_NO_CREDENTIALS};
}

Expect AnswerDuringHandshake(const Context& context, const Attribute& attribute) {
  if (context.package == Package::kNegotiate && attribute.number == SECPKG_ATTR_NEGOTIATION_INFO) {
    const bool begun = context.initiator || context.challenge != 0;
    return begun ? Expect{SEC_E_OK} : Expect{SEC_E_INVALID_HANDLE};
  }
  if (context.package != Package::kTls || !IsOfCertificates(attribute.number)) return {SEC_E_INVALID_HANDLE};
  if (attribute.number == SECPKG_ATTR_LOCAL_CERT_CONTEXT) return {SEC_E_INVALID_HANDLE};
  if (attribute.number != SECPKG_ATTR_ISSUER_LIST_EX) return {SEC_E_NO_CREDENTIALS};
  if (!context.initiator) return {SEC_E_UNSUPPORTED_FUNCTION, SEC_E_INVALID_HANDLE};
  return context.wants ? Expect{SEC_E_OK} : Expect{SEC_E_OK, SEC_E_INVALID_HANDLE};
}

Expect Answer(const Context& context, const Attribute& attribute) {
  if (context.life == Life::kBroken) return {context.error};
  if (context.life == Life::kHandshake) return AnswerDuringHandshake(context, attribute);
  if (context.package == Package::kTls) return AnswerOfTls(context, attribute);
  const bool has = (attribute.who & kLogin) != 0 || ((attribute.who & kCallers) != 0 && !context.initiator);
  return has ? Expect{SEC_E_OK} : Expect{SEC_E_UNSUPPORTED_FUNCTION};
}

bool IsEx(Entry entry) {
  return entry == Entry::QueryContextAttributesExA || entry == Entry::QueryContextAttributesExW;
}
bool IsWide(Entry entry) {
  return entry == Entry::QueryContextAttributesW || entry == Entry::QueryContextAttributesExW;
}

SECURITY_STATUS Call(const Op& op, SecHandle* handle, ULONG attribute, void* buffer, ULONG size) {
  switch (op.entry) {
    case Entry::QueryContextAttributesA:
      return TableA(op).QueryContextAttributesA(handle, attribute, buffer);
    case Entry::QueryContextAttributesW:
      return TableW(op).QueryContextAttributesW(handle, attribute, buffer);
    case Entry::QueryContextAttributesExA:
      return TableA(op).QueryContextAttributesExA(handle, attribute, buffer, size);
    default:
      return TableW(op).QueryContextAttributesExW(handle, attribute, buffer, size);
  }
}

template <typename T>
T As(Memory& answer) {
  T value;
  memcpy(&value, answer.data(), sizeof value);
  return value;
}

// Both sides have the same key, and nobody else has.
void CheckKey(World& world, const Context& context, const SecPkgContext_SessionKey& key) {
  const Octets octets(key.SessionKey, key.SessionKey + key.SessionKeyLength);
  Require(world, octets.size() == 16, "a key of another size");
  if (context.anonymous || context.odd) return;
  for (const World::Key& known : world.keys) {
    if (known.session == 0) continue;
    Require(world, (known.octets == octets) == (known.session == context.session), "another's key");
  }
  world.keys[context.session % 4] = {context.session, octets};
}

void CheckAnswer(World& world, const Context& context, const Attribute& attribute, Memory& answer) {
  static const char* const kNames[] = {"NTLM", "NTLM", "Schannel"};  // Negotiate names its mechanism
  const auto package = static_cast<uint8_t>(context.package);
  switch (attribute.number) {
    case SECPKG_ATTR_SIZES:
      if (context.package == Package::kTls) return;
      Require(world, As<SecPkgContext_Sizes>(answer).cbSecurityTrailer == 16, "another size");
      return;
    case SECPKG_ATTR_FLAGS:
      Require(world, As<SecPkgContext_Flags>(answer).Flags == context.attributes, "other flags");
      return;
    case SECPKG_ATTR_SESSION_KEY:
      CheckKey(world, context, As<SecPkgContext_SessionKey>(answer));
      return;
    case SECPKG_ATTR_ACCESS_TOKEN:
      NoteToken(world, As<SecPkgContext_AccessToken>(answer).AccessToken, context.serial);
      return;
    case SECPKG_ATTR_PACKAGE_INFO:
      if (IsWide(world.now.entry) || context.package == Package::kTls) return;
      Require(world, strcmp(As<SecPkgContext_PackageInfoA>(answer).PackageInfo->Name, kNames[package]) == 0,
              "another package");
      return;
    case SECPKG_ATTR_NAMES: {
      const char* name = As<SecPkgContext_NamesA>(answer).sUserName;
      world.handed_out = const_cast<char*>(name);
      if (IsWide(world.now.entry) || context.package == Package::kTls) return;
      const bool alice = context.initiator ? context.credential.who == Who::kAlice : !context.anonymous;
      if (alice) Require(world, strcmp(name, kAliceName) == 0, "another name");
      return;
    }
    default:
      return;
  }
}

}  // namespace

void RunQuery(World& world, const Op& op) {
  Random random(op.seed);
  Drawn drawn = DrawContext(world, op);
  const Context& context = world.contexts[op.slot % kContextSlots];
  Attribute attribute = kAttributes[random.Below(random.OneIn(8) ? kCount : kCount - 8)];
  if (op.fault == Fault::kUnknown) attribute = {0x4711, 64, 0};
  Expect expected = drawn.good ? Answer(context, attribute) : Expect{SEC_E_INVALID_HANDLE};
  if (op.fault == Fault::kNullArgument) {
    if (expected.Has(SEC_E_OK)) expected = {};
    expected.Add(SEC_E_INVALID_TOKEN);
  }
  ULONG size = attribute.size;
  if (op.fault == Fault::kSmallSize && IsEx(op.entry) && attribute.who != 0) {
    size = random.Below(size);
    if (expected.Has(SEC_E_OK)) expected = {};
    expected.Add(SEC_E_BUFFER_TOO_SMALL);
  }
  // What no configuration here answers has a structure all the same.
  if (op.fault == Fault::kSmallSize && IsEx(op.entry) && attribute.who == 0) size = 512;
  Memory answer(size);
  void* const buffer = op.fault == Fault::kNullArgument ? nullptr : answer.data();
  const SECURITY_STATUS status = Call(op, drawn.pointer(), attribute.number, buffer, size);
  Judge(world, expected.Has(SEC_E_OK), expected, status);
  answer.Check(world);
  Require(world, drawn.same(), "the handle has changed");
  if (status == SEC_E_OK && context.life == Life::kEstablished)
    CheckAnswer(world, context, attribute, answer);
}

void RunSetAttribute(World& world, const Op& op) {
  Random random(op.seed);
  Drawn drawn = DrawContext(world, op);
  Context& context = world.contexts[op.slot % kContextSlots];
  const bool tls = context.package == Package::kTls;
  static char label[] = "EXPORTER-model";
  SecPkgContext_KeyingMaterialInfo info = {sizeof label, label, 0, nullptr, 32};
  ULONG size = sizeof info;
  const bool unknown = op.fault == Fault::kUnknown;
  Expect errors;
  if (!drawn.good) errors.Add(SEC_E_INVALID_HANDLE);
  if (drawn.good && context.life == Life::kBroken) errors.Add(context.error);
  if (drawn.good && (!tls || unknown)) errors.Add(SEC_E_UNSUPPORTED_FUNCTION);
  if (op.fault == Fault::kNullArgument) errors.Add(SEC_E_INVALID_TOKEN);
  if (op.fault == Fault::kGarbage) {
    info.cbKeyingMaterial = 0;
    errors.Add(SEC_E_INVALID_TOKEN);
  }
  if (op.fault == Fault::kSmallSize) {
    size = random.Below(size);
    errors.Add(SEC_E_BUFFER_TOO_SMALL);
  }
  void* const buffer = op.fault == Fault::kNullArgument ? nullptr : &info;
  const ULONG attribute = unknown ? SECPKG_ATTR_SIZES : SECPKG_ATTR_KEYING_MATERIAL_INFO;
  const SECURITY_STATUS status =
      op.entry == Entry::SetContextAttributesA
          ? TableA(op).SetContextAttributesA(drawn.pointer(), attribute, buffer, size)
          : TableW(op).SetContextAttributesW(drawn.pointer(), attribute, buffer, size);
  Judge(world, errors.empty(), errors.empty() ? Expect{SEC_E_OK} : errors, status);
  Require(world, drawn.same(), "the handle has changed");
  if (status == SEC_E_OK) context.keying = true;
}

}  // namespace model
