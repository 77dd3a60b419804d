// SPDX-License-Identifier: Apache-2.0
// BER as LDAP uses it (RFC 4511 5.1): definite lengths, one-octet tags. The elements of one level are taken
// off its front one by one, and a level is opened by a reader of its own, so that depth is what the caller's
// code has, and nothing recurses.
#pragma once

#include "boards/http/text.h"

namespace ldap {

using http::Text;
using http::TextWriter;

// A view of octets that lie in somebody's buffer.
struct Octets {
  const uint8_t* data = nullptr;
  size_t size = 0;

  constexpr bool empty() const { return size == 0; }
};

inline Octets OctetsOf(Text text) {
  return {reinterpret_cast<const uint8_t*>(text.data), text.size};
}
inline Text TextOf(Octets octets) {
  return {reinterpret_cast<const char*>(octets.data), octets.size};
}

enum Tag : uint8_t {
  kBoolean = 0x01,
  kInteger = 0x02,
  kOctetString = 0x04,
  kEnumerated = 0x0A,
  kSequence = 0x30,
  kSet = 0x31,
};

// What the octets that have come so far say about an element that they begin with.
enum class Extent : uint8_t {
  kUnknown,  // its tag and length are not there yet
  kKnown,    // *size is the whole element's, which may not be there yet
  kInvalid   // it has no definite length of at most four octets, or another kind of tag
};
Extent ElementExtent(Octets octets, size_t* size);

// Once a read fails, every later one fails too: check done() once, at the end.
class BerReader {
 public:
  explicit BerReader(Octets level) : rest_(level) {}

  // The next element, whatever it is; false at the level's end, and when it is none.
  bool Next(uint8_t* tag, Octets* content);
  // The content of the next element, which has this tag; else empty, and the reader has failed.
  Octets Take(uint8_t tag);
  // The same where there is such an element; else nothing is taken, and nothing has failed.
  bool TakeIf(uint8_t tag, Octets* content);
  // INTEGER and ENUMERATED from 0 to 2^31 - 1, in its shortest form (X.690 8.3.2); else 0 and a failure.
  uint32_t TakeNumber(uint8_t tag);

  bool at_end() const { return rest_.empty(); }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  void Fail();

  Octets rest_;
  bool ok_ = true;
};

// What does not fit is left out, and ok() says so: check it once, at the end.
class BerWriter {
 public:
  BerWriter(uint8_t* room, size_t capacity) : room_(room), capacity_(capacity) {}

  void Put(uint8_t tag, Octets content);
  void Put(uint8_t tag, Text content) { Put(tag, OctetsOf(content)); }
  void PutNumber(uint8_t tag, uint32_t value);  // up to 2^31 - 1
  void PutBoolean(bool value);
  // An element whose content is all that is written until its End, which takes what Begin returned.
  size_t Begin(uint8_t tag);
  void End(size_t mark);
  void PutOctet(uint8_t octet);

  Octets written() const { return {room_, used_}; }
  bool ok() const { return ok_; }

 private:
  uint8_t* room_;
  size_t capacity_;
  size_t used_ = 0;
  bool ok_ = true;
};

}  // namespace ldap
