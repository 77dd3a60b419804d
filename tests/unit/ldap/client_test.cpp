// SPDX-License-Identifier: Apache-2.0
// The client over the scripted network: logins, the layer, hostile directories, and every call failing once.
#include "boards/ldap/client.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"
#include "tests/unit/ldap/fake_directory.h"

namespace ldap {
namespace {

using ldap_test::EntryOf;
using ldap_test::FakeDirectory;
using ldap_test::MessageOf;
using ldap_test::ResultOf;
using scripted_sockets::Fault;
using scripted_sockets::Script;
using OctetString = scripted_sockets::Octets;

constexpr uint32_t kTimeout = 4000;  // ms

class LdapClient : public testing::Test {
 protected:
  LdapClient() {
    scripted_sockets::Reset();
    scripted_port::Reset();
    directory_ = std::make_unique<FakeDirectory>();
    settings_.host = "127.0.0.1";
    settings_.port = directory_->port();
    settings_.account = {"alice", "EXAMPLE", "Passw0rd!"};
    settings_.timeout = kTimeout;
    Play();
  }
  ~LdapClient() override {
    client_->Close();
    directory_.reset();
    EXPECT_EQ(0u, scripted_sockets::Open());
    BARESSPI_POOL_USE use = {};
    EXPECT_STATUS(SEC_E_OK, BareSspiQueryPoolUse("NTLM", &use));
    EXPECT_EQ(0u, use.Contexts);
    EXPECT_EQ(0u, use.Credentials);
  }
  void Play(Script script = {}) {
    script.idle = [this] { return directory_->Pump(); };
    scripted_sockets::Play(script);
  }
  Outcome LogIn(Protection protection = Protection::kSealed) {
    settings_.protection = protection;
    const Outcome outcome = client_->Open(&settings_);
    return outcome == Outcome::kDone ? client_->Bind() : outcome;
  }
  Outcome Search(size_t* found) {
    Finder finder;
    finder.self = found;
    finder.on_entry = [](void* self, const Entry&) { ++*static_cast<size_t*>(self); };
    *found = 0;
    return client_->Search({}, finder);
  }
  // A search whose answers the directory makes so, after a bind with this protection.
  Outcome SearchAnsweredBy(const std::function<void(uint32_t id)>& answer, size_t* found,
                           Protection protection = Protection::kSealed) {
    directory_->on_search = answer;
    const Outcome outcome = LogIn(protection);
    return outcome == Outcome::kDone ? Search(found) : outcome;
  }

