// SPDX-License-Identifier: Apache-2.0
// The port of these programs: the same time and the same octets in every run, so that a second run of a login
// has the secrets of the first. The random octets come out of a table, since a generator's own words would
// lie about on the stack that is searched.
#include "port/port.h"

#include "port/posix/posix.h"
#include "port/semihosting/port.h"
#include "tests/secrets/port.h"

namespace {

constexpr uint64_t kTime = 134117966450000000;  // 2026-01-02 03:04:05 UTC
constexpr size_t kRandom = 4096;

struct Octets {
  uint8_t at[kRandom];
};
// "Xorshift RNGs", G. Marsaglia, 2003; shifts 13, 7, 17: no secret, only never alike.
constexpr Octets Make() {
  Octets octets = {};
  uint64_t sequence = 0x9E3779B97F4A7C15;
  for (uint8_t& octet : octets.at) {
    sequence ^= sequence << 13;
    sequence ^= sequence >> 7;
    sequence ^= sequence << 17;
    octet = static_cast<uint8_t>(sequence >> 32);
  }
  return octets;
}
constexpr Octets kOctets = Make();

constinit size_t handed_out = 0;
constinit secrets::OnRandom* on_random = nullptr;
constinit void* task_arena = nullptr;
constinit void* task_token = nullptr;

}  // namespace

namespace secrets {

void StartPortAnew(OnRandom* told, unsigned sequence) {
  handed_out = sequence * size_t{1111};
  on_random = told;
}

}  // namespace secrets

int baresspi_port_clock(uint64_t* filetime) {
  *filetime = kTime;
  return 1;
}

// Beyond the table's end it begins again, each octet another one than before.
int baresspi_port_random(void* out, size_t size) {
  auto* octets = static_cast<volatile uint8_t*>(out);
  for (size_t i = 0; i < size; ++i, ++handed_out)
    octets[i] = static_cast<uint8_t>(kOctets.at[handed_out % kRandom] + handed_out / kRandom * 7);
  if (on_random != nullptr) on_random(out, size);
  return 1;
}

void baresspi_port_lock(void) {}
void baresspi_port_unlock(void) {}
void baresspi_port_tls_lock(void) {}
void baresspi_port_tls_unlock(void) {}

void baresspi_port_set_task_arena(void* arena) {
  task_arena = arena;
}
void* baresspi_port_task_arena(void) {
  return task_arena;
}
void baresspi_port_set_task_token(void* token) {
  task_token = token;
}
void* baresspi_port_task_token(void) {
  return task_token;
}

const BARESSPI_DEVICE* baresspi_port_device(void) {
  return nullptr;
}
void baresspi_port_log(baresspi_event, uint32_t) {}

// What a board's console calls, which belongs to the ports in whose place this one is linked.
void baresspi_semihosting_set_device(const BARESSPI_DEVICE*) {}
void baresspi_posix_set_device(const BARESSPI_DEVICE*) {}
