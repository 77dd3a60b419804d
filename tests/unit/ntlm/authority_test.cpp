// SPDX-License-Identifier: Apache-2.0
// Who vouches for a caller: the account table, an authority that gives hashes, one that validates responses,
// and none.
#include <algorithm>

#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

// An authority whose answers a test scripts, and what it was asked.
struct Script {
  SECURITY_STATUS status = SEC_E_OK;
  Octets answer = NtHash(u"Password");  // NtHash, or SessionBaseKey
  ULONG user_id = 0;
  mutable int asked = 0;
  mutable Octets domain, user, workstation, challenge, nt;
};

Octets Copy(const BARESSPI_NAME& name) {
  return Octets(name.Utf16le, name.Utf16le + name.cbUtf16le);
}

SECURITY_STATUS GiveHash(const void* context, const BARESSPI_NAME* domain, const BARESSPI_NAME* user,
                         uint8_t* hash, BARESSPI_ACCOUNT* account) {
  const auto* script = static_cast<const Script*>(context);
  ++script->asked;
  script->domain = Copy(*domain);
  script->user = Copy(*user);
  std::copy(script->answer.begin(), script->answer.end(), hash);
  EXPECT_EQ(account->UserId, 0u);  // zeroed before the call
  account->UserId = script->user_id;
  EXPECT_EQ(scripted_port::LockDepth(), 0);
  return script->status;
}

SECURITY_STATUS Validate(const void* context, const BARESSPI_LOGON* logon, uint8_t* key,
                         BARESSPI_ACCOUNT* account) {
  const auto* script = static_cast<const Script*>(context);
  ++script->asked;
  script->domain = Copy(logon->Domain);
  script->user = Copy(logon->User);
  script->workstation = Copy(logon->Workstation);
  script->challenge = Octets(logon->ServerChallenge, logon->ServerChallenge + 8);
  script->nt = Octets(logon->NtResponse, logon->NtResponse + logon->cbNtResponse);
  std::copy(script->answer.begin(), script->answer.end(), key);
  account->UserId = script->user_id;
  EXPECT_EQ(scripted_port::LockDepth(), 0);
  return script->status;
}

class NtlmAuthority : public NtlmTest {
 protected:
  static ULONG UserIdOf(Server* server) {
    void* token = nullptr;
    BARESSPI_TOKEN_INFO info = {};
    EXPECT_EQ(QuerySecurityContextToken(server->context(), &token), SEC_E_OK);
    EXPECT_EQ(BareSspiQueryTokenInformation(token, &info), SEC_E_OK);
    return info.UserId;
  }
};

// ---- Hashes. ----
TEST_F(NtlmAuthority, IsAskedOnceWithTheNamesOfTheMessage) {
  Script script;
  script.user_id = 4711;
  const BARESSPI_AUTHORITY authority = {&script, GiveHash, nullptr, nullptr};
  Server server(&authority);
  PeerClient client;
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  EXPECT_EQ(script.asked, 1);
  EXPECT_EQ(script.domain, Utf16(u"DOMAIN"));
  EXPECT_EQ(script.user, Utf16(u"User"));
  EXPECT_EQ(UserIdOf(&server), 4711u);
}

// Another task: while the authority is asked, it deletes the context and lets a stranger's login take the
// place.
struct OtherTask {
  Server* waiting;
  Server* stranger;
};

SECURITY_STATUS DeleteMeanwhile(const void* context, const BARESSPI_NAME*, const BARESSPI_NAME*,
                                uint8_t* hash, BARESSPI_ACCOUNT* account) {
  const auto* other = static_cast<const OtherTask*>(context);
  EXPECT_EQ(other->waiting->Delete(), SEC_E_OK);
  EXPECT_EQ(other->stranger->Accept(PeerClient().Negotiate()).status, SEC_I_CONTINUE_NEEDED);
  const Octets right = NtHash(u"Password");
  std::copy(right.begin(), right.end(), hash);
  account->UserId = 1;
  return SEC_E_OK;
}

TEST_F(NtlmAuthority, ContextDeletedWhileItIsAskedGivesItsLoginToNobodyElse) {
  OtherTask other = {};
  const BARESSPI_AUTHORITY authority = {&other, DeleteMeanwhile, nullptr, nullptr};
  Server waiting(&authority);
  Server stranger;
  other = {&waiting, &stranger};
  PeerClient client;
  LogIn(&client, &waiting);
  void* token = nullptr;
  EXPECT_EQ(QuerySecurityContextToken(waiting.context(), &token), SEC_E_INVALID_HANDLE);
  EXPECT_EQ(QuerySecurityContextToken(stranger.context(), &token), SEC_E_INVALID_HANDLE);
  EXPECT_EQ(token, nullptr);
  // Nor does the handle that the call gave back become the next one's who takes the place.
  Server next;
  PeerClient another;
  ASSERT_EQ(LogIn(&another, &next).server, SEC_E_OK);
  EXPECT_EQ(QuerySecurityContextToken(waiting.given_back(), &token), SEC_E_INVALID_HANDLE);
  EXPECT_EQ(DeleteSecurityContext(waiting.given_back()), SEC_E_INVALID_HANDLE);
}

