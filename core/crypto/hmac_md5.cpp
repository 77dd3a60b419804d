// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/hmac_md5.h"

#include "core/base/memory.h"

namespace baresspi {

#if BARESSPI_CRYPTO_FAST

HmacMd5::HmacMd5(const uint8_t key[16]) {
  StartKeyed(key, outer_);
}

void HmacMd5::Finish(uint8_t mac[16]) {
  Pad(nullptr);
  HashFrom(outer_, nullptr);
  Take(mac);
  Wipe(this, sizeof *this);
}

#else

HmacMd5::HmacMd5(const uint8_t key[16]) {
  Copy(key_, key, sizeof key_);
  StartKeyed(key_, 0x36);
}

void HmacMd5::Finish(uint8_t mac[16]) {
  MdStream::Finish(mac);
  StartKeyed(key_, 0x5c);
  Update(mac, 16);
  MdStream::Finish(mac);
  Wipe(key_, sizeof key_);
}

#endif

}  // namespace baresspi
