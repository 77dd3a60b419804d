// SPDX-License-Identifier: Apache-2.0
// The socket's side of a stream: what is to be sent, what came, and how long each may take.
#include "boards/stream/stream.h"

namespace stream {
namespace {

constexpr uint32_t kLongest = INT32_MAX;  // ms: a moment further ahead would look like one that is over
constexpr int kMostDiscards = 4;

}  // namespace

uint32_t TimeLeft(uint32_t deadline) {
  const auto left = static_cast<int32_t>(deadline - baresspi_milliseconds());
  return left > 0 ? static_cast<uint32_t>(left) : 0;
}

Stream::Turn::Turn(uint32_t timeout)
    : deadline(baresspi_milliseconds() + (timeout < kLongest ? timeout : kLongest)) {}

uint32_t Stream::Turn::Left() const {
  return TimeLeft(deadline);
}

void Stream::Open(int socket) {
  Close();
  state_.socket_number = socket + 1;
  error_ = SEC_E_OK;
}

void Stream::Close() {
  if (!open()) return;
  if (secure()) {
    for (int i = 0; i < kMostDiscards; ++i) {
      if (baresspi_socket_receive(socket(), in_, sizeof in_, 0) <= 0) break;
    }
    EndTls();
  }
  baresspi_socket_close(socket());
  state_ = {};
}

void Stream::BeginTls(const TlsSettings* settings, const char* host) {
  static constexpr TlsSettings kNone = {};  // so that nothing goes in the clear for want of settings
  state_.tls = settings != nullptr ? settings : &kNone;
  state_.host = host;
}

int32_t Stream::Flush(uint32_t timeout) {
  return open() ? FlushUntil(Turn(timeout)) : int32_t{BARESSPI_SOCKET_FAILED};
}

// A socket that has failed stays so: what was to be sent is dropped, and what came can still be read.
int32_t Stream::FlushUntil(const Turn& turn) {
  if (state_.send_error != 0) return state_.send_error;
  while (wants_to_send()) {
    const uint32_t left = turn.Left();
    const int32_t sent =
        baresspi_socket_send(socket(), out_ + state_.out_sent, state_.out_size - state_.out_sent, left);
    if (sent == BARESSPI_SOCKET_TIMEOUT) {
      if (left == 0) return sent;
      continue;
    }
    if (sent <= 0) {
      state_.out_size = state_.out_sent = 0;
      state_.send_error = sent < 0 ? sent : int32_t{BARESSPI_SOCKET_FAILED};
      return state_.send_error;
    }
    state_.out_sent += static_cast<size_t>(sent);
  }
  state_.out_size = state_.out_sent = 0;
  if (state_.ended && !state_.socket_ended) {
    state_.socket_ended = true;
    baresspi_socket_end(socket());
  }
  return 1;
}

// More octets behind those in in_, whose text was taken. 1: some came. Once the time is over the socket is
// looked at once and no more, so that a peer that sends without end cannot hold the caller.
int32_t Stream::Fill(Turn* turn) {
  const size_t size = state_.in_end - state_.in_begin;
  if (state_.in_begin != 0) __builtin_memmove(in_, in_ + state_.in_begin, size);
  state_.in_begin = 0;
  state_.in_end = size;
  for (;;) {
    const uint32_t left = turn->Left();
    if (left == 0 && turn->looked) return BARESSPI_SOCKET_TIMEOUT;
    turn->looked = true;
    const bool sends = wants_to_send();
    const int32_t received =
        baresspi_socket_receive(socket(), in_ + size, sizeof in_ - size, sends ? 0 : left);
    if (received > 0) {
      state_.in_end += static_cast<size_t>(received);
      return 1;
    }
    if (received == 0) return BARESSPI_SOCKET_CLOSED;  // nobody has announced it
    if (received != BARESSPI_SOCKET_TIMEOUT || left == 0) return received;
    if (!sends) continue;
    // The peer may be waiting for what is to be sent.
    baresspi_socket_wait_item items[] = {{socket(), 0, 0}, {socket(), 1, 0}};
    const int ready = baresspi_socket_wait(items, 2, left);
    if (ready < 0) return ready;
    (void)FlushUntil(Turn(0));
  }
}

int32_t Connect(Stream* stream, const char* host, uint16_t port, const TlsSettings* settings,
                const char* name, uint32_t timeout) {
  const uint32_t deadline = baresspi_milliseconds() + (timeout < kLongest ? timeout : kLongest);
  stream->Close();
  const int socket = baresspi_socket_connect(host, port, TimeLeft(deadline));
  if (socket < 0) return socket;
  stream->Open(socket);
  if (settings == nullptr) return 1;
  stream->BeginTls(settings, name != nullptr ? name : host);
  const int32_t result = stream->Handshake(TimeLeft(deadline));
  if (result != 1) stream->Close();
  return result;
}

}  // namespace stream
