// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/http/fake_server.h"

#include "tests/support/two_sides.h"
#include "tests/unit/http/show.h"

namespace http_test {

FakeServer::FakeServer(Handler handler) : handler_(std::move(handler)) {
  const int zero = baresspi_socket_listen("127.0.0.1", &port_);  // the first port of all is no URL's
  listener_ = baresspi_socket_listen("127.0.0.1", &port_);
  baresspi_socket_close(zero);
}

FakeServer::~FakeServer() {
  Hang();
  baresspi_socket_close(listener_);
}

std::string FakeServer::Url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void FakeServer::Hang() {
  for (const Connection& connection : connections_) baresspi_socket_close(connection.socket);
  connections_.clear();
}

bool FakeServer::Pump() {
  bool happened = Accept();
  for (size_t i = 0; i < connections_.size(); ++i) {
    if (Serve(&connections_[i])) happened = true;
    if (connections_[i].socket >= 0) continue;
    connections_.erase(connections_.begin() + static_cast<ptrdiff_t>(i));
    --i;
  }
  return happened;
}

bool FakeServer::Accept() {
  const int socket = baresspi_socket_accept(listener_, 0);
  if (socket < 0) return false;
  connections_.push_back({socket, ++accepted_, 0, "", "", false});
  return true;
}

bool FakeServer::Serve(Connection* connection) {
  bool happened = Send(connection);
  if (connection->socket < 0 || connection->ends) return happened;
  char room[4096];
  const int32_t received = baresspi_socket_receive(connection->socket, room, sizeof room, 0);
  if (received == BARESSPI_SOCKET_TIMEOUT) return happened;
  connection->ends = received <= 0;
  if (received > 0) connection->in.append(room, static_cast<size_t>(received));
  while (!connection->ends) {
    const size_t head_size = http::FindHeadEnd(View(connection->in));
    http::Request request;
    if (head_size == 0) break;
    const std::string head = connection->in.substr(0, head_size);
    connection->ends = !http::ParseRequest(View(head), &request);
    if (connection->ends || connection->in.size() < head_size + request.length) break;
    const std::string body = connection->in.substr(head_size, request.length);
    connection->in.erase(0, head_size + request.length);
    seen.push_back({connection->number, ++connection->requests, head, body});
    const Reply reply = handler_(seen.back());
    connection->out += reply.octets;
    connection->ends = reply.closes;
  }
  (void)Send(connection);
  return true;
}

bool FakeServer::Send(Connection* connection) {
  bool happened = false;
  std::string& out = connection->out;
  while (!out.empty()) {
    const int32_t sent = baresspi_socket_send(connection->socket, out.data(), out.size(), 0);
    if (sent == BARESSPI_SOCKET_TIMEOUT) return happened;
    happened = true;
    if (sent <= 0) connection->ends = true;
    out.erase(0, sent > 0 ? static_cast<size_t>(sent) : out.size());
  }
  if (!connection->ends) return happened;
  baresspi_socket_end(connection->socket);
  baresspi_socket_close(connection->socket);
  connection->socket = -1;
  return true;
}

LoginHandler::LoginHandler(http::Place place) : place_(place), device_(two_sides::ServerDevice()) {
  EXPECT_STATUS(SEC_E_OK, credentials_.Begin(&device_));
}

LoginHandler::~LoginHandler() {
  login_.End();
  credentials_.End();
}

void LoginHandler::Forget() {
  login_.End();
}

Reply LoginHandler::operator()(const Seen& seen) {
  if (seen.connection != connection_) Forget();
  connection_ = seen.connection;
  http::Request request;
  http::Scheme scheme = http::Scheme::kNone;
  http::Text token;
  SecBuffer answer = {};
  EXPECT_TRUE(http::ParseRequest(View(seen.head), &request));
  EXPECT_TRUE(http::FindAuthorization(request, place_, &scheme, &token));
  if (scheme != http::Scheme::kNone) {
    (void)login_.Accept(&credentials_, scheme, token, {}, http::BindingsPolicy::kNone, &room_, &answer);
  }
  char text[2048];
  http::TextWriter field(text, sizeof text);
  if (answer.cbBuffer != 0) {
    field.Put(http::ChallengeField(place_));
    field.Put(": ");
    field.Put(http::NameOf(scheme));
    field.Put(" ");
    field.PutBase64(static_cast<const uint8_t*>(answer.pvBuffer), answer.cbBuffer);
    field.Put("\r\n");
  }
  const std::string challenge = Show(field.text());
  if (login_.in()) {
    if (forgets) login_.End();
    const size_t line = in_answer.find("\r\n") + 2;
    return {in_answer.substr(0, line) + challenge + in_answer.substr(line), false};
  }
  const std::string offers = std::string(http::ChallengeField(place_)) + ": Negotiate, NTLM\r\n";
  const bool ends = closes && challenge.empty();
  return {"HTTP/1.1 " + std::to_string(http::StatusOf(place_)) + " No\r\n" +
              (challenge.empty() ? offers : challenge) + (ends ? "Connection: close\r\n" : "") +
              "Content-Length: 2\r\n\r\nno",
          ends};
}

}  // namespace http_test
