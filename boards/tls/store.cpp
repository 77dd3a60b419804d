// SPDX-License-Identifier: Apache-2.0
#include "boards/tls/store.h"

namespace tls {

bool Store::Keep(const char* name, Octets octets) {
  const size_t length = token::Length(name);
  const bool pem = octets.size > 0 && octets.data[0] == '-';
  const size_t size = octets.size + (pem ? 1 : 0);
  if (length == 0 || length > kMaxName || count_ == kMaxEntries || size > sizeof memory_ - used_)
    return false;
  Entry& entry = entries_[count_++];
  for (size_t i = 0; i < length; ++i) entry.name[i] = name[i];
  entry.octets = {memory_ + used_, size};
  for (size_t i = 0; i < octets.size; ++i) entry.octets.data[i] = octets.data[i];
  if (pem) entry.octets.data[octets.size] = 0;
  used_ += size;
  return true;
}

const Octets* Store::Find(const Piece& name) const {
  for (size_t i = count_; i > 0; --i) {
    if (name.Is(entries_[i - 1].name)) return &entries_[i - 1].octets;
  }
  return nullptr;
}

}  // namespace tls
