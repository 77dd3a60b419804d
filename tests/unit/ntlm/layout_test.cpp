// SPDX-License-Identifier: Apache-2.0
// Where things are in the three messages: what we write, and what we take from peers that write it otherwise.
#include "config/baresspi_config.h"
#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

class NtlmLayout : public NtlmTest {
 protected:
  // Our server's answer to this NEGOTIATE.
  static SECURITY_STATUS Greet(const Octets& negotiate) {
    Server server;
    return server.Accept(negotiate).status;
  }
  // Our client's answer to this CHALLENGE.
  static SECURITY_STATUS Answer(const Octets& challenge) {
    Client client;
    client.Start();
    return client.Continue(challenge).status;
  }
  // Our server's answer to an AUTHENTICATE that was changed on the way. It has no MIC, so that only the
  // layout speaks.
  template <typename Change>
  static SECURITY_STATUS Take(Change change) {
    PeerClient client;
    client.announces_mic = client.writes_mic = false;
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    Octets authenticate = client.Answer(client.Negotiate(), challenge);
    change(&authenticate);
    return server.Accept(authenticate).status;
  }
};

// Offsets of the fields of each message: Len, MaxLen, BufferOffset.
constexpr size_t kAuthenticateFields[] = {12, 20, 28, 36, 44, 52};
constexpr size_t kNtResponseFields = 20;
constexpr size_t kUserFields = 36;

// ---- What we write. ----
TEST_F(NtlmLayout, Negotiate_Has40OctetsWithVersionAndNoNames) {
  Client client;
  const Octets token = client.Start().token;
  ASSERT_EQ(token.size(), 40u);
  EXPECT_EQ(Hex(Part(token, 0, 12)), "4e544c4d5353500001000000");
  EXPECT_EQ(GetU32(token, 12) & kVersion, kVersion);
  EXPECT_EQ(Hex(Part(token, 16, 16)), Hex(Octets(16)));
  EXPECT_NE(Hex(Part(token, 32, 8)), Hex(Octets(8)));
  EXPECT_EQ(token[39], 0x0F);  // NTLMSSP_REVISION_W2K3
}

TEST_F(NtlmLayout, Challenge_SetsVersionAndHasOne) {
  Server server;
  for (const size_t size : {size_t{16}, size_t{40}}) {
    Server fresh;
    const Octets token = fresh.Accept(MakeNegotiate(kUsual & ~kVersion, size)).token;
    const Challenge challenge = ReadChallenge(token);
    EXPECT_EQ(challenge.flags & kVersion, kVersion);
    EXPECT_EQ(challenge.header, 56u);
    EXPECT_EQ(token[55], 0x0F);
    EXPECT_EQ(Hex(challenge.reserved), Hex(Octets(8)));
  }
}

TEST_F(NtlmLayout, Authenticate_HasVersionAt64MicAt72AndPayloadFrom88) {
  for (const bool server_has_version : {true, false}) {
    PeerServer server;
    if (!server_has_version) server.flags &= ~kVersion;
    Client client;
    const Tokens tokens = LogIn(&client, server);
    ASSERT_EQ(tokens.client, SEC_E_OK);
    const Login login = TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate);
    EXPECT_EQ(login.message.header, 88u);
    EXPECT_EQ(login.message.flags & kVersion, kVersion);
    EXPECT_EQ(tokens.authenticate[71], 0x0F);
    EXPECT_TRUE(login.mic_is_right);  // which TakeLogin looks for at 72
  }
}

TEST_F(NtlmLayout, Authenticate_KeepsItsLayoutWithoutAMic) {
  Client client;
  client.SetPolicy(BARESSPI_POLICY_NO_MIC);
  const Tokens tokens = LogIn(&client, PeerServer());
  EXPECT_EQ(ReadAuthenticate(tokens.authenticate).header, 88u);
}

