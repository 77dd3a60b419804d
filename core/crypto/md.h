// SPDX-License-Identifier: Apache-2.0
// MD4 (RFC 1320) and MD5 (RFC 1321) as streams. NTLM is made of them; nothing else should be.
//
// A digest is ready when it is constructed; Finish leaves it wiped, and Start makes it ready once more.
// Messages are shorter than 4 GiB. Neither branches nor looks anything up by what is hashed: time depends on
// sizes alone.
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
  MdStream() = default;
  void Start(uint32_t steps);

 private:
  void Compress();
  void Append(uint8_t octet);

  uint32_t state_[4];
  uint32_t words_[16];  // the block so far, as words of the machine: octet n of it is at index n ^ kSwap
  uint32_t length_;     // of the message, in octets
  uint32_t steps_;      // 48 is MD4, 64 is MD5
};

class Md4 : public MdStream {
 public:
  Md4() { Start(); }
  void Start() { MdStream::Start(48); }
};

class Md5 : public MdStream {
 public:
  Md5() { Start(); }
  void Start() { MdStream::Start(64); }
};

}  // namespace baresspi
