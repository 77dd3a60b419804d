// SPDX-License-Identifier: Apache-2.0
// InitializeSecurityContext and AcceptSecurityContext: everything about a call that does not depend on the
// package.
#include "core/base/memory.h"
#include "core/sspi/buffers.h"
#include "core/sspi/package.h"
#include "core/sspi/time.h"
#include "port/port.h"

namespace baresspi {

SECURITY_STATUS HandshakeCall::Reserve(size_t size) {
  if (output == nullptr) return Mendable(SEC_E_INVALID_TOKEN);
  const ULONG room = output->cbBuffer;
  output->cbBuffer = static_cast<ULONG>(size);
  return size <= room ? SEC_E_OK : Mendable(SEC_E_BUFFER_TOO_SMALL);
}

namespace {

// The arguments of the two functions, in the interface's own words.
struct Arguments {
  PCredHandle credential;
  PCtxtHandle context;
  PCtxtHandle new_context;
  PSecBufferDesc input;
  PSecBufferDesc output;
  ULONG* attributes;
  PTimeStamp expiry;
  ULONG requested;
  bool initiator;
};

SECURITY_STATUS ReadBuffers(const Arguments& arguments, HandshakeCall* call) {
  if (!IsUsable(arguments.input) || !IsUsable(arguments.output)) return SEC_E_INVALID_TOKEN;
  call->output = FindBuffer(arguments.output, SECBUFFER_TOKEN);
  call->token = BytesOf(FindBuffer(arguments.input, SECBUFFER_TOKEN));
  const SecBuffer* bindings = FindBuffer(arguments.input, SECBUFFER_CHANNEL_BINDINGS);
  call->has_bindings = bindings != nullptr && bindings->cbBuffer != 0;
  if (call->has_bindings && !HashBindings(BytesOf(bindings), call->bindings)) return SEC_E_INVALID_TOKEN;
  // SECBUFFER_TARGET is another way to give the target name: UTF-16, with or without its zero.
  const SecBuffer* target = FindBuffer(arguments.input, SECBUFFER_TARGET);
  if (target != nullptr && target->cbBuffer >= 2 && call->target.empty()) {
    const auto* units = static_cast<const char16_t*>(target->pvBuffer);
    if ((reinterpret_cast<uintptr_t>(units) & 1) != 0) return SEC_E_INVALID_TOKEN;
    size_t count = target->cbBuffer / 2;
    if (units[count - 1] == 0) --count;
    call->target = Text::Utf16(units, count);
  }
  return SEC_E_OK;
}

SECURITY_STATUS NewContext(const Arguments& arguments, const Package** package, Context** context) {
  if (arguments.new_context == nullptr) return SEC_E_INVALID_HANDLE;
  Credential* credential = PinCredential(arguments.credential, package);
  if (credential == nullptr) return SEC_E_INVALID_HANDLE;
  const ULONG use = arguments.initiator ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND;
  SECURITY_STATUS status = SEC_E_NO_CREDENTIALS;
  if ((credential->use & use) != 0) {
    status = SEC_E_INSUFFICIENT_MEMORY;
    *context = static_cast<Context*>((*package)->contexts->Take());
  }
  if (*context == nullptr) {
    ReleaseCredential(**package, credential);
    return status;
  }
  (*context)->credential = credential;  // with the reference
  (*context)->initiator = arguments.initiator;
  return SEC_E_OK;
}

SECURITY_STATUS Run(const Package& package, Context* context, HandshakeCall* call) {
  if (context->phase == Phase::kBroken) return WholeError(context->error);
  if (context->phase == Phase::kEstablished) return SEC_E_INVALID_TOKEN;  // nothing more is expected
  const SECURITY_STATUS status = (context->initiator ? package.initialize : package.accept)(*context, *call);
  if (status == SEC_E_OK) context->phase = Phase::kEstablished;
  if (status < 0 && !call->mendable) {
    if (package.end_context != nullptr) package.end_context(*context);
    context->phase = Phase::kBroken;
    context->error = static_cast<uint16_t>(status);
    Wipe(context + 1, package.contexts->slot_size() - sizeof(Context));
    if (call->output != nullptr) call->output->cbBuffer = 0;
    baresspi_port_log(context->initiator ? BARESSPI_EVENT_PEER_REFUSED : BARESSPI_EVENT_LOGON_DENIED,
                      static_cast<uint32_t>(status));
  }
  return status;
}

SECURITY_STATUS Handshake(const Arguments& arguments, const Text& target) {
  if (arguments.attributes != nullptr) *arguments.attributes = 0;
  if ((arguments.requested & ISC_REQ_ALLOCATE_MEMORY) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
  HandshakeCall call;
  call.target = target;
  call.requested = arguments.requested;
  call.attributes = 0;
  call.mendable = false;
  SECURITY_STATUS status = ReadBuffers(arguments, &call);
  if (status != SEC_E_OK) return status;
  const Package* package = nullptr;
  Context* context = nullptr;
  if (arguments.context == nullptr) {
    status = NewContext(arguments, &package, &context);
    if (status != SEC_E_OK) return status;
  } else {
    context = FindContext(arguments.context, &package);
    if (context == nullptr || context->initiator != arguments.initiator) return SEC_E_INVALID_HANDLE;
  }
  status = Run(*package, context, &call);
  if (status < 0) {
    if (arguments.context == nullptr) ReleaseContext(*package, context);  // nobody has its handle
    return status;
  }
  if (arguments.new_context != nullptr)
    StoreHandle(package->contexts->HandleOf(context), arguments.new_context);
  if (arguments.attributes != nullptr) *arguments.attributes = call.attributes;
  if (arguments.expiry != nullptr) StoreTime(kNever, arguments.expiry);
  return status;
}

static_assert(ISC_REQ_ALLOCATE_MEMORY == ASC_REQ_ALLOCATE_MEMORY);
static_assert(SEC_E_INVALID_TOKEN < 0 && SEC_I_CONTINUE_NEEDED > 0, "errors are negative");

}  // namespace
}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextA(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_CHAR* pszTargetName, ULONG fContextReq, ULONG,
                                                     ULONG, PSecBufferDesc pInput, ULONG,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  return Handshake(
      {phCredential, phContext, phNewContext, pInput, pOutput, pfContextAttr, ptsExpiry, fContextReq, true},
      Text::Utf8(pszTargetName));
}

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextW(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_WCHAR* pszTargetName, ULONG fContextReq, ULONG,
                                                     ULONG, PSecBufferDesc pInput, ULONG,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  return Handshake(
      {phCredential, phContext, phNewContext, pInput, pOutput, pfContextAttr, ptsExpiry, fContextReq, true},
      Text::Utf16(pszTargetName));
}

SECURITY_STATUS SEC_ENTRY AcceptSecurityContext(PCredHandle phCredential, PCtxtHandle phContext,
                                                PSecBufferDesc pInput, ULONG fContextReq, ULONG,
                                                PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  return Handshake(
      {phCredential, phContext, phNewContext, pInput, pOutput, pfContextAttr, ptsExpiry, fContextReq, false},
      Text());
}
