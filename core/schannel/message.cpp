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

// Where no output is: mbed TLS may have an alert to send (no_renegotiation), which goes out with the next
// call of a handshake function.
void SetPendingOutput(SchannelContext& context) {
  SetOutput(context, MutableBytes(context.pending, sizeof context.pending).Sub(context.pending_size));
}

SECURITY_STATUS Break(SchannelContext& context, SECURITY_STATUS status) {
  BreakContext(&context, context.arena.exhausted() ? SEC_E_INTERNAL_ERROR : status);
  return WholeError(context.error);
}

SECURITY_STATUS Seal(SchannelContext& context, const SecBufferDesc* message) {
  SecBuffer* const header = FindBuffer(message, SECBUFFER_STREAM_HEADER);
  SecBuffer* const data = FindBuffer(message, SECBUFFER_DATA);
  SecBuffer* const trailer = FindBuffer(message, SECBUFFER_STREAM_TRAILER);
  if (header == nullptr || data == nullptr || trailer == nullptr) return SEC_E_INVALID_TOKEN;
  if (context.closed) return SEC_E_CONTEXT_EXPIRED;
  // What waits to be sent was encrypted before this and has to arrive before it.
  if (context.pending_size != 0) return SEC_E_OUT_OF_SEQUENCE;
  const size_t header_size = HeaderSize(context);
  const size_t trailer_size = TrailerSize(context);
  if (header->cbBuffer < header_size || trailer->cbBuffer < trailer_size) {
    header->cbBuffer = static_cast<ULONG>(header_size);
    trailer->cbBuffer = static_cast<ULONG>(trailer_size);
    return SEC_E_BUFFER_TOO_SMALL;
  }
  auto* const text = static_cast<uint8_t*>(data->pvBuffer);
  const size_t size = data->cbBuffer;
  int error = mbedtls_ssl_get_max_out_record_payload(&context.ssl);
  if (error < 0 || size > static_cast<size_t>(error)) return SEC_E_INVALID_TOKEN;
  SetOutput(context, {static_cast<uint8_t*>(header->pvBuffer), header_size}, {text, size},
            {static_cast<uint8_t*>(trailer->pvBuffer), trailer->cbBuffer});
  {
    const TlsScope scope(context);
    error = mbedtls_ssl_write(&context.ssl, text, size);
  }
  if (error != static_cast<int>(size)) return Break(context, SEC_E_ENCRYPT_FAILURE);
  header->cbBuffer = static_cast<ULONG>(header_size);
  trailer->cbBuffer = static_cast<ULONG>(context.written - header_size - size);
  return SEC_E_OK;
}

// Hands a record that mbed TLS has dealt with already to the application, which is to give it to a handshake
// function ([MSDN] "Renegotiating an Schannel Connection"); GoOn knows it again.
SECURITY_STATUS Renegotiate(SchannelContext& context, const SecBufferDesc* message, Bytes from,
                            size_t record) {
  context.consumed_size = static_cast<uint32_t>(record);
  Copy(context.consumed_tail, from.data() + record - sizeof context.consumed_tail,
       sizeof context.consumed_tail);
  StoreRest(message, SECBUFFER_EXTRA, from);
  return SEC_I_RENEGOTIATE;
}

// What DecryptMessage makes of the buffers: the record's parts, and what lies behind it.
void StoreParts(const SecBufferDesc* message, SecBuffer* data, size_t header, size_t text, Bytes record,
                Bytes rest) {
  auto* const octets = static_cast<uint8_t*>(data->pvBuffer);
  data->BufferType = SECBUFFER_STREAM_HEADER;
  data->cbBuffer = static_cast<ULONG>(header);
  const size_t sizes[] = {text, record.size() - header - text};
  ULONG type = SECBUFFER_DATA;
  size_t at = header;
  for (const size_t size : sizes) {
    SecBuffer* const part = FindBuffer(message, SECBUFFER_EMPTY);
    part->BufferType = type;
    part->cbBuffer = static_cast<ULONG>(size);
    part->pvBuffer = octets + at;
    at += size;
    type = SECBUFFER_STREAM_TRAILER;
  }
  StoreRest(message, SECBUFFER_EXTRA, rest);
}

