// SPDX-License-Identifier: Apache-2.0
// Pages for who is nobody: no task's token is set here. For those who are somebody:
// tests/interop/https_page.py.
#include "boards/examples/web_page_content.h"

#include <gtest/gtest.h>

#include "tests/unit/http/show.h"

namespace {

using examples::MakeWebPage;
using http_test::Show;

struct Made {
  std::string status;
  std::string type;
  std::string text;
  bool fits;
};

class WebPageContentTest : public testing::Test {
 protected:
  ~WebPageContentTest() override { examples::SetWebPageContent(nullptr); }

  Made Make(const char* path, size_t room = 4096) {
    content_.accounts = &accounts_;
    examples::SetWebPageContent(&content_);
    std::string buffer(room, 0);
    http::Request request;
    request.target = path;
    http::Caller caller;
    caller.scheme = "NTLM";
    caller.package = "NTLM";
    http::Page page = {.content = http::TextWriter(buffer.data(), room)};
    MakeWebPage(request, path, caller, &page);
    return {Show(page.status), Show(page.type), Show(page.content.text()), page.content.ok()};
  }

  examples::Accounts accounts_;
  examples::WebPageContent content_;
};

TEST_F(WebPageContentTest, TheDevicesNameIsTextAndNoMarkup) {
  content_.device = "<b>\"&'";
  const Made page = Make("/");
  EXPECT_EQ(page.status, "200 OK");
  EXPECT_EQ(page.type, "text/html; charset=utf-8");
  EXPECT_NE(page.text.find("<title>&lt;b&gt;&quot;&amp;&#39;</title>"), std::string::npos) << page.text;
  EXPECT_EQ(page.text.find("<b>"), std::string::npos);
}

TEST_F(WebPageContentTest, WhoIsNobodyIsNoAdministrator) {
  ASSERT_TRUE(accounts_.AddUser("nobody"));
  ASSERT_TRUE(accounts_.AddAdmin("nobody"));
  ASSERT_EQ(SEC_E_OK, accounts_.Finish());
  EXPECT_EQ(Make("/settings").status, "403 Forbidden");
  EXPECT_EQ(Make("/").text.find("/settings"), std::string::npos);
  EXPECT_NE(Make("/whoami").text.find("user=nobody\n"), std::string::npos);
}

TEST_F(WebPageContentTest, AQueryChangesNoPage) {
  EXPECT_EQ(Make("/whoami?/settings").type, "text/plain; charset=utf-8");
  EXPECT_EQ(Make("/?").status, "200 OK");
  EXPECT_EQ(Make("/nothing").status, "404 Not Found");
  EXPECT_EQ(Make("/settings/").status, "404 Not Found");
  EXPECT_EQ(Make("//").status, "404 Not Found");
}

TEST_F(WebPageContentTest, AProxyAnswersForAnyTarget) {
  content_.proxy = true;
  EXPECT_NE(Make("http://h/").text.find("target=http://h/\n"), std::string::npos);
}

TEST_F(WebPageContentTest, WhatDoesNotFitSaysSo) {
  EXPECT_TRUE(Make("/").fits);
  EXPECT_FALSE(Make("/", 100).fits);
}

}  // namespace
