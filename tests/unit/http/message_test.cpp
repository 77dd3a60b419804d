// SPDX-License-Identifier: Apache-2.0
// tests/interop/web_hostile.py has more requests and answers that are refused, by the programs.
#include "boards/http/message.h"

#include <gtest/gtest.h>

#include "tests/unit/http/show.h"

namespace {

using http::BodyKind;
using http_test::Show;
using http_test::View;

TEST(HttpHead, EndsAtTheFirstEmptyLine) {
  EXPECT_EQ(http::FindHeadEnd("GET / HTTP/1.1\r\n\r"), 0u);
  EXPECT_EQ(http::FindHeadEnd("ab\r\n\r\n\r\n\r\n"), 6u);
  EXPECT_EQ(http::FindHeadEnd("ab\n\n"), 0u);
}

TEST(HttpHead, EndsAcrossWhatWasSearchedBefore) {
  for (size_t searched = 0; searched < 6; ++searched) {
    EXPECT_EQ(http::FindHeadEnd("ab\r\n\r\n\r\n", searched), 6u) << searched;
  }
  EXPECT_EQ(http::FindHeadEnd("ab\r\n\r\nabcd\r\n\r\n", 10), 14u) << "that one is looked for no more";
}

TEST(HttpRequest, SaysWhatItHas) {
  http::Request request;
  ASSERT_TRUE(http::ParseRequest(
      "POST /a?b HTTP/1.1\r\nhost:  h:1 \r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n", &request));
  EXPECT_EQ(Show(request.method), "POST");
  EXPECT_EQ(Show(request.target), "/a?b");
  EXPECT_EQ(Show(request.host), "h:1");
  EXPECT_EQ(request.body, BodyKind::kLength);
  EXPECT_EQ(request.length, 12u);
  EXPECT_TRUE(request.expects_continue);
  EXPECT_TRUE(request.keeps_open);
}

TEST(HttpRequest, StaysOpenAsItsVersionAndItsFieldsSay) {
  const struct {
    const char* text;
    bool open;
  } cases[] = {
      {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: h\r\nProxy-Connection: close\r\n\r\n", false},
  };
  for (const auto& each : cases) {
    http::Request request;
    ASSERT_TRUE(http::ParseRequest(each.text, &request)) << each.text;
    EXPECT_EQ(request.keeps_open, each.open) << each.text;
  }
}

TEST(HttpRequest, CutShortAnywhereIsRefused) {
  const std::string whole = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  http::Request request;
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_FALSE(http::ParseRequest(View(cut), &request)) << size;
  }
  EXPECT_TRUE(http::ParseRequest(View(whole), &request));
}

TEST(HttpResponse, SaysWhatItHas) {
  http::Response response;
  ASSERT_TRUE(http::ParseResponse("HTTP/1.1 407 Who goes there\r\nX: y\r\n\r\n", &response));
  EXPECT_EQ(response.status, 407u);
  EXPECT_EQ(Show(response.reason), "Who goes there");
  EXPECT_EQ(response.body, BodyKind::kUntilEnd);
  EXPECT_FALSE(response.keeps_open);
  ASSERT_TRUE(http::ParseResponse("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", &response));
  EXPECT_EQ(response.body, BodyKind::kChunked);
  EXPECT_TRUE(response.keeps_open);
  ASSERT_TRUE(http::ParseResponse("HTTP/1.1 304 No\r\nContent-Length: 9\r\n\r\n", &response));
  EXPECT_EQ(response.body, BodyKind::kNone);
}

TEST(HttpFields, AreFoundByNameInTheirOrder) {
  http::FieldReader fields("A: 1\r\nb: x\r\na:2\r\n");
  http::Text value;
  ASSERT_TRUE(fields.Next("A", &value));
  EXPECT_EQ(Show(value), "1");
  ASSERT_TRUE(fields.Next("A", &value));
  EXPECT_EQ(Show(value), "2");
  EXPECT_FALSE(fields.Next("A", &value));
}

// All that the body gives of the octets, which come in pieces of that size.
struct Taken {
  std::string content;
  size_t used = 0;
  bool done = false;
  bool broken = false;
};

Taken TakeAll(BodyKind kind, uint32_t length, const std::string& octets, size_t piece) {
  http::Body body;
  body.Begin(kind, length);
  Taken taken;
  for (size_t at = 0; at < octets.size() && !body.done() && !body.broken();) {
    http::Text content;
    const http::Text here = View(octets).From(at).First(piece);
    size_t used = 0;
    while (used < here.size && !body.done() && !body.broken()) {
      used += body.Take(here.From(used), &content);
      taken.content += Show(content);
    }
    at += used;
    taken.used = at;
  }
  taken.done = body.done();
  taken.broken = body.broken();
  return taken;
}

TEST(HttpBody, IsTheSameHoweverItsOctetsCome) {
  const std::string chunked = "3;x=\"y\"\r\nabc\r\n0010 \r\n0123456789abcdef\r\n0\r\nTrailer: t\r\n\r\n";
  for (size_t piece = 1; piece <= chunked.size() + 4; ++piece) {
    const Taken taken = TakeAll(BodyKind::kChunked, 0, chunked + "next", piece);
    EXPECT_TRUE(taken.done);
    EXPECT_EQ(taken.content, "abc0123456789abcdef");
    EXPECT_EQ(taken.used, chunked.size()) << "what follows is not the body's";
    const Taken counted = TakeAll(BodyKind::kLength, 5, "helloworld", piece);
    EXPECT_TRUE(counted.done);
    EXPECT_EQ(counted.content, "hello");
  }
}

TEST(HttpBody, CutShortIsNotDone) {
  const std::string chunked = "3\r\nabc\r\n0\r\n\r\n";
  for (size_t size = 0; size < chunked.size(); ++size) {
    const Taken taken = TakeAll(BodyKind::kChunked, 0, chunked.substr(0, size), 4);
    EXPECT_FALSE(taken.done || taken.broken) << size;
  }
}

TEST(HttpBody, MalformedChunksAreRefused) {
  for (const char* text : {"\r\n", ";\r\n", "g\r\n", "1\n", "1\r\nab", "1\r\na\rb", "100000000\r\n", "-1\r\n",
                           "1;\n", "0\r\n\n"}) {
    const Taken taken = TakeAll(BodyKind::kChunked, 0, text, 100);
    EXPECT_TRUE(taken.broken) << text;
  }
}

TEST(HttpBody, ChunksThatAreAllFrameAreRefused) {
  const std::string endless = "1;" + std::string(70000, 'x');
  EXPECT_TRUE(TakeAll(BodyKind::kChunked, 0, endless, 1000).broken);
}

}  // namespace
