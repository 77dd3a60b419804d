// SPDX-License-Identifier: Apache-2.0
// Logins into which somebody puts tokens of his own.
#pragma once

#include <initializer_list>

#include "tests/support/two_sides.h"

namespace two_sides {

// A token with one bit turned; bits count from the lowest of the first octet.
Octets Flipped(const Octets& token, size_t bit);
// The first octets of a token.
Octets Truncated(const Octets& token, size_t size);
Octets Joined(std::initializer_list<Octets> parts);
void PutU16(Octets* octets, size_t offset, uint32_t value);
void PutU32(Octets* octets, size_t offset, uint32_t value);
uint16_t GetU16(const Octets& octets, size_t offset);
uint32_t GetU32(const Octets& octets, size_t offset);

// Statuses that an API call may return for a token that it does not like; never SEC_E_INTERNAL_ERROR, never
// one that winerror.h has not.
testing::AssertionResult IsRefusal(SECURITY_STATUS status);

// A client and a server whose credentials are used again and again: an attack costs no more than its
// handshake.
class Attack : public Test {
 public:
  Attack();

  // The server gets this in place of the NEGOTIATE, and, where it goes on, the client answers its CHALLENGE.
  // Returns how the login ends for the server.
  SECURITY_STATUS WithNegotiate(const Octets& negotiate);
  // The client gets this in place of the CHALLENGE; where it goes on, its answer goes to the server.
  SECURITY_STATUS WithChallenge(const Octets& challenge);
  // The server gets this in place of the AUTHENTICATE that belongs to tokens_.
  SECURITY_STATUS WithAuthenticate(const Octets& authenticate);

  // Each attack on a token ends with a refusal, and afterwards all contexts are there.
  using Attempt = SECURITY_STATUS (Attack::*)(const Octets& token);
  void ExpectEveryFlipRefused(const Octets& token, Attempt attempt);
  void ExpectEveryTruncationRefused(const Octets& token, Attempt attempt);

 protected:
  // From one login that went well, over a port as after switching on.
  Tokens tokens_;
  Client client_;
  Server server_;
  // What client and server ask for.
  Call client_call_ = {kSeal, kTarget, nullptr, 1024};
  Call server_call_ = {};

 private:
  void Restart();
};

}  // namespace two_sides
