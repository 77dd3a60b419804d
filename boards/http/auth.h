// SPDX-License-Identifier: Apache-2.0
// The header fields of a login: WWW-Authenticate and Authorization, Proxy-Authenticate and
// Proxy-Authorization (RFC 9110, section 11; RFC 4559 for Negotiate and NTLM, whose tokens follow the
// scheme's name in base64).
#pragma once

#include "boards/http/message.h"

namespace http {

enum class Scheme : uint8_t { kNone, kNegotiate, kNtlm };
constexpr size_t kSchemes = 3;
// Those that there are, the preferred one first.
constexpr Scheme kOffered[] = {Scheme::kNegotiate, Scheme::kNtlm};

// The scheme's name in HTTP, which is the package's in SSPI too.
const char* NameOf(Scheme scheme);

// Which of the two pairs of fields; the proxy's status is 407, a server's 401.
enum class Place : uint8_t { kServer, kProxy };
constexpr Place kPlaces[] = {Place::kProxy, Place::kServer};  // in the order in which a client meets them
constexpr uint32_t StatusOf(Place place) {
  return place == Place::kServer ? 401 : 407;
}
const char* ChallengeField(Place place);
const char* AuthorizationField(Place place);

// Whether a response offers the scheme, and the token that it came with (empty: none, or not offered). A
// field may list several schemes, with parameters of their own, and there may be several fields.
bool FindChallenge(const Message& response, Place place, Scheme scheme, Text* token);

// The scheme and the token of a request's field. kNone: there is no such field, or another scheme. false: two
// fields, or a scheme of ours without a token.
bool FindAuthorization(const Message& request, Place place, Scheme* scheme, Text* token);

}  // namespace http
