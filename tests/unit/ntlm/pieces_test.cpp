// SPDX-License-Identifier: Apache-2.0
// Messages in several buffers, with parts that are not encrypted or not signed, as streams, and signed only
// by the sender's choice.
#include "tests/unit/ntlm/established.h"

namespace ntlm_test {
namespace {

class NtlmPieces : public NtlmTest {};

constexpr ULONG kReadOnly = kData | SECBUFFER_READONLY;
constexpr ULONG kHeader = kData | SECBUFFER_READONLY_WITH_CHECKSUM;
const Octets kRoom = Octets(16);

// ---- How a message is cut does not matter. ----
TEST_F(NtlmPieces, ManyBuffersAreOneMessage) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    Octets whole = Ascii("one two three");
    std::vector<Piece> pieces = {{kData, Ascii("one ")},
                                 {kData, {}},
                                 {kToken, kRoom},
                                 {kData, Ascii("two")},
                                 {kData, Ascii(" three")}};
    ASSERT_EQ(pair.ours().SealPieces(&pieces), SEC_E_OK);
    const Octets signature = pair.expected().Seal(&whole);
    EXPECT_EQ(Hex(Join({pieces[0].octets, pieces[1].octets, pieces[3].octets, pieces[4].octets})),
              Hex(whole));
    EXPECT_EQ(Hex(pieces[2].octets), Hex(signature));
  }
}

TEST_F(NtlmPieces, ManyBuffersAreOpenedAndVerifiedAsOneMessage) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    Octets whole = Ascii("one two three");
    const Octets signature = pair.peer().Seal(&whole);
    std::vector<Piece> pieces = {{kData, Part(whole, 0, 1)},
                                 {kData, Part(whole, 1, 9)},
                                 {kData, Part(whole, 10)},
                                 {kToken, signature}};
    ULONG qop = 99;
    ASSERT_EQ(pair.ours().UnsealPieces(&pieces, &qop), SEC_E_OK);
    EXPECT_EQ(Join({pieces[0].octets, pieces[1].octets, pieces[2].octets}), Ascii("one two three"));
    EXPECT_EQ(qop, 0u);
    std::vector<Piece> plain = {
        {kToken, pair.peer().Sign(Ascii("signed"))}, {kData, Ascii("sig")}, {kData, Ascii("ned")}};
    EXPECT_EQ(pair.ours().VerifyPieces(&plain), SEC_E_OK);
  }
}

TEST_F(NtlmPieces, MessageWithoutDataHasASignature) {
  Established pair(kUsual, From::kClient);
  std::vector<Piece> pieces = {{kToken, kRoom}};
  ASSERT_EQ(pair.ours().SealPieces(&pieces), SEC_E_OK);
  Octets nothing;
  EXPECT_EQ(Hex(pieces[0].octets), Hex(pair.expected().Seal(&nothing)));
}

TEST_F(NtlmPieces, PaddingBecomesEmptyAndOtherBuffersAreSkipped) {
  Established pair(kUsual, From::kClient);
  std::vector<Piece> pieces = {{SECBUFFER_EMPTY, {}},
                               {kToken, kRoom},
                               {kData, Ascii("text")},
                               {SECBUFFER_PADDING, Octets(8, 0xAB)},
                               {SECBUFFER_PKG_PARAMS, Octets(3, 0xCD)}};
  ASSERT_EQ(pair.ours().SealPieces(&pieces), SEC_E_OK);
  Octets text = Ascii("text");
  EXPECT_EQ(Hex(pieces[1].octets), Hex(pair.expected().Seal(&text)));
  EXPECT_EQ(pieces[2].octets, text);
  EXPECT_TRUE(pieces[3].octets.empty());
  EXPECT_EQ(pieces[4].octets, Octets(3, 0xCD));
}

// ---- Read-only parts. ----
TEST_F(NtlmPieces, ReadOnlyWithChecksumIsSignedAndNotEncrypted) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    // DCE/RPC: a header, a body and a trailer, the body alone encrypted, the checksum over all.
    std::vector<Piece> pieces = {
        {kHeader, Ascii("header")}, {kData, Ascii("body")}, {kHeader, Ascii("trailer")}, {kToken, kRoom}};
    ASSERT_EQ(pair.ours().SealPieces(&pieces), SEC_E_OK);
    EXPECT_EQ(pieces[0].octets, Ascii("header"));
    EXPECT_NE(pieces[1].octets, Ascii("body"));
    EXPECT_EQ(pieces[2].octets, Ascii("trailer"));
    // By hand: the checksum over everything, the key stream over the body and then over the checksum.
    const Octets session_key = pair.ours().SessionKey();
    const Octets plain =
        Part(Mac(SignKey(session_key, agreement.ours), Join({U32(0), Ascii("headerbodytrailer")})), 0, 8);
    const Octets stream =
        Rc4(SealKey(session_key, agreement.flags, agreement.ours), Join({Ascii("body"), plain}));
    EXPECT_EQ(Hex(pieces[1].octets), Hex(Part(stream, 0, 4)));
    const Octets checksum = (agreement.flags & kKeyExch) != 0 ? Part(stream, 4) : plain;
    EXPECT_EQ(Hex(pieces[3].octets), Hex(Join({U32(1), checksum, U32(0)})));
  }
}

