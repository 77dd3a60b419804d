// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/stream/harness.h"

namespace stream {

Octets Text(size_t size) {
  Octets text(size);
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<uint8_t>(i * 7 + i / 251);
  return text;
}

void EchoServer::Listen() {
  if (listener_ >= 0) return;
  listener_ = baresspi_socket_listen("127.0.0.1", &port_);
}

bool EchoServer::Pump() {
  if (!stream_.open()) {
    if (listener_ < 0 || over_) return false;
    const int socket = baresspi_socket_accept(listener_, 0);
    if (socket < 0) return false;
    stream_.Open(socket);
    if (settings_ != nullptr) stream_.BeginTls(settings_, nullptr);
  }
  if (over_) return false;
  return shaken_ ? Echo() : Shake();
}

bool EchoServer::Shake() {
  const size_t before = scripted_sockets::Moved();
  last_ = stream_.Handshake(0);
  if (last_ == 1) shaken_ = true;
  if (last_ == BARESSPI_SOCKET_FAILED && stream_.error() == SEC_E_INSUFFICIENT_MEMORY) return false;
  if (last_ != 1 && last_ != BARESSPI_SOCKET_TIMEOUT) over_ = true;
  return last_ != BARESSPI_SOCKET_TIMEOUT || scripted_sockets::Moved() != before;
}

bool EchoServer::Echo() {
  const size_t before = scripted_sockets::Moved();
  for (;;) {
    if (kept_.empty()) {
      Octets room(5000);
      last_ = stream_.Receive(room.data(), room.size(), 0);
      if (last_ == BARESSPI_SOCKET_TIMEOUT) return scripted_sockets::Moved() != before;
      if (last_ <= 0) break;
      kept_.assign(room.begin(), room.begin() + last_);
    }
    last_ = stream_.Send(kept_.data(), kept_.size(), 0);
    if (last_ == BARESSPI_SOCKET_TIMEOUT) return scripted_sockets::Moved() != before;
    if (last_ <= 0) break;
    kept_.erase(kept_.begin(), kept_.begin() + last_);
  }
  if (last_ == 0) stream_.End();
  over_ = !stream_.wants_to_send();
  return true;
}

void EchoServer::Stop() {
  stream_.Close();
  if (listener_ >= 0) baresspi_socket_close(listener_);
  listener_ = -1;
  over_ = shaken_ = false;
  kept_.clear();
}

Both::Both(const Kind& kind, ULONG flags) : pair(kind, flags) {
  client_settings = {Side::kClient, pair.client.credential(), false};
  server_settings = {Side::kServer, pair.server.credential(), kind.mutual};
}

Both::~Both() {
  Close();
}

void Both::Play(Script script) {
  script.idle = [this] { return server.Pump(); };
  scripted_sockets::Play(script);
}

int32_t Both::Connect(uint32_t timeout) {
  server.Listen();
  last = stream::Connect(&client, "192.0.2.1", server.port(), &client_settings, tls_sides::kHost, timeout);
  return last;
}

void Both::SendAll(const Octets& octets) {
  size_t sent = 0;
  while (sent < octets.size()) {
    last = client.Send(octets.data() + sent, octets.size() - sent, kTimeout);
    if (last <= 0) return;
    sent += static_cast<size_t>(last);
  }
}

Octets Both::ReceiveSome(size_t size) {
  Octets all;
  while (all.size() < size) {
    Octets room(size - all.size());
    last = client.Receive(room.data(), room.size(), kTimeout);
    if (last <= 0) break;
    all.insert(all.end(), room.begin(), room.begin() + last);
  }
  return all;
}

bool Both::Converse(size_t size) {
  if (Connect() != 1) return false;
  const Octets text = Text(size);
  SendAll(text);
  if (last <= 0) return false;
  const Octets back = ReceiveSome(size);
  if (back.size() != size) return false;
  EXPECT_EQ(text, back);
  client.End();
  uint8_t more = 0;
  last = client.Receive(&more, 1, kTimeout);
  return last == 0;
}

void Both::Close() {
  client.Close();
  server.Stop();
}

StreamTest::StreamTest() {
  scripted_sockets::Reset();
}

StreamTest::~StreamTest() {
  EXPECT_EQ(0u, scripted_sockets::Open());
}

}  // namespace stream
