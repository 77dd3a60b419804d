// SPDX-License-Identifier: Apache-2.0
// InitializeSecurityContext and AcceptSecurityContext: everything about a call that does not depend on the
// package.
#include "core/base/memory.h"
#include "core/sspi/buffers.h"
#include "core/sspi/package.h"
#include "core/sspi/time.h"
#include "port/port.h"

namespace baresspi {

SECURITY_STATUS HandshakeCall::Reserve(size_t size, uint8_t** out) {
  if (output == nullptr) return SEC_E_INVALID_TOKEN;
  const bool fits = size <= output->cbBuffer;
  output->cbBuffer = static_cast<ULONG>(size);
  *out = static_cast<uint8_t*>(output->pvBuffer);
  return fits ? SEC_E_OK : SEC_E_BUFFER_TOO_SMALL;
}

bool EndsHandshake(SECURITY_STATUS status) {
  switch (status) {
    case SEC_E_OK:
    case SEC_I_CONTINUE_NEEDED:
    case SEC_E_BUFFER_TOO_SMALL:
    case SEC_E_INCOMPLETE_MESSAGE:
    case SEC_E_INSUFFICIENT_MEMORY:
    case SEC_E_INTERNAL_ERROR:  // the random source failed: it may have recovered by the next call
    case SEC_E_TARGET_UNKNOWN:  // a target name that cannot be used
      return false;
    default:
      return true;
  }
}

namespace {

struct Arguments {
  const SecHandle* credential;
  const SecHandle* context;
  SecHandle* new_context;
  const SecBufferDesc* input;
  const SecBufferDesc* output;
  ULONG* attributes;
  TimeStamp* expiry;
  bool initiator;
};

SECURITY_STATUS ReadBuffers(const Arguments& arguments, HandshakeCall* call) {
  if (!IsUsable(arguments.input) || !IsUsable(arguments.output)) return SEC_E_INVALID_TOKEN;
  call->token = BytesOf(FindBuffer(arguments.input, SECBUFFER_TOKEN));
  call->bindings = BytesOf(FindBuffer(arguments.input, SECBUFFER_CHANNEL_BINDINGS));
  if (!call->bindings.empty() && !AreUsableBindings(call->bindings)) return SEC_E_INVALID_TOKEN;
  // SECBUFFER_TARGET is another way to give the target name: UTF-16, with or without its zero.
  const Bytes target = BytesOf(FindBuffer(arguments.input, SECBUFFER_TARGET));
  if (call->target.empty() && target.size() >= 2) {
    if ((reinterpret_cast<uintptr_t>(target.data()) & 1) != 0) return SEC_E_INVALID_TOKEN;
    const auto* units = reinterpret_cast<const char16_t*>(target.data());
    size_t count = target.size() / 2;
    if (units[count - 1] == 0) --count;
    call->target = Text::Utf16(units, count);
  }
  call->output = FindBuffer(arguments.output, SECBUFFER_TOKEN);
  return SEC_E_OK;
}

// The credential's reference goes over to a new context.
SECURITY_STATUS NewContext(const Arguments& arguments, const PinnedCredential& credential,
                           Context** context) {
  if (credential.get() == nullptr || arguments.new_context == nullptr) return SEC_E_INVALID_HANDLE;
  const ULONG use = arguments.initiator ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND;
  if ((credential.get()->use & use) == 0) return SEC_E_NO_CREDENTIALS;
  const Package& package = credential.package();
  auto* fresh = static_cast<Context*>(package.contexts->Take());
  if (fresh == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  package.credentials->Retain(credential.get());
  fresh->credential = credential.get();
  fresh->initiator = arguments.initiator;
  *context = fresh;
  return SEC_E_OK;
}

void Break(const Package& package, Context* context, SECURITY_STATUS status) {
  context->phase = Phase::kBroken;
  context->error = status;
  Wipe(context + 1, package.context_size - sizeof(Context));
  baresspi_port_log(BARESSPI_EVENT_PEER_REFUSED, static_cast<uint32_t>(status));
}

SECURITY_STATUS Run(const Package& package, Context* context, HandshakeCall* call) {
  if (context->phase == Phase::kBroken) return context->error;
  if (context->phase == Phase::kEstablished) return SEC_E_INVALID_TOKEN;  // nothing more is expected
  const auto step = context->initiator ? package.initialize : package.accept;
  const SECURITY_STATUS status = step == nullptr ? SEC_E_UNSUPPORTED_FUNCTION : step(*context, *call);
  if (status == SEC_E_OK) context->phase = Phase::kEstablished;
  if (EndsHandshake(status)) {
    Break(package, context, status);
    if (call->output != nullptr) call->output->cbBuffer = 0;
  }
  return status;
}

SECURITY_STATUS Begin(const Arguments& arguments, HandshakeCall* call) {
  const PinnedCredential credential(arguments.credential);
  Context* context = nullptr;
  SECURITY_STATUS status = NewContext(arguments, credential, &context);
  if (status != SEC_E_OK) return status;
  const Package& package = credential.package();
  status = Run(package, context, call);
  if (status == SEC_E_OK || status == SEC_I_CONTINUE_NEEDED) {
    StoreHandle(package.contexts->HandleOf(context), arguments.new_context);
  } else {
    package.contexts->Invalidate(context);
    ReleaseContext(package, context);
  }
  return status;
}

SECURITY_STATUS Continue(const Arguments& arguments, HandshakeCall* call) {
  const PinnedContext context(arguments.context);
  if (context.get() == nullptr || context.get()->initiator != arguments.initiator)
    return SEC_E_INVALID_HANDLE;
  const SECURITY_STATUS status = Run(context.package(), context.get(), call);
  if (arguments.new_context != nullptr) *arguments.new_context = *arguments.context;
  return status;
}

SECURITY_STATUS Handshake(const Arguments& arguments, const Text& target, ULONG requested) {
  if (arguments.attributes != nullptr) *arguments.attributes = 0;
  if ((requested & ISC_REQ_ALLOCATE_MEMORY) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
  HandshakeCall call = {};
  call.target = target;
  call.requested = requested;
  SECURITY_STATUS status = ReadBuffers(arguments, &call);
  if (status != SEC_E_OK) return status;
  status = arguments.context == nullptr ? Begin(arguments, &call) : Continue(arguments, &call);
  if (status != SEC_E_OK && status != SEC_I_CONTINUE_NEEDED) return status;
  if (arguments.attributes != nullptr) *arguments.attributes = call.attributes;
  if (arguments.expiry != nullptr) StoreTime(kNever, arguments.expiry);
  return status;
}

static_assert(ISC_REQ_ALLOCATE_MEMORY == ASC_REQ_ALLOCATE_MEMORY);

}  // namespace
}  // namespace baresspi

using baresspi::Arguments;
using baresspi::Handshake;
using baresspi::Text;

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextA(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_CHAR* pszTargetName, ULONG fContextReq, ULONG,
                                                     ULONG, PSecBufferDesc pInput, ULONG,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  return Handshake({phCredential, phContext, phNewContext, pInput, pOutput, pfContextAttr, ptsExpiry, true},
                   Text::Utf8(pszTargetName), fContextReq);
}

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextW(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_WCHAR* pszTargetName, ULONG fContextReq, ULONG,
                                                     ULONG, PSecBufferDesc pInput, ULONG,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  return Handshake({phCredential, phContext, phNewContext, pInput, pOutput, pfContextAttr, ptsExpiry, true},
                   Text::Utf16(pszTargetName), fContextReq);
}

SECURITY_STATUS SEC_ENTRY AcceptSecurityContext(PCredHandle phCredential, PCtxtHandle phContext,
                                                PSecBufferDesc pInput, ULONG fContextReq, ULONG,
                                                PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  return Handshake({phCredential, phContext, phNewContext, pInput, pOutput, pfContextAttr, ptsExpiry, false},
                   Text(), fContextReq);
}
