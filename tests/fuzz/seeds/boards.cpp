// SPDX-License-Identifier: Apache-2.0
// HTTP and LDAP: whole logins, and what a real directory said.
#include <string>

#include "tests/corpus/ldap/messages.h"
#include "tests/fuzz/seeds/seeds.h"

namespace {

using seeds::Builder;
using seeds::Octets;

// The number of what is tried, first in a target's input.
enum HttpTry { kHead, kBody, kText, kClient, kServer };
enum LdapTry { kBer, kMessage, kFilter, kDirectory };

Octets OctetsOf(const std::string& text) {
  return Octets(text.begin(), text.end());
}
Octets Numbered(unsigned number, const std::string& text) {
  return Builder().U8(number).Put(OctetsOf(text));
}

void WriteHttpTexts() {
  for (const char* head :
       {"GET /path?query HTTP/1.1\r\nHost: h:80\r\nConnection: close\r\nAuthorization: Negotiate "
        "AAEC\r\n\r\n",
        "POST http://h/ HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n",
        "PUT * HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\nProxy-Authorization: NTLM "
        "TlRM\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"a, \\\"b\", Negotiate, NTLM "
        "TlRM\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate "
        "YII=\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.0 204 None\r\n\r\n"}) {
    seeds::Write("http", Numbered(kHead, head));
  }
  for (const unsigned kind : {0u, 1u, 2u, 3u}) {
    const Octets chunks = OctetsOf("5;x=\"y\"\r\nhello\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
    seeds::Write("http", Builder().U8(kBody).U8(kind).U32(20).U8(3).Put(chunks));
  }
  for (const char* text : {"http://h/", "https://user.example.test:8443/a?b", "http://[2001:db8::7]:8080",
                           "proxy:3128", "[::1]:80", "1000", "TlRMTVNTUAABAAAA", "YQ==", " \tx \t"}) {
    seeds::Write("http", Builder().U8(kText).U8(200).Put(OctetsOf(text)));
  }
}

// A client, and the answers that it gets one after another. An octet 1 is the right peer's token.
void WriteHttpClient(unsigned choice, std::initializer_list<const char*> answers) {
  for (const unsigned piece : {0u, 1u}) {
    Builder input;
    input.U8(kClient).U8(choice).U8(piece);
    for (const char* answer : answers) {
      const Octets octets = OctetsOf(answer);
      input.U8(0).Counted(octets);
    }
    seeds::Write("http", input);
  }
}

// The server, and what its first caller says.
void WriteHttpServer(unsigned choice, std::initializer_list<const char*> requests) {
  for (const unsigned piece : {0u, 1u}) {
    Builder input;
    input.U8(kServer).U8(choice).U8(piece);
    for (const char* request : requests) {
      const Octets octets = OctetsOf(request);
      input.U8(0).Counted(octets);
    }
    seeds::Write("http", input);
  }
}

void WriteHttp() {
  WriteHttpTexts();
  constexpr char kOk[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  constexpr char kChunked[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
  constexpr char kOffer[] =
      "HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate, NTLM\r\nContent-Length: 2\r\n\r\nno";
  constexpr char kToken[] = "HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate \1\r\nContent-Length: 0\r\n\r\n";
  constexpr char kNtlm[] = "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM \1\r\nContent-Length: 0\r\n\r\n";
  constexpr char kIn[] = "HTTP/1.1 200 OK\r\nWWW-Authenticate: Negotiate \1\r\nContent-Length: 2\r\n\r\nok";
  constexpr char kProxyOffer[] =
      "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate, NTLM\r\nContent-Length: 0\r\n\r\n";
  constexpr char kProxyToken[] =
      "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate \1\r\nContent-Length: 0\r\n\r\n";
  WriteHttpClient(0x30, {kOk, kChunked, kOk, "HTTP/1.0 200 OK\r\n\r\nto the end"});
  WriteHttpClient(0x00, {kOffer, kToken, kIn});
  WriteHttpClient(0x08, {kOffer, kToken, kIn});
  WriteHttpClient(0x0C, {kNtlm, kNtlm, kOk});
  WriteHttpClient(0x04, {kOffer, kNtlm, kOk});
  WriteHttpClient(0x01, {kProxyOffer, kProxyToken, kOffer, kToken, kIn});
  WriteHttpClient(0x81, {kProxyOffer, kProxyToken, "HTTP/1.1 200 Yes\r\n\r\n", "\25\3\3\0\2\2\50"});
  WriteHttpClient(0x38,
                  {"HTTP/1.1 100 Continue\r\n\r\n", kOk, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nx"});
  constexpr char kGet[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  constexpr char kNegotiate[] = "GET /a HTTP/1.1\r\nHost: h\r\nAuthorization: Negotiate \1\r\n\r\n";
  constexpr char kNtlmLogin[] =
      "POST /a HTTP/1.1\r\nHost: h\r\nAuthorization: NTLM \1\r\nContent-Length: 3\r\n\r\nabc";
  WriteHttpServer(0, {kGet, kNegotiate, kNegotiate, kGet, "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"});
  WriteHttpServer(0, {kNtlmLogin, kNtlmLogin, kNtlmLogin});
  WriteHttpServer(
      0, {"PUT http://h/x?y HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
          "12345", kGet});
  WriteHttpServer(64, {"GET http://h/ HTTP/1.1\r\nHost: h\r\nProxy-Authorization: Negotiate \1\r\n\r\n"});
  WriteHttpServer(14, {kGet, kGet, kGet, kGet, kGet});
  WriteHttpServer(0, {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"});
  WriteHttpServer(0, {"BREW / HTTP/1.1\r\nHost: h\r\n\r\n"});
}

void WriteLdap() {
  for (const auto& message : real_ldap_messages::kMessages) {
    const Octets octets(message.data, message.data + message.size);
    seeds::Write("ldap", Builder().U8(kBer).Put(octets));
    seeds::Write("ldap", Builder().U8(kMessage).Put(octets));
    for (const unsigned protection : {0u, 2u, 4u}) {
      // As it is, with its own id, and as an operation behind the id that is waited for: 30 len 02 01 ID.
      seeds::Write("ldap", Builder().U8(kDirectory).U8(protection).U8(1).Counted(octets));
      size_t head = octets[1] < 0x80 ? 2 : 2 + (octets[1] & 0x7F);
      head += 2 + octets[head + 1];
      const Octets operation(octets.begin() + static_cast<ptrdiff_t>(head), octets.end());
      const Octets done = {0x65, 7, 0x0A, 1, 0, 4, 0, 4, 0};
      seeds::Write("ldap",
                   Builder().U8(kDirectory).U8(protection).U8(0).Counted(operation).U8(0).Counted(done));
    }
  }
  for (const char* filter :
       {"(objectClass=*)", "(&(a=b)(|(c>=d)(e<=f))(!(g~=h)))", "(cn=a*b*c)", "(cn=*b*)", "(cn=a\\2a\\28)",
        "(a:=b)", "((((((((a=b))))))))", "(!(!(!(!(!(!(!(!(a=b)))))))))"}) {
    seeds::Write("ldap", Builder().U8(kFilter).U16(512).Put(OctetsOf(filter)));
  }
}

const seeds::Source http(WriteHttp);
const seeds::Source ldap(WriteLdap);

}  // namespace
