// SPDX-License-Identifier: Apache-2.0
// MD5 and HMAC-MD5 are those of mbed TLS for every length from 0 to 1,024.
#include <gtest/gtest.h>
#include <mbedtls/md.h>

#include "core/crypto/hmac_md5.h"
#include "tests/unit/crypto/octets.h"

namespace baresspi {
namespace {

const mbedtls_md_info_t* TheirMd5() {
  return mbedtls_md_info_from_type(MBEDTLS_MD_MD5);
}

TEST(MbedTls, HasTheSameMd5) {
  for (size_t size = 0; size <= 1024; ++size) {
    const std::vector<uint8_t> message = Scrambled(size, static_cast<uint32_t>(size) + 1);
    uint8_t theirs[16], ours[16];
    ASSERT_EQ(mbedtls_md(TheirMd5(), message.data(), size, theirs), 0);
    Md5 md5;
    md5.Update(message.data(), size);
    md5.Finish(ours);
    ASSERT_EQ(Hex(ours, sizeof ours), Hex(theirs, sizeof theirs)) << size;
  }
}

TEST(MbedTls, HasTheSameHmacMd5) {
  for (size_t size = 0; size <= 1024; ++size) {
    const std::vector<uint8_t> key = Scrambled(16, static_cast<uint32_t>(size) + 2000);
    const std::vector<uint8_t> message = Scrambled(size, static_cast<uint32_t>(size) + 1);
    uint8_t theirs[16], ours[16];
    ASSERT_EQ(mbedtls_md_hmac(TheirMd5(), key.data(), key.size(), message.data(), size, theirs), 0);
    HmacMd5 hmac(key.data());
    hmac.Update(message.data(), size);
    hmac.Finish(ours);
    ASSERT_EQ(Hex(ours, sizeof ours), Hex(theirs, sizeof theirs)) << size;
  }
}

}  // namespace
}  // namespace baresspi
