// SPDX-License-Identifier: Apache-2.0
// Who gets a place, and whose turn it is. The rule is in server.h.
#include "boards/http/server.h"

#include "port/sockets.h"

namespace http {
namespace {

constexpr size_t kConnections = BARESSPI_HTTP_CONNECTIONS;
// Those inside TLS, and those of them that serve.
constexpr size_t kTlsContexts = BARESSPI_SCHANNEL_MAX_CONTEXTS;
constexpr size_t kTlsPlaces = kTlsContexts < kConnections ? kTlsContexts : kConnections;
constexpr size_t kTlsServing = kTlsPlaces > 1 ? kTlsPlaces - 1 : 1;

constexpr uint32_t kLongestWait = 500;  // ms: how soon a stop is seen
constexpr uint32_t kPause = 100;        // ms: after the stack had nothing to accept a connection with

constexpr char kFull[] =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

// Whether the moment has come, on a clock that wraps around.
bool IsOver(uint32_t moment) {
  return static_cast<int32_t>(baresspi_milliseconds() - moment) >= 0;
}

}  // namespace

SECURITY_STATUS Server::Begin(int listener, const ServerSettings* settings, BARESSPI_DEVICE* device) {
  listener_number_ = listener + 1;
  settings_ = settings;
  paused_ = false;
  return credentials_.Begin(device);
}

bool Server::Run(bool (*stop)()) {
  while (!stop()) {
    baresspi_socket_wait_item items[kConnections + 1];
    if (!Wait(items)) return false;
    for (size_t i = 0; i < kConnections; ++i) {
      Connection& connection = connections_[i];
      if (connection.free()) continue;
      if (items[i].ready != 0 || connection.busy()) connection.Work(&room_);
      if (connection.free() || !IsOver(connection.deadline())) continue;
      if (connection.idle()) connection.GiveWay();
      connection.End();
    }
    if (items[kConnections].ready != 0) AcceptAll();
  }
  return true;
}

bool Server::Wait(baresspi_socket_wait_item* items) {
  bool surplus = false;
  if (paused_ && IsOver(not_before_)) paused_ = false;
  // Who waits without a place in sight must not wake us up all the time.
  listens_ = !paused_ && (settings_->tls == nullptr || Place(&surplus) != nullptr);
  items[kConnections] = {listens_ ? listener() : -1, 0, 0};
  for (size_t i = 0; i < kConnections; ++i) {
    items[i] = {connections_[i].socket(), connections_[i].wants_to_send(), 0};
  }
  return baresspi_socket_wait(items, kConnections + 1, TimeLeft()) >= 0;
}

// The time until the first connection's is over, or until one has been idle for long enough to give way.
uint32_t Server::TimeLeft() {
  uint32_t least = kLongestWait;
  const uint32_t now = baresspi_milliseconds();
  const auto until = [&](uint32_t moment) {
    const auto left = static_cast<int32_t>(moment - now);
    if (left < static_cast<int32_t>(least)) least = left > 0 ? static_cast<uint32_t>(left) : 0;
  };
  for (const Connection& connection : connections_) {
    if (connection.free()) continue;
    until(connection.busy() ? now : connection.deadline());
    if (!listens_ && connection.idle()) until(connection.idle_since() + kShortestIdle);
  }
  if (paused_) until(not_before_);
  return least;
}

// A place for one more connection: a free one, or that of one that is to give way; nullptr: there is none.
Connection* Server::Place(bool* surplus) {
  const bool tls = settings_->tls != nullptr;
  const uint32_t now = baresspi_milliseconds();
  Connection* place = nullptr;
  Connection* idle = nullptr;
  Connection* stranger = nullptr;  // the one that has overstayed longest
  size_t taken = 0;
  bool telling = false;
  for (Connection& connection : connections_) {
    if (connection.free()) {
      place = &connection;
      continue;
    }
    telling = telling || connection.surplus();
    if (!connection.surplus()) ++taken;
    if (connection.overstays() &&
        (stranger == nullptr || now - connection.stranger_since() > now - stranger->stranger_since())) {
      stranger = &connection;
    }
    if (!connection.idle() || now - connection.idle_since() < kShortestIdle) continue;
    if (idle == nullptr || now - connection.idle_since() > now - idle->idle_since()) idle = &connection;
  }
  *surplus = false;
  if (taken < (tls ? kTlsServing : kConnections)) return place;
  if (idle != nullptr) return idle;
  if (stranger != nullptr) return stranger;
  if (!tls || telling || kTlsPlaces == kTlsServing) return nullptr;
  *surplus = true;
  return place;
}

// It may have asked while others were worked for, which takes a while where a handshake is computed.
bool Server::HasAsked(const Connection& connection) {
  baresspi_socket_wait_item item = {connection.socket(), 0, 0};
  return baresspi_socket_wait(&item, 1, 0) > 0;
}

// As many as there are places and no more, so that who comes ever again does not keep the others waiting.
void Server::AcceptAll() {
  for (size_t i = 0; i < kConnections; ++i) {
    bool surplus = false;
    Connection* const place = Place(&surplus);
    if (place == nullptr && settings_->tls != nullptr) return;
    if (place != nullptr && place->idle() && HasAsked(*place)) return;
    const int socket = baresspi_socket_accept(listener(), 0);
    if (socket == BARESSPI_SOCKET_TIMEOUT) return;
    if (socket < 0) {
      paused_ = true;
      not_before_ = baresspi_milliseconds() + kPause;
      return;
    }
    if (place != nullptr) {
      place->GiveWay();
      place->Begin(socket, settings_, &credentials_, surplus);
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
  for (Connection& connection : connections_) {
    if (connection.idle()) connection.GiveWay();
    connection.End();
  }
  credentials_.End();
  if (listener_number_ != 0) baresspi_socket_close(listener());
  listener_number_ = 0;
}

}  // namespace http
