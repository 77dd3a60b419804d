// SPDX-License-Identifier: Apache-2.0
// Signing and sealing of whole messages, octet for octet what the peer makes of them: 128, 56 and 40 bits,
// with and without key exchange, as client and as server.
#include "tests/unit/ntlm/established.h"

namespace ntlm_test {
namespace {

class NtlmSeal : public NtlmTest {};

const Octets kDummy = Join({{1}, Octets(15)});

std::vector<Octets> Messages() {
  return {Ascii("first"), Octets(), Octets(1, 0x99), Scrambled(1000, 7), Ascii("and the last one")};
}

TEST_F(NtlmSeal, SealedMessagesAreThePeersOctetForOctet) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    for (const Octets& message : Messages()) {
      Octets expected = message;
      const Octets signature = pair.expected().Seal(&expected);
      const Protected sealed = pair.ours().Seal(message);
      ASSERT_EQ(sealed.status, SEC_E_OK);
      EXPECT_EQ(Hex(sealed.data), Hex(expected)) << std::hex << agreement.flags;
      EXPECT_EQ(Hex(sealed.signature), Hex(signature)) << std::hex << agreement.flags;
    }
  }
}

TEST_F(NtlmSeal, ThePeersSealedMessagesAreOpened) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    for (const Octets& message : Messages()) {
      Octets sealed = message;
      const Octets signature = pair.peer().Seal(&sealed);
      const Protected opened = pair.ours().Unseal(sealed, signature);
      ASSERT_EQ(opened.status, SEC_E_OK) << std::hex << agreement.flags;
      EXPECT_EQ(Hex(opened.data), Hex(message));
      EXPECT_EQ(opened.qop, 0u);
    }
  }
}

TEST_F(NtlmSeal, SignaturesAreThePeersOctetForOctetWithSealAndWithout) {
  for (const uint32_t without : {uint32_t{0}, kSeal}) {
    for (const Agreement& agreement : Agreements(without)) {
      Established pair(agreement.flags, agreement.ours);
      for (const Octets& message : Messages()) {
        const Protected made = pair.ours().Sign(message);
        ASSERT_EQ(made.status, SEC_E_OK);
        EXPECT_EQ(Hex(made.signature), Hex(pair.expected().Sign(message))) << std::hex << agreement.flags;
        EXPECT_EQ(made.data, message);
        const Protected taken = pair.ours().Verify(message, pair.peer().Sign(message));
        EXPECT_EQ(taken.status, SEC_E_OK) << std::hex << agreement.flags;
        EXPECT_EQ(taken.qop, 0u);
      }
    }
  }
}

TEST_F(NtlmSeal, SignedAndSealedMessagesShareOneSequenceAndOneCipher) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    for (uint32_t i = 0; i < 6; ++i) {
      const Octets message = Scrambled(10 + i, 100 + i);
      Octets sealed = message;
      if (i % 2 == 0) {
        EXPECT_EQ(Hex(pair.ours().Sign(message).signature), Hex(pair.expected().Sign(message)));
        EXPECT_EQ(pair.ours().Verify(message, pair.peer().Sign(message)).status, SEC_E_OK);
      } else {
        EXPECT_EQ(Hex(pair.ours().Seal(message).signature), Hex(pair.expected().Seal(&sealed)));
        sealed = message;
        const Octets signature = pair.peer().Seal(&sealed);
        EXPECT_EQ(pair.ours().Unseal(sealed, signature).data, message);
      }
    }
  }
}

// The checksum is encrypted when, and only when, there was a key exchange; sealing has nothing to do with it.
TEST_F(NtlmSeal, ChecksumIsPlainWithoutKeyExchangeAndEncryptedWithIt) {
  for (const uint32_t without : {uint32_t{0}, kSeal}) {
    for (const Agreement& agreement : Agreements(without)) {
      Established pair(agreement.flags, agreement.ours);
      const Octets message = Ascii("message");
      const Octets key = SignKey(pair.ours().SessionKey(), agreement.ours);
      const Octets plain = Part(Mac(key, Join({U32(0), message})), 0, 8);
      const Octets checksum = Part(pair.ours().Sign(message).signature, 4, 8);
      EXPECT_EQ(checksum == plain, (agreement.flags & kKeyExch) == 0) << std::hex << agreement.flags;
    }
  }
}

TEST_F(NtlmSeal, SignatureHasVersion1AndTheSequenceNumberInTheClear) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    for (uint32_t i = 0; i < 3; ++i) {
      const Octets signature = pair.ours().Seal(Octets(5)).signature;
      ASSERT_EQ(signature.size(), 16u);
      EXPECT_EQ(GetU32(signature, 0), 1u);
      EXPECT_EQ(GetU32(signature, 12), i);
    }
  }
}

TEST_F(NtlmSeal, ConnectionModeDoesNotLookAtTheMessageNumber) {
  Established pair(kUsual, From::kClient);
  Octets message = Ascii("message");
  Octets expected = message;
  const Octets signature = pair.expected().Seal(&expected);
  const Protected sealed = pair.ours().Seal(message, 0, 12345);
  EXPECT_EQ(Hex(sealed.signature), Hex(signature));
  const Octets theirs = pair.peer().Seal(&message);
  EXPECT_EQ(pair.ours().Unseal(message, theirs, 54321).status, SEC_E_OK);
}

TEST_F(NtlmSeal, DirectionsAreIndependent) {
  Established pair(kUsual, From::kServer);
  for (int i = 0; i < 3; ++i) ASSERT_EQ(pair.ours().Seal(Octets(9)).status, SEC_E_OK);
  Octets message = Ascii("first from the peer");
  const Octets signature = pair.peer().Seal(&message);
  EXPECT_EQ(pair.ours().Unseal(message, signature).status, SEC_E_OK);
}

