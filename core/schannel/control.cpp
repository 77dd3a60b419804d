// SPDX-License-Identifier: Apache-2.0
// What goes over beside handshake and data: ApplyControlToken's tokens (close_notify, alerts, whether to
// resume).
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/context.h"
#include "core/sspi/buffers.h"

namespace baresspi::schannel {

SECURITY_STATUS Control(Context& base, const SecBufferDesc* input) {
  auto& context = static_cast<SchannelContext&>(base);
  const Bytes token = BytesOf(FindBuffer(input, SECBUFFER_TOKEN));
  ULONG words[3] = {};  // all tokens are words in the machine's order
  static_assert(sizeof(SCHANNEL_ALERT_TOKEN) == sizeof words && sizeof(SCHANNEL_SESSION_TOKEN) == 8);
  const size_t size = token.size() < sizeof words ? token.size() : sizeof words;
  Copy(words, token.data(), size);
  if (size < sizeof words[0]) return SEC_E_INVALID_TOKEN;
  bool forgets = false;
  switch (words[0]) {
    case SCHANNEL_SHUTDOWN:
      context.last_words = kCloseNotify;
      return SEC_E_OK;
    case SCHANNEL_ALERT:
      if (size < sizeof words || words[1] - 1 > 1 || words[2] > 0xFF) return SEC_E_INVALID_TOKEN;
      context.last_words = static_cast<uint16_t>(words[1] << 8 | words[2]);
      forgets = words[1] == TLS1_ALERT_FATAL;
      break;
    case SCHANNEL_SESSION:
      if (size < sizeof(SCHANNEL_SESSION_TOKEN) || words[1] - 1 > 1) return SEC_E_INVALID_TOKEN;
      static_assert(SSL_SESSION_ENABLE_RECONNECTS == 1 && SSL_SESSION_DISABLE_RECONNECTS == 2);
      forgets = words[1] == SSL_SESSION_DISABLE_RECONNECTS;
      context.reconnects = !forgets;
      break;
    default:
      return SEC_E_UNSUPPORTED_FUNCTION;
  }
  if (forgets) ForgetSession(context);
  return SEC_E_OK;
}

SECURITY_STATUS SayLastWords(SchannelContext& context) {
  const auto level = static_cast<uint8_t>(context.last_words >> 8);
  const auto number = static_cast<uint8_t>(context.last_words);
  context.last_words = 0;
  if (context.configured && mbedtls_ssl_send_alert_message(&context.ssl, level, number) != 0) {
    return SEC_E_INTERNAL_ERROR;
  }
  // A warning of the application's is not the end.
  context.closed = level == MBEDTLS_SSL_ALERT_LEVEL_FATAL || number == MBEDTLS_SSL_ALERT_MSG_CLOSE_NOTIFY;
  return context.phase == Phase::kEstablished ? SEC_E_OK : SEC_I_CONTEXT_EXPIRED;
}

}  // namespace baresspi::schannel

#endif
