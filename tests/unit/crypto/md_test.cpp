// SPDX-License-Identifier: Apache-2.0
// MD4 and MD5 against the test suites of RFC 1320 and RFC 1321, and as streams.
#include "core/crypto/md.h"

#include <gtest/gtest.h>
#include <string.h>

#include <string>

#include "tests/unit/crypto/octets.h"

namespace baresspi {
namespace {

template <typename Digest>
std::string DigestOf(const std::string& message) {
  Digest digest;
  digest.Update(message.data(), message.size());
  uint8_t out[16];
  digest.Finish(out);
  return Hex(out, sizeof out);
}

const char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz";
const char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const char kDigits[] = "12345678901234567890123456789012345678901234567890123456789012345678901234567890";

TEST(Md4, Rfc1320TestSuite) {
  EXPECT_EQ(DigestOf<Md4>(""), "31d6cfe0d16ae931b73c59d7e0c089c0");
  EXPECT_EQ(DigestOf<Md4>("a"), "bde52cb31de33e46245e05fbdbd6fb24");
  EXPECT_EQ(DigestOf<Md4>("abc"), "a448017aaf21d8525fc10ae87aa6729d");
  EXPECT_EQ(DigestOf<Md4>("message digest"), "d9130a8164549fe818874806e1c7014b");
  EXPECT_EQ(DigestOf<Md4>(kAlphabet), "d79e1c308aa5bbcdeea8ed63df412da9");
  EXPECT_EQ(DigestOf<Md4>(kLetters), "043f8582f241db351ce627e153e7f0e4");
  EXPECT_EQ(DigestOf<Md4>(kDigits), "e33b4ddc9c38f2199c3e7b164fcc0536");
}

TEST(Md5, Rfc1321TestSuite) {
  EXPECT_EQ(DigestOf<Md5>(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(DigestOf<Md5>("a"), "0cc175b9c0f1b6a831c399e269772661");
  EXPECT_EQ(DigestOf<Md5>("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(DigestOf<Md5>("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(DigestOf<Md5>(kAlphabet), "c3fcd3d76192e4007dfb496cca67e13b");
  EXPECT_EQ(DigestOf<Md5>(kLetters), "d174ab98d277d9f5a5611c2c9f419d9f");
  EXPECT_EQ(DigestOf<Md5>(kDigits), "57edf4a22be3c955ac49da2e2107b67a");
}

template <typename Digest>
class AnyDigest : public testing::Test {};
using Digests = testing::Types<Md4, Md5>;
TYPED_TEST_SUITE(AnyDigest, Digests);

TYPED_TEST(AnyDigest, DoesNotDependOnHowTheMessageIsCut) {
  // Given a message over three blocks, and what it hashes to in one piece
  const std::vector<uint8_t> octets = Scrambled(150, 1);
  const std::string message(octets.begin(), octets.end());
  const std::string whole = DigestOf<TypeParam>(message);
  // When it is cut in three at every two places
  for (size_t first = 0; first <= message.size(); ++first) {
    for (size_t second = first; second <= message.size(); ++second) {
      TypeParam digest;
      digest.Update(message.data(), first);
      digest.Update(Bytes(octets.data() + first, second - first));
      digest.Update(message.data() + second, message.size() - second);
      uint8_t out[16];
      digest.Finish(out);
      // Then it hashes to the same
      ASSERT_EQ(Hex(out, sizeof out), whole) << first << ", " << second;
    }
  }
}

TYPED_TEST(AnyDigest, ReadsFromAnyAlignment) {
  const std::vector<uint8_t> message = Scrambled(200, 2);
  const std::string expected = DigestOf<TypeParam>(std::string(message.begin(), message.end()));
  for (size_t offset = 0; offset < 8; ++offset) {
    std::vector<uint8_t> moved(offset + message.size());
    memcpy(moved.data() + offset, message.data(), message.size());
    TypeParam digest;
    digest.Update(moved.data() + offset, message.size());
    std::vector<uint8_t> out(offset + 16);
    digest.Finish(out.data() + offset);
    EXPECT_EQ(Hex(out.data() + offset, 16), expected) << offset;
  }
}

TYPED_TEST(AnyDigest, FinishWipesTheObject) {
  TypeParam digest;
  digest.Update("secret", 6);
  uint8_t out[16];
  digest.Finish(out);
  const std::vector<uint8_t> zeros(sizeof digest);
  EXPECT_EQ(memcmp(&digest, zeros.data(), sizeof digest), 0);
}

TYPED_TEST(AnyDigest, StartForgetsWhatWasBefore) {
  TypeParam digest;
  digest.Update("something else", 14);
  digest.Start();
  uint8_t out[16];
  digest.Finish(out);
  EXPECT_EQ(Hex(out, sizeof out), DigestOf<TypeParam>(""));

  digest.Start();
  digest.Update(kDigits, sizeof kDigits - 1);
  digest.Finish(out);
  EXPECT_EQ(Hex(out, sizeof out), DigestOf<TypeParam>(kDigits));
}

TYPED_TEST(AnyDigest, EmptyUpdateMayHaveNoAddress) {
  TypeParam digest;
  digest.Update(nullptr, 0);
  digest.Update(Bytes());
  uint8_t out[16];
  digest.Finish(out);
  EXPECT_EQ(Hex(out, sizeof out), DigestOf<TypeParam>(""));
}

}  // namespace
}  // namespace baresspi
