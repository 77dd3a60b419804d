// SPDX-License-Identifier: Apache-2.0
// A protected message that is refused: which status, and that buffers, sequence and cipher are as before, so
// that the right message is accepted after it.
#include "tests/unit/ntlm/established.h"

namespace ntlm_test {
namespace {

class NtlmRejected : public NtlmTest {};

struct Message {
  Octets data;
  Octets signature;
};

Message SealedBy(PeerChannel* peer, const Octets& text) {
  Message message = {text, {}};
  message.signature = peer->Seal(&message.data);
  return message;
}
Message SignedBy(PeerChannel* peer, const Octets& text) {
  return {text, peer->Sign(text)};
}

constexpr bool kQopWanted[] = {true, false};

// What an altered octet of a signature is: the sequence number stands in its last four.
SECURITY_STATUS StatusOfOctet(size_t i) {
  return i < 12 ? SEC_E_MESSAGE_ALTERED : SEC_E_OUT_OF_SEQUENCE;
}

TEST_F(NtlmRejected, SealedMessageAlteredAtEveryPosition) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    for (const bool qop_wanted : kQopWanted) {
      const Octets text = Ascii("a sealed message");
      const Message right = SealedBy(&pair.peer(), text);
      for (size_t i = 0; i < right.data.size(); ++i) {
        Octets wrong = right.data;
        wrong[i] ^= 0x01;
        const Protected refused = pair.ours().Unseal(wrong, right.signature, 0, qop_wanted);
        ASSERT_EQ(refused.status, SEC_E_MESSAGE_ALTERED) << i;
        ASSERT_EQ(refused.data, wrong) << i;
        ASSERT_EQ(refused.signature, right.signature) << i;
      }
      for (size_t i = 0; i < 16; ++i) {
        Octets wrong = right.signature;
        wrong[i] ^= 0x80;
        const Protected refused = pair.ours().Unseal(right.data, wrong, 0, qop_wanted);
        ASSERT_EQ(refused.status, StatusOfOctet(i)) << i;
        ASSERT_EQ(refused.data, right.data) << i;
        ASSERT_EQ(refused.signature, wrong) << i;
      }
      const Protected opened = pair.ours().Unseal(right.data, right.signature, 0, qop_wanted);
      ASSERT_EQ(opened.status, SEC_E_OK) << std::hex << agreement.flags;
      EXPECT_EQ(opened.data, text);
    }
  }
}

TEST_F(NtlmRejected, SignedMessageAlteredAtEveryPosition) {
  for (const uint32_t without : {uint32_t{0}, kSeal}) {
    for (const Agreement& agreement : Agreements(without)) {
      Established pair(agreement.flags, agreement.ours);
      for (int round = 0; round < 2; ++round) {
        const Message right = SignedBy(&pair.peer(), Ascii("a signed message"));
        for (size_t i = 0; i < right.data.size(); ++i) {
          Octets wrong = right.data;
          wrong[i] ^= 0x01;
          const Protected refused = pair.ours().Verify(wrong, right.signature);
          ASSERT_EQ(refused.status, SEC_E_MESSAGE_ALTERED) << i;
          ASSERT_EQ(refused.data, wrong) << i;
        }
        for (size_t i = 0; i < 16; ++i) {
          Octets wrong = right.signature;
          wrong[i] ^= 0x80;
          ASSERT_EQ(pair.ours().Verify(right.data, wrong).status, StatusOfOctet(i)) << i;
        }
        EXPECT_EQ(pair.ours().Verify(right.data, right.signature).status, SEC_E_OK);
      }
    }
  }
}

