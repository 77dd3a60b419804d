// SPDX-License-Identifier: Apache-2.0
// HMAC-MD5 against RFC 2202, section 2. Its cases 3, 6 and 7 have keys longer than NTLM's 16 octets; shorter
// ones are the same as keys filled up with zeros.
#include "core/crypto/hmac_md5.h"

#include <gtest/gtest.h>
#include <string.h>

#include <string>

#include "tests/unit/crypto/octets.h"

namespace baresspi {
namespace {

std::string Mac(const std::string& key, const std::string& message) {
  uint8_t full_key[16] = {};
  memcpy(full_key, key.data(), key.size());
  HmacMd5 hmac(full_key);
  hmac.Update(message.data(), message.size());
  uint8_t mac[16];
  hmac.Finish(mac);
  return Hex(mac, sizeof mac);
}

TEST(HmacMd5, Rfc2202TestCases) {
  EXPECT_EQ(Mac(std::string(16, '\x0b'), "Hi There"), "9294727a3638bb1c13f48ef8158bfc9d");
  EXPECT_EQ(Mac("Jefe", "what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738");
  EXPECT_EQ(Mac(std::string(16, '\xaa'), std::string(50, '\xdd')), "56be34521d144c88dbb8c733f0e8b3f6");
  EXPECT_EQ(Mac(std::string(16, '\x0c'), "Test With Truncation"), "56461ef2342edc00f9bab995690efd4c");
}

TEST(HmacMd5, DoesNotDependOnHowTheMessageIsCut) {
  const std::vector<uint8_t> key = Scrambled(16, 3), message = Scrambled(130, 4);
  HmacMd5 whole(key.data());
  whole.Update(Bytes(message.data(), message.size()));
  uint8_t expected[16];
  whole.Finish(expected);
  for (size_t cut = 0; cut <= message.size(); ++cut) {
    HmacMd5 hmac(key.data());
    hmac.Update(message.data(), cut);
    hmac.Update(message.data() + cut, message.size() - cut);
    uint8_t mac[16];
    hmac.Finish(mac);
    ASSERT_EQ(Hex(mac, sizeof mac), Hex(expected, sizeof expected)) << cut;
  }
}

TEST(HmacMd5, MacMayTakeTheKeysPlace) {
  // As when a key is derived from the one before it
  std::vector<uint8_t> octets = Scrambled(16, 5);
  const std::string expected = Mac(std::string(octets.begin(), octets.end()), "label");
  HmacMd5 hmac(octets.data());
  hmac.Update("label", 5);
  hmac.Finish(octets.data());
  EXPECT_EQ(Hex(octets.data(), octets.size()), expected);
}

TEST(HmacMd5, FinishWipesTheObject) {
  const std::vector<uint8_t> key = Scrambled(16, 6);
  HmacMd5 hmac(key.data());
  uint8_t mac[16];
  hmac.Finish(mac);
  const std::vector<uint8_t> zeros(sizeof hmac);
  EXPECT_EQ(memcmp(&hmac, zeros.data(), sizeof hmac), 0);
}

TEST(HmacMd5, ObjectFitsASmallStack) {
  EXPECT_LE(sizeof(HmacMd5), 112u);
}

}  // namespace
}  // namespace baresspi
