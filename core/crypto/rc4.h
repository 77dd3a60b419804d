// SPDX-License-Identifier: Apache-2.0
// RC4, the stream cipher of NTLM's sealing. Its table is indexed by secrets: on a device with a data cache,
// time may tell something about them. That is RC4, and NTLM has no other cipher. Nothing else here depends on
// a secret but through that table.
//
// BARESSPI_CRYPTO_FAST 1: Apply keeps its places in registers and is unrolled.
#pragma once

#include <stddef.h>
#include <stdint.h>

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

}  // namespace baresspi
