// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/hmac_md5.h"

#include "core/base/memory.h"

namespace baresspi {

HmacMd5::HmacMd5(const uint8_t key[16]) {
  Copy(key_, key, sizeof key_);
  UpdatePad(0x36);
}

// Hashes the key, filled up to a block with zeros, XOR pad; octet by octet, so that no padded copy of the key
// is left on the stack.
void HmacMd5::UpdatePad(uint8_t pad) {
  for (uint32_t i = 0; i < 64; ++i) {
    const uint8_t octet = i < sizeof key_ ? static_cast<uint8_t>(key_[i] ^ pad) : pad;
    md5_.Update(&octet, 1);
  }
}

void HmacMd5::Finish(uint8_t mac[16]) {
  md5_.Finish(mac);
  md5_.Start();
  UpdatePad(0x5c);
  md5_.Update(mac, 16);
  md5_.Finish(mac);
  Wipe(key_, sizeof key_);
}

}  // namespace baresspi
