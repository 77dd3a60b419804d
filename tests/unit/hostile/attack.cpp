// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/hostile/attack.h"

#include "tests/support/scripted_port.h"

namespace two_sides {

Octets Flipped(const Octets& token, size_t bit) {
  Octets flipped = token;
  flipped[bit / 8] = static_cast<uint8_t>(flipped[bit / 8] ^ (1U << bit % 8));
  return flipped;
}

Octets Truncated(const Octets& token, size_t size) {
  return Octets(token.begin(), token.begin() + static_cast<ptrdiff_t>(size));
}

Octets Joined(std::initializer_list<Octets> parts) {
  Octets whole;
  for (const Octets& part : parts) {
    for (uint8_t octet : part) whole.push_back(octet);
  }
  return whole;
}

void PutU16(Octets* octets, size_t offset, uint32_t value) {
  (*octets)[offset] = static_cast<uint8_t>(value);
  (*octets)[offset + 1] = static_cast<uint8_t>(value >> 8);
}

void PutU32(Octets* octets, size_t offset, uint32_t value) {
  PutU16(octets, offset, value);
  PutU16(octets, offset + 2, value >> 16);
}

uint16_t GetU16(const Octets& octets, size_t offset) {
  return static_cast<uint16_t>(octets[offset] | (octets[offset + 1] << 8));
}

uint32_t GetU32(const Octets& octets, size_t offset) {
  return GetU16(octets, offset) | (static_cast<uint32_t>(GetU16(octets, offset + 2)) << 16);
}

testing::AssertionResult IsRefusal(SECURITY_STATUS status) {
  for (SECURITY_STATUS refusal : {SEC_E_INVALID_TOKEN, SEC_E_UNSUPPORTED_FUNCTION, SEC_E_LOGON_DENIED,
                                  SEC_E_MESSAGE_ALTERED, SEC_E_BAD_BINDINGS}) {
    if (status == refusal) return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << StatusText(status) << " is no refusal";
}

Attack::Attack() {
  scripted_port::Reset();
  tokens_ = LogIn(client_, server_, client_call_, server_call_);
}

void Attack::Restart() {
  client_.DeleteContext();
  server_.DeleteContext();
  scripted_port::Reset();
}

SECURITY_STATUS Attack::WithNegotiate(const Octets& negotiate) {
  Restart();
  client_.Step({}, client_call_);
  Result step = server_.Step(negotiate, server_call_);
  if (step.status != SEC_I_CONTINUE_NEEDED) return step.status;
  step = client_.Step(step.token, client_call_);
  return step.status == SEC_E_OK ? server_.Step(step.token, server_call_).status : step.status;
}

SECURITY_STATUS Attack::WithChallenge(const Octets& challenge) {
  Restart();
  const Octets negotiate = client_.Step({}, client_call_).token;
  EXPECT_EQ(server_.Step(negotiate, server_call_).token, tokens_.challenge);
  const Result step = client_.Step(challenge, client_call_);
  return step.status == SEC_E_OK ? server_.Step(step.token, server_call_).status : step.status;
}

SECURITY_STATUS Attack::WithAuthenticate(const Octets& authenticate) {
  Restart();
  EXPECT_EQ(server_.Step(tokens_.negotiate, server_call_).token, tokens_.challenge);
  return server_.Step(authenticate, server_call_).status;
}

void Attack::ExpectEveryFlipRefused(const Octets& token, Attempt attempt) {
  for (size_t bit = 0; bit < token.size() * 8; ++bit) {
    EXPECT_TRUE(IsRefusal((this->*attempt)(Flipped(token, bit))))
        << "bit " << bit % 8 << " of octet " << bit / 8;
  }
  Restart();
  ExpectAllContextsFree();
}

void Attack::ExpectEveryTruncationRefused(const Octets& token, Attempt attempt) {
  for (size_t size = 0; size < token.size(); ++size) {
    EXPECT_TRUE(IsRefusal((this->*attempt)(Truncated(token, size)))) << size << " octets";
  }
  Restart();
  ExpectAllContextsFree();
}

}  // namespace two_sides
