// SPDX-License-Identifier: Apache-2.0
// What a search found, as text (RFC 2849, without its folding of long lines): a value that is not printable
// ASCII is in base64, so that nothing of the server's reaches a terminal as it is.
#pragma once

#include "boards/ldap/message.h"

namespace ldap {

// dn: and a line for each value, and an empty line. put gets it in pieces.
void PutEntry(const Entry& entry, void (*put)(Text piece));
// A line of it: name: value, or name:: base64.
void PutLine(Text name, Text value, void (*put)(Text piece));

}  // namespace ldap
