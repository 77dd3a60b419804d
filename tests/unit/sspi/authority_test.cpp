// SPDX-License-Identifier: Apache-2.0
// How an acceptor asks the firmware's authority: with what, when, and what the authority may do meanwhile.
#include <string.h>

#include <string>

#include "tests/support/scripted_port.h"
#include "tests/support/two_sides.h"

namespace two_sides {
namespace {

// What an authority was asked, and how it answers.
struct Witness {
  int asked = 0;
  std::string user;
  std::string domain;
  std::string workstation;
  Octets server_challenge;
  Octets nt_response;
  SECURITY_STATUS answer = SEC_E_OK;
  Octets key = Octets(16, 0x5A);
};

std::string Ascii(const BARESSPI_NAME& name) {
  std::string text;
  EXPECT_EQ(name.cbUtf16le % 2, 0u);
  for (ULONG i = 0; i < name.cbUtf16le; i += 2) text += static_cast<char>(name.Utf16le[i]);
  return text;
}

Witness& WitnessOf(const void* context) {
  EXPECT_EQ(scripted_port::LockDepth(), 0) << "no lock is held";
  auto& witness = *static_cast<Witness*>(const_cast<void*>(context));
  ++witness.asked;
  return witness;
}

SECURITY_STATUS GetNtHash(const void* context, const BARESSPI_NAME* domain, const BARESSPI_NAME* user,
                          uint8_t hash[16], BARESSPI_ACCOUNT* account) {
  Witness& witness = WitnessOf(context);
  witness.user = Ascii(*user);
  witness.domain = Ascii(*domain);
  EXPECT_EQ(account->UserId, 0u) << "zeroed";
  account->UserId = 42;
  EXPECT_STATUS(SEC_E_OK, BareSspiNtHash("Passw0rd!", 9, hash));
  return witness.answer;
}

SECURITY_STATUS ValidateResponse(const void* context, const BARESSPI_LOGON* logon, uint8_t key[16],
                                 BARESSPI_ACCOUNT* account) {
  Witness& witness = WitnessOf(context);
  witness.user = Ascii(logon->User);
  witness.domain = Ascii(logon->Domain);
  witness.workstation = Ascii(logon->Workstation);
  witness.server_challenge.assign(logon->ServerChallenge, logon->ServerChallenge + 8);
  witness.nt_response.assign(logon->NtResponse, logon->NtResponse + logon->cbNtResponse);
  EXPECT_EQ(account->UserId, 0u);
  account->UserId = 43;
  memcpy(key, witness.key.data(), 16);
  return witness.answer;
}

class AskedAuthority : public Test {
 protected:
  AskedAuthority() : authority_{&witness_, GetNtHash, nullptr, nullptr}, device_(ServerDevice()) {
    device_.Authority = &authority_;
  }

  // A login that asks for nothing.
  SECURITY_STATUS LogInWith(Side& client, Side& server) {
    const Result challenge = server.Step(client.Step({}).token);
    challenge_ = challenge.token;
    authenticate_ = client.Step(challenge_).token;
    return server.Step(authenticate_).status;
  }

  ULONG UserId(Side& server) {
    void* token = nullptr;
    BARESSPI_TOKEN_INFO info = {};
    EXPECT_STATUS(SEC_E_OK, QuerySecurityContextToken(server.context(), &token));
    EXPECT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(token, &info));
    return info.UserId;
  }

