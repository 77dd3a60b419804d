// SPDX-License-Identifier: Apache-2.0
#include "boards/http/client.h"

#include <gtest/gtest.h>

#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/http/fake_server.h"
#include "tests/unit/http/show.h"

namespace {

using http::ClientRequest;
using http::Outcome;
using http_test::FakeServer;
using http_test::LoginHandler;
using http_test::Reply;
using http_test::Seen;
using http_test::View;
using scripted_sockets::Fault;
using scripted_sockets::Script;

constexpr uint32_t kTimeout = 4000;
const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::string content;
void Keep(http::Text piece) {
  content += http_test::Show(piece);
}

class HttpClient : public testing::Test {
 protected:
  HttpClient() {
    scripted_sockets::Reset();
    scripted_port::Reset();
    settings_.account = {"alice", "EXAMPLE", "Passw0rd!"};
    settings_.proxy_account = settings_.account;
    settings_.timeout = kTimeout;
    settings_.on_content = Keep;
  }
  ~HttpClient() override {
    client_.End();
    EXPECT_EQ(0u, scripted_sockets::Open());
    BARESSPI_POOL_USE use = {};
    EXPECT_STATUS(SEC_E_OK, BareSspiQueryPoolUse("NTLM", &use));
    EXPECT_EQ(0u, use.Contexts);
    EXPECT_EQ(0u, use.Credentials);
  }
  void Play(FakeServer* server, Script script = {}) {
    script.idle = [server] { return server->Pump(); };
    scripted_sockets::Play(script);
  }
  void Begin() {
    content.clear();
    client_.Begin(&settings_);
  }
  Outcome Run(const std::string& url, const char* post = nullptr) {
    ClientRequest request;
    request.url = View(url);
    if (post != nullptr) {
      request.method = "POST";
      request.body = post;
    }
    return client_.Run(request);
  }
  static bool Says(const Seen& seen, const std::string& what) {
    return seen.head.find(what) != std::string::npos;
  }

  http::ClientSettings settings_;
  http::Client client_;
};

TEST_F(HttpClient, KeepsTheConnection) {
  FakeServer server([](const Seen&) { return Reply{kOk}; });
  Play(&server);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url("/a")));
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url("/b"), "x"));
  EXPECT_EQ(200u, client_.status());
  EXPECT_EQ("okok", content);
  EXPECT_EQ(1u, client_.connections());
  ASSERT_EQ(2u, server.seen.size());
  EXPECT_EQ("x", server.seen[1].body);
  client_.End();
  server.Hang();
}

TEST_F(HttpClient, OneLoginServesTheConnection) {
  LoginHandler handler;
  FakeServer server(std::ref(handler));
  Play(&server);
  Begin();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Outcome::kAnswered, Run(server.Url(), i == 2 ? "hello" : nullptr));
  EXPECT_EQ(200u, client_.status());
  EXPECT_EQ(1u, client_.connections());
  EXPECT_EQ(1u, client_.logins());
  EXPECT_EQ(5u, server.seen.size());  // 401, 401, three of 200
}

TEST_F(HttpClient, LogsInAnewWhereTheServerForgets) {
  LoginHandler handler;
  handler.forgets = true;
  FakeServer server(std::ref(handler));
  Play(&server);
  Begin();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(200u, client_.status());
  EXPECT_EQ(1u, client_.connections());
  EXPECT_EQ(3u, client_.logins());
}

TEST_F(HttpClient, LogsInOverTheNextConnectionWhereTheServerCloses) {
  LoginHandler handler;
  handler.closes = true;
  FakeServer server(std::ref(handler));
  Play(&server);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url(), "hello"));
  EXPECT_EQ(200u, client_.status());
  EXPECT_EQ(2u, client_.connections());
  ASSERT_EQ(3u, server.seen.size());
  EXPECT_EQ("", server.seen[1].body);  // the server cannot but refuse the first token
  EXPECT_EQ("hello", server.seen[2].body);
}

TEST_F(HttpClient, WrongPasswordIsNotTriedAgain) {
  settings_.account.password = "wrong";
  LoginHandler handler;
  FakeServer server(std::ref(handler));
  Play(&server);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(401u, client_.status());
  EXPECT_EQ(0u, client_.logins());
  EXPECT_EQ(3u, server.seen.size());
}

TEST_F(HttpClient, AnEndedConnectionIsSeenBeforeAnythingIsSent) {
  LoginHandler handler;
  FakeServer server(std::ref(handler));
  Play(&server);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  server.Hang();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url(), "hello"));
  EXPECT_EQ(200u, client_.status());
  EXPECT_EQ(2u, client_.connections());
  EXPECT_EQ(2u, client_.logins());
  EXPECT_EQ("hello", server.seen.back().body);
}

// The second request of a connection is met by its end, as of a server whose time for idle ones is over.
Reply EndsAtTheSecond(const Seen& seen) {
  return seen.connection == 1 && seen.number == 2 ? Reply{"", true} : Reply{kOk};
}

TEST_F(HttpClient, GetIsRepeatedOverANewConnection) {
  FakeServer server(EndsAtTheSecond);
  Play(&server);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(2u, client_.connections());
  EXPECT_EQ(3u, server.seen.size());
}

TEST_F(HttpClient, PostWhoseBodyIsOutIsNotRepeated) {  // RFC 9110, 9.2.2
  FakeServer server(EndsAtTheSecond);
  Play(&server);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(Outcome::kLost, Run(server.Url(), "hello"));
  EXPECT_EQ(1u, client_.connections());
  EXPECT_EQ(2u, server.seen.size());
}

TEST_F(HttpClient, RepeatsOnce) {
  FakeServer server([](const Seen& seen) {
    return seen.number == 1 && seen.connection == 1 ? Reply{kOk} : Reply{"", true};
  });
  Play(&server);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(Outcome::kLost, Run(server.Url()));
  EXPECT_EQ(2u, client_.connections());
}

