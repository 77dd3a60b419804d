// SPDX-License-Identifier: Apache-2.0
// A program that paints the stack: TLS on a board, own client against own server, with the very objects of
// core and mbed TLS that tests/budget measures. The linker's --wrap sends the calls of the API through here.
// Prints a line "FUNCTION OCTETS" for each: the most that lay below a call of it.
#include <baresspi/schannel.h>

#include "boards/common/board.h"
#include "config/baresspi_config.h"
#include "port/semihosting/semihosting.h"
#include "tests/bench/pair.h"
#include "tests/bench/port.h"

namespace {

constexpr uint32_t kPaint = 0x5a5aa5a5;

enum Function : uint8_t {
  kAcquire,
  kInitialize,
  kAccept,
  kEncrypt,
  kDecrypt,
  kSign,
  kVerify,
  kQuery,
  kQueryEx,
  kSet,
  kControl,
  kDelete,
  kFree,
  kFunctions
};
constexpr const char* kNames[kFunctions] = {"AcquireCredentialsHandleA",
                                            "InitializeSecurityContextA",
                                            "AcceptSecurityContext",
                                            "EncryptMessage",
                                            "DecryptMessage",
                                            "MakeSignature",
                                            "VerifySignature",
                                            "QueryContextAttributesA",
                                            "QueryContextAttributesExA",
                                            "SetContextAttributesA",
                                            "ApplyControlToken",
                                            "DeleteSecurityContext",
                                            "FreeCredentialsHandle"};
constinit uintptr_t deepest[kFunctions];
constinit bool inside;  // a function of the API that another one calls belongs to that one's call

[[gnu::always_inline]] inline uintptr_t StackPointer() {
  uintptr_t sp;
  asm volatile("mov %0, sp" : "=r"(sp));
  return sp;
}

// Paints what lies below this function's own frame, which the call will overwrite.
[[gnu::noinline]] void Paint() {
  const uintptr_t end = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - 64;
  for (volatile uint32_t* at = __stack_bottom; reinterpret_cast<uintptr_t>(at) < end; ++at) *at = kPaint;
}

[[gnu::noinline]] void Look(Function function, uintptr_t stack_pointer) {
  const volatile uint32_t* at = __stack_bottom;
  while (*at == kPaint) ++at;
  const uintptr_t depth = stack_pointer - reinterpret_cast<uintptr_t>(at);
  if (depth > deepest[function]) deepest[function] = depth;
}

// Always inlined, and call is in one place alone, so that it is too: the stack pointer is that of the call.
template <typename Call>
[[gnu::always_inline]] inline SECURITY_STATUS Painted(Function function, Call call) {
  const bool outer = !inside;
  if (outer) {
    inside = true;
    Paint();
  }
  const uintptr_t stack_pointer = StackPointer();
  const SECURITY_STATUS status = call();
  if (outer) {
    Look(function, stack_pointer);
    inside = false;
  }
  return status;
}

}  // namespace

