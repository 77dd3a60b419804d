// SPDX-License-Identifier: Apache-2.0
// A connection's octets, in the clear or inside TLS by the Schannel package. What HTTP and LDAP are written
// on, so that neither knows which it is. No heap: a stream is its two buffers and a context of BareSSPI's.
//
// No function waits longer than its timeout (milliseconds; 0: look, and do not wait), and the statuses are
// those of port/sockets.h. With a timeout of 0 many streams can be served by one task: see wants_to_send.
#pragma once

#include <baresspi/schannel.h>

#include "config/baresspi_config.h"
#include "port/sockets.h"

// The longest record that can be received, in octets of its content: what mbed TLS is configured for
// (MBEDTLS_SSL_IN_CONTENT_LEN). 16,384 takes every peer's.
#ifndef BARESSPI_STREAM_IN
#define BARESSPI_STREAM_IN 16384
#endif

namespace stream {

enum class Side : uint8_t { kClient, kServer };

// How TLS is spoken on a stream; the same for many. Kept by reference.
struct TlsSettings {
  Side side = Side::kClient;
  CredHandle* credential = nullptr;  // of Schannel, outbound for a client, inbound for a server
  bool asks_for_certificate = false;  // server: the client's, without insisting
};

class Stream {
 public:
  // The socket, connected, belongs to the stream from here on. In the clear.
  void Open(int socket);
  // TLS from the next octet on. host: client: the server's name as in its certificate (or its address); kept.
  void BeginTls(const TlsSettings* settings, const char* host);
  // Goes on with TLS's handshake, and has to be called until it is done. 1: done (at once, in the clear).
  // BARESSPI_SOCKET_TIMEOUT: not yet. BARESSPI_SOCKET_CLOSED: the peer went away. BARESSPI_SOCKET_FAILED:
  // see error(); the peer was sent the alert.
  int32_t Handshake(uint32_t timeout);

  // As baresspi_socket_send and _receive. With TLS: octets taken are encrypted; those that the socket did
  // not take yet stay in the stream, and Flush sends them. Receive: 0 is an end that the peer announced
  // (close_notify); a connection that just ends is BARESSPI_SOCKET_CLOSED, since anybody on the way can do
  // that. BARESSPI_SOCKET_FAILED: a record that is refused; see error().
  int32_t Send(const void* octets, size_t size, uint32_t timeout);
  int32_t Receive(void* octets, size_t room, uint32_t timeout);
  // Sends what is left. 1: all is out; or an error.
  int32_t Flush(uint32_t timeout);

  // Says that nothing more will be sent (close_notify, then the socket's end). Receiving goes on.
  void End();
  // Closes the socket and gives the TLS context back, in whatever state; also a closed one.
  void Close();

  bool open() const { return socket_ >= 0; }
  int socket() const { return socket_; }
  bool secure() const { return tls_ != nullptr; }
  // What to wait for on the socket (baresspi_socket_wait_item.to_send) before the next call.
  bool wants_to_send() const { return out_sent_ < out_size_; }
  // SEC_E_OK, or what TLS ended with. SEC_E_INSUFFICIENT_MEMORY: there was no context left.
  SECURITY_STATUS error() const { return error_; }
  // TLS's context, for queries; nullptr in the clear, and before the handshake has made one.
  CtxtHandle* context() { return has_context_ ? &context_ : nullptr; }
  // tls-server-end-point (RFC 5929 4) as a SECBUFFER_CHANNEL_BINDINGS for the login inside; cbBuffer 0: none.
  // Lies in the stream's TLS context.
  SecBuffer Bindings();

 private:
  // To be filled in by stream.cpp's author.
  int socket_ = -1;
  const TlsSettings* tls_ = nullptr;
  const char* host_ = nullptr;
  bool has_context_ = false;
  SECURITY_STATUS error_ = SEC_E_OK;
  CtxtHandle context_ = {};
  size_t out_size_ = 0;
  size_t out_sent_ = 0;
};

// Connects, and shakes hands where settings are given. All within the timeout. 1, or an error of sockets.h.
int32_t Connect(Stream* stream, const char* host, uint16_t port, const TlsSettings* settings,
                const char* name, uint32_t timeout);

// Milliseconds that are left until a moment of baresspi_milliseconds' clock, which wraps around; 0: it is over.
uint32_t TimeLeft(uint32_t deadline);

}  // namespace stream
