// SPDX-License-Identifier: Apache-2.0
// Whom a context stands for, its end, and the functions that nobody has.
#include <string.h>

#include "port/port.h"
#include "tests/faults/model/device.h"
#include "tests/faults/model/memory.h"

namespace model {
namespace {

// What an established context answers to whoever asks for its caller.
Expect TokenErrors(const Context& context) {
  Expect errors = StateErrors(context);
  if (context.life != Life::kEstablished) return errors;
  if (context.initiator) errors.Add(SEC_E_UNSUPPORTED_FUNCTION);
  const bool known = context.asks && context.shows && !context.credential.manual;
  if (!context.initiator && context.package == Package::kTls && !known) errors.Add(SEC_E_NO_IMPERSONATION);
  return errors;
}

void CheckToken(World& world, const Context& context, void* token) {
  BARESSPI_TOKEN_INFO info = {};
  if (BareSspiQueryTokenInformation(token, &info) != SEC_E_OK) Fail(world, "a token that is none");
  const bool anonymous = (info.TokenFlags & BARESSPI_TOKEN_ANONYMOUS) != 0;
  const bool identify = (info.TokenFlags & BARESSPI_TOKEN_IDENTIFY_ONLY) != 0;
  Require(world, anonymous == context.anonymous, "anonymous or not");
  Require(world, identify == context.identify, "to be looked at only, or not");
  Require(world, anonymous || info.UserId == kAliceId, "somebody else");
  Require(world,
          anonymous || (info.User.cbUtf16le == 10 && memcmp(info.User.Utf16le, "a\0l\0i\0c\0e", 10) == 0),
          "another name");
}

void RunTokenInformation(World& world, const Op& op) {
  Random random(op.seed);
  const Stale& stale = world.tokens[op.item % kStaleTokens];
  void* token = stale.token;
  const Context* of = nullptr;
  for (const Context& context : world.contexts) {
    if (stale.of != 0 && context.serial == stale.of && context.life == Life::kEstablished) of = &context;
  }
  if (op.fault == Fault::kForgedHandle) {
    // Another package's number, or bits that no token has.
    const auto value = reinterpret_cast<uintptr_t>(token) | 0xE0000000u;
    token = reinterpret_cast<void*>(random.OneIn(2) ? value : value << 8);
    of = nullptr;
  }
  if (op.fault == Fault::kNullHandle) {
    token = nullptr;
    of = nullptr;
  }
  Expect expected;
  if (of == nullptr) expected.Add(SEC_E_INVALID_HANDLE);
  if (op.fault == Fault::kNullArgument) expected.Add(SEC_E_INVALID_TOKEN);
  BARESSPI_TOKEN_INFO info = {};
  const SECURITY_STATUS status =
      BareSspiQueryTokenInformation(token, op.fault == Fault::kNullArgument ? nullptr : &info);
  Judge(world, expected.empty(), expected.empty() ? Expect{SEC_E_OK} : expected, status);
  if (status == SEC_E_OK) CheckToken(world, *of, token);
}

}  // namespace

void RunTokenCall(World& world, const Op& op) {
  if (op.entry == Entry::BareSspiQueryTokenInformation) return RunTokenInformation(world, op);
  Drawn drawn = DrawContext(world, op);
  const Context& context = world.contexts[op.slot % kContextSlots];
  Expect errors = {SEC_E_INVALID_HANDLE};
  if (drawn.good) errors = TokenErrors(context);
  SECURITY_STATUS status;
  void* token = nullptr;
  if (op.entry == Entry::QuerySecurityContextToken) {
    const bool null = op.fault == Fault::kNullArgument;
    if (null) errors.Add(SEC_E_INVALID_TOKEN);
    status = TableA(op).QuerySecurityContextToken(drawn.pointer(), null ? nullptr : &token);
  } else if (op.entry == Entry::ImpersonateSecurityContext) {
    status = TableA(op).ImpersonateSecurityContext(drawn.pointer());
    if (status == SEC_E_OK) world.task_token = token = baresspi_port_task_token();
  } else {
    status = TableA(op).RevertSecurityContext(drawn.pointer());
    world.task_token = nullptr;
  }
  Judge(world, errors.empty(), errors.empty() ? Expect{SEC_E_OK} : errors, status);
  Require(world, drawn.same(), "the handle has changed");
  if (status != SEC_E_OK || token == nullptr) return;
  CheckToken(world, context, token);
  NoteToken(world, token, context.serial);
}

void RunDelete(World& world, const Op& op) {
  Drawn drawn = DrawContext(world, op);
  const SECURITY_STATUS status = TableA(op).DeleteSecurityContext(drawn.pointer());
  Judge(world, drawn.good, drawn.good ? Expect{SEC_E_OK} : Expect{SEC_E_INVALID_HANDLE}, status);
  Require(world, drawn.same(), "the handle has changed");
  if (status == SEC_E_OK) world.contexts[op.slot % kContextSlots].life = Life::kGone;
}

namespace {

SECURITY_STATUS CallChange(const Op& op) {
  if (op.entry == Entry::ChangeAccountPasswordA)
    return TableA(op).ChangeAccountPasswordA("NTLM", "EXAMPLE", "alice", "old", "new", 0, 0, nullptr);
  return TableW(op).ChangeAccountPasswordW(u"NTLM", u"EXAMPLE", u"alice", u"old", u"new", 0, 0, nullptr);
}

SECURITY_STATUS CallImport(const Op& op, bool wrong, SecHandle* made) {
  SecBuffer packed = {0, SECBUFFER_TOKEN, nullptr};
  if (op.entry == Entry::ImportSecurityContextA)
    return TableA(op).ImportSecurityContextA(wrong ? "Kerberos" : "NTLM", &packed, nullptr, made);
  return TableW(op).ImportSecurityContextW(wrong ? nullptr : u"Negotiate", &packed, nullptr, made);
}

}  // namespace

// What no package has.
void RunRefused(World& world, const Op& op) {
  Drawn drawn = DrawContext(world, op);
  const bool wrong = op.fault == Fault::kWrongName;
  SecHandle made = {0x1234, 0x5678};
  SecBuffer buffer = {0, SECBUFFER_TOKEN, nullptr};
  SecBufferDesc list = {SECBUFFER_VERSION, 1, &buffer};
  void* token = nullptr;
  SECURITY_STATUS status;
  SECURITY_STATUS expected = SEC_E_UNSUPPORTED_FUNCTION;
  bool legal = drawn.good;
  if (op.entry == Entry::CompleteAuthToken) {
    status = TableA(op).CompleteAuthToken(drawn.pointer(), &list);
    if (!drawn.good) expected = SEC_E_INVALID_HANDLE;
  } else if (op.entry == Entry::ExportSecurityContext) {
    status = TableA(op).ExportSecurityContext(drawn.pointer(), 0, &buffer, &token);
    if (!drawn.good) expected = SEC_E_INVALID_HANDLE;
  } else if (op.entry == Entry::ChangeAccountPasswordA || op.entry == Entry::ChangeAccountPasswordW) {
    status = wrong
                 ? TableA(op).ChangeAccountPasswordA(nullptr, nullptr, nullptr, nullptr, nullptr, 1, 9, &list)
                 : CallChange(op);
    if (wrong) status = CallChange(op);
    legal = !wrong;
  } else {
    status = CallImport(op, wrong, &made);
    if (wrong) expected = SEC_E_SECPKG_NOT_FOUND;
    legal = !wrong;
  }
  Judge(world, legal, {expected}, status);
  Require(world, drawn.same() && made.dwLower == 0x1234 && token == nullptr, "something has changed");
}

}  // namespace model
