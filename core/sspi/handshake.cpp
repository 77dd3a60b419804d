// SPDX-License-Identifier: Apache-2.0
// InitializeSecurityContext and AcceptSecurityContext: everything about a call that does not depend on the
// package.
#include "core/base/byte_reader.h"
#include "core/base/memory.h"
#include "core/sspi/buffers.h"
#include "core/sspi/package.h"
#include "core/sspi/time.h"
#include "port/port.h"

namespace baresspi {

SECURITY_STATUS HandshakeCall::Reserve(size_t size) {
  SECURITY_STATUS status = SEC_E_INVALID_TOKEN;
  if (output != nullptr) {
    const ULONG room = output->cbBuffer;
    output->cbBuffer = static_cast<ULONG>(size);
    if (size <= room) return SEC_E_OK;
    status = SEC_E_BUFFER_TOO_SMALL;
  }
  return Mendable(status);
}

namespace {

// What comes beside the peer's token.
SECURITY_STATUS ReadBuffers(const SecBufferDesc* input, HandshakeCall* call) {
  const SecBuffer* bindings = FindBuffer(input, SECBUFFER_CHANNEL_BINDINGS);
  if (bindings != nullptr && bindings->cbBuffer != 0) {
    call->has_bindings = true;
    if (!HashBindings(*bindings, call->bindings)) return SEC_E_INVALID_TOKEN;
  }
  // SECBUFFER_TARGET is another way to give the target name: UTF-16, with or without its zero.
  const SecBuffer* target = FindBuffer(input, SECBUFFER_TARGET);
  if (target != nullptr && target->cbBuffer >= 2 && call->target.empty()) {
    const auto* units = static_cast<const uint8_t*>(target->pvBuffer);
    size_t count = target->cbBuffer / 2;
    if (LoadU16le(units + 2 * count - 2) == 0) --count;
    call->target = Text::Either(units, count, true);
  }
  return SEC_E_OK;
}

SECURITY_STATUS NewContext(const SecHandle* handle, ULONG use, bool initiator, Context** context) {
  Credential* credential = PinCredential(handle);
  if (credential == nullptr) return SEC_E_INVALID_HANDLE;
  SECURITY_STATUS status = SEC_E_NO_CREDENTIALS;
  if ((credential->use & use) != 0) {
    status = SEC_E_INSUFFICIENT_MEMORY;
    auto* taken = static_cast<Context*>(credential->package->contexts->Take());
    if (taken != nullptr) {
      taken->credential = credential;  // with the reference
      taken->initiator = initiator;
      *context = taken;
      return SEC_E_OK;
    }
  }
  ReleaseCredential(credential);
  return status;
}

}  // namespace

void BreakContext(Context* context, SECURITY_STATUS status) {
  const Package& package = PackageOf(*context);
#if BARESSPI_SCHANNEL
  if (IsStream(package)) package.stream->end_context(*context);
#endif
  context->phase = Phase::kBroken;
  context->error = static_cast<uint16_t>(status);
  Wipe(context + 1, package.contexts->slot_size() - sizeof(Context));
}

namespace {

// Has the package do its part.
SECURITY_STATUS Run(Context* context, HandshakeCall* call) {
  if (context->phase == Phase::kBroken) {
#if BARESSPI_SCHANNEL
    SecBuffer* const alert = FindBuffer(call->output_buffers, SECBUFFER_ALERT);
    if (alert != nullptr) alert->cbBuffer = 0;  // it came with the first answer
#endif
    return WholeError(context->error);
  }
  const Package& package = PackageOf(*context);
  const bool established = context->phase == Phase::kEstablished;
  if (established && !IsStream(package)) return SEC_E_INVALID_TOKEN;  // nothing more is expected
  const SECURITY_STATUS status =
      (IsInitiator(*context) ? package.initialize : package.accept)(*context, *call);
  if (status == SEC_E_OK && !established) {
    context->phase = Phase::kEstablished;
#if BARESSPI_SERVERS
    if (!IsInitiator(*context) && !IsStream(package))
      baresspi_port_log(BARESSPI_EVENT_LOGON, context->user_id);
#endif
  }
  if (status < 0 && !call->mendable) {
    BreakContext(context, status);
    baresspi_port_log(IsInitiator(*context) ? BARESSPI_EVENT_PEER_REFUSED : BARESSPI_EVENT_LOGON_DENIED,
                      static_cast<uint32_t>(status));
  }
  return status;
}

// Both functions. The parameters stand where InitializeSecurityContext has them, so that it hands them on as
// they lie on the stack; in place of its reserved ones is which function it was.
SECURITY_STATUS Handshake(const SecHandle* credential, const SecHandle* old_context, const void* target,
                          ULONG requested, ULONG use, bool wide, const SecBufferDesc* input, bool initiator,
                          SecHandle* new_context, const SecBufferDesc* output, ULONG* attributes,
                          TimeStamp* expiry) {
  if (attributes != nullptr) *attributes = 0;
  if ((requested & ISC_REQ_ALLOCATE_MEMORY) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
  if (!IsUsable(input) || !IsUsable(output)) return SEC_E_INVALID_TOKEN;
  HandshakeCall call(target, wide, requested, BytesOf(FindBuffer(input, SECBUFFER_TOKEN)),
                     FindBuffer(output, SECBUFFER_TOKEN));
#if BARESSPI_SCHANNEL
  call.credential = credential;
  call.input_buffers = input;
  call.output_buffers = output;
#endif
  SECURITY_STATUS status = ReadBuffers(input, &call);
  if (status != SEC_E_OK) return status;
  Context* context = nullptr;
  if (old_context == nullptr) {
    if (new_context == nullptr) return SEC_E_INVALID_HANDLE;
    status = NewContext(credential, use, initiator, &context);
    if (status != SEC_E_OK) return status;
  } else {
    // Pinned: the authority may take its time, and another task may delete the context meanwhile.
    context = static_cast<Context*>(FindSlot(old_context, &Package::contexts, Pool::Then::kPin));
    if (context == nullptr) return SEC_E_INVALID_HANDLE;
  }
  status = IsInitiator(*context) == initiator ? Run(context, &call) : SEC_E_INVALID_HANDLE;
  // Also where it broke earlier: who sends what a failure leaves must not send what the room held before.
  if (status < 0 && !call.mendable && call.output != nullptr) {
#if BARESSPI_SCHANNEL
    if (!call.speaks)
#endif
      call.output->cbBuffer = 0;
  }
  if (status >= 0) {
    const bool tells = status == SEC_E_OK || IsStream(PackageOf(*context));
    if (tells && attributes != nullptr) *attributes = context->attributes;
    if (new_context != nullptr) StoreHandle(*PackageOf(*context).contexts, context, new_context);
#if BARESSPI_SCHANNEL
    if (expiry != nullptr) StoreTime(call.expiry, expiry);
#else
    StoreNever(expiry);
#endif
  }
#if BARESSPI_SCHANNEL
  // Windows' applications send what a failure leaves in the output when this says so.
  if (call.speaks && attributes != nullptr)
    *attributes = initiator ? ISC_RET_EXTENDED_ERROR : ASC_RET_EXTENDED_ERROR;
#endif
  // The pin, or a context of which nobody has the handle.
  if (status < 0 || old_context != nullptr) ReleaseContext(context);
  ScrubStack<kScrubHandshake>();
  return status;
}

}  // namespace

static_assert(ISC_REQ_ALLOCATE_MEMORY == ASC_REQ_ALLOCATE_MEMORY);
static_assert(SEC_E_INVALID_TOKEN < 0 && SEC_I_CONTINUE_NEEDED > 0, "errors are negative");

}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextA(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_CHAR* pszTargetName, ULONG fContextReq, ULONG,
                                                     ULONG, PSecBufferDesc pInput, ULONG,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  return Handshake(phCredential, phContext, pszTargetName, fContextReq, SECPKG_CRED_OUTBOUND, false, pInput,
                   true, phNewContext, pOutput, pfContextAttr, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextW(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_WCHAR* pszTargetName, ULONG fContextReq, ULONG,
                                                     ULONG, PSecBufferDesc pInput, ULONG,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  return Handshake(phCredential, phContext, pszTargetName, fContextReq, SECPKG_CRED_OUTBOUND, true, pInput,
                   true, phNewContext, pOutput, pfContextAttr, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY AcceptSecurityContext(PCredHandle phCredential, PCtxtHandle phContext,
                                                PSecBufferDesc pInput, ULONG fContextReq, ULONG,
                                                PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  return Handshake(phCredential, phContext, nullptr, fContextReq, SECPKG_CRED_INBOUND, false, pInput, false,
                   phNewContext, pOutput, pfContextAttr, ptsExpiry);
}
