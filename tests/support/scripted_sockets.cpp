// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_sockets.h"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace scripted_sockets {
namespace {

constexpr uint32_t kStart = UINT32_MAX - 1000;  // ms: the clock wraps around in most tests
constexpr unsigned kEndless = 1000000;          // calls of one script: somebody turns in a circle

struct End {
  bool open = false;
  bool listens = false;
  bool reset = false;
  bool peer_ended = false;  // and nothing more comes
  int peer = -1;
  size_t cut = SIZE_MAX;
  size_t given = 0;  // of sent
  Octets sent;       // to it
  std::vector<int> to_accept;
};

Script current;
std::vector<End> ends;
unsigned calls;
size_t moved;
uint32_t now = kStart;
uint32_t begun = kStart;
bool silent;
bool idling;

End* Find(int socket) {
  const auto index = static_cast<size_t>(socket);
  if (socket < 0 || index >= ends.size() || !ends[index].open) {
    ADD_FAILURE() << "socket " << socket << " is none, or is closed";
    return nullptr;
  }
  return &ends[index];
}

int Create() {
  ends.emplace_back();
  ends.back().open = true;
  return static_cast<int>(ends.size()) - 1;
}

size_t WaitingAt(const End& end) {
  const size_t known = end.sent.size() < end.cut ? end.sent.size() : end.cut;
  return known > end.given ? known - end.given : 0;
}

bool IsAtEnd(const End& end) {
  return WaitingAt(end) == 0 && (end.peer_ended || end.given >= end.cut);
}

bool CanSend(const End& end) {
  if (end.reset || end.peer < 0) return true;
  const End& peer = ends[static_cast<size_t>(end.peer)];
  return !peer.open || WaitingAt(peer) < current.window;
}

void BreakConnection(End* end) {
  end->reset = true;
  if (end->peer >= 0) ends[static_cast<size_t>(end->peer)].reset = true;
}

// Counts a call. What it is to fail with, or 0.
int32_t Begin(End* end) {
  now += current.cost;
  if (++calls > kEndless) {
    ADD_FAILURE() << "calls without end";
    abort();
  }
  if (calls != current.fails_at) return 0;
  switch (current.fault) {
    case Fault::kReset:
      if (end != nullptr) BreakConnection(end);
      return end == nullptr ? BARESSPI_SOCKET_UNREACHABLE : 0;
    case Fault::kEnd:
      if (end != nullptr) end->peer_ended = true;
      if (end != nullptr) end->cut = end->given;
      return 0;
    case Fault::kSilence:
      silent = true;
      return 0;
    case Fault::kWouldBlock:
      return BARESSPI_SOCKET_TIMEOUT;
    case Fault::kNoResources:
      return BARESSPI_SOCKET_NO_RESOURCES;
    case Fault::kNone:
      break;
  }
  return 0;
}

// Lets the other side work, or the time go by. False: the time is over.
bool WaitOn(uint32_t* left) {
  if (*left == 0) return false;
  if (current.idle && !idling) {
    idling = true;
    const uint32_t before = now;
    const bool worked = current.idle();
    idling = false;
    const uint32_t gone = now - before;
    *left = gone < *left ? *left - gone : 0;
    if (worked && !silent) return true;
  }
  now += *left;
  *left = 0;
  return false;
}

}  // namespace

void Reset() {
  ends.clear();
  now = kStart;
  Play({});
}

void Play(const Script& script) {
  current = script;
  calls = 0;
  moved = 0;
  begun = now;
  silent = false;
}

Ends Join() {
  const Ends joined = {Create(), Create()};
  ends[static_cast<size_t>(joined.client)].peer = joined.server;
  ends[static_cast<size_t>(joined.server)].peer = joined.client;
  return joined;
}

size_t Waiting(int socket) {
  const End* const end = Find(socket);
  return end == nullptr ? 0 : WaitingAt(*end);
}

const Octets& SentTo(int socket) {
  return ends[static_cast<size_t>(socket)].sent;
}

void Inject(int socket, const Octets& octets) {
  End* const end = Find(socket);
  if (end != nullptr) end->sent.insert(end->sent.end(), octets.begin(), octets.end());
}

void CutAfter(int socket, size_t size) {
  End* const end = Find(socket);
  if (end != nullptr) end->cut = size;
}

unsigned Calls() {
  return calls;
}

size_t Moved() {
  return moved;
}

uint32_t TimeGone() {
  return now - begun;
}

void PassTime(uint32_t milliseconds) {
  now += milliseconds;
}

size_t Open() {
  size_t open = 0;
  for (const End& end : ends) open += end.open ? 1 : 0;
  return open;
}

}  // namespace scripted_sockets

using scripted_sockets::current;
using scripted_sockets::ends;
using scripted_sockets::Find;
using scripted_sockets::silent;

int baresspi_socket_connect(const char*, uint16_t port, uint32_t timeout) {
  const int32_t failure = scripted_sockets::Begin(nullptr);
  if (failure == BARESSPI_SOCKET_TIMEOUT || silent) {
    (void)scripted_sockets::WaitOn(&timeout);
    return BARESSPI_SOCKET_TIMEOUT;
  }
  if (failure != 0) return failure;
  if (port >= ends.size() || !ends[port].open || !ends[port].listens) return BARESSPI_SOCKET_UNREACHABLE;
  const scripted_sockets::Ends joined = scripted_sockets::Join();
  ends[port].to_accept.push_back(joined.server);
  ends[static_cast<size_t>(joined.client)].cut = current.cut;
  return joined.client;
}

