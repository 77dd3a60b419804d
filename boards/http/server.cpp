// SPDX-License-Identifier: Apache-2.0
// The loop over all connections.
#include "boards/http/server.h"

#include "port/sockets.h"

namespace http {
namespace {

constexpr size_t kConnections = BARESSPI_HTTP_CONNECTIONS;
constexpr uint32_t kLongestWait = 500;  // ms: how soon *stop is seen

constexpr char kFull[] =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

// Whether the moment has come, on a clock that wraps around.
bool IsOver(uint32_t deadline) {
  return static_cast<int32_t>(baresspi_milliseconds() - deadline) >= 0;
}

}  // namespace

SECURITY_STATUS Server::Begin(int listener, const ServerSettings* settings, BARESSPI_DEVICE* device) {
  listener_ = listener;
  settings_ = settings;
  return credentials_.Begin(device);
}

void Server::Run(const volatile bool* stop) {
  while (!*stop) {
    baresspi_socket_wait_item items[kConnections + 1];
    items[kConnections] = {listener_, 0, 0};
    for (size_t i = 0; i < kConnections; ++i) {
      items[i] = {connections_[i].socket(), connections_[i].wants_to_send(), 0};
    }
    if (baresspi_socket_wait(items, kConnections + 1, TimeLeft()) < 0) return;
    for (size_t i = 0; i < kConnections; ++i) {
      if (connections_[i].free()) continue;
      if (items[i].ready != 0) connections_[i].Work(&room_);
      if (!connections_[i].free() && IsOver(connections_[i].deadline())) connections_[i].End();
    }
    if (items[kConnections].ready != 0) AcceptAll();
  }
}

// The time until the first connection's is over.
uint32_t Server::TimeLeft() const {
  uint32_t least = kLongestWait;
  const uint32_t now = baresspi_milliseconds();
  for (const Connection& connection : connections_) {
    if (connection.free()) continue;
    const auto left = static_cast<int32_t>(connection.deadline() - now);
    if (left < static_cast<int32_t>(least)) least = left > 0 ? static_cast<uint32_t>(left) : 0;
  }
  return least;
}

void Server::AcceptAll() {
  for (;;) {
    const int socket = baresspi_socket_accept(listener_, 0);
    if (socket < 0) return;
    Connection* place = nullptr;
    for (Connection& connection : connections_) {
      if (connection.free()) place = &connection;
    }
    if (place != nullptr) {
      place->Begin(socket, settings_, &credentials_);
      continue;
    }
    // No room even to read what it wants: the answer may get lost in the close, which tells the client
    // enough.
    (void)baresspi_socket_send(socket, kFull, sizeof kFull - 1, 0);
    baresspi_socket_end(socket);
    baresspi_socket_close(socket);
  }
}

void Server::End() {
  for (Connection& connection : connections_) connection.End();
  credentials_.End();
  baresspi_socket_close(listener_);
}

}  // namespace http
