// SPDX-License-Identifier: Apache-2.0
// The port for bare metal under an emulator or a debugger, with one task: random and log are the
// host's, by semihosting, and so is the clock (clock.cpp). Needs no libc. It is for test benches: a product
// copies both files and
// - takes baresspi_port_random from its TRNG (nRF51: RNG; STM32: RNG; RP2350: TRNG), conditioned by a DRBG
//   where the vendor says so, and returns 0 while the TRNG reports an error;
// - takes baresspi_port_clock from its RTC or SNTP client, or returns 0 for ever: NTLM works without a clock;
// - under an RTOS takes the lock and the task token from the RTOS (a mutex; thread-local storage).
#include "port/semihosting/port.h"

#include "port/port.h"
#include "port/semihosting/semihosting.h"

// Where the host has its random octets. The emulated machine has no TRNG of its own, so without this file
// there is no random at all, and no token goes out.
#ifndef BARESSPI_SEMIHOSTING_RANDOM
#define BARESSPI_SEMIHOSTING_RANDOM "/dev/urandom"
#endif

namespace {

constinit const BARESSPI_DEVICE* the_device = nullptr;
constinit void* the_task_token = nullptr;
constinit void* the_task_arena = nullptr;
constinit int random_file = -1;  // stays open for the run

}  // namespace

void baresspi_semihosting_set_device(const BARESSPI_DEVICE* device) {
  the_device = device;
}

const char* baresspi_semihosting_random_source(void) {
  return BARESSPI_SEMIHOSTING_RANDOM
      " of the emulator's host, by semihosting; this machine has no TRNG (a product's goes into "
      "baresspi_port_random)";
}

int baresspi_port_random(void* out, size_t size) {
  constexpr char kPath[] = BARESSPI_SEMIHOSTING_RANDOM;
  if (random_file < 0) random_file = semihosting::OpenForReading(kPath, sizeof kPath - 1);
  if (random_file < 0) return 0;
  return semihosting::Read(random_file, out, size) == size;
}

void baresspi_port_lock(void) {}
void baresspi_port_unlock(void) {}

void baresspi_port_set_task_token(void* token) {
  the_task_token = token;
}
void* baresspi_port_task_token(void) {
  return the_task_token;
}

void baresspi_port_tls_lock(void) {}
void baresspi_port_tls_unlock(void) {}

void baresspi_port_set_task_arena(void* arena) {
  the_task_arena = arena;
}
void* baresspi_port_task_arena(void) {
  return the_task_arena;
}

const BARESSPI_DEVICE* baresspi_port_device(void) {
  return the_device;
}

void baresspi_port_log(baresspi_event event, uint32_t detail) {
  semihosting::WriteText("baresspi: event ");
  semihosting::WriteDecimal(event);
  semihosting::WriteHex(", detail ", detail);
}
