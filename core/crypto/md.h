// SPDX-License-Identifier: Apache-2.0
// MD4 (RFC 1320) and MD5 (RFC 1321) as streams. NTLM is made of them; nothing else should be.
//
// A digest is ready when it is constructed; Finish leaves it wiped, and Start makes it ready once more.
// Messages are shorter than 4 GiB. Nothing branches or looks anything up by what is hashed: time depends on
// sizes alone.
//
// BARESSPI_CRYPTO_FAST 0: one rolled loop for both, hashed octet by octet. 1: unrolled, block by block, and
// RC4 may work beside MD5.
#pragma once

#include "config/baresspi_config.h"
#include "core/base/span.h"

namespace baresspi {

#if BARESSPI_CRYPTO_FAST
struct Rc4;

// Octets that may go through RC4 while MD5 hashes others.
struct CipherWork {
  Rc4* cipher;
  uint8_t* data;
  size_t ready;
};
#endif

// What the two share: buffer, padding, length, output. They differ in the steps of a block only.
class MdStream {
 public:
  void Update(const void* data, size_t size);
  void Update(Bytes bytes) { Update(bytes.data(), bytes.size()); }
  void Finish(uint8_t digest[16]);

 protected:
  // The value is the algorithm's first round among the seven that the two have together.
  enum Algorithm : uint32_t { kMd4 = 0, kMd5 = 3 };

  MdStream() = default;  // not ready yet: no work for those who call Start anyway
  void Start(Algorithm algorithm);
#if BARESSPI_CRYPTO_FAST
  // Update. Each block that is hashed may take up to 64 octets of the cipher's work with it (nullptr: there
  // is none).
  void UpdateBeside(const void* data, size_t size, CipherWork* beside);
  // Starts MD5 and hashes one block: the key, filled up with zeros, each octet XOR 0x36. outer: the state
  // after the same with 0x5c.
  void StartKeyed(const uint8_t key[16], uint32_t outer[4]);
  // The steps of Finish: the last block or two; for an HMAC the digest, hashed from the outer state on; the
  // digest out.
  void Pad(CipherWork* beside);
  void HashFrom(const uint32_t outer[4], CipherWork* beside);
  void Take(uint8_t digest[16]) const;
  uint32_t room() const {
    return 64 - length_ % 64;
  }  // octets until a block is full
#else
  // Starts MD5 and hashes one block: the key, filled up with zeros, each octet XOR pad.
  void StartKeyed(const uint8_t key[16], uint8_t pad);
#endif

 private:
#if BARESSPI_CRYPTO_FAST
  void Compress(CipherWork* beside);  // hashes block_
#else
  void Append(uint8_t octet);
  void Compress();  // hashes block_
#endif

  uint32_t state_[4];
  uint32_t block_[16];  // the length_ % 64 octets that wait for a whole block
  uint32_t length_;     // of the message so far, in octets
  Algorithm algorithm_;
};

class Md4 : public MdStream {
 public:
  Md4() { Start(); }
  void Start() { MdStream::Start(kMd4); }
};

class Md5 : public MdStream {
 public:
  Md5() { Start(); }
  void Start() { MdStream::Start(kMd5); }
};

}  // namespace baresspi
