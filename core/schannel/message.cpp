// SPDX-License-Identifier: Apache-2.0
// EncryptMessage and DecryptMessage: a record of TLS each, in the caller's buffers. mbed TLS copies a record
// into its own buffer before it works on it, so that what it writes may lie where the caller's input lay.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/context.h"
#include "core/schannel/record.h"
#include "core/sspi/buffers.h"

namespace baresspi::schannel {
namespace {

// mbed TLS notices a ticket first, and takes it when it is called again.
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
constexpr bool kTickets = true;
#else
constexpr bool kTickets = false;
#endif

SECURITY_STATUS Break(SchannelContext& context, SECURITY_STATUS status) {
  if (context.arena.exhausted()) status = SEC_E_INTERNAL_ERROR;
  ForgetSession(context);
  BreakContext(&context, status);
  return status;
}

SECURITY_STATUS Seal(SchannelContext& context, const SecBufferDesc* message) {
  SecBuffer* const header = FindBuffer(message, SECBUFFER_STREAM_HEADER);
  SecBuffer* const data = FindBuffer(message, SECBUFFER_DATA);
  SecBuffer* const trailer = FindBuffer(message, SECBUFFER_STREAM_TRAILER);
  if (header == nullptr || data == nullptr || trailer == nullptr) return SEC_E_INVALID_TOKEN;
  if (context.closed) return SEC_E_CONTEXT_EXPIRED;
  // What waits to be sent was encrypted before this and has to arrive before it.
  if (context.pending_size != 0) return SEC_E_OUT_OF_SEQUENCE;
  auto* const text = static_cast<uint8_t*>(data->pvBuffer);
  const size_t size = data->cbBuffer;
  int sealed = mbedtls_ssl_get_max_out_record_payload(&context.ssl);
  if (size > static_cast<size_t>(sealed)) return SEC_E_INVALID_TOKEN;
  const size_t header_size = HeaderSize(context);
  const size_t trailer_size = TrailerSize(context);
  const bool too_small = header->cbBuffer < header_size || trailer->cbBuffer < trailer_size;
  header->cbBuffer = static_cast<ULONG>(header_size);
  trailer->cbBuffer = static_cast<ULONG>(trailer_size);
  if (too_small) return SEC_E_BUFFER_TOO_SMALL;
  context.output[0] = {static_cast<uint8_t*>(header->pvBuffer), header_size};
  context.output[1] = {text, size};
  SetOutput(context, static_cast<uint8_t*>(trailer->pvBuffer), trailer_size);
  {
    const TlsScope scope(context);
    sealed = mbedtls_ssl_write(&context.ssl, text, size);
  }
  if (sealed != static_cast<int>(size)) return Break(context, SEC_E_ENCRYPT_FAILURE);
  trailer->cbBuffer = static_cast<ULONG>(Written(context));
  return SEC_E_OK;
}

// Has mbed TLS read one record, all of it: several messages of a handshake may share one. True: the
// application is to hand it to a handshake function, since it was a ticket, or there is something to send.
bool ReadRecord(SchannelContext& context, uint8_t* to, size_t size, int* result) {
  const TlsScope scope(context);
  // mbed TLS may have an alert to send (no_renegotiation), which goes out with the next call of a handshake
  // function.
  SetOutput(context, context.pending + context.pending_size, sizeof context.pending - context.pending_size);
  bool ticket = false;
  for (bool noticed = false;;) {
    *result = mbedtls_ssl_read(&context.ssl, to, size);
    if (!kTickets) break;
    if (*result == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
      ticket = true;
      noticed = false;
      KeepSession(context);
    } else if (*result == MBEDTLS_ERR_SSL_WANT_READ && !noticed &&
               mbedtls_ssl_check_pending(&context.ssl) != 0) {
      noticed = true;
    } else {
      break;
    }
  }
  const size_t written = Written(context);
  context.pending_size = static_cast<uint8_t>(context.pending_size + written);
  return ticket || written != 0;
}

// The last octets of a record.
uint32_t TailOf(const uint8_t* record, size_t size) {
  uint32_t tail;
  __builtin_memcpy(&tail, record + size - sizeof tail, sizeof tail);
  return tail;
}

SECURITY_STATUS Unseal(SchannelContext& context, const SecBufferDesc* message) {
  // The record, and where its parts go and what is left over.
  enum { kRecord, kText, kTrailer, kRest, kParts };
  SecBuffer* parts[kParts] = {};
  size_t found = kRecord;
  for (ULONG i = 0; i < message->cBuffers; ++i) {
    SecBuffer& buffer = message->pBuffers[i];
    const ULONG type = TypeOf(buffer);
    if (type == SECBUFFER_DATA && parts[kRecord] == nullptr) parts[kRecord] = &buffer;
    if (type == SECBUFFER_EMPTY && found < kRest) parts[++found] = &buffer;
  }
  if (parts[kRecord] == nullptr || found < kRest) return SEC_E_INVALID_TOKEN;
  const Bytes all = BytesOf(parts[kRecord]);
  auto* const record = static_cast<uint8_t*>(parts[kRecord]->pvBuffer);
  size_t missing;
  const size_t size = WholeRecords(all, true, &missing);
  if (size == 0) {
    if (missing == 0) return Break(context, SEC_E_ILLEGAL_MESSAGE);
    *parts[kText] = {static_cast<ULONG>(missing), SECBUFFER_MISSING, nullptr};
    return SEC_E_INCOMPLETE_MESSAGE;
  }
  if (context.peer_closed) return SEC_I_CONTEXT_EXPIRED;
  size_t header = HeaderSize(context);
  if (header > size) header = size;
  int result = 0;
  bool goes_back = IsConsumed(context, all);
  if (!goes_back) {
    context.consumed_size = 0;  // the application has its own way to skip the one before
    context.input = {record, size};
    // The text takes the place of what it was encrypted to.
    goes_back = ReadRecord(context, record + header, size - header, &result);
  }
  SecBuffer rest = {static_cast<ULONG>(all.size() - size), SECBUFFER_EXTRA, record + size};
  if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
    context.peer_closed = true;
    if (rest.cbBuffer != 0) *parts[kText] = rest;
    return SEC_I_CONTEXT_EXPIRED;
  }
  if (context.arena.exhausted() || (result < 0 && result != MBEDTLS_ERR_SSL_WANT_READ)) {
    return Break(context, StatusOf(context, result, 0));
  }
  if (goes_back) {
    // [MSDN] "Renegotiating an Schannel Connection". Handshake knows it again.
    context.consumed_size = static_cast<uint32_t>(size);
    context.consumed_tail = TailOf(record, size);
    *parts[kText] = {static_cast<ULONG>(all.size()), SECBUFFER_EXTRA, record};
    return SEC_I_RENEGOTIATE;
  }
  const size_t text = result < 0 ? 0 : static_cast<size_t>(result);
  *parts[kRecord] = {static_cast<ULONG>(header), SECBUFFER_STREAM_HEADER, record};
  *parts[kText] = {static_cast<ULONG>(text), SECBUFFER_DATA, record + header};
  *parts[kTrailer] = {static_cast<ULONG>(size - header - text), SECBUFFER_STREAM_TRAILER,
                      record + header + text};
  if (rest.cbBuffer != 0) *parts[kRest] = rest;
  return SEC_E_OK;
}

}  // namespace

bool IsConsumed(const SchannelContext& context, const Bytes& records) {
  const size_t size = context.consumed_size;
  return size != 0 && records.size() >= size && TailOf(records.data(), size) == context.consumed_tail;
}

void StoreRest(const SecBufferDesc* buffers, ULONG type, const uint8_t* rest, size_t size) {
  SecBuffer* const buffer = size == 0 ? nullptr : FindBuffer(buffers, SECBUFFER_EMPTY);
  // The application's own octets, which it may write to.
  if (buffer != nullptr) *buffer = {static_cast<ULONG>(size), type, const_cast<uint8_t*>(rest)};
}

SECURITY_STATUS Protect(Context& base, const MessageCall& call) {
  auto& context = static_cast<SchannelContext&>(base);
  if (call.protection == Protection::kSeal)
    return *call.qop == 0 ? Seal(context, call.message) : SEC_E_QOP_NOT_SUPPORTED;
  if (call.protection == Protection::kUnseal) return Unseal(context, call.message);
  return SEC_E_UNSUPPORTED_FUNCTION;
}

}  // namespace baresspi::schannel

#endif
