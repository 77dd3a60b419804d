// SPDX-License-Identifier: Apache-2.0
// Sockets for POSIX systems. Every descriptor is non-blocking, and poll does the waiting.
#include "port/sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr int kBacklog = 16;
constexpr size_t kMostItems = 64;  // of one wait
// The most octets of one call: a count has to fit the result.
constexpr size_t kMostOctets = 1 << 30;

#if defined(MSG_NOSIGNAL)
constexpr int kNoSignal = MSG_NOSIGNAL;
#else
constexpr int kNoSignal = 0;  // there SO_NOSIGPIPE does it
#endif

int StatusOf(int error) {
  switch (error) {
    case EAGAIN:
    case EINTR:
      return BARESSPI_SOCKET_TIMEOUT;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
    case ENOTCONN:
    case ETIMEDOUT:
      return BARESSPI_SOCKET_CLOSED;
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EADDRNOTAVAIL:
      return BARESSPI_SOCKET_UNREACHABLE;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return BARESSPI_SOCKET_NO_RESOURCES;
    default:
      return BARESSPI_SOCKET_FAILED;
  }
}

bool Prepare(int socket) {
  const int on = 1;
#if defined(SO_NOSIGPIPE)
  (void)setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  // A request goes out in one piece and an answer waits for it: nothing is gained by holding it back.
  (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int flags = fcntl(socket, F_GETFL);
  return flags >= 0 && fcntl(socket, F_SETFL, flags | O_NONBLOCK) == 0 &&
         fcntl(socket, F_SETFD, FD_CLOEXEC) == 0;
}

int PollTime(uint32_t timeout) {
  return timeout > INT_MAX ? INT_MAX : static_cast<int>(timeout);
}

// Returns whether the socket became ready; an interrupted wait goes on with the time that is left.
bool WaitFor(int socket, short events, uint32_t timeout) {
  const uint32_t begin = baresspi_milliseconds();
  for (;;) {
    pollfd item = {socket, events, 0};
    const uint32_t spent = baresspi_milliseconds() - begin;
    if (spent > timeout) return false;
    const int count = poll(&item, 1, PollTime(timeout - spent));
    if (count >= 0 || errno != EINTR) return count > 0;
  }
}

int ConnectTo(const addrinfo& address, uint32_t timeout) {
  const int made = socket(address.ai_family, address.ai_socktype, address.ai_protocol);
  if (made < 0) return StatusOf(errno);
  int error = 0;
  if (!Prepare(made)) {
    error = errno;
  } else if (connect(made, address.ai_addr, address.ai_addrlen) != 0) {
    error = errno;
    if (error == EINPROGRESS) {
      socklen_t size = sizeof error;
      error = EAGAIN;
      if (WaitFor(made, POLLOUT, timeout) && getsockopt(made, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    }
  }
  if (error == 0) return made;
  (void)close(made);
  return error == ETIMEDOUT ? BARESSPI_SOCKET_UNREACHABLE : StatusOf(error);
}

addrinfo* LookUp(const char* host, uint16_t port, int flags) {
  char service[6];
  (void)snprintf(service, sizeof service, "%u", static_cast<unsigned>(port));
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | flags;
  addrinfo* found = nullptr;
  return getaddrinfo(host, service, &hints, &found) == 0 ? found : nullptr;
}

uint16_t PortOf(int socket) {
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

}  // namespace

int baresspi_socket_connect(const char* host, uint16_t port, uint32_t timeout) {
  addrinfo* const found = LookUp(host, port, 0);
  if (found == nullptr) return BARESSPI_SOCKET_UNREACHABLE;
  const uint32_t begin = baresspi_milliseconds();
  int result = BARESSPI_SOCKET_UNREACHABLE;
  for (const addrinfo* each = found; each != nullptr && result < 0; each = each->ai_next) {
    const uint32_t spent = baresspi_milliseconds() - begin;
    if (spent > timeout) break;
    result = ConnectTo(*each, timeout - spent);
  }
  freeaddrinfo(found);
  return result;
}

int baresspi_socket_listen(const char* address, uint16_t* port) {
  addrinfo* const found = LookUp(address, *port, AI_NUMERICHOST);
  if (found == nullptr) return BARESSPI_SOCKET_FAILED;
  int made = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
  const int on = 1;
  if (made >= 0 && (setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 || !Prepare(made) ||
                    bind(made, found->ai_addr, found->ai_addrlen) != 0 || listen(made, kBacklog) != 0)) {
    (void)close(made);
    made = -1;
  }
  freeaddrinfo(found);
  if (made < 0) return BARESSPI_SOCKET_FAILED;
  *port = PortOf(made);
  return made;
}

int baresspi_socket_accept(int listener, uint32_t timeout) {
  if (timeout != 0 && !WaitFor(listener, POLLIN, timeout)) return BARESSPI_SOCKET_TIMEOUT;
  const int made = accept(listener, nullptr, nullptr);
  // A client that has gone already is no connection, and no error of the listener's.
  if (made < 0) return errno == ECONNABORTED ? BARESSPI_SOCKET_TIMEOUT : StatusOf(errno);
  if (Prepare(made)) return made;
  (void)close(made);
  return BARESSPI_SOCKET_FAILED;
}

int32_t baresspi_socket_send(int socket, const void* octets, size_t size, uint32_t timeout) {
  if (timeout != 0 && !WaitFor(socket, POLLOUT, timeout)) return BARESSPI_SOCKET_TIMEOUT;
  const ssize_t sent = send(socket, octets, size < kMostOctets ? size : kMostOctets, kNoSignal);
  if (sent > 0) return static_cast<int32_t>(sent);
  return sent == 0 ? BARESSPI_SOCKET_TIMEOUT : StatusOf(errno);
}

int32_t baresspi_socket_receive(int socket, void* octets, size_t room, uint32_t timeout) {
  if (timeout != 0 && !WaitFor(socket, POLLIN, timeout)) return BARESSPI_SOCKET_TIMEOUT;
  const ssize_t received = recv(socket, octets, room < kMostOctets ? room : kMostOctets, 0);
  return received >= 0 ? static_cast<int32_t>(received) : StatusOf(errno);
}

int baresspi_socket_wait(baresspi_socket_wait_item* items, size_t count, uint32_t timeout) {
  pollfd polled[kMostItems] = {};
  if (count > kMostItems) return BARESSPI_SOCKET_FAILED;
  for (size_t i = 0; i < count; ++i) {
    polled[i] = {items[i].socket, static_cast<short>(items[i].to_send != 0 ? POLLOUT : POLLIN), 0};
    items[i].ready = 0;
  }
  const int ready = poll(polled, static_cast<nfds_t>(count), PollTime(timeout));
  if (ready < 0) return errno == EINTR ? 0 : StatusOf(errno);
  for (size_t i = 0; i < count; ++i) items[i].ready = polled[i].revents != 0;
  return ready;
}

void baresspi_socket_end(int socket) {
  (void)shutdown(socket, SHUT_WR);
}

void baresspi_socket_close(int socket) {
  (void)close(socket);
}

uint32_t baresspi_milliseconds(void) {
  timespec now = {};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint32_t>(static_cast<uint64_t>(now.tv_sec) * 1000 +
                               static_cast<uint64_t>(now.tv_nsec) / 1000000);
}