TEST_F(NtlmLayout, Authenticate_FieldsFillThePayloadWithoutGapsOrOverlaps) {
  Client client;
  const Tokens tokens = LogIn(&client, PeerServer());
  std::vector<bool> taken(tokens.authenticate.size());
  for (const size_t field : kAuthenticateFields) {
    const size_t size = GetU16(tokens.authenticate, field);
    const size_t offset = GetU32(tokens.authenticate, field + 4);
    ASSERT_LE(offset + size, taken.size());
    for (size_t i = offset; i < offset + size; ++i) {
      EXPECT_FALSE(taken[i]) << i;
      taken[i] = true;
    }
  }
  for (size_t i = 0; i < taken.size(); ++i) EXPECT_EQ(taken[i], i >= 88) << i;
}

// ---- What we take: NEGOTIATE. ----
TEST_F(NtlmLayout, Acceptor_TakesNegotiateOf16And32And40OctetsAndMore) {
  for (const size_t size : {size_t{16}, size_t{17}, size_t{31}, size_t{32}, size_t{33}, size_t{39},
                            size_t{40}, size_t{41}, size_t{104}}) {
    PeerClient client;
    client.negotiate_size = size;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK) << size;
  }
}

TEST_F(NtlmLayout, Acceptor_TakesNegotiateWithoutVersionAsCurlSendsIt) {
  PeerClient client;
  client.flags &= ~kVersion;
  client.negotiate_size = 32;
  client.header = 72;
  client.announces_mic = client.writes_mic = false;
  Server server;
  EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK);
}

TEST_F(NtlmLayout, Acceptor_TakesNegotiateWithNames) {
  // "DOMAIN" and "HOST" in OEM characters behind a header of 32 or 40 octets.
  for (const size_t header : {size_t{32}, size_t{40}}) {
    Octets negotiate = MakeNegotiate(kUsual | kOem | 0x3000, header);
    PutU16(&negotiate, 16, 6);
    PutU16(&negotiate, 18, 6);
    PutU32(&negotiate, 20, static_cast<uint32_t>(header + 4));
    PutU16(&negotiate, 24, 4);
    PutU16(&negotiate, 26, 4);
    PutU32(&negotiate, 28, static_cast<uint32_t>(header));
    EXPECT_EQ(Greet(Join({negotiate, Ascii("HOST"), Ascii("DOMAIN")})), SEC_I_CONTINUE_NEEDED);
  }
}

TEST_F(NtlmLayout, Acceptor_RefusesNegotiateThatIsTooShortOrTooLong) {
  const Octets whole = MakeNegotiate(kUsual);
  for (size_t size = 0; size < 16; ++size)
    EXPECT_EQ(Greet(Part(whole, 0, size)), SEC_E_INVALID_TOKEN) << size;
  EXPECT_EQ(Greet(MakeNegotiate(kUsual, BARESSPI_NTLM_NEGOTIATE_MAX)), SEC_I_CONTINUE_NEEDED);
  EXPECT_EQ(Greet(MakeNegotiate(kUsual, BARESSPI_NTLM_NEGOTIATE_MAX + 1)), SEC_E_INVALID_TOKEN);
}

TEST_F(NtlmLayout, BothRefuseAnotherSignatureOrType) {
  for (size_t i = 0; i < 12; ++i) {
    Octets negotiate = MakeNegotiate(kUsual);
    negotiate[i] ^= 0x04;
    EXPECT_EQ(Greet(negotiate), SEC_E_INVALID_TOKEN) << i;
    Octets challenge = PeerServer().MakeChallenge();
    challenge[i] ^= 0x04;
    EXPECT_EQ(Answer(challenge), SEC_E_INVALID_TOKEN) << i;
    EXPECT_EQ(Take([i](Octets* token) { (*token)[i] ^= 0x04; }), SEC_E_INVALID_TOKEN) << i;
  }
}

// ---- What we take: AUTHENTICATE, by the lowest offset of its fields. ----
TEST_F(NtlmLayout, Acceptor_FindsTheMicByTheLowestOffset) {
  // 80 to 87: MIC at 64; 88 and more: at 72.
  for (size_t header = 80; header <= 96; ++header) {
    PeerClient client;
    client.header = header;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK) << header;
  }
}

TEST_F(NtlmLayout, Acceptor_FindsNoMicBelow80) {
  for (size_t header = 64; header < 80; ++header) {
    PeerClient client;
    client.header = header;
    client.writes_mic = false;
    client.announces_mic = false;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK) << header;
    client.announces_mic = true;
    Server other;
    EXPECT_EQ(LogIn(&client, &other).server, SEC_E_MESSAGE_ALTERED) << header;
  }
}

