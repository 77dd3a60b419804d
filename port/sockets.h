/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets: what the example programs ask of a TCP/IP stack. BareSSPI itself never calls these; a port without
 * a network leaves them out. port/posix/sockets.cpp has them for POSIX; lwIP's socket layer has calls of the
 * same names and meanings, so that a port to it is as short.
 *
 * A socket is a number, 0 or more. A timeout is in milliseconds; 0: look, and do not wait. No function waits
 * longer than its timeout, and a peer's silence, reset or flood of octets is never more than one of the
 * statuses below: it must not raise a signal, end the program or block it. A socket is used by one task at a
 * time. */
#ifndef BARESSPI_SOCKETS_H
#define BARESSPI_SOCKETS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  BARESSPI_SOCKET_TIMEOUT = -1,      /* nothing happened in time; nothing was done, try again */
  BARESSPI_SOCKET_CLOSED = -2,       /* the connection is gone: the peer reset it, or the network did */
  BARESSPI_SOCKET_UNREACHABLE = -3,  /* connect: no such host, no way to it, or nobody listens there */
  BARESSPI_SOCKET_NO_RESOURCES = -4, /* no socket or buffer is left; later there may be one */
  BARESSPI_SOCKET_FAILED = -5        /* anything else: the port is taken, the socket is none */
};

/* A connection to a host (a name, or a numeric address) and port. Returns a socket, or an error; never 0 or
 * more for a connection that is not established yet. The time for looking a name up comes on top where the
 * system's resolver cannot be told how long to wait. */
int baresspi_socket_connect(const char* host, uint16_t port, uint32_t timeout);

/* A socket that takes connections at a local address (numeric; a device's own, or 127.0.0.1) and port. *port
 * 0: a free one, and *port becomes which. Must never listen at other addresses than the one given. */
int baresspi_socket_listen(const char* address, uint16_t* port);

/* The next connection made to a listening socket. */
int baresspi_socket_accept(int listener, uint32_t timeout);

/* Sends some of the octets, size of them at most. Returns how many the stack took: at least 1, never 0 (size
 * is at least 1); or an error. Those taken are not necessarily at the peer. */
int32_t baresspi_socket_send(int socket, const void* octets, size_t size, uint32_t timeout);

/* Receives up to room octets (at least 1). Returns how many came; 0 when the peer has ended its side and all
 * was read, and never 0 for another reason; or an error. */
int32_t baresspi_socket_receive(int socket, void* octets, size_t room, uint32_t timeout);

/* Waits until one of several sockets can go on. Returns how many can, with ready set in each (others: ready
 * 0); 0 when none could in time, or when the wait was interrupted; or an error. What is ready may still turn
 * out not to be: use a timeout of 0 in the call that follows. Ended and broken sockets are ready. A socket of
 * -1 is skipped. */
typedef struct baresspi_socket_wait_item {
  int socket;
  uint8_t to_send; /* 1: wait until it can be sent to; 0: until there is something to receive or to accept */
  uint8_t ready;
} baresspi_socket_wait_item;
int baresspi_socket_wait(baresspi_socket_wait_item* items, size_t count, uint32_t timeout);

/* Says that nothing more will be sent; receiving goes on. A stack that cannot may do nothing. */
void baresspi_socket_end(int socket);

/* Closes a socket, in whatever state. The number may be given out again afterwards. */
void baresspi_socket_close(int socket);

/* Milliseconds since some moment; wraps around. Must never go backwards or stand still, as a clock that is
 * set may: times are differences of it. */
uint32_t baresspi_milliseconds(void);

#ifdef __cplusplus
}
#endif
#endif
