// SPDX-License-Identifier: Apache-2.0
// What a client's test has at the other end of the scripted network: a server in the clear whose answers the
// test makes, request by request, and one that lets EXAMPLE\alice in.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "boards/http/login.h"
#include "tests/support/scripted_sockets.h"

namespace http_test {

struct Seen {
  unsigned connection;  // from 1
  unsigned number;      // of the request on its connection, from 1
  std::string head;
  std::string body;
};

struct Reply {
  std::string octets;
  bool closes = false;  // ends the connection behind them
};

class FakeServer {
 public:
  using Handler = std::function<Reply(const Seen&)>;
  explicit FakeServer(Handler handler);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  uint16_t port() const { return port_; }
  std::string Url(const std::string& path = "/") const;
  // Goes on without waiting. False: nothing happened.
  bool Pump();
  // Closes its connections.
  void Hang();
  std::vector<Seen> seen;

 private:
  struct Connection {
    int socket;
    unsigned number;
    unsigned requests;
    std::string in;
    std::string out;
    bool ends;
  };
  bool Accept();
  bool Serve(Connection* connection);
  bool Send(Connection* connection);

  Handler handler_;
  int listener_ = -1;
  uint16_t port_ = 0;
  unsigned accepted_ = 0;
  std::vector<Connection> connections_;
};

// A handler that wants a login of each connection.
class LoginHandler {
 public:
  explicit LoginHandler(http::Place place = http::Place::kServer);
  ~LoginHandler();
  LoginHandler(const LoginHandler&) = delete;
  LoginHandler& operator=(const LoginHandler&) = delete;

  Reply operator()(const Seen& request);
  void Forget();         // as for a new connection
  bool closes = false;   // each answer that has no token of a login
  bool forgets = false;  // a login is good for one request
  std::string in_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

 private:
  http::Place place_;
  BARESSPI_DEVICE device_;
  http::ServerCredentials credentials_;
  http::ServerLogin login_;
  http::TokenRoom room_ = {};
  unsigned connection_ = 0;
};

}  // namespace http_test
