// SPDX-License-Identifier: Apache-2.0
// baresspi_tls_snprintf writes and returns what snprintf does, for the conversions that mbed TLS asks of it.
#include <gtest/gtest.h>
#include <stdio.h>

#include <string>

#include "core/schannel/allocator.h"

namespace baresspi {
namespace {

constexpr size_t kMost = 24;

// What a function leaves of a buffer of which it may have `room`, and what it returns.
template <typename Function, typename... Arguments>
std::string Left(Function* function, size_t room, const char* format, Arguments... arguments) {
  char out[kMost + 1];
  for (char& octet : out) octet = '~';
  const int returned = function(out, room, format, arguments...);
  return std::to_string(returned) + ' ' + std::string(out, sizeof out);
}

template <typename... Arguments>
void ExpectTheSame(const char* format, Arguments... arguments) {
  for (size_t room = 0; room <= kMost; ++room) {
    EXPECT_EQ(Left(baresspi_tls_snprintf, room, format, arguments...),
              Left(snprintf, room, format, arguments...))
        << format << ", room " << room;
  }
}

TEST(Format, IsSnprintfs) {
  ExpectTheSame("");
  ExpectTheSame("?\?=");
  ExpectTheSame("%s=", "CN");
  ExpectTheSame("%s key size", "RSA");
  ExpectTheSame("%s", "");
  for (const unsigned number : {0U, 9U, 10U, 840U, 113549U, 4294967295U}) {
    ExpectTheSame("%c.%u", '1', number);
    ExpectTheSame(".%u", number);
  }
  for (const unsigned octet : {0U, 9U, 10U, 0x7FU, 0xFFU}) ExpectTheSame("%02X%s", octet, ":");
}

TEST(Format, RefusesWhatItDoesNotKnow) {
  for (const char* format : {"%d", "a%", "%0", "%02", "%02x", "%04X", "%-s", "%%"}) {
    char out[8] = "~~~~~~~";
    EXPECT_EQ(baresspi_tls_snprintf(out, sizeof out, format, 1), -1) << format;
    EXPECT_LT(std::string(out).size(), 2U) << format;
  }
}

}  // namespace
}  // namespace baresspi