TEST_F(NtlmLayout, Acceptor_MicDoesNotDependOnTheVersionFlag) {
  for (const size_t header : {size_t{80}, size_t{88}}) {
    PeerClient client;
    client.flags &= ~kVersion;
    client.header = header;
    Server server;
    EXPECT_EQ(LogIn(&client, &server).server, SEC_E_OK) << header;
  }
}

TEST_F(NtlmLayout, Acceptor_OffsetsOfEmptyFieldsMeanNothing) {
  // Peers leave there what they like: 0, the end, or nonsense.
  for (const uint32_t offset : {0U, 63U, 64U, 72U, 0xFFFFFFFFU}) {
    PeerClient client;
    client.workstation = u"";
    Server server;
    const Octets challenge = server.Accept(client.Negotiate()).token;
    // The MIC is to cover the message as it goes out.
    Octets authenticate = client.Answer(client.Negotiate(), challenge);
    PutU32(&authenticate, 48, offset);
    for (size_t i = 72; i < 88; ++i) authenticate[i] = 0;
    const Octets mic = Mac(client.session_key, Join({client.Negotiate(), challenge, authenticate}));
    std::copy(mic.begin(), mic.end(), authenticate.begin() + 72);
    EXPECT_EQ(server.Accept(authenticate).status, SEC_E_OK) << offset;
  }
}

TEST_F(NtlmLayout, Acceptor_TakesFieldsInAnyOrderAndWithGaps) {
  EXPECT_EQ(Take([](Octets* token) {
              // The user's name once more behind all, and the field points there.
              const Octets user = Part(*token, GetU32(*token, kUserFields + 4), GetU16(*token, kUserFields));
              const auto offset = static_cast<uint32_t>(token->size() + 3);
              *token = Join({*token, Octets(3), user});
              PutU32(token, kUserFields + 4, offset);
            }),
            SEC_E_OK);
}

TEST_F(NtlmLayout, Acceptor_DoesNotLookAtMaxLen) {
  EXPECT_EQ(Take([](Octets* token) {
              for (const size_t field : kAuthenticateFields) PutU16(token, field + 2, 0);
            }),
            SEC_E_OK);
}

TEST_F(NtlmLayout, Acceptor_RefusesAFieldWithinTheFixedPart) {
  for (const size_t field : kAuthenticateFields) {
    for (const uint32_t offset : {0U, 11U, 12U, 60U, 63U}) {
      EXPECT_EQ(Take([=](Octets* token) { PutU32(token, field + 4, offset); }), SEC_E_INVALID_TOKEN)
          << field << " at " << offset;
    }
  }
}

// ---- Offsets and lengths that run over the end, or wrap. ----
TEST_F(NtlmLayout, Acceptor_RefusesFieldsThatRunOverTheEnd) {
  for (const size_t field : kAuthenticateFields) {
    EXPECT_EQ(Take([=](Octets* token) {
                PutU32(token, field + 4, static_cast<uint32_t>(token->size() - GetU16(*token, field) + 1));
              }),
              SEC_E_INVALID_TOKEN)
        << field;
    EXPECT_EQ(Take([=](Octets* token) { PutU32(token, field + 4, static_cast<uint32_t>(token->size())); }),
              SEC_E_INVALID_TOKEN)
        << field;
    EXPECT_EQ(Take([=](Octets* token) { PutU16(token, field, 0xFFFE); }), SEC_E_INVALID_TOKEN) << field;
  }
}

TEST_F(NtlmLayout, Acceptor_RefusesOffsetPlusLengthThatWrapsIn32Bits) {
  for (const size_t field : kAuthenticateFields) {
    for (const uint32_t end : {0U, 1U, 64U, 88U, 100U}) {
      // offset + length is end again, modulo 2^32.
      EXPECT_EQ(Take([=](Octets* token) {
                  PutU16(token, field, 200);
                  PutU32(token, field + 4, end - 200);
                }),
                SEC_E_INVALID_TOKEN)
          << field << ", " << end;
    }
    EXPECT_EQ(Take([=](Octets* token) {
                PutU16(token, field, 2);
                PutU32(token, field + 4, 0xFFFFFFFE);
              }),
              SEC_E_INVALID_TOKEN)
        << field;
  }
}

