// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/ldif.h"

namespace ldap {
namespace {

// SAFE-STRING, and no control characters.
bool IsSafe(Text value) {
  if (value.empty()) return true;
  const char first = value[0];
  if (first == ' ' || first == ':' || first == '<' || value[value.size - 1] == ' ') return false;
  for (size_t i = 0; i < value.size; ++i) {
    if (value[i] < ' ' || value[i] > '~') return false;
  }
  return true;
}

}  // namespace

void PutLine(Text name, Text value, void (*put)(Text piece)) {
  constexpr size_t kPiece = 48;  // octets, which are 64 digits
  put(name);
  if (IsSafe(value)) {
    put(": ");
    put(value);
  } else {
    put(":: ");
    char digits[kPiece / 3 * 4];
    for (; !value.empty(); value = value.From(kPiece)) {
      const Octets piece = OctetsOf(value.First(kPiece));
      TextWriter text(digits, sizeof digits);
      text.PutBase64(piece.data, piece.size);
      put(text.text());
    }
  }
  put("\n");
}

void PutEntry(const Entry& entry, void (*put)(Text piece)) {
  Entry::Attributes attributes = entry.attributes();
  Text name;
  BerReader values({});
  Octets value;
  PutLine("dn", entry.dn(), put);
  while (attributes.Next(&name, &values)) {
    while (values.TakeIf(kOctetString, &value)) PutLine(name, TextOf(value), put);
  }
  put("\n");
}

}  // namespace ldap
