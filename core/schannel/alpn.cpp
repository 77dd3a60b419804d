// SPDX-License-Identifier: Apache-2.0
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/alpn.h"
#include "core/sspi/buffers.h"

namespace baresspi::schannel {
namespace {

// The structures as octets, since they need not be aligned: a count, then lists of an extension's number, a
// count and so many octets.
constexpr size_t kHead = offsetof(SEC_APPLICATION_PROTOCOLS, ProtocolLists);
constexpr size_t kListHead = offsetof(SEC_APPLICATION_PROTOCOL_LIST, ProtocolList);

}  // namespace

SECURITY_STATUS ConfigureProtocols(SchannelContext& context, const SecBufferDesc* buffers) {
  const SecBuffer* buffer = FindBuffer(buffers, SECBUFFER_APPLICATION_PROTOCOLS);
  if (buffer == nullptr || buffer->cbBuffer == 0) return SEC_E_OK;
#if defined(MBEDTLS_SSL_ALPN)
  const Bytes octets = BytesOf(buffer);
  ULONG lists = 0;
  SEC_APPLICATION_PROTOCOL_LIST list;
  if (octets.size() < kHead + kListHead) return SEC_E_INVALID_TOKEN;
  Copy(&lists, octets.data(), sizeof lists);
  Copy(&list, octets.data() + kHead, kListHead);
  if (list.ProtoNegoExt != SecApplicationProtocolNegotiationExt_ALPN) return SEC_E_UNSUPPORTED_FUNCTION;
  const Bytes names = octets.Sub(kHead + kListHead, list.ProtocolListSize);
  // One list, all of it there; an empty one would be said, and refused (RFC 7301 3.1).
  if (names.empty() || names.size() != list.ProtocolListSize || lists != kListHead + names.size()) {
    return SEC_E_INVALID_TOKEN;
  }
  size_t count = 0;
  for (size_t at = 0; at < names.size(); at += 1 + size_t{names[at]}, ++count) {
    if (names[at] == 0 || names[at] >= names.size() - at) return SEC_E_INVALID_TOKEN;
  }
  // The pointers, and behind them the names, each with the zero that stands where the next one's length did.
  auto* const pointers =
      static_cast<const char**>(context.arena.Allocate((count + 1) * sizeof(char*) + names.size() + 1));
  if (pointers == nullptr) return SEC_E_INTERNAL_ERROR;
  auto* const text = reinterpret_cast<uint8_t*>(pointers + count + 1);
  Copy(text, names.data(), names.size());
  size_t at = 0;
  for (size_t i = 0; i < count; ++i) {
    pointers[i] = reinterpret_cast<const char*>(text) + at + 1;
    at += 1 + size_t{names[at]};
    text[at] = 0;
  }
  return mbedtls_ssl_conf_alpn_protocols(&context.conf, pointers) == 0 ? SEC_E_OK : SEC_E_INVALID_TOKEN;
#else
  (void)context;
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

}  // namespace baresspi::schannel

#endif