// ---- The API as the program sees it. __real_X: core's X. ----
extern "C" {

decltype(AcquireCredentialsHandleA) __real_AcquireCredentialsHandleA;
decltype(InitializeSecurityContextA) __real_InitializeSecurityContextA;
decltype(AcceptSecurityContext) __real_AcceptSecurityContext;
decltype(EncryptMessage) __real_EncryptMessage;
decltype(DecryptMessage) __real_DecryptMessage;
decltype(MakeSignature) __real_MakeSignature;
decltype(VerifySignature) __real_VerifySignature;
decltype(QueryContextAttributesA) __real_QueryContextAttributesA;
decltype(QueryContextAttributesExA) __real_QueryContextAttributesExA;
decltype(SetContextAttributesA) __real_SetContextAttributesA;
decltype(ApplyControlToken) __real_ApplyControlToken;
decltype(DeleteSecurityContext) __real_DeleteSecurityContext;
decltype(FreeCredentialsHandle) __real_FreeCredentialsHandle;

SECURITY_STATUS __wrap_AcquireCredentialsHandleA(SEC_CHAR* principal, SEC_CHAR* package, ULONG use, void* id,
                                                 void* data, SEC_GET_KEY_FN get_key, void* argument,
                                                 PCredHandle credential, PTimeStamp expiry) {
  return Painted(kAcquire, [&] {
    return __real_AcquireCredentialsHandleA(principal, package, use, id, data, get_key, argument, credential,
                                            expiry);
  });
}

SECURITY_STATUS __wrap_InitializeSecurityContextA(PCredHandle credential, PCtxtHandle old, SEC_CHAR* target,
                                                  ULONG requests, ULONG reserved, ULONG representation,
                                                  PSecBufferDesc input, ULONG reserved2, PCtxtHandle context,
                                                  PSecBufferDesc output, ULONG* attributes,
                                                  PTimeStamp expiry) {
  return Painted(kInitialize, [&] {
    return __real_InitializeSecurityContextA(credential, old, target, requests, reserved, representation,
                                             input, reserved2, context, output, attributes, expiry);
  });
}

SECURITY_STATUS __wrap_AcceptSecurityContext(PCredHandle credential, PCtxtHandle old, PSecBufferDesc input,
                                             ULONG requests, ULONG representation, PCtxtHandle context,
                                             PSecBufferDesc output, ULONG* attributes, PTimeStamp expiry) {
  return Painted(kAccept, [&] {
    return __real_AcceptSecurityContext(credential, old, input, requests, representation, context, output,
                                        attributes, expiry);
  });
}

SECURITY_STATUS __wrap_EncryptMessage(PCtxtHandle context, ULONG qop, PSecBufferDesc message, ULONG number) {
  return Painted(kEncrypt, [&] { return __real_EncryptMessage(context, qop, message, number); });
}

SECURITY_STATUS __wrap_DecryptMessage(PCtxtHandle context, PSecBufferDesc message, ULONG number, ULONG* qop) {
  return Painted(kDecrypt, [&] { return __real_DecryptMessage(context, message, number, qop); });
}

SECURITY_STATUS __wrap_MakeSignature(PCtxtHandle context, ULONG qop, PSecBufferDesc message, ULONG number) {
  return Painted(kSign, [&] { return __real_MakeSignature(context, qop, message, number); });
}

SECURITY_STATUS __wrap_VerifySignature(PCtxtHandle context, PSecBufferDesc message, ULONG number,
                                       ULONG* qop) {
  return Painted(kVerify, [&] { return __real_VerifySignature(context, message, number, qop); });
}

SECURITY_STATUS __wrap_QueryContextAttributesExA(PCtxtHandle context, ULONG attribute, void* buffer,
                                                 ULONG size) {
  return Painted(kQueryEx,
                 [&] { return __real_QueryContextAttributesExA(context, attribute, buffer, size); });
}

SECURITY_STATUS __wrap_QueryContextAttributesA(PCtxtHandle context, ULONG attribute, void* buffer) {
  return Painted(kQuery, [&] { return __real_QueryContextAttributesA(context, attribute, buffer); });
}

SECURITY_STATUS __wrap_SetContextAttributesA(PCtxtHandle context, ULONG attribute, void* buffer, ULONG size) {
  return Painted(kSet, [&] { return __real_SetContextAttributesA(context, attribute, buffer, size); });
}

SECURITY_STATUS __wrap_ApplyControlToken(PCtxtHandle context, PSecBufferDesc input) {
  return Painted(kControl, [&] { return __real_ApplyControlToken(context, input); });
}

SECURITY_STATUS __wrap_DeleteSecurityContext(PCtxtHandle context) {
  return Painted(kDelete, [&] { return __real_DeleteSecurityContext(context); });
}

SECURITY_STATUS __wrap_FreeCredentialsHandle(PCredHandle credential) {
  return Painted(kFree, [&] { return __real_FreeCredentialsHandle(credential); });
}

}  // extern "C"

namespace bench {

// What Pair offers to its program for this, which does it another way.
void CallBegins(uintptr_t) {}
void CallEnds(Who, PCtxtHandle, SECURITY_STATUS) {}

}  // namespace bench

namespace board {

void UartInit() {}  // there is none: the lines go out by semihosting

}  // namespace board

