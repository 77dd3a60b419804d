// SPDX-License-Identifier: Apache-2.0
// MakeSignature, VerifySignature, EncryptMessage, DecryptMessage as calls: lists, qualities of protection,
// room.
#include <initializer_list>

#include "tests/support/two_sides.h"
#include "tests/unit/sspi/buffer_list.h"

namespace two_sides {
namespace {

const Octets kText = {'a', 't', ' ', 'd', 'a', 'w', 'n'};

class Message : public Test {
 protected:
  void SetUp() override {
    Test::SetUp();
    LogIn(client_, server_);
  }
  void LogInAgain(ULONG requested) {
    client_.DeleteContext();
    server_.DeleteContext();
    LogIn(client_, server_, {requested});
  }

  // The four functions, senders on the client, receivers on the server.
  SECURITY_STATUS Sign(PSecBufferDesc list, ULONG qop = 0) {
    return MakeSignature(client_.context(), qop, list, 0);
  }
  SECURITY_STATUS Verify(PSecBufferDesc list, ULONG* qop = nullptr) {
    return VerifySignature(server_.context(), list, 0, qop);
  }
  SECURITY_STATUS Seal(PSecBufferDesc list, ULONG qop = 0) {
    return EncryptMessage(client_.context(), qop, list, 0);
  }
  SECURITY_STATUS Unseal(PSecBufferDesc list, ULONG* qop = nullptr) {
    return DecryptMessage(server_.context(), list, 0, qop);
  }
  void ExpectFromAll(SECURITY_STATUS status, PSecBufferDesc list) {
    EXPECT_STATUS(status, Sign(list));
    EXPECT_STATUS(status, Verify(list));
    EXPECT_STATUS(status, Seal(list));
    EXPECT_STATUS(status, Unseal(list));
  }
  // Nothing before this has moved sequence or ciphers.
  void ExpectNothingMoved() {
    Buffer text(kText), signature(16);
    List list({Of(SECBUFFER_TOKEN, signature), Of(SECBUFFER_DATA, text)});
    ASSERT_STATUS(SEC_E_OK, Seal(list.get()));
    ASSERT_STATUS(SEC_E_OK, Unseal(list.get()));
    EXPECT_EQ(text.First(text.size()), kText);
  }

  Client client_;
  Server server_;
};

TEST_F(Message, MalformedListsAreRefused) {
  Buffer text(kText), signature(16);
  SecBuffer good[2] = {Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)};
  SecBuffer hollow[2] = {{7, SECBUFFER_DATA, nullptr}, good[1]},
            hollow_token[2] = {good[0], {16, SECBUFFER_TOKEN, nullptr}};
  SecBufferDesc wrong_version = {1, 2, good}, no_array = {SECBUFFER_VERSION, 2, nullptr},
                no_text = {SECBUFFER_VERSION, 2, hollow},
                no_token_octets = {SECBUFFER_VERSION, 2, hollow_token};
  for (PSecBufferDesc bad :
       {static_cast<PSecBufferDesc>(nullptr), &wrong_version, &no_array, &no_text, &no_token_octets}) {
    ExpectFromAll(SEC_E_INVALID_TOKEN, bad);
  }
  EXPECT_EQ(text.First(text.size()), kText);
  ExpectNothingMoved();
}

TEST_F(Message, WithoutATokenBufferIsRefused) {
  Buffer text(kText);
  List data({Of(SECBUFFER_DATA, text)}), empty({});
  ExpectFromAll(SEC_E_INVALID_TOKEN, data.get());
  ExpectFromAll(SEC_E_INVALID_TOKEN, empty.get());
  EXPECT_EQ(text.First(text.size()), kText);
  ExpectNothingMoved();
}

TEST_F(Message, TooSmallASignatureSaysHowMuchIsNeeded) {
  Buffer text(kText);
  for (size_t room = 0; room < 16; ++room) {
    Buffer signature(room);
    List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, Sign(list.get()));
    EXPECT_EQ(list[1].cbBuffer, 16u);
    list[1].cbBuffer = static_cast<ULONG>(room);
    EXPECT_STATUS(SEC_E_BUFFER_TOO_SMALL, Seal(list.get()));
    EXPECT_EQ(list[1].cbBuffer, 16u);
  }
  EXPECT_EQ(text.First(text.size()), kText);
  ExpectNothingMoved();
}

TEST_F(Message, LargerRoomIsCutToTheSignature) {
  Buffer text(kText), signature(64);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  ASSERT_STATUS(SEC_E_OK, Seal(list.get()));
  EXPECT_EQ(list[1].cbBuffer, 16u);
  EXPECT_STATUS(SEC_E_OK, Unseal(list.get()));
}

TEST_F(Message, SignatureOfAnotherSizeIsAltered) {
  Buffer text(kText), signature(64);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  ASSERT_STATUS(SEC_E_OK, Seal(list.get()));
  for (ULONG size : std::initializer_list<ULONG>{0U, 1U, 15U, 17U, 64U}) {
    list[1].cbBuffer = size;
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Unseal(list.get())) << size;
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Verify(list.get())) << size;
  }
  list[1].cbBuffer = 16;
  EXPECT_STATUS(SEC_E_OK, Unseal(list.get()));
}

