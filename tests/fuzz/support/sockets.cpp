// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/support/sockets.h"

#include "tests/fuzz/support/check.h"

namespace fuzz::sockets {
namespace {

constexpr uint32_t kStart = UINT32_MAX - 1000;  // ms: the clock wraps around
constexpr unsigned kEndless = 200000;           // calls: somebody turns in a circle

struct Socket {
  bool open = true;
  bool ended = false;
  bool listens = false;
  Octets waiting;
};

struct State {
  Peer peer;
  std::vector<Socket> ends;
  uint32_t now = kStart;
  unsigned calls = 0;
};

State& Current() {
  static State state;
  return state;
}

Socket& Find(int socket) {
  State& state = Current();
  FUZZ_CHECK(++state.calls < kEndless);
  FUZZ_CHECK(socket >= 0 && static_cast<size_t>(socket) < state.ends.size());
  Socket& end = state.ends[static_cast<size_t>(socket)];
  FUZZ_CHECK(end.open);
  return end;
}

}  // namespace

void Begin(const Peer& peer) {
  FUZZ_CHECK(Open() == 0);
  Current() = State();
  Current().peer = peer;
}

int Make() {
  Current().ends.emplace_back();
  return static_cast<int>(Current().ends.size()) - 1;
}

void Say(int socket, const Octets& octets) {
  Octets& waiting = Current().ends[static_cast<size_t>(socket)].waiting;
  waiting.insert(waiting.end(), octets.begin(), octets.end());
}

void End(int socket) {
  Current().ends[static_cast<size_t>(socket)].ended = true;
}

void Pass(uint32_t milliseconds) {
  Current().now += milliseconds;
}

size_t Made() {
  return Current().ends.size();
}

size_t Open() {
  size_t open = 0;
  for (const Socket& end : Current().ends) open += end.open ? 1 : 0;
  return open;
}

}  // namespace fuzz::sockets

using fuzz::sockets::Current;
using fuzz::sockets::Find;

int baresspi_socket_connect(const char*, uint16_t, uint32_t) {
  return Current().peer.refuses ? BARESSPI_SOCKET_UNREACHABLE : fuzz::sockets::Make();
}

int baresspi_socket_listen(const char*, uint16_t* port) {
  const int socket = fuzz::sockets::Make();
  Current().ends[static_cast<size_t>(socket)].listens = true;
  *port = static_cast<uint16_t>(socket);
  return socket;
}

int baresspi_socket_accept(int listener, uint32_t) {
  (void)Find(listener);
  if (Current().peer.callers == 0) return BARESSPI_SOCKET_TIMEOUT;
  --Current().peer.callers;
  return fuzz::sockets::Make();
}

int32_t baresspi_socket_send(int socket, const void* octets, size_t size, uint32_t) {
  (void)Find(socket);
  FUZZ_CHECK(size != 0);
  size = std::min({size, Current().peer.piece, size_t{1} << 20});
  const auto* const from = static_cast<const uint8_t*>(octets);
  Current().peer.hears(socket, fuzz::Octets(from, from + size));
  return static_cast<int32_t>(size);
}

int32_t baresspi_socket_receive(int socket, void* octets, size_t room, uint32_t timeout) {
  FUZZ_CHECK(room != 0);
  if (Find(socket).waiting.empty() && !Find(socket).ended) (void)Current().peer.is_awaited(socket);
  fuzz::Octets& waiting = Find(socket).waiting;
  if (waiting.empty()) {
    if (Find(socket).ended) return 0;
    Current().now += timeout;
    return BARESSPI_SOCKET_TIMEOUT;
  }
  const size_t size = std::min({room, waiting.size(), Current().peer.piece});
  memcpy(octets, waiting.data(), size);
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<ptrdiff_t>(size));
  return static_cast<int32_t>(size);
}

static int Ready(baresspi_socket_wait_item* items, size_t count) {
  int ready = 0;
  for (size_t i = 0; i < count; ++i) {
    items[i].ready = 0;
    if (items[i].socket < 0) continue;
    const auto& end = Find(items[i].socket);
    const bool comes = end.listens ? Current().peer.callers != 0 : end.ended || !end.waiting.empty();
    items[i].ready = items[i].to_send != 0 || comes ? 1 : 0;
    ready += items[i].ready;
  }
  return ready;
}

int baresspi_socket_wait(baresspi_socket_wait_item* items, size_t count, uint32_t timeout) {
  int ready = Ready(items, count);
  if (ready == 0 && timeout != 0 && Current().peer.is_idle()) ready = Ready(items, count);
  if (ready == 0) Current().now += timeout;
  return ready;
}

void baresspi_socket_end(int socket) {
  (void)Find(socket);
}

void baresspi_socket_close(int socket) {
  Find(socket).open = false;
}

uint32_t baresspi_milliseconds(void) {
  return Current().now;
}
