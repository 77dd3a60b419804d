// SPDX-License-Identifier: Apache-2.0
// MD4 and RC4, which mbed TLS has no more, are those of Nettle for every length from 0 to 1,024.
#include <gtest/gtest.h>
#include <nettle/arcfour.h>
#include <nettle/md4.h>

#include "core/crypto/md.h"
#include "core/crypto/rc4.h"
#include "tests/unit/crypto/octets.h"

namespace baresspi {
namespace {

TEST(Nettle, HasTheSameMd4) {
  for (size_t size = 0; size <= 1024; ++size) {
    const std::vector<uint8_t> message = Scrambled(size, static_cast<uint32_t>(size) + 1);
    uint8_t theirs[16], ours[16];
    md4_ctx context;
    md4_init(&context);
    md4_update(&context, size, message.data());
    md4_digest(&context, sizeof theirs, theirs);
    Md4 md4;
    md4.Update(message.data(), size);
    md4.Finish(ours);
    ASSERT_EQ(Hex(ours, sizeof ours), Hex(theirs, sizeof theirs)) << size;
  }
}

TEST(Nettle, HasTheSameRc4) {
  for (size_t size = 0; size <= 1024; ++size) {
    // Key lengths go from 1 to 256 in a circle.
    const std::vector<uint8_t> key = Scrambled(size % 256 + 1, static_cast<uint32_t>(size) + 3000);
    std::vector<uint8_t> theirs = Scrambled(size, static_cast<uint32_t>(size) + 1), ours = theirs;
    arcfour_ctx context;
    arcfour_set_key(&context, key.size(), key.data());
    arcfour_crypt(&context, size, theirs.data(), theirs.data());
    Rc4 rc4;
    rc4.Key(key.data(), key.size());
    rc4.Apply(ours.data(), size);
    ASSERT_EQ(Hex(ours.data(), size), Hex(theirs.data(), size)) << size;
  }
}

}  // namespace
}  // namespace baresspi
