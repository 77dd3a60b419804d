// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 messages (RFC 9112): the head, where it ends and what it says of the body; the body, as its octets
// come. Strict where leniency is how requests are smuggled: lines end in CR LF, no folded lines, one length.
#pragma once

#include "boards/http/text.h"

namespace http {

// The size of the head with its empty line, or 0 while that has not come. searched: octets in which it was
// not found before, so that a peer that sends one at a time does not make us go through all of them each
// time.
size_t FindHeadEnd(Text received, size_t searched = 0);

enum class BodyKind : uint8_t { kNone, kLength, kChunked, kUntilEnd };

// What is common to requests and responses. The texts lie in the head.
struct Message {
  Text fields;              // the lines behind the first one
  bool keeps_open = false;  // the connection stays open after it
  BodyKind body = BodyKind::kNone;
  uint32_t length = 0;  // of kLength
};

struct Request : Message {
  Text method;
  Text target;
  Text host;
  bool expects_continue = false;
};

struct Response : Message {
  uint32_t status = 0;
  Text reason;
};

// head: as FindHeadEnd found it. False: malformed, or a body of more than 4 GiB; answer 400 and close.
bool ParseRequest(Text head, Request* request);
bool ParseResponse(Text head, Response* response);

// Goes through the field lines of a parsed message.
class FieldReader {
 public:
  explicit FieldReader(Text fields) : rest_(fields) {}
  // The next field of that name; false: there is none.
  bool Next(Text name, Text* value);

 private:
  Text rest_;
};

// The content of a body, out of the octets as they come.
class Body {
 public:
  void Begin(BodyKind kind, uint32_t length);
  // Takes octets from the begin of `received` and says how many; *content, which may be empty, lies within
  // them. Call it again with the rest until it takes none.
  size_t Take(Text received, Text* content);
  bool done() const { return state_ == State::kDone; }
  bool broken() const { return state_ == State::kBroken; }
  // The connection has ended: is the body whole?
  bool MayEnd() const { return state_ == State::kDone || state_ == State::kUntilEnd; }

 private:
  enum class State : uint8_t {
    kDone,
    kBroken,
    kLength,
    kUntilEnd,
    kSize,
    kExtension,
    kSizeEnd,
    kData,
    kDataCr,
    kDataLf,
    kTrailer,
    kTrailerLine,
    kTrailerLf,
    kLastLf
  };
  State Step(char c);

  State state_ = State::kDone;
  bool any_digit_ = false;
  uint32_t left_ = 0;      // of the body, or of the chunk
  uint32_t overhead_ = 0;  // octets of chunk heads and trailers: bounded, since nobody reads them
};

}  // namespace http
