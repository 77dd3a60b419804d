// SPDX-License-Identifier: Apache-2.0
// The Schannel package's side of a stream: tokens and records go through its two buffers.
#include "boards/stream/stream.h"

namespace stream {
namespace {

// What TLS may have to answer to a record: an alert.
constexpr size_t kAlertRoom = 128;

constexpr ULONG kClientFlags = ISC_REQ_STREAM | ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT |
                               ISC_REQ_SEQUENCE_DETECT | ISC_REQ_EXTENDED_ERROR;
constexpr ULONG kServerFlags = ASC_REQ_STREAM | ASC_REQ_CONFIDENTIALITY | ASC_REQ_REPLAY_DETECT |
                               ASC_REQ_SEQUENCE_DETECT | ASC_REQ_EXTENDED_ERROR;

constinit ULONG most_arena = 0;

void NoteArena([[maybe_unused]] CtxtHandle* context) {
#if BARESSPI_SCHANNEL
  ULONG peak = 0;
  ULONG size = 0;
  if (BareSspiTlsArenaPeak(context, &peak, &size) == SEC_E_OK && peak > most_arena) most_arena = peak;
#endif
}

const SecBuffer* Find(const SecBuffer* buffers, size_t count, ULONG type) {
  for (size_t i = 0; i < count; ++i) {
    if (buffers[i].BufferType == type) return &buffers[i];
  }
  return nullptr;
}

}  // namespace

SECURITY_STATUS Stream::CallHandshake(SecBufferDesc* input, SecBufferDesc* output, ULONG* attributes) {
  CtxtHandle* const old = state_.has_context ? &state_.context : nullptr;
  const TlsSettings& tls = *state_.tls;
  if (IsClient()) {
    const ULONG flags = kClientFlags | (state_.without_certificate ? ISC_REQ_USE_SUPPLIED_CREDS : 0);
    return InitializeSecurityContextA(tls.credential, old, const_cast<SEC_CHAR*>(state_.host), flags, 0, 0,
                                      input, 0, &state_.context, output, attributes, nullptr);
  }
  const ULONG flags = kServerFlags | (tls.asks_for_certificate ? ASC_REQ_MUTUAL_AUTH : 0);
  return AcceptSecurityContext(tls.credential, old, input, flags, 0, &state_.context, output, attributes,
                               nullptr);
}

// What was not used is the input's end.
void Stream::Consume(const SecBuffer* buffers, size_t count) {
  const SecBuffer* const extra = Find(buffers, count, SECBUFFER_EXTRA);
  state_.in_begin = state_.in_end - (extra != nullptr ? extra->cbBuffer : 0);
}

int32_t Stream::Handshake(uint32_t timeout) {
  if (!open()) return BARESSPI_SOCKET_FAILED;
  if (!secure()) return 1;
  Turn turn(timeout);
  if (error_ == SEC_E_INSUFFICIENT_MEMORY && !state_.has_context) error_ = SEC_E_OK;
  for (;;) {
    // What is left when it is done goes with the next call: a peer that waits to be read must not hold us.
    const int32_t flushed = FlushUntil(state_.established ? Turn(0) : turn);
    if (error_ != SEC_E_OK) return BARESSPI_SOCKET_FAILED;
    if (state_.established && flushed == BARESSPI_SOCKET_TIMEOUT) return 1;
    if (flushed != 1 || state_.established) return flushed;
    switch (Step()) {
      case Progress::kGoOn:
        if (state_.computing && turn.Left() == 0) return BARESSPI_SOCKET_TIMEOUT;
        break;
      case Progress::kReceive: {
        const int32_t received = Fill(&turn);
        if (received != 1) return received;
        break;
      }
      case Progress::kSend:
      case Progress::kFailed:
        break;
    }
  }
}

// One call of a handshake function. All was sent, so that out_ is free.
Stream::Progress Stream::Step() {
  if constexpr (!BARESSPI_SCHANNEL) {
    error_ = SEC_E_SECPKG_NOT_FOUND;
    return Progress::kFailed;
  }
  const size_t size = state_.in_end - state_.in_begin;
  const bool begins = IsClient() && !state_.has_context;
  if (size == 0 && !begins && !state_.computing) return Progress::kReceive;
  // A call that has no token to give has no TOKEN buffer either.
  SecBuffer inputs[] = {
      {static_cast<ULONG>(size), static_cast<ULONG>(size == 0 ? SECBUFFER_EMPTY : SECBUFFER_TOKEN),
       in_ + state_.in_begin},
      {0, SECBUFFER_EMPTY, nullptr},
  };
  SecBuffer output = {sizeof out_, SECBUFFER_TOKEN, out_};
  SecBufferDesc in = {SECBUFFER_VERSION, 2, inputs};
  SecBufferDesc out = {SECBUFFER_VERSION, 1, &output};
  ULONG attributes = 0;
  const SECURITY_STATUS status = CallHandshake(&in, &out, &attributes);
  if (status == SEC_E_INCOMPLETE_MESSAGE) {
    return size < sizeof in_ ? Progress::kReceive : Refuse();
  }
  // A first call that failed has made no context.
  if (SEC_SUCCESS(status)) state_.has_context = true;
  state_.computing = status == SEC_I_ASYNC_CALL_PENDING;
  if (status == SEC_I_INCOMPLETE_CREDENTIALS) {
    // The server asks for a certificate, and may let in who has none: the same octets once more.
    state_.without_certificate = true;
    return Progress::kGoOn;
  }
  // A failure's token is its alert.
  const ULONG extended = IsClient() ? ISC_RET_EXTENDED_ERROR : ASC_RET_EXTENDED_ERROR;
  if (SEC_SUCCESS(status) || (attributes & extended) != 0) state_.out_size = output.cbBuffer;
  if (!SEC_SUCCESS(status)) {
    error_ = status;
    return Progress::kFailed;
  }
  Consume(inputs, 2);
  if (status == SEC_E_OK) Establish();
  return Progress::kGoOn;
}

void Stream::Establish() {
  SecPkgContext_StreamSizes sizes = {};
  error_ = QueryContextAttributesA(&state_.context, SECPKG_ATTR_STREAM_SIZES, &sizes);
  state_.established = true;
  state_.header = sizes.cbHeader;
  state_.trailer = sizes.cbTrailer;
  const size_t fits = sizeof out_ - sizes.cbHeader - sizes.cbTrailer;
  state_.most_text = sizes.cbMaximumMessage < fits ? sizes.cbMaximumMessage : static_cast<uint32_t>(fits);
}

// A record that is longer than what there is room for.
Stream::Progress Stream::Refuse() {
  SCHANNEL_ALERT_TOKEN token = {SCHANNEL_ALERT, TLS1_ALERT_FATAL, TLS1_ALERT_RECORD_OVERFLOW};
  if (state_.has_context) SayControl(&token, sizeof token);
  error_ = SEC_E_ILLEGAL_MESSAGE;
  return Progress::kFailed;
}

// Puts what waits to be sent at the buffer's begin.
void Stream::MakeRoomToSend() {
  const size_t size = state_.out_size - state_.out_sent;
  if (state_.out_sent != 0) __builtin_memmove(out_, out_ + state_.out_sent, size);
  state_.out_size = size;
  state_.out_sent = 0;
}

// Has the package say something that is neither handshake nor data, behind what waits to be sent.
void Stream::SayControl(void* token, ULONG size) {
  SecBuffer control = {size, SECBUFFER_TOKEN, token};
  SecBufferDesc controls = {SECBUFFER_VERSION, 1, &control};
  if (ApplyControlToken(&state_.context, &controls) != SEC_E_OK) return;
  MakeRoomToSend();
  SecBuffer output = {static_cast<ULONG>(sizeof out_ - state_.out_size), SECBUFFER_TOKEN,
                      out_ + state_.out_size};
  SecBufferDesc out = {SECBUFFER_VERSION, 1, &output};
  ULONG attributes = 0;
  if (SEC_SUCCESS(CallHandshake(nullptr, &out, &attributes))) state_.out_size += output.cbBuffer;
}

// Decrypts the first record where it lies.
Stream::Progress Stream::OpenRecord() {
  const size_t size = state_.in_end - state_.in_begin;
  if (size == 0) return Progress::kReceive;
  MakeRoomToSend();
  if (sizeof out_ - state_.out_size < kAlertRoom) return Progress::kSend;
  SecBuffer buffers[4] = {{static_cast<ULONG>(size), SECBUFFER_DATA, in_ + state_.in_begin}};
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  const SECURITY_STATUS status = DecryptMessage(&state_.context, &message, 0, nullptr);
  switch (status) {
    case SEC_E_OK: {
      const SecBuffer* const text = Find(buffers, 4, SECBUFFER_DATA);
      if (text != nullptr) {
        state_.text_begin = static_cast<size_t>(static_cast<uint8_t*>(text->pvBuffer) - in_);
        state_.text_size = text->cbBuffer;
      }
      Consume(buffers, 4);
      return Progress::kGoOn;
    }
    case SEC_E_INCOMPLETE_MESSAGE:
      return size < sizeof in_ ? Progress::kReceive : Refuse();
    case SEC_I_RENEGOTIATE:
      return FeedBack();
    case SEC_I_CONTEXT_EXPIRED:
      state_.peer_ended = true;
      state_.in_begin = state_.in_end = 0;
      return Progress::kGoOn;
    default:
      error_ = status;
      return Progress::kFailed;
  }
}

// A ticket of TLS 1.3, or a renegotiation to be declined: the record is the handshake's.
Stream::Progress Stream::FeedBack() {
  SecBuffer inputs[] = {
      {static_cast<ULONG>(state_.in_end - state_.in_begin), SECBUFFER_TOKEN, in_ + state_.in_begin},
      {0, SECBUFFER_EMPTY, nullptr},
  };
  SecBuffer output = {static_cast<ULONG>(sizeof out_ - state_.out_size), SECBUFFER_TOKEN,
                      out_ + state_.out_size};
  SecBufferDesc in = {SECBUFFER_VERSION, 2, inputs};
  SecBufferDesc out = {SECBUFFER_VERSION, 1, &output};
  ULONG attributes = 0;
  const SECURITY_STATUS status = CallHandshake(&in, &out, &attributes);
  if (!SEC_SUCCESS(status)) {
    error_ = status;
    return Progress::kFailed;
  }
  state_.out_size += output.cbBuffer;
  Consume(inputs, 2);
  return Progress::kGoOn;
}

// The next record with octets in it. 1: there is text; or what Receive returns.
int32_t Stream::NextText(uint32_t timeout) {
  Turn turn(timeout);
  for (;;) {
    (void)FlushUntil(Turn(0));
    if (error_ != SEC_E_OK || !state_.established) return BARESSPI_SOCKET_FAILED;
    if (state_.text_size != 0) return 1;
    if (state_.peer_ended) return 0;
    switch (OpenRecord()) {
      case Progress::kReceive: {
        const int32_t received = Fill(&turn);
        if (received != 1) return received;
        break;
      }
      case Progress::kSend: {
        const int32_t flushed = FlushUntil(turn);
        if (flushed == BARESSPI_SOCKET_TIMEOUT) return flushed;
        break;
      }
      case Progress::kGoOn:
      case Progress::kFailed:
        break;
    }
  }
}

int32_t Stream::Receive(void* octets, size_t room, uint32_t timeout) {
  if (!open()) return BARESSPI_SOCKET_FAILED;
  if (!secure()) return baresspi_socket_receive(socket(), octets, room, timeout);
  if (state_.text_size == 0) {
    const int32_t next = NextText(timeout);
    if (next != 1) return next;
  }
  const size_t size = state_.text_size < room ? state_.text_size : room;
  __builtin_memcpy(octets, in_ + state_.text_begin, size);
  state_.text_begin += size;
  state_.text_size -= size;
  return static_cast<int32_t>(size);
}

// One record, into out_, which is free.
SECURITY_STATUS Stream::Seal(const void* octets, size_t size) {
  uint8_t* const text = out_ + state_.header;
  __builtin_memcpy(text, octets, size);
  SecBuffer buffers[] = {
      {state_.header, SECBUFFER_STREAM_HEADER, out_},
      {static_cast<ULONG>(size), SECBUFFER_DATA, text},
      {state_.trailer, SECBUFFER_STREAM_TRAILER, text + size},
      {0, SECBUFFER_EMPTY, nullptr},
  };
  SecBufferDesc message = {SECBUFFER_VERSION, 4, buffers};
  const SECURITY_STATUS status = EncryptMessage(&state_.context, 0, &message, 0);
  if (status == SEC_E_OK) state_.out_size = state_.header + size + buffers[2].cbBuffer;
  return status;
}

int32_t Stream::Send(const void* octets, size_t size, uint32_t timeout) {
  if (!open()) return BARESSPI_SOCKET_FAILED;
  if (!secure()) return baresspi_socket_send(socket(), octets, size, timeout);
  if (error_ != SEC_E_OK || !state_.established || state_.ended) return BARESSPI_SOCKET_FAILED;
  const int32_t flushed = FlushUntil(Turn(timeout));
  if (flushed != 1) return flushed;
  if (size > state_.most_text) size = state_.most_text;
  error_ = Seal(octets, size);
  if (error_ != SEC_E_OK) return BARESSPI_SOCKET_FAILED;
  const int32_t sent = FlushUntil(Turn(0));
  return sent == 1 || sent == BARESSPI_SOCKET_TIMEOUT ? static_cast<int32_t>(size) : sent;
}

void Stream::End() {
  if (!open() || state_.ended) return;
  state_.ended = true;
  DWORD shutdown = SCHANNEL_SHUTDOWN;
  if (state_.established && error_ == SEC_E_OK) SayControl(&shutdown, sizeof shutdown);
  (void)FlushUntil(Turn(0));
}

void Stream::EndTls() {
  if (state_.has_context) {
    NoteArena(&state_.context);
    (void)DeleteSecurityContext(&state_.context);
  }
  state_.has_context = false;
}

size_t MostArena() {
  return most_arena;
}

bool Stream::pending() const {
  if (state_.text_size != 0) return true;
  if (error_ != SEC_E_OK || state_.peer_ended) return false;
  if (state_.computing) return true;
  // A record says how long it is in the last two octets of its head (RFC 8446 5.1).
  const uint8_t* const head = in_ + state_.in_begin;
  const size_t size = state_.in_end - state_.in_begin;
  return size >= 5 && size - 5 >= static_cast<size_t>(head[3] << 8 | head[4]);
}

SecBuffer Stream::Bindings() {
  SecPkgContext_Bindings bindings = {};
  if (!state_.established ||
      QueryContextAttributesA(&state_.context, SECPKG_ATTR_ENDPOINT_BINDINGS, &bindings) != SEC_E_OK) {
    return {0, SECBUFFER_CHANNEL_BINDINGS, nullptr};
  }
  return {bindings.BindingsLength, SECBUFFER_CHANNEL_BINDINGS, bindings.Bindings};
}

}  // namespace stream