namespace {

using bench::kBoth;
using bench::Scenario;

constexpr Scenario kScenarios[] = {
    {"TLS 1.2", SP_PROT_TLS1_2, false, false},
    {"TLS 1.2, a client's certificate", SP_PROT_TLS1_2, false, true},
    {"TLS 1.2, RSA", SP_PROT_TLS1_2, true, false},
    {"TLS 1.3", SP_PROT_TLS1_3, false, false},
    {"TLS 1.3, a client's certificate", SP_PROT_TLS1_3, false, true},
    {"TLS 1.3, RSA", SP_PROT_TLS1_3, true, false},
    {"either", SP_PROT_TLS1_2 | SP_PROT_TLS1_3, false, false},
};

constinit bench::Pair pair;
constinit uint64_t answer[512];  // of a query: the largest has less
constinit uint8_t token[BARESSPI_SCHANNEL_MAX_TOKEN];

// Whatever can be asked, by the numbers of the attributes, known or not. The first word of an answer is the
// version that is wanted, where there is one.
void AskEverything(PCtxtHandle context) {
  constexpr ULONG kLastAttribute = 0x90;
  char label[] = "EXPORTER-budget";
  SecPkgContext_KeyingMaterialInfo wanted = {sizeof label, label, 0, nullptr, 32};
  (void)SetContextAttributesA(context, SECPKG_ATTR_KEYING_MATERIAL_INFO, &wanted, sizeof wanted);
  for (ULONG attribute = 0; attribute <= kLastAttribute; ++attribute) {
    for (uint64_t& word : answer) word = 0;
    answer[0] = 1;
    (void)QueryContextAttributesA(context, attribute, answer);
    answer[0] = 1;
    (void)QueryContextAttributesExA(context, attribute, answer, sizeof answer);
  }
  // Of TLS they are refused, with whatever that takes.
  SecBuffer part = {sizeof token, SECBUFFER_DATA, token};
  SecBufferDesc message = {SECBUFFER_VERSION, 1, &part};
  (void)MakeSignature(context, 0, &message, 0);
  (void)VerifySignature(context, &message, 0, nullptr);
}

// The client says that it has no more to send.
bool Shut(PCtxtHandle context) {
  DWORD what = SCHANNEL_SHUTDOWN;
  SecBuffer control = {sizeof what, SECBUFFER_TOKEN, &what};
  SecBuffer out = {sizeof token, SECBUFFER_TOKEN, token};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, &control};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
  ULONG attributes = 0;
  TimeStamp expiry;
  SEC_CHAR target[] = "device.example.test";
  if (ApplyControlToken(context, &input) != SEC_E_OK) return false;
  return InitializeSecurityContextA(nullptr, context, target, ISC_REQ_CONFIDENTIALITY | ISC_REQ_STREAM, 0, 0,
                                    nullptr, 0, context, &output, &attributes, &expiry) == SEC_E_OK &&
         out.cbBuffer != 0;
}

// The name of what failed; null: nothing did.
const char* Run(const Scenario& scenario) {
  if (!pair.Acquire(scenario)) return "a credential";
  if (!pair.Connect()) return "the handshake";
  if (!pair.Transfer(1024)) return "a record";
  for (const bench::Who who : kBoth) AskEverything(pair.context(who));
  if (!Shut(pair.context(bench::kClient))) return "the end of the connection";
  if (!pair.Disconnect()) return "the end of a context";
  return pair.Release() ? nullptr : "the end of a credential";
}

}  // namespace

int main() {
  bench::StartRandomAnew();
  for (const Scenario& scenario : kScenarios) {
    const char* const failed = Run(scenario);
    if (failed == nullptr) continue;
    semihosting::WriteText(scenario.name);
    semihosting::WriteText(": failed at ");
    semihosting::WriteText(failed);
    semihosting::WriteText("\n");
    return 1;
  }
  for (unsigned function = 0; function < kFunctions; ++function) {
    semihosting::WriteText(kNames[function]);
    semihosting::WriteText(" ");
    semihosting::WriteDecimal(static_cast<uint32_t>(deepest[function]));
    semihosting::WriteText("\n");
  }
  return 0;
}