  Witness witness_;
  BARESSPI_AUTHORITY authority_;
  BARESSPI_DEVICE device_;
  Octets challenge_;
  Octets authenticate_;
};

TEST_F(AskedAuthority, GivesAnNtHash) {
  Client client;
  Server server(device_);
  EXPECT_STATUS(SEC_E_OK, LogInWith(client, server));
  EXPECT_EQ(witness_.asked, 1);
  EXPECT_EQ(witness_.user, "alice");
  EXPECT_EQ(witness_.domain, "EXAMPLE");
  EXPECT_EQ(UserId(server), 42u);
}

TEST_F(AskedAuthority, NamesAreAsInTheMessage) {
  Client client(Identity("aLice@example.org", "", "Passw0rd!"));
  Server server(device_);
  EXPECT_STATUS(SEC_E_OK, LogInWith(client, server));
  EXPECT_EQ(witness_.user, "aLice@example.org");
  EXPECT_EQ(witness_.domain, "");
}

TEST_F(AskedAuthority, RightHashOfARefusedAccountLetsNobodyIn) {
  witness_.answer = SEC_E_LOGON_DENIED;
  Client client;
  Server server(device_);
  EXPECT_STATUS(SEC_E_LOGON_DENIED, LogInWith(client, server));
}

TEST_F(AskedAuthority, ValidatesAResponse) {
  authority_ = {&witness_, nullptr, ValidateResponse, nullptr};
  BARESSPI_DEVICE client_device = ServerDevice();
  client_device.NetBiosComputerName = "STATION";
  const SEC_WINNT_AUTH_IDENTITY_A alice = Alice();
  client_device.Identity = &alice;
  Side client(SECPKG_CRED_OUTBOUND, &client_device);
  Server server(device_);
  // It says yes, but its key is not alice's: the MIC finds out
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, LogInWith(client, server));
  EXPECT_EQ(witness_.asked, 1);
  EXPECT_EQ(witness_.user, "alice");
  EXPECT_EQ(witness_.domain, "EXAMPLE");
  EXPECT_EQ(witness_.workstation, "STATION");
  EXPECT_EQ(witness_.server_challenge, Octets(challenge_.begin() + 24, challenge_.begin() + 32));
  ASSERT_GE(witness_.nt_response.size(), 44u);
  EXPECT_EQ(witness_.nt_response[16], 1) << "RespType";
}

TEST_F(AskedAuthority, ValidationWithTheRightKeyLetsIn) {
  // Given the SessionBaseKey of the same tokens: without key exchange it is the key of a server that knows
  // the hash
  Client client;
  {
    Server server(device_);
    ASSERT_STATUS(SEC_E_OK, LogInWith(client, server));
    SecPkgContext_SessionKey key = {};
    ASSERT_STATUS(SEC_E_OK, QueryContextAttributesA(server.context(), SECPKG_ATTR_SESSION_KEY, &key));
    witness_.key.assign(key.SessionKey, key.SessionKey + 16);
  }
  // When a validating authority hands it out for them
  SetUp();
  client.DeleteContext();
  authority_ = {&witness_, nullptr, ValidateResponse, nullptr};
  Server server(device_);
  EXPECT_STATUS(SEC_E_OK, LogInWith(client, server));
  EXPECT_EQ(UserId(server), 43u);
}

TEST_F(AskedAuthority, ValidationGoesBeforeTheHash) {
  authority_.ValidateResponse = ValidateResponse;
  witness_.answer = SEC_E_LOGON_DENIED;
  Client client;
  Server server(device_);
  EXPECT_STATUS(SEC_E_LOGON_DENIED, LogInWith(client, server));
  EXPECT_EQ(witness_.asked, 1);
  EXPECT_FALSE(witness_.nt_response.empty());
}

TEST_F(AskedAuthority, IsNotAskedAboutWhatIsMalformedOrAnonymous) {
  Client client;
  Server server(device_);
  const Octets challenge = server.Step(client.Step({}).token).token;
  Octets authenticate = client.Step(challenge).token;
  authenticate.resize(87);
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, server.Step(authenticate).status);
  server.DeleteContext();
  client.DeleteContext();
  const Octets other =
      server.Step(client.Step({}, {ISC_REQ_NULL_SESSION}).token, {ASC_REQ_ALLOW_NULL_SESSION}).token;
  EXPECT_STATUS(SEC_E_OK, server.Step(client.Step(other).token, {ASC_REQ_ALLOW_NULL_SESSION}).status);
  EXPECT_EQ(witness_.asked, 0);
}

// An authority that itself logs in somewhere, as one that asks a domain controller would.
SECURITY_STATUS LogInElsewhere(const void* context, const BARESSPI_NAME*, const BARESSPI_NAME*,
                               uint8_t hash[16], BARESSPI_ACCOUNT*) {
  WitnessOf(context);
  Client client;
  Server server;
  LogIn(client, server);
  return BareSspiNtHash("Passw0rd!", 9, hash);
}

TEST_F(AskedAuthority, MayUseOtherContextsMeanwhile) {
  authority_.GetNtHash = LogInElsewhere;
  Client client;
  Server server(device_);
  EXPECT_STATUS(SEC_E_OK, LogInWith(client, server));
  EXPECT_EQ(witness_.asked, 1);
}

}  // namespace
}  // namespace two_sides
