// SPDX-License-Identifier: Apache-2.0
#include "port/lwip/random.h"

#include "lwip/arch.h"
#include "port/port.h"
#include "port/sockets.h"

namespace lwip_port {
namespace {

constinit SipKey the_key = {};
constinit uint32_t drawn = 0;

struct SipState {
  uint64_t v0, v1, v2, v3;
};

constexpr uint64_t Rotate(uint64_t value, int by) {
  return value << by | value >> (64 - by);
}

void Round(SipState* state) {
  state->v0 += state->v1;
  state->v1 = Rotate(state->v1, 13) ^ state->v0;
  state->v0 = Rotate(state->v0, 32);
  state->v2 += state->v3;
  state->v3 = Rotate(state->v3, 16) ^ state->v2;
  state->v0 += state->v3;
  state->v3 = Rotate(state->v3, 21) ^ state->v0;
  state->v2 += state->v1;
  state->v1 = Rotate(state->v1, 17) ^ state->v2;
  state->v2 = Rotate(state->v2, 32);
}

void Absorb(SipState* state, uint64_t word) {
  state->v3 ^= word;
  Round(state);
  Round(state);
  state->v0 ^= word;
}

}  // namespace

bool SeedRandom() {
  return baresspi_port_random(&the_key, sizeof the_key) != 0;
}

uint64_t SipHash(const SipKey& key, const uint8_t* octets, size_t size) {
  SipState state = {key.low ^ 0x736f6d6570736575, key.high ^ 0x646f72616e646f6d, key.low ^ 0x6c7967656e657261,
                    key.high ^ 0x7465646279746573};
  uint64_t word = 0;
  for (size_t i = 0; i < size; ++i) {
    word |= uint64_t{octets[i]} << 8 * (i % 8);
    if (i % 8 != 7) continue;
    Absorb(&state, word);
    word = 0;
  }
  Absorb(&state, word | uint64_t{size & 0xff} << 56);
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) Round(&state);
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace lwip_port

// Of the port's source. Should it fail later, the key that was taken at the start still makes numbers that
// nobody can guess.
uint32_t baresspi_lwip_random(void) {
  uint32_t value = 0;
  if (baresspi_port_random(&value, sizeof value) != 0) return value;
  const uint32_t count = ++lwip_port::drawn;
  uint8_t octets[5] = {'r'};
  __builtin_memcpy(octets + 1, &count, sizeof count);
  return static_cast<uint32_t>(lwip_port::SipHash(lwip_port::the_key, octets, sizeof octets));
}

// RFC 6528 3: a clock of 4 microseconds, and an offset for each connection that only we know. So a new
// connection of the same ends begins above the old one, and nobody else can tell where.
uint32_t baresspi_lwip_initial_sequence(uint32_t local_address, uint16_t local_port, uint32_t remote_address,
                                        uint16_t remote_port) {
  uint8_t octets[12];
  __builtin_memcpy(octets, &local_address, 4);
  __builtin_memcpy(octets + 4, &remote_address, 4);
  __builtin_memcpy(octets + 8, &local_port, 2);
  __builtin_memcpy(octets + 10, &remote_port, 2);
  const uint64_t offset = lwip_port::SipHash(lwip_port::the_key, octets, sizeof octets);
  return static_cast<uint32_t>(offset) + baresspi_milliseconds() * 250;
}
