// SPDX-License-Identifier: Apache-2.0
// How long BareSSPI's messages are in the login of subject.h, and where in them bare.cpp keeps what it needs.
// tests/bench/run compares the sizes with those that BareSSPI prints.
#pragma once

#include <stddef.h>

namespace bench {

constexpr size_t kNegotiateSize = 40;
constexpr size_t kChallengeSize = 186;
constexpr size_t kAuthenticateSize = 374;
constexpr size_t kServerChallengeAt = 24;
constexpr size_t kMicAt = 72;
constexpr size_t kProofAt = 146;
constexpr size_t kTempAt = kProofAt + 16;
constexpr size_t kSessionKeyAt = kAuthenticateSize - 16;
constexpr size_t kTempSize = kSessionKeyAt - kTempAt;

}  // namespace bench
