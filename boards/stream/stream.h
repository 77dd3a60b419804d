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
  CredHandle* credential = nullptr;   // of Schannel, outbound for a client, inbound for a server
  bool asks_for_certificate = false;  // server: the client's, without insisting
};

class Stream {
 public:
  // The socket, connected, belongs to the stream from here on. In the clear.
  void Open(int socket);
  // TLS from the next octet on, once a connection. host: client: the server's name as in its certificate (or
  // its address); kept. Octets that the caller has received already are not TLS's: who goes on after an
  // answer in the clear (CONNECT, STARTTLS) and has got more than that answer refuses the connection, since
  // anybody on the way may have written them. Without settings, or without Schannel configured in
  // (SEC_E_SECPKG_NOT_FOUND), the handshake fails, and nothing is sent.
  void BeginTls(const TlsSettings* settings, const char* host);
  // Goes on with TLS's handshake, and has to be called until it is done. 1: done (at once, in the clear); its
  // last octets may still be here (see Send).
  // BARESSPI_SOCKET_TIMEOUT: not yet. BARESSPI_SOCKET_CLOSED: the peer went away. BARESSPI_SOCKET_FAILED:
  // see error(); the peer was sent the alert. SEC_E_INSUFFICIENT_MEMORY alone is not final: nothing is lost,
  // call again when another connection has ended.
  int32_t Handshake(uint32_t timeout);

  // As baresspi_socket_send and _receive. With TLS: octets taken are encrypted; those that the socket did
  // not take yet stay in the stream, and Flush sends them, or whatever is called next. Receive: 0 is an end
  // that the peer announced (close_notify); a connection that just ends is BARESSPI_SOCKET_CLOSED, since
  // anybody on the way can do that. BARESSPI_SOCKET_FAILED: a record that is refused; see error(). With
  // timeout 0: call Receive until it says BARESSPI_SOCKET_TIMEOUT before waiting on the socket, or ask
  // pending().
  int32_t Send(const void* octets, size_t size, uint32_t timeout);
  int32_t Receive(void* octets, size_t room, uint32_t timeout);
  // Sends what is left. 1: all is out; or an error.
  int32_t Flush(uint32_t timeout);

  // Says that nothing more will be sent (close_notify, then the socket's end): at once where the socket takes
  // it, else with the next Flush or Receive (see wants_to_send). Receiving goes on.
  void End();
  // Closes the socket and gives the TLS context back, in whatever state; also a closed one. error() stays.
  // What has come and was not read is thrown away before, with TLS: closing over it would reset the
  // connection, and an alert might not arrive.
  void Close();

  bool open() const { return state_.socket_number != 0; }
  int socket() const { return state_.socket_number - 1; }  // -1: closed
  bool secure() const { return state_.tls != nullptr; }
  // What to wait for on the socket (baresspi_socket_wait_item.to_send) before the next call.
  bool wants_to_send() const { return state_.out_sent < state_.out_size; }
  // Whether the next call (Handshake, then Receive) gets on without the socket: octets lie here already, or
  // public keys are worked on in slices (SEC_I_ASYNC_CALL_PENDING). Then do not wait on the socket.
  bool pending() const;
  // SEC_E_OK, or what TLS ended with. SEC_E_INSUFFICIENT_MEMORY: there was no context left.
  SECURITY_STATUS error() const { return error_; }
  // TLS's context, for queries: who the peer is (SECPKG_ATTR_REMOTE_CERT_CONTEXT), for a server also for whom
  // the client's certificate stands (QuerySecurityContextToken). nullptr in the clear, and before the
  // handshake has made one.
  CtxtHandle* context() { return state_.has_context ? &state_.context : nullptr; }
  // tls-server-end-point (RFC 5929 4) as a SECBUFFER_CHANNEL_BINDINGS for the login inside; cbBuffer 0: none.
  // Lies in the stream's TLS context.
  SecBuffer Bindings();

 private:
  // One call's time.
  struct Turn {
    explicit Turn(uint32_t timeout);
    uint32_t Left() const;
    uint32_t deadline;
    bool looked = false;  // at the socket for something to receive
  };
  enum class Progress : uint8_t {
    kGoOn,     // something was done
    kReceive,  // more of a record is needed
    kSend,     // what is to be sent has to go first
    kFailed    // see error_
  };
  // All but the buffers. Its defaults are zero, so that streams lie in .bss.
  struct State {
    int socket_number = 0;  // the socket and one; 0: none
    const TlsSettings* tls = nullptr;
    const char* host = nullptr;
    CtxtHandle context = {};
    bool has_context = false;
    bool established = false;
    bool computing = false;            // SEC_I_ASYNC_CALL_PENDING was returned
    bool without_certificate = false;  // SEC_I_INCOMPLETE_CREDENTIALS was returned
    bool peer_ended = false;           // its close_notify came
    bool ended = false;                // End was called
    bool socket_ended = false;         // and all was out
    int32_t send_error = 0;            // of sockets.h: nothing more can be sent
    uint32_t header = 0;               // of a record, SecPkgContext_StreamSizes
    uint32_t trailer = 0;
    uint32_t most_text = 0;
    // in_: [text that was decrypted, not taken] .. [records that came, not decrypted]
    size_t text_begin = 0;
    size_t text_size = 0;
    size_t in_begin = 0;
    size_t in_end = 0;
    size_t out_size = 0;
    size_t out_sent = 0;
  };

  // What TLS 1.2 and mbed TLS add at most: a head, an IV, a MAC, padding.
  static constexpr size_t kAround = 5 + 16 + 48 + 256;
  static constexpr size_t kInRoom = BARESSPI_SCHANNEL ? BARESSPI_STREAM_IN + kAround : 8;
  static constexpr size_t kOutRoom = BARESSPI_SCHANNEL ? BARESSPI_SCHANNEL_MAX_TOKEN : 8;

  int32_t FlushUntil(const Turn& turn);
  int32_t Fill(Turn* turn);
  // tls.cpp
  bool IsClient() const { return state_.tls->side == Side::kClient; }
  SECURITY_STATUS CallHandshake(SecBufferDesc* input, SecBufferDesc* output, ULONG* attributes);
  Progress Step();
  void Establish();
  Progress OpenRecord();
  Progress FeedBack();
  Progress Refuse();
  void SayControl(void* token, ULONG size);
  SECURITY_STATUS Seal(const void* octets, size_t size);
  int32_t NextText(uint32_t timeout);
  void Consume(const SecBuffer* buffers, size_t count);
  void MakeRoomToSend();
  void EndTls();

  State state_;
  SECURITY_STATUS error_ = SEC_E_OK;
  uint8_t in_[kInRoom] = {};
  uint8_t out_[kOutRoom] = {};
};

// Connects, and shakes hands where settings are given. All within the timeout. name: the server's in its
// certificate; nullptr: it is the host. 1, or an error of sockets.h: then the stream is closed, and error()
// says what TLS ended with.
int32_t Connect(Stream* stream, const char* host, uint16_t port, const TlsSettings* settings,
                const char* name, uint32_t timeout);

// The most that one TLS context used of its arena, in octets, among those of streams that have ended.
size_t MostArena();

// Milliseconds that are left until a moment of baresspi_milliseconds' clock, which wraps around; 0: it is
// over.
uint32_t TimeLeft(uint32_t deadline);

}  // namespace stream