TEST_F(Message, UnknownQualitiesOfProtectionAreNotSupported) {
  Buffer text(kText), signature(16);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  for (ULONG qop : std::initializer_list<ULONG>{1U, 2U, SECQOP_WRAP_OOB_DATA, 0x80000000U,
                                                SECQOP_WRAP_NO_ENCRYPT | 2U, 0xFFFFFFFFU}) {
    EXPECT_STATUS(SEC_E_QOP_NOT_SUPPORTED, Sign(list.get(), qop)) << qop;
    EXPECT_STATUS(SEC_E_QOP_NOT_SUPPORTED, Seal(list.get(), qop)) << qop;
  }
  EXPECT_STATUS(SEC_E_QOP_NOT_SUPPORTED, Sign(list.get(), SECQOP_WRAP_NO_ENCRYPT))
      << "EncryptMessage's alone";
  EXPECT_EQ(text.First(text.size()), kText);
  ExpectNothingMoved();
}

TEST_F(Message, ReceiverIsToldTheQuality) {
  Buffer text(kText), signature(16);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  ULONG qop = 77;
  ASSERT_STATUS(SEC_E_OK, Sign(list.get()));
  ASSERT_STATUS(SEC_E_OK, Verify(list.get(), &qop));
  EXPECT_EQ(qop, 0u);
  qop = 77;
  ASSERT_STATUS(SEC_E_OK, Seal(list.get()));
  ASSERT_STATUS(SEC_E_OK, Unseal(list.get(), &qop));
  EXPECT_EQ(qop, 0u);
  ASSERT_STATUS(SEC_E_OK, Seal(list.get(), SECQOP_WRAP_NO_ENCRYPT));
  EXPECT_EQ(text.First(text.size()), kText) << "not encrypted";
  ASSERT_STATUS(SEC_E_OK, Unseal(list.get(), &qop));
  EXPECT_EQ(qop, SECQOP_WRAP_NO_ENCRYPT);
}

TEST_F(Message, OnlySignedOneIsRefusedWhereNobodyLooksAtTheQuality) {
  Buffer text(kText), signature(16);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  ASSERT_STATUS(SEC_E_OK, Seal(list.get(), SECQOP_WRAP_NO_ENCRYPT));
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Unseal(list.get(), nullptr));
  EXPECT_EQ(text.First(text.size()), kText) << "as it was";
  ULONG qop = 0;
  EXPECT_STATUS(SEC_E_OK, Unseal(list.get(), &qop));
}

TEST_F(Message, RefusedOneLeavesTheQualityAlone) {
  Buffer text(kText), signature(16);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  ULONG qop = 77;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Unseal(list.get(), &qop));
  EXPECT_EQ(qop, 77u);
}

TEST_F(Message, SealingThatWasNotAgreedIsRefused) {
  LogInAgain(ISC_REQ_INTEGRITY);
  Buffer text(kText), signature(16);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, Seal(list.get()));
  EXPECT_EQ(text.First(text.size()), kText);
  ULONG qop = 0;
  ASSERT_STATUS(SEC_E_OK, Seal(list.get(), SECQOP_WRAP_NO_ENCRYPT));
  ASSERT_STATUS(SEC_E_OK, Unseal(list.get(), &qop));
  EXPECT_EQ(qop, SECQOP_WRAP_NO_ENCRYPT);
  ASSERT_STATUS(SEC_E_OK, Sign(list.get()));
  ASSERT_STATUS(SEC_E_OK, Verify(list.get()));
}

// What LDAP directories do with NTLM.
TEST_F(Message, ToldToItEncryptsWhereIntegrityAloneWasAgreed) {
  LogInAgain(ISC_REQ_INTEGRITY);
  Buffer text(kText), signature(16);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  ULONG qop = 77;
  for (ULONG* asked : {&qop, static_cast<ULONG*>(nullptr)}) {
    ASSERT_STATUS(SEC_E_OK, Seal(list.get(), BARESSPI_SECQOP_WRAP_ENCRYPT));
    EXPECT_NE(text.First(text.size()), kText);
    ASSERT_STATUS(SEC_E_OK, Unseal(list.get(), asked));
    EXPECT_EQ(text.First(text.size()), kText);
    EXPECT_EQ(qop, 0u);
    // Either kind is taken, in any order.
    ASSERT_STATUS(SEC_E_OK, Seal(list.get(), SECQOP_WRAP_NO_ENCRYPT));
    ASSERT_STATUS(SEC_E_OK, Unseal(list.get(), nullptr));
    EXPECT_EQ(text.First(text.size()), kText);
  }
  ASSERT_STATUS(SEC_E_OK, Seal(list.get(), BARESSPI_SECQOP_WRAP_ENCRYPT));
  text.data()[0] ^= 1;
  const Octets altered = text.First(text.size());
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Unseal(list.get(), nullptr));
  EXPECT_EQ(text.First(text.size()), altered) << "as it was";
  text.data()[0] ^= 1;
  EXPECT_STATUS(SEC_E_OK, Unseal(list.get(), nullptr)) << "the right one is still accepted";
}

