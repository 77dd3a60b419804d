// SPDX-License-Identifier: Apache-2.0
// Changes to a flight of TLS records, told by a script: what a peer, or anybody on the way, may make of it.
// Lengths are mended where the change is not about them, so that it gets as far as what reads it.
#pragma once

#include "tests/fuzz/support/octets.h"

namespace fuzz::tls {

struct Record {
  uint8_t type = 0;
  uint16_t version = 0;
  Octets content;
  int32_t claimed = -1;  // what its head says of its size; -1: the truth
};

// A tail that is no whole record is kept as one that claims what its head says.
std::vector<Record> Split(const Octets& flight);
Octets Join(const std::vector<Record>& records);

// The flight as the script has it; a script that is at its end (zeroes) changes nothing. other: a flight of
// another handshake, which records may be taken from.
Octets Edited(const Octets& flight, const Octets& other, Input* script);

}  // namespace fuzz::tls
