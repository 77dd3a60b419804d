// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "boards/http/client.h"
#include "tests/unit/http/show.h"

namespace {

using http_test::Show;

// "host port path", "tls" behind it for https; or "no".
std::string Split(const char* text) {
  http::Url url;
  if (!http::ParseUrl(text, &url)) return "no";
  return std::string(url.address.host) + " " + std::to_string(url.address.port) + " " + Show(url.path) +
         (url.secure ? " tls" : "");
}

TEST(HttpUrl, HasHostPortAndPath) {
  EXPECT_EQ(Split("http://h"), "h 80 /");
  EXPECT_EQ(Split("HTTP://h.example:8080/a/b?c#d"), "h.example 8080 /a/b?c");
  EXPECT_EQ(Split("http://[::1]:81/"), "::1 81 /");
  EXPECT_EQ(Split("http://[::1]"), "::1 80 /");
}

TEST(HttpUrl, SecureOnesHaveAPortOfTheirOwn) {
  EXPECT_EQ(Split("https://h"), "h 443 / tls");
  EXPECT_EQ(Split("HTTPS://h:80/x"), "h 80 /x tls");
  EXPECT_EQ(Split("https://[::1]/"), "::1 443 / tls");
}

TEST(HttpUrl, OthersAreRefused) {
  for (const char* url : {"",
                          "h",
                          "ftp://h/",
                          "https:h/",
                          "httpss://h/",
                          "https://",
                          "https://u:p@h/",
                          "http://",
                          "http:///x",
                          "http://h:/",
                          "http://h:0/",
                          "http://h:65536/",
                          "http://h:8x/",
                          "http://u@h/",
                          "http://h /",
                          "http://h/a b",
                          "http://h/\x01",
                          "http://[::1/",
                          "http://[::1]x/",
                          "http://h\r\nX: y/",
                          "http://h?x"}) {
    EXPECT_EQ(Split(url), "no") << url;
  }
}

TEST(HttpUrl, HostsAreBounded) {
  const std::string most(255, 'h');
  EXPECT_EQ(Split(("http://" + most + "/").c_str()), most + " 80 /");
  EXPECT_EQ(Split(("http://" + most + "h/").c_str()), "no");
}

}  // namespace
