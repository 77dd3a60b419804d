// SPDX-License-Identifier: Apache-2.0
#include "boards/examples/accounts.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/pki/certificates.h"

namespace {

namespace pki = baresspi::pki;
using examples::Accounts;

std::string Ascii(const BARESSPI_NAME& name) {
  std::string text;
  for (ULONG i = 0; i + 1 < name.cbUtf16le; i += 2) text += static_cast<char>(name.Utf16le[i]);
  return text;
}

// Whom the certificate stands for, as DOMAIN\user and the account's number; "nobody".
std::string Mapped(const Accounts& accounts, const pki::Octets& certificate, ULONG* id = nullptr) {
  BARESSPI_NAME domain = {};
  BARESSPI_NAME user = {};
  BARESSPI_ACCOUNT account = {};
  const BARESSPI_AUTHORITY& authority = *accounts.authority();
  if (authority.MapCertificate(authority.Context, certificate.data, static_cast<ULONG>(certificate.size),
                               &domain, &user, &account) != SEC_E_OK) {
    return "nobody";
  }
  if (id != nullptr) *id = account.UserId;
  return Ascii(domain) + "\\" + Ascii(user);
}

// Whether somebody of that name, of whatever domain, has a password.
SECURITY_STATUS AskHash(const Accounts& accounts, const std::string& name, ULONG* id = nullptr) {
  uint8_t hash[16];
  std::string utf16le;
  for (const char c : name) utf16le += {c, 0};
  BARESSPI_ACCOUNT account = {};
  const BARESSPI_NAME domain = {};
  const BARESSPI_NAME user = {reinterpret_cast<const uint8_t*>(utf16le.data()),
                              static_cast<ULONG>(utf16le.size())};
  const BARESSPI_AUTHORITY& authority = *accounts.authority();
  const SECURITY_STATUS status = authority.GetNtHash(authority.Context, &domain, &user, hash, &account);
  if (id != nullptr) *id = account.UserId;
  return status;
}

TEST(WebPageAccounts, ACertificateStandsForTheFirstRuleThatFits) {
  Accounts accounts;
  ASSERT_TRUE(accounts.AddMapping("cn:Alice=EXAMPLE\\other"));
  ASSERT_TRUE(accounts.AddMapping("upn:ALICE@example.TEST=EXAMPLE\\alice"));
  ASSERT_TRUE(accounts.AddMapping("cn:alice=EXAMPLE\\late"));
  ASSERT_TRUE(accounts.AddMapping("CN:device.example.test=device"));
  ASSERT_EQ(SEC_E_OK, accounts.Finish());
  EXPECT_EQ(Mapped(accounts, pki::kClient), "EXAMPLE\\alice") << "common names have letters of either case";
  EXPECT_EQ(Mapped(accounts, pki::kServer), "\\device");
  EXPECT_EQ(Mapped(accounts, pki::kRoot), "nobody");
  const uint8_t junk[] = {0x30, 0x82, 0xFF};
  EXPECT_EQ(Mapped(accounts, {junk, sizeof junk}), "nobody");
}

TEST(WebPageAccounts, ACertificateWithoutANameFitsNoRule) {
  Accounts accounts;
  ASSERT_TRUE(accounts.AddMapping("upn:x=EXAMPLE\\alice"));
  ASSERT_EQ(SEC_E_OK, accounts.Finish());
  EXPECT_EQ(Mapped(accounts, pki::kServer), "nobody");
}

TEST(WebPageAccounts, RulesThatAreNoneAreRefused) {
  for (const char* rule :
       {"", "alice", "alice=A\\a", "cn:", "cn:=A\\a", "cn:alice", "cn:alice=", "cn:alice=A\\", "upn:=a",
        "cn:alice=A\\\xFF", "cn:alice=A\\\xC3", "cn:alice=\xED\xA0\x80\\a", "cn:alice=\xC0\x80\\a"}) {
    EXPECT_FALSE(Accounts().AddMapping(rule)) << rule;
  }
  const std::string longest(64, 'u');
  EXPECT_TRUE(Accounts().AddMapping(("cn:alice=" + longest).c_str()));
  EXPECT_FALSE(Accounts().AddMapping(("cn:alice=" + longest + "u").c_str()));
}

TEST(WebPageAccounts, AFingerprintIsOneCertificatesAlone) {
  // As openssl x509 -fingerprint -sha256 prints it of client.pem, and without its colons.
  for (const char* rule :
       {"sha256:F0:82:FA:C4:73:24:96:C8:9D:3E:94:5B:E9:22:7A:E9:8A:6D:A6:9A:27:60:AE:22:3B:68:E1:FA:03:2C:09:"
        "42=EXAMPLE\\alice",
        "SHA256:f082fac4732496c89d3e945be9227ae98a6da69a2760ae223b68e1fa032c0942=EXAMPLE\\alice"}) {
    Accounts accounts;
    ASSERT_TRUE(accounts.AddMapping(rule));
    ASSERT_EQ(SEC_E_OK, accounts.Finish());
    EXPECT_EQ(Mapped(accounts, pki::kClient), "EXAMPLE\\alice");
    EXPECT_EQ(Mapped(accounts, pki::kClientUntrusted), "nobody");
    EXPECT_EQ(Mapped(accounts, pki::kServer), "nobody");
  }
}

TEST(WebPageAccounts, WhatIsNoFingerprintIsRefused) {
  const std::string good(64, 'a');
  EXPECT_TRUE(Accounts().AddMapping(("sha256:" + good + "=A\\a").c_str()));
  for (const std::string& bad : {std::string(), good.substr(1), good + "a", good + "aa", "g" + good.substr(1),
                                 "a:" + good.substr(1)}) {
    EXPECT_FALSE(Accounts().AddMapping(("sha256:" + bad + "=A\\a").c_str())) << bad;
  }
}

TEST(WebPageAccounts, AKeyMayHoldTheSign) {
  Accounts accounts;
  EXPECT_TRUE(accounts.AddMapping("cn:a=b=EXAMPLE\\alice"));
}

TEST(WebPageAccounts, OneAccountHasOneNumberByPasswordAndByCertificate) {
  Accounts accounts;
  ASSERT_TRUE(accounts.AddUser("bob"));
  ASSERT_TRUE(accounts.AddUser("alice"));
  ASSERT_TRUE(accounts.SetDomain("EXAMPLE"));
  ASSERT_TRUE(accounts.AddMapping("cn:alice=example\\ALICE"));
  ASSERT_TRUE(accounts.AddAdmin("EXAMPLE\\alice"));
  ASSERT_EQ(SEC_E_OK, accounts.Finish());
  ULONG id = 0;
  EXPECT_EQ(Mapped(accounts, pki::kClient, &id), "example\\ALICE");
  EXPECT_EQ(1001u, id);
  EXPECT_TRUE(accounts.IsAdmin(1001));
  EXPECT_FALSE(accounts.IsAdmin(1000));
}

TEST(WebPageAccounts, AnAdministratorMayHaveACertificateAlone) {
  Accounts accounts;
  ASSERT_TRUE(accounts.AddMapping("cn:device.example.test=EXAMPLE\\device"));
  ASSERT_TRUE(accounts.AddMapping("cn:alice=EXAMPLE\\alice"));
  ASSERT_TRUE(accounts.AddAdmin("EXAMPLE\\alice"));
  ASSERT_EQ(SEC_E_OK, accounts.Finish());
  ULONG alice = 0;
  ULONG device = 0;
  EXPECT_EQ(Mapped(accounts, pki::kClient, &alice), "EXAMPLE\\alice");
  EXPECT_EQ(Mapped(accounts, pki::kServer, &device), "EXAMPLE\\device");
  EXPECT_TRUE(accounts.IsAdmin(alice));
  EXPECT_FALSE(accounts.IsAdmin(device));
}

TEST(WebPageAccounts, AnAdministratorWithoutADomainIsOfAny) {
  Accounts accounts;
  ASSERT_TRUE(accounts.AddMapping("cn:device.example.test=EXAMPLE\\device"));
  ASSERT_TRUE(accounts.AddMapping("cn:alice=EXAMPLE\\alice"));
  ASSERT_TRUE(accounts.AddAdmin("Alice"));
  ASSERT_TRUE(accounts.AddAdmin("OTHER\\device"));
  ASSERT_EQ(SEC_E_OK, accounts.Finish());
  EXPECT_FALSE(accounts.IsAdmin(2000));
  EXPECT_TRUE(accounts.IsAdmin(2001));
}

// The empty password is one that everybody knows: it has to be said.
TEST(WebPageAccounts, WithoutAPasswordNobodyLogsInByOne) {
  Accounts accounts;
  ASSERT_TRUE(accounts.AddUser("alice"));
  ASSERT_TRUE(accounts.AddUser("bob"));
  ASSERT_TRUE(accounts.SetPassword(""));
  ASSERT_EQ(SEC_E_OK, accounts.Finish());
  EXPECT_EQ(SEC_E_LOGON_DENIED, AskHash(accounts, "alice"));
  ULONG id = 0;
  EXPECT_EQ(SEC_E_OK, AskHash(accounts, "bob", &id));
  EXPECT_EQ(1001u, id);
}

TEST(WebPageAccounts, NumbersOfNobodyAreNoAdministrators) {
  Accounts accounts;
  ASSERT_TRUE(accounts.AddUser("alice"));
  ASSERT_TRUE(accounts.AddAdmin("alice"));
  ASSERT_EQ(SEC_E_OK, accounts.Finish());
  EXPECT_TRUE(accounts.IsAdmin(1000));
  for (const ULONG id : {ULONG{0}, ULONG{999}, ULONG{1001}, ULONG{2000}, ULONG{2001}, ULONG{0xFFFFFFFF}}) {
    EXPECT_FALSE(accounts.IsAdmin(id)) << id;
  }
  accounts.Clear();
  EXPECT_FALSE(accounts.IsAdmin(1000)) << "what was before is forgotten";
  EXPECT_TRUE(accounts.empty());
}

TEST(WebPageAccounts, APasswordThatIsNoUtf8IsRefused) {
  Accounts accounts;
  ASSERT_TRUE(accounts.AddUser("alice"));
  ASSERT_TRUE(accounts.SetPassword("\xFF"));
  EXPECT_EQ(SEC_E_INVALID_PARAMETER, accounts.Finish());
}

}  // namespace
