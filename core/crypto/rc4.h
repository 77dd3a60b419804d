// SPDX-License-Identifier: Apache-2.0
// RC4, the stream cipher of NTLM's sealing. Its table is indexed by secrets: on a device with a data cache,
// time may tell something about them. That is RC4, and NTLM has no other cipher. Nothing else here depends on
// a secret but through that table.
//
// BARESSPI_CRYPTO_FAST 1: Apply keeps its places in registers and is unrolled.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "config/baresspi_config.h"
#include "core/base/byte_reader.h"

namespace baresspi {

// The owner wipes it (Wipe(&rc4, sizeof rc4)) when the key's time ends.
struct Rc4 {
  // size is 1 to 256.
  void Key(const uint8_t* key, size_t size);

  // XORs the next octets of the key stream into data.
  void Apply(uint8_t* data, size_t size);

  // The inverse of Apply(data, size): runs the generator backwards from where it stands, from the last octet
  // to the first. Afterwards data and generator are what they were, so that a rejected message costs no copy
  // of the table.
  void Rewind(uint8_t* data, size_t size);

  uint8_t i, j;  // before the table, where small processors reach them with short instructions
  uint8_t s[256];
};

#if BARESSPI_CRYPTO_FAST
// The generator with its places in registers: through the members each octet would wait until those of the
// octet before it are stored, since for all that the compiler knows they are part of the table.
class Rc4Run {
 public:
  explicit Rc4Run(Rc4* rc4) {
    if (rc4 == nullptr) return;  // for those who then ask for nothing
    s_ = rc4->s;
    i_ = rc4->i;
    j_ = rc4->j;
  }
  void Keep(Rc4* rc4) const {
    if (rc4 == nullptr) return;
    rc4->i = static_cast<uint8_t>(i_);
    rc4->j = static_cast<uint8_t>(j_);
  }

  [[gnu::always_inline]] uint32_t Next() {  // an octet of the key stream
    i_ = (i_ + 1) & 0xff;
    const uint32_t si = s_[i_];
    j_ = (j_ + si) & 0xff;
    const uint32_t sj = s_[j_];
    s_[i_] = static_cast<uint8_t>(sj);
    s_[j_] = static_cast<uint8_t>(si);
    return s_[(si + sj) & 0xff];
  }

  // XORs the next four into data. Four at once: data's octets one by one, read between the table's stores,
  // take many times as long.
  [[gnu::always_inline]] void Four(uint8_t* data) {
    uint32_t stream = Next();
    stream |= Next() << 8;
    stream |= Next() << 16;
    stream |= Next() << 24;
    StoreU32le(data, LoadU32le(data) ^ stream);
  }

 private:
  uint8_t* s_ = nullptr;
  uint32_t i_ = 0, j_ = 0;
};
#endif

}  // namespace baresspi
