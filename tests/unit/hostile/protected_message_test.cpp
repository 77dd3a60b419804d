// SPDX-License-Identifier: Apache-2.0
// Signed and sealed messages of which somebody turned a bit, cut an octet or repeated one: refused, and the
// right one is still accepted.
#include "tests/support/two_sides.h"
#include "tests/unit/hostile/attack.h"

namespace two_sides {
namespace {

// A context pair of each kind of protection.
struct Kind {
  const char* name;
  ULONG requested;
  bool sealed;
  bool datagram;
};

class ProtectedMessage : public Test, public testing::WithParamInterface<Kind> {
 protected:
  void SetUp() override {
    Test::SetUp();
    const ULONG datagram = GetParam().datagram ? ISC_REQ_DATAGRAM : 0;
    LogIn(client_, server_, {GetParam().requested | datagram}, {GetParam().datagram ? ASC_REQ_DATAGRAM : 0});
    for (uint8_t i = 0; i < 53; ++i) text_.push_back(static_cast<uint8_t>(i * 7 + 1));
  }

  // What the client sends: signature, then text.
  Octets Protect(ULONG number) {
    const Octets wire = Joined({Octets(16), text_});
    Buffer octets(wire);
    const SECURITY_STATUS status = Run(octets, 16, wire.size() - 16, number, true);
    EXPECT_STATUS(SEC_E_OK, status);
    return octets.First(wire.size());
  }

  // What the server says of it, with the first octets taken for the signature. Refused octets must be as they
  // were.
  SECURITY_STATUS Unprotect(const Octets& wire, size_t signature, ULONG number) {
    Buffer octets(wire);
    const SECURITY_STATUS status = Run(octets, signature, wire.size() - signature, number, false);
    if (status == SEC_E_OK) {
      EXPECT_EQ(Octets(octets.data() + signature, octets.data() + wire.size()), text_);
    } else {
      EXPECT_EQ(octets.First(wire.size()), wire) << "a refused message is restored";
    }
    return status;
  }

  SECURITY_STATUS UnprotectStream(const Octets& wire, ULONG number) {
    Buffer octets(wire);
    SecBuffer buffers[2] = {{static_cast<ULONG>(wire.size()), SECBUFFER_STREAM, octets.data()},
                            {0, SECBUFFER_DATA, nullptr}};
    SecBufferDesc list = {SECBUFFER_VERSION, 2, buffers};
    ULONG qop = 0;
    const SECURITY_STATUS status = DecryptMessage(server_.context(), &list, number, &qop);
    if (status != SEC_E_OK) {
      EXPECT_EQ(octets.First(wire.size()), wire);
    }
    return status;
  }

  // A refusal of the right kind: sequence numbers stand in the last four octets of a signature, and are
  // looked at first.
  static void ExpectRefused(SECURITY_STATUS status, bool in_sequence) {
    EXPECT_STATUS(in_sequence ? SEC_E_OUT_OF_SEQUENCE : SEC_E_MESSAGE_ALTERED, status);
  }

  Client client_;
  Server server_;
  Octets text_;

 private:
  SECURITY_STATUS Run(Buffer& octets, size_t signature, size_t size, ULONG number, bool sending) {
    SecBuffer buffers[2] = {{static_cast<ULONG>(size), SECBUFFER_DATA, octets.data() + signature},
                            {static_cast<ULONG>(signature), SECBUFFER_TOKEN, octets.data()}};
    SecBufferDesc list = {SECBUFFER_VERSION, 2, buffers};
    if (sending) {
      return GetParam().sealed ? EncryptMessage(client_.context(), 0, &list, number)
                               : MakeSignature(client_.context(), 0, &list, number);
    }
    return GetParam().sealed ? DecryptMessage(server_.context(), &list, number, nullptr)
                             : VerifySignature(server_.context(), &list, number, nullptr);
  }
};

// DecryptMessage alone takes streams; connections number messages themselves, datagrams are numbered by the
// caller.
class SealedMessage : public ProtectedMessage {};
class NumberedMessage : public ProtectedMessage {};
class DatagramMessage : public ProtectedMessage {};

TEST_P(ProtectedMessage, EveryFlippedBitIsRefusedAndTheRightOneThenAccepted) {
  for (ULONG number = 0; number < 3; ++number) {
    const Octets wire = Protect(number);
    for (size_t bit = 0; bit < wire.size() * 8; ++bit) {
      const bool in_sequence = bit / 8 >= 12 && bit / 8 < 16;
      ExpectRefused(Unprotect(Flipped(wire, bit), 16, number), in_sequence);
    }
    ASSERT_STATUS(SEC_E_OK, Unprotect(wire, 16, number)) << number;
  }
}

TEST_P(ProtectedMessage, EveryTruncationIsRefusedAndTheRightOneThenAccepted) {
  const Octets wire = Protect(0);
  for (size_t size = 16; size < wire.size(); ++size)
    ExpectRefused(Unprotect(Truncated(wire, size), 16, 0), false);
  for (size_t signature = 0; signature < 16; ++signature) {
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Unprotect(wire, signature, 0)) << signature;
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Unprotect(Truncated(wire, signature), signature, 0)) << signature;
  }
  Octets longer = wire;
  longer.push_back(0);
  ExpectRefused(Unprotect(longer, 16, 0), false);
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Unprotect(longer, 17, 0));
  EXPECT_STATUS(SEC_E_OK, Unprotect(wire, 16, 0));
}