// What was searched for a head's end is not searched again, and of the next head nothing was.
TEST_F(HttpClient, OctetByOctetBehindAnInterimAnswerIsNoOther) {
  FakeServer server([](const Seen&) { return Reply{"HTTP/1.1 100 Continue\r\n\r\n" + kOk}; });
  for (const size_t piece : {1u, 2u, 3u, 26u, 1000u}) {
    Script script;
    script.most_received = piece;
    Play(&server, script);
    Begin();
    EXPECT_EQ(Outcome::kAnswered, Run(server.Url())) << piece;
    EXPECT_EQ(200u, client_.status()) << piece;
    EXPECT_EQ("ok", content) << piece;
    client_.End();
    server.Hang();
  }
}

TEST_F(HttpClient, OctetsBehindAnAnswerAreNotTheNextOne) {
  FakeServer server([](const Seen& seen) { return Reply{seen.connection == 1 ? kOk + kOk : kOk}; });
  Play(&server);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(2u, client_.connections());
}

class HttpTunnel : public HttpClient {
 protected:
  void UseProxy(const FakeServer& proxy) {
    settings_.has_proxy = true;
    http::TextWriter(settings_.proxy.host, sizeof settings_.proxy.host).Put("127.0.0.1");
    settings_.proxy.port = proxy.port();
    settings_.tls = &tls_;
    Begin();
  }
  stream::TlsSettings tls_;
};

TEST_F(HttpTunnel, AsksForTheHostAndNothingElse) {  // RFC 9110, 9.3.6
  FakeServer proxy([](const Seen&) { return Reply{"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno"}; });
  Play(&proxy);
  UseProxy(proxy);
  EXPECT_EQ(Outcome::kAnswered, Run("https://h.example/secret", "secret"));
  EXPECT_EQ(403u, client_.status());
  EXPECT_TRUE(client_.by_proxy());  // and not the server's
  EXPECT_EQ("no", content);
  ASSERT_EQ(1u, proxy.seen.size());
  EXPECT_TRUE(proxy.seen[0].head.starts_with("CONNECT h.example:443 HTTP/1.1\r\nHost: h.example:443\r\n"));
  EXPECT_FALSE(Says(proxy.seen[0], "secret"));
  EXPECT_FALSE(client_.login(http::Place::kServer)->has_answer());
}

TEST_F(HttpTunnel, OctetsBehindItsAnswerAreRefused) {
  FakeServer proxy([](const Seen&) { return Reply{"HTTP/1.1 200 OK\r\n\r\n\x16"}; });
  Play(&proxy);
  UseProxy(proxy);
  EXPECT_EQ(Outcome::kMalformed, Run("https://h.example/"));
}

TEST_F(HttpTunnel, LogsInAtTheProxyAlone) {
  LoginHandler handler(http::Place::kProxy);
  handler.closes = true;
  handler.in_answer = "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n";
  FakeServer proxy(std::ref(handler));
  Play(&proxy);
  UseProxy(proxy);
  EXPECT_EQ(Outcome::kAnswered, Run("https://h.example/"));
  EXPECT_EQ(502u, client_.status());
  EXPECT_EQ(2u, client_.connections());
  EXPECT_EQ(1u, client_.logins());
  for (const Seen& seen : proxy.seen) EXPECT_FALSE(Says(seen, "\r\nAuthorization:"));
}

TEST_F(HttpTunnel, AServerGetsNoProxysAccount) {
  FakeServer server([](const Seen&) {
    return Reply{"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"};
  });
  Play(&server);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(407u, client_.status());
  EXPECT_FALSE(client_.by_proxy());
  EXPECT_EQ(1u, server.seen.size());
}

TEST_F(HttpTunnel, AProxyGetsNoServersAccount) {
  FakeServer proxy([](const Seen&) {
    return Reply{"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"};
  });
  Play(&proxy);
  UseProxy(proxy);
  EXPECT_EQ(Outcome::kAnswered, Run("https://h.example/"));
  EXPECT_EQ(401u, client_.status());
  EXPECT_EQ(1u, proxy.seen.size());
}

// Whatever call to the network fails, in whatever way: an end in time, everything given back, and the next
// login works.
TEST_F(HttpClient, AnyFaultIsAnEndInTime) {
  for (const Fault fault :
       {Fault::kWouldBlock, Fault::kReset, Fault::kEnd, Fault::kSilence, Fault::kNoResources}) {
    for (unsigned at = 1;; ++at) {
      SCOPED_TRACE(testing::Message() << "fault " << static_cast<int>(fault) << " at call " << at);
      LoginHandler handler;
      FakeServer server(std::ref(handler));
      Script script;
      script.fails_at = at;
      script.fault = fault;
      Play(&server, script);
      Begin();
      if (Run(server.Url()) == Outcome::kAnswered) (void)Run(server.Url(), "hello");
      const bool is_over = scripted_sockets::Calls() < at;
      EXPECT_LE(scripted_sockets::TimeGone(), kTimeout + 1);
      client_.End();
      server.Hang();
      Play(&server);
      Begin();
      EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
      EXPECT_EQ(200u, client_.status());
      client_.End();
      if (is_over || HasFailure()) break;
    }
  }
}

TEST_F(HttpClient, OctetByOctet) {
  LoginHandler handler;
  FakeServer server(std::ref(handler));
  Script script;
  script.most_received = 1;
  script.most_sent = 3;
  Play(&server, script);
  Begin();
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url()));
  EXPECT_EQ(Outcome::kAnswered, Run(server.Url(), "hello"));
  EXPECT_EQ(200u, client_.status());
}

}  // namespace
