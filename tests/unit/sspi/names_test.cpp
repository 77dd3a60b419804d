// SPDX-License-Identifier: Apache-2.0
// Who it is: NAMES, NATIVE_NAMES and AUTHORITY of contexts, NAMES of credentials, in UTF-8 and UTF-16.
#include <string>

#include "config/baresspi_config.h"
#include "tests/support/two_sides.h"

namespace two_sides {
namespace {

// An authority that lets in whoever has an empty password.
SECURITY_STATUS EmptyPassword(const void*, const BARESSPI_NAME*, const BARESSPI_NAME*, uint8_t hash[16],
                              BARESSPI_ACCOUNT*) {
  return BareSspiNtHash("", 0, hash);
}
const BARESSPI_AUTHORITY kEverybody = {nullptr, EmptyPassword, nullptr, nullptr};

class Names : public Test {
 protected:
  Names() : device_(ServerDevice()) { device_.Authority = &kEverybody; }

  struct Answer {
    std::string narrow;
    std::u16string wide;
    bool operator==(const Answer& other) const { return narrow == other.narrow && wide == other.wide; }
  };

  // A query whose structure is one string.
  static Answer Ask(Side& side, ULONG attribute) {
    SecPkgContext_NamesA a = {};
    SecPkgContext_NamesW w = {};
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesA(side.context(), attribute, &a));
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesW(side.context(), attribute, &w));
    return {a.sUserName == nullptr ? "(null)" : a.sUserName,
            w.sUserName == nullptr ? u"(null)" : w.sUserName};
  }

  static Answer AskNative(Side& side) {
    SecPkgContext_NativeNamesA a = {};
    SecPkgContext_NativeNamesW w = {};
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesA(side.context(), SECPKG_ATTR_NATIVE_NAMES, &a));
    EXPECT_STATUS(SEC_E_OK, QueryContextAttributesW(side.context(), SECPKG_ATTR_NATIVE_NAMES, &w));
    EXPECT_STREQ(a.sServerName, "") << "NTLM does not prove who the server is";
    EXPECT_EQ(std::u16string(w.sServerName), u"");
    return {a.sClientName, w.sClientName};
  }

  static Answer AskCredential(Side& side) {
    SecPkgCredentials_NamesA a = {};
    SecPkgCredentials_NamesW w = {};
    EXPECT_STATUS(SEC_E_OK, QueryCredentialsAttributesA(side.credential(), SECPKG_CRED_ATTR_NAMES, &a));
    EXPECT_STATUS(SEC_E_OK, QueryCredentialsAttributesW(side.credential(), SECPKG_CRED_ATTR_NAMES, &w));
    return {a.sUserName, w.sUserName};
  }

  // Logs somebody in and expects the name and the domain from every query of both sides.
  void ExpectNames(const char* user, const char* domain, const Answer& name, const Answer& authority) {
    Client client(Identity(user, domain, ""));
    Server server(device_);
    LogIn(client, server);
    EXPECT_EQ(AskCredential(client), name);
    for (Side* side : {static_cast<Side*>(&client), static_cast<Side*>(&server)}) {
      EXPECT_EQ(Ask(*side, SECPKG_ATTR_NAMES), name) << name.narrow;
      EXPECT_EQ(AskNative(*side), name) << name.narrow;
      EXPECT_EQ(Ask(*side, SECPKG_ATTR_AUTHORITY), authority) << name.narrow;
      EXPECT_EQ(Ask(*side, SECPKG_ATTR_NAMES), name) << "and once more";
    }
  }

  BARESSPI_DEVICE device_;
};

TEST_F(Names, Ascii) {
  ExpectNames("alice", "EXAMPLE", {"EXAMPLE\\alice", u"EXAMPLE\\alice"}, {"EXAMPLE", u"EXAMPLE"});
}

TEST_F(Names, OtherScripts) {
  ExpectNames("οδυσσεύς", "ITHAKA", {"ITHAKA\\οδυσσεύς", u"ITHAKA\\οδυσσεύς"}, {"ITHAKA", u"ITHAKA"});
  ExpectNames("Größe", "BÜRO", {"BÜRO\\Größe", u"BÜRO\\Größe"}, {"BÜRO", u"BÜRO"});
  ExpectNames("名前", "会社", {"会社\\名前", u"会社\\名前"}, {"会社", u"会社"});
  ExpectNames("😀", "𝄞", {"𝄞\\😀", u"𝄞\\😀"}, {"𝄞", u"𝄞"});
}

TEST_F(Names, WithoutADomainTheUserAlone) {
  ExpectNames("alice", "", {"alice", u"alice"}, {"", u""});
}

TEST_F(Names, UserPrincipalNameAsItWasGiven) {
  ExpectNames("alice@example.org", "", {"alice@example.org", u"alice@example.org"}, {"", u""});
}

