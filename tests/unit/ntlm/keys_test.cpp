// SPDX-License-Identifier: Apache-2.0
// The published results of [MS-NLMP] 4.2: user "User", domain "Domain", password "Password", server challenge
// 0123456789abcdef, client challenge aa.., random session key 55.., time 0. First the core's functions, then
// the same through the API, and at last the test's own peer, which the other tests believe.
#include "core/ntlm/keys.h"

#include <string.h>

#include "tests/unit/ntlm/harness.h"

namespace ntlm_test {
namespace {

using baresspi::Bytes;
using baresspi::Text;
using baresspi::ntlm::Direction;

constexpr char kNtHash[] = "a4f49c406510bdcab6824ee7c30fd852";                // 4.2.2.1.2
constexpr char kNtOwfV2[] = "0c868a403bfd7a93a3001ef22ef02e3f";               // 4.2.4.1.1
constexpr char kNtProof[] = "68cd0ab851e51c96aabc927bebef6a1c";               // 4.2.4.2.2
constexpr char kLmV2[] = "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa";  // 4.2.4.2.1
constexpr char kBaseKey[] = "8de40ccadbc14a82f15cb0ad0de95ca3";               // 4.2.4.1.2
constexpr char kEncryptedKey[] = "c5dad2544fc9799094ce1ce90bc9d03e";          // 4.2.4.2.3
constexpr char kClientSealKey[] = "59f600973cc4960a25480a7c196e4c58";         // 4.2.4.4
constexpr char kClientSignKey[] = "4788dc861b4782f35d43fd98fe1a2d39";
constexpr char kSealed[] = "54e50165bf1936dc996020c1811b0f06fb5f";
constexpr char kSignature[] = "010000007fb38ec5c55d497600000000";
// 4.2.3: 56 bits and no KEY_EXCH, with a key that NTLMv1 made; what follows from it does not depend on that.
constexpr char kKey56[] = "eb93429a8bd952f8b89c55b87f475edc";
constexpr char kSealKey56[] = "04dd7f014d8504d265a25cc86a3a7c06";
constexpr char kSignKey56[] = "60e799be5c72fc92922ae8ebe961fb8d";
constexpr char kSealed56[] = "a02372f6530273f3aa1eb90190ce5200c99d";
constexpr char kSignature56[] = "01000000ff2aeb52f681793a00000000";

const Octets kServerChallenge = FromHex("0123456789abcdef");
const Octets kClientChallenge = FromHex("aaaaaaaaaaaaaaaa");
const Octets kRandomSessionKey = FromHex("55555555555555555555555555555555");
const Octets kPlaintext = Utf16(u"Plaintext");

Bytes View(const Octets& octets) {
  return Bytes(octets.data(), octets.size());
}

AvPairs PublishedPairs() {
  return {{kAvNbDomainName, Utf16(u"Domain")}, {kAvNbComputerName, Utf16(u"Server")}};
}

// RespType to the end of the NTLMv2 response.
Octets Temp() {
  return Join(
      {FromHex("0101000000000000"), U64(0), kClientChallenge, U32(0), MakePairs(PublishedPairs()), U32(0)});
}

TEST(NtlmKeys, NtHash_IsMd4OfThePasswordInUtf16) {
  uint8_t hash[16];
  ASSERT_TRUE(baresspi::ntlm::NtHash(Text::Utf8("Password"), hash));
  EXPECT_EQ(::Hex(hash, 16), kNtHash);
  ASSERT_TRUE(baresspi::ntlm::NtHash(Text::Utf16(u"Password"), hash));
  EXPECT_EQ(::Hex(hash, 16), kNtHash);
  ASSERT_EQ(BareSspiNtHash("Password", 8, hash), SEC_E_OK);
  EXPECT_EQ(::Hex(hash, 16), kNtHash);
}

TEST(NtlmKeys, NtHash_OfWhatIsNotUtf8IsRefusedAndLeavesNothing) {
  for (const char* password : {"Passw\xC3", "Passw\xC0\xAF", "Passw\xED\xA0\x80"}) {
    uint8_t hash[16];
    memset(hash, 0xAA, sizeof hash);
    EXPECT_EQ(BareSspiNtHash(password, static_cast<ULONG>(strlen(password)), hash), SEC_E_INVALID_PARAMETER);
    EXPECT_EQ(::Hex(hash, 16), "00000000000000000000000000000000");
  }
}

TEST(NtlmKeys, NtOwfV2_FoldsTheUserAndNotTheDomain) {
  uint8_t key[16];
  baresspi::ntlm::NtOwfV2(FromHex(kNtHash).data(), View(Utf16(u"User")), View(Utf16(u"Domain")), key);
  EXPECT_EQ(::Hex(key, 16), kNtOwfV2);
  baresspi::ntlm::NtOwfV2(FromHex(kNtHash).data(), View(Utf16(u"uSER")), View(Utf16(u"Domain")), key);
  EXPECT_EQ(::Hex(key, 16), kNtOwfV2);
  baresspi::ntlm::NtOwfV2(FromHex(kNtHash).data(), View(Utf16(u"User")), View(Utf16(u"DOMAIN")), key);
  EXPECT_NE(::Hex(key, 16), kNtOwfV2);
}

TEST(NtlmKeys, Proof_IsTheNtAndTheLmResponsesOne) {
  const Octets key = FromHex(kNtOwfV2);
  uint8_t proof[16];
  baresspi::ntlm::Proof(key.data(), kServerChallenge.data(), View(Temp()), proof);
  EXPECT_EQ(::Hex(proof, 16), kNtProof);
  baresspi::ntlm::Proof(key.data(), kServerChallenge.data(), View(kClientChallenge), proof);
  EXPECT_EQ(::Hex(proof, 16) + Hex(kClientChallenge), kLmV2);
}

TEST(NtlmKeys, SessionBaseKey_IsThePublishedOne) {
  uint8_t key[16];
  baresspi::ntlm::SessionBaseKey(FromHex(kNtOwfV2).data(), FromHex(kNtProof).data(), key);
  EXPECT_EQ(::Hex(key, 16), kBaseKey);
}

TEST(NtlmKeys, SignKey_OfEachDirection) {
  uint8_t key[16];
  baresspi::ntlm::SignKey(kRandomSessionKey.data(), Direction::kClientToServer, key);
  EXPECT_EQ(::Hex(key, 16), kClientSignKey);
  // Not published; worked out with Python's hashlib.
  baresspi::ntlm::SignKey(kRandomSessionKey.data(), Direction::kServerToClient, key);
  EXPECT_EQ(::Hex(key, 16), "d04d6f10741041d1d246d64188d7a8ad");
  baresspi::ntlm::SignKey(FromHex(kKey56).data(), Direction::kClientToServer, key);
  EXPECT_EQ(::Hex(key, 16), kSignKey56);
}

TEST(NtlmKeys, SealKey_IsMadeOf16Or7Or5OctetsByTheFlags) {
  const auto seal_key = [](const Octets& session_key, uint32_t flags, Direction direction) {
    uint8_t key[16];
    baresspi::ntlm::SealKey(session_key.data(), flags, direction, key);
    return ::Hex(key, 16);
  };
  EXPECT_EQ(seal_key(kRandomSessionKey, k128 | k56, Direction::kClientToServer), kClientSealKey);
  EXPECT_EQ(seal_key(kRandomSessionKey, k128, Direction::kClientToServer), kClientSealKey);
  EXPECT_EQ(seal_key(FromHex(kKey56), k56, Direction::kClientToServer), kSealKey56);
  // Not published; worked out with Python's hashlib.
  EXPECT_EQ(seal_key(kRandomSessionKey, k128, Direction::kServerToClient),
            "9355f3a957c1583d25c4c2f11e40390e");
  EXPECT_EQ(seal_key(kRandomSessionKey, k56, Direction::kServerToClient), "583e2f98959b385cd158f3734b5f5d3f");
  EXPECT_EQ(seal_key(kRandomSessionKey, 0, Direction::kClientToServer), "42f964a471091a02ff4a77455366e4e5");
  EXPECT_EQ(seal_key(kRandomSessionKey, 0, Direction::kServerToClient), "c5d3853b406b7c1241c595f0ce0750e2");
}

// The same conditions through the API. The flags of the published example are not those of a real exchange,
// so they are not what is compared; neither do responses, keys and signatures depend on them.
class NtlmPublishedLogin : public NtlmTest {
 protected:
  void SetUp() override {
    NtlmTest::SetUp();
    scripted_port::SetClockUnknown();  // time 0
    server_.challenge = kServerChallenge;
    server_.pairs = PublishedPairs();
    server_.time.reset();
  }
  PeerServer server_;
};

TEST_F(NtlmPublishedLogin, Client_SendsThePublishedResponsesAndKey) {
  Client client({"User", "Domain", "Password"});
  client.SetPolicy(BARESSPI_POLICY_NO_MIC);  // whose announcement would be one pair more
  client.Start();
  scripted_port::QueueRandom(kRandomSessionKey.data(), 16);
  scripted_port::QueueRandom(kClientChallenge.data(), 8);
  const Step step = client.Continue(server_.MakeChallenge());
  ASSERT_EQ(step.status, SEC_E_OK);
  const Authenticate message = ReadAuthenticate(step.token);
  EXPECT_EQ(Hex(message.lm),
            Hex(Octets(24)));  // ours is never LMv2; what the example has is checked by Proof above
  EXPECT_EQ(Hex(message.nt), kNtProof + Hex(Temp()));
  EXPECT_EQ(Hex(message.key), kEncryptedKey);
  EXPECT_EQ(Hex(client.SessionKey()), Hex(kRandomSessionKey));
}

TEST_F(NtlmPublishedLogin, Client_SealsThePublishedMessage) {
  Client client({"User", "Domain", "Password"});
  client.Start();
  scripted_port::QueueRandom(kRandomSessionKey.data(), 16);
  ASSERT_EQ(client.Continue(server_.MakeChallenge()).status, SEC_E_OK);
  const Protected sealed = client.Seal(kPlaintext);
  ASSERT_EQ(sealed.status, SEC_E_OK);
  EXPECT_EQ(Hex(sealed.data), kSealed);
  EXPECT_EQ(Hex(sealed.signature), kSignature);
}

TEST_F(NtlmPublishedLogin, Server_TakesThePublishedResponsesAndMessage) {
  Server server(0, {"User", "", ""});
  scripted_port::QueueRandom(kServerChallenge.data(), 8);
  const Octets negotiate = MakeNegotiate(kUsual);
  ASSERT_EQ(server.Accept(negotiate).status, SEC_I_CONTINUE_NEEDED);
  Authenticate message;
  message.flags = kUsual;
  message.user = Utf16(u"User");
  message.domain = Utf16(u"Domain");
  message.lm = FromHex(kLmV2);
  message.nt = Join({FromHex(kNtProof), Temp()});
  message.key = FromHex(kEncryptedKey);
  ASSERT_EQ(server.Accept(Make(message)).status, SEC_E_OK);
  EXPECT_EQ(Hex(server.SessionKey()), Hex(kRandomSessionKey));
  const Protected opened = server.Unseal(FromHex(kSealed), FromHex(kSignature));
  ASSERT_EQ(opened.status, SEC_E_OK);
  EXPECT_EQ(opened.data, kPlaintext);
}

// ---- The peer of these tests is right. ----
TEST(NtlmPeer, DerivesThePublishedKeys) {
  EXPECT_EQ(Hex(NtHash(u"Password")), kNtHash);
  EXPECT_EQ(Hex(ResponseKey(FromHex(kNtHash), u"USER", u"Domain")), kNtOwfV2);
  EXPECT_EQ(Hex(LmV2Response(FromHex(kNtOwfV2), kServerChallenge, kClientChallenge)), kLmV2);
  EXPECT_EQ(Hex(Rc4(FromHex(kBaseKey), kRandomSessionKey)), kEncryptedKey);
  EXPECT_EQ(Hex(SignKey(kRandomSessionKey, From::kClient)), kClientSignKey);
  EXPECT_EQ(Hex(SealKey(kRandomSessionKey, k128, From::kClient)), kClientSealKey);
  EXPECT_EQ(Hex(SealKey(FromHex(kKey56), k56, From::kClient)), kSealKey56);
}

TEST(NtlmPeer, SealsThePublishedMessages) {
  PeerChannel with_key_exchange(kRandomSessionKey, k128 | kKeyExch, From::kClient);
  Octets message = kPlaintext;
  EXPECT_EQ(Hex(with_key_exchange.Seal(&message)), kSignature);
  EXPECT_EQ(Hex(message), kSealed);
  PeerChannel without(FromHex(kKey56), k56, From::kClient);
  message = kPlaintext;
  EXPECT_EQ(Hex(without.Seal(&message)), kSignature56);
  EXPECT_EQ(Hex(message), kSealed56);
}

}  // namespace
}  // namespace ntlm_test