// A listener's port is its number.
int baresspi_socket_listen(const char*, uint16_t* port) {
  const int socket = scripted_sockets::Create();
  ends[static_cast<size_t>(socket)].listens = true;
  *port = static_cast<uint16_t>(socket);
  return socket;
}

int baresspi_socket_accept(int listener, uint32_t timeout) {
  for (;;) {
    scripted_sockets::End* const end = Find(listener);
    if (end == nullptr) return BARESSPI_SOCKET_FAILED;
    if (!end->to_accept.empty()) {
      const int socket = end->to_accept.front();
      end->to_accept.erase(end->to_accept.begin());
      return socket;
    }
    if (!scripted_sockets::WaitOn(&timeout)) return BARESSPI_SOCKET_TIMEOUT;
  }
}

int32_t baresspi_socket_send(int socket, const void* octets, size_t size, uint32_t timeout) {
  if (Find(socket) == nullptr) return BARESSPI_SOCKET_FAILED;
  EXPECT_NE(0u, size);
  const int32_t failure = scripted_sockets::Begin(Find(socket));
  if (failure == BARESSPI_SOCKET_TIMEOUT) {
    if (timeout != 0) (void)scripted_sockets::WaitOn(&timeout);
    return failure;
  }
  if (failure != 0) return failure;
  for (;;) {
    const scripted_sockets::End& end = *Find(socket);
    if (!silent && end.reset) return BARESSPI_SOCKET_CLOSED;
    if (!silent && scripted_sockets::CanSend(end)) break;
    if (!scripted_sockets::WaitOn(&timeout)) return BARESSPI_SOCKET_TIMEOUT;
  }
  scripted_sockets::End& peer = ends[static_cast<size_t>(Find(socket)->peer)];
  if (size > current.most_sent) size = current.most_sent;
  if (!peer.open) {  // the other side's stack answers with a reset
    Find(socket)->reset = true;
    return static_cast<int32_t>(size);
  }
  const size_t room = current.window - scripted_sockets::WaitingAt(peer);
  if (size > room) size = room;
  const auto* const from = static_cast<const uint8_t*>(octets);
  peer.sent.insert(peer.sent.end(), from, from + size);
  scripted_sockets::moved += size;
  return static_cast<int32_t>(size);
}

int32_t baresspi_socket_receive(int socket, void* octets, size_t room, uint32_t timeout) {
  if (Find(socket) == nullptr) return BARESSPI_SOCKET_FAILED;
  EXPECT_NE(0u, room);
  const int32_t failure = scripted_sockets::Begin(Find(socket));
  if (failure == BARESSPI_SOCKET_TIMEOUT) {
    if (timeout != 0) (void)scripted_sockets::WaitOn(&timeout);
    return failure;
  }
  if (failure != 0) return failure;
  for (;;) {
    scripted_sockets::End& end = *Find(socket);
    if (!silent && end.reset) return BARESSPI_SOCKET_CLOSED;
    size_t size = silent ? 0 : scripted_sockets::WaitingAt(end);
    if (size != 0) {
      if (size > room) size = room;
      if (size > current.most_received) size = current.most_received;
      __builtin_memcpy(octets, end.sent.data() + end.given, size);
      end.given += size;
      scripted_sockets::moved += size;
      return static_cast<int32_t>(size);
    }
    if (!silent && scripted_sockets::IsAtEnd(end)) return 0;
    if (!scripted_sockets::WaitOn(&timeout)) return BARESSPI_SOCKET_TIMEOUT;
  }
}

int baresspi_socket_wait(baresspi_socket_wait_item* items, size_t count, uint32_t timeout) {
  const int32_t failure =
      scripted_sockets::Begin(count != 0 && items[0].socket >= 0 ? Find(items[0].socket) : nullptr);
  for (size_t i = 0; i < count; ++i) items[i].ready = 0;
  if (failure == BARESSPI_SOCKET_TIMEOUT) return 0;  // interrupted
  if (failure != 0) return failure;
  for (;;) {
    int ready = 0;
    for (size_t i = 0; i < count; ++i) {
      if (items[i].socket < 0) continue;
      const scripted_sockets::End* const end = Find(items[i].socket);
      if (end == nullptr || silent) continue;
      const bool receives = end->reset || !end->to_accept.empty() || scripted_sockets::WaitingAt(*end) != 0 ||
                            scripted_sockets::IsAtEnd(*end);
      items[i].ready = (items[i].to_send != 0 ? scripted_sockets::CanSend(*end) : receives) ? 1 : 0;
      ready += items[i].ready;
    }
    if (ready != 0) return ready;
    if (!scripted_sockets::WaitOn(&timeout)) return 0;
  }
}

void baresspi_socket_end(int socket) {
  const scripted_sockets::End* const end = Find(socket);
  if (end != nullptr && end->peer >= 0) ends[static_cast<size_t>(end->peer)].peer_ended = true;
}

void baresspi_socket_close(int socket) {
  scripted_sockets::End* const end = Find(socket);
  if (end == nullptr) return;
  end->open = false;
  for (const int waits : std::vector<int>(end->to_accept)) baresspi_socket_close(waits);
  if (end->peer < 0) return;
  // As TCP has it: over octets that were not read it is a reset.
  scripted_sockets::End& peer = ends[static_cast<size_t>(end->peer)];
  peer.peer_ended = true;
  if (scripted_sockets::WaitingAt(*end) != 0) peer.reset = true;
}

uint32_t baresspi_milliseconds(void) {
  return scripted_sockets::now;
}