  std::unique_ptr<FakeDirectory> directory_;
  Settings settings_;
  std::unique_ptr<Client> client_ = std::make_unique<Client>();
};

// ---- What works. ----
TEST_F(LdapClient, HasTheProtectionThatWasAskedForAndNoOther) {
  constexpr ULONG kBoth = ASC_RET_INTEGRITY | ASC_RET_CONFIDENTIALITY;
  const struct {
    Protection protection;
    ULONG agreed;
  } cases[] = {
      {Protection::kSealed, kBoth}, {Protection::kSigned, ASC_RET_INTEGRITY}, {Protection::kNone, 0}};
  for (const auto& each : cases) {
    size_t found = 0;
    ASSERT_EQ(Outcome::kDone, LogIn(each.protection));
    EXPECT_EQ(each.agreed, directory_->attributes() & kBoth);
    EXPECT_EQ(each.protection, client_->login()->protection());
    const bool has_layer = each.protection != Protection::kNone;
    EXPECT_TRUE(!has_layer || client_->login()->KeyBits() == 128u);
    EXPECT_STREQ("EXAMPLE\\alice", client_->login()->Who());
    EXPECT_STREQ("NTLM", client_->login()->Package());
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(Outcome::kDone, Search(&found));
      EXPECT_EQ(1u, found);
    }
    EXPECT_FALSE(directory_->refused_message);
    const unsigned before = directory_->unbinds;
    client_->Close();
    while (directory_->Pump()) {
    }
    EXPECT_EQ(before + 1, directory_->unbinds) << "it says goodbye";
  }
}

TEST_F(LdapClient, OctetByOctetIsNoOther) {
  for (const Protection protection : {Protection::kSealed, Protection::kNone}) {
    Script script;
    script.most_received = 1;
    script.most_sent = 1;
    Play(script);
    size_t found = 0;
    ASSERT_EQ(Outcome::kDone, LogIn(protection));
    EXPECT_EQ(Outcome::kDone, Search(&found));
    EXPECT_EQ(1u, found);
  }
}

TEST_F(LdapClient, MessagesNeedNotBeWhereTheLayersAre) {
  size_t found = 0;
  const auto answer = [&](uint32_t id) {
    OctetString all = MessageOf(id, kSearchEntry, EntryOf("cn=a", "cn", std::string(300, 'a')));
    const OctetString more = MessageOf(id, kSearchEntry, EntryOf("cn=b", "cn", "b"));
    const OctetString done = MessageOf(id, kSearchDone, ResultOf(0));
    all.insert(all.end(), more.begin(), more.end());
    all.insert(all.end(), done.begin(), done.end());
    for (size_t at = 0; at < all.size(); at += 100) {
      const size_t end = std::min(at + 100, all.size());
      directory_->Say(
          OctetString(all.begin() + static_cast<ptrdiff_t>(at), all.begin() + static_cast<ptrdiff_t>(end)));
    }
  };
  EXPECT_EQ(Outcome::kDone, SearchAnsweredBy(answer, &found));
  EXPECT_EQ(2u, found);
}

// ---- Refusals. ----
TEST_F(LdapClient, WrongPasswordIsTheServersAnswer) {
  settings_.account.password = "wrong";
  EXPECT_EQ(Outcome::kRefused, LogIn());
  EXPECT_EQ(49u, client_->result().code);
}

TEST_F(LdapClient, BindAfterARefusedOneLeavesNothingOfThatOne) {
  settings_.account.password = "wrong";
  EXPECT_EQ(Outcome::kRefused, LogIn());
  EXPECT_EQ(Outcome::kRefused, client_->Bind());
}

TEST_F(LdapClient, BindInsideOfALayerIsNone) {
  EXPECT_EQ(Outcome::kDone, LogIn());
  EXPECT_EQ(Outcome::kLoginFailed, client_->Bind());
  size_t found = 0;
  directory_->on_search = [&](uint32_t id) { directory_->Say(MessageOf(id, kSearchDone, ResultOf(0))); };
  EXPECT_EQ(Outcome::kDone, Search(&found)) << "the layer is as it was";
}

TEST_F(LdapClient, RefusedSearchIsTheServersAnswer) {
  size_t found = 0;
  const auto answer = [&](uint32_t id) {
    directory_->Say(MessageOf(id, kSearchDone, ResultOf(32, "no such")));
  };
  EXPECT_EQ(Outcome::kRefused, SearchAnsweredBy(answer, &found));
  EXPECT_EQ(32u, client_->result().code);
  EXPECT_TRUE(http::Equal("no such", client_->result().diagnostic));
}

TEST_F(LdapClient, NoticeOfDisconnectionEndsIt) {
  size_t found = 0;
  const auto answer = [&](uint32_t) {
    OctetString name = {0x8A, static_cast<uint8_t>(kNoticeOfDisconnection.size)};
    for (size_t i = 0; i < kNoticeOfDisconnection.size; ++i) {
      name.push_back(static_cast<uint8_t>(kNoticeOfDisconnection[i]));
    }
    directory_->Say(MessageOf(0, kExtendedResponse, ResultOf(52, "", name)));
  };
  EXPECT_EQ(Outcome::kDisconnected, SearchAnsweredBy(answer, &found));
  EXPECT_EQ(52u, client_->result().code);
}

// ---- Binds that are none. ----
TEST_F(LdapClient, SuccessBeforeOurSideIsDoneIsNone) {
  directory_->on_bind = [](uint32_t id, const OctetString&, SECURITY_STATUS) {
    return MessageOf(id, kBindResponse, ResultOf(0));
  };
  EXPECT_EQ(Outcome::kLoginFailed, LogIn());
}

TEST_F(LdapClient, SuccessWithATokenThatIsNoneIsNone) {
  directory_->on_bind = [](uint32_t id, const OctetString& answer, SECURITY_STATUS status) {
    if (status != SEC_E_OK) return answer;
    return MessageOf(id, kBindResponse, ResultOf(0, "", {0x87, 2, 1, 2}));
  };
  for (const Protection protection : {Protection::kSealed, Protection::kSigned, Protection::kNone}) {
    EXPECT_EQ(Outcome::kLoginFailed, LogIn(protection));
  }
}

TEST_F(LdapClient, BindThatGoesOnForeverEnds) {
  directory_->on_bind = [](uint32_t id, const OctetString&, SECURITY_STATUS) {
    return MessageOf(id, kBindResponse, ResultOf(kSaslBindInProgress, "", {0x87, 0}));
  };
  EXPECT_EQ(Outcome::kLoginFailed, LogIn());
}

// ---- Hostile directories. ----
TEST_F(LdapClient, AnotherIdIsNoAnswer) {
  size_t found = 0;
  for (const uint32_t other : {1u, 2u, 4u, 0u, 0x7FFFFFFFu}) {
    const auto answer = [&](uint32_t) { directory_->Say(MessageOf(other, kSearchDone, ResultOf(0))); };
    EXPECT_EQ(Outcome::kMalformed, SearchAnsweredBy(answer, &found)) << other;
  }
}

TEST_F(LdapClient, AnswerToSomethingElseIsNone) {
  size_t found = 0;
  for (const uint8_t operation :
       {uint8_t{kBindResponse}, uint8_t{kSearchRequest}, uint8_t{0x79}, uint8_t{0}}) {
    const auto answer = [&](uint32_t id) { directory_->Say(MessageOf(id, operation, ResultOf(0))); };
    EXPECT_EQ(Outcome::kMalformed, SearchAnsweredBy(answer, &found)) << int{operation};
  }
}

TEST_F(LdapClient, NothingIsTakenOutsideOfTheLayer) {
  size_t found = 0;
  const auto answer = [&](uint32_t id) { directory_->SayRaw(MessageOf(id, kSearchDone, ResultOf(0))); };
  for (const Protection protection : {Protection::kSealed, Protection::kSigned}) {
    EXPECT_EQ(Outcome::kTooLong, SearchAnsweredBy(answer, &found, protection));
  }
  EXPECT_EQ(Outcome::kDone, SearchAnsweredBy(answer, &found, Protection::kNone));
}

TEST_F(LdapClient, AlteredMessagesEndIt_WhateverOctetItIs) {
  size_t found = 0;
  const size_t size = MessageOf(3, kSearchDone, ResultOf(0)).size() + Login::kSignature;
  for (const Protection protection : {Protection::kSealed, Protection::kSigned}) {
    for (size_t at = 0; at < size; ++at) {
      const auto answer = [&](uint32_t id) {
        OctetString message = directory_->Wrap(MessageOf(id, kSearchDone, ResultOf(0)));
        message[Login::kSizeOctets + at] ^= 0x40;
        directory_->SayRaw(message);
      };
      EXPECT_EQ(Outcome::kAltered, SearchAnsweredBy(answer, &found, protection)) << at;
      EXPECT_EQ(Outcome::kLost, Search(&found)) << "nothing more is said on it";
    }
  }
}

TEST_F(LdapClient, RepeatedMessageEndsIt) {
  size_t found = 0;
  const auto answer = [&](uint32_t id) {
    const OctetString entry = directory_->Wrap(MessageOf(id, kSearchEntry, EntryOf("cn=a", "cn", "a")));
    directory_->SayRaw(entry);
    directory_->SayRaw(entry);
  };
  EXPECT_EQ(Outcome::kAltered, SearchAnsweredBy(answer, &found));
  EXPECT_EQ(1u, found);
}

TEST_F(LdapClient, MessageThatIsOnlySignedIsRefusedWhereSealingWasAgreed) {
  size_t found = 0;
  const auto answer = [&](uint32_t id) {
    directory_->SayRaw(directory_->Wrap(MessageOf(id, kSearchDone, ResultOf(0)), SECQOP_WRAP_NO_ENCRYPT));
  };
  EXPECT_EQ(Outcome::kAltered, SearchAnsweredBy(answer, &found, Protection::kSealed));
  EXPECT_EQ(Outcome::kDone, SearchAnsweredBy(answer, &found, Protection::kSigned));
}

TEST_F(LdapClient, LengthsAreCheckedBeforeAnythingIsRead) {
  size_t found = 0;
  const OctetString sizes[] = {
      {0xFF, 0xFF, 0xFF, 0xFF}, {0x7F, 0xFF, 0xFF, 0xFF}, {0, 0, BARESSPI_LDAP_IN / 256, 1}};
  for (const OctetString& size : sizes) {
    const auto answer = [&](uint32_t) { directory_->SayRaw(size); };
    EXPECT_EQ(Outcome::kTooLong, SearchAnsweredBy(answer, &found)) << int{size[0]};
  }
  const auto short_one = [&](uint32_t) { directory_->SayRaw({0, 0, 0, 3, 1, 2, 3}); };
  EXPECT_EQ(Outcome::kAltered, SearchAnsweredBy(short_one, &found));
  const auto long_message = [&](uint32_t) { directory_->Say({0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF}); };
  EXPECT_EQ(Outcome::kTooLong, SearchAnsweredBy(long_message, &found, Protection::kNone));
  EXPECT_EQ(Outcome::kTooLong, SearchAnsweredBy(long_message, &found, Protection::kSealed));
}

TEST_F(LdapClient, GarbageIsNoAnswer) {
  size_t found = 0;
  const OctetString garbage[] = {
      {'H', 'T', 'T', 'P'}, {0x30, 0x80, 0, 0}, {0x30, 0}, {0x30, 3, 2, 1, 3}, {0x31, 0, 0}};
  for (const OctetString& octets : garbage) {
    const auto answer = [&](uint32_t) { directory_->Say(octets); };
    EXPECT_EQ(Outcome::kMalformed, SearchAnsweredBy(answer, &found, Protection::kNone)) << int{octets[0]};
    EXPECT_EQ(Outcome::kMalformed, SearchAnsweredBy(answer, &found, Protection::kSealed)) << int{octets[0]};
  }
}

TEST_F(LdapClient, SilenceEndsWithTheTime) {
  size_t found = 0;
  EXPECT_EQ(Outcome::kTimeout, SearchAnsweredBy([](uint32_t) {}, &found));
  EXPECT_LE(scripted_sockets::TimeGone(), kTimeout + 10);
  // An answer that trickles in is no longer.
  const auto endless = [&](uint32_t id) {
    for (int i = 0; i < 1000; ++i) directory_->Say(MessageOf(id, kSearchEntry, EntryOf("cn=a", "cn", "a")));
  };
  Script script;
  script.most_received = 1;
  script.cost = 1;
  Play(script);
  EXPECT_EQ(Outcome::kTimeout, SearchAnsweredBy(endless, &found));
  EXPECT_LE(scripted_sockets::TimeGone(), kTimeout + 100);
}

// ---- Each call failing once. ----
TEST_F(LdapClient, FaultAtAnyCallIsAnErrorInTimeAndTheNextLoginWorks) {
  for (const Fault fault : {Fault::kReset, Fault::kEnd, Fault::kSilence, Fault::kNoResources}) {
    size_t failures = 0;
    for (unsigned call = 1; call < 200; ++call) {
      Script script;
      script.fails_at = call;
      script.fault = fault;
      Play(script);
      size_t found = 0;
      Outcome outcome = LogIn();
      if (outcome == Outcome::kDone) outcome = Search(&found);
      EXPECT_LE(scripted_sockets::TimeGone(), kTimeout + 10) << call;
      const bool reached = scripted_sockets::Calls() >= call;
      client_->Close();
      directory_->Hang();
      Play();
      ASSERT_EQ(Outcome::kDone, LogIn()) << call;
      ASSERT_EQ(Outcome::kDone, Search(&found)) << call;
      client_->Close();
      if (!reached) break;
      if (outcome != Outcome::kDone) ++failures;
    }
    EXPECT_GT(failures, 5u);
  }
}

// ---- The login inside TLS. ----
TEST_F(LdapClient, LoginHasTheBindingsThatItIsGiven) {
  struct {
    SEC_CHANNEL_BINDINGS head;
    char data[24];
  } bound = {}, other = {};
  for (auto* each : {&bound, &other}) {
    each->head.cbApplicationDataLength = sizeof each->data;
    each->head.dwApplicationDataOffset = sizeof each->head;
  }
  other.data[3] = 1;
  BARESSPI_DEVICE device = two_sides::ServerDevice();
  for (const bool same : {true, false}) {
    CredHandle credential = {};
    CtxtHandle server = {};
    ASSERT_STATUS(SEC_E_OK, AcquireCredentialsHandleA(nullptr, "Negotiate", SECPKG_CRED_INBOUND, nullptr,
                                                      &device, nullptr, nullptr, &credential, nullptr));
    SecBuffer ours = {sizeof bound, SECBUFFER_CHANNEL_BINDINGS, &bound};
    SecBuffer theirs = {sizeof other, SECBUFFER_CHANNEL_BINDINGS, same ? &bound : &other};
    Login login;
    ASSERT_STATUS(SEC_E_OK, login.Begin(settings_.account, "ldap/dc1.example.test", Protection::kNone));
    uint8_t to[4096], from[4096];
    size_t size = 0;
    SecBuffer out = {0, SECBUFFER_TOKEN, from};
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    for (int round = 0; round < 2; ++round) {
      EXPECT_TRUE(SEC_SUCCESS(login.Step({from, out.cbBuffer}, ours, to, sizeof to, &size)));
      SecBuffer in[] = {{static_cast<ULONG>(size), SECBUFFER_TOKEN, to}, theirs};
      out.cbBuffer = sizeof from;
      SecBufferDesc input = {SECBUFFER_VERSION, 2, in}, output = {SECBUFFER_VERSION, 1, &out};
      ULONG attributes = 0;
      status = AcceptSecurityContext(&credential, round != 0 ? &server : nullptr, &input, ASC_REQ_CONNECTION,
                                     0, &server, &output, &attributes, nullptr);
    }
    EXPECT_STATUS(same ? SEC_E_OK : SEC_E_BAD_BINDINGS, status);
    login.End();
    (void)DeleteSecurityContext(&server);
    (void)FreeCredentialsHandle(&credential);
  }
}

}  // namespace
}  // namespace ldap
