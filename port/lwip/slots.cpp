// SPDX-License-Identifier: Apache-2.0
#include "port/lwip/slots.h"

namespace lwip_port {
namespace {

constexpr int kConnections = BARESSPI_LWIP_SOCKETS;
constexpr int kListeners = BARESSPI_LWIP_LISTENERS;

struct Listener {
  tcp_pcb* pcb;
};

constinit Connection connections[kConnections] = {};
constinit Listener listeners[kListeners] = {};
constinit uint32_t arrivals = 0;
constinit SlotUse use = {};

void CountUse(uint32_t more) {
  use.now += more;
  if (use.now > use.most) use.most = use.now;
}

// The slot is taken until Free. All but the room is set to zero.
Connection* NewConnection(State state) {
  for (Connection& each : connections) {
    if (each.state != State::kFree) continue;
    __builtin_memset(&each, 0, offsetof(Connection, received));
    each.state = state;
    CountUse(1);
    return &each;
  }
  return nullptr;
}

void Free(Connection* connection) {
  connection->state = State::kFree;
  --use.now;
}

int NumberOf(const Connection* connection) {
  return static_cast<int>(connection - connections);
}

// lwIP 2.2.1 leaves its timer for closed windows on when the octet with which it asked was the last, and then
// asserts that there is more to send. Stays with a connection that lwIP ends without us (argument: nullptr).
err_t OnSent(void* argument, tcp_pcb* pcb, u16_t) {
  if (pcb->unsent == nullptr) pcb->persist_backoff = 0;
  if (argument != nullptr) static_cast<Connection*>(argument)->stuck = false;
  return ERR_OK;
}

// lwIP goes on with the connection by itself. At the lowest priority: when all of lwIP's places are taken, it
// is dropped for a new connection.
tcp_pcb* Detach(Connection* connection) {
  tcp_pcb* const pcb = connection->pcb;
  connection->pcb = nullptr;
  if (pcb == nullptr) return nullptr;
  tcp_arg(pcb, nullptr);
  tcp_recv(pcb, nullptr);
  tcp_err(pcb, nullptr);
  tcp_poll(pcb, nullptr, 0);
  tcp_setprio(pcb, TCP_PRIO_MIN);
  return pcb;
}

void Store(Connection* to, const pbuf* octets) {
  const auto end = static_cast<uint16_t>((to->begin + to->size) % TCP_WND);
  const auto first = static_cast<uint16_t>(LWIP_MIN(octets->tot_len, TCP_WND - end));
  (void)pbuf_copy_partial(octets, to->received + end, first, 0);
  (void)pbuf_copy_partial(octets, to->received, static_cast<uint16_t>(octets->tot_len - first), first);
  to->size = static_cast<uint16_t>(to->size + octets->tot_len);
}

// lwIP has freed the connection.
void OnError(void* argument, err_t) {
  auto* const connection = static_cast<Connection*>(argument);
  connection->pcb = nullptr;
  switch (connection->state) {
    case State::kPending:
      Free(connection);  // nobody has seen it
      break;
    case State::kConnecting:
      connection->status = BARESSPI_SOCKET_UNREACHABLE;
      break;
    case State::kOpen:
      connection->status = BARESSPI_SOCKET_CLOSED;
      break;
    case State::kFree:
      break;
  }
}

err_t OnReceive(void* argument, tcp_pcb* pcb, pbuf* octets, err_t) {
  auto* const connection = static_cast<Connection*>(argument);
  if (octets == nullptr) {
    connection->end_received = true;
    // With both ends sent, lwIP frees the connection without telling us (out of TIME_WAIT).
    if (connection->end_sent) (void)Detach(connection);
    return ERR_OK;
  }
  if (octets->tot_len > TCP_WND - connection->size) {  // more than the window that we have opened
    (void)Detach(connection);
    OnError(connection, ERR_ABRT);
    pbuf_free(octets);
    tcp_abort(pcb);
    return ERR_ABRT;
  }
  Store(connection, octets);
  pbuf_free(octets);
  return ERR_OK;
}

err_t OnPoll(void* argument, tcp_pcb*) {
  static_cast<Connection*>(argument)->stuck = false;
  return ERR_OK;
}

void Attach(Connection* connection, tcp_pcb* pcb) {
  connection->pcb = pcb;
  tcp_arg(pcb, connection);
  tcp_recv(pcb, OnReceive);
  tcp_sent(pcb, OnSent);
  tcp_err(pcb, OnError);
  tcp_poll(pcb, OnPoll, 1);
  // A request goes out in one piece and an answer waits for it: nothing is gained by holding it back.
  tcp_nagle_disable(pcb);
}

err_t OnConnected(void* argument, tcp_pcb*, err_t) {
  static_cast<Connection*>(argument)->state = State::kOpen;
  return ERR_OK;
}

// Without a slot the connection is refused: lwIP resets it.
err_t OnAccept(void* argument, tcp_pcb* pcb, err_t error) {
  if (error != ERR_OK || pcb == nullptr) return ERR_VAL;
  Connection* const connection = NewConnection(State::kPending);
  if (connection == nullptr) return ERR_MEM;
  connection->listener = static_cast<uint8_t>(static_cast<Listener*>(argument) - listeners);
  connection->order = arrivals++;
  Attach(connection, pcb);
  tcp_backlog_delayed(pcb);
  return ERR_OK;
}

Connection* OldestPending(int listener) {
  Connection* oldest = nullptr;
  for (Connection& each : connections) {
    if (each.state != State::kPending || each.listener != listener) continue;
    if (oldest == nullptr || static_cast<int32_t>(each.order - oldest->order) < 0) oldest = &each;
  }
  return oldest;
}

void Abort(Connection* connection) {
  tcp_pcb* const pcb = Detach(connection);
  if (pcb != nullptr) tcp_abort(pcb);
  Free(connection);
}

void CloseListener(Listener* listener) {
  const int index = static_cast<int>(listener - listeners);
  while (Connection* const pending = OldestPending(index)) Abort(pending);
  (void)tcp_close(listener->pcb);  // of a listening one it cannot fail
  listener->pcb = nullptr;
  --use.now;
}

int StatusOf(err_t error) {
  switch (error) {
    case ERR_MEM:
    case ERR_BUF:
      return BARESSPI_SOCKET_NO_RESOURCES;
    case ERR_RTE:
      return BARESSPI_SOCKET_UNREACHABLE;
    default:
      return BARESSPI_SOCKET_FAILED;
  }
}

tcp_pcb* NewListeningPcb(const ip_addr_t& address, uint16_t port, err_t* error) {
  tcp_pcb* const bound = tcp_new();
  *error = ERR_MEM;
  if (bound == nullptr) return nullptr;
  ip_set_option(bound, SOF_REUSEADDR);
  *error = tcp_bind(bound, &address, port);
  tcp_pcb* const made =
      *error == ERR_OK ? tcp_listen_with_backlog_and_err(bound, BARESSPI_LWIP_BACKLOG, error) : nullptr;
  if (made == nullptr) (void)tcp_close(bound);
  return made;
}

}  // namespace

Connection* ConnectionOf(int socket) {
  if (socket < 0 || socket >= kConnections) return nullptr;
  Connection* const connection = &connections[socket];
  return connection->state == State::kFree || connection->state == State::kPending ? nullptr : connection;
}

bool IsListener(int socket) {
  return socket >= kConnections && socket < kConnections + kListeners &&
         listeners[socket - kConnections].pcb != nullptr;
}

int Connect(const ip_addr_t& address, uint16_t port) {
  Connection* const connection = NewConnection(State::kConnecting);
  if (connection == nullptr) return BARESSPI_SOCKET_NO_RESOURCES;
  tcp_pcb* const pcb = tcp_new();
  err_t error = ERR_MEM;
  if (pcb != nullptr) {
    Attach(connection, pcb);
    error = tcp_connect(pcb, &address, port, OnConnected);
  }
  if (error == ERR_OK) return NumberOf(connection);
  Abort(connection);
  return StatusOf(error);
}

int Listen(const ip_addr_t& address, uint16_t* port) {
  for (Listener& each : listeners) {
    if (each.pcb != nullptr) continue;
    err_t error = ERR_OK;
    tcp_pcb* const pcb = NewListeningPcb(address, *port, &error);
    if (pcb == nullptr) return StatusOf(error);
    each.pcb = pcb;
    tcp_arg(pcb, &each);
    tcp_accept(pcb, OnAccept);
    *port = pcb->local_port;
    CountUse(1);
    return kConnections + static_cast<int>(&each - listeners);
  }
  return BARESSPI_SOCKET_NO_RESOURCES;
}

bool HasPending(int listener) {
  return OldestPending(listener - kConnections) != nullptr;
}

int Accept(int listener) {
  Connection* const connection = OldestPending(listener - kConnections);
  if (connection == nullptr) return BARESSPI_SOCKET_TIMEOUT;
  connection->state = State::kOpen;
  if (connection->pcb != nullptr) tcp_backlog_accepted(connection->pcb);
  return NumberOf(connection);
}

uint16_t Take(Connection* connection, void* octets, size_t room) {
  const auto count = static_cast<uint16_t>(room < connection->size ? room : connection->size);
  const auto first = static_cast<uint16_t>(LWIP_MIN(count, TCP_WND - connection->begin));
  __builtin_memcpy(octets, connection->received + connection->begin, first);
  __builtin_memcpy(static_cast<uint8_t*>(octets) + first, connection->received,
                   static_cast<size_t>(count - first));
  connection->begin = static_cast<uint16_t>((connection->begin + count) % TCP_WND);
  connection->size = static_cast<uint16_t>(connection->size - count);
  if (connection->pcb != nullptr) tcp_recved(connection->pcb, count);
  return count;
}

// Where lwIP has not the memory for all of it, less is tried. Nothing goes to a peer whose window never was
// two octets wide: lwIP makes segments of half of the widest one, or whole ones if that is nothing, and then
// asserts that they are none longer than when it widened.
uint16_t Give(Connection* connection, const void* octets, size_t size) {
  constexpr tcpwnd_size_t kNarrow = 2;
  tcp_pcb* const pcb = connection->pcb;
  const tcpwnd_size_t room = pcb->snd_wnd_max < kNarrow ? 0 : tcp_sndbuf(pcb);
  auto count = static_cast<uint16_t>(size < room ? size : room);
  while (count != 0 && tcp_write(pcb, octets, count, TCP_WRITE_FLAG_COPY) != ERR_OK) count /= 2;
  if (count != 0) {
    (void)tcp_output(pcb);  // what does not go out now does when lwIP's timer comes round
  } else {
    connection->stuck = true;
  }
  return count;
}

void End(Connection* connection) {
  if (connection->pcb == nullptr || connection->state != State::kOpen || connection->end_sent) return;
  (void)tcp_shutdown(connection->pcb, 0, 1);
  connection->end_sent = true;
  if (connection->end_received) (void)Detach(connection);
}

// Octets that were not read make it a reset (RFC 2525 2.17), as everywhere.
void Close(int socket) {
  if (IsListener(socket)) {
    CloseListener(&listeners[socket - kConnections]);
    return;
  }
  Connection* const connection = ConnectionOf(socket);
  if (connection == nullptr) return;
  if (connection->state == State::kConnecting) {
    Abort(connection);
    return;
  }
  tcp_pcb* const pcb = Detach(connection);
  if (pcb != nullptr && tcp_close(pcb) != ERR_OK) tcp_abort(pcb);
  Free(connection);
}

SlotUse SlotsInUse() {
  return use;
}

}  // namespace lwip_port