TEST_F(NtlmPieces, ReadOnlyIsNeitherSignedNorEncrypted) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    std::vector<Piece> pieces = {{kReadOnly, Ascii("route")}, {kData, Ascii("body")}, {kToken, kRoom}};
    ASSERT_EQ(pair.ours().SealPieces(&pieces), SEC_E_OK);
    EXPECT_EQ(pieces[0].octets, Ascii("route"));
    Octets body = Ascii("body");
    EXPECT_EQ(Hex(pieces[2].octets), Hex(pair.expected().Seal(&body)));
    EXPECT_EQ(pieces[1].octets, body);
  }
}

TEST_F(NtlmPieces, BothOurs_ReadOnlyPartsAreTakenAsTheyWereMade) {
  Client client;
  Server server;
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  std::vector<Piece> sealed = {
      {kReadOnly, Ascii("route")}, {kHeader, Ascii("header")}, {kData, Ascii("body")}, {kToken, kRoom}};
  ASSERT_EQ(client.SealPieces(&sealed), SEC_E_OK);
  std::vector<Piece> header_changed = sealed;
  header_changed[1].octets[0] ^= 1;
  const std::vector<Piece> before = header_changed;
  EXPECT_EQ(server.UnsealPieces(&header_changed), SEC_E_MESSAGE_ALTERED);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_EQ(header_changed[i].octets, before[i].octets) << i;
  std::vector<Piece> route_changed = sealed;
  route_changed[0].octets[0] ^= 1;
  EXPECT_EQ(server.UnsealPieces(&route_changed), SEC_E_OK);
  EXPECT_EQ(route_changed[2].octets, Ascii("body"));
}

TEST_F(NtlmPieces, ReadOnlyCountsForSignaturesToo) {
  Established pair(kUsual, From::kClient);
  std::vector<Piece> pieces = {
      {kReadOnly, Ascii("route")}, {kHeader, Ascii("header")}, {kData, Ascii("body")}, {kToken, kRoom}};
  ASSERT_EQ(pair.ours().SignPieces(&pieces), SEC_E_OK);
  EXPECT_EQ(Hex(pieces[3].octets), Hex(pair.expected().Sign(Ascii("headerbody"))));
}

// ---- Streams. ----
TEST_F(NtlmPieces, StreamIsOpenedInPlaceAndTheDataBufferSaysWhere) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    for (const size_t size : {size_t{0}, size_t{1}, size_t{300}}) {
      const Octets message = Scrambled(size, 77);
      Octets sealed = message;
      const Octets signature = pair.peer().Seal(&sealed);
      std::vector<Piece> pieces = {{SECBUFFER_STREAM, Join({signature, sealed})}, {kData, {}}};
      ULONG qop = 99;
      ASSERT_EQ(pair.ours().UnsealPieces(&pieces, &qop), SEC_E_OK) << size;
      EXPECT_EQ(Hex(pieces[1].octets), Hex(message));
      EXPECT_EQ(Hex(pieces[0].octets), Hex(Join({signature, message})));  // in place
      EXPECT_EQ(qop, 0u);
    }
  }
}

TEST_F(NtlmPieces, StreamThatIsRefusedIsLeftAsItWas) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    Octets sealed = Ascii("a stream");
    const Octets signature = pair.peer().Seal(&sealed);
    const Octets right = Join({signature, sealed});
    for (size_t i = 0; i < right.size(); ++i) {
      Octets wrong = right;
      wrong[i] ^= 0x40;
      std::vector<Piece> pieces = {{SECBUFFER_STREAM, wrong}, {kData, {}}};
      const bool in_sequence = i < 12 || i >= 16;
      EXPECT_EQ(pair.ours().UnsealPieces(&pieces),
                in_sequence ? SEC_E_MESSAGE_ALTERED : SEC_E_OUT_OF_SEQUENCE)
          << i;
      EXPECT_EQ(pieces[0].octets, wrong) << i;
      EXPECT_TRUE(pieces[1].octets.empty()) << i;
    }
    std::vector<Piece> pieces = {{SECBUFFER_STREAM, right}, {kData, {}}};
    EXPECT_EQ(pair.ours().UnsealPieces(&pieces), SEC_E_OK);
  }
}

