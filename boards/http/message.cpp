// SPDX-License-Identifier: Apache-2.0
#include "boards/http/message.h"

namespace http {
namespace {

constexpr uint32_t kMostLength = 0xFFFFFFFFu;
constexpr uint32_t kMostOverhead = 64 * 1024;
constexpr uint32_t kMostStatus = 999;

// A tchar of RFC 9110, section 5.6.2.
bool IsTokenCharacter(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) return true;
  return c != 0 && Text("!#$%&'*+-.^_`|~").Find(c) < 15;
}

bool IsToken(Text text) {
  for (size_t i = 0; i < text.size; ++i) {
    if (!IsTokenCharacter(text[i])) return false;
  }
  return !text.empty();
}

// No controls but the tab. Octets above 0x7F are allowed and mean nothing.
bool IsFieldValue(Text text) {
  for (size_t i = 0; i < text.size; ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t') || c == 0x7F) return false;
  }
  return true;
}

bool IsVisible(Text text) {
  for (size_t i = 0; i < text.size; ++i) {
    if (text[i] <= ' ' || text[i] > '~') return false;
  }
  return !text.empty();
}

// Takes a line off, without its CR LF. False: there is none.
bool TakeLine(Text* rest, Text* line) {
  for (size_t i = 0; i + 1 < rest->size; ++i) {
    if ((*rest)[i] != '\r' || (*rest)[i + 1] != '\n') continue;
    *line = rest->First(i);
    *rest = rest->From(i + 2);
    return true;
  }
  return false;
}

bool SplitField(Text line, Text* name, Text* value) {
  const size_t colon = line.Find(':');
  *name = line.First(colon);
  *value = Trim(line.From(colon + 1));
  return colon < line.size && IsToken(*name) && IsFieldValue(*value);
}

// Whether a list of words separated by commas has the word.
bool HasWord(Text list, Text word) {
  while (!list.empty()) {
    const size_t comma = list.Find(',');
    if (EqualIgnoringCase(Trim(list.First(comma)), word)) return true;
    list = list.From(comma + 1);
  }
  return false;
}

// "HTTP/1.x". Other versions are other protocols.
bool ParseVersion(Text text, bool* is_11) {
  if (text.size != 8 || !Equal(text.First(7), "HTTP/1.") || text[7] < '0' || text[7] > '9') return false;
  *is_11 = text[7] != '0';
  return true;
}

struct Counts {
  uint32_t hosts = 0;
  uint32_t lengths = 0;
  uint32_t encodings = 0;
};

// What the fields say of connection and body. False: malformed, or ambiguous.
bool ReadFields(bool is_11, Message* message, Request* request, Counts* counts) {
  message->keeps_open = is_11;
  Text rest = message->fields;
  Text line;
  while (TakeLine(&rest, &line)) {
    Text name;
    Text value;
    if (!SplitField(line, &name, &value)) return false;
    if (EqualIgnoringCase(name, "Content-Length")) {
      if (!ParseNumber(value, kMostLength, &message->length)) return false;
      message->body = BodyKind::kLength;
      ++counts->lengths;
    } else if (EqualIgnoringCase(name, "Transfer-Encoding")) {
      if (!EqualIgnoringCase(value, "chunked")) return false;
      ++counts->encodings;
    } else if (EqualIgnoringCase(name, "Connection") || EqualIgnoringCase(name, "Proxy-Connection")) {
      if (HasWord(value, "close")) message->keeps_open = false;
      if (!is_11 && HasWord(value, "keep-alive")) message->keeps_open = true;
    } else if (request != nullptr && EqualIgnoringCase(name, "Host")) {
      request->host = value;
      ++counts->hosts;
    } else if (request != nullptr && EqualIgnoringCase(name, "Expect")) {
      request->expects_continue = is_11 && EqualIgnoringCase(value, "100-continue");
    }
  }
  if (counts->encodings != 0) message->body = BodyKind::kChunked;
  return rest.empty() && counts->lengths + counts->encodings <= 1 && counts->hosts <= 1;
}

bool SplitHead(Text head, Text* first, Text* fields) {
  if (head.size < 4) return false;
  *fields = head.First(head.size - 2);  // without the empty line
  return TakeLine(fields, first);
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

size_t FindHeadEnd(Text received, size_t searched) {
  for (size_t i = searched > 3 ? searched - 3 : 0; i + 3 < received.size; ++i) {
    if (Equal(received.From(i).First(4), "\r\n\r\n")) return i + 4;
  }
  return 0;
}

bool ParseRequest(Text head, Request* request) {
  *request = {};
  Text line;
  if (!SplitHead(head, &line, &request->fields)) return false;
  request->method = line.First(line.Find(' '));
  line = line.From(request->method.size + 1);
  request->target = line.First(line.Find(' '));
  bool is_11 = false;
  if (!ParseVersion(line.From(request->target.size + 1), &is_11)) return false;
  Counts counts;
  return IsToken(request->method) && IsVisible(request->target) &&
         ReadFields(is_11, request, request, &counts) && (counts.hosts == 1 || !is_11);
}

bool ParseResponse(Text head, Response* response) {
  *response = {};
  Text line;
  if (!SplitHead(head, &line, &response->fields)) return false;
  bool is_11 = false;
  if (!ParseVersion(line.First(8), &is_11) || line.size < 12 || line[8] != ' ') return false;
  if (!ParseNumber(line.From(9).First(3), kMostStatus, &response->status) || response->status < 100)
    return false;
  if (line.size > 12 && line[12] != ' ') return false;
  response->reason = Trim(line.From(12));
  Counts counts;
  if (!IsFieldValue(response->reason) || !ReadFields(is_11, response, nullptr, &counts)) return false;
  if (response->status < 200 || response->status == 204 || response->status == 304) {
    response->body = BodyKind::kNone;
  } else if (response->body == BodyKind::kNone) {
    response->body = BodyKind::kUntilEnd;
    response->keeps_open = false;
  }
  return true;
}

bool FieldReader::Next(Text name, Text* value) {
  Text line;
  while (TakeLine(&rest_, &line)) {
    Text found;
    if (SplitField(line, &found, value) && EqualIgnoringCase(found, name)) return true;
  }
  return false;
}

void Body::Begin(BodyKind kind, uint32_t length) {
  left_ = kind == BodyKind::kLength ? length : 0;
  overhead_ = 0;
  any_digit_ = false;
  switch (kind) {
    case BodyKind::kNone:
      state_ = State::kDone;
      break;
    case BodyKind::kLength:
      state_ = length == 0 ? State::kDone : State::kLength;
      break;
    case BodyKind::kChunked:
      state_ = State::kSize;
      break;
    case BodyKind::kUntilEnd:
      state_ = State::kUntilEnd;
      break;
  }
}

size_t Body::Take(Text received, Text* content) {
  *content = {};
  if (state_ == State::kUntilEnd) {
    *content = received;
    return received.size;
  }
  if (state_ == State::kLength || state_ == State::kData) {
    *content = received.First(left_);
    left_ -= static_cast<uint32_t>(content->size);
    if (left_ == 0) state_ = state_ == State::kLength ? State::kDone : State::kDataCr;
    return content->size;
  }
  size_t taken = 0;
  while (taken < received.size && state_ != State::kDone && state_ != State::kBroken &&
         state_ != State::kData) {
    state_ = ++overhead_ > kMostOverhead ? State::kBroken : Step(received[taken]);
    ++taken;
  }
  return taken;
}

// One character of what surrounds the chunks (RFC 9112, section 7.1).
Body::State Body::Step(char c) {
  switch (state_) {
    case State::kSize: {
      const int digit = HexDigit(c);
      if (digit >= 0) {
        if (left_ > kMostLength >> 4) return State::kBroken;
        left_ = left_ << 4 | static_cast<uint32_t>(digit);
        any_digit_ = true;
        return State::kSize;
      }
      if (!any_digit_) return State::kBroken;
      if (c == '\r') return State::kSizeEnd;
      return c == ';' || c == ' ' || c == '\t' ? State::kExtension : State::kBroken;
    }
    case State::kExtension:
      return c == '\r' ? State::kSizeEnd : c == '\n' ? State::kBroken : State::kExtension;
    case State::kSizeEnd:
      any_digit_ = false;
      if (c != '\n') return State::kBroken;
      return left_ == 0 ? State::kTrailer : State::kData;
    case State::kDataCr:
      return c == '\r' ? State::kDataLf : State::kBroken;
    case State::kDataLf:
      return c == '\n' ? State::kSize : State::kBroken;
    case State::kTrailer:
      return c == '\r' ? State::kLastLf : c == '\n' ? State::kBroken : State::kTrailerLine;
    case State::kTrailerLine:
      return c == '\r' ? State::kTrailerLf : c == '\n' ? State::kBroken : State::kTrailerLine;
    case State::kTrailerLf:
      return c == '\n' ? State::kTrailer : State::kBroken;
    case State::kLastLf:
      return c == '\n' ? State::kDone : State::kBroken;
    case State::kDone:
    case State::kBroken:
    case State::kLength:
    case State::kUntilEnd:
    case State::kData:
      break;
  }
  return State::kBroken;
}

}  // namespace http