TEST_F(NtlmRejected, MessageSignedOnlyAndAlteredAtEveryPosition) {
  // DecryptMessage looks at such a message twice, as sealed and as not.
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    const Message right = SignedBy(&pair.peer(), Ascii("readable"));
    for (size_t i = 0; i < right.data.size() + 16; ++i) {
      Message wrong = right;
      (i < 16 ? wrong.signature[i] : wrong.data[i - 16]) ^= 0x10;
      const Protected refused = pair.ours().Unseal(wrong.data, wrong.signature);
      ASSERT_EQ(refused.status, i < 16 ? StatusOfOctet(i) : SEC_E_MESSAGE_ALTERED) << i;
      ASSERT_EQ(refused.data, wrong.data) << i;
    }
    EXPECT_EQ(pair.ours().Unseal(right.data, right.signature).qop, SECQOP_WRAP_NO_ENCRYPT);
    // And the cipher stands where the peer's does.
    const Message next = SealedBy(&pair.peer(), Ascii("sealed"));
    EXPECT_EQ(pair.ours().Unseal(next.data, next.signature).data, Ascii("sealed"));
  }
}

TEST_F(NtlmRejected, MessageInManyBuffersIsRestored) {
  Established pair(kUsual, From::kServer);
  const Message right = SealedBy(&pair.peer(), Scrambled(300, 3));
  for (const size_t at : {size_t{0}, size_t{100}, size_t{299}}) {
    Octets wrong = right.data;
    wrong[at] ^= 0xFF;
    std::vector<Piece> pieces = {{kData, Part(wrong, 0, 100)},
                                 {kData, {}},
                                 {kToken, right.signature},
                                 {kData, Part(wrong, 100, 1)},
                                 {kData, Part(wrong, 101)}};
    EXPECT_EQ(pair.ours().UnsealPieces(&pieces), SEC_E_MESSAGE_ALTERED) << at;
    EXPECT_EQ(Join({pieces[0].octets, pieces[3].octets, pieces[4].octets}), wrong) << at;
  }
  EXPECT_EQ(pair.ours().Unseal(right.data, right.signature).data, Scrambled(300, 3));
}

TEST_F(NtlmRejected, MessageThatWasCutOrExtended) {
  Established pair(kUsual, From::kClient);
  const Message right = SealedBy(&pair.peer(), Ascii("whole"));
  for (size_t size = 0; size < right.data.size(); ++size) {
    EXPECT_EQ(pair.ours().Unseal(Part(right.data, 0, size), right.signature).status, SEC_E_MESSAGE_ALTERED)
        << size;
  }
  EXPECT_EQ(pair.ours().Unseal(Join({right.data, {0}}), right.signature).status, SEC_E_MESSAGE_ALTERED);
  EXPECT_EQ(pair.ours().Unseal(right.data, right.signature).status, SEC_E_OK);
}

TEST_F(NtlmRejected, SignatureOfAnotherSize) {
  Established pair(kUsual, From::kClient);
  const Message right = SealedBy(&pair.peer(), Ascii("text"));
  for (size_t size = 0; size < 16; ++size) {
    EXPECT_EQ(pair.ours().Unseal(right.data, Part(right.signature, 0, size)).status, SEC_E_MESSAGE_ALTERED)
        << size;
  }
  EXPECT_EQ(pair.ours().Unseal(right.data, Join({right.signature, {0}})).status, SEC_E_MESSAGE_ALTERED);
  EXPECT_EQ(pair.ours().Unseal(right.data, right.signature).status, SEC_E_OK);
}

TEST_F(NtlmRejected, ReplayIsOutOfSequence) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    const Message first = SealedBy(&pair.peer(), Ascii("pay 100"));
    ASSERT_EQ(pair.ours().Unseal(first.data, first.signature).status, SEC_E_OK);
    for (int i = 0; i < 3; ++i) {
      const Protected replayed = pair.ours().Unseal(first.data, first.signature);
      EXPECT_EQ(replayed.status, SEC_E_OUT_OF_SEQUENCE);
      EXPECT_EQ(replayed.data, first.data);
    }
    const Message signature = SignedBy(&pair.peer(), Ascii("signed"));
    ASSERT_EQ(pair.ours().Verify(signature.data, signature.signature).status, SEC_E_OK);
    EXPECT_EQ(pair.ours().Verify(signature.data, signature.signature).status, SEC_E_OUT_OF_SEQUENCE);
  }
}