TEST_F(Message, ToldToEncryptItIsNoOtherWhereConfidentialityWasAgreed) {
  Buffer text(kText), signature(16);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  ASSERT_STATUS(SEC_E_OK, Seal(list.get(), BARESSPI_SECQOP_WRAP_ENCRYPT));
  ASSERT_STATUS(SEC_E_OK, Unseal(list.get(), nullptr));
  EXPECT_EQ(text.First(text.size()), kText);
  EXPECT_STATUS(SEC_E_QOP_NOT_SUPPORTED, Sign(list.get(), BARESSPI_SECQOP_WRAP_ENCRYPT));
}

TEST_F(Message, WithoutIntegrityThereIsOnlyTheDummySignature) {
  LogInAgain(0);
  Buffer text(kText), signature(Octets(16, 0xEE));
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, Seal(list.get()));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, Seal(list.get(), SECQOP_WRAP_NO_ENCRYPT));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, Seal(list.get(), BARESSPI_SECQOP_WRAP_ENCRYPT));
  EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, Unseal(list.get()));
  ASSERT_STATUS(SEC_E_OK, Sign(list.get()));
  Octets dummy(16);
  dummy[0] = 1;
  EXPECT_EQ(signature.First(16), dummy);
  EXPECT_STATUS(SEC_E_OK, Verify(list.get()));
  signature.data()[5] = 1;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Verify(list.get()));
}

TEST_F(Message, NothingInItIsFineToo) {
  Buffer signature(16);
  List list({Of(SECBUFFER_TOKEN, signature)});
  ASSERT_STATUS(SEC_E_OK, Seal(list.get()));
  EXPECT_STATUS(SEC_E_OK, Unseal(list.get()));
  List with_empty_data({{0, SECBUFFER_DATA, nullptr}, Of(SECBUFFER_TOKEN, signature)});
  ASSERT_STATUS(SEC_E_OK, Seal(with_empty_data.get()));
  EXPECT_STATUS(SEC_E_OK, Unseal(with_empty_data.get()));
}

TEST_F(Message, PaddingBecomesEmptyAndOthersAreSkipped) {
  Buffer text(kText), signature(16), padding(8), other(Octets(5, 0xEE));
  List list({Of(SECBUFFER_PADDING, padding),
             Of(SECBUFFER_EXTRA, other),
             Of(SECBUFFER_TOKEN, signature),
             {3, SECBUFFER_EMPTY, nullptr},
             Of(SECBUFFER_DATA, text)});
  ASSERT_STATUS(SEC_E_OK, Seal(list.get()));
  EXPECT_EQ(list[0].cbBuffer, 0u);
  EXPECT_EQ(other.First(5), Octets(5, 0xEE));
  EXPECT_NE(text.First(text.size()), kText);
  ASSERT_STATUS(SEC_E_OK, Unseal(list.get()));
  EXPECT_EQ(text.First(text.size()), kText);
}

TEST_F(Message, StreamNeedsADataBufferForTheAnswer) {
  Buffer text(kText), signature(16);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  ASSERT_STATUS(SEC_E_OK, Seal(list.get()));
  Octets wire = signature.First(16);
  wire.resize(16 + kText.size());
  for (size_t i = 0; i < kText.size(); ++i) wire[16 + i] = text.First(text.size())[i];
  Buffer stream(wire);
  List alone({Of(SECBUFFER_STREAM, stream)}),
      pair({Of(SECBUFFER_STREAM, stream), {0, SECBUFFER_DATA, nullptr}});
  EXPECT_STATUS(SEC_E_INVALID_TOKEN, Unseal(alone.get()));
  EXPECT_EQ(stream.First(stream.size()), wire);
  ASSERT_STATUS(SEC_E_OK, Unseal(pair.get()));
  EXPECT_EQ(pair[1].pvBuffer, stream.data() + 16);
  ASSERT_EQ(pair[1].cbBuffer, kText.size());
  EXPECT_EQ(Octets(stream.data() + 16, stream.data() + stream.size()), kText);
}

TEST_F(Message, ConnectionsDoNotLookAtTheNumberOfTheCaller) {
  Buffer text(kText), signature(16);
  List list({Of(SECBUFFER_DATA, text), Of(SECBUFFER_TOKEN, signature)});
  for (ULONG number : std::initializer_list<ULONG>{5U, 0U, 0xFFFFFFFFU}) {
    ASSERT_STATUS(SEC_E_OK, EncryptMessage(client_.context(), 0, list.get(), number));
    ASSERT_STATUS(SEC_E_OK, DecryptMessage(server_.context(), list.get(), number ^ 0x55, nullptr));
  }
}

}  // namespace
}  // namespace two_sides
