// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "boards/http/client.h"
#include "tests/unit/http/show.h"

namespace {

using http_test::Show;

// "host port path", or "no".
std::string Split(const char* url) {
  http::Address address;
  http::Text path;
  if (!http::ParseUrl(url, &address, &path)) return "no";
  return std::string(address.host) + " " + std::to_string(address.port) + " " + Show(path);
}

TEST(HttpUrl, HasHostPortAndPath) {
  EXPECT_EQ(Split("http://h"), "h 80 /");
  EXPECT_EQ(Split("HTTP://h.example:8080/a/b?c#d"), "h.example 8080 /a/b?c");
  EXPECT_EQ(Split("http://[::1]:81/"), "::1 81 /");
  EXPECT_EQ(Split("http://[::1]"), "::1 80 /");
}

TEST(HttpUrl, OthersAreRefused) {
  for (const char* url :
       {"", "h", "https://h/", "http://", "http:///x", "http://h:/", "http://h:0/", "http://h:65536/",
        "http://h:8x/", "http://u@h/", "http://h /", "http://h/a b", "http://h/\x01", "http://[::1/",
        "http://[::1]x/", "http://h\r\nX: y/", "http://h?x"}) {
    EXPECT_EQ(Split(url), "no") << url;
  }
}

TEST(HttpUrl, HostsAreBounded) {
  const std::string most(255, 'h');
  EXPECT_EQ(Split(("http://" + most + "/").c_str()), most + " 80 /");
  EXPECT_EQ(Split(("http://" + most + "h/").c_str()), "no");
}

}  // namespace
