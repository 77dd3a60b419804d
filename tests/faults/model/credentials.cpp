// SPDX-License-Identifier: Apache-2.0
// AcquireCredentialsHandle, and what is done to a credential.
#include <string.h>

#include "tests/faults/model/device.h"
#include "tests/faults/model/memory.h"

namespace model {
namespace {

bool IsWide(Entry entry) {
  return entry == Entry::AcquireCredentialsHandleW;
}

// ---- AcquireCredentialsHandle ----
enum class Data : uint8_t { kNone, kIdentity, kDevice };

struct Acquired {
  Credential credential;
  Data data = Data::kNone;
  Expect refusals;
};

void DrawAccount(Random& random, Acquired* drawn) {
  Credential& credential = drawn->credential;
  const bool out = (credential.use & SECPKG_CRED_OUTBOUND) != 0;
  drawn->data = static_cast<Data>(random.Below(3));
  if (out && random.Below(4) != 0) drawn->data = Data::kIdentity;
  const uint32_t who = random.Below(8);
  const Who given = who == 0   ? Who::kWrongPassword
                    : who == 1 ? Who::kStranger
                    : who == 2 ? Who::kNoName
                               : Who::kAlice;
  credential.authority = drawn->data != Data::kDevice || random.Below(4) != 0;
  if (!out) return;
  if (drawn->data == Data::kIdentity) credential.who = given;
  if (drawn->data == Data::kNone) credential.who = Who::kAlice;  // the device's own
  if (drawn->data == Data::kDevice && credential.use == SECPKG_CRED_OUTBOUND)
    drawn->refusals.Add(SEC_E_NO_CREDENTIALS);
}

void DrawTls(Random& random, Acquired* drawn) {
  static constexpr ULONG kVersions[] = {SP_PROT_TLS1_2, SP_PROT_TLS1_3, SP_PROT_TLS1_2 | SP_PROT_TLS1_3};
  Credential& credential = drawn->credential;
  const bool server = (credential.use & SECPKG_CRED_INBOUND) != 0;
  drawn->data = random.OneIn(12) ? Data::kNone : Data::kIdentity;
  credential.versions = SP_PROT_TLS1_2 | SP_PROT_TLS1_3;
  if (drawn->data == Data::kIdentity) {
    credential.versions = kVersions[random.Below(3)];
    credential.trusts = !random.OneIn(6);
    credential.manual = random.OneIn(8);
    credential.certificate = server ? !random.OneIn(10) : random.OneIn(3);
  }
  if (server && !credential.certificate) drawn->refusals.Add(SEC_E_NO_CREDENTIALS);
}

Acquired DrawAcquired(const World& world, const Op& op, Random& random) {
  Acquired drawn;
  Credential& credential = drawn.credential;
  const uint32_t package = random.Below(5);
  credential.package = package < 2 ? Package::kNtlm : package < 4 ? Package::kNegotiate : Package::kTls;
  const bool tls = credential.package == Package::kTls;
  const uint32_t use = random.Below(8);
  credential.use = use < 4 ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND;
  if (!tls && use == 7) credential.use = SECPKG_CRED_BOTH;
  if (op.fault == Fault::kBadAuthData || op.fault == Fault::kSmallSize) credential.use = SECPKG_CRED_OUTBOUND;
  if (tls) {
    DrawTls(random, &drawn);
  } else {
    DrawAccount(random, &drawn);
  }
  if (CredentialsFull(world, tls)) drawn.refusals.Add(SEC_E_INSUFFICIENT_MEMORY);
  if (tls && (credential.trusts || credential.certificate) && ContextsFull(world, true))
    drawn.refusals.Add(SEC_E_INSUFFICIENT_MEMORY);
  return drawn;
}

// pAuthData of the fault kBadAuthData: what it is answered with.
SECURITY_STATUS Spoil(Random& random, SEC_WINNT_AUTH_IDENTITY_A* identity) {
  static unsigned char no_text[] = {0xFF, 0xFE};
  switch (random.Below(3)) {
    case 0:
      identity->User = no_text;
      identity->UserLength = sizeof no_text;
      return SEC_E_UNKNOWN_CREDENTIALS;
    case 1:
      identity->Flags |= BARESSPI_AUTH_IDENTITY_NT_HASH;  // of which a password has not the size
      return SEC_E_UNKNOWN_CREDENTIALS;
    default:
      identity->Flags |= SEC_WINNT_AUTH_IDENTITY_MARSHALLED;
      return SEC_E_UNSUPPORTED_FUNCTION;
  }
}

SECURITY_STATUS Spoil(Random& random, SCHANNEL_CRED* cred) {
  if (random.OneIn(2)) {
    cred->dwVersion = 3;
    return SEC_E_UNKNOWN_CREDENTIALS;
  }
  cred->dwFlags |= SCH_CRED_REVOCATION_CHECK_CHAIN;
  return SEC_E_UNSUPPORTED_FUNCTION;
}

struct Names {
  const char* narrow;
  const char16_t* wide;
};
constexpr Names kPackageNames[] = {{"NTLM", u"NTLM"}, {"Negotiate", u"negotiate"}, {"Schannel", u"SCHANNEL"}};
constexpr Names kNoPackages[] = {{"NTLN", u"NTL"}, {"", u""}, {nullptr, nullptr}};

SECURITY_STATUS Call(const Op& op, const Names& name, ULONG use, void* data, SecHandle* handle,
                     TimeStamp* expiry) {
  if (IsWide(op.entry)) {
    return TableW(op).AcquireCredentialsHandleW(nullptr, name.wide, use, nullptr, data, nullptr, nullptr,
                                                handle, expiry);
  }
  return TableA(op).AcquireCredentialsHandleA(nullptr, name.narrow, use, nullptr, data, nullptr, nullptr,
                                              handle, expiry);
}

}  // namespace

void RunAcquire(World& world, const Op& op) {
  Credential& slot = world.credentials[op.credential % kCredentialSlots];
  if (slot.open) return;  // a call before this one was left out
  Random random(op.seed);
  Acquired drawn = DrawAcquired(world, op, random);
  Credential& credential = drawn.credential;
  const bool tls = credential.package == Package::kTls;
  SEC_WINNT_AUTH_IDENTITY_A identity = IdentityOf(credential.who);
  SCHANNEL_CRED cred = TlsCredentialOf(credential);
  if (op.fault == Fault::kBadAuthData) {
    drawn.data = Data::kIdentity;
    if (!tls) drawn.refusals = {};
    if (CredentialsFull(world, tls)) drawn.refusals.Add(SEC_E_INSUFFICIENT_MEMORY);
    drawn.refusals.Add(tls ? Spoil(random, &cred) : Spoil(random, &identity));
  }
  static unsigned char long_name[200];
  memset(long_name, 'x', sizeof long_name);
  if (op.fault == Fault::kSmallSize && !tls && drawn.data == Data::kIdentity) {
    identity.User = long_name;
    identity.UserLength = sizeof long_name;
    drawn.refusals.Add(SEC_E_INSUFFICIENT_MEMORY);
  }
  void* data = tls ? static_cast<void*>(&cred) : &identity;
  if (drawn.data == Data::kNone) data = nullptr;
  if (drawn.data == Data::kDevice) data = const_cast<BARESSPI_DEVICE*>(&ServerDevice(credential.authority));
  Names name = kPackageNames[static_cast<uint8_t>(credential.package)];
  if (op.fault == Fault::kWrongName) {
    name = kNoPackages[random.Below(3)];
    drawn.refusals.Add(SEC_E_SECPKG_NOT_FOUND);
  }
  if (op.fault == Fault::kNullArgument) drawn.refusals.Add(SEC_E_INVALID_HANDLE);
  SecHandle handle = {0x1234, 0x5678};
  TimeStamp expiry;
  expiry.QuadPart = 1;
  const SECURITY_STATUS status =
      Call(op, name, credential.use, data, op.fault == Fault::kNullArgument ? nullptr : &handle, &expiry);
  Judge(world, drawn.refusals.empty(), drawn.refusals.empty() ? Expect{SEC_E_OK} : drawn.refusals, status);
  if (status != SEC_E_OK) {
    Require(world, handle.dwLower == 0x1234 && handle.dwUpper == 0x5678, "a handle though there is none");
    return;
  }
  Require(world, expiry.QuadPart == BARESSPI_TIME_NEVER, "a credential ends");
  credential.open = true;
  credential.serial = ++world.serials;
  credential.handle = handle;
  slot = credential;
}

namespace {

// ---- The others ----
struct Attribute {
  ULONG number;
  ULONG size;
  bool tls;
  bool account;
};
constexpr Attribute kAttributes[] = {
    {SECPKG_CRED_ATTR_NAMES, sizeof(SecPkgCredentials_NamesA), false, true},
    {BARESSPI_CRED_ATTR_POLICY, sizeof(BARESSPI_POLICY), false, true},
    {SECPKG_ATTR_SUPPORTED_ALGS, sizeof(SecPkgCred_SupportedAlgs), true, false},
    {SECPKG_ATTR_CIPHER_STRENGTHS, sizeof(SecPkgCred_CipherStrengths), true, false},
    {SECPKG_ATTR_SUPPORTED_PROTOCOLS, sizeof(SecPkgCred_SupportedProtocols), true, false},
    {SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS, sizeof(SecPkgCredentials_KdcProxySettingsW), false, false},
    {SECPKG_CRED_ATTR_PAC_BYPASS, 4, false, false},
};

bool Has(const Credential& credential, const Attribute& attribute) {
  return credential.package == Package::kTls ? attribute.tls : attribute.account;
}

bool IsEx(Entry entry) {
  return entry == Entry::QueryCredentialsAttributesExA || entry == Entry::QueryCredentialsAttributesExW;
}

SECURITY_STATUS CallQuery(const Op& op, SecHandle* handle, ULONG attribute, void* buffer, ULONG size) {
  switch (op.entry) {
    case Entry::QueryCredentialsAttributesA:
      return TableA(op).QueryCredentialsAttributesA(handle, attribute, buffer);
    case Entry::QueryCredentialsAttributesW:
      return TableW(op).QueryCredentialsAttributesW(handle, attribute, buffer);
    case Entry::QueryCredentialsAttributesExA:
      return TableA(op).QueryCredentialsAttributesExA(handle, attribute, buffer, size);
    default:
      return TableW(op).QueryCredentialsAttributesExW(handle, attribute, buffer, size);
  }
}

void CheckAnswer(World& world, const Credential& credential, const Attribute& attribute, Memory& answer) {
  if (attribute.number == BARESSPI_CRED_ATTR_POLICY) {
    ULONG flags;
    memcpy(&flags, answer.data(), sizeof flags);
    Require(world, flags == credential.policy, "another policy");
  }
  if (attribute.number == SECPKG_CRED_ATTR_NAMES) {
    void* name;
    memcpy(&name, answer.data(), sizeof name);
    world.handed_out = name;
    const bool wide = world.now.entry == Entry::QueryCredentialsAttributesW ||
                      world.now.entry == Entry::QueryCredentialsAttributesExW;
    if (!wide && credential.who == Who::kAlice)
      Require(world, strcmp(static_cast<const char*>(name), kAliceName) == 0, "another name");
  }
}

void RunQueryCredential(World& world, const Op& op) {
  Random random(op.seed);
  Drawn drawn = DrawCredential(world, op);
  const Credential& credential = world.credentials[op.credential % kCredentialSlots];
  const Attribute& attribute = kAttributes[random.Below(sizeof kAttributes / sizeof kAttributes[0])];
  const bool unknown = op.fault == Fault::kUnknown;
  Expect refusals;
  if (!drawn.good) refusals.Add(SEC_E_INVALID_HANDLE);
  if (drawn.good && (unknown || !Has(credential, attribute))) refusals.Add(SEC_E_UNSUPPORTED_FUNCTION);
  if (drawn.good && attribute.number == SECPKG_CRED_ATTR_NAMES && credential.package != Package::kTls &&
      credential.who == Who::kNoIdentity) {
    refusals.Add(SEC_E_NO_CREDENTIALS);
  }
  if (op.fault == Fault::kNullArgument) refusals.Add(SEC_E_INVALID_TOKEN);
  ULONG size = attribute.size;
  if (op.fault == Fault::kSmallSize && IsEx(op.entry) && (attribute.tls || attribute.account)) {
    size = random.Below(size);
    refusals.Add(SEC_E_BUFFER_TOO_SMALL);
  }
  Memory answer(size);
  void* buffer = op.fault == Fault::kNullArgument ? nullptr : answer.data();
  const SECURITY_STATUS status =
      CallQuery(op, drawn.pointer(), unknown ? 0x7777 : attribute.number, buffer, size);
  Judge(world, refusals.empty(), refusals.empty() ? Expect{SEC_E_OK} : refusals, status);
  answer.Check(world);
  Require(world, drawn.same(), "the handle has changed");
  if (status == SEC_E_OK) CheckAnswer(world, credential, attribute, answer);
}

void RunSetCredential(World& world, const Op& op) {
  Random random(op.seed);
  Drawn drawn = DrawCredential(world, op);
  Credential& credential = world.credentials[op.credential % kCredentialSlots];
  const bool unknown = op.fault == Fault::kUnknown;
  BARESSPI_POLICY policy = {random.OneIn(2) ? BARESSPI_POLICY_ALLOW_ANONYMOUS : 0u};
  ULONG size = sizeof policy;
  Expect refusals;
  if (!drawn.good) refusals.Add(SEC_E_INVALID_HANDLE);
  if (drawn.good && (unknown || credential.package == Package::kTls))
    refusals.Add(SEC_E_UNSUPPORTED_FUNCTION);
  if (op.fault == Fault::kNullArgument) refusals.Add(SEC_E_INVALID_TOKEN);
  if (op.fault == Fault::kSmallSize && drawn.good && credential.package != Package::kTls) {
    size = random.Below(size);
    refusals.Add(SEC_E_BUFFER_TOO_SMALL);
  }
  void* buffer = op.fault == Fault::kNullArgument ? nullptr : &policy;
  const ULONG attribute = unknown ? SECPKG_CRED_ATTR_NAMES : BARESSPI_CRED_ATTR_POLICY;
  const SECURITY_STATUS status =
      op.entry == Entry::SetCredentialsAttributesA
          ? TableA(op).SetCredentialsAttributesA(drawn.pointer(), attribute, buffer, size)
          : TableW(op).SetCredentialsAttributesW(drawn.pointer(), attribute, buffer, size);
  Judge(world, refusals.empty(), refusals.empty() ? Expect{SEC_E_OK} : refusals, status);
  if (status != SEC_E_OK) return;
  credential.policy = policy.Flags;
  for (Context& context : world.contexts) {
    if (context.credential.serial == credential.serial) context.credential.policy = policy.Flags;
  }
}

SECURITY_STATUS CallAdd(const Op& op, SecHandle* handle) {
  SEC_WINNT_AUTH_IDENTITY_A identity = IdentityOf(Who::kAlice);
  if (op.entry == Entry::AddCredentialsA) {
    return TableA(op).AddCredentialsA(handle, nullptr, "NTLM", SECPKG_CRED_OUTBOUND, &identity, nullptr,
                                      nullptr, nullptr);
  }
  return TableW(op).AddCredentialsW(handle, nullptr, u"NTLM", SECPKG_CRED_OUTBOUND, &identity, nullptr,
                                    nullptr, nullptr);
}

}  // namespace

void RunCredentialCall(World& world, const Op& op) {
  if (op.entry >= Entry::QueryCredentialsAttributesA && op.entry <= Entry::QueryCredentialsAttributesExW)
    return RunQueryCredential(world, op);
  if (op.entry >= Entry::SetCredentialsAttributesA) return RunSetCredential(world, op);
  Drawn drawn = DrawCredential(world, op);
  Expect expected = {SEC_E_INVALID_HANDLE};
  if (op.entry == Entry::FreeCredentialsHandle) {
    if (drawn.good) expected = {SEC_E_OK};
    const SECURITY_STATUS status = TableA(op).FreeCredentialsHandle(drawn.pointer());
    Judge(world, drawn.good, expected, status);
    if (status == SEC_E_OK) world.credentials[op.credential % kCredentialSlots].open = false;
  } else {
    if (drawn.good) expected = {SEC_E_UNSUPPORTED_FUNCTION};
    Judge(world, drawn.good, expected, CallAdd(op, drawn.pointer()));
  }
  Require(world, drawn.same(), "the handle has changed");
}

}  // namespace model
