// SPDX-License-Identifier: Apache-2.0
// A client's stream, which waits, and a server's, which never does, over the scripted network.
#pragma once

#include <memory>

#include "boards/stream/stream.h"
#include "tests/support/scripted_sockets.h"
#include "tests/unit/schannel/pair.h"

namespace stream {

using scripted_sockets::Fault;
using scripted_sockets::Octets;
using scripted_sockets::Script;
using tls_sides::Kind;

constexpr uint32_t kTimeout = 5000;  // ms, of each of the client's calls

// Octets that tell where they come from.
Octets Text(size_t size);

// Takes one connection, shakes hands, sends back what comes, and ends when the client has.
class EchoServer {
 public:
  explicit EchoServer(const TlsSettings* settings) : settings_(settings) {}
  void Listen();
  uint16_t port() const { return port_; }
  // Goes on without waiting. False: nothing happened.
  bool Pump();
  void Stop();

  Stream* stream() { return &stream_; }
  int32_t last() const { return last_; }  // what the last call said
  bool shaken() const { return shaken_; }

 private:
  bool Shake();
  bool Echo();

  const TlsSettings* settings_;
  int listener_ = -1;
  uint16_t port_ = 0;
  Stream stream_;
  bool shaken_ = false;
  bool over_ = false;
  int32_t last_ = 0;
  Octets kept_;  // came, and was not taken back yet
};

// Both, with the credentials of a pair. What is played pumps the server while the client waits.
struct Both {
  explicit Both(const Kind& kind, ULONG flags = 0);
  ~Both();
  Both(const Both&) = delete;
  Both& operator=(const Both&) = delete;

  void Play(Script script = {});
  // The client's connection and handshake.
  int32_t Connect(uint32_t timeout = kTimeout);
  // All of it, in calls of Send; what came of it back. Less: a call failed, see last.
  void SendAll(const Octets& octets);
  Octets ReceiveSome(size_t size);
  // A whole connection: octets there and back, and an end announced by both. False: something failed.
  bool Converse(size_t size);
  void Close();

  tls_sides::Pair pair;
  TlsSettings client_settings;
  TlsSettings server_settings;
  int32_t last = 0;

 private:
  // Not on the stack, which a board has little of.
  std::unique_ptr<Stream> its_client_ = std::make_unique<Stream>();
  std::unique_ptr<EchoServer> its_server_ = std::make_unique<EchoServer>(&server_settings);

 public:
  Stream& client = *its_client_;
  EchoServer& server = *its_server_;
};

class StreamTest : public tls_sides::Test {
 protected:
  StreamTest();
  ~StreamTest() override;
};

}  // namespace stream
