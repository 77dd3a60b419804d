// SPDX-License-Identifier: Apache-2.0
// What goes over beside handshake and data: ApplyControlToken's tokens (close_notify, alerts, whether to
// resume), and the handshake functions once the handshake is done.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/context.h"
#include "core/schannel/record.h"
#include "core/sspi/buffers.h"

namespace baresspi::schannel {

SECURITY_STATUS Control(Context& base, const SecBufferDesc* input) {
  auto& context = static_cast<SchannelContext&>(base);
  const Bytes token = BytesOf(FindBuffer(input, SECBUFFER_TOKEN));
  ULONG words[3] = {};  // all tokens are words in the machine's order
  if (token.size() < sizeof words[0]) return SEC_E_INVALID_TOKEN;
  Copy(words, token.data(), token.size() < sizeof words ? token.size() : sizeof words);
  static_assert(sizeof(SCHANNEL_ALERT_TOKEN) == sizeof words && sizeof(SCHANNEL_SESSION_TOKEN) == 8);
  switch (words[0]) {
    case SCHANNEL_SHUTDOWN:
      context.closing = true;
      return SEC_E_OK;
    case SCHANNEL_ALERT:
      if (token.size() < sizeof words || words[1] - 1 > 1 || words[2] > 0xFF) return SEC_E_INVALID_TOKEN;
      context.alert_level = static_cast<uint8_t>(words[1]);
      context.alert_number = static_cast<uint8_t>(words[2]);
      return SEC_E_OK;
    case SCHANNEL_SESSION:
      if (token.size() < sizeof(SCHANNEL_SESSION_TOKEN) ||
          (words[1] != SSL_SESSION_ENABLE_RECONNECTS && words[1] != SSL_SESSION_DISABLE_RECONNECTS)) {
        return SEC_E_INVALID_TOKEN;
      }
      context.reconnects = words[1] == SSL_SESSION_ENABLE_RECONNECTS;
      if (!context.reconnects) ForgetSession(context);
      return SEC_E_OK;
    default:
      return SEC_E_UNSUPPORTED_FUNCTION;
  }
}

SECURITY_STATUS SayLastWords(SchannelContext& context, HandshakeCall& call) {
  if (context.closed) return SEC_E_CONTEXT_EXPIRED;
  const MutableBytes room = call.Room();
  const size_t before = context.pending_size;  // was encrypted before, and has to arrive before
  const SECURITY_STATUS status = call.Reserve(before + sizeof context.pending);
  if (status != SEC_E_OK) return status;
  Copy(room.data(), context.pending, before);
  context.pending_size = 0;
  uint8_t level = context.alert_level;
  uint8_t number = context.alert_number;
  if (level == 0) {
    level = MBEDTLS_SSL_ALERT_LEVEL_WARNING;
    number = MBEDTLS_SSL_ALERT_MSG_CLOSE_NOTIFY;
  }
  context.alert_level = 0;
  int error = 0;
  if (context.configured) {
    const TlsScope scope(context);
    SetOutput(context, room.Sub(before));
    error = mbedtls_ssl_send_alert_message(&context.ssl, level, number);
  }
  if (error != 0) return SEC_E_INTERNAL_ERROR;
  call.output->cbBuffer = static_cast<ULONG>(before + context.written);
  // A warning of the application's is not the end.
  context.closed = level == MBEDTLS_SSL_ALERT_LEVEL_FATAL || number == MBEDTLS_SSL_ALERT_MSG_CLOSE_NOTIFY;
  if (level == MBEDTLS_SSL_ALERT_LEVEL_FATAL) ForgetSession(context);
  context.attributes = AttributesOf(context);
  return context.phase == Phase::kEstablished ? SEC_E_OK : SEC_I_CONTEXT_EXPIRED;
}

SECURITY_STATUS GoOn(SchannelContext& context, HandshakeCall& call) {
  const bool fed_back = IsConsumed(context, call.token);
  if (fed_back) {
    const Bytes pending(context.pending, context.pending_size);
    const MutableBytes room = call.Room();
    if (!pending.empty()) {
      const SECURITY_STATUS status = call.Reserve(pending.size());
      if (status != SEC_E_OK) return status;
      Copy(room.data(), pending.data(), pending.size());
      context.pending_size = 0;
    } else if (call.output != nullptr) {
      call.output->cbBuffer = 0;
    }
    StoreRest(call.input_buffers, SECBUFFER_EXTRA, call.token.Sub(context.consumed_size));
    context.consumed_size = 0;
    context.attributes = AttributesOf(context);
    return SEC_E_OK;
  }
  if (context.closing || context.alert_level != 0) {
    const SECURITY_STATUS status = SayLastWords(context, call);
    return status == SEC_E_CONTEXT_EXPIRED ? call.Mendable(status) : status;
  }
  // There is nothing to say, and nothing else is listened to: neither side starts a renegotiation.
  return call.Mendable(SEC_E_INVALID_TOKEN);
}

}  // namespace baresspi::schannel

#endif
