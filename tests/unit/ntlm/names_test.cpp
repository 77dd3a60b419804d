// SPDX-License-Identifier: Apache-2.0
// Names: how they are folded and what of them is empty, on both sides.
#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

class NtlmNames : public NtlmTest {
 protected:
  static Login LoginOf(const Tokens& tokens, const Account& account) {
    return TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate, account);
  }
};

struct Folding {
  const char* what;
  const char16_t* name;
  const char16_t* upper;
  const char* utf8;
};
const Folding kFoldings[] = {
    {"ASCII", u"az_AZ-09", u"AZ_AZ-09", "az_AZ-09"},
    {"umlauts", u"\u00e4\u00f6\u00fc", u"\u00c4\u00d6\u00dc", "\xc3\xa4\xc3\xb6\xc3\xbc"},
    {"cedilla", u"\u00e7\u015f", u"\u00c7\u015e", "\xc3\xa7\xc5\x9f"},
    {"accents", u"\u00e9\u00e8\u00f1\u0159\u0142", u"\u00c9\u00c8\u00d1\u0158\u0141",
     "\xc3\xa9\xc3\xa8\xc3\xb1\xc5\x99\xc5\x82"},
    {"y with diaeresis", u"\u00ff", u"\u0178", "\xc3\xbf"},
    {"Cyrillic", u"\u0438\u0432\u0430\u043d\u0451", u"\u0418\u0412\u0410\u041d\u0401",
     "\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd\xd1\x91"},
    {"Greek", u"\u03b1\u03c9\u03ac", u"\u0391\u03a9\u0386", "\xce\xb1\xcf\x89\xce\xac"},
    {"final sigma", u"\u03bd\u03bf\u03c2", u"\u039d\u039f\u03a3", "\xce\xbd\xce\xbf\xcf\x82"},
    {"dotless i stays", u"\u0131", u"\u0131", "\xc4\xb1"},
    {"micro sign stays", u"\u00b5", u"\u00b5", "\xc2\xb5"},
    {"long s stays", u"\u017f", u"\u017f", "\xc5\xbf"},
    {"sharp s stays", u"stra\u00dfe", u"STRA\u00dfE",
     "stra\xc3\x9f"
     "e"},
    {"division sign stays", u"\u00f7", u"\u00f7", "\xc3\xb7"},
    {"letters without case", u"\u65e5\u672c\u05d0", u"\u65e5\u672c\u05d0",
     "\xe6\x97\xa5\xe6\x9c\xac\xd7\x90"},
    {"beyond the BMP", u"\U00010428x", u"\U00010428X", "\xf0\x90\x90\xa8x"},
};

// ---- Case. ----
TEST_F(NtlmNames, Initiator_FoldsTheUsersNameAsWindowsDoes) {
  for (const Folding& folding : kFoldings) {
    Client wide(folding.name, u"DOMAIN", u"Password");
    Client narrow({folding.utf8, "DOMAIN", "Password"});
    for (Client* client : {&wide, &narrow}) {
      const Tokens tokens = LogIn(client, PeerServer());
      ASSERT_EQ(tokens.client, SEC_E_OK) << folding.what;
      const Login login = LoginOf(tokens, {folding.upper, u"DOMAIN", u"Password"});
      EXPECT_TRUE(login.proof_is_right) << folding.what;
      EXPECT_EQ(login.message.user, Utf16(folding.name)) << folding.what;  // as it was given
    }
  }
}

TEST_F(NtlmNames, Acceptor_FoldsTheUsersNameAsWindowsDoes) {
  for (const Folding& folding : kFoldings) {
    PeerClient client;
    client.user = folding.name;
    client.upper_user = folding.upper;
    Server server(0, {folding.utf8, "", ""});
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK) << folding.what;
  }
}

