// SPDX-License-Identifier: Apache-2.0
// Octets that came over the line and stay, by name: certificates and keys. What a credential is given is not
// copied, so that it has to lie somewhere.
#pragma once

#include "boards/tls/words.h"

#ifndef BARESSPI_TLS_STORE
#define BARESSPI_TLS_STORE 65536
#endif

namespace tls {

class Store {
 public:
  // False: no room, or the name is longer than kMaxName. A text in PEM is kept with a zero behind it.
  bool Keep(const char* name, Octets octets);
  // nullptr: there is none of that name. The latest one counts.
  const Octets* Find(const Piece& name) const;

  static constexpr size_t kMaxName = 23;

 private:
  struct Entry {
    char name[kMaxName + 1] = {};
    Octets octets;
  };
  static constexpr size_t kMaxEntries = 40;

  Entry entries_[kMaxEntries];
  size_t count_ = 0;
  uint8_t memory_[BARESSPI_TLS_STORE] = {};
  size_t used_ = 0;
};

}  // namespace tls
