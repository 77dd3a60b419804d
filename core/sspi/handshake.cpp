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
  if (output == nullptr) return SEC_E_INVALID_TOKEN;
  const ULONG room = output->cbBuffer;
  output->cbBuffer = static_cast<ULONG>(size);
  return size <= room ? SEC_E_OK : SEC_E_BUFFER_TOO_SMALL;
}

namespace {

// The arguments that the two functions share, in the interface's own words.
struct Arguments {
  PCredHandle credential;
  PCtxtHandle context;
  PCtxtHandle new_context;
  PSecBufferDesc input;
  PSecBufferDesc output;
  ULONG* attributes;
  PTimeStamp expiry;
  bool initiator;
};

// True when a handshake that failed with this status is over; false when the caller can mend it and call
// again.
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

SECURITY_STATUS ReadBuffers(const Arguments& arguments, HandshakeCall* call) {
  if (!IsUsable(arguments.input) || !IsUsable(arguments.output)) return SEC_E_INVALID_TOKEN;
  call->token = BytesOf(FindBuffer(arguments.input, SECBUFFER_TOKEN));
  const Bytes bindings = BytesOf(FindBuffer(arguments.input, SECBUFFER_CHANNEL_BINDINGS));
  call->has_bindings = !bindings.empty();
  if (call->has_bindings && !HashBindings(bindings, call->bindings)) return SEC_E_INVALID_TOKEN;
  // SECBUFFER_TARGET is another way to give the target name: UTF-16, with or without its zero.
  const Bytes target = BytesOf(FindBuffer(arguments.input, SECBUFFER_TARGET));
  if (call->target.empty() && target.size() >= 2) {
    const auto* units = reinterpret_cast<const char16_t*>(target.data());
    if ((reinterpret_cast<uintptr_t>(units) & 1) != 0) return SEC_E_INVALID_TOKEN;
    size_t count = target.size() / 2;
    if (units[count - 1] == 0) --count;
    call->target = Text::Utf16(units, count);
  }
  call->output = FindBuffer(arguments.output, SECBUFFER_TOKEN);
  return SEC_E_OK;
}

SECURITY_STATUS NewContext(const Arguments& arguments, const Package** package, Context** context) {
  Credential* credential = PinCredential(arguments.credential, package);
  if (credential == nullptr) return SEC_E_INVALID_HANDLE;
  SECURITY_STATUS status = SEC_E_INVALID_HANDLE;
  if (arguments.new_context != nullptr) {
    const ULONG use = arguments.initiator ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND;
    status = SEC_E_NO_CREDENTIALS;
    if ((credential->use & use) != 0) {
      status = SEC_E_INSUFFICIENT_MEMORY;
      *context = static_cast<Context*>((*package)->contexts->Take());
    }
  }
  if (*context == nullptr) {
    (*package)->credentials->Release(credential);
    return status;
  }
  (*context)->credential = credential;  // with the reference
  (*context)->initiator = arguments.initiator;
  return SEC_E_OK;
}

SECURITY_STATUS Run(const Package& package, Context* context, HandshakeCall* call) {
  if (context->phase != Phase::kHandshake) {
    return context->phase == Phase::kBroken ? context->error
                                            : SEC_E_INVALID_TOKEN;  // nothing more is expected
  }
  const SECURITY_STATUS status = (context->initiator ? package.initialize : package.accept)(*context, *call);
  if (status == SEC_E_OK) context->phase = Phase::kEstablished;
  if (EndsHandshake(status)) {
    context->phase = Phase::kBroken;
    context->error = status;
    Wipe(context + 1, package.contexts->slot_size() - sizeof(Context));
    if (call->output != nullptr) call->output->cbBuffer = 0;
    baresspi_port_log(context->initiator ? BARESSPI_EVENT_PEER_REFUSED : BARESSPI_EVENT_LOGON_DENIED,
                      static_cast<uint32_t>(status));
  }
  return status;
}

SECURITY_STATUS Handshake(const Arguments& arguments, HandshakeCall* call) {
  if (arguments.attributes != nullptr) *arguments.attributes = 0;
  if ((call->requested & ISC_REQ_ALLOCATE_MEMORY) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
  SECURITY_STATUS status = ReadBuffers(arguments, call);
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
  status = Run(*package, context, call);
  const bool goes_on = status == SEC_E_OK || status == SEC_I_CONTINUE_NEEDED;
  if (arguments.context == nullptr && !goes_on) {
    ReleaseContext(*package, context);  // nobody has its handle
    return status;
  }
  if (arguments.new_context != nullptr)
    StoreHandle(package->contexts->HandleOf(context), arguments.new_context);
  if (!goes_on) return status;
  if (arguments.attributes != nullptr) *arguments.attributes = call->attributes;
  if (arguments.expiry != nullptr) StoreTime(kNever, arguments.expiry);
  return status;
}

static_assert(ISC_REQ_ALLOCATE_MEMORY == ASC_REQ_ALLOCATE_MEMORY);

}  // namespace
}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextA(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_CHAR* pszTargetName, ULONG fContextReq, ULONG,
                                                     ULONG, PSecBufferDesc pInput, ULONG,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  HandshakeCall call = {};
  call.target = Text::Utf8(pszTargetName);
  call.requested = fContextReq;
  return Handshake({phCredential, phContext, phNewContext, pInput, pOutput, pfContextAttr, ptsExpiry, true},
                   &call);
}

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextW(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_WCHAR* pszTargetName, ULONG fContextReq, ULONG,
                                                     ULONG, PSecBufferDesc pInput, ULONG,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  HandshakeCall call = {};
  call.target = Text::Utf16(pszTargetName);
  call.requested = fContextReq;
  return Handshake({phCredential, phContext, phNewContext, pInput, pOutput, pfContextAttr, ptsExpiry, true},
                   &call);
}

SECURITY_STATUS SEC_ENTRY AcceptSecurityContext(PCredHandle phCredential, PCtxtHandle phContext,
                                                PSecBufferDesc pInput, ULONG fContextReq, ULONG,
                                                PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                ULONG* pfContextAttr, PTimeStamp ptsExpiry) {
  HandshakeCall call = {};
  call.requested = fContextReq;
  return Handshake({phCredential, phContext, phNewContext, pInput, pOutput, pfContextAttr, ptsExpiry, false},
                   &call);
}