TEST_F(NtlmAuthority, NamesCannotChooseWhereTheyEnd) {
  // DOMAIN\user and its zero are handed out as one string: a zero or a backslash in a part would be read as
  // the end of it.
  using namespace std::string_literals;
  for (const std::u16string& domain : {u"CORP\\admin\0"s, u"\0"s, u"CORP\\admin"s}) {
    Server server;
    PeerClient client;
    client.domain = domain;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_INVALID_TOKEN);
  }
  Server server;
  PeerClient client;
  client.user = client.upper_user = u"USER\0X"s;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_INVALID_TOKEN);
}

TEST_F(NtlmAuthority, RefusalCountsWhateverTheHashSays) {
  // An account that is disabled: the hash is right, and the status is what decides.
  for (const SECURITY_STATUS status : {SEC_E_LOGON_DENIED, SEC_E_INTERNAL_ERROR, SEC_I_CONTINUE_NEEDED}) {
    Script script;
    script.status = status;
    const BARESSPI_AUTHORITY authority = {&script, GiveHash, nullptr, nullptr};
    Server server(&authority);
    PeerClient client;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED) << status;
  }
}

TEST_F(NtlmAuthority, UnknownUserCannotLogInWithAHashOfZeroes) {
  // The work is done for unknown users, too; what it is done with must not be a password.
  PeerClient client;
  client.user = client.upper_user = u"NOBODY";
  client.nt_hash = Octets(16);
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED);
}

TEST_F(NtlmAuthority, UnknownUserAndWrongPasswordLookAlike) {
  PeerClient unknown;
  unknown.user = unknown.upper_user = u"NOBODY";
  PeerClient wrong;
  wrong.password = u"wrong";
  for (PeerClient* client : {&unknown, &wrong}) {
    scripted_port::Reset();
    Server server;
    EXPECT_EQ(LogIn(client, &server).server, SEC_E_LOGON_DENIED);
    ASSERT_EQ(scripted_port::Log().size(), 1u);
    EXPECT_EQ(scripted_port::Log()[0].event, BARESSPI_EVENT_LOGON_DENIED);
    EXPECT_EQ(scripted_port::Log()[0].detail, static_cast<uint32_t>(SEC_E_LOGON_DENIED));
  }
}

TEST_F(NtlmAuthority, LoginIsLoggedWithTheUsersNumber) {
  PeerClient client;
  Server server;
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  ASSERT_EQ(scripted_port::Log().size(), 1u);
  EXPECT_EQ(scripted_port::Log()[0].event, BARESSPI_EVENT_LOGON);
  EXPECT_EQ(scripted_port::Log()[0].detail, 7u);
}

// ---- None, or one that cannot be reached. ----
TEST_F(NtlmAuthority, NoneOrOneThatCannotBeReachedIsNoAuthenticatingAuthority) {
  Script script;
  script.status = SEC_E_NO_AUTHENTICATING_AUTHORITY;
  const BARESSPI_AUTHORITY hashes = {&script, GiveHash, nullptr, nullptr};
  const BARESSPI_AUTHORITY responses = {&script, nullptr, Validate, nullptr};
  const BARESSPI_AUTHORITY empty = {};
  for (const BARESSPI_AUTHORITY* authority :
       {&hashes, &responses, &empty, static_cast<const BARESSPI_AUTHORITY*>(nullptr)}) {
    Server server(authority);
    PeerClient client;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_NO_AUTHENTICATING_AUTHORITY);
    EXPECT_EQ(server.SessionKey(), Octets());
  }
}

// ---- Responses validated elsewhere. ----
TEST_F(NtlmAuthority, ValidatorGetsTheResponseAndItsKeyIsUsed) {
  for (const uint32_t without : {uint32_t{0}, kKeyExch}) {
    // The base key, as the domain controller works it out.
    PeerClient client;
    client.flags &= ~without;
    Script script;
    script.user_id = 9;
    const BARESSPI_AUTHORITY authority = {&script, GiveHash, Validate,
                                          nullptr};  // with both, the validator is asked
    Server server(&authority);
    const Octets challenge = server.Accept(client.Negotiate()).token;
    const Octets authenticate = client.Answer(client.Negotiate(), challenge);
    const Authenticate message = ReadAuthenticate(authenticate);
    const Octets key = ResponseKey(NtHash(u"Password"), u"USER", u"DOMAIN");
    script.answer = Mac(key, Part(message.nt, 0, 16));
    ASSERT_EQ(server.Accept(authenticate).status, SEC_E_OK);
    EXPECT_EQ(script.asked, 1);
    EXPECT_EQ(script.domain, Utf16(u"DOMAIN"));
    EXPECT_EQ(script.user, Utf16(u"User"));
    EXPECT_EQ(script.workstation, Utf16(u"PEER"));
    EXPECT_EQ(script.challenge, ReadChallenge(challenge).challenge);
    EXPECT_EQ(Hex(script.nt), Hex(message.nt));
    EXPECT_EQ(server.SessionKey(), client.session_key);
    EXPECT_EQ(UserIdOf(&server), 9u);
  }
}