TEST_F(Names, AreNotFolded) {
  ExpectNames("aLiCe", "eXample", {"eXample\\aLiCe", u"eXample\\aLiCe"}, {"eXample", u"eXample"});
}

TEST_F(Names, LoneSurrogateIsTheReplacementCharacterInUtf8) {
  const char16_t user[] = {u'a', 0xD800, u'b', 0};
  const SEC_WINNT_AUTH_IDENTITY_W identity = Identity(user, u"D", u"");
  Side client(SECPKG_CRED_OUTBOUND, &identity);
  EXPECT_EQ(AskCredential(client), (Answer{"D\\a\xef\xbf\xbd"
                                           "b",
                                           std::u16string(u"D\\") + user}));
}

TEST_F(Names, OfAnAnonymousClientAreEmpty) {
  Client client(Identity("", "", ""));
  Server server(device_);
  LogIn(client, server, {}, {ASC_REQ_ALLOW_NULL_SESSION});
  EXPECT_EQ(Ask(client, SECPKG_ATTR_NAMES), (Answer{"", u""}));
  EXPECT_EQ(Ask(server, SECPKG_ATTR_NAMES), (Answer{"", u""}));
  EXPECT_EQ(Ask(server, SECPKG_ATTR_AUTHORITY), (Answer{"", u""}));
}

TEST_F(Names, OfACredentialWithoutAnAccountAreNone) {
  Server server;
  SecPkgCredentials_NamesA a;
  SecPkgCredentials_NamesW w;
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS,
                QueryCredentialsAttributesA(server.credential(), SECPKG_CRED_ATTR_NAMES, &a));
  EXPECT_STATUS(SEC_E_NO_CREDENTIALS,
                QueryCredentialsAttributesW(server.credential(), SECPKG_CRED_ATTR_NAMES, &w));
}

TEST_F(Names, PointersStayGoodUntilTheContextIsDeleted) {
  Client client(Identity("alice", "EXAMPLE", ""));
  Server server(device_);
  LogIn(client, server);
  SecPkgContext_NamesA first = {};
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(server.context(), SECPKG_ATTR_NAMES, &first));
  Ask(server, SECPKG_ATTR_AUTHORITY);
  AskNative(server);
  SecPkgContext_NamesA second = {};
  ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(server.context(), SECPKG_ATTR_NAMES, &second));
  EXPECT_EQ(first.sUserName, second.sUserName);
  EXPECT_STREQ(first.sUserName, "EXAMPLE\\alice");
  EXPECT_STATUS(SEC_E_OK, FreeContextBuffer(first.sUserName)) << "does nothing";
  EXPECT_STREQ(first.sUserName, "EXAMPLE\\alice");
}

// Names that leave no room for a converted copy: what does not fit is said so, what does still works. UTF-16
// needs none where its octets are kept in the machine's own order.
TEST_F(Names, FullRoomIsInsufficientMemory) {
  constexpr bool kNeedsNone = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
  constexpr size_t kCharacters = BARESSPI_NTLM_NAME_BYTES / 2 - 1;  // with the zero
  for (size_t size = 1; size <= kCharacters; ++size) {
    const std::string user(size, 'u');
    const size_t room = BARESSPI_NTLM_NAME_BYTES - 2 * (size + 1);
    SecPkgCredentials_NamesA a = {};
    SecPkgCredentials_NamesW w = {};
    {
      Client client(Identity(user.c_str(), "", ""));
      const bool fits = size + 1 <= room;
      EXPECT_STATUS(fits ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY,
                    QueryCredentialsAttributesA(client.credential(), SECPKG_CRED_ATTR_NAMES, &a))
          << size;
      EXPECT_EQ(a.sUserName != nullptr, fits) << "untouched";
      if (fits) {
        EXPECT_EQ(a.sUserName, user);
      }
    }
    Client client(Identity(user.c_str(), "", ""));
    const bool fits = kNeedsNone || 2 * (size + 1) <= room;
    EXPECT_STATUS(fits ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY,
                  QueryCredentialsAttributesW(client.credential(), SECPKG_CRED_ATTR_NAMES, &w))
        << size;
    if (fits) {
      EXPECT_EQ(std::u16string(w.sUserName), std::u16string(user.begin(), user.end()));
    }
  }
}

TEST_F(Names, LongestThatAClientTakesAServerTakesToo) {
  const std::string user(BARESSPI_NTLM_NAME_BYTES / 2 - 1, 'u');
  Client client(Identity(user.c_str(), "", ""));  // fits, with no domain
  Server server(device_);
  const Octets challenge = server.Step(client.Step({}).token).token;
  const Octets authenticate = client.Step(challenge).token;
  EXPECT_STATUS(SEC_E_OK, server.Step(authenticate).status);
}

}  // namespace
}  // namespace two_sides
