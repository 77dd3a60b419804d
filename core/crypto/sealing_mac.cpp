// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/sealing_mac.h"

#if BARESSPI_CRYPTO_FAST

#include "core/base/byte_reader.h"
#include "core/base/memory.h"

namespace baresspi {

SealingMac::SealingMac(const uint8_t key[16], uint32_t number, Rc4* cipher, bool arrives)
    : HmacMd5(key), stream_{}, work_{cipher, nullptr, 0}, arrives_(arrives) {
  uint8_t octets[sizeof number];
  StoreU32le(octets, number);
  Update(octets, sizeof octets);
}

void SealingMac::RunCipher(size_t size) {
  work_.cipher->Apply(work_.data, size);
  work_.data += size;
  work_.ready -= size;
}

void SealingMac::UpdateSealed(uint8_t* data, size_t size) {
  RunCipher(work_.ready);
  work_.data = data;
  if (arrives_) work_.ready = size;
  while (size != 0) {
    const size_t part = size < room() ? size : room();
    if (!arrives_) {
      work_.ready += part;  // which lies in the block when that is hashed, so that the cipher may have it
    } else if (work_.data < data + part) {
      RunCipher(static_cast<size_t>(data + part - work_.data));
    }
    UpdateBeside(data, part, &work_);
    data += part;
    size -= part;
  }
}

void SealingMac::Finish(uint8_t mac[16], size_t sealed) {
  Pad(&work_);
  RunCipher(work_.ready);
  // The key stream for the MAC, beside its last block.
  work_.data = stream_;
  work_.ready = sealed;
  HashFrom(outer_, &work_);
  RunCipher(work_.ready);
  Take(mac);
  for (size_t n = 0; n < sizeof stream_; n += 4)
    StoreU32le(mac + n, LoadU32le(mac + n) ^ LoadU32le(stream_ + n));
  Wipe(this, sizeof *this);
}

}  // namespace baresspi

#endif
