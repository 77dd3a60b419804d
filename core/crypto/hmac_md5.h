// SPDX-License-Identifier: Apache-2.0
// HMAC-MD5 (RFC 2104) with the key size that NTLM has: always 16 octets. It serves one MAC: Finish leaves it
// wiped.
#pragma once

#include "core/crypto/md.h"

namespace baresspi {

class HmacMd5 : public MdStream {
 public:
  explicit HmacMd5(const uint8_t key[16]);
  void Finish(uint8_t mac[16]);  // mac may be where the key was

 private:
#if BARESSPI_CRYPTO_FAST
  uint32_t outer_[4];  // the state after the key's block with the outer pad

  friend class SealingMac;
#else
  uint8_t key_[16];
#endif
};

}  // namespace baresspi
