// SPDX-License-Identifier: Apache-2.0
// Search filters as text (RFC 4515) to what a request has (RFC 4511 4.5.1.7), without recursion.
#pragma once

#include "boards/ldap/ber.h"

namespace ldap {

// How deep and, or, not may be in each other.
constexpr size_t kFilterDepth = 8;

// Writes the filter. Known are & | ! = >= <= ~=, presence (=*) and substrings; what is not: extensible
// matches (:=). False: it is none of these, or too deep; what was written so far is of no use then. Whether
// it fitted says the writer.
bool PutFilter(BerWriter* out, Text filter);

// A value for a filter, with its special characters escaped.
void PutFilterValue(TextWriter* out, Text value);

}  // namespace ldap