TEST_F(NtlmAuthority, ValidatorsRefusalCounts) {
  for (const SECURITY_STATUS status : {SEC_E_LOGON_DENIED, SEC_E_INTERNAL_ERROR, SEC_E_BUFFER_TOO_SMALL}) {
    Script script;
    script.status = status;
    const BARESSPI_AUTHORITY authority = {&script, nullptr, Validate, nullptr};
    Server server(&authority);
    PeerClient client;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED) << status;
  }
}

TEST_F(NtlmAuthority, ValidatorsWordDoesNotReplaceTheMic) {
  Script script;  // says yes, with a key that is not the client's
  const BARESSPI_AUTHORITY authority = {&script, nullptr, Validate, nullptr};
  Server server(&authority);
  PeerClient client;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_MESSAGE_ALTERED);
}

TEST_F(NtlmAuthority, ValidatorIsNotAskedAboutWhatIsNoNtlmV2Response) {
  Script script;
  const BARESSPI_AUTHORITY authority = {&script, nullptr, Validate, nullptr};
  for (const size_t size : {0, 24, 43}) {
    PeerClient client;
    client.nt = Octets(size, 1);
    Server server(&authority);
    EXPECT_LT(LogIn(&client, &server).server, 0) << size;
  }
  EXPECT_EQ(script.asked, 0);
}

// ---- The account table. ----
TEST_F(NtlmAuthority, TableMatchesDomainAndUserAndTheFirstEntryCounts) {
  const Octets one = NtHash(u"one");
  const Octets two = NtHash(u"two");
  const BARESSPI_ACCOUNT_ENTRY entries[] = {{"ALPHA", "User", one.data(), 1},
                                            {"beta", "User", two.data(), 2},
                                            {nullptr, "User", one.data(), 3},
                                            {nullptr, "Admin", two.data(), 4}};
  const BARESSPI_ACCOUNT_TABLE table = {entries, 4};
  const BARESSPI_AUTHORITY authority = {&table, BareSspiAccountTableGetNtHash, nullptr, nullptr};
  struct {
    const char16_t* domain;
    const char16_t* user;
    const char16_t* password;
    ULONG user_id;  // 0: denied
  } const cases[] = {
      {u"ALPHA", u"USER", u"one", 1},
      {u"alpha", u"USER", u"one", 1},
      {u"ALPHA", u"USER", u"two", 0},
      {u"BETA", u"USER", u"two", 2},
      {u"BETA", u"USER", u"one", 0},
      {u"GAMMA", u"USER", u"one", 3},
      {u"", u"USER", u"one", 1},
      {u"", u"USER", u"two", 0},
      {u"BETA", u"ADMIN", u"two", 4},
      {u"ALPH", u"USER", u"one", 3},
      {u"ALPHAX", u"USER", u"one", 3},
      {u"ALPHA", u"USE", u"one", 0},
      {u"ALPHA", u"USERX", u"one", 0},
      // A realm within the name counts only when there is no domain beside it.
      {u"", u"USER@BETA", u"two", 2},
      {u"ALPHA", u"USER@BETA", u"two", 0},
      {u"BETA", u"USER@BETA", u"two", 0},
      {u"", u"ADMIN@BETA", u"two", 4},
  };
  for (const auto& c : cases) {
    Server server(&authority);
    PeerClient client;
    client.domain = c.domain;
    client.user = client.upper_user = c.user;
    client.password = c.password;
    const SECURITY_STATUS status = LogIn(&client, &server).server;
    EXPECT_EQ(status, c.user_id != 0 ? SEC_E_OK : SEC_E_LOGON_DENIED)
        << Hex(Utf16(c.domain)) << ", " << Hex(Utf16(c.user));
    if (status == SEC_E_OK) {
      EXPECT_EQ(UserIdOf(&server), c.user_id);
    }
  }
}

TEST_F(NtlmAuthority, EmptyTableKnowsNobody) {
  const BARESSPI_ACCOUNT_TABLE table = {nullptr, 0};
  const BARESSPI_AUTHORITY authority = {&table, BareSspiAccountTableGetNtHash, nullptr, nullptr};
  Server server(&authority);
  PeerClient client;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_LOGON_DENIED);
}

}  // namespace
}  // namespace ntlm_test
