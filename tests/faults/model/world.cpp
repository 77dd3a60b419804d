// SPDX-License-Identifier: Apache-2.0
// What holds after every call, and how handles are drawn.
#include "tests/faults/model/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <set>

#include "tests/faults/model/device.h"
#include "tests/support/scripted_port.h"

namespace model {
namespace {

constexpr char kNtlmName[] = "NTLM";
constexpr char kTlsName[] = "Schannel";

const char* const kFaultNames[] = {"none",          "null handle",  "zero handle",    "invalidated handle",
                                   "forged handle", "other kind",   "null argument",  "bad description",
                                   "bad output",    "allocate",     "no new context", "small output",
                                   "no output",     "random fails", "no token",       "cut token",
                                   "garbage",       "long target",  "bad bindings",   "wrong name",
                                   "bad auth data", "unknown",      "small size",     "altered",
                                   "missing buffer"};
static_assert(sizeof kFaultNames / sizeof kFaultNames[0] == static_cast<size_t>(Fault::kCount));

void Show(const World& world, SECURITY_STATUS status) {
  const Op& op = world.now;
  printf("%5u  %s, slot %u%s, credential %u", world.calls, NameOf(op.entry), op.slot,
         op.first ? " (first)" : "", op.credential);
  if (op.peer != kNobody) printf(", token of %u", op.peer);
  printf(", item %u, fault: %s, %016llx = 0x%08X %s\n", op.item, kFaultNames[static_cast<uint8_t>(op.fault)],
         static_cast<unsigned long long>(op.seed), static_cast<unsigned>(status), StatusName(status));
  fflush(stdout);
}

void CheckPool(World& world, const char* name, bool tls) {
  BARESSPI_POOL_USE use = {};
  if (BareSspiQueryPoolUse(name, &use) != SEC_E_OK) Fail(world, "no pool of %s", name);
  const uint32_t contexts = ContextsInUse(world, tls);
  const uint32_t credentials = CredentialsInUse(world, tls);
  if (use.Contexts != contexts) Fail(world, "%u contexts of %s in use, not %u", use.Contexts, name, contexts);
  if (use.Credentials != credentials)
    Fail(world, "%u credentials of %s in use, not %u", use.Credentials, name, credentials);
}

void CheckInvariants(World& world) {
  if (scripted_port::LockDepth() != 0) Fail(world, "the lock was not given back");
  CheckPool(world, kNtlmName, false);
  CheckPool(world, kTlsName, true);
  if (baresspi_port_task_token() != world.task_token) Fail(world, "the task's token is another one");
  if (baresspi_port_task_arena() != nullptr) Fail(world, "the task still has an arena");
}

Drawn DrawHandle(const SecHandle& right, bool live, const SecHandle& other_kind, const Op& op) {
  Drawn drawn;
  drawn.handle = right;
  switch (op.fault) {
    case Fault::kNullHandle:
      drawn.null = true;
      break;
    case Fault::kZeroHandle:
      drawn.handle = {};
      break;
    case Fault::kInvalidatedHandle:
      SecInvalidateHandle(&drawn.handle);
      break;
    case Fault::kForgedHandle:
      // A later use of the same place, where that cannot be somebody's; else a pool that is none.
      if (live && (op.seed & 1) != 0) {
        drawn.handle.dwUpper += 1 + (op.seed >> 1) % 3;
      } else {
        drawn.handle.dwLower ^= ULONG_PTR{0x80} << (op.seed >> 1) % 23;
        drawn.handle.dwLower |= 0x80000000u;
      }
      break;
    case Fault::kHandleOfOtherKind:
      drawn.handle = other_kind;
      break;
    default:
      drawn.good = live;
  }
  drawn.before = drawn.handle;
  return drawn;
}

}  // namespace

uint32_t ContextsInUse(const World& world, bool tls) {
  uint32_t count = 0;
  for (const Context& context : world.contexts)
    count += context.live() && (context.package == Package::kTls) == tls;
  return count;
}

// Those whose handle is open, and those that a context leans on.
uint32_t CredentialsInUse(const World& world, bool tls) {
  std::set<uint32_t> serials;
  for (const Credential& credential : world.credentials) {
    if (credential.open && (credential.package == Package::kTls) == tls) serials.insert(credential.serial);
  }
  for (const Context& context : world.contexts) {
    if (context.live() && (context.package == Package::kTls) == tls)
      serials.insert(context.credential.serial);
  }
  return static_cast<uint32_t>(serials.size());
}

bool ContextsFull(const World& world, bool tls) {
  return ContextsInUse(world, tls) == world.pools[tls].MaxContexts;
}
bool CredentialsFull(const World& world, bool tls) {
  return CredentialsInUse(world, tls) == world.pools[tls].MaxCredentials;
}

void NoteToken(World& world, void* token, uint32_t of) {
  world.tokens[world.token_count++ % kStaleTokens] = {token, of};
}

void Begin(World& world, uint64_t seed) {
  scripted_port::Reset();
  scripted_port::SetDevice(&ThePortsDevice());
  world.seed = seed;
  for (const bool tls : {false, true}) {
    if (BareSspiQueryPoolUse(tls ? kTlsName : kNtlmName, &world.pools[tls]) != SEC_E_OK)
      Fail(world, "there are no pools");
  }
  CheckInvariants(world);
}

void End(World& world) {
  for (uint8_t slot = 0; slot < kContextSlots; ++slot) {
    if (world.contexts[slot].live())
      Run(world, {Entry::DeleteSecurityContext, Fault::kNone, slot, 0, kNobody, 0, false, 0});
  }
  for (uint8_t slot = 0; slot < kCredentialSlots; ++slot) {
    if (world.credentials[slot].open)
      Run(world, {Entry::FreeCredentialsHandle, Fault::kNone, 0, slot, kNobody, 0, false, 0});
  }
  for (const bool tls : {false, true}) {
    if (ContextsInUse(world, tls) + CredentialsInUse(world, tls) != 0) Fail(world, "something is left over");
  }
}

void Fail(World& world, const char* format, ...) {
  world.tally->found =
      static_cast<uint64_t>(world.now.entry) << 32 | (reinterpret_cast<uintptr_t>(format) & 0xFFFFFF);
  va_list arguments;
  va_start(arguments, format);
  printf("       ");
  vprintf(format, arguments);
  va_end(arguments);
  printf("\n       in call %u of seed %llu, %s, fault: %s\n", world.calls,
         static_cast<unsigned long long>(world.seed), NameOf(world.now.entry),
         kFaultNames[static_cast<uint8_t>(world.now.fault)]);
  fflush(stdout);
  _exit(kExitFound);
}

void Judge(World& world, bool legal, const Expect& expected, SECURITY_STATUS status) {
  if (world.tells) Show(world, status);
  Count(world.tally, world.now.entry, legal, status);
  if (expected.Has(status)) return;
  printf("       0x%08X %s was returned; promised is", static_cast<unsigned>(status), StatusName(status));
  for (uint32_t i = 0; i < expected.count(); ++i) printf("%s %s", i == 0 ? "" : ",", StatusName(expected[i]));
  printf("\n");
  Fail(world, "another status than the one promised");
}

Drawn DrawContext(const World& world, const Op& op) {
  const Context& context = world.contexts[op.slot % kContextSlots];
  return DrawHandle(context.handle, context.live(),
                    world.credentials[op.credential % kCredentialSlots].handle, op);
}

Drawn DrawCredential(const World& world, const Op& op) {
  const Credential& credential = world.credentials[op.credential % kCredentialSlots];
  return DrawHandle(credential.handle, credential.open, world.contexts[op.slot % kContextSlots].handle, op);
}

Expect StateErrors(const Context& context) {
  if (context.life == Life::kHandshake) return {SEC_E_INVALID_HANDLE};
  if (context.life == Life::kBroken) return {context.error};
  return {};
}

void Run(World& world, const Op& op) {
  world.now = op;
  ++world.calls;
  const auto is_in = [&](Entry first, Entry last) { return op.entry >= first && op.entry <= last; };
  if (is_in(Entry::AcquireCredentialsHandleA, Entry::AcquireCredentialsHandleW)) {
    RunAcquire(world, op);
  } else if (is_in(Entry::AddCredentialsA, Entry::SetCredentialsAttributesW)) {
    RunCredentialCall(world, op);
  } else if (is_in(Entry::InitializeSecurityContextA, Entry::AcceptSecurityContext)) {
    RunHandshake(world, op);
  } else if (op.entry == Entry::ApplyControlToken) {
    RunControl(world, op);
  } else if (op.entry == Entry::DeleteSecurityContext) {
    RunDelete(world, op);
  } else if (is_in(Entry::QueryContextAttributesA, Entry::QueryContextAttributesExW)) {
    RunQuery(world, op);
  } else if (is_in(Entry::SetContextAttributesA, Entry::SetContextAttributesW)) {
    RunSetAttribute(world, op);
  } else if (op.entry == Entry::MakeSignature || op.entry == Entry::EncryptMessage) {
    RunProtect(world, op);
  } else if (op.entry == Entry::VerifySignature || op.entry == Entry::DecryptMessage) {
    RunUnprotect(world, op);
  } else if (is_in(Entry::QuerySecurityContextToken, Entry::RevertSecurityContext) ||
             op.entry == Entry::BareSspiQueryTokenInformation) {
    RunTokenCall(world, op);
  } else if (op.entry == Entry::CompleteAuthToken ||
             is_in(Entry::ExportSecurityContext, Entry::ImportSecurityContextW) ||
             is_in(Entry::ChangeAccountPasswordA, Entry::ChangeAccountPasswordW)) {
    RunRefused(world, op);
  } else {
    RunPackageCall(world, op);
  }
  CheckInvariants(world);
}

}  // namespace model