TEST_F(NtlmNames, Acceptor_FullUnicodeMappingIsNotWhatIsWanted) {
  // What Unicode's own upper case would make of those that stay.
  const Folding wrong[] = {{"dotless i", u"\u0131", u"I", "\xc4\xb1"},
                           {"micro sign", u"\u00b5", u"\u039c", "\xc2\xb5"},
                           {"long s", u"\u017f", u"S", "\xc5\xbf"},
                           {"sharp s", u"\u00df", u"SS", "\xc3\x9f"},
                           {"sharp s", u"\u00df", u"\u1e9e", "\xc3\x9f"}};
  for (const Folding& folding : wrong) {
    PeerClient client;
    client.user = folding.name;
    client.upper_user = folding.upper;
    Server server(0, {folding.utf8, "", ""});
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED) << folding.what;
  }
}

TEST_F(NtlmNames, Acceptor_FindsTheAccountWhateverTheCase) {
  for (const char16_t* user : {u"user", u"USER", u"uSeR"}) {
    PeerClient client;
    client.user = user;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  }
}

TEST_F(NtlmNames, Acceptor_NamesThatUnicodeThinksAlikeAreDifferentAccounts) {
  // K and the Kelvin sign, s and long s: nobody may log in as somebody who looks like him.
  PeerClient client;
  client.user = u"\u212a";
  client.upper_user = u"K";
  Server server(0, {"k", "", ""});
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED);
}

// ---- The domain. ----
TEST_F(NtlmNames, Initiator_UsesTheDomainAsGiven) {
  for (const char16_t* domain : {u"Domain", u"domain", u"d\u00f6main.Test"}) {
    Client client(u"User", domain, u"Password");
    const Tokens tokens = LogIn(&client, PeerServer());
    const Login login = LoginOf(tokens, {u"USER", domain, u"Password"});
    EXPECT_TRUE(login.proof_is_right);
    EXPECT_EQ(login.message.domain, Utf16(domain));
  }
}

TEST_F(NtlmNames, Acceptor_TriesTheMessagesDomainAsItIsAndTheEmptyOne) {
  struct {
    const char16_t* in_message;
    const char16_t* hashed;
    SECURITY_STATUS expected;
  } const cases[] = {
      {u"Domain", u"Domain", SEC_E_OK},
      {u"Domain", u"", SEC_E_OK},
      {u"", u"", SEC_E_OK},
      {u"Domain", u"DOMAIN", SEC_E_LOGON_DENIED},  // not folded
      {u"DOMAIN", u"Domain", SEC_E_LOGON_DENIED},
      {u"", u"DOMAIN", SEC_E_LOGON_DENIED},  // nor the device's
                                             // own
      {u"OTHER", u"DOMAIN", SEC_E_LOGON_DENIED},
  };
  for (const auto& c : cases) {
    PeerClient client;
    client.domain = c.in_message;
    client.hashed_domain = c.hashed;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, c.expected)
        << Hex(Utf16(c.in_message)) << ", " << Hex(Utf16(c.hashed));
    if (c.expected == SEC_E_OK) {
      EXPECT_EQ(server.SessionKey(), client.session_key);
    }
  }
}

TEST_F(NtlmNames, Acceptor_SessionKeyIsTheOneOfTheDomainThatFits) {
  // Without key exchange it is the base key itself.
  for (const char16_t* hashed : {u"DOMAIN", u""}) {
    PeerClient client;
    client.flags &= ~kKeyExch;
    client.hashed_domain = hashed;
    Server server;
    ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
    EXPECT_EQ(Hex(server.SessionKey()), Hex(client.session_key));
  }
}

// ---- Empty things, and user@realm. ----
TEST_F(NtlmNames, BothOurs_EmptyPasswordWorks) {
  Client client({"User", "DOMAIN", ""});
  Server server(0, {}, u"");
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  Client wrong({"User", "DOMAIN", ""});
  Server other;
  EXPECT_EQ(LogIn(&wrong, &other).server, SEC_E_LOGON_DENIED);
}

TEST_F(NtlmNames, Initiator_EmptyPasswordMakesAWholeResponse) {
  Client client({"User", "DOMAIN", ""});
  const Tokens tokens = LogIn(&client, PeerServer());
  EXPECT_TRUE(LoginOf(tokens, {u"USER", u"DOMAIN", u""}).proof_is_right);
}

