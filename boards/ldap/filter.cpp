// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/filter.h"

namespace ldap {
namespace {

enum FilterTag : uint8_t {
  kAnd = 0xA0,
  kOr = 0xA1,
  kNot = 0xA2,
  kEquality = 0xA3,
  kSubstrings = 0xA4,
  kGreaterOrEqual = 0xA5,
  kLessOrEqual = 0xA6,
  kPresent = 0x87,
  kApproximate = 0xA8,
};

enum SubstringTag : uint8_t { kInitial = 0x80, kAny = 0x81, kFinal = 0x82 };

int HexValue(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

// An attribute's name or number, with options (RFC 4512 2.5).
bool IsAttribute(Text name) {
  for (size_t i = 0; i < name.size; ++i) {
    const char c = name[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && (c < '0' || c > '9') && c != '-' && c != '.' && c != ';') return false;
  }
  return !name.empty();
}

// A value or a part of one: \29 is an octet, and what has a meaning of its own has to be written so.
bool PutValue(BerWriter* out, uint8_t tag, Text value) {
  const size_t mark = out->Begin(tag);
  for (size_t i = 0; i < value.size; ++i) {
    const char c = value[i];
    if (c == '(' || c == ')' || c == '*' || c == 0) return false;
    if (c != '\\') {
      out->PutOctet(static_cast<uint8_t>(c));
      continue;
    }
    if (value.size - i < 3) return false;
    const int high = HexValue(value[i + 1]);
    const int low = HexValue(value[i + 2]);
    if (high < 0 || low < 0) return false;
    out->PutOctet(static_cast<uint8_t>(high * 16 + low));
    i += 2;
  }
  out->End(mark);
  return true;
}

// a*b*c: what stands before the first star, between two, behind the last; empty parts are left out.
bool PutSubstrings(BerWriter* out, Text attribute, Text value) {
  const size_t whole = out->Begin(kSubstrings);
  out->Put(kOctetString, attribute);
  const size_t parts = out->Begin(kSequence);
  size_t put = 0;
  for (bool first = true;; first = false) {
    const size_t star = value.Find('*');
    const bool last = star == value.size;
    if (star != 0) {
      if (!PutValue(out, first ? kInitial : last ? kFinal : kAny, value.First(star))) return false;
      ++put;
    }
    if (last) break;
    value = value.From(star + 1);
  }
  out->End(parts);
  out->End(whole);
  return put != 0;
}

// attribute=value and its like, without parentheses.
bool PutItem(BerWriter* out, Text item) {
  const size_t equals = item.Find('=');
  if (equals == 0 || equals == item.size) return false;
  const Text value = item.From(equals + 1);
  Text attribute = item.First(equals);
  uint8_t tag = kEquality;
  switch (item[equals - 1]) {
    case '>':
      tag = kGreaterOrEqual;
      break;
    case '<':
      tag = kLessOrEqual;
      break;
    case '~':
      tag = kApproximate;
      break;
    default:
      break;
  }
  if (tag != kEquality) --attribute.size;
  if (!IsAttribute(attribute)) return false;
  const bool has_star = value.Find('*') != value.size;
  if (tag == kEquality && has_star && value.size == 1) {
    out->Put(kPresent, attribute);
    return true;
  }
  if (tag == kEquality && has_star) return PutSubstrings(out, attribute, value);
  const size_t mark = out->Begin(tag);
  out->Put(kOctetString, attribute);
  if (!PutValue(out, kOctetString, value)) return false;
  out->End(mark);
  return true;
}

// The sets that are open: (& (| (! ...
struct Open {
  size_t mark;
  size_t filters;  // how many are in it so far
  bool is_not;
};

class Parser {
 public:
  Parser(BerWriter* out, Text text) : out_(out), rest_(text) {}
  bool Parse();

 private:
  bool Enter();
  bool Leave();
  bool TakeItem();

  BerWriter* out_;
  Text rest_;
  Open open_[kFilterDepth] = {};
  size_t depth_ = 0;
};

bool Parser::Enter() {
  const char kind = rest_[0];
  if (depth_ == kFilterDepth) return false;
  const uint8_t tag = kind == '&' ? kAnd : kind == '|' ? kOr : kNot;
  open_[depth_++] = {out_->Begin(tag), 0, kind == '!'};
  rest_ = rest_.From(1);
  return true;
}

bool Parser::Leave() {
  const Open& last = open_[--depth_];
  if (last.filters == 0 || (last.is_not && last.filters != 1)) return false;
  out_->End(last.mark);
  return true;
}

bool Parser::TakeItem() {
  const size_t end = rest_.Find(')');
  if (end == rest_.size || !PutItem(out_, rest_.First(end))) return false;
  rest_ = rest_.From(end + 1);
  return true;
}

// Each turn opens a set, closes one, or takes an item; the whole is one filter.
bool Parser::Parse() {
  for (;;) {
    if (rest_.empty()) return false;
    const char c = rest_[0];
    rest_ = rest_.From(1);
    if (c == '(' && !rest_.empty() && (rest_[0] == '&' || rest_[0] == '|' || rest_[0] == '!')) {
      if (!Enter()) return false;
      continue;
    }
    if (c == '(') {
      if (!TakeItem()) return false;
    } else if (c != ')' || depth_ == 0 || !Leave()) {
      return false;
    }
    if (depth_ == 0) return rest_.empty();
    ++open_[depth_ - 1].filters;
  }
}

}  // namespace

bool PutFilter(BerWriter* out, Text filter) {
  return Parser(out, filter).Parse();
}

void PutFilterValue(TextWriter* out, Text value) {
  constexpr char kHex[] = "0123456789abcdef";
  for (size_t i = 0; i < value.size; ++i) {
    const char c = value[i];
    if (c != '(' && c != ')' && c != '*' && c != '\\' && c != 0) {
      out->Put({&c, 1});
      continue;
    }
    const auto octet = static_cast<uint8_t>(c);
    const char escaped[] = {'\\', kHex[octet >> 4], kHex[octet & 15]};
    out->Put({escaped, sizeof escaped});
  }
}

}  // namespace ldap
