// SPDX-License-Identifier: Apache-2.0
// What a socket is here: a slot of a static array, and lwIP's callbacks that fill it. Private to port/lwip.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lwip/opt.h"
#include "lwip/tcp.h"
#include "port/sockets.h"

#ifndef BARESSPI_LWIP_SOCKETS
#define BARESSPI_LWIP_SOCKETS MEMP_NUM_TCP_PCB
#endif
#ifndef BARESSPI_LWIP_LISTENERS
#define BARESSPI_LWIP_LISTENERS MEMP_NUM_TCP_PCB_LISTEN
#endif
#ifndef BARESSPI_LWIP_BACKLOG
#define BARESSPI_LWIP_BACKLOG 8
#endif

namespace lwip_port {

enum class State : uint8_t {
  kFree,
  kConnecting,
  kPending,  // connected to a listener, not accepted by the program yet
  kOpen,
};

// Octets received are copied here at once, a whole window of them, so that a program that does not read, or a
// peer that sends an octet at a time, holds none of the frames that all connections share. What is read opens
// the window again.
struct Connection {
  tcp_pcb* pcb;  // nullptr: lwIP has freed it, or ends it without us
  State state;
  bool end_received;  // the peer's FIN
  bool end_sent;
  bool stuck;      // lwIP had no memory to send; until it has sent something, or half a second
  int16_t status;  // what became of the connection, 0: nothing
  uint8_t listener;
  uint16_t begin;  // in received: the first octet, and how many there are
  uint16_t size;
  uint32_t order;  // of arrival
  uint8_t received[TCP_WND];
};
static_assert(TCP_WND <= 0xffff);

// Sockets 0 to BARESSPI_LWIP_SOCKETS - 1 are connections, those behind are listeners.
Connection* ConnectionOf(int socket);  // nullptr: it is none, or not open
bool IsListener(int socket);

// A connection to an address begins: returns a socket whose state leaves kConnecting, or whose status is set,
// by and by; or an error.
int Connect(const ip_addr_t& address, uint16_t port);
// As baresspi_socket_listen's last step. Returns a socket, or an error.
int Listen(const ip_addr_t& address, uint16_t* port);
// The oldest connection that waits at a listener, or BARESSPI_SOCKET_TIMEOUT.
int Accept(int listener);
bool HasPending(int listener);

// Octets out of a connection's room. Returns how many.
uint16_t Take(Connection* connection, void* octets, size_t room);
// Gives octets to lwIP. Returns how many it took.
uint16_t Give(Connection* connection, const void* octets, size_t size);
// No more will be sent.
void End(Connection* connection);
// Closes a socket, whatever it is, and frees the slot.
void Close(int socket);

struct SlotUse {
  uint32_t now, most;
};
SlotUse SlotsInUse();

}  // namespace lwip_port
