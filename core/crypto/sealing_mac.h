// SPDX-License-Identifier: Apache-2.0
// HMAC-MD5 of a plain message and RC4 over parts of it, in one pass: while MD5 works on one block, RC4 works
// on another. The result is that of one after the other. BARESSPI_CRYPTO_FAST 1 alone.
#pragma once

#include "core/crypto/hmac_md5.h"
#include "core/crypto/rc4.h"

namespace baresspi {

#if BARESSPI_CRYPTO_FAST

// As HmacMd5, it serves one MAC, and Finish leaves it wiped. The parts of a message must not overlap.
class SealingMac : public HmacMd5 {
 public:
  // cipher: what goes through it is the plain message on its way out, or, where it arrives, what makes it
  // plain. number is hashed first, the least of its four octets first.
  SealingMac(const uint8_t key[16], uint32_t number, Rc4* cipher, bool arrives);

  // Hashes data, when it is plain, and has it go through the cipher; that may be as late as Finish.
  void UpdateSealed(uint8_t* data, size_t size);
  // The first octets of the MAC, sealed of them, go through the cipher at last.
  void Finish(uint8_t mac[16], size_t sealed);

 private:
  void RunCipher(size_t size);

  uint8_t stream_[16];  // of the key stream, for the MAC
  CipherWork work_;
  bool arrives_;
};

#endif

}  // namespace baresspi