// As many as the parts of a record, and what is left over.
bool HasRoomForParts(const SecBufferDesc* message) {
  ULONG empty = 0;
  for (ULONG i = 0; i < message->cBuffers; ++i) empty += TypeOf(message->pBuffers[i]) == SECBUFFER_EMPTY;
  return empty >= 3;
}

// Has mbed TLS read one record, all of it: several messages of a handshake may share one. A ticket it notices
// first and takes then, before it reads on.
int ReadRecord(SchannelContext& context, Bytes record, MutableBytes to, bool* ticket) {
  const TlsScope scope(context);
  SetPendingOutput(context);
  context.input = record;
  for (bool noticed = false;;) {
    const int result = mbedtls_ssl_read(&context.ssl, to.data(), to.size());
    if (result == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
      *ticket = true;
      noticed = false;
      KeepSession(context);
    } else if (result == MBEDTLS_ERR_SSL_WANT_READ && !noticed &&
               mbedtls_ssl_check_pending(&context.ssl) != 0) {
      noticed = true;
    } else {
      return result;
    }
  }
}

SECURITY_STATUS Unseal(SchannelContext& context, const SecBufferDesc* message) {
  SecBuffer* const data = FindBuffer(message, SECBUFFER_DATA);
  if (data == nullptr || !HasRoomForParts(message)) return SEC_E_INVALID_TOKEN;
  const Bytes all = BytesOf(data);
  const size_t size = RecordSize(all);
  if (size == kNoRecord) return Break(context, SEC_E_ILLEGAL_MESSAGE);
  if (size == 0 || size > all.size()) {
    StoreMissing(message, (size == 0 ? kRecordHead : size) - all.size());
    return SEC_E_INCOMPLETE_MESSAGE;
  }
  if (context.peer_closed) return SEC_I_CONTEXT_EXPIRED;
  if (IsConsumed(context, all)) return Renegotiate(context, message, all, size);
  context.consumed_size = 0;  // the application has its own way to skip it
  const Bytes record = all.Sub(0, size);
  const size_t header = HeaderSize(context) < size ? HeaderSize(context) : size;
  bool ticket = false;
  // The text takes the place of what it was encrypted to.
  const int result =
      ReadRecord(context, record, {static_cast<uint8_t*>(data->pvBuffer) + header, size - header}, &ticket);
  context.pending_size = static_cast<uint8_t>(context.pending_size + context.written);
  const Bytes rest = all.Sub(size);
  if (context.arena.exhausted()) return Break(context, SEC_E_INTERNAL_ERROR);
  if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
    context.peer_closed = true;
    StoreRest(message, SECBUFFER_EXTRA, rest);
    return SEC_I_CONTEXT_EXPIRED;
  }
  if (result < 0 && result != MBEDTLS_ERR_SSL_WANT_READ) {
    ForgetSession(context);
    return Break(context, StatusOf(context, result, 0));
  }
  if (ticket || context.written != 0) return Renegotiate(context, message, all, size);
  StoreParts(message, data, header, result > 0 ? static_cast<size_t>(result) : 0, record, rest);
  return SEC_E_OK;
}

}  // namespace

bool IsConsumed(const SchannelContext& context, Bytes records) {
  const size_t size = context.consumed_size;
  constexpr size_t kTail = sizeof context.consumed_tail;
  return size != 0 && records.size() >= size &&
         Equal(records.Sub(size - kTail, kTail), Bytes(context.consumed_tail));
}

SECURITY_STATUS Protect(Context& base, const MessageCall& call) {
  auto& context = static_cast<SchannelContext&>(base);
  if (call.protection == Protection::kSeal) return Seal(context, call.message);
  if (call.protection == Protection::kUnseal) return Unseal(context, call.message);
  return SEC_E_UNSUPPORTED_FUNCTION;
}

}  // namespace baresspi::schannel

#endif