TEST_F(NtlmLayout, Initiator_RefusesFieldsThatRunOverTheEndOrWrap) {
  constexpr size_t kTargetNameFields = 12;
  constexpr size_t kTargetInfoFields = 40;
  for (const size_t field : {kTargetNameFields, kTargetInfoFields}) {
    const Octets whole = PeerServer().MakeChallenge();
    const uint32_t size = GetU16(whole, field);
    const auto end = static_cast<uint32_t>(whole.size());
    const uint32_t offsets[] = {end - size + 1, end, end + 1, 0x7FFFFFFF, 0 - size, 1 - size, 0xFFFFFFFF};
    for (const uint32_t offset : offsets) {
      Octets challenge = whole;
      PutU32(&challenge, field + 4, offset);
      EXPECT_EQ(Answer(challenge), SEC_E_INVALID_TOKEN) << field << " at " << offset;
    }
    Octets challenge = whole;
    PutU16(&challenge, field, 0xFFFE);
    EXPECT_EQ(Answer(challenge), SEC_E_INVALID_TOKEN) << field;
    PutU32(&challenge, field + 4, 56U - 0xFFFEU);
    EXPECT_EQ(Answer(challenge), SEC_E_INVALID_TOKEN) << field;
  }
}

TEST_F(NtlmLayout, Initiator_TakesAChallengeWithoutVersion) {
  PeerServer server;
  server.header = 48;
  server.flags &= ~kVersion;
  Client client;
  const Tokens tokens = LogIn(&client, server);
  ASSERT_EQ(tokens.client, SEC_E_OK);
  EXPECT_TRUE(TakeLogin(tokens.negotiate, tokens.challenge, tokens.authenticate).mic_is_right);
}

TEST_F(NtlmLayout, Acceptor_RefusesNamesOfAnOddNumberOfOctets) {
  for (const size_t field : {size_t{28}, size_t{36}, size_t{44}}) {
    EXPECT_EQ(Take([=](Octets* token) { PutU16(token, field, GetU16(*token, field) - 1U); }),
              SEC_E_INVALID_TOKEN)
        << field;
  }
}

TEST_F(NtlmLayout, BothRefuseEveryTruncation) {
  const Octets challenge = PeerServer().MakeChallenge();
  for (size_t size = 0; size < challenge.size(); ++size)
    EXPECT_LT(Answer(Part(challenge, 0, size)), 0) << size;
  PeerClient client;
  size_t whole = 0;
  EXPECT_EQ(Take([&](Octets* token) { whole = token->size(); }), SEC_E_OK);
  for (size_t size = 0; size < whole; ++size) {
    EXPECT_EQ(Take([=](Octets* token) { token->resize(size); }), SEC_E_INVALID_TOKEN) << size;
  }
}

TEST_F(NtlmLayout, Initiator_RefusesTargetInfoWhoseFieldsAreNotThere) {
  // The flag is set and the message ends before them. There is no target name, so that nothing else is
  // missing.
  PeerServer server;
  server.target_name = u"";
  const Octets challenge = server.MakeChallenge();
  for (size_t size = 32; size < 48; ++size) {
    Client client;
    client.SetPolicy(BARESSPI_POLICY_ALLOW_NO_TARGET_INFO);
    client.Start();
    EXPECT_EQ(client.Continue(Part(challenge, 0, size)).status, SEC_E_INVALID_TOKEN) << size;
  }
}

TEST_F(NtlmLayout, Acceptor_RefusesAResponseThatEndsWithinItsHeader) {
  for (const uint32_t size : {1U, 16U, 23U, 25U, 43U, 44U, 47U}) {
    EXPECT_EQ(Take([=](Octets* token) { PutU16(token, kNtResponseFields, size); }), SEC_E_INVALID_TOKEN)
        << size;
  }
}

}  // namespace
}  // namespace ntlm_test
