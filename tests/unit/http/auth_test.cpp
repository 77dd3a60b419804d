// SPDX-License-Identifier: Apache-2.0
#include "boards/http/auth.h"

#include <gtest/gtest.h>

#include "tests/unit/http/show.h"

namespace {

using http::Place;
using http::Scheme;
using http_test::Show;

// "none", or the token that came with the offer.
std::string Offer(const char* fields, Scheme scheme, Place place = Place::kServer) {
  http::Response response;
  response.fields = fields;
  http::Text token;
  return http::FindChallenge(response, place, scheme, &token) ? Show(token) : "none";
}

TEST(HttpChallenge, IsFoundInOneFieldOrInSeveral) {
  const char* several = "WWW-Authenticate: Negotiate\r\nX: y\r\nwww-authenticate: ntlm\r\n";
  const char* one = "WWW-Authenticate: Basic realm=\"x\", Negotiate,NTLM\r\n";
  for (const char* fields : {several, one}) {
    EXPECT_EQ(Offer(fields, Scheme::kNegotiate), "");
    EXPECT_EQ(Offer(fields, Scheme::kNtlm), "");
    EXPECT_EQ(Offer(fields, Scheme::kNtlm, Place::kProxy), "none");
  }
}

TEST(HttpChallenge, HasItsToken) {
  EXPECT_EQ(Offer("WWW-Authenticate: NTLM  QUJD=\r\n", Scheme::kNtlm), "QUJD=");
  EXPECT_EQ(
      Offer("Proxy-Authenticate: Basic realm=x, Negotiate QUI=, NTLM\r\n", Scheme::kNegotiate, Place::kProxy),
      "QUI=");
}

TEST(HttpChallenge, IsNotFoundInWhatIsQuotedOrOnlyBeginsLikeIt) {
  EXPECT_EQ(Offer("WWW-Authenticate: Basic realm=\"a, NTLM\"\r\n", Scheme::kNtlm), "none");
  EXPECT_EQ(Offer("WWW-Authenticate: Basic realm=\"a\\\", NTLM, \\\"\"\r\n", Scheme::kNtlm), "none");
  EXPECT_EQ(Offer("WWW-Authenticate: NTLMX, XNTLM, NTLM=1\r\n", Scheme::kNtlm), "none");
  EXPECT_EQ(Offer("WWW-Authenticate: Basic realm=\"never ended, NTLM\r\n", Scheme::kNtlm), "none");
  EXPECT_EQ(Offer("WWW-Authenticate: Basic realm=\"ends in \\\r\n", Scheme::kNtlm), "none");
}

struct Found {
  bool sound;
  Scheme scheme;
  std::string token;
};

Found Authorization(const char* fields, Place place = Place::kServer) {
  http::Request request;
  request.fields = fields;
  Found found = {false, Scheme::kNone, ""};
  http::Text token;
  found.sound = http::FindAuthorization(request, place, &found.scheme, &token);
  found.token = Show(token);
  return found;
}

TEST(HttpAuthorization, HasASchemeAndAToken) {
  const Found ntlm = Authorization("X: y\r\nAuthorization: nTlM QUJD\r\n");
  EXPECT_TRUE(ntlm.sound);
  EXPECT_EQ(ntlm.scheme, Scheme::kNtlm);
  EXPECT_EQ(ntlm.token, "QUJD");
  EXPECT_EQ(Authorization("Proxy-Authorization: Negotiate QUJD\r\n", Place::kProxy).scheme,
            Scheme::kNegotiate);
  EXPECT_EQ(Authorization("Proxy-Authorization: Negotiate QUJD\r\n").scheme, Scheme::kNone);
}

TEST(HttpAuthorization, OfAnotherSchemeOrNoneIsNobodys) {
  for (const char* fields : {"", "Authorization: Basic QUJD\r\n", "Authorization: \r\n"}) {
    const Found found = Authorization(fields);
    EXPECT_TRUE(found.sound) << fields;
    EXPECT_EQ(found.scheme, Scheme::kNone) << fields;
  }
}

TEST(HttpAuthorization, WithoutATokenOrTwiceIsMalformed) {
  EXPECT_FALSE(Authorization("Authorization: NTLM\r\n").sound);
  EXPECT_FALSE(Authorization("Authorization: NTLM QQ==\r\nAuthorization: NTLM QQ==\r\n").sound);
}

}  // namespace
