// SPDX-License-Identifier: Apache-2.0
// MD4 (RFC 1320) and MD5 (RFC 1321) as streams. NTLM is made of them; nothing else should be.
//
// A digest is ready when it is constructed; Finish leaves it wiped, and Start makes it ready once more.
// Messages are shorter than 4 GiB. Nothing branches or looks anything up by what is hashed: time depends on
// sizes alone.
//
// BARESSPI_CRYPTO_FAST 0: one rolled loop for both, hashed octet by octet. 1: unrolled, whole blocks read
// where they lie.
#pragma once

#include "core/base/span.h"

namespace baresspi {

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
  // Starts MD5 and hashes one block: the key, filled up with zeros, each octet XOR pad.
  void StartKeyed(const uint8_t key[16], uint8_t pad);

 private:
  void Append(uint8_t octet);  // of the small one only
  void Compress();             // hashes block_

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