TEST_F(NtlmPieces, StreamShorterThanASignatureIsNoMessage) {
  Established pair(kUsual, From::kClient);
  for (const size_t size : {0, 1, 15}) {
    std::vector<Piece> pieces = {{SECBUFFER_STREAM, Octets(size, 1)}, {kData, {}}};
    EXPECT_EQ(pair.ours().UnsealPieces(&pieces), SEC_E_MESSAGE_ALTERED) << size;
  }
}

TEST_F(NtlmPieces, StreamWithoutADataBufferIsRefused) {
  Established pair(kUsual, From::kClient);
  Octets sealed = Ascii("text");
  const Octets signature = pair.peer().Seal(&sealed);
  std::vector<Piece> alone = {{SECBUFFER_STREAM, Join({signature, sealed})}};
  EXPECT_EQ(pair.ours().UnsealPieces(&alone), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(alone[0].octets, Join({signature, sealed}));
  EXPECT_EQ(pair.ours().Unseal(sealed, signature).status, SEC_E_OK);
}

// ---- Signed only, by the sender's choice. ----
TEST_F(NtlmPieces, NoEncryptLeavesTheDataAndSignsItAsMakeSignatureDoes) {
  for (const uint32_t without : {uint32_t{0}, kSeal}) {
    for (const Agreement& agreement : Agreements(without)) {
      Established pair(agreement.flags, agreement.ours);
      const Octets message = Ascii("readable");
      const Protected made = pair.ours().Seal(message, SECQOP_WRAP_NO_ENCRYPT);
      ASSERT_EQ(made.status, SEC_E_OK) << std::hex << agreement.flags;
      EXPECT_EQ(made.data, message);
      EXPECT_EQ(Hex(made.signature), Hex(pair.expected().Sign(message))) << std::hex << agreement.flags;
    }
  }
}

TEST_F(NtlmPieces, NoEncryptIsDetectedByTheReceiverAndTheNextMessageIsSealedAgain) {
  for (const Agreement& agreement : Agreements()) {
    Established pair(agreement.flags, agreement.ours);
    for (uint32_t i = 0; i < 4; ++i) {
      const Octets message = Scrambled(20 + i, 5 + i);
      const bool encrypted = i % 2 == 1;
      Octets data = message;
      const Octets signature = encrypted ? pair.peer().Seal(&data) : pair.peer().Sign(data);
      const Protected opened = pair.ours().Unseal(data, signature);
      ASSERT_EQ(opened.status, SEC_E_OK) << std::hex << agreement.flags;
      EXPECT_EQ(opened.data, message);
      EXPECT_EQ(opened.qop, encrypted ? 0 : SECQOP_WRAP_NO_ENCRYPT);
    }
  }
}

TEST_F(NtlmPieces, NoEncryptIsDetectedWhereSealingWasNotAgreed) {
  for (const Agreement& agreement : Agreements(kSeal)) {
    Established pair(agreement.flags, agreement.ours);
    const Octets message = Ascii("readable");
    const Protected opened = pair.ours().Unseal(message, pair.peer().Sign(message));
    ASSERT_EQ(opened.status, SEC_E_OK);
    EXPECT_EQ(opened.data, message);
    EXPECT_EQ(opened.qop, SECQOP_WRAP_NO_ENCRYPT);
  }
}

TEST_F(NtlmPieces, NoEncryptInAStreamIsDetectedToo) {
  Established pair(kUsual, From::kServer);
  const Octets message = Ascii("readable");
  std::vector<Piece> pieces = {{SECBUFFER_STREAM, Join({pair.peer().Sign(message), message})}, {kData, {}}};
  ULONG qop = 99;
  ASSERT_EQ(pair.ours().UnsealPieces(&pieces, &qop), SEC_E_OK);
  EXPECT_EQ(pieces[1].octets, message);
  EXPECT_EQ(qop, SECQOP_WRAP_NO_ENCRYPT);
}

TEST_F(NtlmPieces, NoEncryptIsNoSealedMessageForWhoDoesNotAskForTheQop) {
  // pfQOP NULL: an application that cannot learn that a message was not encrypted does not get it as if it
  // were.
  Established pair(kUsual, From::kServer);
  const Octets message = Ascii("readable");
  const Octets signature = pair.peer().Sign(message);
  const Protected refused = pair.ours().Unseal(message, signature, 0, false);
  EXPECT_EQ(refused.status, SEC_E_MESSAGE_ALTERED);
  EXPECT_EQ(refused.data, message);
  EXPECT_EQ(pair.ours().Unseal(message, signature).status, SEC_E_OK);
}

TEST_F(NtlmPieces, BothOurs_NoEncryptInBothDirections) {
  Client client;
  Server server;
  ASSERT_EQ(LogIn(&client, &server).server, SEC_E_OK);
  for (int i = 0; i < 2; ++i) {
    for (Endpoint* from : {static_cast<Endpoint*>(&client), static_cast<Endpoint*>(&server)}) {
      Endpoint* to = from == &client ? static_cast<Endpoint*>(&server) : &client;
      const Protected plain = from->Seal(Ascii("plain"), SECQOP_WRAP_NO_ENCRYPT);
      EXPECT_EQ(plain.data, Ascii("plain"));
      EXPECT_EQ(to->Unseal(plain.data, plain.signature).qop, SECQOP_WRAP_NO_ENCRYPT);
      const Protected sealed = from->Seal(Ascii("sealed"));
      const Protected opened = to->Unseal(sealed.data, sealed.signature);
      EXPECT_EQ(opened.status, SEC_E_OK);
      EXPECT_EQ(opened.qop, 0u);
    }
  }
}

// ---- What is refused before anything happens. ----
TEST_F(NtlmPieces, OtherQopsAreRefusedAndNothingHasHappened) {
  Established pair(kUsual, From::kClient);
  const Octets message = Ascii("text");
  for (const ULONG qop : {1U, 2U, 0x80000000U, SECQOP_WRAP_OOB_DATA, 0xFFFFFFFFU}) {
    EXPECT_EQ(pair.ours().Seal(message, qop).status, SEC_E_QOP_NOT_SUPPORTED) << qop;
    EXPECT_EQ(pair.ours().Seal(message, qop).data, message) << qop;
    EXPECT_EQ(pair.ours().Sign(message, qop).status, SEC_E_QOP_NOT_SUPPORTED) << qop;
  }
  EXPECT_EQ(pair.ours().Sign(message, SECQOP_WRAP_NO_ENCRYPT).status, SEC_E_QOP_NOT_SUPPORTED);
  EXPECT_EQ(Hex(pair.ours().Sign(message).signature), Hex(pair.expected().Sign(message)));
}

TEST_F(NtlmPieces, TokenBufferTooSmallTellsTheSizeAndNothingHasHappened) {
  Established pair(kUsual, From::kClient);
  Octets room(15);
  Octets data = Ascii("text");
  SecBuffer buffers[2] = {{4, kData, data.data()}, {15, kToken, room.data()}};
  SecBufferDesc description = {SECBUFFER_VERSION, 2, buffers};
  EXPECT_EQ(EncryptMessage(pair.ours().context(), 0, &description, 0), SEC_E_BUFFER_TOO_SMALL);
  EXPECT_EQ(buffers[1].cbBuffer, 16u);
  EXPECT_EQ(data, Ascii("text"));
  EXPECT_EQ(room, Octets(15));
  buffers[1].cbBuffer = 0;
  EXPECT_EQ(MakeSignature(pair.ours().context(), 0, &description, 0), SEC_E_BUFFER_TOO_SMALL);
  EXPECT_EQ(buffers[1].cbBuffer, 16u);
  Octets text = Ascii("text");
  const Octets signature = pair.expected().Seal(&text);
  EXPECT_EQ(Hex(pair.ours().Seal(data).signature), Hex(signature));
}

TEST_F(NtlmPieces, TokenBufferLargerThanASignatureSaysHowMuchOfItIsOne) {
  Established pair(kUsual, From::kClient);
  std::vector<Piece> pieces = {{kToken, Octets(40)}, {kData, Ascii("text")}};
  ASSERT_EQ(pair.ours().SealPieces(&pieces), SEC_E_OK);
  Octets text = Ascii("text");
  EXPECT_EQ(Hex(pieces[0].octets), Hex(pair.expected().Seal(&text)));
}

TEST_F(NtlmPieces, MissingTokenBufferIsRefused) {
  Established pair(kUsual, From::kClient);
  std::vector<Piece> pieces = {{kData, Ascii("text")}};
  EXPECT_EQ(pair.ours().SignPieces(&pieces), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(pair.ours().SealPieces(&pieces), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(pair.ours().VerifyPieces(&pieces), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(pair.ours().UnsealPieces(&pieces), SEC_E_INVALID_TOKEN);
  EXPECT_EQ(pieces[0].octets, Ascii("text"));
}

}  // namespace
}  // namespace ntlm_test
