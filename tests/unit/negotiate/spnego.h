// SPDX-License-Identifier: Apache-2.0
// SPNEGO's tokens, built and taken apart by the test's own code: RFC 4178 4.2 and [MS-SPNG] 2.2.1, in DER
// (X.690).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/unit/ntlm/wire.h"

namespace negotiate_test {

using ntlm_test::Join;
using ntlm_test::Octets;
using ntlm_test::Part;

// The contents of OBJECT IDENTIFIERs.
extern const Octets kSpnego;      // 1.3.6.1.5.5.2
extern const Octets kNtlm;        // 1.3.6.1.4.1.311.2.2.10
extern const Octets kKerberos;    // 1.2.840.113554.1.2.2
extern const Octets kMsKerberos;  // 1.2.840.48018.1.2.2, what Windows 2000 took for it
extern const Octets kNegoex;      // 1.3.6.1.4.1.311.2.2.30

// negState, 4.2.2.
constexpr int kCompleted = 0;
constexpr int kIncomplete = 1;
constexpr int kReject = 2;
constexpr int kRequestMic = 3;

// An element with the shortest length, or with one of so many octets.
Octets Der(uint8_t tag, const Octets& content);
Octets DerLong(uint8_t tag, const Octets& content, unsigned octets);
Octets MechTypes(const std::vector<Octets>& oids);

// A mechanism's token in the frame of RFC 2743 3.1.
Octets Framed(const Octets& oid, const Octets& inner);

struct Init {
  Octets mech_types = MechTypes({kNtlm});
  std::optional<Octets> flags = {};  // the content of reqFlags, a BIT STRING
  std::optional<Octets> token = {};
  std::optional<std::string> hint = {};  // negHints: makes it a NegTokenInit2
  std::optional<Octets> mic = {};        // [3], or [4] behind negHints
  Octets more = {};                      // further elements behind all these
  bool framed = true;
};

struct Resp {
  int state = -1;  // -1: none
  std::optional<Octets> mech = {};
  std::optional<Octets> token = {};
  std::optional<Octets> mic = {};
  Octets more = {};
};

Octets Make(const Init& init);
Octets Make(const Resp& resp);
// Fail the test where the token is not exactly what the two above would make.
Init ReadInit(const Octets& token);
Resp ReadResp(const Octets& token);

}  // namespace negotiate_test