TEST_F(NtlmRejected, ReplayWithTheNumberThatIsDueIsAltered) {
  Established pair(kUsual, From::kServer);
  const Message first = SealedBy(&pair.peer(), Ascii("pay 100"));
  ASSERT_EQ(pair.ours().Unseal(first.data, first.signature).status, SEC_E_OK);
  Octets renumbered = first.signature;
  PutU32(&renumbered, 12, 1);
  EXPECT_EQ(pair.ours().Unseal(first.data, renumbered).status, SEC_E_MESSAGE_ALTERED);
}

TEST_F(NtlmRejected, LostAndReorderedMessagesAreOutOfSequence) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    const Message first = SealedBy(&pair.peer(), Ascii("first"));
    const Message second = SealedBy(&pair.peer(), Ascii("second"));
    const Message third = SealedBy(&pair.peer(), Ascii("third"));
    EXPECT_EQ(pair.ours().Unseal(third.data, third.signature).status, SEC_E_OUT_OF_SEQUENCE);
    EXPECT_EQ(pair.ours().Unseal(second.data, second.signature).status, SEC_E_OUT_OF_SEQUENCE);
    // In their order they are all right, in spite of that.
    EXPECT_EQ(pair.ours().Unseal(first.data, first.signature).data, Ascii("first"));
    EXPECT_EQ(pair.ours().Unseal(third.data, third.signature).status, SEC_E_OUT_OF_SEQUENCE);
    EXPECT_EQ(pair.ours().Unseal(second.data, second.signature).data, Ascii("second"));
    EXPECT_EQ(pair.ours().Unseal(third.data, third.signature).data, Ascii("third"));
  }
}

TEST_F(NtlmRejected, SequenceIsCheckedBeforeAnythingElse) {
  // Wrong number, wrong version, wrong checksum, wrong text: the number is what is told.
  Established pair(kUsual, From::kClient);
  Message message = SealedBy(&pair.peer(), Ascii("text"));
  PutU32(&message.signature, 12, 0x80000000);
  PutU32(&message.signature, 0, 2);
  message.signature[5] ^= 1;
  message.data[0] ^= 1;
  EXPECT_EQ(pair.ours().Unseal(message.data, message.signature).status, SEC_E_OUT_OF_SEQUENCE);
  EXPECT_EQ(pair.ours().Verify(message.data, message.signature).status, SEC_E_OUT_OF_SEQUENCE);
}

TEST_F(NtlmRejected, RefusedMessageDoesNotDisturbWhatWeSend) {
  Established pair(kUsual, From::kServer);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(pair.ours().Unseal(Octets(30, 1), Join({U32(1), Octets(8), U32(0)})).status,
              SEC_E_MESSAGE_ALTERED);
    Octets expected = Ascii("answer");
    const Octets signature = pair.expected().Seal(&expected);
    const Protected sealed = pair.ours().Seal(Ascii("answer"));
    EXPECT_EQ(Hex(sealed.data), Hex(expected));
    EXPECT_EQ(Hex(sealed.signature), Hex(signature));
  }
}

TEST_F(NtlmRejected, ManyForgeriesBetweenTheRightMessages) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    for (uint32_t i = 0; i < 20; ++i) {
      const Octets text = Scrambled(i * 7 % 50, i + 1);
      const bool seal = i % 3 != 0;
      const Message right = seal ? SealedBy(&pair.peer(), text) : SignedBy(&pair.peer(), text);
      for (uint32_t forged = 0; forged < 3; ++forged) {
        const Octets garbage = Scrambled(forged * 40, i + 50);
        EXPECT_EQ(pair.ours().Unseal(garbage, Join({U32(1), Scrambled(8, i + 9), U32(i)})).status,
                  SEC_E_MESSAGE_ALTERED);
        EXPECT_EQ(pair.ours().Verify(garbage, Join({U32(1), Scrambled(8, i + 9), U32(i)})).status,
                  SEC_E_MESSAGE_ALTERED);
      }
      const Protected opened = seal ? pair.ours().Unseal(right.data, right.signature)
                                    : pair.ours().Verify(right.data, right.signature);
      ASSERT_EQ(opened.status, SEC_E_OK) << i;
      EXPECT_EQ(opened.data, text);
    }
  }
}

}  // namespace
}  // namespace ntlm_test