TEST_P(SealedMessage, InAStreamIsNoDifferent) {
  const Octets wire = Protect(0);
  for (size_t size = 0; size < wire.size(); ++size) {
    EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, UnprotectStream(Truncated(wire, size), 0)) << size;
  }
  for (size_t bit = 0; bit < wire.size() * 8; bit += 3) {
    ExpectRefused(UnprotectStream(Flipped(wire, bit), 0), bit / 8 >= 12 && bit / 8 < 16);
  }
  EXPECT_STATUS(SEC_E_OK, UnprotectStream(wire, 0));
}

TEST_P(NumberedMessage, ReplayLossAndReorderingAreOutOfSequence) {
  const Octets first = Protect(0), second = Protect(0), third = Protect(0);
  EXPECT_STATUS(SEC_E_OUT_OF_SEQUENCE, Unprotect(second, 16, 0));
  EXPECT_STATUS(SEC_E_OUT_OF_SEQUENCE, Unprotect(third, 16, 0));
  EXPECT_STATUS(SEC_E_OK, Unprotect(first, 16, 0));
  EXPECT_STATUS(SEC_E_OUT_OF_SEQUENCE, Unprotect(first, 16, 0));
  EXPECT_STATUS(SEC_E_OUT_OF_SEQUENCE, Unprotect(third, 16, 0));
  EXPECT_STATUS(SEC_E_OK, Unprotect(second, 16, 0));
  EXPECT_STATUS(SEC_E_OK, Unprotect(third, 16, 0));
}

TEST_P(DatagramMessage, OfAnotherNumberIsOutOfSequence) {
  const Octets wire = Protect(5);
  for (ULONG number : std::initializer_list<ULONG>{0, 4, 6, 0xFFFFFFFF}) {
    EXPECT_STATUS(SEC_E_OUT_OF_SEQUENCE, Unprotect(wire, 16, number));
  }
  EXPECT_STATUS(SEC_E_OK, Unprotect(wire, 16, 5));
  EXPECT_STATUS(SEC_E_OK, Unprotect(Protect(3), 16, 3)) << "they may come in any order";
}

TEST_P(ProtectedMessage, ReflectedToItsSenderIsRefused) {
  const Octets wire = Protect(0);
  Buffer octets(wire);
  SecBuffer buffers[2] = {{static_cast<ULONG>(wire.size() - 16), SECBUFFER_DATA, octets.data() + 16},
                          {16, SECBUFFER_TOKEN, octets.data()}};
  SecBufferDesc list = {SECBUFFER_VERSION, 2, buffers};
  const SECURITY_STATUS status = GetParam().sealed ? DecryptMessage(client_.context(), &list, 0, nullptr)
                                                   : VerifySignature(client_.context(), &list, 0, nullptr);
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, status);
  EXPECT_EQ(octets.First(wire.size()), wire);
  EXPECT_STATUS(SEC_E_OK, Unprotect(wire, 16, 0));
}

TEST_P(ProtectedMessage, GarbageIsRefusedAndTheRightOneThenAccepted) {
  const Octets wire = Protect(0);
  uint32_t x = 0x2545F491;
  for (int i = 0; i < 500; ++i) {
    Octets garbage(16 + i % 64);
    for (uint8_t& octet : garbage) {
      x ^= x << 13;
      x ^= x >> 17;
      x ^= x << 5;
      octet = static_cast<uint8_t>(x >> 24);
    }
    const SECURITY_STATUS status = Unprotect(garbage, 16, 0);
    EXPECT_TRUE(status == SEC_E_MESSAGE_ALTERED || status == SEC_E_OUT_OF_SEQUENCE) << StatusText(status);
  }
  EXPECT_STATUS(SEC_E_OK, Unprotect(wire, 16, 0));
}

constexpr Kind kSealed = {"Sealed", kSeal, true, false};
constexpr Kind kSigned = {"Signed", ISC_REQ_INTEGRITY, false, false};
constexpr Kind kSignedOnly = {"SignedInASealedContext", kSeal, false, false};
constexpr Kind kSealedDatagram = {"SealedDatagram", kSeal, true, true};
constexpr Kind kSignedDatagram = {"SignedDatagram", ISC_REQ_INTEGRITY, false, true};

std::string NameOf(const testing::TestParamInfo<Kind>& kind) {
  return kind.param.name;
}

INSTANTIATE_TEST_SUITE_P(Of, ProtectedMessage,
                         testing::Values(kSealed, kSigned, kSignedOnly, kSealedDatagram, kSignedDatagram),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Of, SealedMessage, testing::Values(kSealed, kSealedDatagram), NameOf);
INSTANTIATE_TEST_SUITE_P(Of, DatagramMessage, testing::Values(kSealedDatagram, kSignedDatagram), NameOf);
INSTANTIATE_TEST_SUITE_P(Of, NumberedMessage, testing::Values(kSealed, kSigned, kSignedOnly), NameOf);

}  // namespace
}  // namespace two_sides
