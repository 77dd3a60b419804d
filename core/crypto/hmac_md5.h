// SPDX-License-Identifier: Apache-2.0
// HMAC-MD5 (RFC 2104) with the key size that NTLM has: always 16 octets.
#pragma once

#include "core/crypto/md.h"

namespace baresspi {

class HmacMd5 {
 public:
  explicit HmacMd5(const uint8_t key[16]);
  void Update(const void* data, size_t size) { md5_.Update(data, size); }
  void Update(Bytes bytes) { md5_.Update(bytes); }
  // Leaves the object wiped: it serves one MAC.
  void Finish(uint8_t mac[16]);

 private:
  void UpdatePad(uint8_t pad);

  Md5 md5_;
  uint8_t key_[16];
};

}  // namespace baresspi