TEST_F(NtlmNames, Initiator_EmptyDomainWorks) {
  Client client({"User", "", "Password"});
  const Tokens tokens = LogIn(&client, PeerServer());
  const Login login = LoginOf(tokens, {u"USER", u"", u"Password"});
  EXPECT_TRUE(login.proof_is_right);
  EXPECT_TRUE(login.mic_is_right);
  EXPECT_TRUE(login.message.domain.empty());
}

TEST_F(NtlmNames, Initiator_UserAtRealmGoesAsOneNameWithAnEmptyDomain) {
  Client client({"User@realm.test", "", "Password"});
  const Tokens tokens = LogIn(&client, PeerServer());
  const Login login = LoginOf(tokens, {u"USER@REALM.TEST", u"", u"Password"});
  EXPECT_TRUE(login.proof_is_right);
  EXPECT_EQ(login.message.user, Utf16(u"User@realm.test"));
  EXPECT_TRUE(login.message.domain.empty());
}

TEST_F(NtlmNames, Acceptor_UserAtRealmFindsTheAccount) {
  struct {
    const char* domain;  // of the entry
    const char* user;
    const char16_t* caller;
    SECURITY_STATUS expected;
  } const cases[] = {
      {nullptr, "User", u"user@realm.test", SEC_E_OK},
      {"Realm.Test", "User", u"user@realm.test", SEC_E_OK},
      {nullptr, "user@realm.test", u"User@Realm.Test", SEC_E_OK},
      {"other.test", "User", u"user@realm.test", SEC_E_LOGON_DENIED},
      {nullptr, "User", u"user@", SEC_E_OK},  // an empty realm is an empty domain
      {nullptr, "User", u"@realm.test", SEC_E_LOGON_DENIED},
      {nullptr, "User", u"@", SEC_E_LOGON_DENIED},
  };
  for (const auto& c : cases) {
    const Octets hash = NtHash(u"Password");
    const BARESSPI_ACCOUNT_ENTRY entry = {c.domain, c.user, hash.data(), 5};
    const BARESSPI_ACCOUNT_TABLE table = {&entry, 1};
    const BARESSPI_AUTHORITY authority = {&table, BareSspiAccountTableGetNtHash, nullptr, nullptr};
    Server server(&authority);
    PeerClient client;
    client.domain = u"";
    client.user = client.upper_user = c.caller;
    for (char16_t& unit : client.upper_user) {
      if (unit >= u'a' && unit <= u'z') unit = static_cast<char16_t>(unit - 0x20);
    }
    EXPECT_EQ(LogIn(&client, &server).server, c.expected) << Hex(Utf16(c.caller));
  }
}

// ---- The workstation. ----
TEST_F(NtlmNames, Initiator_WorkstationIsTheDevicesNameOrNone) {
  const std::string names[] = {"",
                               "DEVICE",
                               "FIFTEENLETTERS1",
                               "SIXTEENLETTERS12",
                               std::string(21, 'X'),
                               std::string(63, 'Y'),
                               "d\xc3\xa9"
                               "vice"};
  for (const std::string& name : names) {
    BARESSPI_DEVICE device = {};
    device.Version = BARESSPI_DEVICE_VERSION;
    device.Length = sizeof device;
    device.NetBiosComputerName = name.c_str();
    scripted_port::SetDevice(&device);
    Client client;
    const Tokens tokens = LogIn(&client, PeerServer());
    ASSERT_EQ(tokens.client, SEC_E_OK) << name;
    const Login login = LoginOf(tokens, {});
    EXPECT_TRUE(login.mic_is_right) << name;
    EXPECT_EQ(login.message.workstation.size(), name == "d\xc3\xa9"
                                                        "vice"
                                                    ? 12
                                                    : 2 * name.size())
        << name;
    scripted_port::SetDevice(nullptr);
  }
  Client nameless;
  EXPECT_TRUE(ReadAuthenticate(LogIn(&nameless, PeerServer()).authenticate).workstation.empty());
}

TEST_F(NtlmNames, Acceptor_WorkstationMayBeMissingOrLong) {
  for (const size_t length : {0, 1, 15, 16, 20, 21, 255, 1000}) {
    PeerClient client;
    client.workstation = std::u16string(length, u'W');
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK) << length;
  }
}

}  // namespace
}  // namespace ntlm_test
