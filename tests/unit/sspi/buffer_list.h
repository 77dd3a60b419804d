// SPDX-License-Identifier: Apache-2.0
// Lists of SecBuffers as a test writes them.
#pragma once

#include <initializer_list>
#include <vector>

#include "tests/support/two_sides.h"

namespace two_sides {

inline SecBuffer Of(ULONG type, Buffer& buffer) {
  return {static_cast<ULONG>(buffer.size()), type, buffer.data()};
}

class List {
 public:
  List(std::initializer_list<SecBuffer> buffers)
      : buffers_(buffers), list_{SECBUFFER_VERSION, static_cast<ULONG>(buffers_.size()), buffers_.data()} {}
  List(const List&) = delete;
  List& operator=(const List&) = delete;

  PSecBufferDesc get() { return &list_; }
  SecBuffer& operator[](size_t i) { return buffers_[i]; }

 private:
  std::vector<SecBuffer> buffers_;
  SecBufferDesc list_;
};

// A SEC_CHANNEL_BINDINGS with its data behind it.
inline Octets Bindings(const Octets& initiator, const Octets& acceptor, const Octets& application) {
  SEC_CHANNEL_BINDINGS head = {};
  const ULONG start = sizeof head;
  head.cbInitiatorLength = static_cast<ULONG>(initiator.size());
  head.dwInitiatorOffset = start;
  head.cbAcceptorLength = static_cast<ULONG>(acceptor.size());
  head.dwAcceptorOffset = start + head.cbInitiatorLength;
  head.cbApplicationDataLength = static_cast<ULONG>(application.size());
  head.dwApplicationDataOffset = head.dwAcceptorOffset + head.cbAcceptorLength;
  const auto* octets = reinterpret_cast<const uint8_t*>(&head);
  Octets all(octets, octets + sizeof head);
  for (const Octets* part : {&initiator, &acceptor, &application})
    all.insert(all.end(), part->begin(), part->end());
  return all;
}

inline Octets TlsBindings(const char* data) {
  return Bindings({}, {}, Octets(data, data + std::char_traits<char>::length(data)));
}

}  // namespace two_sides
