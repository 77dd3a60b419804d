// SPDX-License-Identifier: Apache-2.0
// The sockets of port/sockets.h on lwIP's callbacks, without an operating system: whoever waits keeps the
// stack going.
#include "port/sockets.h"

#include "lwip/dns.h"
#include "lwip/netif.h"
#include "lwip/sys.h"
#include "port/lwip/slots.h"
#include "port/lwip/stack.h"

using namespace lwip_port;

namespace {

class Deadline {
 public:
  explicit Deadline(uint32_t timeout) : timeout_(timeout), begin_(baresspi_milliseconds()) {}
  bool Over() const { return baresspi_milliseconds() - begin_ >= timeout_; }

 private:
  uint32_t timeout_;
  uint32_t begin_;
};

// A name that is being looked up. An answer that comes after the caller has gone is for an earlier question.
struct Question {
  uint32_t number;
  bool answered;
  bool found;
  ip_addr_t address;
};
constinit Question question = {};

void OnName(const char*, const ip_addr_t* address, void* argument) {
  if (reinterpret_cast<uintptr_t>(argument) != question.number) return;
  question.answered = true;
  question.found = address != nullptr;
  if (address != nullptr) question.address = *address;
}

// 1, or an error.
int LookUp(const char* host, const Deadline& deadline, ip_addr_t* address) {
  question = {question.number + 1, false, false, {}};
  const err_t begun =
      dns_gethostbyname(host, address, OnName, reinterpret_cast<void*>(uintptr_t{question.number}));
  if (begun == ERR_OK) return 1;
  if (begun == ERR_MEM) return BARESSPI_SOCKET_NO_RESOURCES;
  if (begun != ERR_INPROGRESS) return BARESSPI_SOCKET_UNREACHABLE;
  while (!question.answered) {
    if (deadline.Over()) return BARESSPI_SOCKET_TIMEOUT;
    baresspi_lwip_wait();
  }
  *address = question.address;
  return question.found ? 1 : BARESSPI_SOCKET_UNREACHABLE;
}

bool IsOurs(const ip_addr_t& address) {
  if (ip_addr_isany_val(address)) return false;
  const netif* each;
  NETIF_FOREACH(each) {
    if (netif_is_up(each) && ip_addr_eq(netif_ip_addr4(each), &address)) return true;
  }
  return false;
}

bool CanSend(const Connection& connection) {
  if (connection.pcb == nullptr || connection.end_sent) return true;  // to learn that it cannot
  return !connection.stuck && tcp_sndbuf(connection.pcb) > 0 &&
         tcp_sndqueuelen(connection.pcb) < TCP_SND_QUEUELEN;
}

bool CanReceive(const Connection& connection) {
  return connection.size != 0 || connection.end_received || connection.pcb == nullptr;
}

bool IsReady(const baresspi_socket_wait_item& item) {
  if (IsListener(item.socket)) return item.to_send == 0 && HasPending(item.socket);
  const Connection* const connection = ConnectionOf(item.socket);
  if (connection == nullptr) return true;  // the call that follows says that it is none
  return item.to_send != 0 ? CanSend(*connection) : CanReceive(*connection);
}

}  // namespace

uint32_t baresspi_milliseconds(void) {
  return sys_now();
}

int baresspi_socket_connect(const char* host, uint16_t port, uint32_t timeout) {
  const Deadline deadline(timeout);
  ip_addr_t address = {};
  baresspi_lwip_poll();
  const int found = LookUp(host, deadline, &address);
  if (found < 0) return found;
  if (ip_addr_isany_val(address)) return BARESSPI_SOCKET_UNREACHABLE;
  const int socket = Connect(address, port);
  if (socket < 0) return socket;
  const Connection* const connection = ConnectionOf(socket);
  for (;;) {
    baresspi_lwip_poll();
    if (connection->state == State::kOpen) return socket;
    if (connection->status != 0 || deadline.Over()) break;
    baresspi_lwip_wait();
  }
  const int status = connection->status;
  Close(socket);
  return status != 0 ? status : static_cast<int>(BARESSPI_SOCKET_TIMEOUT);
}

int baresspi_socket_listen(const char* address, uint16_t* port) {
  ip_addr_t parsed = {};
  if (ipaddr_aton(address, &parsed) == 0 || !IsOurs(parsed)) return BARESSPI_SOCKET_FAILED;
  return Listen(parsed, port);
}

int baresspi_socket_accept(int listener, uint32_t timeout) {
  if (!IsListener(listener)) return BARESSPI_SOCKET_FAILED;
  const Deadline deadline(timeout);
  for (;;) {
    baresspi_lwip_poll();
    const int accepted = Accept(listener);
    if (accepted >= 0 || deadline.Over()) return accepted;
    baresspi_lwip_wait();
  }
}

int32_t baresspi_socket_send(int socket, const void* octets, size_t size, uint32_t timeout) {
  Connection* const connection = ConnectionOf(socket);
  if (connection == nullptr) return BARESSPI_SOCKET_FAILED;
  const Deadline deadline(timeout);
  for (;;) {
    baresspi_lwip_poll();
    if (connection->pcb == nullptr || connection->end_sent) return BARESSPI_SOCKET_CLOSED;
    const uint16_t taken = Give(connection, octets, size);
    if (taken != 0) return taken;
    if (deadline.Over()) return BARESSPI_SOCKET_TIMEOUT;
    baresspi_lwip_wait();
  }
}

int32_t baresspi_socket_receive(int socket, void* octets, size_t room, uint32_t timeout) {
  Connection* const connection = ConnectionOf(socket);
  if (connection == nullptr) return BARESSPI_SOCKET_FAILED;
  const Deadline deadline(timeout);
  for (;;) {
    baresspi_lwip_poll();
    if (connection->size != 0) return Take(connection, octets, room);
    if (connection->end_received) return 0;
    if (connection->pcb == nullptr) return BARESSPI_SOCKET_CLOSED;
    if (deadline.Over()) return BARESSPI_SOCKET_TIMEOUT;
    baresspi_lwip_wait();
  }
}

int baresspi_socket_wait(baresspi_socket_wait_item* items, size_t count, uint32_t timeout) {
  const Deadline deadline(timeout);
  for (;;) {
    baresspi_lwip_poll();
    int ready = 0;
    for (size_t i = 0; i < count; ++i) {
      items[i].ready = items[i].socket >= 0 && IsReady(items[i]);
      ready += items[i].ready;
    }
    if (ready != 0 || deadline.Over()) return ready;
    baresspi_lwip_wait();
  }
}

void baresspi_socket_end(int socket) {
  Connection* const connection = ConnectionOf(socket);
  if (connection != nullptr) End(connection);
  baresspi_lwip_poll();
}

void baresspi_socket_close(int socket) {
  Close(socket);
  baresspi_lwip_poll();
}