TEST_F(NtlmSeal, OwnMessagesComeBackAsNothing) {
  // Reflected: the other direction has other keys.
  Established pair(kUsual, From::kClient);
  const Protected sealed = pair.ours().Seal(Ascii("mirror"));
  EXPECT_EQ(pair.ours().Unseal(sealed.data, sealed.signature).status, SEC_E_MESSAGE_ALTERED);
  Octets signature = pair.ours().Sign(Ascii("mirror")).signature;
  PutU32(&signature, 12, 0);
  EXPECT_EQ(pair.ours().Verify(Ascii("mirror"), signature).status, SEC_E_MESSAGE_ALTERED);
}

// ---- What was not agreed. ----
TEST_F(NtlmSeal, SealingThatWasNotAgreedIsRefusedNotLeftOut) {
  for (const From ours : {From::kClient, From::kServer}) {
    Established pair(kUsual & ~kSeal, ours);
    const Octets message = Ascii("secret");
    const Protected sealed = pair.ours().Seal(message);
    EXPECT_EQ(sealed.status, SEC_E_UNSUPPORTED_FUNCTION);
    EXPECT_EQ(sealed.data, message);
    EXPECT_EQ(sealed.signature, Octets(16));
    // And costs nothing: the next signature has number 0.
    EXPECT_EQ(GetU32(pair.ours().Sign(message).signature, 12), 0u);
  }
}

TEST_F(NtlmSeal, AlwaysSignAloneYieldsTheDummySignature) {
  const uint32_t flags = kUsual & ~(kSign | kSeal | kKeyExch);
  for (const From ours : {From::kClient, From::kServer}) {
    Established pair(flags, ours);
    for (int i = 0; i < 2; ++i) {  // every time the same: there is no sequence
      const Protected made = pair.ours().Sign(Ascii("message"));
      ASSERT_EQ(made.status, SEC_E_OK);
      EXPECT_EQ(Hex(made.signature), Hex(kDummy));
      EXPECT_EQ(pair.ours().Verify(Ascii("message"), kDummy).status, SEC_E_OK);
      EXPECT_EQ(pair.ours().Verify(Ascii("any other"), kDummy).status, SEC_E_OK);
    }
  }
}

TEST_F(NtlmSeal, AlwaysSignAloneRefusesWhatIsNotTheDummySignature) {
  for (const From ours : {From::kClient, From::kServer}) {
    Established pair(kUsual & ~(kSign | kSeal | kKeyExch), ours);
    for (size_t i = 0; i < 16; ++i) {
      Octets signature = kDummy;
      signature[i] ^= 0x02;
      EXPECT_EQ(pair.ours().Verify(Ascii("message"), signature).status, SEC_E_MESSAGE_ALTERED) << i;
    }
    EXPECT_EQ(pair.ours().Verify(Ascii("message"), Part(kDummy, 0, 15)).status, SEC_E_MESSAGE_ALTERED);
    EXPECT_EQ(pair.ours().Verify(Ascii("message"), {}).status, SEC_E_MESSAGE_ALTERED);
  }
}

TEST_F(NtlmSeal, DummySignatureIsNoneWhereSigningWasAgreed) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    EXPECT_EQ(pair.ours().Verify(Ascii("message"), kDummy).status, SEC_E_MESSAGE_ALTERED);
    EXPECT_EQ(pair.ours().Unseal(Ascii("message"), kDummy).status, SEC_E_MESSAGE_ALTERED);
  }
}

TEST_F(NtlmSeal, AlwaysSignAloneSealsNothing) {
  for (const From ours : {From::kClient, From::kServer}) {
    Established pair(kUsual & ~(kSign | kSeal | kKeyExch), ours);
    const Protected sealed = pair.ours().Seal(Ascii("secret"));
    EXPECT_EQ(sealed.status, SEC_E_UNSUPPORTED_FUNCTION);
    EXPECT_EQ(sealed.data, Ascii("secret"));
    EXPECT_EQ(pair.ours().Unseal(Ascii("secret"), kDummy).status, SEC_E_UNSUPPORTED_FUNCTION);
  }
}

TEST_F(NtlmSeal, NothingIsProtectedBeforeTheLoginOrAfterItFailed) {
  Client client;
  client.Start();
  EXPECT_EQ(client.Sign(Octets(3)).status, SEC_E_INVALID_HANDLE);
  EXPECT_EQ(client.Unseal(Octets(3), Octets(16)).status, SEC_E_INVALID_HANDLE);
  EXPECT_EQ(client.Continue(Octets(40)).status, SEC_E_INVALID_TOKEN);
  EXPECT_EQ(client.Seal(Octets(3)).status, SEC_E_INVALID_TOKEN);
  EXPECT_EQ(client.Verify(Octets(3), Octets(16)).status, SEC_E_INVALID_TOKEN);
}

TEST_F(NtlmSeal, BothOurs_TalkForAWhile) {
  Client client;
  Server server;
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  for (uint32_t i = 1; i < 200; ++i) {
    Endpoint& from = i % 3 == 0 ? static_cast<Endpoint&>(client) : server;
    Endpoint& to = i % 3 == 0 ? static_cast<Endpoint&>(server) : client;
    const Octets message = Scrambled(i, i);
    const Protected sealed = from.Seal(message);
    ASSERT_EQ(sealed.status, SEC_E_OK);
    const Protected opened = to.Unseal(sealed.data, sealed.signature);
    ASSERT_EQ(opened.status, SEC_E_OK) << i;
    ASSERT_EQ(opened.data, message);
  }
}

}  // namespace
}  // namespace ntlm_test
